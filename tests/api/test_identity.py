"""match, merge, split and screen: nothing merges by itself, what is decided is signed and can be taken back."""

from __future__ import annotations

import json

import pytest

import finnet
from finnet.errors import InputError, UnknownNameError, UsageError

NOTHING = ",".join(["-0- "] * 7)
LIST = (
    f'101,"KIM, Gasang","individual","DPRK",{NOTHING},"DOB 01 Feb 1960; Passport 654321098 (Korea, North)."\r\n'
    f'102,"INVENTED TRADING CO., LTD.",-0- ,"DPRK",{NOTHING},-0- \r\n'
    f'103,"KIM, Gasang","individual","DPRK",{NOTHING},"DOB 05 May 1985."\r\n'
)
KIM = {"name": ["Kim Ga-sang"], "birthDate": ["1960-02-01"], "passportNumber": ["654321098"]}
PEOPLE = [
    {"id": "p1", "schema": "Person", "properties": KIM},
    {"id": "p2", "schema": "Company", "properties": {"name": ["Invented Trading"]}},
    {"id": "p3", "schema": "Company", "properties": {"name": ["Owned by the Listed Invented GmbH"]}},
    {
        "id": "o1",
        "schema": "Ownership",
        "properties": {"owner": ["ofac-102"], "asset": ["p3"], "percentage": ["60"]},
    },
]


@pytest.fixture
def case(tmp_path):
    (tmp_path / "sdn.csv").write_bytes(LIST.encode())
    (tmp_path / "people.ftm.json").write_text("\n".join(json.dumps(one) for one in PEOPLE))
    finnet.ingest([tmp_path / "sdn.csv"], case=tmp_path / "c.finnet")
    finnet.ingest([tmp_path / "people.ftm.json"], case=tmp_path / "c.finnet")
    with finnet.open_case(tmp_path / "c.finnet") as opened:
        yield opened


def again(case):
    return finnet.open_case(case.path)


def test_match_shows_the_parts_and_merges_nothing(case):
    answer = finnet.match(case)
    told = {(row["left"], row["right"]): row for row in answer.rows}
    # name 0.7, the same passport 0.3, born on the same day 0.2: capped at 1
    assert told["ofac-101", "p1"]["score"] == 1.0
    assert told["ofac-101", "p1"]["agrees"] == ("identifier 654321098 (passportNumber)", "birth date")
    assert told["ofac-102", "p2"]["score"] == 0.7
    assert ("ofac-103", "p1") not in told  # born in another year: 0.7 - 0.3
    assert ("ofac-101", "ofac-103") not in told  # one list's own entries are kept apart
    assert case.canonical == {}


def test_match_within_a_dataset_and_within_a_scope(case):
    pairs = {(row["left"], row["right"]) for row in finnet.match(case, within=True, threshold=0.4).rows}
    assert ("ofac-101", "ofac-103") in pairs
    assert {row["right"] for row in finnet.match(case, scope="id:p2").rows} == {"p2"}


def test_merge_is_signed_counted_as_one_and_taken_back_by_split(case):
    merged = finnet.merge(case, ["ofac-101", "p1"], reason="same passport", by="A. Analyst", on="2019-03-05")
    assert [(row["entity_id"], row["was"], row["is"]) for row in merged.rows] == [
        ("ofac-101", "ofac-101", "ofac-101"),
        ("p1", "p1", "ofac-101"),
    ]
    assert (merged.summary["by"], merged.summary["on"]) == ("A. Analyst", "2019-03-05")
    with again(case) as after:
        assert after.select("id:p1") == ("ofac-101",)
        assert ("ofac-101", "p1") not in {(row["left"], row["right"]) for row in finnet.match(after).rows}
        finnet.split(after, ["ofac-101", "p1"], reason="a slip", by="B. Analyst", on="2019-03-06")
    with again(case) as after:
        assert after.select("id:p1") == ("p1",)
        assert [one["do"] for one in after.decisions] == ["merge", "split"]
        # judged different: it is not proposed again
        answer = finnet.match(after)
        assert ("ofac-101", "p1") not in {(row["left"], row["right"]) for row in answer.rows}
        assert answer.summary["judged different before"] == 1


def test_a_merge_against_a_birth_date_says_so(case):
    answer = finnet.merge(case, ["ofac-103", "p1"], by="A", on="2019-03-05")
    assert "ofac-103 and p1 disagree on: birth date" in answer.notes


def test_two_that_are_one_through_a_third_are_split_by_name(case):
    finnet.merge(case, ["ofac-101", "p1"], by="A", on="2019-03-05")
    with again(case) as after:
        finnet.merge(after, ["p1", "ofac-103"], by="A", on="2019-03-05")
    with (
        again(case) as after,
        pytest.raises(UsageError, match=r"one party through others.*finnet split 'ofac-101' 'p1'"),
    ):
        finnet.split(after, ["ofac-101", "ofac-103"], by="A", on="2019-03-05")


@pytest.mark.parametrize(
    ("entities", "error"),
    [(["ofac-101"], UsageError), (["ofac-101", "ofac-101"], UsageError), (["ofac-101", "nobody"], UnknownNameError)],
)
def test_a_merge_of_fewer_than_two_is_refused(case, entities, error):
    with pytest.raises(error):
        finnet.merge(case, entities, by="A", on="2019-03-05")
    assert not (case.path / "decisions.jsonl").exists()


@pytest.mark.parametrize(("by", "on"), [("", "2019-03-05"), ("A", "2019"), ("A", "05.03.2019")])
def test_a_decision_has_a_name_and_a_day(case, by, on):
    with pytest.raises(UsageError):
        finnet.merge(case, ["ofac-101", "p1"], by=by, on=on)


def test_screen_finds_the_listed_and_what_they_own_and_says_what_it_could_not_read(case, tmp_path):
    (tmp_path / "customers.csv").write_text(
        "full name,date of birth,nationality\n"
        "Kim Gasang,1960-02-01,KP\n"
        "Owned by the Listed Invented,,DE\n"
        "Quite Ordinary,1980-01-01,DE\n"
        "Kim Gasang,1980-02-30,KP\n"
        "=HYPERLINK(1),1980-01-01,DE\n"
    )
    answer = finnet.screen(case, tmp_path / "customers.csv")
    told = [(row["row"], row["candidate"], row["verdict"]) for row in answer.rows]
    assert told[0] == (1, "ofac-101", "listed")
    assert (2, "p3", "blocked") in told
    assert answer.rows[told.index((2, "p3", "blocked"))]["via_rule"]
    # Born in 1985: 0.7 - 0.3 + nothing, below 0.6, and said.
    assert (1, "ofac-103", "listed") not in told
    assert answer.summary["set apart by a disagreement"] >= 1
    assert (answer.summary["records"], answer.summary["screened"], answer.summary["rejected"]) == (5, 4, 1)
    assert answer.outcome == 3
    assert any("NOT SCREENED: record 4" in note for note in answer.notes)


def test_equal_names_are_screened_record_by_record(case, tmp_path):
    (tmp_path / "customers.csv").write_text("full name,date of birth\nKim Gasang,1960-02-01\nKim Gasang,1985-05-05\n")
    answer = finnet.screen(case, tmp_path / "customers.csv")
    assert [(row["row"], row["candidate"]) for row in answer.rows if row["score"] > 0.8] == [
        (1, "ofac-101"),
        (2, "ofac-103"),
    ]


def test_screening_needs_a_list_and_a_table_of_names(case, tmp_path):
    (tmp_path / "payments.csv").write_text("from,to,amount,currency\na,b,1.00,USD\n")
    with pytest.raises(UsageError, match="does not look like a table of names"):
        finnet.screen(case, tmp_path / "payments.csv")
    (tmp_path / "empty.csv").write_text("")
    assert finnet.screen(case, tmp_path / "empty.csv").rows == []
    with pytest.raises(InputError):
        finnet.screen(case, tmp_path / "missing.csv")
    finnet.ingest([tmp_path / "people.ftm.json"], case=tmp_path / "unlisted.finnet")
    with finnet.open_case(tmp_path / "unlisted.finnet") as unlisted, pytest.raises(UsageError, match="nobody"):
        finnet.screen(unlisted, tmp_path / "payments.csv")

"""What analysts state themselves: signed, marked as theirs, counted like a record, taken back without a trace lost."""

from __future__ import annotations

import json

import pytest

import finnet
from finnet.errors import UnknownNameError, UsageError

PEOPLE = [
    {"id": "a", "schema": "Company", "properties": {"name": ["Invented Owner"], "country": ["de"]}},
    {"id": "b", "schema": "Company", "properties": {"name": ["Invented Owned"]}},
    {"id": "c", "schema": "Company", "properties": {"name": ["Invented Third"]}},
    {"id": "o1", "schema": "Ownership", "properties": {"owner": ["b"], "asset": ["c"], "percentage": ["60"]}},
]
SIGNED = {"by": "A. Analyst", "on": "2019-03-05"}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "people.ftm.json").write_text("\n".join(json.dumps(one) for one in PEOPLE))
    finnet.ingest([tmp_path / "people.ftm.json"], case=tmp_path / "c.finnet")
    return tmp_path / "c.finnet"


def done(folder, verb, *words, **options):
    with finnet.open_case(folder) as case:
        return verb(case, *words, **SIGNED, **options)


def edges(folder, recipe="influence"):
    with finnet.open_case(folder) as case:
        network = case.network(recipe)
        return [(network.ids[s], network.ids[t]) for s, t in zip(network.source, network.target, strict=True)]


def test_a_link_of_ones_own_counts_and_is_marked_signed_and_found_again(folder):
    answer = done(
        folder, finnet.link, "Invented Owner", "b", class_="ownership", share="25-50", grade="C3", reason="said so"
    )
    assert [(row["id"], row["what"], row["about"], row["by"]) for row in answer.rows] == [
        ("analyst-1", "link", "a", "A. Analyst")
    ]
    assert edges(folder, "ownership") == [("a", "b"), ("b", "c")]
    with finnet.open_case(folder) as case:
        [stated] = finnet.sql(case, "select * from v1_link where dataset = 'analyst'").rows
        assert (stated["basis"], stated["reliability"], stated["credibility"]) == ("analyst", "C", "3")
        assert (stated["share_min_ppm"], stated["share_max_ppm"]) == (250_000, 500_000)
        [record] = finnet.source(case, "analyst-1").rows
        assert json.loads(record["raw"])["reason"] == "said so"
        assert any(row["dataset"] == "analyst" for row in finnet.show(case, "a").rows)


def test_a_share_of_ones_own_takes_part_in_the_ownership_rule(folder):
    done(folder, finnet.link, "a", "b", class_="ownership", share="50 %")
    with finnet.open_case(folder) as case:
        # a holds half of b, b holds 60 % of c: once a is designated both are blocked
        answer = finnet.blocked(case, designate="id:a")
        assert {row["id"]: row["verdict"] for row in answer.rows} == {"a": "listed", "b": "blocked", "c": "blocked"}


def test_a_party_that_nobody_recorded_is_made_once(folder):
    first = done(folder, finnet.link, "Quite New Invented", "b", create=True, schema="Person")
    again = done(folder, finnet.link, "Quite New Invented", "c", create=True, schema="Person")
    assert first.rows[0]["about"] == again.rows[0]["about"]
    with finnet.open_case(folder) as case:
        [found] = finnet.find(case, "Quite New Invented").rows
        assert (found["schema"], found["dataset"]) == ("Person", "analyst")


def test_what_is_retracted_stays_on_record_and_counts_no_more_until_restored(folder):
    with finnet.open_case(folder) as case:
        [stated] = finnet.sql(case, "select link_id from v1_link").rows
    link_id = stated["link_id"]
    done(folder, finnet.retract, link_id, reason="the register withdrew it")
    assert edges(folder) == []
    with pytest.raises(UsageError, match="already"):
        done(folder, finnet.retract, link_id)
    done(folder, finnet.retract, link_id, restore=True)
    assert edges(folder) == [("b", "c")]
    lines = (folder / "decisions.jsonl").read_text().splitlines()
    assert [json.loads(line)["do"] for line in lines] == ["retract", "restore"]


def test_notes_are_shown_with_author_and_day_until_retracted(folder):
    done(folder, finnet.note, "a", "</script> moved in May\nreally")
    with finnet.open_case(folder) as case:
        [told] = [row for row in finnet.show(case, "a").rows if row["property"] == "note"]
    assert told["value"] == "</script> moved in May\nreally (A. Analyst, 2019-03-05)"
    done(folder, finnet.retract, "analyst-1")
    with finnet.open_case(folder) as case:
        assert [row for row in finnet.show(case, "a").rows if row["property"] == "note"] == []


def test_tags_are_found_by_selectors_and_taken_off(folder):
    done(folder, finnet.tag, "to-check", ["Invented Owner", "c"])
    with finnet.open_case(folder) as case:
        assert case.select("tag:to-check") == ("a", "c")
    done(folder, finnet.tag, "to-check", ["a"], remove=True)
    with finnet.open_case(folder) as case:
        assert case.select("tag:to-check") == ("c",)


@pytest.mark.parametrize(
    ("words", "options", "error", "says"),
    [
        (("a", "nobody"), {}, UnknownNameError, "no entity"),
        (("a", "a"), {}, UsageError, "two parties"),
        (("a", "b"), {"class_": "owns"}, UnknownNameError, "ownership"),
        (("a", "b"), {"class_": "money"}, UsageError, "ingest"),
        (("a", "b"), {"class_": "ownership", "share": "150"}, UsageError, "between 0 and 100"),
        (("a", "b"), {"share": "50 %"}, UsageError, "--class ownership"),
        (("a", "b"), {"start": "05.03.2019"}, UsageError, "2019-03-05"),
        (("a", "b"), {"country": "Atlantis"}, UsageError, "--country"),
        (("a", "b"), {"grade": "G9"}, UsageError, "B2"),
    ],
)
def test_a_link_that_makes_no_sense_is_refused_and_nothing_is_written(folder, words, options, error, says):
    with pytest.raises(error, match=says):
        done(folder, finnet.link, *words, **options)
    assert not (folder / "decisions.jsonl").exists()


def test_no_file_can_pass_for_an_analyst(folder, tmp_path):
    with pytest.raises(UsageError, match="cannot be called analyst"):
        finnet.ingest([tmp_path / "people.ftm.json"], case=folder, dataset="analyst")


@pytest.mark.parametrize("tag", ["two words", "a,b", "a+b", "!a", "", "x" * 61])
def test_a_tag_is_one_word(folder, tag):
    with pytest.raises(UsageError, match="one word"):
        done(folder, finnet.tag, tag, ["a"])


def test_a_page_and_an_export_take_links_of_ones_own(folder, tmp_path):
    done(folder, finnet.link, "a", "b", class_="control", role="<b>runs it</b>")
    with finnet.open_case(folder) as case:
        finnet.view(case, output=tmp_path / "page.html")
        finnet.export(case, "graphml", output=tmp_path / "network.graphml")
    assert "<b>runs it" not in (tmp_path / "page.html").read_text(encoding="utf-8")

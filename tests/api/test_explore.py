"""explore: one party's ties by class and direction, under the date and grade that are asked for."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

import finnet
from finnet.errors import UnknownNameError, UsageError

# b, an invented broker, is held by o, holds c, represents s and is paid by p and q, partly through the bank k.
FTM = [
    {"id": "b", "schema": "Company", "properties": {"name": ["Plainly Invented Brokers"], "jurisdiction": ["my"]}},
    {"id": "b2", "schema": "Company", "properties": {"name": ["Plainly Invented Brokers"], "jurisdiction": ["sg"]}},
    {"id": "c", "schema": "Company", "properties": {"name": ["Nowhere Quay"]}},
    {"id": "o", "schema": "Person", "properties": {"name": ["Nobody Inparticular"]}},
    {"id": "s", "schema": "Company", "properties": {"name": ["Made-up State Firm"], "country": ["kp"]}},
    {"id": "p", "schema": "Company", "properties": {"name": ["Harmless Invented Payer"]}},
    {"id": "q", "schema": "Company", "properties": {"name": ["Another Harmless Payer"]}},
    {"id": "k", "schema": "Company", "properties": {"name": ["Invented Bank"]}},
    {"id": "own-b", "schema": "Ownership", "properties": {"owner": ["o"], "asset": ["b"], "percentage": ["25-50"]}},
    {
        "id": "own-c",
        "schema": "Ownership",
        "properties": {"owner": ["b"], "asset": ["c"], "percentage": ["100"], "startDate": ["2020"]},
    },
    {"id": "rep", "schema": "Representation", "properties": {"agent": ["b"], "client": ["s"], "role": ["agent"]}},
    {"id": "doc", "schema": "Documentation", "properties": {"document": ["p"], "entity": ["b"]}},
    {
        "id": "listed-s",
        "schema": "Sanction",
        "properties": {"entity": ["s"], "authority": ["INVENTED LIST"], "program": ["X"], "startDate": ["2018-02"]},
    },
]
PAYMENTS = """payer,beneficiary,bank,amount,currency,booked
p,b,k,100.00,USD,2019-01-05
p,b,,50.50,USD,2019-06-05
p,b,,7.00,EUR,2019-06-05
q,b,k,900.00,USD,2020-01-05
b,c,,5.00,USD,2020-02-05
"""
MAPPING = """
kind = "payments"
dataset = "money"
ids = "verbatim"
grade = "C3"
[columns]
payer = "payer"
beneficiary = "beneficiary"
intermediary = "bank"
amount = "amount"
currency = "currency"
date = "booked"
[formats]
date = "%Y-%m-%d"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("explore")
    (folder / "register.ftm.json").write_text("".join(json.dumps(entity) + "\n" for entity in FTM))
    (folder / "money.csv").write_text(PAYMENTS)
    (folder / "money.toml").write_text(MAPPING)
    finnet.ingest([folder / "register.ftm.json"], case=folder / "c.finnet", dataset="register", grade="B2")
    finnet.ingest([folder / "money.csv"], mapping=folder / "money.toml", case=folder / "c.finnet")
    return folder


@pytest.fixture
def case(folder):
    with finnet.open_case(folder / "c.finnet") as opened:
        yield opened


def told(answer, *columns):
    return [tuple(row[column] for column in columns) for row in answer.rows]


def test_ties_stand_by_class_and_direction_the_largest_sum_of_each_currency_first(case):
    answer = finnet.explore(case, "b")
    # To b: EUR 7 from p; USD 900 from q, 100 + 50.50 from p. Through k: USD 100 + 900. From b: USD 5 to c.
    assert told(answer, "number", "class", "way", "id", "currency", "amount", "payments") == [
        (1, "ownership", "out", "c", None, None, None),
        (2, "ownership", "in", "o", None, None, None),
        (3, "representation", "out", "s", None, None, None),
        (4, "money", "out", "c", "USD", Decimal("5.0000"), 1),
        (5, "money", "in", "p", "EUR", Decimal("7.0000"), 1),
        (6, "money", "in", "q", "USD", Decimal("900.0000"), 1),
        (7, "money", "in", "p", "USD", Decimal("150.5000"), 2),
        (8, "money", "through", "k", "USD", Decimal("1000.0000"), 2),
    ]
    assert answer.summary["ties"] == 8


def test_each_tie_has_its_share_dates_grade_and_record(case):
    rows = {(row["class"], row["way"], row["currency"]): row for row in finnet.explore(case, "b").rows}
    held, holds = rows["ownership", "in", None], rows["ownership", "out", None]
    assert (held["share_min"], held["share_max"], held["grade"]) == (0.25, 0.5, "B2")
    assert (held["item"], held["dataset"], held["record"]) == ("own-b", "register", 9)
    assert (holds["first"], holds["last"]) == ("2020", None)
    paid = [row for row in finnet.explore(case, "b").rows if row["id"] == "p" and row["currency"] == "USD"]
    assert [(row["first"], row["last"], row["grade"], row["record"], row["records"]) for row in paid] == [
        ("2019-01-05", "2019-06-05", "C3", 1, 2)
    ]


def test_a_bank_sees_for_whom_it_passes_money_on_and_to_whom(case):
    assert told(finnet.explore(case, "k"), "way", "id", "amount") == [
        ("passed from", "q", Decimal("900.0000")),
        ("passed from", "p", Decimal("100.0000")),
        ("passed to", "b", Decimal("1000.0000")),
    ]


def test_as_of_leaves_out_what_came_later_and_says_how_much(case):
    answer = finnet.explore(case, "b", as_of="2019")
    assert [row["id"] for row in answer.rows] == ["o", "s", "p", "p", "k"]
    assert "1 link left out: not as of 2019" in answer.notes  # own-c begins in 2020
    assert "2 payments left out: not as of 2019" in answer.notes  # q's and the one to c


def test_listed_is_who_was_listed_on_that_date(case):
    def listed(as_of):
        return [row["listed"] for row in finnet.explore(case, "b", as_of=as_of).rows if row["id"] == "s"]

    assert listed(None) == [["INVENTED LIST"]]
    assert listed("2018") == [["INVENTED LIST"]]  # 2018-02 lies in 2018
    assert listed("2018-01") == [[]]
    assert finnet.explore(case, "s").summary["listed"] == {"INVENTED LIST": ["X"]}


def test_min_grade_leaves_out_what_is_graded_below(case):
    answer = finnet.explore(case, "b", min_grade="B2")
    assert {row["class"] for row in answer.rows} == {"ownership", "representation"}
    assert "5 payments left out: graded below B2" in answer.notes


def test_a_document_that_names_both_counts_only_when_asked_for(case):
    assert "1 link left out: of class co_mention" in finnet.explore(case, "b").notes
    asked = finnet.explore(case, "b", edges="co_mention")
    assert told(asked, "group", "id") == [("co_mention: is named beside", "p")]
    assert "5 payments left out: of class money" in asked.notes


def test_the_same_name_is_a_possible_match_and_no_more(case):
    answer = finnet.explore(case, "b")
    assert answer.summary["same_name"] == ["b2"]
    assert "the same name is recorded for b2: a possible match, not decided" in answer.notes


def test_a_cut_is_told_with_the_number_of_all(case):
    answer = finnet.explore(case, "b", limit=3)
    assert (len(answer.rows), answer.truncated, answer.total) == (3, True, 8)
    assert answer.summary["groups"]["money: is paid by"] == 3  # counted in full all the same


def test_a_party_without_ties_has_no_rows(case):
    answer = finnet.explore(case, "b2")
    assert (answer.rows, answer.summary["ties"], answer.truncated) == ([], 0, False)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"as_of": "yesterday"}, UsageError),
        ({"min_grade": "G9"}, UsageError),
        ({"edges": "onwership"}, UnknownNameError),
    ],
)
def test_choices_that_are_none_are_usage_errors(case, options, error):
    with pytest.raises(error):
        finnet.explore(case, "b", **options)
    with pytest.raises(UnknownNameError):
        finnet.explore(case, "Nobody Whosoever")


def test_a_retracted_link_is_gone_and_a_link_of_ones_own_is_marked_as_such(folder, tmp_path):
    import shutil

    shutil.copytree(folder / "c.finnet", tmp_path / "c.finnet")
    with finnet.open_case(tmp_path / "c.finnet") as case:
        finnet.retract(case, "rep", by="A. Analyst", on="2020-01-01")
        finnet.link(case, "b", "q", class_="control", grade="D4", by="A. Analyst", on="2020-01-01")
    with finnet.open_case(tmp_path / "c.finnet") as case:
        links = [row for row in finnet.explore(case, "b").rows if row["class"] != "money"]
    assert [(row["class"], row["id"], row["basis"], row["grade"]) for row in links] == [
        ("ownership", "c", "stated", "B2"),
        ("ownership", "o", "stated", "B2"),
        ("control", "q", "analyst", "D4"),
    ]


def test_links_carry_their_sums_exactly(tmp_path):
    """A debt is a link with an amount; as a binary fraction 0.1 would not be 0.1."""
    path = tmp_path / "debt.ftm.json"
    debt = {"debtor": ["x"], "creditor": ["y"], "amount": ["123456789012.1"], "currency": ["EUR"]}
    rows = [
        {"id": "x", "schema": "Company", "properties": {"name": ["Invented Debtor"]}},
        {"id": "y", "schema": "Company", "properties": {"name": ["Invented Creditor"]}},
        {"id": "d", "schema": "Debt", "properties": debt},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    finnet.ingest([path], case=tmp_path / "c.finnet")
    with finnet.open_case(tmp_path / "c.finnet") as case:
        (row,) = finnet.explore(case, "x").rows
    assert (row["amount"], row["currency"], row["payments"]) == (Decimal("123456789012.1"), "EUR", None)


def test_sums_agree_with_adding_up_every_payment(tmp_path):
    """The sample's bank and a broker, against all 20,000 payments one by one."""
    finnet.ingest(["sample:cold_harbour"], case=tmp_path / "c.finnet")
    with finnet.open_case(tmp_path / "c.finnet") as case:
        payments = case.rows(
            "select payer_id, beneficiary_id, intermediary_id, currency, amount, count from v1_payment"
        )
        for label in ("ch-broker-a", "ch-bank-1"):
            expected: dict[tuple[str, str, str], tuple[Decimal, int]] = {}
            for one in payments:
                payer, payee, bank = one["payer_id"], one["beneficiary_id"], one["intermediary_id"]
                ends = [("out", payee)] if payer == label else [("in", payer)] if payee == label else []
                if bank not in (None, label) and ends:
                    ends.append(("through", bank))
                if bank == label and label not in (payer, payee):
                    ends += [("passed from", payer), ("passed to", payee)]
                for way, other in ends:
                    total, number = expected.get((way, other, one["currency"]), (Decimal(0), 0))
                    expected[way, other, one["currency"]] = (total + one["amount"], number + one["count"])
            rows = [row for row in finnet.explore(case, label, limit=None).rows if row["class"] == "money"]
            told = {(row["way"], row["id"], row["currency"]): (row["amount"], row["payments"]) for row in rows}
            assert told == expected
            assert len(rows) == len(told) > 50

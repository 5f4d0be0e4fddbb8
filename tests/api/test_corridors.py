"""Corridors: each payment once, exact, apart by currency; ICIJ's total to the cent where their file is there."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from finnet import api
from finnet.errors import UsageError
from finnet.query import run

_ROWS = """payer,payer_country,middle,middle_country,beneficiary,beneficiary_country,amount,currency,date
a,DE,m,US,b,NL,30.00,USD,2019-01-05
a,DE,,,c,BM,10.00,USD,2019-02-05
f,FR,,,b,NL,10.00,USD,2020-01-05
f,FR,m,US,c,BM,50.00,USD,2020
f,FR,,,c,BM,0.01,EUR,2020-03-05
x,,,,b,NL,7.00,EUR,
"""
_MAPPING = """kind = "payments"
dataset = "invented"
[columns]
payer = "payer"
payer_country = "payer_country"
intermediary = "middle"
intermediary_country = "middle_country"
beneficiary = "beneficiary"
beneficiary_country = "beneficiary_country"
amount = "amount"
currency = "currency"
date = "date"
[formats]
date = "iso"
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> api.Case:
    folder = tmp_path_factory.mktemp("corridors")
    (folder / "p.csv").write_text(_ROWS, encoding="utf-8")
    (folder / "m.toml").write_text(_MAPPING, encoding="utf-8")
    api.ingest([folder / "p.csv"], case=folder / "c.finnet", mapping=folder / "m.toml")
    return api.open_case(folder / "c.finnet")


def _pairs(answer: api.Answer) -> list[tuple[object, ...]]:
    return [(row["origin"], row["destination"], row["currency"], row["amount"]) for row in answer.rows]


def test_amounts_stand_apart_by_currency_and_add_up(case: api.Case) -> None:
    answer = api.corridors(case)
    assert _pairs(answer) == [
        ("unknown", "nl", "EUR", Decimal("7.00")),
        ("fr", "bm", "EUR", Decimal("0.01")),
        ("fr", "bm", "USD", Decimal("50.00")),
        ("de", "nl", "USD", Decimal("30.00")),
        ("de", "bm", "USD", Decimal("10.00")),
        ("fr", "nl", "USD", Decimal("10.00")),
    ]
    assert answer.summary["totals"]["USD"] == {"amount": Decimal("100.00"), "payments": 4, "records": 4}


def test_lift_is_what_was_paid_over_what_the_sizes_give(case: api.Case) -> None:
    # In US dollars DE sends 40, FR 60; NL receives 40, BM 60; all 100.
    lifts = {(r["origin"], r["destination"]): r["lift"] for r in api.corridors(case, currency="USD").rows}
    assert lifts == pytest.approx(
        {("de", "nl"): 3000 / 1600, ("de", "bm"): 1000 / 2400, ("fr", "nl"): 1000 / 2400, ("fr", "bm"): 5000 / 3600}
    )


def test_through_splits_by_the_intermediary_and_still_adds_up(case: api.Case) -> None:
    answer = api.corridors(case, through=True, currency="USD")
    assert sorted((r["origin"], r["through"] or "", r["destination"]) for r in answer.rows) == [
        ("de", "", "bm"), ("de", "us", "nl"), ("fr", "", "nl"), ("fr", "us", "bm"),
    ]  # fmt: skip
    assert sum(row["amount"] for row in answer.rows) == Decimal("100.00")


def test_by_month_what_is_dated_to_a_year_has_no_period(case: api.Case) -> None:
    answer = api.corridors(case, by="month", currency="USD")
    assert [row["period"] for row in answer.rows] == ["2019-01", "2019-02", "2020-01", None]
    assert any("not dated to a month" in note for note in answer.notes)
    # Alone in its month, a corridor is all there is to expect.
    assert {row["lift"] for row in answer.rows} == {1.0}


def test_an_unknown_period_is_refused(case: api.Case) -> None:
    with pytest.raises(UsageError, match="month or year"):
        api.corridors(case, by="week")


def test_the_fincen_files_add_up_to_the_cent(shared_data: Path, tmp_path: Path) -> None:
    file = shared_data / "fincen" / "download_transactions_map.csv"
    api.ingest([file], case=tmp_path / "f.finnet", mapping="fincen")
    case = api.open_case(tmp_path / "f.finnet")
    whole = api.corridors(case)
    assert whole.summary["totals"]["USD"]["amount"] == Decimal("35682247985.01")
    assert sum(row["amount"] for row in whole.rows) == Decimal("35682247985.01")
    assert sum(row["amount"] for row in api.corridors(case, through=True, by="year").rows) == Decimal("35682247985.01")
    # The same from the file alone, row by row; where a bank is, the case says.
    country = {
        row["canonical_id"]: row["country"] for row in case.rows("select canonical_id, country from v1_party", {})
    }
    added: dict[tuple[str, str], Decimal] = {}
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            ends = (row["originator_bank_id"], row["beneficiary_bank_id"])
            pair = tuple(country[f"fincen-{end}"] or "unknown" for end in ends)
            added[pair] = added.get(pair, Decimal(0)) + Decimal(row["amount_transactions"])
    assert {(row["origin"], row["destination"]): row["amount"] for row in whole.rows} == added


def test_the_saved_query_answers_as_it_did(shared_data: Path, tmp_path: Path) -> None:
    file = shared_data / "fincen" / "download_transactions_map.csv"
    answer = run(["fincen_corridors"], inputs=[f"transactions={file}"], into=tmp_path / "runs")
    assert answer.outcome == 0, answer.notes

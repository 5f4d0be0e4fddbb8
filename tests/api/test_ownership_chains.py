"""Sink and conduit scores of countries along chains of holdings, by the command's verb."""

from __future__ import annotations

from pathlib import Path

import pytest

from finnet import api
from finnet.errors import UsageError

# Two German firms and a French one belong to Dutch holdings, those to Bermudan ones; another German firm to a French.
_HOLDINGS = """owner,owner_country,owned,owned_country,share
nl-1,nl,de-1,de,100%
bm-1,bm,nl-1,nl,100%
nl-2,nl,fr-1,fr,100%
bm-2,bm,nl-2,nl,100%
fr-2,fr,de-2,de,100%
"""
_MAPPING = """kind = "links"
dataset = "register"
ids = "verbatim"
[columns]
source = "owner"
source_country = "owner_country"
target = "owned"
target_country = "owned_country"
share = "share"
[defaults]
class = "ownership"
"""
_REVENUE = "id,revenue\nde-1,100\nfr-1,50\nde-2,30\n"
_GDP = "country,size\nde,40\nfr,30\nnl,9\nbm,1\n"


def _case(folder: Path, holdings: str = _HOLDINGS) -> api.Case:
    (folder / "h.csv").write_text(holdings, encoding="utf-8")
    (folder / "m.toml").write_text(_MAPPING, encoding="utf-8")
    (folder / "gdp.csv").write_text(_GDP, encoding="utf-8")
    (folder / "revenue.csv").write_text(_REVENUE, encoding="utf-8")
    api.ingest([folder / "h.csv"], case=folder / "c.finnet", mapping=folder / "m.toml")
    return api.open_case(folder / "c.finnet")


def test_the_worked_example_of_chains_over_four_countries(tmp_path: Path) -> None:
    case = _case(tmp_path)
    answer = api.jurisdictions(case, graph="ownership", size=tmp_path / "gdp.csv", revenue=tmp_path / "revenue.csv")
    rows = {row["country"]: row for row in answer.rows}
    # Chains 100: DE→NL→BM, 50: FR→NL→BM, 30: DE→FR. Pairs: 100 + 100 + 50 + 50 + 30 = 330.
    # BM 150 / 330 · 80 / 1; NL 0; DE -130 / 330 · 80 / 40; FR (30 - 50) / 330 · 80 / 30.
    assert {code: row["sink"] for code, row in rows.items()} == pytest.approx(
        {"bm": 150 / 330 * 80, "nl": 0.0, "de": -130 / 330 * 2, "fr": -20 / 330 * 80 / 30}
    )
    # Triples: 150, all through NL into BM, the only country above 10: 1 · 80 / 9.
    assert {code: row["conduit"] for code, row in rows.items()} == pytest.approx(
        {"bm": 0.0, "nl": 80 / 9, "de": 0.0, "fr": 0.0}
    )
    assert all(row["conduit_in"] == 0.0 for row in answer.rows)
    assert {code: row["holders"] for code, row in rows.items()} == {"bm": 2, "nl": 2, "fr": 1, "de": 0}
    assert answer.summary["sink_above"] == 10.0
    assert any("5 parties are not in revenue.csv" in note for note in answer.notes)


def test_without_revenues_every_company_is_worth_one(tmp_path: Path) -> None:
    case = _case(tmp_path)
    rows = {row["country"]: row for row in api.jurisdictions(case, graph="ownership").rows}
    # From de-1: DE→NL, NL→BM; from nl-1: NL→BM; the same from fr-1 and nl-2; from de-2: DE→FR. Pairs: 7.
    assert rows["bm"]["sink"] == pytest.approx(4 / 7)
    assert rows["nl"]["sink"] == pytest.approx((2 - 4) / 7)
    assert rows["nl"]["conduit"] == 1.0


def test_holdings_without_a_share_end_a_chain_and_are_counted(tmp_path: Path) -> None:
    case = _case(tmp_path, _HOLDINGS.replace("bm-2,bm,nl-2,nl,100%", "bm-2,bm,nl-2,nl,"))
    answer = api.jurisdictions(case, graph="ownership", revenue=tmp_path / "revenue.csv")
    # 100: DE→NL→BM, 50: FR→NL, 30: DE→FR. Pairs: 280; BM 100, NL 150 - 100.
    rows = {row["country"]: row for row in answer.rows}
    assert (rows["bm"]["sink"], rows["nl"]["sink"]) == pytest.approx((100 / 280, 50 / 280))
    assert any("1 holdings state no share" in note for note in answer.notes)


def test_payments_and_ties_keep_the_scores_of_one_border(tmp_path: Path) -> None:
    case = _case(tmp_path)
    answer = api.jurisdictions(case)  # everything: not holdings alone
    assert all(row["conduit_in"] is None and row["holders"] is None for row in answer.rows)
    with pytest.raises(UsageError, match="--revenue values the companies of a graph of holdings"):
        api.jurisdictions(case, revenue=tmp_path / "revenue.csv")


@pytest.mark.parametrize("line", ["de-1", "de-1,x", "de-1,-5", ",5", "de-1,NaN", "de-1,1e5"])
def test_a_line_that_is_no_revenue_is_named(tmp_path: Path, line: str) -> None:
    case = _case(tmp_path)
    (tmp_path / "revenue.csv").write_text(f"id,revenue\n{line}\n")
    with pytest.raises(UsageError, match=r"revenue\.csv line 2"):
        api.jurisdictions(case, graph="ownership", revenue=tmp_path / "revenue.csv")

"""Amounts in several currencies: one row per party and currency, never a sum; where one figure is needed, a refusal."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finnet import api
from finnet.api._currencies import fair_parts
from finnet.errors import UsageError

_ROWS = """payer,beneficiary,amount,currency,from,to
a,b,100.00,USD,de,fr
a,b,50.00,EUR,de,fr
b,c,80.00,USD,fr,ky
c,a,7,JPY,ky,de
b,d,40.00,EUR,fr,us
x,x,1.250,KWD,de,de
"""
_MAPPING = """kind = "payments"
dataset = "invented"
ids = "verbatim"
[columns]
payer = "payer"
payer_country = "from"
beneficiary = "beneficiary"
beneficiary_country = "to"
amount = "amount"
currency = "currency"
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> api.Case:
    folder = tmp_path_factory.mktemp("currencies")
    (folder / "p.csv").write_text(_ROWS, encoding="utf-8")
    (folder / "m.toml").write_text(_MAPPING, encoding="utf-8")
    api.ingest([folder / "p.csv"], case=folder / "c.finnet", mapping=folder / "m.toml")
    return api.open_case(folder / "c.finnet")


def test_what_a_party_received_is_one_row_per_currency(case: api.Case) -> None:
    answer = api.rank(case, by="in_strength")
    assert [(row["currency"], row["rank"], row["id"], row["score"]) for row in answer.rows] == [
        ("EUR", 1, "b", Decimal("50.00")),
        ("EUR", 2, "d", Decimal("40.00")),
        ("EUR", 3, "a", Decimal("0.00")),
        ("JPY", 1, "a", Decimal(7)),
        ("JPY", 2, "c", Decimal(0)),
        ("KWD", 1, "x", Decimal("1.250")),
        ("USD", 1, "b", Decimal("100.00")),
        ("USD", 2, "c", Decimal("80.00")),
        ("USD", 3, "a", Decimal("0.00")),
    ]
    assert answer.summary["weights"] == "EUR, JPY, KWD, USD"
    assert answer.summary["currencies"]["USD"] == {"vertices": 3, "edges": 2}
    assert any("EUR, JPY, KWD, USD stand apart and are never added" in note for note in answer.notes)


@pytest.mark.parametrize("metric", ["in_strength", "out_strength", "strength", "pass_through"])
def test_each_currency_ranks_as_it_does_by_itself(case: api.Case, metric: str) -> None:
    together = api.rank(case, by=metric).rows
    for code in ("EUR", "JPY", "KWD", "USD"):
        assert [row for row in together if row["currency"] == code] == api.rank(case, by=metric, currency=code).rows


def test_a_cut_takes_as_many_of_each_currency(case: api.Case) -> None:
    answer = api.rank(case, by="in_strength", limit=6)
    assert [(row["currency"], row["rank"]) for row in answer.rows] == [
        ("EUR", 1), ("EUR", 2), ("JPY", 1), ("JPY", 2), ("KWD", 1), ("USD", 1),
    ]  # fmt: skip
    assert (answer.truncated, answer.total) == (True, 9)


def test_a_scope_leaves_out_currencies_in_which_nobody_of_it_pays(case: api.Case) -> None:
    answer = api.rank(case, by="strength", scope="d")
    assert {(row["currency"], row["id"]) for row in answer.rows} == {("EUR", "b"), ("EUR", "d")}


@pytest.mark.parametrize("metric", ["degree", "kcore", "brokerage", "harmonic"])
def test_what_looks_at_ties_alone_takes_all_currencies_side_by_side(case: api.Case, metric: str) -> None:
    assert {row["id"] for row in api.rank(case, by=metric).rows} == {"a", "b", "c", "d", "x"}


def test_the_degree_counts_parties_not_currencies(case: api.Case) -> None:
    # b: a, c and d; a: b and c; c: b and a; d: b; x pays itself.
    rows = api.rank(case, by="degree").rows
    assert [(row["id"], row["score"]) for row in rows] == [("b", 3), ("a", 2), ("c", 2), ("d", 1), ("x", 0)]


@pytest.mark.parametrize("metric", ["pagerank", "betweenness", "eigenvector", "hits"])
def test_what_would_weigh_one_currency_against_another_is_refused(case: api.Case, metric: str) -> None:
    with pytest.raises(UsageError, match=r"4 currencies .*EUR \(2 payments\), JPY \(1 payment\)") as refused:
        api.rank(case, by=metric)
    assert (refused.value.code, refused.value.exit_code) == ("E2001", 2)
    assert refused.value.hint is not None
    assert "--currency EUR" in refused.value.hint
    assert "--rates FILE" in refused.value.hint


@pytest.mark.parametrize("verb", ["groups", "view"])
def test_one_picture_and_one_partition_need_one_unit(case: api.Case, verb: str, tmp_path: Path) -> None:
    options = {"output": tmp_path / "x.html"} if verb == "view" else {}
    with pytest.raises(UsageError, match="4 currencies"):
        getattr(api, verb)(case, **options)


def test_choke_by_flow_is_one_optimisation_in_one_unit(case: api.Case) -> None:
    with pytest.raises(UsageError, match="4 currencies"):
        api.choke(case, from_="id:a", to="id:c")


def test_a_country_has_one_row_per_currency(case: api.Case) -> None:
    rows = api.jurisdictions(case, graph="payments").rows
    assert [(row["country"], row["currency"], row["in"], row["out"], row["through"]) for row in rows] == [
        ("fr", "EUR", Decimal("50.00"), Decimal("40.00"), Decimal("40.00")),
        ("de", "EUR", Decimal("0.00"), Decimal("50.00"), Decimal("0.00")),
        ("us", "EUR", Decimal("40.00"), Decimal("0.00"), Decimal("0.00")),
        ("de", "JPY", Decimal(7), Decimal(0), Decimal(0)),
        ("ky", "JPY", Decimal(0), Decimal(7), Decimal(0)),
        ("de", "KWD", Decimal("0.000"), Decimal("0.000"), Decimal("0.000")),
        ("fr", "USD", Decimal("100.00"), Decimal("80.00"), Decimal("80.00")),
        ("de", "USD", Decimal("0.00"), Decimal("100.00"), Decimal("0.00")),
        ("ky", "USD", Decimal("80.00"), Decimal("0.00"), Decimal("0.00")),
    ]
    # (50 - 40) / 90 in euros, (100 - 80) / 180 in dollars
    assert [row["sink"] for row in rows if row["country"] == "fr"] == pytest.approx([10 / 90, 20 / 180])


def test_a_cut_of_corridors_leaves_no_currency_out(case: api.Case) -> None:
    answer = api.corridors(case, limit=4)
    assert [row["currency"] for row in answer.rows] == ["EUR", "JPY", "KWD", "USD"]
    assert (answer.truncated, answer.total) == (True, 6)


def test_what_enforcement_takes_away_needs_one_unit(case: api.Case) -> None:
    with pytest.raises(UsageError, match="4 currencies"):
        api.jurisdictions(case, from_="id:a", to="id:c")


def test_ways_and_shape_count_ties_in_any_currency(case: api.Case) -> None:
    assert api.path(case, "d", "c", graph="payments").summary["length"] == 2
    assert api.around(case, "a", graph="payments").summary["parties"] == 3
    assert len(api.shape(case, graph="payments", draws=5).rows) == 3


def test_payments_around_a_party_stand_apart_with_the_decimals_of_their_currency(case: api.Case) -> None:
    roles = [row["role"] for row in api.around(case, "a").rows]
    assert roles == ["100.00 USD in 1 payment", "50.00 EUR in 1 payment", "7 JPY in 1 payment"]
    assert [row["role"] for row in api.around(case, "x").rows] == ["1.250 KWD in 1 payment"]


def test_one_currency_is_one_ranking_with_the_currency_beside_each_amount(case: api.Case) -> None:
    answer = api.rank(case, by="strength", currency="JPY")
    assert {row["currency"] for row in answer.rows} == {"JPY"}
    assert answer.summary["unit"] == "JPY"


@given(st.lists(st.integers(0, 30), min_size=1, max_size=6), st.integers(0, 60))
def test_a_fair_cut_keeps_the_limit_and_no_table_gets_less_for_another_to_get_more(
    sizes: list[int], limit: int
) -> None:
    parts = fair_parts(sizes, limit)
    assert sum(parts) == min(limit, sum(sizes))
    assert all(0 <= part <= size for part, size in zip(parts, sizes, strict=True))
    cut = [part for part, size in zip(parts, sizes, strict=True) if part < size]
    assert not cut or max(parts) - min(cut) <= 1

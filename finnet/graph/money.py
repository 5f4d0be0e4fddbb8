"""Edges of money: amounts between the same two parties added up exactly, in one currency or by dated rates."""

# ruff: noqa: S608 -- SQL is put together from column names and integers of our own; values are always bound.

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from finnet.errors import FinnetError, UsageError, quoted
from finnet.graph.edge_list import EdgeList, integers, loose_ties, numbered, texts, vertex_ids
from finnet.graph.network import IntArray
from finnet.graph.rates import RateTable
from finnet.graph.selection import Queries, Selection
from finnet.model.currency import minor_digits

__all__ = ["money_edges"]

# Stored amounts have four decimals (store/tables.py).
_STORED_DIGITS = 4
_LARGEST_TOTAL = 2.0**62


def money_edges(case: Queries, ties: Selection, *, currency: str | None, rates: RateTable | None) -> EdgeList:
    """One edge per source, target and currency; ``count``, ``first`` and ``last`` date beside the amount.

    Raises: UsageError (E2001), FinnetError (E2002) as ``build`` says; FinnetError (E2000) if a sum leaves 64 bits.
    """
    counted_as, values = (
        ("select *, amount as counted from tie", {}) if rates is None else _converted(case, ties, rates)
    )
    columns = ties.arrays(case, numbered(_edge(ties, counted_as), "currency"), values)
    code = texts(columns["currency"])
    currencies = sorted(set(code.tolist()))
    if len(currencies) > 1 and rates is None:
        counted = ", ".join(f"{quoted(name)[1:-1]} ({count:,} payments)" for name, count in _payments(case, ties))
        raise UsageError(
            f"amounts in {len(currencies)} currencies and neither one of them chosen nor a rate table: {counted}",
            code="E2001",
            hint="say --currency C or --rates FILE",
        )
    if not currencies and currency is not None:
        raise UsageError(f"no amounts in {quoted(currency)}", hint="`finnet info` lists the currencies")
    unit = rates.base if rates is not None else currencies[0] if currencies else "currency"
    minor, digits = _minor(columns["whole"], columns["rest"], unit)
    notes = []
    if loose := loose_ties(case, ties):
        notes.append(f"{loose:,} amounts have one end only on record and are in no edge")
    if rates is not None and currencies:
        notes.append(f"amounts in {', '.join(currencies)} are counted in {unit} by {rates.name}")
    kept = np.flatnonzero(minor > 0)
    if len(kept) < len(minor):
        notes.append(f"{len(minor) - len(kept):,} edges net to nothing or less after reversals and are left out")
    return EdgeList(
        ids=vertex_ids(case, ties),
        source=integers(columns["s"])[kept],
        target=integers(columns["t"])[kept],
        weight=minor[kept] / 10.0**digits,
        unit=unit,
        minor=minor[kept],
        scale=10**digits,
        edges={
            "currency": code[kept],
            "count": integers(columns["count"])[kept],
            "first": texts(columns["first"])[kept],
            "last": texts(columns["last"])[kept],
        },
        notes=tuple(notes),
    )


def _payments(case: Queries, ties: Selection) -> list[tuple[str, int]]:
    one = "distinct payment_id" if "payment_id" in ties.columns else "*"
    sql = f"select currency, count({one}) as payments from tie group by currency order by currency"
    return [(row["currency"], row["payments"]) for row in ties.rows(case, sql)]


def _edge(ties: Selection, counted_as: str) -> str:
    """Sums leave the engine as whole units and ten-thousandths: 64 bits hold either, not always both together."""
    has = ties.columns.__contains__
    last = "coalesce(booked_until, booked_on)" if has("booked_until") else "booked_on"
    dated = f"min(booked_on) as first, max({last}) as last" if has("booked_on") else "null as first, null as last"
    count = 'sum("count")' if has("count") else "count(*)"
    return f"""
added as (
    select source, target, currency, sum(counted) as total, cast({count} as bigint) as "count", {dated}
    from ({counted_as})
    where source is not null and target is not null
    group by source, target, currency
),
edge as materialized (
    select * exclude (total), try_cast(trunc(total) as bigint) as whole,
        cast((total - trunc(total)) * 10000 as bigint) as rest
    from added
)
"""


def _minor(whole: NDArray[Any], rest: NDArray[Any], unit: str) -> tuple[IntArray, int]:
    """Sums in minor units, and how many decimals those have: ISO 4217's, or more where the sums need them."""
    if len(whole) == 0:
        return np.empty(0, np.int64), minor_digits(unit)
    parts = integers(rest)
    needed = next(digits for digits in (0, 2, 3, 4) if not np.mod(parts, 10 ** (_STORED_DIGITS - digits)).any())
    digits = max(minor_digits(unit), needed)
    # A sum that left 64 bits comes back as null.
    too_large = whole.dtype == object or np.ma.is_masked(whole)
    if too_large or np.abs(whole.astype(np.float64)).sum() * 10.0**digits >= _LARGEST_TOTAL:
        raise FinnetError(f"the amounts in {unit} add up to more than can be counted exactly", code="E2000")
    return integers(whole) * 10**digits + parts // 10 ** (_STORED_DIGITS - digits), digits


def _converted(case: Queries, ties: Selection, rates: RateTable) -> tuple[str, dict[str, Any]]:
    """SQL, and the values bound in it: the ties with ``counted``, in the base, each rounded half to even.

    The rate of each currency and day is looked up here, in Decimal; the engine multiplies integers of 128 bits.
    """
    day = "booked_on" if "booked_on" in ties.columns else "cast(null as varchar)"
    asked = ties.rows(case, f"select distinct currency, {day} as day from tie order by currency, day")
    values = [rates.rate(row["currency"], row["day"]) for row in asked]
    places = max([0, *(-int(value.as_tuple().exponent) for value in values)])
    bound = {
        "rate_currency": [row["currency"] for row in asked],
        "rate_day": [row["day"] for row in asked],
        "rate_factor": [str(int(value.scaleb(places))) for value in values],
    }
    digits = minor_digits(rates.base)
    whole = 10 ** (_STORED_DIGITS + places - digits)
    sql = f"""
select * exclude (s, product),
    s * (product // {whole} + case
        when 2 * (product % {whole}) > {whole} then 1
        when 2 * (product % {whole}) = {whole} then (product // {whole}) % 2
        else 0 end)::decimal(38, 0) * cast({10.0**-digits:.{digits}f} as decimal({digits + 1}, {digits})) as counted
from (
    select tie.*, sign(amount) as s,
        abs(cast(cast(amount as decimal(38, 4)) * 10000 as hugeint)) * factor as product
    from tie join (
        select unnest($rate_currency::varchar[]) as code, unnest($rate_day::varchar[]) as day,
            unnest($rate_factor::hugeint[]) as factor
    ) as rate on tie.currency = rate.code and {day} is not distinct from rate.day
)"""
    return sql, bound

"""Edges of money: amounts between the same two parties added up exactly, in one currency or by dated rates."""

# ruff: noqa: S608 -- SQL is put together from column names and integers of our own; values are always bound.

from __future__ import annotations

from typing import Any

import numpy as np

from finnet.errors import FinnetError, UsageError, quoted
from finnet.graph.edge_list import EdgeList, integers, numbered, texts, vertex_ids
from finnet.graph.rates import RateTable
from finnet.graph.selection import Queries, Selection
from finnet.model.currency import minor_digits

__all__ = ["money_edges"]

# Stored amounts have four decimals (store/tables.py): in ten-thousandths they are integers of 64 bits.
_STORED = "cast(cast(amount as decimal(38, 4)) * 10000 as bigint)"
_STORED_DIGITS = 4
_LARGEST_TOTAL = 2.0**62


def money_edges(case: Queries, ties: Selection, *, currency: str | None, rates: RateTable | None) -> EdgeList:
    """One edge per source, target and currency; ``count``, ``first`` and ``last`` date beside the amount.

    Raises: UsageError (E2001), FinnetError (E2002) as ``build`` says; FinnetError (E2000) if a sum leaves 64 bits.
    """
    found = _currencies(case, ties)
    if len(found) > 1 and rates is None:
        counted = ", ".join(f"{quoted(code)[1:-1]} ({count:,} payments)" for code, count in _payments(case, ties))
        raise UsageError(
            f"amounts in {len(found)} currencies and neither one of them chosen nor a rate table: {counted}",
            code="E2001",
            hint="say --currency C or --rates FILE",
        )
    if not found and currency is not None:
        raise UsageError(f"no amounts in {quoted(currency)}", hint="`finnet info` lists the currencies")
    notes = []
    loose = sum(row["loose"] for row in found)
    if loose:
        notes.append(f"{loose:,} amounts have one end only on record and are in no edge")
    if rates is None:
        unit = str(found[0]["currency"]) if found else "currency"
        # Where a source had more decimals than ISO 4217 gives the currency, they are kept.
        digits = max(minor_digits(unit), *(row["digits"] for row in found)) if found else 0
        counted_as = f"select *, {_STORED} // {10 ** (_STORED_DIGITS - digits)} as minor from tie"
        values: dict[str, Any] = {}
    else:
        unit, digits = rates.base, minor_digits(rates.base)
        counted_as, values = _converted(case, ties, rates, digits)
        if found:
            notes.append(
                f"amounts in {', '.join(row['currency'] for row in found)} are counted in {unit} by {rates.name}"
            )
    columns = ties.arrays(case, numbered(_edge(ties, counted_as), "currency"), values)
    # A sum that left 64 bits comes back as null.
    too_large = columns["minor"].dtype == object or np.ma.is_masked(columns["minor"])
    if too_large or np.abs(columns["minor"].astype(np.float64)).sum() >= _LARGEST_TOTAL:
        raise FinnetError(f"the amounts in {unit} add up to more than can be counted exactly", code="E2000")
    minor = integers(columns["minor"])
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
            "currency": texts(columns["currency"])[kept],
            "count": integers(columns["count"])[kept],
            "first": texts(columns["first"])[kept],
            "last": texts(columns["last"])[kept],
        },
        notes=tuple(notes),
    )


def _currencies(case: Queries, ties: Selection) -> list[dict[str, Any]]:
    return ties.rows(
        case,
        f"""
        select currency, count(*) filter (source is null or target is null) as loose,
            max(case when {_STORED} % 10000 = 0 then 0 when {_STORED} % 100 = 0 then 2
                when {_STORED} % 10 = 0 then 3 else 4 end) as digits
        from tie group by currency order by currency
        """,
    )


def _payments(case: Queries, ties: Selection) -> list[tuple[str, int]]:
    one = "distinct payment_id" if "payment_id" in ties.columns else "*"
    sql = f"select currency, count({one}) as payments from tie group by currency order by currency"
    return [(row["currency"], row["payments"]) for row in ties.rows(case, sql)]


def _edge(ties: Selection, counted_as: str) -> str:
    has = ties.columns.__contains__
    last = "coalesce(booked_until, booked_on)" if has("booked_until") else "booked_on"
    dated = f"min(booked_on) as first, max({last}) as last" if has("booked_on") else "null as first, null as last"
    count = 'sum("count")' if has("count") else "count(*)"
    return f"""
counted as ({counted_as}),
edge as (
    select source, target, currency, try_cast(sum(minor) as bigint) as minor,
        cast({count} as bigint) as "count", {dated}
    from counted
    where source is not null and target is not null
    group by source, target, currency
)
"""


def _converted(case: Queries, ties: Selection, rates: RateTable, digits: int) -> tuple[str, dict[str, Any]]:
    """SQL, and the values bound in it: the ties with ``minor``, in minor units of the base, each rounded half to even.

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
    whole = 10 ** (_STORED_DIGITS + places - digits)
    sql = f"""
select * exclude (s, product),
    s * (product // {whole} + case
        when 2 * (product % {whole}) > {whole} then 1
        when 2 * (product % {whole}) = {whole} then (product // {whole}) % 2
        else 0 end) as minor
from (
    select tie.*, sign(amount) as s, abs({_STORED}::hugeint) * factor as product
    from tie join (
        select unnest($rate_currency::varchar[]) as code, unnest($rate_day::varchar[]) as day,
            unnest($rate_factor::hugeint[]) as factor
    ) as rate on tie.currency = rate.code and {day} is not distinct from rate.day
)"""
    return sql, bound

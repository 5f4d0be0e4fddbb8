"""Edges of money: amounts between the same two parties added up exactly, in one currency or by dated rates."""

# ruff: noqa: S608 -- SQL is put together from column names and integers of our own; values are always bound.

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finnet.errors import FinnetError, UsageError, quoted
from finnet.graph.edge_list import EdgeList, integers, texts
from finnet.graph.network import IntArray
from finnet.graph.rates import RateTable
from finnet.graph.selection import Queries, Selection
from finnet.model.currency import minor_digits

__all__ = [
    "LARGEST_TOTAL",
    "STORED_DIGITS",
    "Counted",
    "counted_ties",
    "currencies_of",
    "money_edges",
    "refuse_several",
]

# Stored amounts have four decimals (store/tables.py).
STORED_DIGITS = 4
LARGEST_TOTAL = 2.0**62
_SMALL = 9 * 10**14  # units, of which 64 bits hold the ten-thousandths

# What a row of the engine's answer is.
_EDGE, _VERTEX, _CURRENCY, _DAY, _LOOSE = range(5)
_NO_TEXT = "cast(null as varchar)"


def money_edges(
    case: Queries, ties: Selection, *, currency: str | None, rates: RateTable | None, counts_ties: bool = False
) -> EdgeList:
    """One edge per source, target and currency (and commodity, where the recipe selects it); ``count``, ``first`` and
    ``last`` date beside the amount.

    With ``counts_ties`` amounts in several currencies are not refused: they stand side by side, and an edge weighs 1.

    Raises: UsageError (E2001), FinnetError (E2002) as ``build`` says; FinnetError (E2000) if a sum leaves 64 bits.
    """
    counted = counted_ties(case, ties, rates)
    found = ties.arrays(case, _edges(ties, counted.sql), counted.values)
    rows = _rows(found, is_sorted="commodity" in ties.columns)
    words = found.pop("word")
    currencies, days = words[rows[_CURRENCY]].tolist(), words[rows[_DAY]].tolist()
    is_mixed = counts_ties and rates is None and len(currencies) > 1
    if rates is None and not is_mixed:
        refuse_several(case, ties, currencies)
    if not currencies and currency is not None:
        raise UsageError(f"no amounts in {quoted(currency)}", hint="`finnet info` lists the currencies")
    unit = rates.base if rates is not None else currencies[0] if currencies else "currency"
    edge = {name: column[rows[_EDGE]] for name, column in found.items()}
    whole, rest = edge["whole"], edge["rest"]
    minor, digits = _signs(whole, rest) if is_mixed else _minor(whole, rest, unit)
    notes = []
    if loose := int(integers(found["count"])[rows[_LOOSE]].sum()):
        notes.append(f"{loose:,} amounts have one end only on record and are in no edge")
    if rates is not None and currencies:
        notes.append(f"amounts in {', '.join(currencies)} are counted in {unit} by {rates.name}")
    kept = np.flatnonzero(minor > 0)
    if is_mixed:
        notes.append(f"amounts in {', '.join(currencies)} stand side by side and are not added: ties count, not sums")
    if len(kept) < len(minor):
        notes.append(f"edges left out, as they net to nothing or less after reversals: {len(minor) - len(kept):,}")
    return EdgeList(
        ids=tuple(words[rows[_VERTEX]].tolist()),
        source=integers(edge["s"])[kept],
        target=integers(edge["t"])[kept],
        weight=np.ones(len(kept)) if is_mixed else minor[kept] / 10.0**digits,
        unit="links" if is_mixed else unit,
        minor=None if is_mixed else minor[kept],
        scale=1 if is_mixed else 10**digits,
        edges={
            "currency": _named(edge["code"], currencies)[kept],
            "count": integers(edge["count"])[kept],
            "first": _named(edge["first"], days)[kept],
            "last": _named(edge["last"], days)[kept],
            **({"commodity": texts(words[rows[_EDGE]])[kept]} if "commodity" in ties.columns else {}),
        },
        notes=tuple(notes),
        rates=counted.rates,
    )


def _rows(found: Mapping[str, NDArray[Any]], *, is_sorted: bool) -> list[IntArray]:
    """For each kind where its rows are, by source, target and currency, which no two have in common.

    They are put in order here, since the engine takes far longer over it than numpy does over whole numbers.
    """
    kind = integers(found["kind"])
    rows = [np.flatnonzero(kind == one) for one in (_EDGE, _VERTEX, _CURRENCY, _DAY, _LOOSE)]
    return (
        rows if is_sorted else [one[_order([integers(found[key])[one] for key in ("s", "t", "code")])] for one in rows]
    )


def _order(keys: Sequence[IntArray]) -> IntArray:
    sizes = [int(key.max(initial=0)) + 1 for key in keys]
    if math.prod(sizes) < 2**62:
        return np.argsort(np.ravel_multi_index(keys, sizes))
    return np.lexsort(keys[::-1])


def _named(numbers: NDArray[Any], words: Sequence[str]) -> NDArray[np.object_]:
    """The word of each number; None for -1."""
    names = np.empty(len(words) + 1, dtype=object)
    names[:] = [*words, None]
    return names[integers(numbers)]


def refuse_several(case: Queries, ties: Selection, currencies: Sequence[str]) -> None:
    """Amounts in several currencies are never added up.

    Raises: UsageError (E2001) naming them, with the payments in each, if there are several.
    """
    if len(currencies) > 1:
        counted = ", ".join(
            f"{quoted(name)[1:-1]} ({count:,} payment{'' if count == 1 else 's'})"
            for name, count in _payments(case, ties)
        )
        raise UsageError(
            f"amounts in {len(currencies)} currencies and neither one of them chosen nor a rate table: {counted}",
            code="E2001",
            hint=f"say --currency {quoted(currencies[0])[1:-1]}, or --rates FILE to count them in one by dated rates",
        )


def currencies_of(case: Queries, ties: Selection) -> list[str]:
    """The currencies of amounts between two parties, sorted."""
    sql = "select distinct currency from tie where source is not null and target is not null order by currency"
    return [row["currency"] for row in ties.rows(case, sql)]


def _payments(case: Queries, ties: Selection) -> list[tuple[str, int]]:
    one = "distinct payment_id" if "payment_id" in ties.columns else "*"
    sql = f"select currency, count({one}) as payments from tie group by currency order by currency"
    return [(row["currency"], row["payments"]) for row in ties.rows(case, sql)]


def _edges(ties: Selection, counted_as: str) -> str:
    """SQL: the edges, and behind them the words that they speak of by number; ``kind`` tells them apart.

    One pass over the ties: there may be ten million of them, and each further question would be asked of all. Sums
    leave the engine as ten-thousandths, the largest as whole units beside the rest: 64 bits do not hold both together.
    """
    has = ties.columns.__contains__
    last = "coalesce(booked_until, booked_on)" if has("booked_until") else "booked_on"
    dated = (
        f"min(booked_on) as first, max({last}) as last"
        if has("booked_on")
        else f"{_NO_TEXT} as first, {_NO_TEXT} as last"
    )
    count = 'sum("count")' if has("count") else "count(*)"
    goods = ", commodity" if has("commodity") else ""
    small = f"total between -{_SMALL} and {_SMALL}"
    return f"""
, added as materialized (
    select source, target, currency{goods}, sum(counted) as total, cast({count} as bigint) as "count",
        count(*) as payments, {dated}
    from ({counted_as})
    group by source, target, currency{goods}
),
edge as (select * from added where source is not null and target is not null),
vertex as materialized (
    select id, row_number() over (order by id) - 1 as number
    from (select source as id from edge union select target from edge)
),
code as materialized (
    select currency, row_number() over (order by currency) - 1 as number from (select distinct currency from edge)
),
day as materialized (
    select day, row_number() over (order by day) - 1 as number
    from (select first as day from edge union select last from edge) where day is not null
)
select {_EDGE} as kind, head.number as s, tail.number as t, code.number as code,
    case when {small} then 0 else try_cast(trunc(total) as bigint) end as whole,
    cast(case when {small} then total * 10000 else (total - trunc(total)) * 10000 end as bigint) as rest,
    "count", coalesce(began.number, -1) as first, coalesce(ended.number, -1) as last,
    {"edge.commodity" if goods else _NO_TEXT} as word
from edge join vertex as head on source = head.id join vertex as tail on target = tail.id
    join code on edge.currency = code.currency
    left join day as began on first = began.day left join day as ended on last = ended.day
union all select {_VERTEX}, number, 0, 0, 0, 0, 0, 0, 0, id from vertex
union all select {_CURRENCY}, number, 0, 0, 0, 0, 0, 0, 0, currency from code
union all select {_DAY}, number, 0, 0, 0, 0, 0, 0, 0, day from day
union all select {_LOOSE}, 0, 0, 0, 0, 0, coalesce(cast(sum(payments) as bigint), 0), 0, 0, {_NO_TEXT} from added
    where source is null or target is null
{"order by kind, s, t, code, word" if goods else ""}
"""


def _signs(whole: NDArray[Any], rest: NDArray[Any]) -> tuple[IntArray, int]:
    """Whether sums in several currencies are above, at or below zero; the whole part was cut towards zero."""
    return np.sign(np.sign(np.ma.filled(whole, 1)).astype(np.int64) + np.sign(integers(rest))), 0


def _minor(whole: NDArray[Any], rest: NDArray[Any], unit: str) -> tuple[IntArray, int]:
    """Sums in minor units, and how many decimals those have: ISO 4217's, or more where the sums need them."""
    if len(whole) == 0:
        return np.empty(0, np.int64), minor_digits(unit)
    parts = integers(rest)
    needed = next(digits for digits in (0, 2, 3, 4) if not np.mod(parts, 10 ** (STORED_DIGITS - digits)).any())
    digits = max(minor_digits(unit), needed)
    # A sum that left 64 bits comes back as null.
    too_large = whole.dtype == object or np.ma.is_masked(whole)
    smaller = 10 ** (STORED_DIGITS - digits)
    if too_large or (np.abs(whole * 10.0**digits) + np.abs(parts / smaller)).sum() >= LARGEST_TOTAL:
        raise FinnetError(f"the amounts in {unit} add up to more than can be counted exactly", code="E2000")
    return integers(whole) * 10**digits + parts // smaller, digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """SQL for the ties with ``counted``, the values bound in it, and the record of the rates that it takes."""

    sql: str
    values: Mapping[str, Any]
    rates: Mapping[str, Any] | None


def counted_ties(case: Queries, ties: Selection, rates: RateTable | None) -> Counted:
    """The ties with ``counted``: their amounts as they are, or in the base of the rates, each rounded half to even.

    The rate of each currency and day is looked up here, in Decimal; the engine multiplies integers of 128 bits.
    """
    if rates is None:
        return Counted(sql="select *, amount as counted from tie", values={}, rates=None)
    day = "booked_on" if "booked_on" in ties.columns else "cast(null as varchar)"
    asked = ties.rows(case, f"select distinct currency, {day} as day from tie order by currency, day")
    pairs = [(row["currency"], row["day"]) for row in asked]
    values = [rates.rate(*pair) for pair in pairs]
    places = max([0, *(-int(value.as_tuple().exponent) for value in values)])
    bound = {
        "rate_currency": [row["currency"] for row in asked],
        "rate_day": [row["day"] for row in asked],
        "rate_factor": [str(int(value.scaleb(places))) for value in values],
    }
    digits = minor_digits(rates.base)
    whole = 10 ** (STORED_DIGITS + places - digits)
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
    return Counted(sql=sql, values=bound, rates=rates.record(pairs))

"""Edges of money: amounts between the same two parties added up exactly, in one currency or by dated rates."""

# ruff: noqa: S608 -- SQL is put together from column names and integers of our own; values are always bound.

from __future__ import annotations

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
_SMALLER = 2 * 10**11  # units, of which a binary fraction is less than half a ten-thousandth off; far quicker
_RADIX = 1 << 16  # numpy sorts numbers below this without comparing them

_NO_TEXT = "cast(null as varchar)"
_HAS_BOTH = "source is not null and target is not null"


def money_edges(
    case: Queries, ties: Selection, *, currency: str | None, rates: RateTable | None, counts_ties: bool = False
) -> EdgeList:
    """One edge per source, target and currency (and commodity, where the recipe selects it); ``count``, ``first`` and
    ``last`` date beside the amount.

    With ``counts_ties`` amounts in several currencies are not refused: they stand side by side, and an edge weighs 1.

    Raises: UsageError (E2001), FinnetError (E2002) as ``build`` says; FinnetError (E2000) if a sum leaves 64 bits.
    """
    counted = counted_ties(case, ties, rates)
    # Added up once: there may be ten million ties, and each further question is asked of the sums.
    with ties.held(case, _added(ties, counted.sql), counted.values) as added:
        currencies = _words(case, added, "currency")
        is_mixed = counts_ties and rates is None and len(currencies) > 1
        if rates is None and not is_mixed:
            refuse_several(case, ties, currencies)
        if not currencies and currency is not None:
            raise UsageError(f"no amounts in {quoted(currency)}", hint="`finnet info` lists the currencies")
        has_goods = "commodity" in ties.columns
        edge = case.columns(_edges(added, has_goods=has_goods))
        if not _is_whole(edge["total"]):
            edge = case.columns(_edges(added, has_goods=has_goods, is_large=True))
        ids, days = _words(case, added, "source", "target"), _words(case, added, "first", "last")
        [loose] = case.rows(f"select cast(sum(payments) as bigint) as count from {added} where not ({_HAS_BOTH})")
    unit = rates.base if rates is not None else currencies[0] if currencies else "currency"
    minor, digits = _signs(edge) if is_mixed else _minor(edge, unit)
    notes = []
    if loose["count"]:
        notes.append(f"{loose['count']:,} amounts have one end only on record and are in no edge")
    if rates is not None and currencies:
        notes.append(f"amounts in {', '.join(currencies)} are counted in {unit} by {rates.name}")
    if is_mixed:
        notes.append(f"amounts in {', '.join(currencies)} stand side by side and are not added: ties count, not sums")
    kept = np.flatnonzero(minor > 0)
    if len(kept) < len(minor):
        notes.append(f"edges left out, as they net to nothing or less after reversals: {len(minor) - len(kept):,}")
    if not has_goods:
        kept = kept[_order([edge[key][kept] for key in ("s", "t", "code")])]
    minor, edge = minor[kept], {name: column[kept] for name, column in edge.items()}
    return EdgeList(
        ids=tuple(ids),
        source=integers(edge["s"]),
        target=integers(edge["t"]),
        weight=np.ones(len(kept)) if is_mixed else minor / 10.0**digits,
        unit="links" if is_mixed else unit,
        minor=None if is_mixed else minor,
        scale=1 if is_mixed else 10**digits,
        edges={
            "currency": _named(edge["code"], currencies),
            "count": integers(edge["count"]),
            "first": _named(edge["first"], days),
            "last": _named(edge["last"], days),
            **({"commodity": texts(edge["commodity"])} if has_goods else {}),
        },
        notes=tuple(notes),
        rates=counted.rates,
    )


def _order(keys: Sequence[NDArray[Any]]) -> IntArray:
    """The places of the edges by these keys; no two edges have all of them in common.

    Here, since the engine takes far longer over it than numpy does over whole numbers.
    """
    small = [key.astype(np.uint16 if key.max(initial=0) < _RADIX else np.int64) for key in keys]
    return np.lexsort(small[::-1])


def _named(numbers: NDArray[Any], words: Sequence[str]) -> NDArray[np.object_]:
    """The word of each number; None for -1."""
    names = np.empty(len(words) + 1, dtype=object)
    names[:] = [*words, None]
    return np.asarray(names[numbers])


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


def _added(ties: Selection, counted_as: str) -> str:
    """SQL: the sums, with what else an edge says."""
    has = ties.columns.__contains__
    last = "coalesce(booked_until, booked_on)" if has("booked_until") else "booked_on"
    dated = (
        f"min(booked_on) as first, max({last}) as last"
        if has("booked_on")
        else f"{_NO_TEXT} as first, {_NO_TEXT} as last"
    )
    count = 'sum("count")' if has("count") else "count(*)"
    goods = ", commodity" if has("commodity") else ""
    return f"""
select source, target, currency{goods}, sum(counted) as total,
    cast({count} as bigint) as "count", count(*) as payments, {dated}
from ({counted_as})
group by source, target, currency{goods}
"""


def _distinct(added: str, *columns: str) -> str:
    """SQL: the words of these columns in the sums between two parties."""
    each = " union all ".join(f"select {column} as word from {added} where {_HAS_BOTH}" for column in columns)
    return f"select distinct word from ({each}) where word is not null"


def _words(case: Queries, added: str, *columns: str) -> list[str]:
    return [row["word"] for row in case.rows(f"{_distinct(added, *columns)} order by word")]


def _edges(added: str, *, has_goods: bool, is_large: bool = False) -> str:
    """SQL: the edges, their words as numbers; ``total`` is in ten-thousandths, and null where 64 bits may not hold it.

    With ``is_large`` there are whole units (null beyond 64 bits) and ten-thousandths beside them in its place.
    """
    numbered = ", ".join(
        f"{name} as materialized (select word, cast(row_number() over (order by word) - 1 as integer) as number "
        f"from ({_distinct(added, *columns)}))"
        for name, columns in (("vertex", ("source", "target")), ("code", ("currency",)), ("day", ("first", "last")))
    )
    unit = 10**STORED_DIGITS
    quick = f"cast(round(cast(total as double) * {unit}) as bigint)"
    total = f"""case when total between -{_SMALLER} and {_SMALLER} then {quick}
        when total between -{_SMALL} and {_SMALL} then cast(total * {unit} as bigint) end as total"""
    if is_large:
        total = f"try_cast(trunc(total) as bigint) as whole, cast((total - trunc(total)) * {unit} as bigint) as rest"
    return f"""
with {numbered}
select head.number as s, tail.number as t, code.number as code, {total}, "count",
    coalesce(began.number, -1) as first, coalesce(ended.number, -1) as last{", commodity" if has_goods else ""}
from {added} as edge join vertex as head on source = head.word join vertex as tail on target = tail.word
    join code on currency = code.word
    left join day as began on first = began.word left join day as ended on last = ended.word
{"order by s, t, code, commodity" if has_goods else ""}
"""


def _is_whole(column: NDArray[Any]) -> bool:
    """Whether it has no nulls, which stand for what left 64 bits."""
    return column.dtype != object and not np.ma.is_masked(column)


def _signs(edge: Mapping[str, NDArray[Any]]) -> tuple[IntArray, int]:
    """Whether sums in several currencies are above, at or below zero; the whole part was cut towards zero."""
    if "whole" not in edge:
        return np.sign(edge["total"]), 0
    return np.sign(np.sign(np.ma.filled(edge["whole"], 1)).astype(np.int64) + np.sign(integers(edge["rest"]))), 0


def _minor(edge: Mapping[str, NDArray[Any]], unit: str) -> tuple[IntArray, int]:
    """Sums in minor units, and how many decimals those have: ISO 4217's, or more where the sums need them."""
    if len(edge["s"]) == 0:
        return np.empty(0, np.int64), minor_digits(unit)
    parts = integers(edge["rest"] if "whole" in edge else edge["total"])
    whole = edge.get("whole", np.zeros(1, np.int64))
    needed = next(digits for digits in (0, 2, 3, 4) if not np.mod(parts, 10 ** (STORED_DIGITS - digits)).any())
    digits = max(minor_digits(unit), needed)
    smaller = 10 ** (STORED_DIGITS - digits)
    if not _is_whole(whole) or (np.abs(whole * 10.0**digits) + np.abs(parts / smaller)).sum() >= LARGEST_TOTAL:
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

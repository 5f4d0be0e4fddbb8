"""Payments added up by the country they come from and the country they go to, exactly, per currency and period."""

# ruff: noqa: S608 -- SQL is put together from column names and integers of our own; values are always bound.

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from finnet.errors import UsageError
from finnet.graph.money import counted_ties
from finnet.graph.rates import RateTable
from finnet.graph.recipe import load_recipe
from finnet.graph.selection import Queries, select_ties
from finnet.model.currency import minor_digits

__all__ = ["PERIODS", "CountryPair", "Period", "country_pairs"]

Period = Literal["month", "year"]
PERIODS: dict[str, int] = {"month": len("2019-03"), "year": len("2019")}


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryPair:
    """What went from one country to another in one currency.

    ``payments`` counts what the records count (a row may stand for many), ``records`` the rows. ``period`` is None
    where none was asked for or the payments are not dated that finely; ``through`` is None where none was asked for or
    no intermediary is recorded. ``amount`` has the currency's decimals, or more where the records do.
    """

    origin: str
    destination: str
    through: str | None
    period: str | None
    currency: str
    amount: Decimal
    payments: int
    records: int
    first: str | None
    last: str | None


def country_pairs(
    case: Queries,
    *,
    by: str | None = None,
    through: bool = False,
    abroad: bool = False,
    currency: str | None = None,
    rates: RateTable | None = None,
    as_of: str | None = None,
    min_grade: str | None = None,
) -> tuple[list[CountryPair], Mapping[str, Any] | None]:
    """The pairs, by currency, period, amount (the largest first), origin, destination, intermediary's country; and the
    record of the rates that counted them.

    A payment counts once, however many hands it passes through; a reversal reduces its pair. What covers several months
    or years counts under the one in which it begins. ``abroad`` leaves out what stays in one country.

    Raises: UsageError for an unknown period; FinnetError (E2002) for a missing rate.
    """
    if by is not None and by not in PERIODS:
        raise UsageError(f"--by {by!r} is not a period", hint="month or year")
    ties = select_ties(case, load_recipe("corridors"), currency=currency, as_of=as_of, min_grade=min_grade)
    counted = counted_ties(case, ties, rates)
    period = "cast(null as varchar)"
    if by is not None:
        long = PERIODS[by]
        period = f"case when length(booked_on) >= {long} then left(booked_on, {long}) end"
    middle = "through" if through else "cast(null as varchar)"
    code = "currency" if rates is None else f"'{rates.base}'"
    rows = ties.rows(
        case,
        f"""
        select source as origin, target as destination, {middle} as through, {period} as period, {code} as currency,
            sum(counted) as amount, cast(sum("count") as bigint) as payments, count(*) as records,
            min(booked_on) as first, max(coalesce(booked_until, booked_on)) as last
        from ({counted.sql})
        {"where source <> target" if abroad else ""}
        group by source, target, {middle}, {period}, {code}
        order by currency, period nulls last, amount desc, origin, destination, through nulls first
        """,
        counted.values,
    )
    pairs = [CountryPair(**{**row, "amount": _written(row["amount"], row["currency"])}) for row in rows]
    return pairs, counted.rates


def _written(amount: Any, currency: str) -> Decimal:
    """With the currency's decimals, and more only where the sum needs them."""
    exact = Decimal(amount)
    usual = exact.quantize(Decimal(1).scaleb(-minor_digits(currency)))
    return usual if usual == exact else exact.normalize()

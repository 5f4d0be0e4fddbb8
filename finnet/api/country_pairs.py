"""The verb on corridors: from which country to which the money goes, and what would be expected."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from finnet.analysis.flows.corridors import NULL, lift
from finnet.api._currencies import fair_cut
from finnet.api._network import CaseLike
from finnet.api.open import rate_table
from finnet.graph.country_pairs import CountryPair, country_pairs
from finnet.graph.rates import RateTable
from finnet.report.answer import Answer, Row

__all__ = ["corridors"]

_COLUMNS = ("origin", "through", "destination", "period", "currency", "amount", "payments", "lift", "first", "last")
_UNKNOWN = "unknown"


def corridors(
    case: CaseLike,
    *,
    by: str | None = None,
    through: bool = False,
    abroad: bool = False,
    currency: str | None = None,
    rates: str | Path | RateTable | None = None,
    as_of: str | None = None,
    min_grade: str | None = None,
    limit: int | None = None,
) -> Answer:
    """Amounts by the payer's and the beneficiary's country, per currency, the largest first, ties by country.

    Each payment counts once, from end to end: the amounts add up to what was paid. ``through`` splits each pair by the
    country of the intermediary. ``by`` splits by ``month`` or ``year``. ``abroad`` leaves out what stays in a country.
    ``lift`` is amount · total / (all the origin sends · all the destination receives), within the currency and period:
    1 is what the sizes of both would give by themselves. A limit takes about as many rows of each currency.
    """
    table = rates if isinstance(rates, RateTable) or rates is None else rate_table(rates)
    pairs, rates_taken = country_pairs(
        case, by=by, through=through, abroad=abroad, currency=currency, rates=table, as_of=as_of, min_grade=min_grade
    )
    shown = [name for name in _COLUMNS if (name != "through" or through) and (name != "period" or by is not None)]
    rows: list[Row] = []
    totals: dict[str, dict[str, Any]] = {}
    for (code, _), together in groupby(pairs, key=lambda pair: (pair.currency, pair.period)):
        members = list(together)
        rows += _rows(members, shown)
        total = totals.setdefault(code, {"amount": Decimal(0), "payments": 0, "records": 0})
        for name in total:
            total[name] += sum(getattr(pair, name) for pair in members)
    cut = fair_cut((together for _, together in groupby(rows, key=lambda row: row["currency"])), limit)
    return Answer(
        command="corridors",
        columns=tuple(shown),
        rows=cut,
        summary={
            "totals": totals,
            "corridors": len({(pair.origin, pair.destination) for pair in pairs}),
            "null": f"{NULL}; within each currency{'' if by is None else f' and {by}'}",
        },
        notes=_notes(pairs, by),
        params={
            "by": by, "through": through, "abroad": abroad, "currency": currency,
            "rates": rates_taken,
            "as_of": as_of, "min_grade": min_grade, "limit": limit,
        },
        truncated=len(cut) < len(rows),
        total=len(rows),
    )  # fmt: skip


def _rows(pairs: list[CountryPair], shown: list[str]) -> list[Row]:
    lifts = lift([p.origin for p in pairs], [p.destination for p in pairs], [float(p.amount) for p in pairs])
    return [
        {name: (None if np.isnan(value) else float(value)) if name == "lift" else getattr(pair, name) for name in shown}
        for pair, value in zip(pairs, lifts, strict=True)
    ]


def _notes(pairs: list[CountryPair], by: str | None) -> tuple[str, ...]:
    notes = []
    currencies = sorted({pair.currency for pair in pairs})
    if len(currencies) > 1:
        notes.append(f"amounts in {', '.join(currencies)} stand apart and are never added; --rates counts them in one")
    unplaced = sum(pair.payments for pair in pairs if _UNKNOWN in (pair.origin, pair.destination))
    if unplaced:
        notes.append(f"{unplaced:,} payments have an end without a country on record, which counts as {_UNKNOWN!r}")
    if by is not None:
        undated = sum(pair.payments for pair in pairs if pair.period is None)
        if undated:
            notes.append(f"{undated:,} payments are not dated to a {by} and have no period")
        if any(pair.last is not None and pair.last[:4] > (pair.period or pair.last)[:4] for pair in pairs):
            notes.append(f"a record of several {by}s counts under the one in which it begins")
    return tuple(notes)

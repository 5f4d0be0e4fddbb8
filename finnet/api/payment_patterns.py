"""The verb on patterns: which payments look like what a typology describes."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from finnet.analysis.finding import Found, Pattern, end_to_end
from finnet.api._currencies import fair_cut
from finnet.api._network import CaseLike
from finnet.api.open import rate_table
from finnet.catalogue import Catalogue
from finnet.errors import UsageError
from finnet.graph.ledger import Ledger
from finnet.graph.payments import ledger_of
from finnet.graph.rates import RateTable
from finnet.report.answer import Answer, Row

__all__ = ["TYPOLOGIES", "patterns"]

TYPOLOGIES = Catalogue("finnet.analysis.typologies", kind="typology", verbs=("find", "DEFINITION"))

_COLUMNS = (
    "typology", "parties", "captions", "amount", "currency", "says", "first", "last", "payments", "payment_ids",
    "records", "fatf",
)  # fmt: skip
_SHOWN = ("typology", "parties", "amount", "currency", "says", "first", "last", "payments")
_LEADS = (
    "leads, not findings: each is a shape that payments happen to have; payroll, treasury pooling, marketplaces and "
    "clearing have the same shapes (docs/patterns.md)"
)


def patterns(
    case: CaseLike,
    *,
    typology: str | None = None,
    window: int | None = None,
    least: int | None = None,
    hops: int | None = None,
    low: float | None = None,
    high: float | None = None,
    ratio: float | None = None,
    share: float | None = None,
    level: float | None = None,
    any_order: bool = False,
    currency: str | None = None,
    rates: str | Path | RateTable | None = None,
    as_of: str | None = None,
    min_grade: str | None = None,
    limit: int | None = None,
) -> Answer:
    """What each typology finds, by typology and currency, in its own order; each currency is looked at by itself.

    Payments run from end to end: who only handled one is no party to it. Options that a typology does not have do not
    concern it; where none of those asked for has it, that is an error. A limit takes about as many patterns of each
    typology and currency. ``window`` is in days; on an integer clock a
    step stands for a day.
    """
    given = {
        "window": window, "least": least, "hops": hops, "low": low, "high": high, "ratio": ratio, "share": share,
        "level": level, "any_order": any_order or None,
    }  # fmt: skip
    options: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    names = list(TYPOLOGIES) if typology is None else [typology]
    chosen = {name: _settings(name, options) for name in names}
    for option, value in options.items():
        if not any(option in settings for settings in chosen.values()):
            words = option.replace("_", "-")
            raise UsageError(f"--{words} means nothing to {', '.join(names)}", hint=f"leave --{words} away")
        if not isinstance(value, bool) and value < 0:
            raise UsageError(f"--{option} {value} is below 0")
    table = rates if isinstance(rates, RateTable) or rates is None else rate_table(rates)
    rows: list[Row] = []
    notes: list[str] = []
    counts: dict[str, dict[str, int]] = {name: {} for name in names}
    rates_taken = None
    codes = _currencies(case, currency, table)
    for code in codes:
        ledger = end_to_end(
            ledger_of(case, currency=None if table is not None else code, rates=table, as_of=as_of, min_grade=min_grade)
        )
        notes += [f"{code}: {note}" if len(codes) > 1 else note for note in ledger.notes]
        rates_taken = ledger.choices.get("rates")
        for name in names:
            found: Found = TYPOLOGIES[name].find(ledger, **{k: v for k, v in options.items() if k in chosen[name]})
            notes += found.notes
            counts[name][ledger.currency] = len(found.patterns)
            rows += _rows(name, ledger, found.patterns)
    rows.sort(key=lambda row: names.index(row["typology"]))
    cut = fair_cut(
        (together for _, together in groupby(rows, key=lambda row: (row["typology"], row["currency"]))), limit
    )
    return Answer(
        command="patterns",
        columns=_COLUMNS,
        shown=_SHOWN,
        rows=cut,
        summary={
            "found": counts,
            "definitions": {name: TYPOLOGIES[name].DEFINITION for name in names},
            "settings": chosen,
        },
        brief=("found",) if typology is None else (),
        notes=(*dict.fromkeys(notes), _LEADS),
        params={
            "typology": typology, **options, "currency": currency,
            "rates": rates_taken,
            "as_of": as_of, "min_grade": min_grade, "limit": limit,
        },
        truncated=len(cut) < len(rows),
        total=len(rows),
    )  # fmt: skip


def _settings(name: str, options: dict[str, Any]) -> dict[str, Any]:
    """The typology's parameters with what the user chose in place of the defaults."""
    parameters = inspect.signature(TYPOLOGIES[name].find).parameters
    return {key: options.get(key, one.default) for key, one in parameters.items() if key != "ledger"}


def _currencies(case: CaseLike, currency: str | None, rates: RateTable | None) -> list[str]:
    if rates is not None:
        return [rates.base]
    if currency is not None:
        return [currency]
    found = case.rows("select distinct currency from v1_payment where currency is not null order by currency", {})
    return [row["currency"] for row in found]


def _rows(name: str, ledger: Ledger, patterns: Sequence[Pattern]) -> list[Row]:
    # Of a large case's payments only those that are shown are looked up by name.
    concerned = np.unique([place for one in patterns for place in one.payments]).astype(np.int64)
    shown = ledger.taken(concerned)
    return [_row(name, shown, one, np.searchsorted(concerned, one.payments).tolist()) for one in patterns]


def _row(name: str, ledger: Ledger, one: Pattern, places: list[int]) -> Row:
    captions = ledger.vertices.get("caption")
    return {
        "typology": name,
        "parties": [ledger.ids[number] for number in one.parties],
        "captions": [
            ledger.ids[number] if captions is None or captions[number] is None else captions[number]
            for number in one.parties
        ],
        "amount": ledger.amount(one.minor),
        "currency": ledger.currency,
        "says": one.says,
        "first": ledger.when(ledger.time[places].min()),
        "last": ledger.when(ledger.time[places].max()),
        "payments": len(places),
        "payment_ids": [ledger.payment_ids[place] for place in places],
        # Of FATF, Complex Proliferation Financing and Sanctions Evasion Schemes (June 2025), if one applies.
        "fatf": getattr(TYPOLOGIES[name], "FATF", None),
        "records": [f"{ledger.datasets[ledger.dataset[place]]}:{ledger.record[place]}" for place in places],
    }

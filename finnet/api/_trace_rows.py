"""What tracing found, as rows: per party, or per payment along the largest routes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from finnet.analysis.flows.carriers import fewest_payments, largest_carriers
from finnet.analysis.flows.money_routes import Route
from finnet.analysis.flows.passage import Passage
from finnet.analysis.flows.traced import Traced
from finnet.analysis.flows.tracing import CONSERVING
from finnet.api._describe import named
from finnet.graph.ledger import UNKNOWN, Ledger
from finnet.graph.network import IntArray
from finnet.report.answer import Row

__all__ = [
    "ROUTE_COLUMNS",
    "columns_of",
    "countries_by_rule",
    "countries_of",
    "envelope_of",
    "party_rows",
    "reached_by",
    "route_rows",
]

ROUTE_COLUMNS = (
    "path", "step", "payer", "beneficiary", "amount", "payment_amount", "date", "payment", "dataset", "record",
    "payer_caption", "beneficiary_caption",
)  # fmt: skip

# Of a haircut, what rounds to nothing reached nobody.
_LEAST = 0.5
_COUNTRIES = 12
_CARRIERS = 5  # of the payments that brought a party traced money so many are named; `--paths` follows them


def columns_of(*, backward: bool) -> tuple[str, ...]:
    """The columns of rows per party: read backwards, the money that a party sent is what was traced."""
    moved = "sent" if backward else "received"
    return (
        "id", "caption", "schema", "country", moved, "tainted", "share", "low", "high", "held", "unexplained", "first",
        "last", "payments", "hops", "via", "payment_ids", "records",
    )  # fmt: skip


def reached_by(traced: Traced, passage: Passage) -> IntArray:
    """The parties that at least one minor unit of traced money reached, sources left out."""
    return np.flatnonzero((traced.received >= _LEAST) & (passage.label == 0))


def party_rows(
    passage: Passage, envelope: Mapping[str, Traced], rule: str, *, among: Sequence[int] | None, limit: int | None
) -> tuple[list[Row], int]:
    """One row per party that traced money reached under the rule, most first, ties by id; and how many there are."""
    ledger, traced = passage.ledger, envelope[rule]
    reached = reached_by(traced, passage)
    if among is not None:
        reached = reached[np.isin(reached, among)]
    order = np.lexsort((reached, -traced.received[reached]))
    shown = reached[order][:limit].tolist()
    other = passage.in_time(passage.receiver)
    apart = (other >= 0) & (ledger.payer != ledger.beneficiary)
    everything = np.zeros(passage.parties, np.int64)
    np.add.at(everything, other[apart], ledger.minor[apart])
    carries = np.flatnonzero(apart & (traced.on >= _LEAST))
    first, last = np.full(passage.parties, np.iinfo(np.int64).max), np.full(passage.parties, np.iinfo(np.int64).min)
    np.minimum.at(first, other[carries], ledger.time[carries])
    np.maximum.at(last, other[carries], ledger.time[carries])
    payments = np.bincount(other[carries], minlength=passage.parties)
    moved = columns_of(backward=passage.backward)[4]
    hops = fewest_payments(passage, traced)
    carriers = largest_carriers(passage, traced, shown, most=_CARRIERS)
    named_as = _names_of(ledger, (place for largest in carriers.values() for place in largest))
    giver = passage.in_time(passage.sender)
    rows = []
    for number in shown:
        largest = carriers[number]
        under = [envelope[name].received[number].item() for name in CONSERVING]
        rows.append(
            {
                **named(ledger.ids, ledger.vertices, number),
                moved: ledger.amount(everything[number]),
                "tainted": _amount(ledger, traced.received[number]),
                "share": round(float(traced.received[number] / everything[number]), 6),
                "low": _amount(ledger, min(under)),
                "high": _amount(ledger, max(under)),
                "held": _amount(ledger, traced.held[number]),
                "unexplained": ledger.amount(passage.unexplained[number]),
                "first": ledger.when(first[number]),
                "last": ledger.when(last[number]),
                "payments": int(payments[number]),
                "hops": int(hops[number]) or None,
                "via": [ledger.ids[one] for one in dict.fromkeys(giver[largest].tolist()) if one != UNKNOWN],
                "payment_ids": [named_as[place] for place in largest],
                "records": [f"{ledger.datasets[ledger.dataset[place]]}:{ledger.record[place]}" for place in largest],
            }
        )
    return rows, len(reached)


def envelope_of(
    passage: Passage, envelope: Mapping[str, Traced], exits: Sequence[int] | None
) -> dict[str, dict[str, Any]]:
    """Per rule: how many parties it reached, what rests with them, came back, left the record, arrived at exits."""
    ledger = passage.ledger
    said = {}
    for name, traced in envelope.items():
        said[name] = {
            "parties": len(reached_by(traced, passage)),
            "held": _amount(ledger, traced.held.sum()),
            **({} if exits is None else {"at_exits": _amount(ledger, traced.held[list(exits)].sum())}),
            "returned": _amount(ledger, traced.returned),
            "outside": _amount(ledger, traced.outside),
        }
    return said


def countries_by_rule(
    passage: Passage, envelope: Mapping[str, Traced], exits: Sequence[int] | None
) -> dict[str, dict[str, Decimal]]:
    """Per country of those with whom it rests (with exits: of these), the amount under each rule; largest first."""
    ledger = passage.ledger
    countries = ledger.vertices.get("country", [None] * passage.parties)
    totals: dict[str, dict[str, float]] = {}
    for number in range(passage.parties) if exits is None else exits:
        for name, traced in envelope.items():
            if traced.held[number] >= _LEAST:
                code = countries[number]
                per_rule = totals.setdefault(code.upper() if code else "unknown", dict.fromkeys(envelope, 0))
                per_rule[name] += traced.held[number].item()
    order = sorted(totals, key=lambda country: (-max(totals[country][name] for name in CONSERVING), country))
    return {country: {name: _amount(ledger, part) for name, part in totals[country].items()} for country in order}


def countries_of(by_rule: Mapping[str, Mapping[str, Decimal]], rule: str) -> dict[str, dict[str, Decimal]]:
    """Of the largest countries: what rests there under the rule, and the least and most under those that conserve."""
    said = {}
    for country, under in list(by_rule.items())[:_COUNTRIES]:
        kept = [under[name] for name in CONSERVING]
        if any(kept):
            said[country] = {rule: under[rule], "low": min(kept), "high": max(kept)}
    return said


def route_rows(passage: Passage, routes: Sequence[Route]) -> list[Row]:
    """One row per payment along each route, in the order of time; ``amount`` is the part that went all the way."""
    ledger = passage.ledger
    named_as = _names_of(ledger, (leg for route in routes for leg in route.payments))
    rows = []
    for place, route in enumerate(routes, 1):
        for step, leg in enumerate(route.payments, 1):
            payer, beneficiary = (_end(ledger, int(end[leg])) for end in (ledger.payer, ledger.beneficiary))
            rows.append(
                {
                    "path": place,
                    "step": step,
                    "payer": payer["id"],
                    "beneficiary": beneficiary["id"],
                    "amount": ledger.amount(route.minor),
                    "payment_amount": ledger.amount(ledger.minor[leg]),
                    "date": ledger.when(ledger.time[leg]),
                    "payment": named_as[leg],
                    "dataset": ledger.datasets[ledger.dataset[leg]],
                    "record": int(ledger.record[leg]),
                    "payer_caption": payer["caption"],
                    "beneficiary_caption": beneficiary["caption"],
                }
            )
    return rows


def _names_of(ledger: Ledger, places: Iterable[int]) -> dict[int, str]:
    # Of a large case's payments only those that are shown are looked up by name.
    concerned = np.unique(np.fromiter(places, np.int64))
    return dict(zip(concerned.tolist(), ledger.taken(concerned).payment_ids, strict=True))


def _end(ledger: Ledger, number: int) -> Row:
    return {"id": None, "caption": None} if number == UNKNOWN else named(ledger.ids, ledger.vertices, number)


def _amount(ledger: Ledger, minor: float) -> Decimal:
    return ledger.amount(round(float(minor)) if isinstance(minor, (float, np.floating)) else int(minor))

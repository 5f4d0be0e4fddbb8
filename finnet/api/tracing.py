"""The verb on money in the order of time: where it went, or where it came from, under every rule at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from finnet.analysis.flows.money_routes import Route, largest_routes
from finnet.analysis.flows.tracing import RULES, trace_by
from finnet.api._null_rows import null_answer
from finnet.api._trace_rows import (
    ROUTE_COLUMNS,
    columns_of,
    countries_by_rule,
    countries_of,
    envelope_of,
    party_rows,
    reached_by,
    route_rows,
)
from finnet.api._traced_money import followed_money
from finnet.errors import UnknownNameError, UsageError, quoted
from finnet.graph.ledger import Ledger
from finnet.graph.rates import RateTable
from finnet.report.answer import Answer, Row
from finnet.store.case import Case

__all__ = ["trace"]

_TIES = {
    "file": "the order of the file decides which money went on; compare --ties inflow_first",
    "inflow_first": "whoever pays is taken to have received first; compare --ties file",
}
_ROUTED = ("fifo", "lifo")


def trace(
    case: Case,
    entities: Sequence[str] = (),
    *,
    payment: Sequence[str] = (),
    rule: str = "fifo",
    backward: bool = False,
    to: str | None = None,
    paths: int | None = None,
    by: Literal["party", "account"] = "party",
    ties: Literal["file", "inflow_first"] = "file",
    null: int | None = None,
    seed: int = 0,
    currency: str | None = None,
    rates: str | Path | RateTable | None = None,
    as_of: str | None = None,
    min_grade: str | None = None,
    limit: int | None = None,
) -> Answer:
    """The parties that money of these parties and payments reached, in the order of time, most first.

    ``entities`` are ids, names or selectors. Whatever a source sends is traced money; what others send is made of what
    they hold, as ``rule`` says. ``tainted`` is the traced part of what a party received, ``low`` and ``high`` its least
    and most under the five rules that conserve what was sent; the summary has all six. ``held`` is what rests with the
    party at the end of the record, ``unexplained`` what it paid without having been seen to receive it. ``hops`` is the
    fewest payments on a way there; ``payment_ids`` and ``records`` (dataset:record) are the up to five payments that
    brought it the most traced money, ``via`` who handed it over in them.

    With ``backward`` the same is asked against time: who sent it; ``held`` is then what no record says the sender had
    from anybody. ``to`` ends tracing at these parties and shows them alone. With ``paths``, one row per payment along
    the largest routes of lots. Among payments of one time the order of the file decides, or with
    ``ties="inflow_first"`` whoever pays has first received. With ``null``, the parties that passed the money on, each
    beside what it would have passed on in so many draws of other sources, by haircut
    (finnet.analysis.flows.label_null).

    Raises: UsageError for a rule that is not there, for neither a party nor a payment, for several currencies without a
    choice; UnknownNameError for a party or a payment that does not exist.
    """
    if rule not in RULES:
        raise UnknownNameError(f"no rule called {quoted(rule)}", hint=f"there are: {', '.join(RULES)}")
    if paths is not None and rule not in _ROUTED:
        raise UsageError(
            f"--paths with --rule {rule}: it mixes money and cannot say which of it went where",
            hint=f"take one of {', '.join(_ROUTED)}",
        )
    entities = [entities] if isinstance(entities, str) else list(entities)
    payment = [payment] if isinstance(payment, str) else list(payment)
    apart = {"--backward": backward, "--paths": paths is not None, "--payment": payment, "--to": to is not None}
    if null is not None and any(apart.values()):
        said = ", ".join(option for option, is_said in apart.items() if is_said)
        raise UsageError(
            f"--null goes forward from parties to all: it does not go with {said}", hint=f"leave {said} away"
        )
    money = followed_money(
        case, entities, payment=payment, backward=backward, to=to, by=by, ties=ties, currency=currency, rates=rates,
        as_of=as_of, min_grade=min_grade,
    )  # fmt: skip
    ledger, passage, sources, exits, notes = money.ledger, money.passage, money.sources, money.exits, list(money.notes)
    if null is not None:
        asked = {"entities": entities, "limit": limit, **ledger.choices}
        return null_answer(ledger, sources, draws=null, seed=seed, params=asked, limit=limit, notes=notes)
    # What moved has the same choices and notes as what was stated, which a large record has no room for twice.
    ledger = passage.ledger
    del money
    traced = trace_by(rule, passage)
    envelope = {name: traced if name == rule else trace_by(name, passage).in_sum() for name in RULES}
    ends = None if exits is None else [number for number in exits if not passage.label[number]]
    rows: list[Row]
    routes: list[Route] = []
    if paths is None:
        rows, total = party_rows(passage, envelope, rule, among=ends, limit=limit)
    else:
        routes = largest_routes(passage, newest_first=rule == "lifo", most=paths, ending_at=ends)
        rows = route_rows(passage, routes)
        total = len(rows)
    reached = reached_by(traced, passage)
    if not traced.injected:
        notes.append("no money of these sources moves in the recorded payments")
    notes += _cautions(passage.ledger, ties)
    times = passage.ledger.time[np.flatnonzero(traced.on)]
    by_country = countries_by_rule(passage, envelope, ends)
    summary: dict[str, Any] = {
        "rule": rule,
        "says": RULES[rule].says,
        "direction": "backward" if backward else "forward",
        "currency": ledger.currency,
        "sources": len(sources) + len(payment),
        "source_total": ledger.amount(round(traced.injected)),
        "parties_reached": len(reached),
        "routes": None if paths is None else len(routes),
        "on_routes": None if paths is None else ledger.amount(sum(route.minor for route in routes)),
        "unexplained_inflow": ledger.amount(passage.unexplained[reached].sum()),
        "first": ledger.when(times.min()) if len(times) else None,
        "last": ledger.when(times.max()) if len(times) else None,
        "envelope": envelope_of(passage, envelope, ends),
        "countries": countries_of(by_country, rule),
        "countries_by_rule": by_country,
        "payments": int(np.count_nonzero(passage.ledger.leg == 0)),
        "shared_times": passage.ledger.shared_times,
        "undated": ledger.undated,
        "time_unit": ledger.time_unit,
    }
    return Answer(
        command="trace",
        columns=columns_of(backward=backward) if paths is None else ROUTE_COLUMNS,
        rows=rows,
        summary=summary,
        notes=tuple(dict.fromkeys(notes)),
        params={
            "entities": entities, "payment": list(payment), "rule": rule, "backward": backward, "to": to,
            "paths": paths, "ties": ties, "limit": limit, **ledger.choices,
        },
        truncated=len(rows) < total,
        total=total,
        shown=_shown(backward) if paths is None else ROUTE_COLUMNS[:10],
        brief=tuple(name for name in summary if name != "countries_by_rule"),
    )  # fmt: skip


def _shown(backward: bool) -> tuple[str, ...]:
    moved = columns_of(backward=backward)[4]
    return ("id", "caption", "tainted", "low", "high", "country", "share", moved, "held", "first", "last")


def _cautions(settled: Ledger, ties: str) -> list[str]:
    said = []
    if settled.shared_times:
        said.append(
            f"{settled.shared_times:,} of {np.count_nonzero(settled.leg == 0):,} payments share their time with "
            f"another: among these {_TIES[ties]}"
        )
    said.append("which money is meant is a rule's choice, not the record's: leads, to be compared over all rules")
    return said

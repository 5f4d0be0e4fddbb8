"""The money that is traced: the ledger of a case with sources, exits and a direction, and the links it took."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from finnet.analysis.flows.passage import Passage
from finnet.analysis.flows.same_time import inflow_first
from finnet.analysis.flows.traced_links import traced_links
from finnet.analysis.flows.tracing import RULES, trace_by
from finnet.api._party import party_id
from finnet.api.open import rate_table
from finnet.errors import UnknownNameError, UsageError, quoted
from finnet.graph.ledger import Ledger
from finnet.graph.network import Network
from finnet.graph.payments import ledger_of
from finnet.graph.rates import RateTable
from finnet.model.selector import KEYS
from finnet.store.case import Case

__all__ = ["FollowedMoney", "TracedNetwork", "followed_money", "traced_network"]

_SELECTOR = re.compile(rf"^@|^!?listed$|(^|[,+!])({'|'.join(KEYS)}):")
_ASKED = ("payment", "backward", "to", "by", "ties", "currency", "as_of", "min_grade")


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedMoney:
    """A ledger with whom its money is traced from and to (numbers; None where no exits were named)."""

    ledger: Ledger
    passage: Passage
    sources: list[int]
    exits: list[int] | None
    notes: tuple[str, ...]


def followed_money(
    case: Case,
    entities: Sequence[str],
    *,
    payment: Sequence[str] = (),
    backward: bool = False,
    to: str | None = None,
    by: Literal["party", "account"] = "party",
    ties: Literal["file", "inflow_first"] = "file",
    currency: str | None = None,
    rates: str | Path | RateTable | None = None,
    as_of: str | None = None,
    min_grade: str | None = None,
) -> FollowedMoney:
    """What ``trace`` traces, by its own options.

    Raises: UsageError for neither a party nor a payment, for several currencies without a choice; UnknownNameError for
    a party or a payment that does not exist.
    """
    if not entities and not payment:
        raise UsageError("nothing to trace from", hint="name an entity, a selector, or a payment with --payment ID")
    table = rates if isinstance(rates, RateTable) or rates is None else rate_table(rates)
    ledger = ledger_of(case, currency=currency, rates=table, as_of=as_of, min_grade=min_grade, by=by, one_ended=True)
    if ties == "inflow_first":
        ledger = inflow_first(ledger)
    notes = list(ledger.notes)
    sources = _numbers(case, ledger, entities, by, notes)
    exits = None if to is None else _numbers(case, ledger, [to], by, notes)
    passage = Passage.of(
        ledger, sources=sources, payments=_places(case, ledger, payment), exits=exits or (), backward=backward
    )
    return FollowedMoney(ledger=ledger, passage=passage, sources=sources, exits=exits, notes=tuple(notes))


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedNetwork:
    """Traced money as a network, with the ids that it is traced from and to."""

    network: Network
    sources: list[str]
    exits: list[str]


def traced_network(case: Case, asked: Mapping[str, Any], *, rates: str | Path | RateTable | None) -> TracedNetwork:
    """The links that traced money took, as an answer of ``trace`` with these parameters found it.

    Raises: UsageError where its amounts were counted by rates that are not given again, or by others.
    """
    table = rates if isinstance(rates, RateTable) or rates is None else rate_table(rates)
    said = asked.get("rates")
    if (None if said is None else said["sha256"]) != (None if table is None else table.sha256):
        if said is None:
            raise UsageError("this answer of trace was counted without rates", hint="leave --rates away")
        raise UsageError(
            f"this answer of trace was counted by {quoted(said['name'])}", hint="say --rates with that file"
        )
    rule = asked["rule"]
    chosen = {name: asked[name] for name in _ASKED if asked.get(name) is not None}
    money = followed_money(case, asked["entities"], rates=table, **chosen)
    ledger, passage = money.ledger, money.passage
    network = traced_links(passage, trace_by(rule, passage))
    note = (
        f"links are the traced part of payments under {rule}: {RULES[rule].says}; which money is meant is a rule's "
        "choice, not the record's"
    )
    is_by_party = "by" not in ledger.choices
    # A payment that is itself a source begins with its payer (backwards: with who received it).
    begun = passage.sender[np.flatnonzero(passage.marked)].tolist()
    return TracedNetwork(
        network=replace(
            network,
            title=f"Traced money: where it {'came from' if passage.backward else 'went'}",
            # The recipe has parties for ends: behind a link between accounts it finds no record.
            recipe="payments" if is_by_party else None,
            choices=ledger.choices if is_by_party else {},
            notes=(*money.notes, note),
        ),
        sources=sorted({ledger.ids[one] for one in (*money.sources, *begun) if one >= 0}),
        exits=[ledger.ids[one] for one in money.exits or ()],
    )


def _numbers(case: Case, ledger: Ledger, texts: Sequence[str], by: str, notes: list[str]) -> list[int]:
    """The vertex numbers of the parties or accounts meant; who has no dated payment is counted in a note."""
    meant: dict[str, None] = {}
    for text in texts:
        if text in ledger.number:
            meant[text] = None
        elif _SELECTOR.search(text):
            found = case.select(text)
            if not found:
                raise UnknownNameError(f"nobody in the case is meant by {quoted(text)}")
            meant.update(dict.fromkeys(found))
        else:
            meant[party_id(case, text)] = None
    if by == "account":
        held = case.rows(_ACCOUNTS, {"parties": sorted(meant)})
        meant.update(dict.fromkeys(row["account"] for row in held))
    there = sorted(ledger.number[label] for label in meant if label in ledger.number)
    if by == "party" and len(there) < len(meant):
        notes.append(f"{len(meant) - len(there):,} of {len(meant):,} parties named have no dated payment")
    return there


_ACCOUNTS = """
select distinct account from (
    select payer_id as party, payer_account as account from v1_payment
    union all select beneficiary_id, beneficiary_account from v1_payment
) where account is not null and party in (select unnest($parties::varchar[])) order by account
"""


def _places(case: Case, ledger: Ledger, payments: Sequence[str]) -> list[int]:
    """Where the legs of these payments stand in the settled ledger."""
    if not payments:
        return []
    settled = ledger.settled
    stated = case.rows(
        "select payment_id, dataset, record, currency, booked_on, amount from v1_payment where payment_id in"
        " (select unnest($ids::varchar[]))",
        {"ids": list(payments)},
    )
    for label in payments:
        if not any(row["payment_id"] == label for row in stated):
            raise UnknownNameError(f"no payment with the id {quoted(label)}", hint="`finnet sql` lists v1_payment")
    places: list[int] = []
    for row in stated:
        if row["dataset"] not in settled.datasets:
            continue
        same = (settled.record == row["record"]) & (settled.dataset == settled.datasets.index(row["dataset"]))
        legs = np.flatnonzero(same)
        named = zip(legs.tolist(), settled.taken(legs).payment_ids, strict=True)
        places += [place for place, label in named if label == row["payment_id"]]
    if not places:
        [first, *_] = [row for row in stated if row["payment_id"] == payments[0]]
        raise UsageError(
            f"payment {quoted(payments[0])} moves nothing here: {_unmoved(settled, first)}",
            hint="`finnet sql` shows it in v1_payment",
        )
    return places


def _unmoved(settled: Ledger, row: Mapping[str, Any]) -> str:
    if "rates" not in settled.choices and row["currency"] != settled.currency:
        return f"it is in {row['currency']}, not {settled.currency}"
    if row["booked_on"] is None and settled.time_unit != "steps":
        return "it has no date"
    if row["amount"] < 0:
        return "it is a reversal, which cancels earlier payments"
    return "it was reversed, is left out by --as-of or --min-grade, or its amount is nothing"

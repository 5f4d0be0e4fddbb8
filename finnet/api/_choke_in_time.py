"""What can have flowed in the order of time, beside the flow along recorded sums."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from finnet.analysis.flows.temporal_flow import temporal_flow
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Solution
from finnet.api._choke_posed import Posed
from finnet.api._choke_rows import printed
from finnet.api._network import CaseLike
from finnet.graph.ledger import Ledger
from finnet.graph.network import IntArray, Network
from finnet.graph.payments import ledger_of
from finnet.graph.rates import RateTable

__all__ = ["flow_in_time"]

# Four maximum flows beside an answer should not take longer than the answer.
_MOST_LEGS = 500_000


def flow_in_time(
    subject: CaseLike | Network, posed: Posed, solution: Solution, notes: list[str], *, rates: RateTable | None
) -> dict[str, Any]:
    """The flow before and after the chosen set: along recorded sums, and in the order of time, with and without money
    that moves on at the very time it came. Nothing where payments are not what flows, or none has a date."""
    situation = posed.situation
    network = situation.network
    if isinstance(subject, Network) or posed.name != "flow" or network.recipe != "payments":
        return {}
    choice = network.choices.get
    ledger = ledger_of(
        subject, currency=choice("currency"), rates=rates, as_of=choice("as_of"), min_grade=choice("min_grade")
    )
    if not ledger.size:
        return {}
    show = printed(posed.objective, situation)
    ends = (_among(ledger, network, situation.sources), _among(ledger, network, situation.exits))
    left = {"before": _left(ledger, situation, ()), "after": _left(ledger, situation, solution.chosen)}
    said: dict[str, dict[str, Any]] = {
        "recorded sums": {"before": show(posed.value(())), "after": show(posed.value(solution.chosen))}
    }
    for words, same_time in (("in time order, same time too", True), ("in time order, strictly later", False)):
        said[words] = {}
        for when, legs in left.items():
            if legs is None:
                continue
            found = temporal_flow(legs, *ends, same_time=same_time, most_legs=_MOST_LEGS)
            if found.minor is not None:
                said[words][when] = ledger.amount(found.minor)
            else:
                notes.append(
                    f"the flow in time order is not computed: {found.legs:,} payments could be part of it, "
                    f"more than {_MOST_LEGS:,}"
                )
    if None in left.values():
        notes.append(
            "the flow in time order is not all computed: between two parties one currency is severed, another not"
        )
    if ledger.undated:
        notes.append(
            f"{ledger.undated:,} payments without a date are in the recorded sums, not in the flow in time order"
        )
    return {"flow_in_time": said}


def _left(ledger: Ledger, situation: Situation, chosen: Sequence[int]) -> Ledger | None:
    """The legs along edges that are not severed; None where of two parties' edges some are."""
    network = situation.network
    severed = situation.severed(np.array(chosen, np.int64))
    pair = network.source * network.size + network.target
    kept = np.unique(pair[~severed])
    if np.isin(pair[severed], kept).any():
        return None
    number = np.array([network.number.get(label, -1) for label in ledger.ids], np.int64)
    payer, beneficiary = number[ledger.payer], number[ledger.beneficiary]
    there = (payer >= 0) & (beneficiary >= 0)
    return ledger.taken(np.flatnonzero(there & np.isin(payer * network.size + beneficiary, kept)))


def _among(ledger: Ledger, network: Network, vertices: IntArray) -> list[int]:
    labels = (network.ids[vertex] for vertex in vertices.tolist())
    return [ledger.number[label] for label in labels if label in ledger.number]

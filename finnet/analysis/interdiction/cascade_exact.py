"""The interdiction of a flow under a rule that captures, as one integer programme."""

from __future__ import annotations

import numpy as np

from finnet.analysis.interdiction.cascade import Cascade
from finnet.analysis.interdiction.flow_exact import Programme, of_edges
from finnet.analysis.interdiction.flow_network import FlowNetwork
from finnet.analysis.interdiction.situation import Situation
from finnet.graph.network import IntArray

__all__ = ["capture_programme"]

_LARGEST = 2_000  # entities that the rule may capture: above, the first relaxation takes minutes


def capture_programme(
    flows: FlowNetwork, situation: Situation, cascade: Cascade, on_the_way: IntArray
) -> Programme | None:
    """The programme with one more choice per entity that the rule may capture; None if these are too many.

    Such a choice γ(e) costs nothing, but needs holders: γ(e) ≤ γ(e is chosen) + Σ over its holders h of
    min(share(h, e), needed) / needed · γ(h), where *needed* is what the threshold asks beyond what blocked parties
    hold already. In it are those who lie ``on_the_way``, and who holds something of them. A ring of entities may hold
    itself there, which the rule forbids: so it gives a lower bound.
    """
    behind = cascade.holders_behind(situation.candidates, on_the_way)
    candidates = np.union1d(np.intersect1d(situation.candidates, on_the_way), behind)
    members, rows = cascade.rows(candidates, on_the_way)
    if len(members) > _LARGEST:
        return None
    choices = len(candidates) + len(members)
    place_of = {int(entity): len(candidates) + place for place, entity in enumerate(members.tolist())}
    chosen_place = {
        int(entity): place for place, entity in enumerate(cascade.entity[candidates].tolist()) if entity >= 0
    }
    # A candidate that may be captured is blocked as either: its links are closed by the one choice that says so.
    by_vertex = np.full(situation.network.size, -1, np.int64)
    by_vertex[candidates] = np.arange(len(candidates))
    entity = cascade.entity
    for vertex in np.flatnonzero(np.isin(entity, members)).tolist():
        by_vertex[vertex] = place_of[int(entity[vertex])]
    row, column, weight = [], [], []
    for number, (member, holders) in enumerate(zip(members.tolist(), rows, strict=True)):
        row.append(number)
        column.append(place_of[member])
        weight.append(-1.0)
        if member in chosen_place:
            row.append(number)
            column.append(chosen_place[member])
            weight.append(1.0)
        for holder, share in holders:
            row.append(number)
            column.append(place_of.get(holder, chosen_place.get(holder, -1)))
            weight.append(share)
    edges, closing = _closed_by(situation, by_vertex)
    return of_edges(
        flows,
        situation,
        edges,
        closing,
        cost=np.concatenate([situation.cost[candidates], np.zeros(len(members), np.int64)]),
        number=np.concatenate([candidates, np.full(len(members), -1, np.int64)]),
        forced=np.flatnonzero(np.isin(candidates, situation.forced)),
        rule=(np.array(row, np.int64), np.array(column, np.int64), np.array(weight, np.float64)) if choices else None,
    )


def _closed_by(situation: Situation, by_vertex: IntArray) -> tuple[IntArray, IntArray]:
    """Pairs (edge, choice) of the links that are open before anything is chosen and where an enforcer stands."""
    network = situation.network
    exempt = np.intersect1d(np.concatenate([situation.sources, situation.exits]), situation.in_force)
    closing = by_vertex.copy()
    closing[exempt] = -1
    open_edges = ~situation.base if situation.enforced is None else ~situation.base & situation.enforced
    tails = np.flatnonzero(open_edges & (closing[network.source] >= 0))
    heads = np.flatnonzero(open_edges & (closing[network.target] >= 0) & (network.source != network.target))
    return (
        np.concatenate([tails, heads]),
        np.concatenate([closing[network.source[tails]], closing[network.target[heads]]]),
    )

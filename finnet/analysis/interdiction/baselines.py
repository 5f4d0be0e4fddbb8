"""What one would choose without searching: the top of a centrality list, among the same candidates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from finnet.analysis.interdiction.collective_influence import collective_influence
from finnet.analysis.interdiction.hop_betweenness import hop_betweenness
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.metrics import betweenness
from finnet.graph.network import FloatArray, Network, taken

__all__ = ["BASELINES", "Naive", "naive_sets", "remaining", "volume"]

# Vertices times (vertices + edges) times removals: above this, betweenness is not computed anew after each removal.
_ADAPTIVE_WORK = 100_000_000
_EXACT_WORK = 100_000_000  # vertices times (vertices + edges): above this, ways are followed from a sample, in steps

Score = Callable[[Network, int], FloatArray]


@dataclass(frozen=True, slots=True, kw_only=True)
class Naive:
    """Sets by the name of their list, scores by vertex for the lists that rank, and what was left out or estimated."""

    sets: Mapping[str, tuple[int, ...]]
    scores: Mapping[str, FloatArray]
    notes: tuple[str, ...] = ()


def volume(network: Network) -> FloatArray:
    """The weight of all links of each party, in the network's unit."""
    if network.minor is None:
        return network.in_strength + network.out_strength
    both = np.zeros(network.size, np.int64)
    np.add.at(both, network.source, network.minor)
    np.add.at(both, network.target, network.minor)
    return both.astype(np.float64)


def _degree(network: Network, _seed: int) -> FloatArray:
    return np.diff(network.neighbours[0]).astype(np.float64)


def _betweenness(network: Network, seed: int) -> FloatArray:
    if network.size * (network.size + network.edge_count) > _EXACT_WORK:
        return hop_betweenness(network, seed)
    return betweenness.score(network, seed=seed)["score"]


# Name -> score of a network, and whether it is computed anew after each removal.
BASELINES: dict[str, tuple[Score, bool]] = {
    "degree": (_degree, False),
    "adaptive_degree": (_degree, True),
    "betweenness": (_betweenness, False),
    "adaptive_betweenness": (_betweenness, True),
    "volume": (lambda network, _seed: volume(network), False),
    "collective_influence": (collective_influence, True),
}


def remaining(situation: Situation, *, directed: bool = True) -> Network:
    """The network that centralities see: without what is severed already, and undirected, each link counting one, for
    an objective that knows no direction."""
    network, left = situation.network, np.flatnonzero(~situation.base)
    network = replace(
        network,
        source=network.source[left],
        target=network.target[left],
        weight=network.weight[left],
        minor=None if network.minor is None else network.minor[left],
        edges={name: taken(column, left) for name, column in network.edges.items()} if len(left) else {},
    )
    if directed:
        return network
    return replace(network, directed=False)


def naive_sets(situation: Situation, budget: int, *, directed: bool = True, seed: int = 0) -> Naive:
    """The sets that the lists of ``BASELINES`` give: down the list, whoever still fits the budget.

    Ties go to the smallest number (ids are sorted). Forced members are in every set. A party without links is in none.
    """
    network = remaining(situation, directed=directed)
    unweighted = network if directed else replace(network, weight=np.ones(network.edge_count), minor=None, scale=1)
    sets: dict[str, tuple[int, ...]] = {}
    scores: dict[str, FloatArray] = {}
    notes: list[str] = []
    work = network.size * (network.size + network.edge_count)
    for name, (score, adaptive) in BASELINES.items():
        seen = unweighted if score is _betweenness else network
        if score is _betweenness and adaptive and work * max(1, min(budget, network.size)) > _ADAPTIVE_WORK:
            notes.append("adaptive betweenness is left out: the network is too large to rank it anew each time")
            continue
        if adaptive:
            found = _adaptive(situation, seen, budget, score, seed)
            if found is None:
                notes.append(f"{name.replace('_', ' ')} is left out: the network is too dense for it")
                continue
            sets[name] = found
        else:
            scores[name] = score(seen, seed)
            if score is _betweenness and work > _EXACT_WORK:
                notes.append("betweenness is counted in steps, from a sample of the parties")
            sets[name] = _top(situation, scores[name], budget)
    return Naive(sets=sets, scores=scores, notes=tuple(notes))


def _top(situation: Situation, score: FloatArray, budget: int) -> tuple[int, ...]:
    chosen = situation.forced.tolist()
    left = budget - situation.total_cost(chosen)
    candidates = np.setdiff1d(situation.candidates, situation.forced)
    for place in candidates[np.lexsort((candidates, -score[candidates]))].tolist():
        if left <= 0 or score[place] <= 0:
            break
        if situation.cost[place] <= left:
            chosen.append(place)
            left -= int(situation.cost[place])
    return tuple(sorted(chosen))


def _adaptive(situation: Situation, network: Network, budget: int, score: Score, seed: int) -> tuple[int, ...] | None:
    chosen: list[int] = situation.forced.tolist()
    left = budget - situation.total_cost(chosen)
    candidates = np.setdiff1d(situation.candidates, situation.forced)
    while left > 0:
        gone = np.zeros(network.size, bool)
        gone[chosen] = True
        kept = np.flatnonzero(~gone[network.source] & ~gone[network.target])
        rest = replace(
            network,
            source=network.source[kept],
            target=network.target[kept],
            weight=network.weight[kept],
            minor=None if network.minor is None else network.minor[kept],
            edges={},
        )
        values = score(rest, seed)
        if np.isnan(values).any():
            return None
        offered = candidates[(situation.cost[candidates] <= left) & ~gone[candidates] & (values[candidates] > 0)]
        if not len(offered):
            break
        best = int(offered[np.argmax(values[offered])])
        chosen.append(best)
        left -= int(situation.cost[best])
    return tuple(sorted(chosen))

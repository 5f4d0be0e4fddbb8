"""Which countries, or levers, one would name without searching: those that sever most links, or most volume."""

from __future__ import annotations

import numpy as np

from finnet.analysis.interdiction.baselines import Naive
from finnet.analysis.interdiction.situation import Situation
from finnet.graph.network import FloatArray, IntArray

__all__ = ["naive_countries"]


def naive_countries(situation: Situation, budget: int) -> Naive:
    """The first by how many links they could sever alone, and by the weight of these, as long as the budget lasts."""
    edges, choices = situation.cuts
    size = len(situation.cost)
    network = situation.network
    weight = network.weight if network.minor is None else network.minor.astype(np.float64)
    scores: dict[str, FloatArray] = {
        "degree": np.bincount(choices, minlength=size).astype(np.float64),
        "volume": np.bincount(choices, weight[edges], size).astype(np.float64),
    }
    free = np.setdiff1d(situation.candidates, situation.forced)
    sets = {
        name: _down_the_list(situation, free[np.lexsort((free, -score[free]))], budget)
        for name, score in scores.items()
    }
    return Naive(sets=sets, scores=scores)


def _down_the_list(situation: Situation, order: IntArray, budget: int) -> tuple[int, ...]:
    chosen = situation.forced.tolist()
    left = budget - situation.total_cost(chosen)
    for one in order.tolist():
        if situation.cost[one] <= left:
            chosen.append(one)
            left -= int(situation.cost[one])
    return tuple(sorted(chosen))

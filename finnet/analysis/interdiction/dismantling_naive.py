"""The orders of removals that lists by centrality give, to set beside the one that was searched."""

from __future__ import annotations

import numpy as np

from finnet.analysis.interdiction.baselines import BASELINES, remaining
from finnet.analysis.interdiction.dismantling_curve import largest_sizes, removal_problem, stop_size
from finnet.analysis.interdiction.dismantling_seeds import by_betweenness, by_degree
from finnet.analysis.interdiction.pairs_problem import PairsProblem
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Limits
from finnet.graph.network import IntArray

__all__ = ["naive_orders"]

_LISTS = ("degree", "betweenness", "volume")


def naive_orders(situation: Situation, limits: Limits) -> dict[str, tuple[int, ...]]:
    """Down each list, whoever still fits the budget, up to the removal that leaves at most ``limits.until``.

    The adaptive lists rank anew, in the largest component, after each removal. Ties: the smallest number. Forced
    members stand first. A list that ends before the budget goes on by degree, so that all are of one length.
    """
    if not situation.is_separable or not situation.chooses_parties:
        return {}
    problem = removal_problem(situation)
    stop = stop_size(situation.network.size, limits.until)
    place = np.full(situation.network.size, -1)
    place[problem.vertex[problem.eligible]] = np.flatnonzero(problem.eligible)
    forced = place[situation.forced]
    others = place[np.setdiff1d(situation.candidates, situation.forced)]
    free = np.zeros(problem.size, bool)
    free[others] = True
    degree = by_degree(problem, free, forced, stop, core=False)
    between = by_betweenness(problem, free, forced, stop, rounds=len(degree), seed=limits.seed)
    orders = {"adaptive_degree": degree, "adaptive_betweenness": between}
    seen = remaining(situation, directed=False)
    for name in _LISTS:
        score = BASELINES[name][0](seen, limits.seed)[problem.vertex[others]]
        orders[name] = others[np.lexsort((others, -np.round(score, 6)))]
    links = np.diff(problem.pointers)[others]
    last = others[np.lexsort((others, -links))]
    found = {}
    for name in sorted(orders):
        order = np.concatenate([forced, orders[name], np.setdiff1d(last, orders[name], assume_unique=True)])
        taken = _affordable(problem, order, limits.budget)
        below = np.flatnonzero(largest_sizes(problem, taken) <= stop)
        count = max(len(forced), int(below[0]) + 1 if len(below) else len(taken))
        found[name] = tuple(int(one) for one in problem.vertex[taken[:count]])
    return found


def _affordable(problem: PairsProblem, order: IntArray, budget: int) -> IntArray:
    taken, left = [], budget
    for one in order.tolist():
        if problem.cost[one] <= left:
            taken.append(one)
            left -= int(problem.cost[one])
    return np.array(taken, np.int64)

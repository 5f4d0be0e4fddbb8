"""The critical node problem as an integer programme: proven bounds, and the best set where the proof closes.

A relaxation counts only some pairs: the rest may be connected at no cost. Its optimum is a bound; where the set it
chooses leaves no more than it counts, that set is best. Else the pairs that it left connected uncounted are counted
from then on. Few of all pairs are ever needed, since in a good answer only near ones stay connected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from finnet.analysis.interdiction.pairs_counted import edge_codes, left_connected, worth_counting
from finnet.analysis.interdiction.pairs_problem import PairsProblem
from finnet.analysis.interdiction.pairs_programme import Relaxation
from finnet.analysis.interdiction.solution import Clock
from finnet.graph.network import IntArray

__all__ = ["Proof", "prove"]

_ROWS = 120_000  # above, one relaxation takes minutes
_STAGES = 30
_NODES = 1_000_000  # branches per relaxation


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The best set known, what it leaves and the least that any set can leave, both without the problem's offset."""

    members: IntArray
    value: int
    bound: int
    relaxations: int


def prove(
    problem: PairsProblem, sets: Sequence[IntArray], clock: Clock, *, nodes: int = _NODES, rows: int = _ROWS
) -> Proof:
    """Bounds from ever finer relaxations until the best set is proved, or size, branches or time run out.

    ``sets`` are good sets, the first the best of them: what they leave connected, and what sets near the first leave,
    is counted from the start. No relaxation has more ``rows`` than that;
    together they take about as many branches as ``nodes``.

    Source: Veremyev, Boginski, Pasiliao, Exact identification of critical nodes in sparse networks via new compact
    formulations (2014), for the rows; counting pairs as needed and dominated vertices (x_v ≤ x_u) are our own.
    """
    best, value = sets[0], problem.value(sets[0]) - problem.offset
    bound = _edges_left(problem)
    counted = edge_codes(problem)
    for more in worth_counting(problem, sets, value):
        wider = np.union1d(counted, more)
        if len(wider) <= rows // 3:
            counted = wider
    relaxations = 0
    while bound < value and relaxations < _STAGES and not clock.is_over:
        programme = Relaxation(problem, counted)
        if programme.height > rows:
            break
        solved = programme.solve(best, seconds=clock.left, nodes=nodes)
        relaxations += 1
        nodes = max(1, nodes - solved.branches)
        bound = max(bound, min(solved.bound, value))
        if solved.members is None:
            break
        left = problem.value(solved.members) - problem.offset
        if left < value:
            best, value = solved.members, left
        more = np.union1d(counted, left_connected(problem, solved.members))
        if len(more) == len(counted) or not solved.finished:
            break
        counted = more
    return Proof(members=best, value=value, bound=min(bound, value), relaxations=relaxations)


def _edges_left(problem: PairsProblem) -> int:
    """A bound without a programme: each edge that is left is a connected pair, and who is taken out takes its edges.

    >>> from finnet.analysis.interdiction.situation import Situation
    >>> from finnet.graph.network import Network
    >>> ring = Network.of(("a", "b"), ("b", "c"), ("c", "d"), ("d", "a"), directed=False)
    >>> _edges_left(PairsProblem.of(Situation.of(ring), 1))
    2
    """
    low, high = problem.pairs
    worth = problem.weight[low] * problem.weight[high]
    taken = np.zeros(problem.size, np.int64)
    np.add.at(taken, low, worth)
    np.add.at(taken, high, worth)
    own = problem.weight * (problem.weight - 1) // 2
    taken += own
    offered = np.flatnonzero(problem.eligible)
    rates = taken[offered] / problem.cost[offered]
    order = offered[np.argsort(-rates, kind="stable")]
    spent = np.cumsum(problem.cost[order])
    # Fractional knapsack: all that fits, and the next one's share.
    whole = int(np.searchsorted(spent, problem.budget, side="right"))
    most = float(taken[order[:whole]].sum())
    if whole < len(order):
        left = problem.budget - (int(spent[whole - 1]) if whole else 0)
        most += float(taken[order[whole]]) * left / float(problem.cost[order[whole]])
    return max(0, ceil(int(worth.sum()) + int(own.sum()) - most - 1e-6))

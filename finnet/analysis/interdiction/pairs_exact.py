"""The critical node problem as an integer programme: proven bounds, and the best set where the proof closes.

A relaxation counts only some pairs: the rest may be connected at no cost. Its optimum is a bound; where the set it
chooses leaves no more than it counts, that set is best. Else the pairs that it left connected uncounted are counted
from then on. Few of all pairs are ever needed, since in a good answer only near ones stay connected.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from finnet.analysis.interdiction.pairs_anneal import Walk
from finnet.analysis.interdiction.pairs_problem import PairsProblem, components
from finnet.analysis.interdiction.quiet_highs import quiet_highs
from finnet.analysis.interdiction.solution import Clock
from finnet.graph.network import FloatArray, IntArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["Proof", "prove"]

_ROWS = 120_000  # above, one relaxation takes minutes
_STAGES = 30
_NODES = 1_000_000  # branches per relaxation
_SAMPLES, _STRIDE, _SLACK, _SAMPLED = 400, 2_000, 1.5, 15_000


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
    counted = _edge_codes(problem)
    for more in _worth_counting(problem, sets, value):
        wider = np.union1d(counted, more)
        if len(wider) <= rows // 3:
            counted = wider
    relaxations = 0
    while bound < value and relaxations < _STAGES and not clock.is_over:
        programme = _Programme(problem, counted)
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
        more = np.union1d(counted, _left_connected(problem, solved.members))
        if len(more) == len(counted) or not solved.finished:
            break
        counted = more
    return Proof(members=best, value=value, bound=min(bound, value), relaxations=relaxations)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Solved:
    members: IntArray | None
    bound: int
    finished: bool
    branches: int


class _Programme:
    """Minimise Σ w_i w_j y_ij − Σ C(w_i, 2) x_i: x_i says that i is taken out, y_ij that i and j stay connected.

    Rows: y_ij ≥ 1 − x_i − x_j for neighbours; y_ij ≥ y_kj − x_i for each neighbour k of i else (i the end with fewer
    neighbours), as far as kj is counted; x_v ≤ x_u where u dominates v; the budget.
    """

    def __init__(self, problem: PairsProblem, counted: IntArray) -> None:
        self._problem, self._counted = problem, counted
        size = problem.size
        self._low, self._high = counted // size, counted % size
        self._rows, self._columns, self._values, self._least = _rows(
            problem.pointers, problem.neighbours, counted, self._low, self._high
        )
        better, worse = _dominations(
            problem.pointers, problem.neighbours, problem.weight, problem.cost, problem.eligible
        )
        self._better, self._worse = better, worse
        self.height = len(self._least) + len(better) + 1

    def solve(self, start: IntArray, *, seconds: float | None, nodes: int) -> _Solved:
        import highspy

        problem = self._problem
        size, width = problem.size, problem.size + len(self._counted)
        weight = problem.weight
        matrix, least, most = self._matrix(width)
        solver = quiet_highs(seconds=seconds, nodes=nodes)
        solver.setOptionValue("mip_abs_gap", 0.999)  # values are whole: a bound above value − 1 is proof
        programme = highspy.HighsLp()
        programme.num_col_, programme.num_row_ = width, matrix.shape[0]
        own = weight * (weight - 1) // 2
        programme.col_cost_ = np.concatenate(
            [np.where(problem.eligible, -own, 0), weight[self._low] * weight[self._high]]
        ).astype(np.float64)
        programme.offset_ = float(own.sum())
        programme.col_lower_ = np.zeros(width)
        programme.col_upper_ = np.concatenate([problem.eligible.astype(np.float64), np.ones(len(self._counted))])
        programme.row_lower_, programme.row_upper_ = least, most
        programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        programme.a_matrix_.start_ = matrix.indptr
        programme.a_matrix_.index_ = matrix.indices
        programme.a_matrix_.value_ = matrix.data
        kinds = highspy.HighsVarType
        programme.integrality_ = [kinds.kInteger] * size + [kinds.kContinuous] * len(self._counted)
        solver.passModel(programme)
        solution = highspy.HighsSolution()
        solution.col_value = self._point(start).tolist()
        solver.setSolution(solution)
        solver.run()
        information = solver.getInfo()
        status = solver.getModelStatus()
        found = np.array(solver.getSolution().col_value)
        members = np.flatnonzero(found[:size] > 0.5) if len(found) and information.primal_solution_status == 2 else None
        if members is not None and int(problem.cost[members].sum()) > problem.budget:
            members = None
        bound = information.mip_dual_bound
        safe = bound - 1e-6 * max(1.0, abs(bound))
        return _Solved(
            members=members,
            bound=max(0, ceil(safe)) if np.isfinite(safe) else 0,
            finished=status == highspy.HighsModelStatus.kOptimal,
            branches=max(0, int(information.mip_node_count)),
        )

    def _matrix(self, width: int) -> tuple[csr_array, FloatArray, FloatArray]:
        from scipy.sparse import csr_array

        problem, count = self._problem, len(self._least)
        orders = np.arange(len(self._better)) + count
        offered = np.flatnonzero(problem.eligible)
        rows = np.concatenate([self._rows, orders, orders, np.full(len(offered), self.height - 1)])
        columns = np.concatenate([self._columns, self._better, self._worse, offered])
        values = np.concatenate(
            [self._values, np.ones(len(orders)), -np.ones(len(orders)), problem.cost[offered].astype(np.float64)]
        )
        least = np.concatenate([self._least, np.zeros(len(orders)), [-np.inf]])
        most = np.concatenate([np.full(self.height - 1, np.inf), [float(problem.budget)]])
        return csr_array((values, (rows, columns)), shape=(self.height, width)), least, most

    def _point(self, members: IntArray) -> FloatArray:
        problem = self._problem
        label = _labels(problem, members)
        point = np.zeros(problem.size + len(self._counted))
        point[members] = 1
        together = (label[self._low] == label[self._high]) & (label[self._low] >= 0)
        point[problem.size :][together] = 1
        return point


def _worth_counting(problem: PairsProblem, sets: Sequence[IntArray], value: int) -> Iterator[IntArray]:
    yield _two_steps(problem)
    left = [_left_connected(problem, members) for members in sets]
    yield from left
    if len(left[0]) <= _SAMPLED:
        yield _sampled(problem, sets[0], value)


def _sampled(problem: PairsProblem, members: IntArray, value: int) -> IntArray:
    """The pairs that sets near this one leave connected most often.

    A walk warms up until it leaves half as much again, cools where it leaves more, and is looked at every 2,000 steps.
    """
    walk = Walk(problem, members, seed=0)
    temperature = 0.3
    codes: list[IntArray] = [np.empty(0, np.int64)]
    for _ in range(_SAMPLES):
        near = walk.walk(temperature, _STRIDE).value <= _SLACK * value
        temperature *= 1.05 if near else 0.83
        if near:
            codes.append(_left_connected(problem, walk.members))
    pairs, times = np.unique(np.concatenate(codes), return_counts=True)
    return pairs[np.argsort(-times, kind="stable")[:_SAMPLED]]


def _labels(problem: PairsProblem, members: IntArray) -> IntArray:
    out = np.zeros(problem.size, bool)
    out[members] = True
    low, high = problem.pairs
    keep = ~out[low] & ~out[high]
    return np.where(out, -1, components(problem.size, low[keep], high[keep]))


def _left_connected(problem: PairsProblem, members: IntArray) -> IntArray:
    """The pairs (low × size + high) within one component once these are taken out."""
    label = _labels(problem, members)
    order = np.argsort(label, kind="stable")
    order = order[label[order] >= 0]
    ends = np.flatnonzero(np.diff(label[order])) + 1
    parts: list[IntArray] = [np.empty(0, np.int64)]
    for first, last in pairwise([0, *ends.tolist(), len(order)]):
        members_of = order[first:last]
        low, high = np.triu_indices(len(members_of), 1)
        parts.append(members_of[low] * problem.size + members_of[high])
    return np.concatenate(parts)


def _edge_codes(problem: PairsProblem) -> IntArray:
    low, high = problem.pairs
    return low * problem.size + high


def _two_steps(problem: PairsProblem) -> IntArray:
    """The pairs at distance two."""
    from scipy.sparse import csr_array

    size = problem.size
    adjacency = csr_array((np.ones(len(problem.neighbours)), problem.neighbours, problem.pointers), shape=(size, size))
    twice = (adjacency @ adjacency).tocoo()
    low, high = (np.asarray(axis, np.int64) for axis in twice.coords)
    keep = low < high
    return low[keep] * size + high[keep]


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


@njit(cache=True)
def _place(codes, low, high, size):  # type: ignore[no-untyped-def]
    code = low * size + high if low < high else high * size + low
    place = np.searchsorted(codes, code)
    return place if place < len(codes) and codes[place] == code else -1


@njit(cache=True)
def _rows(pointers, neighbours, codes, lows, highs):  # type: ignore[no-untyped-def]
    size = len(pointers) - 1
    rows, columns, values, least = (
        [0 for _ in range(0)],
        [0 for _ in range(0)],
        [0.0 for _ in range(0)],
        [0.0 for _ in range(0)],
    )
    for pair in range(len(codes)):
        low, high = lows[pair], highs[pair]
        place = pointers[low] + np.searchsorted(neighbours[pointers[low] : pointers[low + 1]], high)
        if place < pointers[low + 1] and neighbours[place] == high:
            for column in (size + pair, low, high):
                rows.append(len(least))
                columns.append(column)
                values.append(1.0)
            least.append(1.0)
            continue
        one, other = low, high
        if pointers[high + 1] - pointers[high] < pointers[low + 1] - pointers[low]:
            one, other = high, low
        for link in range(pointers[one], pointers[one + 1]):
            through = _place(codes, neighbours[link], other, size)
            if through >= 0:
                for column, value in ((size + pair, 1.0), (size + through, -1.0), (one, 1.0)):
                    rows.append(len(least))
                    columns.append(column)
                    values.append(value)
                least.append(0.0)
    return np.array(rows), np.array(columns), np.array(values), np.array(least)


@njit(cache=True)
def _dominations(pointers, neighbours, weight, cost, eligible):  # type: ignore[no-untyped-def]
    # Pairs (u, v): taking out u is never worse than taking out v. Of two that dominate each other the first counts.
    better, worse = [0 for _ in range(0)], [0 for _ in range(0)]
    mark = np.full(len(weight), -1, np.int64)
    for v in range(len(weight)):
        degree = pointers[v + 1] - pointers[v]
        if not eligible[v] or degree == 0:
            continue
        mark[neighbours[pointers[v] : pointers[v + 1]]] = v
        nearest = neighbours[pointers[v]]
        for place in range(pointers[v], pointers[v + 1]):
            other = neighbours[place]
            if pointers[other + 1] - pointers[other] < pointers[nearest + 1] - pointers[nearest]:
                nearest = other
        # Whoever dominates v is nearest itself, or knows it.
        for place in range(pointers[nearest] - 1, pointers[nearest + 1]):
            u = nearest if place < pointers[nearest] else neighbours[place]
            if u == v or not eligible[u] or cost[u] > cost[v] or weight[u] < weight[v]:
                continue
            reach = pointers[u + 1] - pointers[u]
            known = 1 if mark[u] == v else 0
            needed = degree - known
            common = 0
            for link in range(pointers[u], pointers[u + 1]):
                if mark[neighbours[link]] == v:
                    common += 1
            if common < needed:
                continue
            alike = reach - known == common and weight[u] == weight[v] and cost[u] == cost[v]
            if not alike or u < v:
                better.append(u)
                worse.append(v)
    return np.array(better), np.array(worse)

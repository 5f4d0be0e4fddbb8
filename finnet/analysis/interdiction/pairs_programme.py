"""One relaxation of the critical node problem as an integer programme: only some pairs cost what they are worth."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from finnet.analysis.interdiction.pairs_counted import labels
from finnet.analysis.interdiction.pairs_problem import PairsProblem
from finnet.analysis.interdiction.quiet_highs import quiet_highs
from finnet.graph.network import FloatArray, IntArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["Relaxation", "Relaxed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """What a relaxation gave: the set it chooses (None: none), a bound in whole numbers, whether it came to its end."""

    members: IntArray | None
    bound: int
    finished: bool
    branches: int


class Relaxation:
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

    def solve(self, start: IntArray, *, seconds: float | None, nodes: int) -> Relaxed:
        """The optimum, or what is known of it once time or branches run out; ``start`` is a set within budget."""
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
        return Relaxed(
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
        label = labels(problem, members)
        point = np.zeros(problem.size + len(self._counted))
        point[members] = 1
        together = (label[self._low] == label[self._high]) & (label[self._low] >= 0)
        point[problem.size :][together] = 1
        return point


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

"""The critical node problem on networks that are nearly trees, exactly: vertex by vertex along an elimination order.

A vertex is settled once all its links are: what then matters of all that is settled is which of its few neighbours
still open are taken out, which of the others are connected through it, and how much hangs on them. A price on the
budget takes the components apart: the best priced answer of each gives a bound, and only rows that come within the
bound's distance from the best set known can belong to a better one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush
from math import ceil

import numpy as np

from finnet.analysis.interdiction.pairs_problem import PairsProblem, components
from finnet.analysis.interdiction.pairs_tables import Table, forget, join, joined_rows, least, reduce, star
from finnet.analysis.interdiction.solution import Clock
from finnet.graph.network import IntArray

__all__ = ["Eliminated", "eliminate"]

_WIDTH = 6  # open neighbours of a vertex when it is settled; above, tables grow too large
_ROWS = 4_000_000  # rows joined in all: some seconds
_PRICES = 24
_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Eliminated:
    """The best set known and the least that any can leave, both without the problem's offset; equal if proved."""

    members: IntArray
    value: int
    bound: int


class _TooLargeError(Exception):
    """The tables outgrow what was granted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    vertex: int
    opens: list[int]  # its neighbours when it is settled, in order of number
    into: int  # the step that its table is joined in; -1: the last of its component
    component: int


def eliminate(problem: PairsProblem, members: IntArray, clock: Clock, *, rows: int = _ROWS) -> Eliminated:
    """The best set, proved, where the network is nearly a tree and the parts that are left are small; else a bound.

    ``members`` is a good set to start from. At most so many ``rows`` are joined in all.

    >>> from finnet.analysis.interdiction.situation import Situation
    >>> from finnet.graph.network import Network
    >>> path = Network.of(("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), directed=False)
    >>> found = eliminate(PairsProblem.of(Situation.of(path), 1), np.array([0]), Clock(None))
    >>> found.members.tolist(), found.value, found.bound
    ([2], 2, 2)

    Source: Addis, Di Summa, Grosso, Identifying critical nodes in undirected graphs: complexity results and polynomial
    algorithms for the case of bounded treewidth (2013); the price on the budget is Everett's (1963).
    """
    known = Eliminated(members=members, value=problem.value(members) - problem.offset, bound=0)
    steps = _steps(problem)
    if steps is None or len(members) == 0 or known.value == 0:
        return known
    try:
        return _Elimination(problem, steps, known, clock, rows).proved()
    except _TooLargeError:
        return known


def _steps(problem: PairsProblem) -> list[_Step] | None:
    """Whom to settle one after the other, always one with fewest open neighbours; None if somebody has too many."""
    around = [
        set(problem.neighbours[first:last].tolist())
        for first, last in zip(problem.pointers[:-1], problem.pointers[1:], strict=True)
    ]
    queue = [(len(known), vertex) for vertex, known in enumerate(around)]
    heapify(queue)
    place = np.full(problem.size, -1)
    order: list[tuple[int, list[int]]] = []
    while queue:
        count, vertex = heappop(queue)
        if place[vertex] >= 0 or count != len(around[vertex]):
            continue
        if count > _WIDTH:
            return None
        place[vertex] = len(order)
        opens = sorted(around[vertex])
        order.append((vertex, opens))
        for one in opens:
            around[one] |= around[vertex]
            around[one] -= {one, vertex}
            heappush(queue, (len(around[one]), one))
    label = components(problem.size, *problem.pairs)
    return [
        _Step(
            vertex=vertex,
            opens=opens,
            into=min((int(place[one]) for one in opens), default=-1),
            component=int(label[vertex]),
        )
        for vertex, opens in order
    ]


class _Elimination:
    def __init__(self, problem: PairsProblem, steps: list[_Step], known: Eliminated, clock: Clock, rows: int) -> None:
        self._problem, self._steps, self._known, self._clock, self._granted = problem, steps, known, clock, rows
        self._children: list[list[int]] = [[] for _ in steps]
        for number, step in enumerate(steps):
            if step.into >= 0:
                self._children[step.into].append(number)
        self._roots = [number for number, step in enumerate(steps) if step.into < 0]
        self._known_parts = self._parts(known.members)

    def proved(self) -> Eliminated:
        problem, known = self._problem, self._known
        spent = int(problem.cost[known.members].sum())
        bound, price, lows = self._best_price(max(1.0, known.value / max(spent, 1)))
        known = replace(known, bound=min(known.value, max(0, ceil(bound - _TOLERANCE * max(1.0, bound)))))
        if known.bound >= known.value:
            return known
        # A better set leaves at least one pair less.
        gap = known.value - 1 - bound + _TOLERANCE * max(1.0, known.value)
        try:
            better = self._within(price, lows, gap)
        except _TooLargeError:
            return known
        # What costs less may come within the gap and still leave more.
        return better if better and better.value < known.value else replace(known, bound=known.value)

    def _best_price(self, price: float) -> tuple[float, float, dict[int, float]]:
        """The highest bound, its price, and what each component comes to at it (Kelley, in one dimension)."""
        problem = self._problem
        best: tuple[float, float, dict[int, float]] | None = None
        dear: tuple[int, int] | None = None  # cost and value of an answer beyond the budget
        cheap: tuple[int, int] | None = None  # and of one within it
        for _ in range(_PRICES):
            try:
                spent, value, lows = self._priced(price)
            except _TooLargeError:
                if best is None:
                    raise
                break
            bound = value + price * (spent - problem.budget)
            if best is None or bound > best[0]:
                best = bound, price, lows
            if spent == problem.budget or bound > self._known.value - 1 + _TOLERANCE:
                break
            if spent > problem.budget:
                dear = spent, value
            else:
                cheap = spent, value
            if dear is None:
                following = price / 2
            elif cheap is None:
                following = price * 2
            else:
                following = (cheap[1] - dear[1]) / (dear[0] - cheap[0])
            if abs(following - price) <= 1e-9 * max(price, 1.0) or following < 1e-3:
                break
            price = following
        assert best is not None
        return best

    def _priced(self, price: float) -> tuple[int, int, dict[int, float]]:
        """Cost and value of the best answer where cost has this price and no limit; what each component comes to."""
        spent = value = 0
        lows: dict[int, float] = {}
        tables = self._sweep(
            price, {label: part + price * cost for label, (part, cost) in self._known_parts.items()}, None
        )
        for root in self._roots:
            table = tables[root]
            comes_to = least(table, price)
            row = int(np.argmin(comes_to))
            lows[self._steps[root].component] = float(comes_to[row])
            spent += int(table.spent[row])
            value += int(table.value[row])
        return spent, value, lows

    def _within(self, price: float, lows: dict[int, float], gap: float) -> Eliminated | None:
        """The best set within the budget that comes within ``gap`` of the bound; None if there is none."""
        budget = self._problem.budget
        tables = self._sweep(price, {label: low + gap for label, low in lows.items()}, budget)
        whole, rest = star([], []), sum(lows.values())
        most = rest + gap
        for root in self._roots:
            rest -= lows[self._steps[root].component]
            self._count(joined_rows(whole, tables[root], []))
            whole = reduce(join(whole, tables[root], []), price, most - rest, budget)
        if len(whole) == 0:
            return None
        row = int(np.lexsort((whole.spent, whole.value))[0])
        out: list[int] = []
        stack = list(zip(self._roots, whole.trace[row, 1:].tolist(), strict=True))
        while stack:
            number, of = stack.pop()
            trace = tables[number].trace[of]
            if trace[0]:
                out.append(self._steps[number].vertex)
            stack.extend(zip(self._children[number], trace[1:].tolist(), strict=True))
        value = int(whole.value[row])
        return Eliminated(members=np.array(sorted(out), np.int64), value=value, bound=value)

    def _sweep(self, price: float, most: dict[int, float], budget: int | None) -> dict[int, Table]:
        """The table of each step, without rows that come to more than ``most`` of their component."""
        problem = self._problem
        limit = int(problem.cost.sum()) if budget is None else budget
        tables: dict[int, Table] = {}
        for number, step in enumerate(self._steps):
            scope = [step.vertex, *step.opens]
            first, last = problem.pointers[step.vertex], problem.pointers[step.vertex + 1]
            linked = set(problem.neighbours[first:last].tolist())
            table = star([one in linked for one in scope], problem.eligible[scope].tolist())
            highest = most[step.component] * (1 + 1e-12) + _TOLERANCE
            for child in self._children[number]:
                places = [scope.index(one) for one in self._steps[child].opens]
                self._count(joined_rows(table, tables[child], places))
                table = reduce(join(table, tables[child], places), price, highest, limit)
            settled = forget(table, int(problem.weight[step.vertex]), int(problem.cost[step.vertex]))
            tables[number] = reduce(settled, price, highest, limit)
        return tables

    def _count(self, rows: int) -> None:
        self._granted -= rows
        if self._granted < 0 or self._clock.is_over:
            raise _TooLargeError

    def _parts(self, members: IntArray) -> dict[int, tuple[int, int]]:
        """What the known set leaves in each component, and what it costs there."""
        problem = self._problem
        whole = components(problem.size, *problem.pairs)
        out = np.zeros(problem.size, bool)
        out[members] = True
        low, high = problem.pairs
        keep = ~out[low] & ~out[high]
        left = components(problem.size, low[keep], high[keep])
        weight = np.zeros(problem.size, np.int64)
        np.add.at(weight, left, np.where(out, 0, problem.weight))
        pairs, cost = np.zeros(problem.size, np.int64), np.zeros(problem.size, np.int64)
        np.add.at(pairs, whole, weight * (weight - 1) // 2)
        np.add.at(cost, whole[members], problem.cost[members])
        return {label: (int(pairs[label]), int(cost[label])) for label in np.unique(whole).tolist()}

"""The search for an order of removals: every set where few are affordable, else heuristics, then annealing."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from finnet.analysis.interdiction.dismantling_anneal import Terms, annealed, scored
from finnet.analysis.interdiction.dismantling_curve import (
    area,
    largest_sizes,
    removal_problem,
    shares,
    start_size,
    stop_size,
)
from finnet.analysis.interdiction.dismantling_exact import exact_order
from finnet.analysis.interdiction.dismantling_kernel import kernel
from finnet.analysis.interdiction.dismantling_seeds import by_betweenness, by_degree, put_back
from finnet.analysis.interdiction.pairs_problem import PairsProblem
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Clock, Limits, Solution
from finnet.graph.network import IntArray

__all__ = ["best_order"]

_WORK = 24_000_000_000  # steps times (vertices + links of the kernel): some 40 seconds
_MOST_STEPS, _FEWEST_STEPS = 18_000_000, 200
_STEPS_PER_ORDER = 40_000  # times the square of the removals: what a small network needs
# Per round of annealing: where it starts, how many parties beyond those of the order take part at least, whether by the
# smooth score, and its part of the steps. Near the best start first; then far and wide, by the trapezium rule, since
# Simpson's weights keep an order at its number of removals.
_ROUNDS = ((0.02, 60, False, 0.5), (0.2, 300, True, 0.3), (0.05, 300, False, 0.2))


def best_order(situation: Situation, limits: Limits) -> Solution:
    """The best order of removals found within the budget, up to the first that leaves at most ``limits.until``.

    Raises: ValueError if the forced members cost more than the budget.
    """
    problem = removal_problem(situation)
    before = start_size(problem)
    size = situation.network.size
    forced = _places(problem, situation.forced)
    left = limits.budget - int(problem.cost[forced].sum())
    if left < 0:
        raise ValueError(f"the forced members cost more than the budget of {limits.budget}")
    stop = stop_size(size, limits.until)
    others = np.setdiff1d(np.flatnonzero(problem.eligible & (problem.cost <= left)), forced)
    # Nobody without links is worth a removal; and where nothing is to be taken apart, only the forced are taken.
    others = others[np.diff(problem.pointers)[others] > 0] if before > stop else others[:0]
    offered = np.concatenate([forced, others])
    longest = len(forced) + int((np.cumsum(np.sort(problem.cost[others])) <= left).sum())
    terms = Terms(budget=limits.budget, longest=longest, start=before, stop=stop, scale=size + 1, forced=len(forced))
    hunt = _Hunt(problem=problem, terms=terms, limits=limits, clock=Clock(limits.seconds), offered=offered)
    hunt.run()
    chosen = tuple(int(one) for one in problem.vertex[np.array(hunt.best, np.int64)])
    curve = shares(situation, chosen)
    after = area(curve, limits.until)
    notes = []
    if hunt.clock.struck and not hunt.proved:
        notes.append(f"stopped by --time after {limits.seconds:g} s")
    if before <= stop:
        notes.append(f"the largest component has at most {limits.until:.0%} of all before any removal")
    elif curve[-1] > limits.until:
        notes.append(f"the chosen leave {curve[-1]:.1%} connected, more than --until {limits.until:.0%}")
    return Solution(
        chosen=chosen,
        before=before / size if size else 0.0,
        after=after,
        bound=after if hunt.proved else None,
        optimal=hunt.proved,
        method=hunt.method,
        evaluations=hunt.evaluations,
        notes=tuple(notes),
    )


def _places(problem: PairsProblem, numbers: IntArray) -> IntArray:
    place = {int(problem.vertex[one]): int(one) for one in np.flatnonzero(problem.eligible)}
    return np.array([place[one] for one in numbers.tolist()], np.int64)


@dataclass(slots=True, kw_only=True)
class _Hunt:
    problem: PairsProblem
    terms: Terms
    limits: Limits
    clock: Clock
    offered: IntArray  # the forced first
    best: tuple[int, ...] = ()
    proved: bool = False
    method: str = ""
    evaluations: int = 0

    def run(self) -> None:
        found = self._exact() if self.terms.longest else ()
        if found is not None:
            self.best, self.proved = found, True
            self.best += tuple(one for one in self.offered[: self.terms.forced].tolist() if one not in found)
            self.method = "every set" if found else "nothing to take apart within the budget"
            return
        orders = self._starts()
        self._anneal(orders)

    def _exact(self) -> tuple[int, ...] | None:
        def size_of(members: list[int]) -> int:
            return int(largest_sizes(self.problem, np.array(members))[-1])

        return exact_order(size_of, self.problem.cost, self.offered, self.terms)

    def _starts(self) -> dict[str, IntArray]:
        """Orders by name, of vertices that are not forced."""
        problem, stop, terms = self.problem, self.terms.stop, self.terms
        forced = self.offered[: terms.forced]
        free = np.zeros(problem.size, bool)
        free[self.offered[terms.forced :]] = True
        orders = {
            "adaptive degree": by_degree(problem, free, forced, stop, core=False),
            "CoreHD": by_degree(problem, free, forced, stop, core=True),
        }
        rounds = min(len(order) for order in orders.values())
        if not self.clock.is_over:
            orders["adaptive betweenness"] = by_betweenness(
                problem, free, forced, stop, rounds=rounds, seed=self.limits.seed
            )
        for name, order in list(orders.items()):
            orders[f"{name}, put back"] = put_back(problem, order, forced)
            affordable = order[np.cumsum(problem.cost[order]) <= terms.budget - problem.cost[forced].sum()]
            if len(affordable) < len(order):
                orders[f"{name}, as far as the budget goes, put back"] = put_back(problem, affordable, forced)
        return orders

    def _anneal(self, orders: dict[str, IntArray]) -> None:
        problem, terms = self.problem, self.terms
        forced = put_back(problem, self.offered[: terms.forced], np.empty(0, np.int64))
        ranked = []
        for name, order in orders.items():
            whole = np.concatenate([forced, order])
            small = kernel(problem, whole)
            value, taken = scored(small, problem.cost[whole], terms, np.arange(len(whole)))
            ranked.append((value, name, whole, len(taken)))
        ranked.sort(key=lambda one: one[:2])
        value, name, whole, count = ranked[0]
        self.evaluations, least, best = len(ranked), value, whole[:count]
        for number in range(len(_ROUNDS)):
            found, order = self._round(whole, count, orders, number)
            if found < least:
                least, best = found, order
            # What the smooth score likes is where the next round begins, whatever Simpson's rule says of it so far.
            whole, count = (order, len(order)) if _ROUNDS[number][2] else (best, len(best))
        self.best = tuple(best.tolist())
        self.method = f"{name}, then annealing" if least < value else name

    def _round(self, whole: IntArray, count: int, orders: dict[str, IntArray], number: int) -> tuple[int, IntArray]:
        """The order that annealing from this one finds, down to the last who is taken, and its score."""
        hot, beside, smooth, part = _ROUNDS[number]
        problem, terms = self.problem, self.terms
        # The kernel holds whom the order takes, in its order, so that the search begins there.
        members = self._members(whole, count, orders, beside)
        small, cost = kernel(problem, members), problem.cost[members]
        steps = self.limits.iterations
        if steps is None:
            work = len(small.weight) + len(small.neighbours)
            steps = int(min(_MOST_STEPS, _STEPS_PER_ORDER * count * count, max(_FEWEST_STEPS, _WORK // work)))
        order, done = annealed(
            small,
            cost,
            replace(terms, smooth=smooth),
            np.arange(len(members)),
            hot=hot,
            steps=math.ceil(steps * part),
            seed=self.limits.seed * len(_ROUNDS) + number,
            clock=self.clock,
        )
        least, taken = scored(small, cost, terms, order)
        self.evaluations += done
        return least, members[taken]

    def _members(self, whole: IntArray, count: int, orders: dict[str, IntArray], beside: int) -> IntArray:
        """Who takes part: the forced, the best start, whom other starts take early, whoever has many links."""
        problem, terms = self.problem, self.terms
        early = np.zeros(problem.size)
        for order in orders.values():
            early[order] += 1 - np.arange(len(order)) / (len(order) + 1)
        degree = np.diff(problem.pointers)
        others = self.offered[terms.forced :]
        ranking = np.concatenate(
            [
                whole[:count],
                *(order[:count] for order in orders.values()),
                others[np.lexsort((others, -early[others]))],
                others[np.lexsort((others, -degree[others]))],
            ]
        )
        _, first = np.unique(ranking, return_index=True)
        members = ranking[np.sort(first)]
        return members[: max(3 * count, count + beside)]

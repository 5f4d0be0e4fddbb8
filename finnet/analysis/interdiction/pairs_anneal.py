"""Simulated annealing over swaps for the critical node problem, each swap judged exactly before it is made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from finnet.analysis.interdiction.pairs_problem import PairsProblem
from finnet.analysis.interdiction.pairs_random import below, mixed, share
from finnet.analysis.interdiction.pairs_state import (
    State,
    gain,
    loss,
    put_back,
    start,
    swap,
    swap_change,
    take_out,
)
from finnet.graph.network import IntArray

__all__ = ["Walk", "Walked"]

_SPENT, _COUNT, _VALUE, _BEST_COUNT, _BEST, _MADE, _UPHILL = range(7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """What some steps at one temperature did: the share of steps that went uphill, and the value at their end."""

    uphill: float
    value: int


class Walk:
    """A walk over sets within the budget; it remembers the best it met.

    A step proposes to put one member back and take out another vertex: half of the time one near to it, so that
    separators can move, else any. It is made if that leaves no more pairs connected, else with the probability
    exp(−change / temperature). Where costs differ, steps that only take out or only put back keep to the budget.

    Deterministic for a seed. ``value`` and ``best`` are without the problem's offset.
    """

    def __init__(self, problem: PairsProblem, members: IntArray, seed: int) -> None:
        self._problem = problem
        self._offered: IntArray = np.flatnonzero(problem.eligible)
        self._even = len(np.unique(problem.cost[self._offered])) <= 1
        self._random = np.array([mixed(seed)], np.uint64)
        self._state = self._began(members)

    def _began(self, members: IntArray) -> State:
        problem = self._problem
        state = start(problem.pointers, problem.neighbours, problem.weight, members)
        self._members = np.zeros(problem.size, np.int64)
        self._members[: len(members)] = members
        self._numbers = np.zeros(7, np.int64)
        self._numbers[_SPENT] = problem.cost[members].sum()
        self._numbers[_COUNT] = self._numbers[_BEST_COUNT] = len(members)
        self._numbers[_VALUE] = self._numbers[_BEST] = state.value
        self._best = self._members.copy()
        return state

    @property
    def best(self) -> int:
        """The pairs that the best set so far leaves connected."""
        return int(self._numbers[_BEST])

    @property
    def best_members(self) -> IntArray:
        """The best set so far, sorted."""
        return np.sort(self._best[: self._numbers[_BEST_COUNT]])

    @property
    def members(self) -> IntArray:
        """The set the walk is at, sorted."""
        return np.sort(self._members[: self._numbers[_COUNT]])

    def restart(self, members: IntArray) -> None:
        """Go on from this set; the best so far is forgotten."""
        self._state = self._began(members)

    def change(self, samples: int) -> float:
        """The mean change of proposed steps that go uphill, from here; 1 if there are none."""
        return float(
            _mean_uphill(
                self._state, self._problem.eligible, self._offered, self._members, self._numbers, self._random, samples
            )
        )

    def walk(self, temperature: float, steps: int) -> Walked:
        """Some steps at one temperature."""
        self._numbers[_MADE] = self._numbers[_UPHILL] = 0
        _walk(
            self._state,
            self._problem.cost,
            self._problem.eligible,
            self._offered,
            self._problem.budget,
            self._even,
            self._members,
            self._best,
            self._numbers,
            self._random,
            temperature,
            steps,
        )
        return Walked(uphill=int(self._numbers[_UPHILL]) / max(steps, 1), value=int(self._numbers[_VALUE]))


@njit(cache=True)
def _proposed(state, offered, random, back):  # type: ignore[no-untyped-def]
    # A vertex to take out for back: a neighbour, a neighbour's neighbour, or any.
    pointers, neighbours = state.pointers, state.neighbours
    choice = below(random, 4)
    degree = pointers[back + 1] - pointers[back]
    if choice >= 2 or degree == 0:
        return offered[below(random, len(offered))]
    out = neighbours[pointers[back] + below(random, degree)]
    if choice == 0:
        out = neighbours[pointers[out] + below(random, pointers[out + 1] - pointers[out])]
    return out


@njit(cache=True)
def _mean_uphill(state, eligible, offered, members, numbers, random, samples):  # type: ignore[no-untyped-def]
    total, met = 0.0, 0
    if numbers[_COUNT] == 0:
        return 1.0
    for _ in range(samples):
        back = members[below(random, numbers[_COUNT])]
        out = _proposed(state, offered, random, back)
        if state.tree[out, 0] >= 0 and eligible[out]:
            change = swap_change(state, back, out)
            if change > 0:
                total += change
                met += 1
    return total / met if met else 1.0


@njit(cache=True)
def _walk(state, cost, eligible, offered, budget, even, members, best, numbers, random, temperature, steps):  # type: ignore[no-untyped-def]
    tree = state.tree
    spent, count, value = numbers[_SPENT], numbers[_COUNT], numbers[_VALUE]
    made, uphill = 0, 0
    for _ in range(steps):
        if not even and below(random, 8) == 0:
            # Where costs differ, the number of members varies: take out only what fits, or put back only.
            out = offered[below(random, len(offered))]
            if tree[out, 0] >= 0 and spent + cost[out] <= budget:
                value -= gain(state, out)
                take_out(state, out)
                members[count] = out
                count += 1
                spent += cost[out]
                made += 1
            elif count > 0:
                place = below(random, count)
                change = loss(state, members[place])
                if share(random) < np.exp(-change / temperature):
                    put_back(state, members[place])
                    spent -= cost[members[place]]
                    count -= 1
                    members[place] = members[count]
                    value += change
                    made += 1
                    uphill += change > 0
        elif count > 0:
            place = below(random, count)
            back = members[place]
            out = _proposed(state, offered, random, back)
            if tree[out, 0] < 0 or not eligible[out] or spent - cost[back] + cost[out] > budget:
                continue
            change = swap_change(state, back, out)
            if change > 0 and share(random) >= np.exp(-change / temperature):
                continue
            swap(state, back, out)
            members[place] = out
            spent += cost[out] - cost[back]
            value += change
            made += 1
            uphill += change > 0
        if value < numbers[_BEST]:
            numbers[_BEST] = value
            numbers[_BEST_COUNT] = count
            best[:count] = members[:count]
    numbers[_SPENT], numbers[_COUNT], numbers[_VALUE] = spent, count, value
    numbers[_MADE], numbers[_UPHILL] = made, uphill

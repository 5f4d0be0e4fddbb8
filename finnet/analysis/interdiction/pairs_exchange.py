"""Exchange by turns: out of a large component goes who stayed longest in one, back comes who joins least.

Where every answer is a few large parts that only a whole separator takes apart, single swaps all look alike and
annealing finds no way down. Here every step breaks up a large component, whatever it costs elsewhere.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from finnet.analysis.interdiction.pairs_greedy import filled
from finnet.analysis.interdiction.pairs_problem import PairsProblem
from finnet.analysis.interdiction.pairs_random import below, mixed
from finnet.analysis.interdiction.pairs_state import gain, loss, put_back, start, take_out
from finnet.analysis.interdiction.solution import Clock
from finnet.graph.network import IntArray

__all__ = ["Exchange"]

_POOL = 20
_PATIENCE = 1000  # exchanges without a better set, after which a search is over
_INHERITED = 0.85  # the chance that a member that one parent only has is kept
_STALE = 20 * _POOL  # searches without a better set, after which the pool is given up
_WORK = 64  # vertices and links looked at, that take about as long as one annealing step


class Exchange:
    """A pool of good sets that breeds more of them; it goes on where the last ``run`` ended. Costs must be equal.

    A child has what both parents have (the backbone) and most of what one has, put back to the budget and searched on.
    Deterministic for a seed.

    Source: Zhou, Hao, Glover, Memetic search for identifying critical nodes in sparse graphs (2018).
    """

    def __init__(self, problem: PairsProblem, seed: int) -> None:
        self._problem = problem
        self._offered: IntArray = np.flatnonzero(problem.eligible)
        self._room = int(problem.budget // problem.cost[self._offered[0]]) if len(self._offered) else 0
        self._random = np.random.default_rng(seed)
        self._draws = np.array([mixed(seed)], np.uint64)
        self._pool: list[tuple[int, IntArray]] = []
        self._idle = 0
        # Each exchange looks at all vertices, and at the links of all members.
        self.steps_each = 1 + (problem.size + 2 * len(problem.pairs[0]) * self._room // max(problem.size, 1)) // _WORK

    @classmethod
    def serves(cls, problem: PairsProblem) -> bool:
        """Whether all who may be chosen cost the same and not all can be."""
        costs = np.unique(problem.cost[problem.eligible])
        return len(costs) == 1 and 0 < problem.budget // costs[0] < int(problem.eligible.sum())

    def run(self, exchanges: int, clock: Clock, known: IntArray | None = None) -> tuple[int, int, IntArray]:
        """About so many exchanges: how many it made, and value (without the offset) and members of the best set.

        A good set that is ``known`` joins the pool.
        """
        if known is not None:
            self._keep(self._problem.value(known) - self._problem.offset, np.sort(known))
        value, members, made = self._searched(self._start(), exchanges)
        self._keep(value, members)
        best = self._pool[0]
        while made < exchanges and not clock.is_over:
            if self._idle >= _STALE:
                self._pool, self._idle = [], 0
            value, members, count = self._searched(self._start(), exchanges - made)
            made += count
            self._idle = 0 if not self._pool or value < self._pool[0][0] else self._idle + 1
            self._keep(value, members)
            best = min(best, self._pool[0], key=lambda one: one[0])
        return made, *best

    def _start(self) -> IntArray:
        if len(self._pool) < _POOL:
            return self._random.choice(self._offered, self._room, replace=False)
        first, second = self._random.choice(len(self._pool), 2, replace=False)
        one, other = self._pool[first][1], self._pool[second][1]
        rest = np.setxor1d(one, other)
        rest = rest[self._random.random(len(rest)) < _INHERITED]
        members = filled(self._problem, np.concatenate([np.intersect1d(one, other), rest]))
        missing = self._random.permutation(np.setdiff1d(self._offered, members))[: self._room - len(members)]
        return np.concatenate([members, missing])

    def _searched(self, members: IntArray, most: int) -> tuple[int, IntArray, int]:
        problem = self._problem
        state = start(problem.pointers, problem.neighbours, problem.weight, members)
        current, best = members.copy(), members.copy()
        value, count = _exchanged(state, problem.eligible, current, best, self._draws, state.value, _PATIENCE, most)
        return int(value), np.sort(best), int(count)

    def _keep(self, value: int, members: IntArray) -> None:
        if any(value == old and np.array_equal(members, kept) for old, kept in self._pool):
            return
        self._pool.append((value, members))
        self._pool.sort(key=lambda one: one[0])
        del self._pool[_POOL:]


@njit(cache=True)
def _exchanged(state, eligible, members, best, draws, value, patience, most):  # type: ignore[no-untyped-def]
    size, count = len(state.weight), len(members)
    tree, total = state.tree, state.total
    stayed = np.zeros(size, np.int64)  # turns in a broken component since it was last moved
    moved = np.zeros(size, np.int64)
    least, idle, turn = value, 0, 0
    while idle < patience and turn < most:
        turn += 1
        large, small = 0, np.int64(2**62)
        for vertex in range(size):
            if tree[vertex, 0] >= 0 and tree[vertex, 1] < 0:  # a root, once for each component
                large = max(large, total[tree[vertex, 0]])
                small = min(small, total[tree[vertex, 0]])
        home, met = -1, 0
        for vertex in range(size):
            number = tree[vertex, 0]
            if number >= 0 and tree[vertex, 1] < 0 and total[number] >= (large + small) // 2:
                met += 1
                if below(draws, met) == 0:
                    home = number
        out = -1
        for vertex in range(size):
            if tree[vertex, 0] == home and eligible[vertex]:
                if (
                    out < 0
                    or stayed[vertex] > stayed[out]
                    or (stayed[vertex] == stayed[out] and moved[vertex] < moved[out])
                ):
                    out = vertex
                stayed[vertex] += 1
        idle += 1
        if home < 0 or out < 0:
            continue  # another component may have somebody to take out
        value -= gain(state, out)
        take_out(state, out)
        stayed[out], moved[out] = 0, turn
        place, joins = 0, np.int64(2**62)
        for one in range(count):
            change = loss(state, members[one])
            if change < joins or (change == joins and moved[members[one]] < moved[members[place]]):
                place, joins = one, change
        value += joins
        put_back(state, members[place])
        stayed[members[place]], moved[members[place]] = 0, turn
        members[place] = out
        if value < least:
            least, idle = value, 0
            best[:] = members
    return least, turn

"""A first set for the critical node problem: take out the best vertex each time, then put back what mattered least."""

from __future__ import annotations

import numpy as np
from numba import njit

from finnet.analysis.interdiction.pairs_problem import PairsProblem
from finnet.analysis.interdiction.pairs_state import gain, loss, put_back, start, take_out
from finnet.graph.network import IntArray

__all__ = ["filled", "greedy"]


def greedy(problem: PairsProblem) -> IntArray:
    """A set within the budget, sorted: beyond the budget by half, forwards, then back to it, then filled.

    Going forwards takes out whom it pays most per cost; going back puts back whom it costs least per cost. So what the
    first choices made needless is given up for what they made worth while.

    >>> from finnet.analysis.interdiction.situation import Situation
    >>> from finnet.graph.network import Network
    >>> star = Network.of(("hub", "a"), ("hub", "b"), ("hub", "c"), ("c", "d"), directed=False)
    >>> greedy(PairsProblem.of(Situation.of(star), 1)).tolist() == [star.number["hub"]]
    True
    """
    best: IntArray = np.empty(0, np.int64)
    least = problem.value(best)
    for beyond in (1.0, 1.5):
        members = filled(problem, np.empty(0, np.int64), beyond)
        value = problem.value(members)
        if value < least:
            best, least = members, value
    return best


def filled(problem: PairsProblem, members: IntArray, beyond: float = 1.0) -> IntArray:
    """These members, more of them up to ``beyond`` times the budget, then back to the budget, and filled up; sorted."""
    state = start(problem.pointers, problem.neighbours, problem.weight, members)
    chosen = np.zeros(problem.size, np.bool_)
    chosen[members] = True
    _extend(state, problem.cost, problem.eligible, chosen, int(problem.budget * beyond))
    _reduce(state, problem.cost, chosen, problem.budget)
    _extend(state, problem.cost, problem.eligible, chosen, problem.budget)
    return np.flatnonzero(chosen)


@njit(cache=True)
def _extend(state, cost, eligible, chosen, budget):  # type: ignore[no-untyped-def]
    spent = 0
    for vertex in range(len(cost)):
        if chosen[vertex]:
            spent += cost[vertex]
    while True:
        best, rate = -1, 0.0
        for vertex in range(len(cost)):
            if eligible[vertex] and not chosen[vertex] and spent + cost[vertex] <= budget:
                worth = gain(state, vertex) / cost[vertex]
                if worth > rate:
                    best, rate = vertex, worth
        if best < 0:
            return
        take_out(state, best)
        chosen[best] = True
        spent += cost[best]


@njit(cache=True)
def _reduce(state, cost, chosen, budget):  # type: ignore[no-untyped-def]
    spent = 0
    for vertex in range(len(cost)):
        if chosen[vertex]:
            spent += cost[vertex]
    while spent > budget:
        best, rate = -1, np.inf
        for vertex in range(len(cost)):
            if chosen[vertex]:
                worth = loss(state, vertex) / cost[vertex]
                if worth < rate:
                    best, rate = vertex, worth
        put_back(state, best)
        chosen[best] = False
        spent -= cost[best]

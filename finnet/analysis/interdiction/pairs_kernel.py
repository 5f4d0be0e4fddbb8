"""The kernel of a critical node problem: the same question on fewer vertices, with the same optimum."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numba import njit

from finnet.analysis.interdiction.pairs_problem import PairsProblem, components, compressed
from finnet.graph.network import IntArray

__all__ = ["kernel"]


def kernel(problem: PairsProblem) -> PairsProblem:
    """A smaller problem whose best set is a best set of this one, under ``vertex``.

    Three rules, until none applies:

    - A vertex of weight at most 1 all of whose neighbours u *dominate* it (its neighbours are among u and u's
      neighbours; u may be taken out, costs no more and weighs no less) need not be taken out: take out, instead of it,
      a neighbour that is still there; if there is none, it is alone and its removal does nothing. Leaves are the case
      of one neighbour; vertices whose neighbours all know each other are the general one.
    - Neighbours neither of which may be taken out are always together: they become one vertex.
    - A vertex of weight at most 1 that is not taken out and has a single neighbour counts with it: alone it makes no
      pair.

    Components in which nothing may be taken out are a constant.

    Source: Ventresca, Aleman, A derandomized approximation algorithm for the critical node detection problem (2014) for
    leaves; the domination argument is our own.
    """
    while True:
        size, offered = problem.size, int(problem.eligible.sum())
        problem = _without_dominated(problem)
        problem = _merged(problem)
        problem = _without_leaves(problem)
        if (problem.size, int(problem.eligible.sum())) == (size, offered):
            return _without_constants(problem)


def _without_dominated(problem: PairsProblem) -> PairsProblem:
    eligible = _undominated(
        problem.pointers, problem.neighbours, problem.weight, problem.cost, problem.eligible, problem.budget
    )
    return replace(problem, eligible=eligible, vertex=np.where(eligible, problem.vertex, -1))


@njit(cache=True)
def _undominated(pointers, neighbours, weight, cost, eligible, budget):  # type: ignore[no-untyped-def]
    # One vertex after the other, each against those that are still eligible: each step keeps a best set.
    left = eligible & (cost <= budget)
    size = len(weight)
    mark = np.full(size, -1, np.int64)
    order = np.argsort(pointers[1:] - pointers[:-1], kind="mergesort")
    for vertex in order:
        if not left[vertex] or weight[vertex] > 1:
            continue
        degree = pointers[vertex + 1] - pointers[vertex]
        dominated = True
        for place in range(pointers[vertex], pointers[vertex + 1]):
            other = neighbours[place]
            if not left[other] or cost[other] > cost[vertex] or weight[other] < weight[vertex]:
                dominated = False
                break
            if pointers[other + 1] - pointers[other] < degree:
                dominated = False
                break
            mark[other] = vertex
        if not dominated:
            continue
        for place in range(pointers[vertex], pointers[vertex + 1]):
            other = neighbours[place]
            known = 1
            for link in range(pointers[other], pointers[other + 1]):
                if mark[neighbours[link]] == vertex:
                    known += 1
            if known < degree:
                dominated = False
                break
        if dominated:
            left[vertex] = False
    return left


def _merged(problem: PairsProblem) -> PairsProblem:
    low, high = problem.pairs
    together = ~problem.eligible[low] & ~problem.eligible[high]
    if not together.any():
        return problem
    return _folded(problem, components(problem.size, low[together], high[together]))


def _without_leaves(problem: PairsProblem) -> PairsProblem:
    degree = np.diff(problem.pointers)
    leaf = (degree == 1) & ~problem.eligible & (problem.weight <= 1)
    if not leaf.any():
        return problem
    into = np.arange(problem.size)
    leaves = np.flatnonzero(leaf)
    into[leaves] = problem.neighbours[problem.pointers[leaves]]
    return _folded(problem, into)


def _without_constants(problem: PairsProblem) -> PairsProblem:
    label = components(problem.size, *problem.pairs)
    alive = np.zeros(problem.size, bool)
    alive[label[problem.eligible]] = True
    total = np.zeros(problem.size, np.int64)
    np.add.at(total, label, problem.weight)
    constant = total[~alive]
    kept = np.flatnonzero(alive[label])
    # A vertex alone that weighs at most 1 leaves no pair, whether or not it is taken out.
    renumber = np.full(problem.size, -1)
    renumber[kept] = np.arange(len(kept))
    low, high = problem.pairs
    inside = alive[label[low]]
    pointers, neighbours = compressed(len(kept), renumber[low[inside]], renumber[high[inside]])
    return replace(
        problem,
        pointers=pointers,
        neighbours=neighbours,
        weight=problem.weight[kept],
        cost=problem.cost[kept],
        eligible=problem.eligible[kept],
        vertex=problem.vertex[kept],
        offset=problem.offset + int((constant * (constant - 1) // 2).sum()),
    )


def _folded(problem: PairsProblem, into: IntArray) -> PairsProblem:
    """Each vertex becomes part of the vertex ``into`` names; those named stand for themselves."""
    kept = np.flatnonzero(into == np.arange(problem.size))
    renumber = np.full(problem.size, -1)
    renumber[kept] = np.arange(len(kept))
    place = renumber[into]
    weight = np.zeros(len(kept), np.int64)
    np.add.at(weight, place, problem.weight)
    low, high = problem.pairs
    pointers, neighbours = compressed(len(kept), place[low], place[high])
    return replace(
        problem,
        pointers=pointers,
        neighbours=neighbours,
        weight=weight,
        cost=problem.cost[kept],
        eligible=problem.eligible[kept],
        vertex=problem.vertex[kept],
    )

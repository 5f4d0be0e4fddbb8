"""Orders of removals to start from: adaptive degree, CoreHD, adaptive betweenness, each also put back in reverse."""

from __future__ import annotations

import numpy as np
from numba import njit

from finnet.analysis.interdiction.pairs_problem import PairsProblem, components
from finnet.analysis.interdiction.situation import BoolArray
from finnet.graph.network import IntArray

__all__ = ["by_betweenness", "by_degree", "put_back"]

_WHOLE_ROUNDS = 5_000  # larger networks lose several parties per round
_BETWEENNESS_WORK = 500_000_000  # sources times (vertices + links): some ten seconds
_FEWEST_SOURCES = 32


def by_degree(problem: PairsProblem, free: BoolArray, gone: IntArray, stop: int, *, core: bool) -> IntArray:
    """Whoever has most links per cost in the largest component, again and again, until at most ``stop`` are connected.

    With ``core``, links within the 2-core count as long as there is one (CoreHD). Ties: the smallest number.

    Source: Zdeborová, Zhang, Zhou, Fast and simple decycling and dismantling of networks (2016) for CoreHD.
    """
    at_once = 1 + problem.size // _WHOLE_ROUNDS
    return np.asarray(
        _by_degree(problem.pointers, problem.neighbours, problem.weight, problem.cost, free, gone, stop, core, at_once)
    )


@njit(cache=True)
def _by_degree(pointers, neighbours, weight, cost, free, gone, stop, core, at_once):  # type: ignore[no-untyped-def]
    size = len(weight)
    present = np.ones(size, np.bool_)
    present[gone] = False
    label = np.empty(size, np.int64)
    stack = np.empty(size, np.int64)
    degree = np.empty(size, np.int64)
    order = np.empty(size, np.int64)
    count = 0
    while count < size:
        label[:] = -1
        heaviest, where = -1, -1
        for start in range(size):
            if not present[start] or label[start] >= 0:
                continue
            stack[0], top, mass = start, 1, 0
            label[start] = start
            while top:
                top -= 1
                vertex = stack[top]
                mass += weight[vertex]
                for place in range(pointers[vertex], pointers[vertex + 1]):
                    other = neighbours[place]
                    if present[other] and label[other] < 0:
                        label[other] = start
                        stack[top] = other
                        top += 1
            if mass > heaviest:
                heaviest, where = mass, start
        if heaviest <= stop:
            break
        for vertex in range(size):
            degree[vertex] = 0
            if present[vertex] and label[vertex] == where:
                for place in range(pointers[vertex], pointers[vertex + 1]):
                    degree[vertex] += present[neighbours[place]]
        if core:
            inner = degree.copy()
            last = 0
            for vertex in range(size):
                if inner[vertex] == 1:
                    stack[last] = vertex
                    last += 1
            first = 0
            while first < last:
                vertex = stack[first]
                first += 1
                inner[vertex] = 0
                for place in range(pointers[vertex], pointers[vertex + 1]):
                    other = neighbours[place]
                    if inner[other] > 0:
                        inner[other] -= 1
                        if inner[other] == 1:
                            stack[last] = other
                            last += 1
            if (inner * free).max() > 0:
                degree = inner
        taken = 0
        while taken < at_once:
            best = -1
            for vertex in range(size):
                if not (free[vertex] and present[vertex] and label[vertex] == where):
                    continue
                if best < 0 or degree[vertex] * cost[best] > degree[best] * cost[vertex]:
                    best = vertex
            if best < 0:
                break
            present[best] = False
            order[count] = best
            count += 1
            taken += 1
        if not taken:
            break
    return order[:count]


def by_betweenness(
    problem: PairsProblem, free: BoolArray, gone: IntArray, stop: int, *, rounds: int, seed: int
) -> IntArray:
    """Whoever most shortest ways in the largest component pass through, per cost, again and again.

    From a sample of its vertices, drawn with ``seed``, and several at once, where ``rounds`` of them are too much work.

    Source: Holme, Kim, Yoon, Han, Attack vulnerability of complex networks (2002).
    """
    import igraph

    each = problem.size + 2 * len(problem.pairs[0])
    sources = max(_FEWEST_SOURCES, _BETWEENNESS_WORK // (max(1, rounds) * each))
    at_once = 1 + rounds * min(sources, problem.size) * each // (2 * _BETWEENNESS_WORK)
    random = np.random.default_rng(seed)
    present = np.ones(problem.size, bool)
    present[gone] = False
    low, high = problem.pairs
    order: list[int] = []
    while True:
        inside = present[low] & present[high]
        low, high = low[inside], high[inside]
        label = components(problem.size, low, high)
        mass = np.bincount(label, weights=np.where(present, problem.weight, 0), minlength=problem.size)
        where = int(np.argmax(mass))
        members = np.flatnonzero(present & (label == where))
        offered = np.flatnonzero(free[members])
        if mass[where] <= stop or not len(offered):
            return np.array(order, np.int64)
        number = np.zeros(problem.size, np.int64)
        number[members] = np.arange(len(members))
        here = label[low] == where
        ends = np.column_stack([number[low[here]], number[high[here]]])
        graph = igraph.Graph(n=len(members), edges=ends)
        drawn = None
        if sources < len(members):
            drawn = np.sort(random.permutation(len(members))[:sources]).tolist()
        between = np.array(graph.betweenness(directed=False, sources=drawn))[offered]
        # Sums of floats in another order must not break ties another way.
        ratio = np.round(between / problem.cost[members[offered]], 6)
        chosen = members[offered[np.argsort(-ratio, kind="stable")[:at_once]]]
        present[chosen] = False
        order.extend(chosen.tolist())


def put_back(problem: PairsProblem, taken: IntArray, gone: IntArray) -> IntArray:
    """The same parties in another order: the last are those who, put back first, make the smallest components.

    Source: Braunstein, Dall'Asta, Semerjian, Zdeborová, Network dismantling (2016), reinsertion.
    """
    return np.asarray(_put_back(problem.pointers, problem.neighbours, problem.weight, taken, gone))


@njit(cache=True)
def _put_back(pointers, neighbours, weight, taken, gone):  # type: ignore[no-untyped-def]
    size, left = len(weight), len(taken)
    parent = np.arange(size)
    mass = weight.copy()
    present = np.ones(size, np.bool_)
    present[taken] = False
    present[gone] = False
    mark = np.full(size, -1, np.int64)
    rest = taken.copy()
    merged = np.zeros(left, np.int64)
    order = np.empty(left, np.int64)
    stamp = 0
    for step in range(-1, len(taken)):
        first, last = 0, size
        if step >= 0:
            # What a vertex would join only grows: the least of old figures that is still true is the least.
            while True:
                best = 0
                for place in range(1, left):
                    if merged[place] < merged[best]:
                        best = place
                vertex = rest[best]
                stamp += 1
                joined = weight[vertex]
                for place in range(pointers[vertex], pointers[vertex + 1]):
                    root = neighbours[place]
                    if not present[root]:
                        continue
                    while parent[root] != root:
                        root = parent[root]
                    if mark[root] != stamp:
                        mark[root] = stamp
                        joined += mass[root]
                if joined == merged[best]:
                    break
                merged[best] = joined
            left -= 1
            order[left] = vertex
            rest[best], merged[best] = rest[left], merged[left]
            present[vertex] = True
            first, last = vertex, vertex + 1
        for vertex in range(first, last):
            if not present[vertex]:
                continue
            root = vertex
            while parent[root] != root:
                root = parent[root]
            for place in range(pointers[vertex], pointers[vertex + 1]):
                other = neighbours[place]
                if not present[other]:
                    continue
                while parent[other] != other:
                    parent[other] = parent[parent[other]]
                    other = parent[other]
                if other != root:
                    if mass[root] < mass[other]:
                        root, other = other, root
                    parent[other] = root
                    mass[root] += mass[other]
    return order

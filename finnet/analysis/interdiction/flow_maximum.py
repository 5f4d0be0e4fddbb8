"""Maximum flow in integers on arrays: Dinic's algorithm, restarted from any residual network.

Chosen over OR-tools' push-relabel, scipy and igraph because a residual network can be kept and mended: what the removal
of one party costs is found by rerouting what ran through it, not by solving again (benchmarks/flow.py has the ratios).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from finnet.analysis.interdiction.situation import BoolArray
from finnet.graph.network import IntArray

__all__ = ["LARGEST", "Arcs", "adjacency", "augment", "push", "reachable", "reaching", "residual_of"]

# ``adjacency`` and ``push`` are for compiled callers; all others have ``Arcs`` and ``augment``.

LARGEST = 2**62  # sums of capacities stay below it, so nothing overflows 64 bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Arcs:
    """A directed graph for flows: arc i runs from ``tail[i]`` to ``head[i]``.

    In a residual network, an array of two entries per arc, entry 2i is what arc i can still take and 2i + 1 what it
    carries (and can give back). ``pointers`` and ``entries`` list the residual entries that leave each node.
    """

    size: int
    tail: IntArray
    head: IntArray
    pointers: IntArray
    entries: IntArray
    ends: IntArray  # the node that residual entry e leads to

    @classmethod
    def of(cls, size: int, tail: IntArray, head: IntArray) -> Arcs:
        """The arcs with their adjacency."""
        ends = np.empty(2 * len(tail), np.int64)
        ends[0::2], ends[1::2] = head, tail
        pointers, entries = adjacency(size, tail, head)
        return cls(size=size, tail=tail, head=head, pointers=pointers, entries=entries, ends=ends)


def residual_of(capacity: IntArray) -> IntArray:
    """The residual network of the zero flow.

    >>> residual_of(np.array([7, 5])).tolist()
    [7, 0, 5, 0]
    """
    residual = np.zeros(2 * len(capacity), np.int64)
    residual[0::2] = capacity
    return residual


def augment(arcs: Arcs, residual: IntArray, start: int, end: int, limit: int = LARGEST) -> int:
    """Push as much more flow from start to end as the residual network takes, at most ``limit``; changes it in place.

    >>> arcs = Arcs.of(4, np.array([0, 0, 2, 3]), np.array([2, 3, 1, 1]))
    >>> augment(arcs, residual_of(np.array([7, 5, 4, 9])), 0, 1)
    9

    Source: Dinic, Algorithm for solution of a problem of maximum flow in networks with power estimation (1970).
    """
    return int(push(arcs.pointers, arcs.entries, arcs.ends, residual, start, end, limit))


def reachable(arcs: Arcs, residual: IntArray, start: int) -> BoolArray:
    """Per node: whether flow could still be pushed to it from start; after a maximum flow, the source side of a cut."""
    return np.asarray(_reachable(arcs.pointers, arcs.entries, arcs.ends, residual, start))


def reaching(arcs: Arcs, residual: IntArray, end: int) -> BoolArray:
    """Per node: whether flow could still be pushed from it to end."""
    backwards = np.empty_like(residual)
    backwards[0::2], backwards[1::2] = residual[1::2], residual[0::2]
    return np.asarray(_reachable(arcs.pointers, arcs.entries, arcs.ends, backwards, end))


@njit(cache=True)
def adjacency(size, tail, head):  # type: ignore[no-untyped-def]
    pointers = np.zeros(size + 1, np.int64)
    for arc in range(len(tail)):
        pointers[tail[arc] + 1] += 1
        pointers[head[arc] + 1] += 1
    for node in range(size):
        pointers[node + 1] += pointers[node]
    entries = np.empty(2 * len(tail), np.int64)
    free = pointers[:size].copy()
    for arc in range(len(tail)):
        entries[free[tail[arc]]] = 2 * arc
        free[tail[arc]] += 1
        entries[free[head[arc]]] = 2 * arc + 1
        free[head[arc]] += 1
    return pointers, entries


@njit(cache=True)
def _levels(pointers, entries, ends, residual, start, end, level, place, queue, held):  # type: ignore[no-untyped-def]
    # Distances to end, from both sides at once: only what lies near one of the two is looked at. Nodes seen from end
    # get their distance; nodes seen from start get what it is if they lie on a shortest way. queue holds the latter
    # from the front and the former from the back, as far as held says; their levels are to be wiped before the next
    # call.
    size = len(pointers) - 1
    queue[0], queue[size - 1] = start, end
    level[start], level[end] = 1 << 40, 0
    place[start], place[end] = pointers[start], pointers[end]
    head, tail = 0, 1  # from start: nodes to look at, one level of them at a time
    far, near = size - 1, size - 2  # from end, downwards
    away, back, last = 0, 0, 0  # completed levels
    met = False
    while not met and head < tail and far > near:
        if tail - head <= far - near:
            stop = tail
            while head < stop:
                node = queue[head]
                head += 1
                for spot in range(pointers[node], pointers[node + 1]):
                    entry = entries[spot]
                    other = ends[entry]
                    if residual[entry] > 0:
                        if level[other] < 0:
                            level[other] = (1 << 40) - away - 1
                            place[other] = pointers[other]
                            queue[tail] = other
                            tail += 1
                        elif level[other] < (1 << 39):
                            met = True
            away += 1
            last = away - 1  # who was only now seen from start is on no shortest way, if one was found
        else:
            stop = near
            while far > stop:
                node = queue[far]
                far -= 1
                for spot in range(pointers[node], pointers[node + 1]):
                    entry = entries[spot]
                    other = ends[entry]
                    if residual[entry ^ 1] > 0:
                        if level[other] < 0:
                            level[other] = back + 1
                            place[other] = pointers[other]
                            queue[near] = other
                            near -= 1
                        elif level[other] >= (1 << 39):
                            met = True
            back += 1
            last = away
    # A shortest way has away + back steps.
    for spot in range(tail):
        node = queue[spot]
        if level[node] >= (1 << 39):
            distance = (1 << 40) - level[node]
            level[node] = away + back - distance if distance <= last else -1
    held[0], held[1] = tail, near + 1
    return met


@njit(cache=True)
def push(pointers, entries, ends, residual, start, end, limit):  # type: ignore[no-untyped-def]
    size = len(pointers) - 1
    level = np.full(size, -1, np.int64)
    queue = np.empty(size, np.int64)
    place = np.empty(size, np.int64)
    path = np.empty(size, np.int64)
    held = np.zeros(2, np.int64)
    total = 0
    if start == end:
        return total
    while total < limit and _levels(pointers, entries, ends, residual, start, end, level, place, queue, held):
        node, depth = start, 0
        while True:
            if node == end:
                amount = limit - total
                for step in range(depth):
                    amount = min(amount, residual[path[step]])
                total += amount
                back = depth
                for step in range(depth - 1, -1, -1):
                    residual[path[step]] -= amount
                    residual[path[step] ^ 1] += amount
                    if residual[path[step]] == 0:
                        back = step
                if total == limit:
                    break
                depth = back
                node = ends[path[depth] ^ 1]
                continue
            moved = False
            while place[node] < pointers[node + 1]:
                entry = entries[place[node]]
                if residual[entry] > 0 and level[ends[entry]] == level[node] - 1:
                    path[depth] = entry
                    depth += 1
                    node = ends[entry]
                    moved = True
                    break
                place[node] += 1
            if not moved:
                if depth == 0:
                    break
                depth -= 1
                node = ends[path[depth] ^ 1]
                place[node] += 1
        for spot in range(held[0]):
            level[queue[spot]] = -1
        for spot in range(held[1], size):
            level[queue[spot]] = -1
    return total


@njit(cache=True)
def _reachable(pointers, entries, ends, residual, start):  # type: ignore[no-untyped-def]
    size = len(pointers) - 1
    seen = np.zeros(size, np.bool_)
    queue = np.empty(size, np.int64)
    seen[start] = True
    queue[0] = start
    first, last = 0, 1
    while first < last:
        node = queue[first]
        first += 1
        for place in range(pointers[node], pointers[node + 1]):
            entry = entries[place]
            if residual[entry] > 0 and not seen[ends[entry]]:
                seen[ends[entry]] = True
                queue[last] = ends[entry]
                last += 1
    return seen

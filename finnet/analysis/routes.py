"""Ways between two parties: the k shortest, in an order that does not depend on chance."""

from __future__ import annotations

import numpy as np

from finnet.graph.network import IntArray, Network

__all__ = ["distances", "shortest_ways"]

Adjacency = tuple[IntArray, IntArray]


def distances(adjacency: Adjacency, start: int, *, most: int | None = None, barred: IntArray | None = None) -> IntArray:
    """Steps from ``start`` to every vertex along a CSR adjacency; -1 where it is not reached in ``most`` steps.

    ``barred`` vertices are never entered.

    >>> distances(Network.of(("a", "b"), ("b", "c"), ("x", "y")).neighbours, 0).tolist()
    [0, 1, 2, -1, -1]
    """
    pointers, heads = adjacency
    steps = np.full(len(pointers) - 1, -1, np.int64)
    closed = np.zeros(len(steps), bool)
    if barred is not None:
        closed[barred] = True
    steps[start] = 0
    frontier = np.array([start])
    depth = 0
    while len(frontier) and (most is None or depth < most):
        depth += 1
        counts = pointers[frontier + 1] - pointers[frontier]
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        reached = heads[np.repeat(pointers[frontier], counts) + within]
        frontier = np.unique(reached[(steps[reached] < 0) & ~closed[reached]])
        steps[frontier] = depth
    return steps


def shortest_ways(
    network: Network, start: int, end: int, *, most: int, directed: bool = False
) -> list[tuple[int, ...]]:
    """At most ``most`` ways without repeated parties, by number of steps, ties by the vertex numbers along the way.

    Follows edges in any direction unless ``directed``. A party is one step of zero length from itself; no way, no rows.

    >>> square = Network.of(("a", "b"), ("b", "d"), ("a", "c"), ("c", "d"), ("c", "b"))
    >>> shortest_ways(square, 0, 3, most=3)
    [(0, 1, 3), (0, 2, 3), (0, 1, 2, 3)]

    Source: Yen, Finding the k shortest loopless paths in a network (1971); Lawler's deviations by position.
    """
    if directed:
        forward, back = network.arcs[:2], _reversed(network)
    else:
        forward = back = network.neighbours
    first = _first_way(forward, back, start, end, np.empty(0, np.int64), frozenset())
    if first is None:
        return []
    found: list[tuple[int, ...]] = []
    waiting: set[tuple[int, tuple[int, ...]]] = {(len(first), first)}
    while waiting and len(found) < most:
        best = min(waiting)
        waiting.remove(best)
        way = best[1]
        found.append(way)
        for place in range(len(way) - 1):
            root = way[: place + 1]
            banned = frozenset(other[place + 1] for other in found if other[: place + 1] == root)
            rest = _first_way(forward, back, way[place], end, np.array(root[:-1], dtype=np.int64), banned)
            if rest is not None:
                whole = root[:-1] + rest
                waiting.add((len(whole), whole))
    return found


def _first_way(
    forward: Adjacency, back: Adjacency, start: int, end: int, barred: IntArray, banned: frozenset[int]
) -> tuple[int, ...] | None:
    """The shortest way, of several the one with the smallest numbers, that does not step to ``banned`` first."""
    if start == end:
        return (start,)
    pointers, heads = forward
    # The start itself is barred too: a way that deviates here must not come back through it.
    left = distances(back, end, barred=np.append(barred, start))
    options = [
        (int(left[head]), head)
        for head in heads[pointers[start] : pointers[start + 1]].tolist()
        if left[head] >= 0 and head not in banned
    ]
    if not options:
        return None
    remaining, here = min(options)
    way = [start, here]
    while here != end:
        remaining -= 1
        nexts = heads[pointers[here] : pointers[here + 1]]
        here = int(nexts[left[nexts] == remaining].min())
        way.append(here)
    return tuple(way)


def _reversed(network: Network) -> Adjacency:
    pointers, heads, _ = network.arcs
    tails = np.repeat(np.arange(network.size), np.diff(pointers))
    order = np.lexsort((tails, heads))
    back = np.zeros(network.size + 1, np.int64)
    np.cumsum(np.bincount(heads, minlength=network.size), out=back[1:])
    return back, tails[order]

"""Collective influence: how many links leave the ball around a party, times its own."""

from __future__ import annotations

import numpy as np
from numba import njit

from finnet.graph.network import FloatArray, Network

__all__ = ["collective_influence"]

_RADIUS = 2
_MOST_STEPS = 50_000_000  # entries read at most; beyond, the ball of each party is most of the network


def collective_influence(network: Network, _seed: int = 0) -> FloatArray:
    """CI(i) = (k_i − 1) · sum over the parties j two steps away of (k_j − 1), on the simple undirected graph.

    Parties with one link or none score 0. All are NaN where the network is too dense to work it out in seconds.

    >>> path = Network.of(("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"))
    >>> collective_influence(path).tolist()
    [0.0, 1.0, 0.0, 1.0, 0.0]

    Source: Morone, Makse, Influence maximization in complex networks through optimal percolation (2015).
    """
    pointers, heads = network.neighbours
    degree = np.diff(pointers)
    reach = np.bincount(np.repeat(np.arange(network.size), degree), degree[heads], network.size)
    if reach.sum() > _MOST_STEPS:
        return np.full(network.size, np.nan)
    return np.asarray(_influence(pointers, heads, _RADIUS))


@njit(cache=True)
def _influence(pointers, heads, radius):  # type: ignore[no-untyped-def]
    size = len(pointers) - 1
    score = np.zeros(size, np.float64)
    seen = np.full(size, -1, np.int64)
    queue = np.empty(size, np.int64)
    distance = np.empty(size, np.int64)
    for centre in range(size):
        own = pointers[centre + 1] - pointers[centre]
        if own < 2:
            continue
        seen[centre] = centre
        queue[0], distance[0] = centre, 0
        first, last = 0, 1
        total = 0.0
        while first < last:
            vertex, away = queue[first], distance[first]
            first += 1
            if away == radius:
                total += pointers[vertex + 1] - pointers[vertex] - 1
                continue
            for place in range(pointers[vertex], pointers[vertex + 1]):
                other = heads[place]
                if seen[other] != centre:
                    seen[other] = centre
                    queue[last], distance[last] = other, away + 1
                    last += 1
        score[centre] = (own - 1) * total
    return score

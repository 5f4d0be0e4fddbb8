"""Counting closed pairs, compiled: for each vertex the edges that lead from those before it to those after it."""

from __future__ import annotations

import numpy as np
from numba import njit

from finnet.graph.network import IntArray

__all__ = ["closed_pairs"]


@njit(cache=True)
def closed_pairs(pointers: IntArray, heads: IntArray, back: IntArray, tails: IntArray, size: int) -> IntArray:
    """For each vertex v the number of pairs (a, b) with edges a → v, v → b and a → b.

    ``pointers, heads`` are the out-edges and ``back, tails`` the in-edges, both sorted, without self-loops or parallel
    edges. Each edge v → b costs the shorter of the two lists of those before v and before b: two hubs that share
    thousands of neighbours must not cost their product.
    """
    closed = np.zeros(size, np.int64)
    seen = np.full(size, -1, np.int64)
    for middle in range(size):
        for place in range(back[middle], back[middle + 1]):
            seen[tails[place]] = middle
        before = back[middle + 1] - back[middle]
        for place in range(pointers[middle], pointers[middle + 1]):
            end = heads[place]
            if back[end + 1] - back[end] <= before:
                for other in range(back[end], back[end + 1]):
                    if seen[tails[other]] == middle:
                        closed[middle] += 1
            else:
                into = tails[back[end] : back[end + 1]]
                for other in range(back[middle], back[middle + 1]):
                    found = np.searchsorted(into, tails[other])
                    if found < len(into) and into[found] == tails[other]:
                        closed[middle] += 1
    return closed

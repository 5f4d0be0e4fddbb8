"""Core numbers, compiled: vertices taken off in the order of what degree they have left."""

from __future__ import annotations

import numpy as np
from numba import njit

from finnet.graph.network import IntArray

__all__ = ["core_numbers"]


@njit(cache=True)
def core_numbers(pointers: IntArray, heads: IntArray) -> IntArray:
    """The core number of each vertex of a simple undirected graph in CSR form, in time linear in its edges.

    Source: Batagelj, Zaversnik, An O(m) algorithm for cores decomposition of networks (2003).
    """
    size = len(pointers) - 1
    left = pointers[1:] - pointers[:-1]
    most = 0
    for vertex in range(size):
        most = max(most, left[vertex])
    # Vertices sorted by the degree they have left; begin[d] is where those of degree d begin.
    begin = np.zeros(most + 2, np.int64)
    for vertex in range(size):
        begin[left[vertex] + 1] += 1
    for degree in range(1, most + 2):
        begin[degree] += begin[degree - 1]
    place = np.empty(size, np.int64)
    order = np.empty(size, np.int64)
    following = begin.copy()
    for vertex in range(size):
        place[vertex] = following[left[vertex]]
        order[place[vertex]] = vertex
        following[left[vertex]] += 1
    for turn in range(size):
        vertex = order[turn]
        for entry in range(pointers[vertex], pointers[vertex + 1]):
            other = heads[entry]
            if left[other] > left[vertex]:
                # The other changes places with the first of its degree, whose block then begins one later.
                degree = left[other]
                first = max(begin[degree], turn + 1)
                swapped = order[first]
                order[first], order[place[other]] = other, swapped
                place[swapped], place[other] = place[other], first
                begin[degree] = first + 1
                left[other] = degree - 1
    return left

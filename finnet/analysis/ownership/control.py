"""Control closure: who decides over whom when holdings of the controlled count as the controller's own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numba import njit

from finnet.analysis.ownership.register import Register
from finnet.graph.network import IntArray

__all__ = ["controlled_by", "controllers", "controllers_of"]

MAJORITY_PPM = 500_001  # more than half
_LIMIT = 10_000_000  # pairs


def controlled_by(register: Register, holder: int) -> IntArray:
    """The numbers of all that ``holder`` controls: it and those it controls together hold more than 50 %.

    Shares count in full and are not multiplied; the lower bound of each is taken. Sorted.

    >>> register = Register.of(("c1", "c2", 60), ("c1", "c3", 20), ("c2", "c3", 35), ("c3", "c4", 51))
    >>> [register.ids[i] for i in controlled_by(register, register.number["c1"])]
    ['c2', 'c3', 'c4']

    Source: Mumick, Pirahesh, Ramakrishnan, The Magic of Duplicates and Aggregates, VLDB (1990): company control.
    """
    table = register.holdings
    only = np.array([holder], np.int64)
    pairs, _ = _control(table.pointers, table.ends, table.low, only, MAJORITY_PPM, register.size)
    return np.sort(pairs[:, 1])


def controllers_of(register: Register, entity: int, candidates: Sequence[int]) -> IntArray:
    """Those of the candidates that control ``entity``, sorted."""
    table = register.holdings
    starts = np.array(sorted(candidates), np.int64)
    pairs, _ = _control(table.pointers, table.ends, table.low, starts, MAJORITY_PPM, _LIMIT)
    return np.unique(pairs[pairs[:, 1] == entity, 0])


def controllers(register: Register, *, limit: int = _LIMIT) -> tuple[IntArray, bool]:
    """All (controller, controlled) pairs, sorted; the second value says whether ``limit`` cut them."""
    table = register.holdings
    everyone = np.arange(register.size, dtype=np.int64)
    pairs, found = _control(table.pointers, table.ends, table.low, everyone, MAJORITY_PPM, limit)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))], bool(found > limit)


@njit(cache=True)
def _control(pointers, ends, shares, starts, meet, limit):  # type: ignore[no-untyped-def]
    size = len(pointers) - 1
    stamp = np.full(size, -1, np.int64)
    inside = np.full(size, -1, np.int64)
    held = np.zeros(size, np.int64)
    queue = np.empty(size, np.int64)
    pairs = np.empty((min(limit, 1024), 2), np.int64)
    found = 0
    for start in starts:
        if pointers[start] == pointers[start + 1]:
            continue
        inside[start] = start
        queue[0] = start
        first, last = 0, 1
        while first < last:
            holder = queue[first]
            first += 1
            for place in range(pointers[holder], pointers[holder + 1]):
                entity = ends[place]
                if inside[entity] == start:
                    continue
                if stamp[entity] != start:
                    stamp[entity] = start
                    held[entity] = 0
                held[entity] += shares[place]
                if held[entity] >= meet:
                    inside[entity] = start
                    queue[last] = entity
                    last += 1
                    if found < limit:
                        if found == len(pairs):
                            larger = np.empty((min(limit, 2 * len(pairs)), 2), np.int64)
                            larger[:found] = pairs
                            pairs = larger
                        pairs[found, 0] = start
                        pairs[found, 1] = entity
                    found += 1
    return pairs[: min(found, limit)], found

"""Compressed sparse rows by counting: sorting some millions of edges takes longer than all that is done with them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["compressed", "first_of_pair", "symmetric", "transposed"]

_Integers = NDArray[np.int64]


def compressed(tails: _Integers, heads: _Integers, size: int) -> tuple[_Integers, _Integers, _Integers]:
    """(pointers, heads, edge numbers): the edges by tail, then head, then number; parallel ones are kept.

    >>> [part.tolist() for part in compressed(np.array([2, 0, 2, 0]), np.array([1, 2, 0, 2]), 3)]
    [[0, 2, 2, 4], [2, 2, 0, 1], [1, 3, 2, 0]]
    """
    pointers = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(tails, minlength=size), out=pointers[1:])
    numbers = np.arange(len(tails))
    later = (tails[1:] > tails[:-1]) | ((tails[1:] == tails[:-1]) & (heads[1:] >= heads[:-1]))
    if bool(later.all()):
        return pointers, heads, numbers
    # Counting twice, by head and then by tail, orders by both: counting keeps the order of equals.
    by_head = _counted(heads, size)
    by_both = by_head[_counted(tails[by_head], size)]
    return pointers, heads[by_both], by_both


def transposed(rows: tuple[_Integers, _Integers, _Integers]) -> tuple[_Integers, _Integers, _Integers]:
    """The same edges by head: (pointers, tails, edge numbers).

    >>> [part.tolist() for part in transposed(compressed(np.array([0, 0, 1]), np.array([1, 2, 2]), 3))]
    [[0, 0, 1, 3], [0, 0, 1], [0, 1, 2]]
    """
    pointers, heads, numbers = rows
    size = len(pointers) - 1
    tails = np.repeat(np.arange(size), np.diff(pointers))
    back = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(heads, minlength=size), out=back[1:])
    order = _counted(heads, size)
    return back, tails[order], numbers[order]


def symmetric(low: _Integers, high: _Integers, size: int) -> tuple[_Integers, _Integers]:
    """(pointers, neighbours): each pair once from either end, sorted, whatever the order and number of the pairs.

    >>> [part.tolist() for part in symmetric(np.array([0, 0, 0]), np.array([2, 1, 2]), 3)]
    [[0, 2, 3, 4], [1, 2, 0, 0]]
    """
    tails, heads = np.concatenate([low, high]), np.concatenate([high, low])
    pointers, heads, _ = compressed(tails, heads, size)
    tails = np.repeat(np.arange(size), np.diff(pointers))
    once = np.flatnonzero(first_of_pair(tails, heads))
    return np.searchsorted(once, pointers), heads[once]


def first_of_pair(tails: _Integers, heads: _Integers) -> NDArray[np.bool_]:
    """Of sorted edges, whether each is the first between its ends."""
    first = np.ones(len(tails), bool)
    first[1:] = (tails[1:] != tails[:-1]) | (heads[1:] != heads[:-1])
    return first


def _counted(keys: _Integers, size: int) -> _Integers:
    """The order that sorts the keys, equals kept as they stand; a counting sort, by way of a sparse transposition."""
    from scipy.sparse import csr_matrix

    many = len(keys)
    one_row_each = csr_matrix((np.arange(many), keys, np.arange(many + 1)), shape=(many, max(size, 1)))
    return one_row_each.tocsc().data.astype(np.int64, copy=False)

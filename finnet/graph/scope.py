"""Part of a network: some parties and those they are directly tied to."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from finnet.graph.network import Network

__all__ = ["with_neighbours"]


def with_neighbours(network: Network, ids: Iterable[str]) -> Network:
    """The parties named and their neighbours, with all edges between any two of these; ids that are not there are none.

    >>> chain = Network.of(("a", "b"), ("b", "c"), ("c", "d"))
    >>> with_neighbours(chain, ["a"]).ids
    ('a', 'b')
    """
    pointers, heads = network.neighbours
    kept = np.zeros(network.size, bool)
    for label in ids:
        number = network.number.get(label)
        if number is not None:
            kept[number] = True
            kept[heads[pointers[number] : pointers[number + 1]]] = True
    return network.without(np.flatnonzero(~kept).tolist())

"""Groups in which what moves along the edges stays for long (Infomap)."""

from __future__ import annotations

import random

import numpy as np

from finnet.analysis.partition import in_order
from finnet.graph.network import IntArray, Network

__all__ = ["DEFINITION", "group"]

DEFINITION = "partition that gives a walk along the directed weighted edges its shortest description (Infomap)"

_TRIALS = 10


def group(network: Network, *, seed: int = 0) -> IntArray:
    """One group number per party, 0 the largest; follows the direction and the weight of edges.

    The best of ten trials, all drawn with ``seed``. A party without ties is a group of its own.

    >>> group(Network.of(("a", "b"), ("b", "c"), ("c", "a"), ("x", "y"), ("y", "z"), ("z", "x"), ("c", "x"))).tolist()
    [0, 0, 0, 1, 1, 1]

    Source: Rosvall, Bergstrom, Maps of random walks on complex networks reveal community structure (2008).
    """
    import igraph

    if network.size == 0:
        return np.empty(0, np.int64)
    pointers, heads, weight = network.arcs
    tails = np.repeat(np.arange(network.size), np.diff(pointers))
    graph = igraph.Graph(n=network.size, edges=np.column_stack([tails, heads]), directed=True)
    igraph.set_random_number_generator(random.Random(seed))
    try:
        found = graph.community_infomap(edge_weights=weight.tolist() or None, trials=_TRIALS)
    finally:
        igraph.set_random_number_generator(random)
    return in_order(np.array(found.membership, dtype=np.int64))

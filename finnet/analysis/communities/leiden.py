"""Groups with more weight inside than chance would put there (Leiden, by modularity)."""

from __future__ import annotations

import random

import numpy as np

from finnet.analysis.partition import in_order, weighted_ties
from finnet.graph.network import IntArray, Network

__all__ = ["DEFINITION", "group"]

DEFINITION = "partition of the undirected weighted network that the Leiden algorithm finds when it maximises modularity"

_RESOLUTION = 1.0


def group(network: Network, *, seed: int = 0) -> IntArray:
    """One group number per party, 0 the largest; direction is ignored, weights both ways are added up.

    The algorithm is random: ``seed`` decides, and other seeds may give other groups. A party without ties is a group of
    its own.

    >>> group(Network.of(("a", "b"), ("b", "c"), ("c", "a"), ("x", "y"), ("y", "z"), ("z", "x"), ("c", "x"))).tolist()
    [0, 0, 0, 1, 1, 1]

    Source: Traag, Waltman, van Eck, From Louvain to Leiden: guaranteeing well-connected communities (2019).
    """
    import igraph

    low, high, weight = weighted_ties(network)
    graph = igraph.Graph(n=network.size, edges=np.column_stack([low, high]), directed=False)
    igraph.set_random_number_generator(random.Random(seed))
    try:
        found = graph.community_leiden(
            objective_function="modularity", weights=weight.tolist(), resolution=_RESOLUTION, n_iterations=-1
        )
    finally:
        igraph.set_random_number_generator(random)
    return in_order(np.array(found.membership, dtype=np.int64))

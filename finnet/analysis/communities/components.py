"""Parts of the network that no tie joins, whatever its direction."""

from __future__ import annotations

import numpy as np

from finnet.analysis.partition import in_order
from finnet.graph.network import IntArray, Network

__all__ = ["DEFINITION", "group"]

DEFINITION = "weakly connected components: two parties are together if a chain of ties, in any direction, joins them"


def group(network: Network, *, seed: int = 0) -> IntArray:  # noqa: ARG001 -- all methods are called alike
    """One group number per party, 0 the largest. Nothing is random here: ``seed`` changes nothing.

    >>> group(Network.of(("a", "b"), ("c", "b"), ("x", "y"))).tolist()
    [0, 0, 0, 1, 1]

    Source: textbook; computed by scipy.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    ones = np.ones(network.edge_count, np.int8)
    adjacency = csr_matrix((ones, (network.source, network.target)), shape=(network.size, network.size))
    if network.size == 0:
        return np.empty(0, np.int64)
    return in_order(connected_components(adjacency, directed=False)[1].astype(np.int64))

"""With how many others a party is directly tied."""

from __future__ import annotations

import numpy as np

from finnet.graph.network import FloatArray, Network

__all__ = ["DEFINITION", "TIES_ALONE", "UNIT", "score"]

DEFINITION = (
    "number of distinct other parties with an edge to or from this one; sources and targets counted apart beside it"
)
UNIT = "parties"
TIES_ALONE = True


def score(network: Network) -> dict[str, FloatArray]:
    """The number of neighbours: parallel edges count once, self-loops not at all.

    ``sources`` and ``targets`` count those with an edge to and from it; somebody can be both. In an undirected network
    both equal the score. A party without edges scores 0.

    >>> score(Network.of(("Acme", "Mule"), ("Mule", "Acme"), ("Mule", "Shell"), ("Mule", "Mule")))["score"].tolist()
    [1.0, 2.0, 1.0]

    Source: Freeman, Centrality in social networks (1979), section on degree.
    """
    pointers, _ = network.neighbours
    starts, heads, _ = network.arcs
    return {
        "score": np.diff(pointers).astype(np.float64),
        "sources": np.bincount(heads, minlength=network.size).astype(np.float64),
        "targets": np.diff(starts).astype(np.float64),
    }

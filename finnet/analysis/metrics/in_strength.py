"""How much a party receives: the weight of its incoming edges."""

from __future__ import annotations

import numpy as np

from finnet.graph.network import FloatArray, Network

__all__ = ["DEFINITION", "MONEY", "UNIT", "score"]

DEFINITION = "sum of the weights of incoming edges"
UNIT = "{unit}"
MONEY = ("score",)


def score(network: Network) -> dict[str, FloatArray]:
    """The weight of its incoming edges, in the network's unit; of all its edges where the network is undirected.

    Amounts are added in whole minor units, so that no cent is lost. Self-loops count. A party that receives nothing
    scores 0. ``edges`` counts the edges behind the sum.

    >>> score(Network.of(("Acme", "Mule", 200), ("Mule", "Shell", 190), unit="EUR"))["score"].tolist()
    [0.0, 200.0, 190.0]

    Source: Barrat, Barthélemy, Pastor-Satorras, Vespignani, The architecture of complex weighted networks (2004).
    """
    ends, weight = network.target, network.weight if network.minor is None else network.minor
    if not network.directed:
        turned = network.source != network.target
        other = network.target if ends is network.source else network.source
        ends, weight = np.concatenate([ends, other[turned]]), np.concatenate([weight, weight[turned]])
    total = np.zeros(network.size, weight.dtype)
    np.add.at(total, ends, weight)
    return {
        "score": total.astype(np.float64) / network.scale,
        "edges": np.bincount(ends, minlength=network.size).astype(np.float64),
    }

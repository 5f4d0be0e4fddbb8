"""How much passes through a party's hands: the weight of all its edges."""

from __future__ import annotations

import numpy as np

from finnet.graph.network import FloatArray, Network

__all__ = ["DEFINITION", "MONEY", "UNIT", "score"]

DEFINITION = "sum of the weights of all edges, incoming and outgoing; a self-loop counts once"
UNIT = "{unit}"
MONEY = ("score", "received", "sent")


def score(network: Network) -> dict[str, FloatArray]:
    """What comes in and what goes out, added up, in the network's unit.

    Amounts are added in whole minor units, so that no cent is lost. ``received`` and ``sent`` stand beside the score;
    an edge to itself is in both, and in the score once. In an undirected network both equal the score.

    >>> score(Network.of(("Acme", "Mule", 200), ("Mule", "Shell", 190), unit="EUR"))["score"].tolist()
    [200.0, 390.0, 190.0]

    Source: Barrat, Barthélemy, Pastor-Satorras, Vespignani, The architecture of complex weighted networks (2004).
    """
    weight = network.weight if network.minor is None else network.minor
    received, sent, own = (np.zeros(network.size, weight.dtype) for _ in range(3))
    loops = network.source == network.target
    np.add.at(received, network.target, weight)
    np.add.at(sent, network.source, weight)
    np.add.at(own, network.source[loops], weight[loops])
    both = received + sent - own
    columns = {"score": both, "received": received, "sent": sent}
    if not network.directed:
        columns = dict.fromkeys(columns, both)
    return {name: column.astype(np.float64) / network.scale for name, column in columns.items()}

"""How much of what a party receives it sends on: 1 is a pure conduit."""

from __future__ import annotations

import numpy as np

from finnet.graph.network import FloatArray, Network

__all__ = ["DEFINITION", "MONEY", "UNIT", "score"]

DEFINITION = "smaller of received and sent divided by the larger; payments to oneself left out"
UNIT = "share from 0 to 1"
MONEY = ("received", "sent", "throughput")


def score(network: Network) -> dict[str, FloatArray]:
    """min(received, sent) / max(received, sent), over the whole period: no order in time is implied.

    A party that only pays or only receives scores 0. ``throughput`` is the smaller of the two, in the network's unit: a
    share of 1 on small change is not a conduit of note. In an undirected network nothing is received or sent and all
    score 0.

    >>> score(Network.of(("Acme", "Mule", 200), ("Mule", "Shell", 190), unit="EUR"))["score"].tolist()
    [0.0, 0.95, 0.0]

    Source: our own definition, after the in-degree to out-degree ratio in FATF's description of pass-through accounts.
    """
    apart = (network.source != network.target) & network.directed
    weight = (network.weight if network.minor is None else network.minor)[apart]
    received, sent = (np.zeros(network.size, weight.dtype) for _ in range(2))
    np.add.at(received, network.target[apart], weight)
    np.add.at(sent, network.source[apart], weight)
    smaller, larger = np.minimum(received, sent), np.maximum(received, sent)
    return {
        "score": np.divide(smaller, larger, out=np.zeros(network.size), where=larger > 0),
        "received": received / network.scale,
        "sent": sent / network.scale,
        "throughput": smaller / network.scale,
    }

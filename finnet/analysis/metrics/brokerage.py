"""How often a party stands between two others that have no direct tie."""

from __future__ import annotations

import numpy as np

from finnet.graph.network import FloatArray, Network

__all__ = ["DEFINITION", "TIES_ALONE", "UNIT", "score"]

DEFINITION = "number of ordered pairs (a, b) with edges a to party and party to b and none from a to b"
UNIT = "pairs"
TIES_ALONE = True


def score(network: Network) -> dict[str, FloatArray]:
    """Pairs brokered: a → party → b where a has no edge to b. Beside it ``share``, of all pairs that pass through it.

    In an undirected network each pair counts once. Parallel edges and self-loops do not count. A party that nobody
    sends to, or that sends to nobody, scores 0 and its share is 0.

    >>> columns = score(Network.of(("A", "Broker"), ("B", "Broker"), ("Broker", "C"), ("A", "C")))
    >>> columns["score"].tolist(), columns["share"].tolist()
    ([0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.5, 0.0])

    Source: Gould, Fernandez, Structures of mediation (1989), without their groups.
    """
    from finnet.analysis.triads import closed_pairs

    pointers, heads, _ = network.arcs
    size = network.size
    tails = np.repeat(np.arange(size), np.diff(pointers))
    order = np.lexsort((tails, heads))
    received = np.bincount(heads, minlength=size)
    back = np.concatenate([[0], np.cumsum(received)]).astype(np.int64)
    through = np.diff(pointers).astype(np.int64) * received
    mutual = np.bincount(tails[np.isin(tails * size + heads, heads * size + tails)], minlength=size)
    pairs = through - mutual  # a → party → a is no pair
    open_pairs = pairs - closed_pairs(pointers, heads, back, tails[order], size)
    each = 1 if network.directed else 2
    return {
        "score": open_pairs / each,
        "share": np.divide(open_pairs, pairs, out=np.zeros(size), where=pairs > 0),
    }

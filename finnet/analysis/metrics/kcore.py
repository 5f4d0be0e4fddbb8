"""How deep in the dense core a party sits."""

from __future__ import annotations

import numpy as np

from finnet.graph.network import FloatArray, Network

__all__ = ["DEFINITION", "TIES_ALONE", "UNIT", "score"]

DEFINITION = (
    "largest k so that the party is in a part of the network where everyone has at least k ties inside that part"
)
UNIT = "ties"
TIES_ALONE = True


def score(network: Network) -> dict[str, FloatArray]:
    """Core number in the simple undirected network. A party without ties scores 0.

    >>> score(Network.of(("A", "B"), ("B", "C"), ("C", "A"), ("C", "D")))["score"].tolist()
    [2.0, 2.0, 2.0, 1.0]

    Source: Seidman, Network structure and minimum degree (1983).
    """
    from finnet.analysis.cores import core_numbers

    return {"score": core_numbers(*network.neighbours).astype(np.float64)}

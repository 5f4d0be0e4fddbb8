"""Tied to those who are well tied themselves."""

from __future__ import annotations

import numpy as np

from finnet.graph.network import FloatArray, Network

__all__ = ["DEFINITION", "UNIT", "score"]

DEFINITION = "entry of the leading eigenvector of the undirected weighted network, scaled so that the largest is 1"
UNIT = "share of the largest, from 0 to 1"

_TOLERANCE = 1e-12
_ROUNDS = 5_000


def score(network: Network) -> dict[str, FloatArray]:
    """The leading eigenvector, direction ignored: each score is proportional to the weighted sum of the neighbours'.

    Where the network falls apart, parties outside the part with the largest eigenvalue score about 0. Without edges all
    score 0.

    >>> score(Network.of(("Hub", "A"), ("Hub", "B"), ("Hub", "C"), ("Hub", "D")))["score"].round(3).tolist()
    [0.5, 0.5, 0.5, 0.5, 1.0]

    Source: Bonacich, Power and centrality: a family of measures (1987).
    """
    from scipy.sparse import csr_matrix

    pointers, heads, weight = network.arcs
    if len(heads) == 0:
        return {"score": np.zeros(network.size)}
    one_way = csr_matrix((weight, heads, pointers), shape=(network.size, network.size))
    ties = one_way + one_way.T if network.directed else one_way
    # A step of (A + cI) has A's eigenvectors, and does not swing to and fro on a bipartite network.
    shift = float(ties.sum(axis=1).mean())
    vector = np.ones(network.size)
    for _ in range(_ROUNDS):
        last = vector
        vector = ties @ last + shift * last
        vector /= vector.max()
        if np.abs(vector - last).max() < _TOLERANCE:
            break
    return {"score": np.where(np.diff(network.neighbours[0]) > 0, vector, 0.0)}

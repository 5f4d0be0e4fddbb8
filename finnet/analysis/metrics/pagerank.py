"""Where money or influence ends up: the share of time a random walk along the edges spends at a party."""

from __future__ import annotations

import numpy as np

from finnet.graph.network import FloatArray, Network

__all__ = ["DEFINITION", "UNIT", "score"]

DEFINITION = (
    "stationary share of a walk that follows edges in proportion to their weight and restarts with probability 0.15"
)
UNIT = "share; all add up to 1"

_DAMPING = 0.85
_TOLERANCE = 1e-12
_ROUNDS = 1_000


def score(network: Network) -> dict[str, FloatArray]:
    """PageRank by weight; self-loops are left out, parallel edges added up. All scores add up to 1.

    A walk that reaches a party without outgoing edges restarts anywhere. The same network gives the same bits: the sums
    run in a fixed order. In an empty network there is nothing to score; without edges all score the same.

    >>> score(Network.of(("Acme", "Mule"), ("Beta", "Mule")))["score"].round(4).tolist()
    [0.2128, 0.2128, 0.5745]

    Source: Brin, Page, The anatomy of a large-scale hypertextual web search engine (1998), section 2.1.
    """
    from scipy.sparse import csr_matrix

    if network.size == 0:
        return {"score": np.empty(0)}
    pointers, heads, weight = network.arcs
    tails = np.repeat(np.arange(network.size), np.diff(pointers))
    sent = np.bincount(tails, weight, network.size)
    steps = csr_matrix((weight / sent[tails], (heads, tails)), shape=(network.size, network.size))
    ends = sent == 0
    rank = np.full(network.size, 1.0 / network.size)
    for _ in range(_ROUNDS):
        last = rank
        restart = (1.0 - _DAMPING + _DAMPING * last[ends].sum()) / network.size
        rank = _DAMPING * (steps @ last) + restart
        if np.abs(rank - last).sum() < _TOLERANCE:
            break
    return {"score": rank}

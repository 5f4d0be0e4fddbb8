"""Fed by good feeders: authorities receive from hubs, hubs send to authorities."""

from __future__ import annotations

import numpy as np

from finnet.graph.network import FloatArray, Network

__all__ = ["DEFINITION", "UNIT", "score"]

DEFINITION = "authority: weighted sum of the hub scores of those with an edge to the party; hub the other way round"
UNIT = "share; all add up to 1"

_TOLERANCE = 1e-12
_ROUNDS = 5_000


def score(network: Network) -> dict[str, FloatArray]:
    """Authority is the score, ``hub`` stands beside it; each adds up to 1 (all 0 without edges).

    In an undirected network both are the same. Where the network falls apart, the part with the largest singular value
    takes it all.

    >>> columns = score(Network.of(("Acme", "Shell"), ("Beta", "Shell"), ("Beta", "Till")))
    >>> columns["score"].round(3).tolist(), columns["hub"].round(3).tolist()
    ([0.0, 0.0, 0.618, 0.382], [0.382, 0.618, 0.0, 0.0])

    Source: Kleinberg, Authoritative sources in a hyperlinked environment (1999), section 3.
    """
    from scipy.sparse import csr_matrix

    pointers, heads, weight = network.arcs
    if len(heads) == 0:
        return {"score": np.zeros(network.size), "hub": np.zeros(network.size)}
    sends = csr_matrix((weight / weight.max(), heads, pointers), shape=(network.size, network.size))
    receives = sends.T.tocsr()
    authority = np.full(network.size, 1.0 / network.size)
    hub = authority
    for _ in range(_ROUNDS):
        last = authority
        hub = sends @ authority
        hub = hub / hub.sum()
        authority = receives @ hub
        authority = authority / authority.sum()
        if np.abs(authority - last).sum() < _TOLERANCE:
            break
    return {"score": authority, "hub": hub}

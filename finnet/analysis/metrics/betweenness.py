"""How often a party lies on the shortest way between two others."""

from __future__ import annotations

import numpy as np

from finnet.graph.network import FloatArray, Network

__all__ = ["DEFINITION", "UNIT", "score"]

DEFINITION = (
    "sum, over ordered pairs of other parties, of the share of shortest paths between them that pass through this one; "
    "paths follow the direction of edges, and an edge is 1/weight long"
)
UNIT = "pairs of parties"

# Sources times (vertices + edges): what igraph works off in some seconds. Up to the first, all vertices are sources.
_EXACT_WORK = 200_000_000
_SAMPLED_WORK = 100_000_000
_FEWEST_SOURCES = 256
_BATCHES = 16


def score(network: Network, *, seed: int = 0) -> dict[str, FloatArray]:
    """Weighted, directed betweenness; not divided by the number of pairs.

    Parallel edges are added up, self-loops and edges of weight 0 are left out. In an undirected network each pair
    counts once. The ends of a path do not lie on it: in a network without paths of two steps all score 0.

    Where vertices · (vertices + edges) is above 200 million, only paths from a sample of the parties are followed (at
    least 256, drawn with ``seed``) and scaled up: the column ``error`` is then the standard error of the score,
    estimated from 16 parts of the sample (too small for low scores, which rest on few paths). It is 0 where all were
    followed.

    >>> score(Network.of(("Acme", "Mule"), ("Mule", "Shell"), ("Beta", "Mule")))["score"].tolist()
    [0.0, 0.0, 2.0, 0.0]

    Source: Freeman (1977); Brandes, On variants of shortest-path betweenness centrality (2008); for the sample,
    Brandes, Pich, Centrality estimation in large networks (2007).
    """
    import igraph

    pointers, heads, weight = network.arcs
    size = network.size
    tails = np.repeat(np.arange(size), np.diff(pointers))
    graph = igraph.Graph(n=size, edges=np.column_stack([tails, heads]), directed=True)
    # Where all are equally long, counting steps gives the same in a third of the time.
    lengths = None if len(weight) == 0 or weight.min() == weight.max() else (1.0 / weight).tolist()
    each = 1.0 if network.directed else 0.5
    if size * (size + len(heads)) <= _EXACT_WORK:
        exact = np.array(graph.betweenness(weights=lengths), dtype=np.float64)
        return {"score": each * exact, "error": np.zeros(size)}
    wanted = max(_FEWEST_SOURCES, _SAMPLED_WORK // (size + len(heads))) // _BATCHES * _BATCHES
    drawn = np.random.default_rng(seed).permutation(size)[:wanted]
    parts = np.array(
        [graph.betweenness(weights=lengths, sources=np.sort(part).tolist()) for part in np.split(drawn, _BATCHES)]
    )
    scaled = each * parts * (size * _BATCHES / len(drawn))
    # Drawn without replacement: what was followed is no longer uncertain.
    spread = scaled.std(axis=0, ddof=1) / np.sqrt(_BATCHES) * np.sqrt(1.0 - len(drawn) / size)
    return {"score": scaled.mean(axis=0), "error": spread}

"""How near a party is to all the others."""

from __future__ import annotations

import numpy as np

from finnet.graph.network import FloatArray, Network

__all__ = ["DEFINITION", "TIES_ALONE", "UNIT", "score"]

DEFINITION = "sum over all others of 1 / (number of edges on the shortest way there, in either direction)"
UNIT = "parties at one step's distance"
TIES_ALONE = True

_WORK = 200_000_000
_FEWEST_SOURCES = 256
_BATCHES = 16


def score(network: Network, *, seed: int = 0) -> dict[str, FloatArray]:
    """Harmonic centrality in the simple undirected network; whoever cannot be reached adds nothing.

    Where vertices · (vertices + edges) is above 200 million, distances are taken to a sample of at least 256 parties,
    drawn with ``seed``, and scaled up; ``error`` is then the standard error of the score, estimated from 16 parts of
    the sample, and 0 otherwise. A party without ties scores 0.

    >>> score(Network.of(("A", "B"), ("B", "C"), ("C", "D")))["score"].round(4).tolist()
    [1.8333, 2.5, 2.5, 1.8333]

    Source: Marchiori, Latora, Harmony in the small-world (2000); Rochat, Closeness centrality extended to unconnected
    graphs (2009).
    """
    import igraph

    pointers, heads = network.neighbours
    size = network.size
    tails = np.repeat(np.arange(size), np.diff(pointers))
    once = tails < heads
    graph = igraph.Graph(n=size, edges=np.column_stack([tails[once], heads[once]]), directed=False)
    if size * (size + graph.ecount()) <= _WORK:
        mean = np.array(graph.harmonic_centrality(), dtype=np.float64)
        return {"score": np.nan_to_num(mean) * max(size - 1, 0), "error": np.zeros(size)}
    wanted = max(_FEWEST_SOURCES, _WORK // (size + graph.ecount())) // _BATCHES * _BATCHES
    drawn = np.random.default_rng(seed).permutation(size)[:wanted]
    parts = np.array([_from(graph, np.sort(part), size) for part in np.split(drawn, _BATCHES)])
    scaled = parts * (size * _BATCHES / len(drawn))
    spread = scaled.std(axis=0, ddof=1) / np.sqrt(_BATCHES) * np.sqrt(1.0 - len(drawn) / size)
    return {"score": scaled.mean(axis=0), "error": spread}


def _from(graph: object, sources: np.ndarray[tuple[int], np.dtype[np.int64]], size: int) -> FloatArray:
    """The sum over these sources of 1 / distance; one source at a time, so that memory stays at one row."""
    total = np.zeros(size)
    for source in sources.tolist():
        distance = np.array(graph.distances(source=[source])[0], dtype=np.float64)  # type: ignore[attr-defined]
        reached = distance > 0
        total[reached] += 1.0 / distance[reached]
    return total

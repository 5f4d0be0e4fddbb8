"""Edges that weigh more than both their ends' sizes would give, beyond what noise explains (noise-corrected)."""

from __future__ import annotations

import numpy as np

from finnet.graph.ledger import BoolArray
from finnet.graph.network import FloatArray, Network

__all__ = ["DEFAULT", "DEFINITION", "keep", "scores"]

DEFAULT = 1.64  # standard deviations: one edge in twenty by chance
DEFINITION = "lift of the edge over its ends' strengths, scaled to -1 to 1, above so many of its standard deviations"


def keep(network: Network, level: float = DEFAULT) -> BoolArray:
    """Whether each edge's score is more than ``level`` standard deviations above nought: 1.28, 1.64, 2.32.

    Edges are counted by their number of payments where the network has it, else by their weight: the formula takes its
    units for independent trials, and a cent is none.

    Source: Coscia and Neffke, Network backboning with noisy data (2017).
    """
    counted = network.edges.get("count")
    score, deviation = scores(network, network.weight if counted is None else np.asarray(counted, np.float64))
    kept: BoolArray = score > level * deviation
    return kept


def scores(network: Network, counted: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(κn - 1) / (κn + 1) with κ = n.. / (n_i. n_.j), and its standard deviation, one each per edge.

    Self-loops count like other edges. An undirected edge counts once each way. Where n_i. and n_.j are all there is,
    the deviation is infinite: nothing can be said.

    >>> grid = Network.of(("a", "a", 10), ("a", "b", 2), ("b", "a", 3), ("b", "b", 5))
    >>> [one.round(4).tolist() for one in scores(grid, grid.weight)]
    [[0.1236, -0.3548, -0.2683, 0.2821], [0.0098, 0.2181, 0.1403, 0.013]]
    """
    n = np.asarray(counted, np.float64)
    out, into = (np.bincount(end, n, network.size) for end in (network.source, network.target))
    if not network.directed:
        out = into = out + into
    whole = float(out.sum())
    i, j = out[network.source], into[network.target]
    with np.errstate(divide="ignore", invalid="ignore"):
        product = i * j
        kappa = whole / product
        score = (kappa * n - 1) / (kappa * n + 1)
        mean = product / whole**2
        prior = product * (whole - i) * (whole - j) / (whole**4 * (whole - 1))
        first = mean**2 / prior * (1 - mean) - mean
        second = mean / prior * (1 - mean**2) - (1 - mean)
        chance = (first + n) / (first + second + whole)
        variance = chance * (1 - chance) * whole
        slope = 1 / product - whole * (i + j) / product**2
        deviation = np.sqrt(variance) * 2 * (kappa + n * slope) / (kappa * n + 1) ** 2
    sound = np.isfinite(score) & np.isfinite(deviation)
    return np.where(sound, score, -1.0), np.where(sound, np.abs(deviation), np.inf)

"""Edges that carry more of one of their ends than chance would leave to a single edge (disparity filter)."""

from __future__ import annotations

import numpy as np

from finnet.graph.ledger import BoolArray
from finnet.graph.network import FloatArray, IntArray, Network

__all__ = ["DEFAULT", "DEFINITION", "alpha", "keep"]

DEFAULT = 0.05
DEFINITION = "(1 - weight / strength of the end) ^ (edges of the end - 1) below the level at one end or the other"


def keep(network: Network, level: float = DEFAULT) -> BoolArray:
    """Whether each edge's ``alpha`` is below the level, 0 to 1: the lower, the fewer edges stay.

    Source: Serrano, Boguñá, Vespignani, Extracting the multiscale backbone of complex weighted networks (2009).
    """
    kept: BoolArray = alpha(network) < level
    return kept


def alpha(network: Network) -> FloatArray:
    """Per edge the smaller of (1 - w / s) ^ (k - 1) at its two ends: the chance of so large a part of the strength s.

    Directed, k and s are of the payer's outgoing and of the beneficiary's incoming edges; undirected, of all edges of
    an end. An end with one edge says nothing (the formula has no meaning there), nor does a self-loop: where
    neither end says anything it is 1.

    >>> alpha(Network.of(("a", "b", 9), ("a", "c", 1))).round(6).tolist()
    [0.1, 0.9]
    """
    apart = network.source != network.target
    value = np.ones(network.edge_count)
    if network.directed:
        ends = [(network.source, network.source), (network.target, network.target)]
    else:
        both = np.concatenate([network.source, network.target])
        ends = [(network.source, both), (network.target, both)]
    for here, counted in ends:
        edges, strength = _of(network, counted, apart)
        part = np.divide(network.weight, strength[here], out=np.zeros_like(value), where=strength[here] > 0)
        several = apart & (edges[here] > 1)
        chance = np.clip(1 - part, 0, 1) ** np.maximum(edges[here] - 1, 1)
        value = np.where(several, np.minimum(value, chance), value)
    return value


def _of(network: Network, counted: IntArray, apart: BoolArray) -> tuple[IntArray, FloatArray]:
    twice = len(counted) // max(1, network.edge_count)
    weight = np.tile(np.where(apart, network.weight, 0.0), twice)
    edges = np.bincount(counted, np.tile(apart, twice), network.size).astype(np.int64)
    return edges, np.bincount(counted, weight, network.size).astype(np.float64)

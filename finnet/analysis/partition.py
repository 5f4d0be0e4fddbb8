"""Partitions of a network's parties: in a stable order, how good, and how alike two of them are."""

from __future__ import annotations

import numpy as np

from finnet.graph.network import FloatArray, IntArray, Network

__all__ = ["agreement", "in_order", "modularity", "participation", "weighted_ties"]


def in_order(labels: IntArray) -> IntArray:
    """The same groups numbered from 0, the largest first, ties by the smallest vertex number in them.

    >>> in_order(np.array([7, 3, 3, 9, 7, 3])).tolist()
    [1, 0, 0, 2, 1, 0]
    """
    _, first, member, size = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    place = np.empty(len(size), np.int64)
    place[np.lexsort((first, -size))] = np.arange(len(size))
    return place[member]


def weighted_ties(network: Network) -> tuple[IntArray, IntArray, FloatArray]:
    """The simple undirected network: (lower end, higher end, weight both ways together), without self-loops."""
    pointers, heads, weight = network.arcs
    tails = np.repeat(np.arange(network.size), np.diff(pointers))
    low, high = np.minimum(tails, heads), np.maximum(tails, heads)
    pairs, which = np.unique(low * max(network.size, 1) + high, return_inverse=True)
    summed = np.bincount(which, weight, len(pairs)).astype(np.float64)
    if not network.directed:
        summed /= 2
    return pairs // max(network.size, 1), pairs % max(network.size, 1), summed


def modularity(network: Network, labels: IntArray) -> float:
    """The share of weight inside groups beyond what ties thrown at random, strengths kept, would put there.

    Between -0.5 and 1, on the simple undirected weighted network. Without ties 0.

    >>> two = Network.of(("a", "b"), ("b", "c"), ("c", "a"), ("x", "y"), ("y", "z"), ("z", "x"), ("c", "x"))
    >>> round(modularity(two, np.array([0, 0, 0, 1, 1, 1])), 4)
    0.3571

    Source: Newman, Girvan, Finding and evaluating community structure in networks (2004), equation 5. By hand: 6 of 7
    ties are inside, each group has half of all tie ends: 6/7 - 2 · (1/2)² = 5/14.
    """
    low, high, weight = weighted_ties(network)
    total = weight.sum()
    if not total:
        return 0.0
    inside = weight[labels[low] == labels[high]].sum()
    groups = int(labels.max()) + 1
    ends = np.bincount(labels[low], weight, groups) + np.bincount(labels[high], weight, groups)
    return float(inside / total - np.sum((ends / (2 * total)) ** 2))


def agreement(one: IntArray, other: IntArray) -> float:
    """The adjusted Rand index: 1 where the partitions are the same, about 0 where they agree by chance only.

    Can be below 0. Two partitions that each put all in one group, or each in its own, agree fully.

    >>> halves = np.array([0, 0, 1, 1])
    >>> agreement(halves, np.array([5, 5, 2, 2])), agreement(halves, np.array([0, 1, 0, 1]))
    (1.0, -0.5)

    Source: Hubert, Arabie, Comparing partitions (1985).
    """
    if len(one) < 2:
        return 1.0
    columns = int(other.max()) + 1
    both, left, right = (_pairs(labels) for labels in (one * columns + other, one, other))
    all_pairs = len(one) * (len(one) - 1) // 2
    most = (left + right) * all_pairs - 2 * left * right
    return 1.0 if most == 0 else 2 * (both * all_pairs - left * right) / most


def _pairs(labels: IntArray) -> int:
    """How many pairs have the same label."""
    return sum(count * (count - 1) // 2 for count in np.unique(labels, return_counts=True)[1].tolist())


def participation(network: Network, labels: IntArray) -> tuple[FloatArray, FloatArray]:
    """Per party: (participation coefficient, number of ties inside its own group), on the simple undirected network.

    The coefficient is 0 where all ties are in one group and nears 1 where they are spread evenly over many; 0 without
    ties.

    Source: Guimerà, Amaral, Functional cartography of complex metabolic networks (2005).
    """
    pointers, heads = network.neighbours
    tails = np.repeat(np.arange(network.size), np.diff(pointers))
    groups = int(labels.max()) + 1 if len(labels) else 1
    pairs, count = np.unique(tails * groups + labels[heads], return_counts=True)
    degree = np.diff(pointers).astype(np.float64)
    squares = np.bincount(pairs // groups, count.astype(np.float64) ** 2, network.size)
    spread = np.where(
        degree > 0, 1.0 - np.divide(squares, degree**2, out=np.zeros(network.size), where=degree > 0), 0.0
    )
    inside = np.bincount(tails[labels[tails] == labels[heads]], minlength=network.size).astype(np.float64)
    return spread, inside

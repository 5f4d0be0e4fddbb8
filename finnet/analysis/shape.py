"""The shape of a network in three figures: how centralized, limited and vulnerable it is, beside rewired networks."""

from __future__ import annotations

import heapq
import random
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numba import njit

from finnet.graph.compressed import symmetric
from finnet.graph.network import FloatArray, IntArray, Network
from finnet.progress import watched

__all__ = ["DEFINITIONS", "Figure", "centralized", "limited", "shape_figures", "shape_values", "vulnerable"]

_SOURCES = 256  # parties from which shortest ways are counted where there are more than _EXACT
_EXACT = 2_000
_SWAPS = 10  # per link, to forget how a network was wired

DEFINITIONS: Mapping[str, str] = {
    "centralized": "betweenness centralization: how far shortest ways all lead through one party; 1 in a star",
    "limited": "share of connected pairs of parties without two independent routes; 1 in a tree",
    "vulnerable": "1 - 2R, R the mean share in the largest part while the most connected are removed one by one; 1 if "
    "the first removal shatters it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measure from 0 to 1. ``low`` and ``high`` hold 95 % of the rewired networks between them, ``null`` is their
    median, ``above`` the share of them that the network exceeds.

    ``p`` is the chance that a rewired network reaches the value: (1 + those that do) / (1 + all of them).

    Source: Davison, Hinkley, Bootstrap Methods and their Application (1997), ch. 4, for ``p``.
    """

    measure: str
    value: float
    low: float
    high: float
    null: float
    above: float
    p: float


def shape_values(network: Network, *, seed: int = 0) -> dict[str, float]:
    """The three measures of the simple undirected network of all who have a link; 0 without links.

    >>> shape_values(Network.of(("hub", "a"), ("hub", "b"), ("hub", "c")))["centralized"]
    1.0
    """
    return _values(*_links(network), seed)


def shape_figures(network: Network, *, draws: int = 100, seed: int = 0) -> list[Figure]:
    """The three measures beside those of ``draws`` rewired networks.

    A rewired network has the same parties with the same number of links each, exchanged at random ten times per link.

    Source: Milo et al., On the uniform generation of random graphs with prescribed degree sequences (2003), for the
    null; the three words after C4ADS, Risky Business (2017), their measures are our choice (docs/metrics.md).
    """
    import igraph

    size, low, high = _links(network)
    values = _values(size, low, high, seed)
    chance: dict[str, list[float]] = {name: [] for name in values}
    graph = igraph.Graph(n=size, edges=np.column_stack([low, high]), directed=False)
    igraph.set_random_number_generator(random.Random(seed))
    try:
        for _ in watched(range(draws), "rewired networks"):
            rewired = graph.copy()
            if len(low):
                rewired.rewire(n=_SWAPS * len(low))
            ends = np.array(rewired.get_edgelist(), np.int64).reshape(-1, 2)
            for name, value in _values(size, ends[:, 0], ends[:, 1], seed).items():
                chance[name].append(value)
    finally:
        igraph.set_random_number_generator(random)
    return [_figure(name, values[name], np.array(chance[name])) for name in values]


def centralized(size: int, low: IntArray, high: IntArray, *, seed: int = 0) -> float:
    """Freeman's centralization of betweenness: the sum of the distances to the highest, over that of a star.

    Above 2,000 parties shortest ways are counted from a sample of 256. Fewer than three parties: 0.

    >>> centralized(4, np.array([0, 0, 0]), np.array([1, 2, 3]))
    1.0

    Source: Freeman, Centrality in social networks: conceptual clarification (1979).
    """
    import igraph

    if size < 3 or not len(low):
        return 0.0
    graph = igraph.Graph(n=size, edges=np.column_stack([low, high]), directed=False)
    if size <= _EXACT:
        scores = np.array(graph.betweenness(directed=False))
    else:
        sources = sorted(random.Random(seed).sample(range(size), _SOURCES))
        scores = np.array(graph.betweenness(directed=False, sources=sources)) * (size / _SOURCES)
    star = (size - 1) * (size - 1) * (size - 2) / 2
    return min(1.0, float((scores.max() - scores).sum() / star))


def limited(size: int, low: IntArray, high: IntArray) -> float:
    """Of all connected pairs of parties, the share that one removal of a third, or one link, takes apart.

    Two parties have two independent routes if and only if they lie on a common cycle (Whitney).

    >>> limited(4, np.array([0, 1, 2, 2]), np.array([1, 2, 0, 3]))
    0.5

    Source: Whitney, Congruent graphs and the connectivity of graphs (1932); the share is our own definition.
    """
    import igraph

    if not len(low):
        return 0.0
    graph = igraph.Graph(n=size, edges=np.column_stack([low, high]), directed=False)
    connected = sum(count * (count - 1) // 2 for count in graph.connected_components().sizes())
    blocks = graph.biconnected_components()
    twice = sum(len(block) * (len(block) - 1) // 2 for block in blocks if len(block) > 2)
    return 1.0 - float(twice / connected)


def vulnerable(size: int, low: IntArray, high: IntArray) -> float:
    """1 - 2R, where R is the mean, over all removals, of the largest part's share of all parties.

    Whoever has most links left goes next; ties to the smallest number. R is close to 1/2 where everybody is linked to
    everybody, and close to 0 where the first removal leaves nothing together.

    >>> round(vulnerable(3, np.array([0, 1]), np.array([1, 2])), 4)
    0.5556

    Source: Schneider, Moreira, Andrade, Havlin, Herrmann, Mitigation of malicious attacks on networks (2011).
    """
    if not len(low):
        return 0.0
    first, last = np.minimum(low, high), np.maximum(low, high)
    pointers, neighbours = symmetric(first, last, size)
    return 1.0 - 2.0 * float(_largest_parts(pointers, neighbours).sum() / size / size)


def _links(network: Network) -> tuple[int, IntArray, IntArray]:
    """The simple undirected links, between parties numbered anew: only those who have one; and how many these are."""
    pointers, neighbours = network.neighbours
    tails = np.repeat(np.arange(network.size), np.diff(pointers))
    once = tails < neighbours
    linked = np.diff(pointers) > 0
    number = np.cumsum(linked) - 1
    return int(linked.sum()), number[tails[once]], number[neighbours[once]]


def _values(size: int, low: IntArray, high: IntArray, seed: int) -> dict[str, float]:
    return {
        "centralized": centralized(size, low, high, seed=seed),
        "limited": limited(size, low, high),
        "vulnerable": vulnerable(size, low, high),
    }


def _figure(name: str, value: float, chance: FloatArray) -> Figure:
    low, middle, high = np.quantile(chance, [0.025, 0.5, 0.975]).tolist()
    # What rounding makes unequal is equal.
    below = int((value > chance + 1e-12).sum())
    draws = len(chance)
    return Figure(
        measure=name, value=value, low=low, high=high, null=middle, above=below / draws,
        p=(1 + draws - below) / (1 + draws),
    )  # fmt: skip


@njit(cache=True)
def _largest_parts(pointers, neighbours):  # type: ignore[no-untyped-def]
    size = len(pointers) - 1
    degree = np.empty(size, np.int64)
    heap = [(np.int64(0), np.int64(0))]
    heap.pop()
    for number in range(size):
        degree[number] = pointers[number + 1] - pointers[number]
        heap.append((-degree[number], np.int64(number)))
    heapq.heapify(heap)
    gone = np.zeros(size, np.bool_)
    order = np.empty(size, np.int64)
    place = 0
    while place < size:
        links, node = heapq.heappop(heap)
        if gone[node] or -links != degree[node]:
            continue
        gone[node] = True
        order[place] = node
        place += 1
        for spot in range(pointers[node], pointers[node + 1]):
            other = neighbours[spot]
            if not gone[other]:
                degree[other] -= 1
                heapq.heappush(heap, (-degree[other], other))
    # Backwards the parties come back, and parts grow together.
    parent, members = np.arange(size), np.zeros(size, np.int64)
    largest = np.zeros(size, np.int64)
    most = 0
    for step in range(size - 1, -1, -1):
        largest[step] = most  # what is left once the party of this step is gone too
        node = order[step]
        members[node] = 1
        for spot in range(pointers[node], pointers[node + 1]):
            other = neighbours[spot]
            if members[other] == 0:
                continue
            here, there = np.int64(node), np.int64(other)
            while parent[here] != here:
                parent[here] = parent[parent[here]]
                here = parent[here]
            while parent[there] != there:
                parent[there] = parent[parent[there]]
                there = parent[there]
            if here != there:
                if members[here] < members[there]:
                    here, there = there, here
                parent[there] = here
                members[here] += members[there]
        root = np.int64(node)
        while parent[root] != root:
            root = parent[root]
        most = max(most, members[root])
    return largest

"""Places in layers: owners above what they own, payers left of whom they pay, with few crossings between."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from finnet.graph.network import FloatArray, IntArray, Network
from finnet.report.views.layout import Layout, packed_in_rows

__all__ = ["layered", "levels"]

_SWEEPS = 12
# Between two parties of a layer, between two layers, between two rows of one staggered layer.
_DOWN = (74.0, 130.0, 44.0)
_ACROSS = (46.0, 250.0, 70.0)
_WIDE = 18  # a layer with more parties than this is staggered, so that the whole stays legible


def layered(network: Network, *, radii: FloatArray, level: IntArray | None = None, is_across: bool = False) -> Layout:
    """Each vertex in its layer: sources first; downwards, or from left to right where ``is_across``.

    ``level`` says the layer of each vertex; without it the longest chain of links that ends there, loops counted as
    one. Within a layer vertices stand where those they are linked to stand, as far as there is room. Components stand
    in rows. The same network gives the same places: nothing is left to chance.

    >>> chain = Network.of(("owner", "holding"), ("holding", "firm"))
    >>> places = layered(chain, radii=np.full(3, 8.0)).places
    >>> [round(float(places[chain.number[one], 1])) for one in ("owner", "holding", "firm")]
    [-130, 0, 130]

    Source: Sugiyama, Tagawa, Toda, Methods for visual understanding of hierarchical system structures (1981).
    """
    if not network.size:
        return Layout(places=np.empty((0, 2)), groups=np.empty(0, np.int64))
    level = levels(network) if level is None else level
    places = np.zeros((network.size, 2))
    components = _components(network)
    for inside in components:
        along, beside = _component(network, inside, level, _ACROSS if is_across else _DOWN)
        places[inside] = np.column_stack([along, beside] if is_across else [beside, along])
    packed_in_rows(places, radii, components)
    places -= (places.min(axis=0) + places.max(axis=0)) / 2
    return Layout(places=np.round(places, 1) + 0.0, groups=level)


def levels(network: Network) -> IntArray:
    """The length of the longest chain of links that ends at each vertex; those in one loop share a level.

    >>> levels(Network.of(("a", "b"), ("b", "c"), ("c", "b"), ("c", "d"), ("a", "d"))).tolist()
    [0, 1, 1, 2]
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ones = np.ones(network.edge_count, np.int8)
    matrix = coo_array((ones, (network.source, network.target)), shape=(network.size, network.size))
    count, of = connected_components(matrix, directed=True, connection="strong")
    tails, heads = of[network.source], of[network.target]
    pairs = (
        np.unique(np.column_stack([tails, heads])[tails != heads], axis=0) if network.edge_count else np.empty((0, 2))
    )
    ahead: list[list[int]] = [[] for _ in range(count)]
    waiting = [0] * count
    for tail, head in pairs.tolist():
        ahead[int(tail)].append(int(head))
        waiting[int(head)] += 1
    level = [0] * count
    ready = [loop for loop in range(count) if not waiting[loop]]
    for loop in ready:
        for head in ahead[loop]:
            level[head] = max(level[head], level[loop] + 1)
            waiting[head] -= 1
            if not waiting[head]:
                ready.append(head)
    return np.array(level, np.int64)[of]


def _components(network: Network) -> list[IntArray]:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ones = np.ones(network.edge_count, np.int8)
    matrix = coo_array((ones, (network.source, network.target)), shape=(network.size, network.size))
    count, of = connected_components(matrix, directed=False)
    order = np.argsort(of, kind="stable").astype(np.int64)
    found = np.split(order, np.searchsorted(of[order], np.arange(1, count)))
    return sorted(found, key=lambda inside: (-len(inside), int(inside[0])))


def _component(
    network: Network, inside: IntArray, level: IntArray, room: tuple[float, float, float]
) -> tuple[FloatArray, FloatArray]:
    """For the vertices of one component: where each stands along the layers, and where within its layer."""
    pointers, heads = network.neighbours
    place = {int(vertex): number for number, vertex in enumerate(inside.tolist())}
    beside = [
        [place[head] for head in heads[pointers[v] : pointers[v + 1]].tolist() if level[head] != level[v]]
        for v in inside.tolist()
    ]
    found, of = np.unique(level[inside], return_inverse=True)
    layers: list[list[int]] = [np.flatnonzero(of == number).tolist() for number in range(len(found))]
    across = np.zeros(len(inside))
    rows = [max(1, -(-len(layer) // _WIDE)) for layer in layers]
    gaps = [room[0] / count for count in rows]
    for layer, gap in zip(layers, gaps, strict=True):
        across[layer] = (np.arange(len(layer)) - (len(layer) - 1) / 2) * gap
    for sweep in range(_SWEEPS):
        for number in range(len(layers)) if sweep % 2 == 0 else reversed(range(len(layers))):
            layers[number] = _settled(layers[number], across, beside, gaps[number])
    along = np.zeros(len(inside))
    at = 0.0
    for layer, count in zip(layers, rows, strict=True):
        for order, vertex in enumerate(layer):
            along[vertex] = at + (order % count) * room[2]
        at += room[1] + (count - 1) * room[2]
    return along, across


def _settled(layer: list[int], across: FloatArray, beside: Sequence[Sequence[int]], gap: float) -> list[int]:
    """The layer in the order of where its vertices are drawn to, each as near to that as there is room."""
    wanted = {v: float(np.mean(across[beside[v]])) if beside[v] else float(across[v]) for v in layer}
    order = sorted(layer, key=lambda v: (wanted[v], v))
    at = -np.inf
    spots = []
    for vertex in order:
        at = max(wanted[vertex], at + gap)
        spots.append(at)
    shift = float(np.mean([wanted[vertex] - spot for vertex, spot in zip(order, spots, strict=True)]))
    across[order] = np.array(spots) + shift
    return order

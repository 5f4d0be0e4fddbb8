"""Where parties stand on a page: each community in a disc of its own, the links between the discs in plain sight."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from finnet.graph.network import FloatArray, IntArray, Network

if TYPE_CHECKING:
    import igraph

__all__ = ["Layout", "communities", "community_discs", "packed_in_rows"]

# A party's share of the plane is a square with this side, in the page's units (one is a pixel at scale 1).
_SPACING = 54.0
# Components up to this size are drawn as one; a division into discs only helps the eye where there are many parties.
_ONE_DISC = 40
_GAP = 90.0
_LANDSCAPE = 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """``places`` has a row (x, y) per vertex, y downwards, in pixels at scale 1; ``groups`` a community number each."""

    places: FloatArray
    groups: IntArray


def community_discs(
    network: Network,
    *,
    radii: FloatArray,
    seed: int = 0,
    left: Sequence[int] = (),
    right: Sequence[int] = (),
) -> Layout:
    """Leiden communities, each laid out in a disc; discs laid out by the links between them and pushed apart.

    Vertices do not overlap: ``radii`` are their sizes. Where ``left`` and ``right`` (vertex numbers) are given, a
    component is turned so that the former stand left of the latter, else so that it is wider than high. Components
    stand in rows, the largest first. The same network and seed give the same places. No vertices: empty arrays.

    Source: our own method; communities by Traag, Waltman, van Eck, From Louvain to Leiden (2019), places inside a disc
    by Fruchterman and Reingold, Graph Drawing by Force-directed Placement (1991).
    """
    if not network.size:
        return Layout(places=np.empty((0, 2)), groups=np.empty(0, np.int64))
    graph = _simple(network)
    groups = communities(network, seed=seed)
    with _chance(seed):
        components = sorted(graph.connected_components(), key=lambda members: (-len(members), members[0]))
        places = np.zeros((network.size, 2))
        for members in components:
            inside = np.array(members, np.int64)
            drawn = _component(graph.induced_subgraph(members), groups[inside])
            drawn = _apart(_turned(drawn, inside, left, right), radii[inside] + 5.0 + 80.0 / np.sqrt(len(members)))
            places[inside] = drawn
    packed_in_rows(places, radii, [np.array(members, np.int64) for members in components])
    places -= (places.min(axis=0) + places.max(axis=0)) / 2
    return Layout(places=np.round(places, 1) + 0.0, groups=groups)


def communities(network: Network, *, seed: int = 0) -> IntArray:
    """A community number per vertex by Leiden, for drawing only: no claim is made about how stable they are."""
    with _chance(seed):
        found = _simple(network).community_leiden(objective_function="modularity", resolution=0.8, n_iterations=3)
    return np.array(found.membership, np.int64)


def _simple(network: Network) -> igraph.Graph:
    import igraph

    return igraph.Graph(n=network.size, edges=np.column_stack([network.source, network.target])).simplify()


@contextmanager
def _chance(seed: int) -> Iterator[None]:
    """igraph draws its random numbers from a generator of ours while this lasts."""
    import igraph

    igraph.set_random_number_generator(random.Random(seed))
    try:
        yield
    finally:
        igraph.set_random_number_generator(random)


def _component(graph: igraph.Graph, groups: IntArray) -> FloatArray:
    size = graph.vcount()
    if size == 1:
        return np.zeros((1, 2))
    if size <= _ONE_DISC:
        return _spread(_forces(graph), size)
    labels, local = np.unique(groups, return_inverse=True)
    radius = np.sqrt(np.bincount(local, minlength=len(labels))) * _SPACING * 0.6
    centres = _centres(graph, local, radius)
    places = np.zeros((size, 2))
    for label in range(len(labels)):
        inside = np.flatnonzero(local == label)
        if len(inside) == 1:
            places[inside] = centres[label]
            continue
        drawn = _forces(graph.induced_subgraph(inside.tolist()))
        places[inside] = centres[label] + _disc(drawn) * radius[label] * 0.95
    return places


def _forces(graph: igraph.Graph, weights: Sequence[float] | None = None) -> FloatArray:
    size = graph.vcount()
    rounds = 500 if size < 300 else 250 if size < 900 else 120
    drawn = graph.layout_fruchterman_reingold(weights=weights, niter=rounds, grid=size >= 1200)
    return np.array(drawn.coords, dtype=np.float64)


def _spread(drawn: FloatArray, size: int) -> FloatArray:
    """Scaled so that the box around it has its share of the plane for each vertex."""
    drawn = drawn - drawn.mean(axis=0)
    width, height = np.ptp(drawn, axis=0) + 1e-9
    area = max(width * height, max(width, height) ** 2 / 4)
    scaled: FloatArray = drawn * np.sqrt(size * (1.35 * _SPACING) ** 2 / area)
    return scaled


def _disc(drawn: FloatArray) -> FloatArray:
    """Inside the unit disc; the few that stand far out are drawn in to its rim."""
    drawn = drawn - np.median(drawn, axis=0)
    distance = np.sqrt((drawn**2).sum(axis=1))
    rim = np.percentile(distance, 92) + 1e-9
    pulled = np.where(distance <= rim, distance / rim, 1 + 0.12 * np.tanh((distance - rim) / rim))
    return np.asarray(drawn * (pulled / (distance + 1e-9))[:, None])


def _centres(graph: igraph.Graph, local: NDArray[np.intp], radius: FloatArray) -> FloatArray:
    quotient = graph.copy()
    quotient.es["links"] = 1
    quotient.contract_vertices(local.tolist())
    quotient.simplify(combine_edges={"links": "sum"})
    if quotient.vcount() == 1:
        return np.zeros((1, 2))
    drawn = _forces(quotient, np.log1p(quotient.es["links"]).tolist())
    drawn -= drawn.mean(axis=0)
    distance = np.sqrt((drawn**2).sum(axis=1)) + 1e-9
    drawn *= (distance**-0.5)[:, None]  # what lies far out comes nearer
    spread = np.sqrt((drawn**2).sum(axis=1)).mean() + 1e-9
    return _apart(drawn * np.sqrt((radius**2).sum()) * 0.5 / spread, radius * 1.06, rounds=300)


def _apart(places: FloatArray, radii: FloatArray, *, rounds: int = 150) -> FloatArray:
    """Circles pushed from each other until none overlap, or as near to it as these rounds come."""
    from scipy.spatial import cKDTree

    places = places.copy()
    if len(places) < 2:
        return places
    reach = 2 * float(radii.max())
    for _ in range(rounds):
        pairs = cKDTree(places).query_pairs(reach, output_type="ndarray")
        if not len(pairs):
            break
        pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
        one, other = pairs[:, 0], pairs[:, 1]
        between = places[one] - places[other]
        distance = np.sqrt((between**2).sum(axis=1))
        together = distance < 1e-6
        angle = (one[together] * 2.399963 + other[together]) % (2 * np.pi)  # the golden angle: any spread will do
        between[together] = np.column_stack([np.cos(angle), np.sin(angle)])
        distance[together] = 1.0
        overlap = radii[one] + radii[other] - np.where(together, 0.0, distance)
        touching = overlap > 0
        if not touching.any() or overlap.max() < 0.5:
            break
        push = between[touching] / distance[touching, None] * (overlap[touching, None] * 0.5)
        np.add.at(places, one[touching], push)
        np.add.at(places, other[touching], -push)
    return places


def _turned(places: FloatArray, inside: IntArray, left: Sequence[int], right: Sequence[int]) -> FloatArray:
    places = places - places.mean(axis=0)
    here, there = np.isin(inside, list(left)), np.isin(inside, list(right))
    if here.any() and there.any():
        way = places[there].mean(axis=0) - places[here].mean(axis=0)
        length = float(np.hypot(*way))
        if length > 1e-6:
            along, across = way / length, np.array([-way[1], way[0]]) / length
            return np.column_stack([places @ along, places @ across])
    if len(places) > 2:
        _, axes = np.linalg.eigh(np.cov(places.T))
        along, across = axes[:, 1], axes[:, 0]
        along = along if along[np.argmax(np.abs(along))] > 0 else -along
        across = across if across[np.argmax(np.abs(across))] > 0 else -across
        return np.column_stack([places @ along, places @ across])
    if len(places) == 2:
        half = float(np.hypot(*(places[1] - places[0]))) / 2
        return np.array([[-half, 0.0], [half, 0.0]])
    return places


def packed_in_rows(places: FloatArray, radii: FloatArray, components: Sequence[IntArray]) -> None:
    """Components side by side in rows, the largest first; the whole somewhat wider than high."""
    boxes = []
    for inside in components:
        low = (places[inside] - radii[inside, None]).min(axis=0)
        high = (places[inside] + radii[inside, None]).max(axis=0)
        boxes.append((low, high - low))
    area = sum(float((extent + _GAP).prod()) for _, extent in boxes)
    width = max(float(boxes[0][1][0]), float(np.sqrt(area * _LANDSCAPE)))
    x = y = row = 0.0
    for inside, (low, extent) in zip(components, boxes, strict=True):
        if x and x + extent[0] > width:
            x, y, row = 0.0, y + row + _GAP, 0.0
        places[inside] += np.array([x, y]) - low
        x += float(extent[0]) + _GAP
        row = max(row, float(extent[1]))

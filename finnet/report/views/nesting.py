"""Groups within groups: how a folded network opens step by step, never more at once than an eye can take in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from finnet.graph.network import FloatArray, IntArray, Network
from finnet.report.views.layout import communities, community_discs
from finnet.report.views.reduction import Reduction

__all__ = ["MOST", "Nesting", "nested"]

# Parties and groups that are shown when a group is opened, besides those around it.
MOST = 1500
_GROUP_RADIUS = 22.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Nesting:
    """``home`` is the innermost group of each vertex of the whole network, -1 for one that is in none.

    Per group: the group it lies in (-1 at the top), the vertex of the drawn network that it is (-1 within a group),
    its words and how many parties are inside it in the end. ``places`` has x and y of each vertex inside its home,
    ``group_places`` of each group inside its parent.
    """

    home: IntArray
    parent: list[int]
    vertex: list[int]
    names: list[str]
    members: list[int]
    places: FloatArray
    group_places: list[tuple[float, float]]


def nested(whole: Network, reduction: Reduction, radii: FloatArray, *, most: int = MOST, seed: int = 0) -> Nesting:
    """The groups of a folded network, each divided again until none shows more than ``most`` when it is opened.

    A group is divided by its own communities; one that has no such parts by the strength of its parties. Inside a group
    vertices stand as on a page of their own.

    >>> from finnet.report.views.folding import folded
    >>> ring = Network.of(("a", "b"), ("b", "c"), ("c", "a"), ("c", "z"))
    >>> nested(ring, folded(ring, [3], by="jurisdiction"), np.full(4, 6.0)).home.tolist()
    [0, 0, 0, -1]
    """
    strength = whole.in_strength + whole.out_strength
    captions = whole.vertices.get("caption", whole.ids)
    names = reduction.network.vertices.get("caption", reduction.network.ids)
    made = Nesting(
        home=np.full(whole.size, -1, np.int64),
        parent=[],
        vertex=[],
        names=[],
        members=[],
        places=np.zeros((whole.size, 2)),
        group_places=[],
    )

    def put(inside: IntArray, parent: int, vertex: int, words: str) -> int:
        group = len(made.parent)
        made.parent.append(parent)
        made.vertex.append(vertex)
        made.names.append(words)
        made.members.append(len(inside))
        made.group_places.append((0.0, 0.0))
        network = _bare(whole, inside)
        parts = [] if len(inside) <= most else _parts(network, strength[inside], most, seed)
        children = []
        for part in parts:
            if len(part) == 1:
                continue
            strongest = inside[part[np.argmax(strength[inside[part]])]]
            around = str(captions[strongest] or whole.ids[strongest])
            children.append((put(inside[part], group, -1, f"{len(part):,} around {around}"), part))
        within = np.full(len(inside), -1, np.int64)
        for number, (_, part) in enumerate(children):
            within[part] = number
        alone = np.flatnonzero(within < 0)
        made.home[inside[alone]] = group
        # Parties stand as vertices 0 …, the groups inside after them.
        spot = np.empty(len(inside), np.int64)
        spot[alone] = np.arange(len(alone))
        spot[within >= 0] = len(alone) + within[within >= 0]
        size = len(alone) + len(children)
        drawn = replace(
            network,
            ids=tuple(f"{number:09d}" for number in range(size)),
            source=spot[network.source],
            target=spot[network.target],
        )
        room = np.concatenate([radii[inside[alone]], np.full(len(children), _GROUP_RADIUS)])
        places = community_discs(drawn, radii=room, seed=seed).places
        made.places[inside[alone]] = places[: len(alone)]
        for number, (child, _) in enumerate(children):
            made.group_places[child] = (float(places[len(alone) + number, 0]), float(places[len(alone) + number, 1]))
        return group

    for vertex, label in enumerate(reduction.network.ids):
        if label in whole.number:
            continue
        put(np.flatnonzero(reduction.inside == vertex), -1, vertex, str(names[vertex]))
    return made


def _bare(whole: Network, inside: IntArray) -> Network:
    """The links between these vertices, without any column."""
    number = np.full(whole.size, -1, np.int64)
    number[inside] = np.arange(len(inside))
    source, target = number[whole.source], number[whole.target]
    kept = np.flatnonzero((source >= 0) & (target >= 0))
    return Network(
        ids=tuple(f"{place:09d}" for place in range(len(inside))),
        source=source[kept],
        target=target[kept],
        weight=whole.weight[kept],
        unit=whole.unit,
        directed=whole.directed,
    )


def _parts(network: Network, strength: FloatArray, most: int, seed: int) -> Sequence[IntArray]:
    """Communities, the largest first, the smallest together; by strength where nine tenths would be in one."""
    of = communities(network, seed=seed)
    counts = np.bincount(of)
    if counts.max() > 0.9 * network.size:
        order = np.lexsort((np.arange(network.size), -strength))
        return [np.sort(order[start : start + most]) for start in range(0, network.size, most)][:most]
    ranked = np.lexsort((np.arange(len(counts)), -counts))
    place = np.empty(len(counts), np.int64)
    place[ranked] = np.minimum(np.arange(len(counts)), most // 2)
    of = place[of]
    return [np.flatnonzero(of == part) for part in range(int(of.max()) + 1)]

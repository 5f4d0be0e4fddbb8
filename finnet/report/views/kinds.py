"""The kinds of pictures: what each draws of a network, and where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

from finnet.graph.network import FloatArray, Network
from finnet.report.views.carrying import carrying
from finnet.report.views.content import PageContent, ranks, removal_sets
from finnet.report.views.folding import corridors
from finnet.report.views.layered import layered
from finnet.report.views.layout import Layout, community_discs
from finnet.report.views.reduction import LIMIT, Fold, Reduction, reduced, surroundings

__all__ = ["KINDS", "Kind", "layout_of", "reduction_of"]

Kind = Literal["network", "ownership", "flows", "jurisdictions", "timeline"]
KINDS: tuple[str, ...] = get_args(Kind)
_LAYERED = 600  # beyond that many parties layers become bands without end
_RING = 10.0  # room for the ring around a choke point


def reduction_of(
    network: Network, content: PageContent, *, limit: int = LIMIT, fold: Fold | None = None, around: Sequence[str] = ()
) -> Reduction | None:
    """What is drawn instead of the whole network; None where all of it is."""
    sets = [member for one in removal_sets(content.choke) for member in one.members]
    named = [*sets, *content.seeds, *content.exits, *around]
    centres = list(dict.fromkeys(network.number[one] for one in named if one in network.number))
    match content.kind:
        case "timeline":
            return None
        case "flows":
            seeds, exits, chosen = (
                [network.number[one] for one in ids if one in network.number]
                for ids in (content.seeds, content.exits, sorted(ranks(content.choke)))
            )
            return carrying(network, seeds, exits, also=chosen, limit=min(limit, _LAYERED))
        case "jurisdictions":
            return corridors(network)
        case "ownership":
            most = min(limit, _LAYERED)
            return None if network.size <= most else surroundings(network, centres, limit=most)
        case _:
            return reduced(network, centres, limit=limit, fold=fold, seed=content.seed)


def layout_of(network: Network, content: PageContent, radii: FloatArray) -> Layout:
    """Where the drawn network's parties stand: in discs, in layers, or, countries, around a circle."""
    left = [network.number[one] for one in content.seeds if one in network.number]
    right = [network.number[one] for one in content.exits if one in network.number]
    ranked = ranks(content.choke)
    radii = radii + np.array([_RING if one in ranked else 0.0 for one in network.ids])
    match content.kind:
        case "ownership":
            return layered(network, radii=radii)
        case "flows":
            return layered(network, radii=radii, level=_steps(network, left, right), is_across=True)
        case "jurisdictions":
            return _circle(network, radii)
        case _:
            return community_discs(network, radii=radii, seed=content.seed, left=left, right=right)


def _steps(network: Network, seeds: Sequence[int], exits: Sequence[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Links from the nearest seed, exits last of all; whom no seed reaches stands beside the seeds."""
    from finnet.graph.compressed import compressed

    pointers, heads, _ = compressed(network.source, network.target, network.size)
    level = np.full(network.size, -1, np.int64)
    level[list(seeds)] = 0
    queue = list(seeds)
    for here in queue:
        for ahead in heads[pointers[here] : pointers[here + 1]].tolist():
            if level[ahead] < 0:
                level[ahead] = level[here] + 1
                queue.append(ahead)
    level = np.maximum(level, 0)
    if len(exits):
        others = np.setdiff1d(np.arange(network.size), np.array(exits))
        level[list(exits)] = int(level[others].max(initial=0)) + 1
    return level


def _circle(network: Network, radii: FloatArray) -> Layout:
    """Clockwise from the top by code, so that the strong ones stand apart; those without a jurisdiction come last."""
    homes = network.vertices.get("country", [None] * network.size)
    order = np.array(sorted(range(network.size), key=lambda v: (homes[v] is None, homes[v] or "", v)), np.int64)
    size = max(1, network.size)
    radius = max(160.0, size * (2 * float(radii.max(initial=8.0)) + 26) / (2 * np.pi))
    angle = 2 * np.pi * np.arange(network.size) / size - np.pi / 2
    places = np.zeros((network.size, 2))
    places[order] = np.column_stack([1.35 * radius * np.cos(angle), radius * np.sin(angle)])
    return Layout(places=np.round(places, 1) + 0.0, groups=np.zeros(network.size, np.int64))

"""Fewer parties than a network has, where it has more than a page can show: announced, never silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from finnet.graph.network import IntArray, Network

__all__ = ["LIMIT", "Fold", "Reduction", "reduced", "surroundings"]

LIMIT = 3000
Fold = Literal["none", "community", "jurisdiction"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduction:
    """What is drawn instead of the whole network, and the sentence that says so.

    ``members`` is how many parties each vertex stands for (1 for a party that is drawn as itself). ``inside`` says for
    each vertex of the whole network which drawn vertex it is, or is inside of; -1 where it is not drawn at all. ``cut``
    are links (source id, target id) that a picture of flows marks.
    """

    network: Network
    sentence: str
    members: IntArray
    inside: IntArray
    cut: frozenset[tuple[str, str]] = frozenset()

    @property
    def is_folded(self) -> bool:
        """Whether any vertex stands for several parties."""
        return bool((self.members > 1).any())


def reduced(
    network: Network, centres: Sequence[int], *, limit: int = LIMIT, fold: Fold | None = None, seed: int = 0
) -> Reduction | None:
    """The network within ``limit`` parties; None where it fits as it is.

    With ``centres`` (choke points, seeds, exits, those asked for) their surroundings are drawn, unless ``fold`` says
    otherwise; without, communities are folded into one vertex each.
    """
    from finnet.report.views.folding import folded

    if network.size <= limit and fold in (None, "none"):
        return None
    if fold in ("community", "jurisdiction"):
        return folded(network, centres, by=fold, limit=limit, seed=seed)
    if centres or fold == "none":
        return surroundings(network, centres, limit=limit)
    return folded(network, centres, by="community", limit=limit, seed=seed)


def surroundings(network: Network, centres: Sequence[int], *, limit: int = LIMIT) -> Reduction:
    """Centres first, then ring after ring of neighbours until ``limit``; within a ring the strongest first, ties by id.

    Without centres the strongest parties.

    >>> chain = Network.of(("a", "b"), ("b", "c"), ("c", "d"))
    >>> surroundings(chain, [0], limit=2).network.ids
    ('a', 'b')
    """
    strength = network.in_strength + network.out_strength
    order = np.lexsort((np.arange(network.size), -strength))
    place = np.empty(network.size, np.int64)
    place[order] = np.arange(network.size)
    pointers, heads = network.neighbours
    kept = np.zeros(network.size, bool)
    ring = np.array(sorted(set(centres), key=lambda number: place[number]), np.int64)
    while len(ring) and (room := limit - int(kept.sum())) > 0:
        kept[ring[:room]] = True
        beside = np.unique(np.concatenate([heads[pointers[v] : pointers[v + 1]] for v in ring.tolist()]))
        beside = beside[~kept[beside]]
        ring = beside[np.argsort(place[beside])]
    if not len(centres):
        kept[order[:limit]] = True
    return _only(network, kept, "the strongest" if not len(centres) else "those nearest to the parties in question")


def _only(network: Network, kept: np.ndarray[tuple[int], np.dtype[np.bool_]], which: str) -> Reduction:
    left = int((~kept).sum())
    drawn = network.without(np.flatnonzero(~kept).tolist())
    return Reduction(
        network=drawn,
        sentence=(
            f"Drawn are {drawn.size:,} of {network.size:,} parties, {which}, and the {drawn.edge_count:,} of "
            f"{network.edge_count:,} links between them; {left:,} parties are not drawn."
        ),
        members=np.ones(drawn.size, np.int64),
        inside=np.where(kept, np.cumsum(kept) - 1, -1),
    )

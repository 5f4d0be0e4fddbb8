"""What changes in a network when some links are severed and others restored: links, pieces, who is cut off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from finnet.analysis.interdiction.situation import BoolArray
from finnet.graph.network import IntArray, Network

__all__ = ["Split", "cut_off", "pieces", "splits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A piece (its members, sorted) that was whole before, and the sizes of what is left of it, the largest first."""

    members: tuple[int, ...]
    parts: tuple[int, ...]


def pieces(network: Network, severed: BoolArray) -> IntArray:
    """Per vertex the number of its connected piece over links that are not severed, directions apart."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    kept = ~severed
    ones = np.ones(int(kept.sum()), bool)
    matrix = coo_array((ones, (network.source[kept], network.target[kept])), shape=(network.size, network.size))
    found: IntArray = connected_components(matrix, directed=False)[1].astype(np.int64)
    return found


def splits(network: Network, before: BoolArray, after: BoolArray, gone: BoolArray) -> list[Split]:
    """The pieces that fall apart, the largest first; vertices that are ``gone`` (blocked) do not count as parts.

    >>> chain = Network.of(("a", "b"), ("b", "c"), ("c", "d"))
    >>> nothing, middle = np.zeros(3, bool), np.array([False, True, False])
    >>> splits(chain, nothing, middle, np.zeros(4, bool))
    [Split(members=(0, 1, 2, 3), parts=(2, 2))]
    """
    was, now = pieces(network, before), pieces(network, after)
    found = []
    left = np.flatnonzero(~gone)
    parts: dict[int, dict[int, int]] = {}
    for vertex in left.tolist():
        inside = parts.setdefault(int(was[vertex]), {})
        inside[int(now[vertex])] = inside.get(int(now[vertex]), 0) + 1
    for piece, sizes in parts.items():
        if len(sizes) > 1:
            members = tuple(np.flatnonzero(was == piece).tolist())
            found.append(Split(members=members, parts=tuple(sorted(sizes.values(), reverse=True))))
    return sorted(found, key=lambda split: (-len(split.members), split.members))


def cut_off(network: Network, before: BoolArray, after: BoolArray, gone: BoolArray) -> tuple[IntArray, IntArray]:
    """Who had a link and has none any more, though not blocked: vertices, and how many links each lost."""
    had, has = (_degree(network, ~severed) for severed in (before, after))
    who = np.flatnonzero((had > 0) & (has == 0) & ~gone)
    return who, had[who]


def _degree(network: Network, kept: BoolArray) -> IntArray:
    ends = np.concatenate([network.source[kept], network.target[kept]])
    return np.bincount(ends, minlength=network.size).astype(np.int64)

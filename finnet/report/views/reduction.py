"""Fewer parties than a network has, where it has more than a page can show: announced, never silent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from finnet.graph.network import Column, IntArray, Network, taken

__all__ = ["LIMIT", "Fold", "Reduction", "folded", "reduced", "surroundings"]

LIMIT = 3000
Fold = Literal["none", "community", "jurisdiction"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduction:
    """What is drawn instead of the whole network, and the sentence that says so.

    ``members`` is how many parties each vertex stands for (1 for a party that is drawn as itself). ``inside`` says for
    each vertex of the whole network which drawn vertex it is, or is inside of; -1 where it is not drawn at all.
    """

    network: Network
    sentence: str
    members: IntArray
    inside: IntArray

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


def folded(
    network: Network,
    centres: Sequence[int],
    *,
    by: Literal["community", "jurisdiction"],
    limit: int = LIMIT,
    seed: int = 0,
) -> Reduction:
    """Centres as themselves, everybody else inside one vertex per community or jurisdiction.

    Links between the same two vertices become one with their weights added; links inside a vertex are not drawn and are
    counted in the column ``links_inside``. Beyond ``limit`` groups the smallest are folded into one.

    >>> ring = Network.of(("a", "b"), ("b", "c"), ("c", "a"), ("c", "z"))
    >>> drawn = folded(ring, [3], by="jurisdiction")
    >>> drawn.network.ids, drawn.members.tolist(), drawn.network.weight.tolist()
    (('fold:1', 'z'), [3, 1], [1.0])
    """
    itself = np.zeros(network.size, bool)
    itself[list(centres)[: limit // 2]] = True
    names, group = _groups(network, by, seed)
    counts = np.bincount(group[~itself], minlength=len(names))
    ranked = [int(g) for g in np.lexsort((np.arange(len(names)), -counts)) if counts[g]]
    room = max(1, limit - int(itself.sum()))
    last = len(ranked) > room
    shown = ranked[: room - 1] if last else ranked
    new_ids = [network.ids[v] for v in np.flatnonzero(itself)]
    taken_ids = set(new_ids)
    labels = []
    for number in range(1, len(shown) + (2 if last else 1)):
        label = f"fold:{number}"
        while label in taken_ids:
            label += "'"
        labels.append(label)
    home = {group_number: place for place, group_number in enumerate(shown)}
    ids = sorted([*new_ids, *labels])
    number_of = {label: place for place, label in enumerate(ids)}
    inside = np.array(
        [
            number_of[network.ids[v]] if itself[v] else number_of[labels[home.get(int(group[v]), len(labels) - 1)]]
            for v in range(network.size)
        ],
        np.int64,
    )
    members = np.bincount(inside, minlength=len(ids))
    source, target = inside[network.source], inside[network.target]
    within = np.bincount(source[source == target], minlength=len(ids))
    captions = {labels[home[g]]: names[g] for g in shown} | ({labels[-1]: "the rest"} if last else {})
    drawn = _folded_network(network, ids, inside, itself, captions, members, within)
    sentence = (
        f"Drawn are {int(itself.sum()):,} of {network.size:,} parties as themselves; the other "
        f"{int((~itself).sum()):,} are folded into {len(labels):,} "
        f"{'communities' if by == 'community' else 'jurisdictions'}, links between the same two added up."
    )
    return Reduction(network=drawn, sentence=sentence, members=members, inside=inside)


def _groups(network: Network, by: Literal["community", "jurisdiction"], seed: int) -> tuple[list[str], IntArray]:
    if by == "jurisdiction":
        countries = network.vertices.get("country") or [None] * network.size
        known = sorted({str(country) for country in countries if country})
        place = {country: number for number, country in enumerate(known)}
        names = [*(country.upper() for country in known), "no jurisdiction recorded"]
        return names, np.array([place[str(c)] if c else len(known) for c in countries], np.int64)
    from finnet.report.views.layout import communities

    group = communities(network, seed=seed)
    strength = network.in_strength + network.out_strength
    captions = network.vertices.get("caption", network.ids)
    strongest: dict[int, int] = {}
    for vertex in np.lexsort((np.arange(network.size), -strength)).tolist():
        strongest.setdefault(int(group[vertex]), vertex)
    return [f"around {captions[strongest[g]]}" for g in range(len(strongest))], group


def _folded_network(
    network: Network,
    ids: list[str],
    inside: IntArray,
    itself: np.ndarray[tuple[int], np.dtype[np.bool_]],
    captions: dict[str, str],
    members: IntArray,
    within: IntArray,
) -> Network:
    source, target = inside[network.source], inside[network.target]
    if not network.directed:
        source, target = np.minimum(source, target), np.maximum(source, target)
    between = np.flatnonzero(source != target)
    pair = source[between] * len(ids) + target[between]
    unique, which, counts = np.unique(pair, return_inverse=True, return_counts=True)
    weight = np.bincount(which, network.weight[between], len(unique)).astype(np.float64)
    minor = None
    if network.minor is not None:
        minor = np.zeros(len(unique), np.int64)
        np.add.at(minor, which, network.minor[between])
        weight = minor / network.scale
    original = {int(inside[v]): int(v) for v in np.flatnonzero(itself)}
    columns: dict[str, Column] = {}
    for name, column in network.vertices.items():
        values = taken(column, np.array([original.get(v, 0) for v in range(len(ids))], np.int64))
        blank = () if len(column) and isinstance(column[0], tuple) else False if name == "missing" else None
        columns[name] = [values[v] if v in original else blank for v in range(len(ids))]
    columns["caption"] = [
        (columns["caption"][v] if "caption" in columns else label)
        if v in original
        else f"{captions[label]} · {members[v]:,} parties"
        for v, label in enumerate(ids)
    ]
    schema = columns.get("schema", [None] * len(ids))
    columns["schema"] = [schema[v] if v in original else "Folded" for v in range(len(ids))]
    columns["folded"] = [0 if v in original else int(members[v]) for v in range(len(ids))]
    columns["links_inside"] = [0 if v in original else int(within[v]) for v in range(len(ids))]
    classes = _only_class(network, between, which, len(unique))
    return replace(
        network,
        ids=tuple(ids),
        source=unique // len(ids),
        target=unique % len(ids),
        weight=weight,
        minor=minor,
        vertices=columns,
        edges={"class": classes, "count": counts.astype(np.int64)} if classes else {"count": counts.astype(np.int64)},
    )


def _only_class(network: Network, between: IntArray, which: IntArray, size: int) -> list[str]:
    if "class" not in network.edges:
        return []
    found: dict[int, set[str]] = defaultdict(set)
    for number, edge_class in zip(which.tolist(), taken(network.edges["class"], between), strict=True):
        found[number].add(str(edge_class))
    return [next(iter(found[number])) if len(found[number]) == 1 else "several" for number in range(size)]

"""Parties folded into one vertex per community or jurisdiction, with the links between those added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from finnet.graph.network import Column, IntArray, Network
from finnet.report.views.layout import communities
from finnet.report.views.reduction import LIMIT, Reduction

__all__ = ["corridors", "folded"]

By = Literal["community", "jurisdiction"]
_KINDS = ("class", "currency")  # edge columns that keep links apart
_REST = "in small groups"
_APART = 40  # groups without a link to anybody outside; the smaller of them are folded into one


def folded(network: Network, centres: Sequence[int], *, by: By, limit: int = LIMIT, seed: int = 0) -> Reduction:
    """Centres and listed parties as themselves, everybody else inside one vertex per community or jurisdiction.

    Links of the same class and currency between the same two vertices become one with their weights added; links inside
    a vertex are not drawn and are counted in the column ``links_inside``. A group of one is that party itself. Listed
    parties are drawn as themselves only where they are at most half of ``limit``. Beyond ``limit`` vertices the
    smallest groups are folded into one, and so are communities that have no link to the rest, but the 40 largest.

    >>> ring = Network.of(("a", "b"), ("b", "c"), ("c", "a"), ("c", "z"))
    >>> drawn = folded(ring, [3], by="jurisdiction")
    >>> drawn.network.ids, drawn.members.tolist(), drawn.network.weight.tolist()
    (('fold:1', 'z'), [3, 1], [1.0])
    """
    itself = np.zeros(network.size, bool)
    itself[list(centres)[: limit // 2]] = True
    listed = np.array([bool(names) for names in network.vertices.get("authorities", ())], bool)
    if len(listed) and int((itself | listed).sum()) <= limit // 2:
        itself |= listed
    groups = _grouped(network, itself, by, limit, seed)
    return _folded(network, itself, groups, "communities" if by == "community" else "jurisdictions")


def corridors(network: Network) -> Reduction:
    """Every party inside its jurisdiction, even one that is alone there, with the links between jurisdictions added up.

    >>> home = {"country": ["kp", "cn", "cn"]}
    >>> drawn = corridors(Network.build(source="ab", target="bc", weight=[2, 3], unit="links", vertices=home))
    >>> drawn.network.vertices["caption"], drawn.network.weight.tolist()
    (['2 in CN', '1 in KP'], [2.0])
    """
    itself = np.zeros(network.size, bool)
    groups = _grouped(network, itself, "jurisdiction", network.size + 1, 0, least=1)
    return _folded(network, itself, groups, "jurisdictions")


def _folded(network: Network, itself: NDArray[np.bool_], groups: _Groups, what: str) -> Reduction:
    alone = np.flatnonzero(itself)
    labels = _labels(len(groups.names), {network.ids[vertex] for vertex in alone})
    ids = sorted([*(network.ids[vertex] for vertex in alone), *labels])
    number = {label: place for place, label in enumerate(ids)}
    of_group = np.array([number[label] for label in labels] or [-1], np.int64)
    inside = of_group[np.where(itself, 0, groups.of)]
    inside[alone] = [number[network.ids[vertex]] for vertex in alone]
    members = np.bincount(inside, minlength=len(ids))
    captions = {number[label]: name for label, name in zip(labels, groups.names, strict=True)}
    countries = {number[label]: country for label, country in zip(labels, groups.countries, strict=True)}
    drawn = _edges(network, ids, inside)
    within = np.bincount(inside[network.source][inside[network.source] == inside[network.target]], minlength=len(ids))
    vertices = _vertices(network, ids, {int(inside[v]): int(v) for v in alone}, captions, countries, members, within)
    return Reduction(
        network=replace(drawn, vertices=vertices),
        sentence=_sentence(network, drawn, len(alone), _counted(groups.names, what), int(within.sum())),
        members=members,
        inside=inside,
    )


def _counted(names: Sequence[str], what: str) -> str:
    if not names or names[-1] != _REST:
        return f"{len(names):,} {what}"
    return f"{len(names) - 1:,} {what} and one mark for all smaller ones"


def _sentence(network: Network, drawn: Network, alone: int, groups: str, within: int) -> str:
    """What is folded into what, and what became of the links: all of the network's are accounted for."""
    parties = f"All {network.size:,} parties are"
    if alone:
        rest = network.size - alone
        parties = f"Drawn as themselves are {alone:,} of {network.size:,} parties; the other {rest:,} are"
    return (
        f"{parties} folded into {groups}. Of {network.edge_count:,} links: {within:,} inside one of these, not drawn; "
        f"{network.edge_count - within:,} between what is drawn, added up to {drawn.edge_count:,}."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Groups:
    """``of`` has a group number per vertex; each group has words for its caption and, where it is one, a country."""

    of: IntArray
    names: list[str]
    countries: list[str | None]


def _grouped(network: Network, itself: NDArray[np.bool_], by: By, limit: int, seed: int, least: int = 2) -> _Groups:
    """The groups that are drawn, the largest first; who is in one of less than ``least`` is marked in ``itself``."""
    countries: list[str | None]
    if by == "jurisdiction":
        column = network.vertices.get("country", [None] * network.size)
        known = sorted({str(country) for country in column if country})
        place = {country: number for number, country in enumerate(known)}
        of = np.array([place[str(country)] if country else len(known) for country in column], np.int64)
        names, countries = [f"in {country.upper()}" for country in known], [*known, None]
        names.append("without a jurisdiction")
    else:
        of = communities(network, seed=seed)
        names = [f"around {name}" for name in _strongest(network, of)]
        countries = [None] * len(names)
    counts = np.bincount(of[~itself], minlength=len(names))
    room = max(1, limit - int(itself.sum()))
    ranked = [int(group) for group in np.lexsort((np.arange(len(names)), -counts)) if counts[group]]
    shown, rest = (ranked, []) if len(ranked) <= room else (ranked[: room - 1], ranked[room - 1 :])
    if by == "community":
        # Hundreds of marks that no link leads to would leave no room for those that hang together.
        tied = np.unique(
            of[np.concatenate([network.source, network.target])[np.tile(_crosses(network, of, itself), 2)]]
        )
        apart = [group for group in shown if group not in set(tied.tolist())][_APART:]
        shown, rest = [group for group in shown if group not in set(apart)], [*rest, *apart]
    itself |= np.isin(of, [group for group in shown if counts[group] < least])
    shown = [group for group in shown if counts[group] >= least]
    new = np.full(len(names), len(shown), np.int64)
    new[shown] = np.arange(len(shown))
    return _Groups(
        of=new[of],
        names=[*(names[group] for group in shown), *([_REST] if rest else [])],
        countries=[*(countries[group] for group in shown), *([None] if rest else [])],
    )


def _crosses(network: Network, of: IntArray, itself: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Per link: whether it leads from one drawn vertex to another."""
    source, target = network.source, network.target
    leads = (of[source] != of[target]) | itself[source] | itself[target]
    return np.asarray(leads & (source != target), bool)


def _strongest(network: Network, groups: IntArray) -> list[str]:
    """The caption of the strongest party of each group, ties by id."""
    captions = network.vertices.get("caption", network.ids)
    strength = network.in_strength + network.out_strength
    found: dict[int, str] = {}
    for vertex in np.lexsort((np.arange(network.size), -strength)).tolist():
        found.setdefault(int(groups[vertex]), str(captions[vertex] or network.ids[vertex]))
    return [found[group] for group in range(len(found))]


def _labels(count: int, taken: set[str]) -> list[str]:
    """An id for each group that no party has."""
    prefix = "fold:"
    while any(label.startswith(prefix) for label in taken):
        prefix = f"fold{prefix}"
    return [f"{prefix}{number}" for number in range(1, count + 1)]


def _edges(network: Network, ids: list[str], inside: IntArray) -> Network:
    source, target = inside[network.source], inside[network.target]
    if not network.directed:
        source, target = np.minimum(source, target), np.maximum(source, target)
    between = np.flatnonzero(source != target)
    kinds, kind = _kinds(network, between)
    keys = np.stack([source[between], target[between], kind], axis=1)
    unique, which, counts = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
    which = which.reshape(-1)
    minor = None
    weight = np.bincount(which, network.weight[between], len(unique)).astype(np.float64)
    if network.minor is not None:
        minor = np.zeros(len(unique), np.int64)
        np.add.at(minor, which, network.minor[between])
        weight = minor / network.scale
    columns: dict[str, Column] = {"count": counts.astype(np.int64)}
    for place, name in enumerate(one for one in _KINDS if one in network.edges):
        columns[name] = [kinds[number][place] for number in unique[:, 2].tolist()]
    return replace(
        network,
        ids=tuple(ids),
        source=unique[:, 0],
        target=unique[:, 1],
        weight=weight,
        minor=minor,
        vertices={},
        edges=columns,
    )


def _kinds(network: Network, places: IntArray) -> tuple[list[tuple[Any, ...]], IntArray]:
    columns = [network.edges[name] for name in _KINDS if name in network.edges]
    rows = [tuple(column[place] for column in columns) for place in places.tolist()]
    kinds = sorted(set(rows), key=lambda row: tuple(str(value) for value in row))
    number = {row: place for place, row in enumerate(kinds)}
    return kinds, np.array([number[row] for row in rows], np.int64)


def _vertices(
    network: Network,
    ids: list[str],
    original: Mapping[int, int],
    captions: Mapping[int, str],
    countries: Mapping[int, str | None],
    members: IntArray,
    within: IntArray,
) -> dict[str, Column]:
    size = range(len(ids))
    columns: dict[str, Column] = {}
    for name, column in network.vertices.items():
        blank: Any = () if len(column) and isinstance(column[0], tuple | list) else False if name == "missing" else None
        columns[name] = [column[original[v]] if v in original else blank for v in size]
    own = columns.get("caption", ids)
    kinds = columns.get("schema", [None] * len(ids))
    homes = columns.get("country", [None] * len(ids))
    columns["caption"] = [own[v] if v in original else f"{members[v]:,} {captions[v]}" for v in size]
    columns["schema"] = [kinds[v] if v in original else "Folded" for v in size]
    columns["country"] = [homes[v] if v in original else countries[v] for v in size]
    columns["folded"] = [0 if v in original else int(members[v]) for v in size]
    columns["links_inside"] = [0 if v in original else int(within[v]) for v in size]
    return columns

"""Where links stand: the jurisdictions that can sever each of them, and what a coalition of them can."""

from __future__ import annotations

import importlib.resources
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from finnet.analysis.interdiction.situation import BoolArray
from finnet.graph.network import IntArray, Network

__all__ = ["EU", "Enforcers", "Standing", "clearing_table", "coalition", "jurisdiction_groups", "standing"]


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(importlib.resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))


@cache
def jurisdiction_groups() -> Mapping[str, frozenset[str]]:
    """Name -> member jurisdictions, as ``groups.toml`` beside this module says.

    >>> {name: len(members) for name, members in jurisdiction_groups().items()}
    {'eu': 27, 'g7': 7, 'un': 193}
    """
    return {name: frozenset(entry["members"]) for name, entry in _table("groups.toml").items()}


# Whoever names "eu" as an enforcer names all its member states and the euro.
EU = jurisdiction_groups()["eu"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Enforcers:
    """Who acts: everybody but ``named``, or, where ``only``, nobody but them (lower case, groups spelt out).

    >>> china_stays_out = Enforcers.named_as(["CN"], only=False)
    >>> china_stays_out.acts("us"), china_stays_out.acts("cn"), china_stays_out.joined_by(["cn"]).acts("cn")
    (True, False, True)
    """

    named: frozenset[str] = frozenset()
    only: bool = False

    @classmethod
    def named_as(cls, codes: Collection[str], *, only: bool) -> Enforcers:
        """These alone, or all but these."""
        return cls(named=coalition(codes), only=only)

    @property
    def are_all(self) -> bool:
        """Whether everybody acts, so that links are severed also where no country is known."""
        return not self.only and not self.named

    def acts(self, jurisdiction: str) -> bool:
        """Whether this jurisdiction is among them."""
        return (jurisdiction in self.named) == self.only

    def joined_by(self, codes: Collection[str]) -> Enforcers:
        """They, and these as well."""
        more = coalition(codes)
        return Enforcers(named=self.named | more if self.only else self.named - more, only=self.only)

    def edges(self, where: Standing) -> BoolArray:
        """Per edge: whether one of them stands there; where nobody is known to stand, all but some are somebody."""
        stands = where.of([name for name in where.names if self.acts(name)])
        return stands if self.only else stands | ~where.known


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Pairs (edge, place): ``names[place]`` is a jurisdiction that stands at the edge. Sorted, no repetitions."""

    names: tuple[str, ...]
    edge: IntArray
    place: IntArray
    edge_count: int

    def of(self, jurisdictions: Collection[str]) -> BoolArray:
        """Per edge: whether one of these stands there."""
        wanted = np.array([name in jurisdictions for name in self.names], bool)
        mask = np.zeros(self.edge_count, bool)
        if len(self.names):
            mask[self.edge[wanted[self.place]]] = True
        return mask

    def at(self, like: IntArray) -> Standing:
        """The same for other edges, each of which stands where the edge that it is like stands.

        >>> where = Standing(names=("cn", "us"), edge=np.array([0, 1, 1]), place=np.array([0, 0, 1]), edge_count=2)
        >>> where.at(np.array([1, 0, 1])).of(["us"]).tolist()
        [True, False, True]
        """
        first = np.searchsorted(self.edge, like, side="left")
        count = np.searchsorted(self.edge, like, side="right") - first
        edge = np.repeat(np.arange(len(like)), count)
        within = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
        return Standing(names=self.names, edge=edge, place=self.place[first[edge] + within], edge_count=len(like))

    @property
    def known(self) -> BoolArray:
        """Per edge: whether any jurisdiction is known to stand there."""
        return self.of(frozenset(self.names))


def clearing_table() -> dict[str, str]:
    """Currency -> the jurisdiction that clears it, as ``clearing.toml`` beside this module says."""
    return {currency: str(place) for currency, place in _table("clearing.toml").items()}


def coalition(codes: Collection[str]) -> frozenset[str]:
    """Jurisdictions as named by a user: lower case, groups ("eu", "g7", "un") with their members.

    Where all member states of the EU are named, the euro is too.

    >>> sorted(coalition(["US", "jp"])), sorted(coalition(["G7"]))
    (['jp', 'us'], ['ca', 'de', 'fr', 'gb', 'it', 'jp', 'us'])
    """
    named = frozenset(code.casefold() for code in codes)
    groups = jurisdiction_groups()
    found = named.union(*(groups[name] for name in named if name in groups)) - (groups.keys() - {"eu"})
    return found | {"eu"} if found >= EU else found


def standing(network: Network, *, clearing: Mapping[str, str] | None = None) -> Standing:
    """Who stands at each edge: the countries recorded of either end (registration, address, flag; never nationality),
    the country that the link itself names (a representative's host), and the one that clears the payment's currency."""
    clearing = clearing_table() if clearing is None else clearing
    per_vertex: list[set[str]] = [set() for _ in range(network.size)]
    for vertex, country in enumerate(network.vertices.get("country", ())):
        if country:
            per_vertex[vertex].add(str(country).casefold())
    for vertex, countries in enumerate(network.vertices.get("countries", ())):
        per_vertex[vertex].update(str(country).casefold() for country in countries or ())
    currencies = network.edges.get("currency")
    hosts = network.edges.get("country")
    pairs: set[tuple[int, str]] = set()
    for edge, (tail, head) in enumerate(zip(network.source.tolist(), network.target.tolist(), strict=True)):
        pairs.update((edge, name) for name in per_vertex[tail] | per_vertex[head])
        if currencies is not None and currencies[edge] in clearing:
            pairs.add((edge, clearing[currencies[edge]]))
        if hosts is not None and hosts[edge]:
            pairs.add((edge, str(hosts[edge]).casefold()))
    names = tuple(sorted({name for _, name in pairs}))
    number = {name: place for place, name in enumerate(names)}
    found = sorted((edge, number[name]) for edge, name in pairs)
    return Standing(
        names=names,
        edge=np.array([edge for edge, _ in found], np.int64),
        place=np.array([place for _, place in found], np.int64),
        edge_count=network.edge_count,
    )

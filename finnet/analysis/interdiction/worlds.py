"""Worlds in which the records may be wrong: links kept by how likely they are, some added that nobody recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from finnet.analysis.interdiction.cascade import Cascade
from finnet.analysis.interdiction.jurisdictions import JurisdictionSituation
from finnet.analysis.interdiction.levers import LeverSituation
from finnet.analysis.interdiction.situation import BoolArray, Situation
from finnet.graph.network import FloatArray, IntArray, Network

__all__ = ["Holdings", "World", "draw_world"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """Who is recorded to hold what of whom, where an ownership rule asks: ``likely`` is per stake.

    ``link`` is the link of the network that is the same tie, or -1: both are there or neither. ``rule`` makes, for the
    stakes that are there, the rule for a set of ids in force; ``in_force`` are those before anything is chosen.
    """

    likely: FloatArray
    link: IntArray
    rule: Callable[[BoolArray], Callable[[frozenset[str]], Cascade]]
    in_force: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One world. ``edge_key`` gives each link the number it has in the records; added ones have higher numbers."""

    number: int
    situation: Situation
    edge_key: IntArray
    recorded: int  # how many links the records have
    added: int
    holdings_lost: int = 0

    @property
    def kept(self) -> int:
        """How many recorded links it has."""
        return len(self.edge_key) - self.added

    @property
    def is_as_recorded(self) -> bool:
        """Whether it has all recorded links and holdings and no others."""
        return self.added == 0 and self.kept == self.recorded and not self.holdings_lost


def draw_world(
    situation: Situation,
    likely: FloatArray,
    *,
    missing_per_false_link: float,
    seed: int,
    number: int,
    holdings: Holdings | None = None,
) -> World:
    """World ``number``: each link is there with its probability ``likely``, whatever else is asked of that world.

    The links that nobody recorded are Poisson in number, with mean ``missing_per_false_link`` times the links expected
    to be false. Each is like a recorded one (kind, weight, who can enforce there), between other parties: drawn among
    the ends of recorded links, so by degree, from the same countries. Holdings are there or not as links are; none is
    added, since nobody knows how large it would be.

    >>> from finnet.graph.network import Network
    >>> chain = Situation.of(Network.of(("a", "b"), ("b", "c"), ("c", "d")))
    >>> draw_world(chain, np.array([1.0, 1.0, 1.0]), missing_per_false_link=1.0, seed=0, number=0).is_as_recorded
    True
    """
    network = situation.network
    random = np.random.default_rng([seed, number])
    kept = np.flatnonzero(random.random(network.edge_count) < likely)
    false = float((1 - likely).sum())
    count = int(random.poisson(missing_per_false_link * false)) if network.edge_count else 0
    template = random.integers(0, network.edge_count, count) if count else np.empty(0, np.int64)
    source, target = _others(situation, template, random)
    fresh = source != target
    template, source, target = template[fresh], source[fresh], target[fresh]
    like = np.concatenate([kept, template])
    tails = np.concatenate([network.source[kept], source])
    heads = np.concatenate([network.target[kept], target])
    key = np.concatenate([kept, network.edge_count + np.arange(len(template))])
    order = np.lexsort((key, heads, tails))
    like, key = like[order], key[order]
    made = replace(
        network,
        source=tails[order],
        target=heads[order],
        weight=network.weight[like],
        minor=None if network.minor is None else network.minor[like],
        edges={},  # what they say is in weights and in who can enforce; copying them would take most of the time
    )
    held = np.ones(0, bool) if holdings is None else _held(holdings, kept, network.edge_count, seed, number)
    if holdings is not None and not held.all():
        situation = _under(situation, holdings.rule(held), holdings.in_force)
    return World(
        number=number, situation=_moved(situation, made, like), edge_key=key, added=len(template),
        recorded=network.edge_count, holdings_lost=int((~held).sum()),
    )  # fmt: skip


def _held(holdings: Holdings, kept: IntArray, links: int, seed: int, number: int) -> BoolArray:
    """Per stake: whether it is there; drawn apart from the links, which stay the same with and without a rule."""
    held: BoolArray = np.random.default_rng([seed, number, 1]).random(len(holdings.likely)) < holdings.likely
    there = np.zeros(links + 1, bool)
    there[kept] = True
    return np.where(holdings.link >= 0, there[holdings.link], held)


def _under(situation: Situation, rule: Callable[[frozenset[str]], Cascade], in_force: frozenset[str]) -> Situation:
    """The same question where the rule finds other holdings."""
    if isinstance(situation, LeverSituation):
        return replace(situation, measures=replace(situation.measures, cascade=rule, _severed={}, _cascades={}))
    cascade = rule(in_force)
    return replace(
        situation,
        closure=None if situation.closure is None else cascade,
        captured=np.setdiff1d(cascade.vertices_at_first, situation.in_force),
    )


def _others(situation: Situation, template: IntArray, random: np.random.Generator) -> tuple[IntArray, IntArray]:
    """For each of these links another source and another target, of the same countries."""
    network = situation.network
    countries = network.vertices.get("country")
    if countries is None:
        place = np.zeros(network.size, np.int64)
    else:
        names = {name: number for number, name in enumerate(sorted({str(one) for one in countries}))}
        place = np.array([names[str(one)] for one in countries], np.int64)
    found = []
    for ends in (network.source, network.target):
        order = np.argsort(place[ends], kind="stable")
        sorted_places = place[ends][order]
        wanted = place[ends[template]]
        first = np.searchsorted(sorted_places, wanted, side="left")
        beyond = np.searchsorted(sorted_places, wanted, side="right")
        drawn = first + (random.random(len(template)) * (beyond - first)).astype(np.int64)
        found.append(ends[order[drawn]])
    return found[0], found[1]


def _moved(situation: Situation, network: Network, like: IntArray) -> Situation:
    """The same question about other links, each of which stands where the link it is like stands."""
    if isinstance(situation, JurisdictionSituation):
        return _moved_countries(situation, network, like)
    if isinstance(situation, LeverSituation):
        return replace(situation, network=network, measures=situation.measures.on(network, like))
    if type(situation) is not Situation:
        raise TypeError(f"{type(situation).__name__} says nothing about links that nobody recorded")
    enforced = None if situation.enforced is None else situation.enforced[like]
    return replace(situation, network=network, enforced=enforced)


def _moved_countries(situation: JurisdictionSituation, network: Network, like: IntArray) -> JurisdictionSituation:
    made = replace(
        situation, network=network, edge=np.empty(0, np.int64), place=np.empty(0, np.int64),
        base_coalition=np.zeros(len(like), bool),
    )  # fmt: skip
    acting = made.removed(())
    acting[np.intersect1d(np.concatenate([situation.sources, situation.exits]), situation.in_force)] = False
    touched = acting[made.network.source] | acting[made.network.target]
    first = np.searchsorted(situation.edge, like, side="left")
    count = np.where(touched, np.searchsorted(situation.edge, like, side="right") - first, 0)
    edge = np.repeat(np.arange(len(like)), count)
    offset = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    return replace(
        made,
        edge=edge,
        place=situation.place[first[edge] + offset],
        base_coalition=situation.base_coalition[like] & touched,
    )

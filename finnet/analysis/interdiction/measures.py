"""What a set of measures does to a network: who is then blocked, who enforces, and which links that severs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from finnet.analysis.interdiction.cascade import Cascade
from finnet.analysis.interdiction.enforcement import Enforcers, Standing
from finnet.analysis.interdiction.situation import BoolArray, numbers
from finnet.graph.network import IntArray, Network

__all__ = ["Effect", "Measures"]

_NONE = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one measure does, in this network.

    ``designated`` and ``relieved`` are ids; ``programs`` are patterns (lower case, ``*`` at the end for a beginning):
    relieved is also whoever is listed under these alone. ``joining`` enforce from then on. ``forbidden`` links are
    severed where an enforcer stands, ``withheld`` ones (a service is refused) everywhere: the links of ``refused``
    (vertex numbers), where ``served`` is given only those of its edges. ``takers`` are those who can take the measure;
    it has no effect where none of them is among the enforcers (empty: anybody may).
    """

    designated: tuple[str, ...] = ()
    relieved: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    joining: frozenset[str] = frozenset()
    forbidden: IntArray = field(default_factory=lambda: _NONE)
    withheld: IntArray = field(default_factory=lambda: _NONE)
    refused: IntArray = field(default_factory=lambda: _NONE)
    served: BoolArray | None = None
    takers: frozenset[str] = frozenset()

    def on(self, network: Network, like: IntArray) -> Effect:
        """The same measure on other links between the same parties, each of the kind of the one that it is ``like``."""
        forbidden = np.isin(like, self.forbidden)
        refused = np.isin(network.source, self.refused) | np.isin(network.target, self.refused)
        if self.served is not None:
            refused &= self.served[like]
        return replace(
            self,
            forbidden=np.flatnonzero(forbidden),
            withheld=np.flatnonzero(refused),
            served=None if self.served is None else self.served[like],
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Measures:
    """Measures over what is in force. ``exempt`` (seeds and exits, vertex numbers) lose a link, if they are in force
    before any measure, only through the link's other end.

    ``programs`` says under which programmes each party in force is listed (lower case). ``cascade`` makes the ownership
    rule for a set of ids in force; None: no rule.

    >>> network = Network.of(("bank", "t"), ("s", "bank"))
    >>> oil, bank = Effect(forbidden=np.array([0])), Effect(designated=("bank",))
    >>> measures = Measures(network=network, effects=[oil, bank])
    >>> measures.severed([0]).tolist(), measures.severed([1]).tolist()
    ([True, False], [True, True])

    Source: our own definition; docs/levers.md gives the reasons.
    """

    network: Network
    effects: Sequence[Effect]
    in_force: frozenset[str] = frozenset()
    programs: Mapping[str, frozenset[str]] = field(default_factory=dict)
    enforcers: Enforcers = field(default_factory=Enforcers)
    where: Standing | None = None
    exempt: IntArray = field(default_factory=lambda: _NONE)
    cascade: Callable[[frozenset[str]], Cascade] | None = None
    _severed: dict[frozenset[int], NDArray[np.uint8]] = field(default_factory=dict)  # as bits: there may be many
    _cascades: dict[frozenset[str], Cascade] = field(default_factory=dict)

    def on(self, network: Network, like: IntArray) -> Measures:
        """The same measures on other links between the same parties; each stands where the one it is ``like`` does."""
        return replace(
            self,
            network=network,
            effects=[effect.on(network, like) for effect in self.effects],
            where=None if self.where is None else self.where.at(like),
            _severed={},
        )

    def enforcing(self, chosen: Iterable[int]) -> Enforcers:
        """Who enforces once these are taken."""
        joining: set[str] = set()
        for number in chosen:
            joining |= self.effects[number].joining
        return self.enforcers.joined_by(joining) if joining else self.enforcers

    def effective(self, chosen: Collection[int]) -> tuple[int, ...]:
        """Those of them that somebody who enforces can take; who joins the enforcers needs nobody's leave."""
        acting = self.enforcing(chosen)
        return tuple(
            number
            for number in sorted(chosen)
            if (effect := self.effects[number]).joining
            or not effect.takers
            or any(acting.acts(taker) for taker in effect.takers)
        )

    def is_idle(self, number: int) -> bool:
        """Whether the measure aims at no link, no party and no jurisdiction of this network that is not there already.

        Under an ownership rule a party outside the network may hold somebody in it.
        """
        effect = self.effects[number]
        if effect.joining:
            new = {one for one in effect.joining if not self.enforcers.acts(one)}
            return not new or (self.where is not None and new.isdisjoint(self.where.names))
        named = {*effect.designated} - self.in_force
        inside = named if self.cascade is not None else named & self.network.number.keys()
        aims = len(effect.forbidden) + len(effect.withheld) + len(inside)
        return not aims and not effect.relieved and not effect.programs

    def listed(self, chosen: Collection[int]) -> frozenset[str]:
        """Who is in force by name once these are taken: those before, and those designated, less those relieved."""
        effects = [self.effects[number] for number in self.effective(chosen)]
        patterns = [pattern for effect in effects for pattern in effect.programs]
        kept = {one for one in self.in_force if not (patterns and _all_match(self.programs.get(one), patterns))}
        designated = {one for effect in effects for one in effect.designated}
        return frozenset(kept | designated) - {one for effect in effects for one in effect.relieved}

    def freed(self, number: int) -> frozenset[str]:
        """Whom this measure of relief can free: of those in force, or designated by another of the measures."""
        effect = self.effects[number]
        there = self.in_force.union(*(one.designated for one in self.effects))
        patterns = effect.programs
        by_program = {one for one in self.in_force if patterns and _all_match(self.programs.get(one), patterns)}
        return frozenset(there.intersection(effect.relieved) | by_program)

    def captured(self, chosen: Collection[int]) -> tuple[str, ...]:
        """Whom the rule captures besides, in the network or not; sorted."""
        if self.cascade is None:
            return ()
        listed = self.listed(chosen)
        if listed not in self._cascades:
            self._cascades[listed] = self.cascade(listed)
        return self._cascades[listed].ids_at_first

    def vertices(self, ids: Iterable[str]) -> IntArray:
        """The numbers of those of the ids that are in the network, sorted."""
        return numbers(self.network.number[one] for one in ids if one in self.network.number)

    def severed(self, chosen: Collection[int]) -> BoolArray:
        """Per edge: whether it is severed once these are taken."""
        key = frozenset(chosen)
        if key not in self._severed:
            self._severed[key] = np.packbits(self._sever(key))
        return np.unpackbits(self._severed[key], count=self.network.edge_count).astype(bool)

    def _sever(self, chosen: frozenset[int]) -> BoolArray:
        network, listed = self.network, self.listed(chosen)
        acting = np.zeros(network.size, bool)
        named = self.vertices(listed)
        acting[named] = True
        acting[np.intersect1d(self.exempt, self.vertices(self.in_force))] = False
        acting[self.vertices(self.captured(chosen))] = True
        severed: BoolArray = acting[network.source] | acting[network.target]
        effects = [self.effects[number] for number in self.effective(chosen)]
        for effect in effects:
            severed[effect.forbidden] = True
        enforcers = self.enforcing(chosen)
        if not enforcers.are_all and self.where is not None:
            severed &= enforcers.edges(self.where)
        for effect in effects:
            severed[effect.withheld] = True
        return severed


def _all_match(programs: frozenset[str] | None, patterns: Sequence[str]) -> bool:
    """Whether every programme that somebody is listed under is among the patterns; nobody's are not."""
    return bool(programs) and all(
        any(one.startswith(pattern[:-1]) if pattern.endswith("*") else one == pattern for pattern in patterns)
        for one in programs or ()
    )

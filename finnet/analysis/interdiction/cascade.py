"""Whom an ownership rule captures besides those chosen: the register of holdings beside a network."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import numpy as np

from finnet.analysis.interdiction.situation import BoolArray
from finnet.analysis.ownership.closure import lower_closure
from finnet.analysis.ownership.gain import Captures
from finnet.analysis.ownership.regime import Rule
from finnet.analysis.ownership.register import Register
from finnet.graph.network import IntArray, Network

__all__ = ["Cascade"]

_GROUPS = 2_000  # groups of candidates that are worth trying together
_HOLDERS = 16  # of one entity, the largest first, that groups are made of


class Cascade:
    """A regime's rule on a register, from what is in force (``seeds``, ids), for the parties of a network.

    Holders and captured parties may lie outside the network: a listed holder who pays nobody counts like any other.
    Where the rule does not aggregate, each listed or chosen person (a ``joint`` group as one person) captures alone.
    Called with vertex numbers it gives those of the parties that are captured besides.

    >>> from finnet.analysis.ownership.regime import load_regime
    >>> network = Network.of(("s", "bank"), ("bank", "t"), ("a", "bank"), ("b", "bank"))
    >>> register = Register.of(("a", "bank", 25), ("b", "bank", 25))
    >>> cascade = Cascade(network, register, load_regime("ofac").rules[0], [])
    >>> cascade.ids_captured([network.number["a"]]), cascade.ids_captured([network.number[one] for one in "ab"])
    ((), ('bank',))

    Source: OFAC, Frequently Asked Questions 398 to 402; docs/ownership.md for the other regimes.
    """

    def __init__(
        self,
        network: Network,
        register: Register,
        rule: Rule,
        seeds: Iterable[str],
        joint: Sequence[Sequence[str]] = (),
    ) -> None:
        self.register, self.meet, self.aggregates = register, rule.meet, rule.aggregate == "all"
        number = register.number
        self.entity = np.fromiter((number.get(label, -1) for label in network.ids), np.int64, network.size)
        self._vertex = np.full(register.size, -1, np.int64)
        known = np.flatnonzero(self.entity >= 0)
        self._vertex[self.entity[known]] = known
        self.seeds = register.numbers(seeds)
        self._group: dict[int, IntArray] = {}
        for group in () if self.aggregates else joint:
            members = register.numbers(group)
            self._group.update(dict.fromkeys(members.tolist(), members))
        self._alone: dict[int, IntArray] = {}
        start = self.seeds if self.aggregates else register.numbers([])
        self._captures = Captures(register, start, rule.meet)
        self._base = self._captured_at_first()

    @property
    def ids_at_first(self) -> tuple[str, ...]:
        """The ids of those whom what is in force captures by itself, sorted."""
        return tuple(self.register.ids[one] for one in self._base.tolist())

    @property
    def vertices_at_first(self) -> IntArray:
        """The vertices among them."""
        return self._vertices(self._base)

    def __call__(self, named: IntArray) -> IntArray:
        """The vertices captured once these are blocked as well, besides those captured at first."""
        return self._vertices(self._entities(named))

    def ids_captured(self, chosen: Iterable[int]) -> tuple[str, ...]:
        """The ids, in the network or not, of those whom choosing these vertices captures besides; sorted."""
        found = self._entities(np.fromiter(chosen, dtype=np.int64))
        return tuple(self.register.ids[one] for one in found.tolist())

    def capturing(self, candidates: IntArray) -> IntArray:
        """Those of the vertices that hold anything of anybody: nobody else captures or helps to."""
        entity = self.entity[candidates]
        known = entity >= 0
        pointers = self.register.holdings.pointers
        holds = np.zeros(len(candidates), bool)
        holds[known] = pointers[entity[known] + 1] > pointers[entity[known]]
        return candidates[holds]

    def capturing_alone(self, candidates: IntArray) -> bool:
        """Whether any of the vertices captures somebody alone."""
        return any(len(self._entities(np.array([one]))) for one in self.capturing(candidates).tolist())

    def groups(self, candidates: IntArray, largest: int) -> tuple[tuple[int, ...], ...]:
        """The least groups of two to ``largest`` candidates that reach the threshold in some entity together.

        A candidate counts in an entity with what he, and what he captures alone, hold of it. Small groups first; of
        entities with many holders the sixteen largest, and 2,000 groups at most.
        """
        if not self.aggregates or largest < 2:
            return ()
        parts: dict[int, list[tuple[int, int]]] = {}
        for vertex in self.capturing(candidates).tolist():
            for entity, part in self._parts(int(self.entity[vertex])).items():
                parts.setdefault(entity, []).append((part, vertex))
        found: set[tuple[int, ...]] = set()
        largest_first = {
            entity: sorted(holders, key=lambda one: (-one[0], one[1]))[:_HOLDERS] for entity, holders in parts.items()
        }
        for size in range(2, largest + 1):
            for entity, some in sorted(largest_first.items()):
                needed = self.meet - int(self._captures.held[entity])
                if sum(part for part, _ in some[:size]) < needed:
                    continue
                for group in itertools.combinations(some, size):
                    whole = sum(part for part, _ in group)
                    if whole >= needed > whole - group[-1][0]:
                        found.add(tuple(sorted(vertex for _, vertex in group)))
            if len(found) > _GROUPS:
                break
        return tuple(sorted(found, key=lambda group: (len(group), group)))[:_GROUPS]

    def holders_behind(self, candidates: IntArray, vertices: IntArray) -> IntArray:
        """Those of the candidates who capture any of these vertices, or may help to, up the chains; sorted."""
        entities = self.entity[candidates]
        if self.aggregates:
            inside = entities >= 0
            inside[inside] = self._up_the_chains(vertices)[1][entities[inside]]
            return candidates[inside]
        wanted = set(self.entity[vertices].tolist())
        alone = [
            vertex
            for vertex, entity in zip(candidates.tolist(), entities.tolist(), strict=True)
            if entity >= 0 and not wanted.isdisjoint(self._entities_of(entity).tolist())
        ]
        return np.array(alone, np.int64)

    def _up_the_chains(self, vertices: IntArray) -> tuple[BoolArray, BoolArray]:
        """Per entity: whether it is one of these or holds something of one, up the chains; and whether it holds."""
        holders, blocked = self.register.holders, self._captures.blocked
        waiting = [one for one in self.entity[vertices].tolist() if one >= 0 and not blocked[one]]
        seen = np.zeros(self.register.size, bool)
        holds = seen.copy()
        seen[waiting] = True
        for held in waiting:
            for place in range(int(holders.pointers[held]), int(holders.pointers[held + 1])):
                holder = int(holders.ends[place])
                if holders.low[place] and not blocked[holder]:
                    holds[holder] = True
                    if not seen[holder]:
                        seen[holder] = True
                        waiting.append(holder)
        return seen, holds

    def rows(self, candidates: IntArray, vertices: IntArray) -> tuple[IntArray, list[list[tuple[int, float]]]]:
        """The entities that choosing candidates may capture on the way to capturing one of these vertices, sorted, and
        of each who counts for it, and how much.

        The weights of those who are blocked must add up to 1 or more, or the entity is not captured.
        """
        entities = self.entity[candidates]
        entities = entities[entities >= 0]
        found: dict[int, list[tuple[int, float]]] = {}
        if not self.aggregates:
            wanted = set(self.entity[vertices].tolist())
            for one in entities.tolist():
                for captured in wanted.intersection(self._entities_of(one).tolist()):
                    found.setdefault(captured, []).append((one, 1.0))
        else:
            holdings, blocked = self.register.holdings, self._captures.blocked
            matters = self._up_the_chains(vertices)[0]
            waiting = [one for one in entities.tolist() if not blocked[one]]
            seen = set(waiting)
            for holder in waiting:
                for place in range(int(holdings.pointers[holder]), int(holdings.pointers[holder + 1])):
                    held, share = int(holdings.ends[place]), int(holdings.low[place])
                    if share and matters[held] and not blocked[held]:
                        needed = self.meet - int(self._captures.held[held])
                        found.setdefault(held, []).append((holder, min(share, needed) / needed))
                        if held not in seen:
                            seen.add(held)
                            waiting.append(held)
        members = sorted(found)
        return np.array(members, np.int64), [found[one] for one in members]

    def _entities_of(self, entity: int) -> IntArray:
        return np.setdiff1d(self._captured_alone(entity), np.append(self._base, [entity, *self.seeds.tolist()]))

    def _captured_at_first(self) -> IntArray:
        if self.aggregates:
            return np.setdiff1d(np.flatnonzero(self._captures.blocked), self.seeds)
        return np.setdiff1d(self._each_alone(self.seeds), self.seeds)

    def _vertices(self, entities: IntArray) -> IntArray:
        found = self._vertex[entities]
        return np.sort(found[found >= 0])

    def _entities(self, named: IntArray) -> IntArray:
        entities = self.entity[named]
        entities = entities[entities >= 0]
        if self.aggregates:
            return self._captures.of(entities)
        given = np.concatenate([self.seeds, entities, self._base])
        return np.setdiff1d(self._each_alone(np.setdiff1d(entities, self.seeds)), given)

    def _each_alone(self, entities: IntArray) -> IntArray:
        found = [self._captured_alone(one) for one in entities.tolist()]
        return np.unique(np.concatenate([np.empty(0, np.int64), *found]))

    def _captured_alone(self, entity: int) -> IntArray:
        if entity not in self._alone:
            group = self._group.get(entity)
            if group is None:
                self._alone[entity] = self._captures.of([entity])
            else:
                # Who holds jointly with a blocked person is not blocked for that, only if enough of him is held.
                closure = lower_closure(self.register, group, self.meet)
                partners = group[(group != entity) & (closure.held[group] >= self.meet)]
                self._alone[entity] = np.union1d(np.setdiff1d(closure.blocked, group), partners)
        return self._alone[entity]

    def _parts(self, entity: int) -> dict[int, int]:
        """What an entity, and what it captures alone, hold of those that it does not capture alone, in ppm."""
        if self._captures.blocked[entity]:
            return {}
        holdings = self.register.holdings
        inside = [entity, *self._captures.of([entity]).tolist()]
        found: dict[int, int] = {}
        for holder in inside:
            for place in range(int(holdings.pointers[holder]), int(holdings.pointers[holder + 1])):
                held = int(holdings.ends[place])
                if holdings.low[place] and held not in inside and not self._captures.blocked[held]:
                    found[held] = found.get(held, 0) + int(holdings.low[place])
        return found

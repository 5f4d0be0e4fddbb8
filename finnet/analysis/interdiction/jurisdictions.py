"""Choosing countries that enforce, where the parties to act against are given already."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from finnet.analysis.interdiction.enforcement import EU, Standing, coalition, standing
from finnet.analysis.interdiction.situation import BoolArray, Situation
from finnet.graph.network import IntArray, Network

__all__ = ["JurisdictionSituation"]


@dataclass(frozen=True, kw_only=True, eq=False)
class JurisdictionSituation(Situation):
    """A Situation whose choices are countries: ``candidates``, ``forced`` and ``cost`` are numbers of ``places``.

    What is in force is acted against by those who enforce it. ``base_coalition`` enforces before anybody is chosen; a
    country that is chosen severs every link of a party in force at which it stands. Choosing the EU chooses its member
    states.
    """

    places: tuple[str, ...]
    edge: IntArray  # pairs (edge, place) of links that could be severed
    place: IntArray
    base_coalition: BoolArray  # per edge: severed before anybody is chosen

    @classmethod
    def between(
        cls,
        network: Network,
        *,
        sources: IntArray,
        exits: IntArray,
        in_force: IntArray,
        enforcers: Collection[str] = (),
        candidates: Collection[str] | None = None,
        exclude: Mapping[str, str] | None = None,
        forced: Collection[str] = (),
        where: Standing | None = None,
        captured: IntArray | None = None,
    ) -> JurisdictionSituation:
        """Who is in force, or ``captured`` by a rule from that, is acted against.

        Every country that stands at a link of such a party is a candidate, but for those excluded (each with the
        reason) and those who enforce already.
        """
        where = standing(network) if where is None else where
        by_rule = np.empty(0, np.int64) if captured is None else captured
        acting = np.zeros(network.size, bool)
        acting[in_force] = acting[by_rule] = True
        acting[np.intersect1d(np.concatenate([sources, exits]), in_force)] = False
        touched = acting[network.source] | acting[network.target]
        base = touched & where.of(coalition(enforcers))
        kept = touched[where.edge]
        edge, place = where.edge[kept], where.place[kept]
        names = where.names
        if "eu" in names:
            union, members = names.index("eu"), np.isin(np.array(names), sorted(EU))
            inside = members[place]
            edge = np.concatenate([edge, edge[inside]])
            place = np.concatenate([place, np.full(int(inside.sum()), union, np.int64)])
        pairs = np.unique(np.column_stack([edge, place]), axis=0) if len(edge) else np.empty((0, 2), np.int64)
        reasons: dict[str, int] = {}
        offered: list[int] = []
        for number in sorted(set(pairs[:, 1].tolist())):
            name = names[number]
            reason = (exclude or {}).get(name)
            if name in coalition(enforcers):
                reason = "enforces already"
            elif candidates is not None and name not in candidates:
                reason = "not among --candidates"
            if reason:
                reasons[reason] = reasons.get(reason, 0) + 1
            else:
                offered.append(number)
        return cls(
            network=network,
            sources=sources,
            exits=exits,
            candidates=np.array(offered, np.int64),
            in_force=in_force,
            cost=np.ones(len(names), np.int64),
            forced=np.array(sorted(names.index(name) for name in forced if name in names), np.int64),
            excluded=reasons,
            captured=by_rule,
            places=names,
            edge=pairs[:, 0],
            place=pairs[:, 1],
            base_coalition=base,
        )

    @property
    def chooses_parties(self) -> bool:
        """Countries are chosen."""
        return False

    @property
    def is_plain(self) -> bool:
        """A country is no vertex."""
        return False

    def severed(self, chosen: Iterable[int]) -> BoolArray:
        """Per edge: whether it is severed once these countries enforce as well."""
        severed = self.base_coalition.copy()
        wanted = np.zeros(len(self.places), bool)
        wanted[np.fromiter(chosen, dtype=np.int64)] = True
        severed[self.edge[wanted[self.place]]] = True
        return severed

    def removed(self, chosen: Iterable[int]) -> BoolArray:  # noqa: ARG002 -- choosing countries adds nobody
        """Per vertex: whether it is in force."""
        return super().removed(())

    def _cuts(self) -> tuple[IntArray, IntArray]:
        eligible = np.zeros(len(self.places), bool)
        eligible[self.candidates] = True
        kept = eligible[self.place] & ~self.base_coalition[self.edge]
        return self.edge[kept], self.place[kept]

    def _check_choices(self) -> None:
        if self.cost.shape != (len(self.places),):
            raise ValueError("cost needs one integer per place")
        if np.setdiff1d(self.forced, self.candidates).size:
            raise ValueError("a forced member is not among the candidates")

"""Choosing measures: designations, embargoes, refused services and new enforcers compete for one budget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from finnet.analysis.interdiction.lever_file import Lever
from finnet.analysis.interdiction.measures import Measures
from finnet.analysis.interdiction.situation import BoolArray, Situation, numbers
from finnet.graph.network import IntArray

__all__ = ["LeverSituation"]


@dataclass(frozen=True, kw_only=True, eq=False)
class LeverSituation(Situation):
    """A Situation whose choices are levers: ``candidates``, ``forced`` and ``cost`` are numbers of ``levers``.

    ``lifted`` are levers that gave relief before anything is chosen: whom they free is not in force any more.
    """

    levers: tuple[Lever, ...]
    measures: Measures
    lifted: frozenset[int] = frozenset()

    @classmethod
    def among(
        cls,
        levers: Sequence[Lever],
        measures: Measures,
        *,
        sources: IntArray,
        exits: IntArray,
        exclude: Mapping[int, str] | None = None,
        forced: Iterable[int] = (),
    ) -> LeverSituation:
        """Every lever is a candidate but for those excluded (each with the reason), those that give relief, that nobody
        who enforces can take, or that aim at nothing in this network."""
        every = [number for number, lever in enumerate(levers) if not lever.gives_relief]
        able = set(measures.effective(every))
        reasons: dict[str, int] = {}
        offered = []
        for number, lever in enumerate(levers):
            reason = (exclude or {}).get(number)
            if lever.gives_relief:
                reason = "gives relief"
            elif number not in able:
                reason = "nobody who enforces can take it"
            elif not reason and measures.is_idle(number):
                reason = "aims at nothing here"
            if reason:
                reasons[reason] = reasons.get(reason, 0) + 1
            else:
                offered.append(number)
        inside = measures.vertices(measures.in_force)
        return cls(
            network=measures.network,
            sources=sources,
            exits=exits,
            candidates=np.array(offered, np.int64),
            in_force=inside,
            captured=np.setdiff1d(measures.vertices(measures.captured(())), inside),
            cost=np.array([lever.cost for lever in levers], np.int64),
            forced=numbers(forced),
            excluded=reasons,
            levers=tuple(levers),
            measures=measures,
        )

    @property
    def chooses_parties(self) -> bool:
        """Measures are chosen."""
        return False

    @property
    def is_plain(self) -> bool:
        """A measure is no vertex."""
        return False

    @property
    def is_separable(self) -> bool:
        """Where a rule captures, or somebody may join the enforcers, what one measure severs depends on the others."""
        return self.measures.cascade is None and not any(
            self.measures.effects[one].joining for one in self.candidates.tolist()
        )

    @cached_property
    def base(self) -> BoolArray:
        """Per edge: severed before anything is chosen, what was lifted apart."""
        return self.severed(self.lifted)

    @cached_property
    def removed_before(self) -> BoolArray:
        """Per vertex: blocked before anything is chosen, what was lifted apart."""
        return self.removed(self.lifted)

    def severed(self, chosen: Iterable[int]) -> BoolArray:
        """Per edge: whether it is severed once these measures are taken as well."""
        return self.measures.severed(frozenset(int(one) for one in chosen))

    def removed(self, chosen: Iterable[int]) -> BoolArray:
        """Per vertex: whether it is blocked, by name or by rule."""
        taken = frozenset(int(one) for one in chosen)
        mask = np.zeros(self.network.size, bool)
        mask[self.measures.vertices([*self.measures.listed(taken), *self.measures.captured(taken)])] = True
        return mask

    def _cuts(self) -> tuple[IntArray, IntArray]:
        cut = [np.flatnonzero(self.severed([one]) & ~self.base) for one in self.candidates.tolist()]
        edges = np.concatenate([np.empty(0, np.int64), *cut])
        choices = np.repeat(self.candidates, [len(one) for one in cut])
        order = np.lexsort((choices, edges))
        return edges[order], choices[order]

    def _check_choices(self) -> None:
        if self.cost.shape != (len(self.levers),) or (len(self.cost) and self.cost.min() < 1):
            raise ValueError("cost needs one integer above 0 per lever")
        if np.setdiff1d(self.forced, self.candidates).size:
            raise ValueError("a forced member is not among the candidates")

"""A question about choke points once it is posed: an objective, a situation and limits, and the ways to answer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from types import ModuleType

from finnet.analysis.interdiction.baselines import Naive, naive_sets
from finnet.analysis.interdiction.general_search import general_search
from finnet.analysis.interdiction.naive_countries import naive_countries
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Limits, Solution, Value

__all__ = ["Posed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posed:
    """``objective`` is the plug-in called ``name``; what a set (or an order) leaves is worked out once."""

    name: str
    objective: ModuleType
    situation: Situation
    limits: Limits
    known: dict[tuple[int, ...], Value] = field(default_factory=dict)

    @property
    def ordered(self) -> bool:
        """Whether what is chosen is an order of removals."""
        return bool(getattr(self.objective, "ORDERED", False))

    def value(self, chosen: Sequence[int]) -> Value:
        """What the chosen leave."""
        key = tuple(chosen) if self.ordered else tuple(sorted(chosen))
        if key not in self.known:
            until = {"until": self.limits.until} if self.ordered else {}
            self.known[key] = self.objective.value(self.situation, key, **until)
        return self.known[key]

    def solve(self, budget: int | None = None) -> Solution:
        """The best set found within the limits, or within another budget."""
        limits = self.limits if budget is None else replace(self.limits, budget=budget)
        search = getattr(self.objective, "search", None)
        if search is None:
            return general_search(self.value, self.situation, limits)
        found: Solution = search(self.situation, limits)
        return found

    def naive(self) -> Naive:
        """What the usual lists name among the same candidates."""
        own = getattr(self.objective, "baselines", None)
        if not self.situation.chooses_parties:
            return naive_countries(self.situation, self.limits.budget)
        directed = getattr(self.objective, "DIRECTED", True)
        naive = naive_sets(self.situation, self.limits.budget, directed=directed, seed=self.limits.seed)
        return naive if own is None else replace(naive, sets=own(self.situation, self.limits))

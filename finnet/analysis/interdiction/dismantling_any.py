"""Orders of removals where choices depend on each other, or are countries: every set, or greedily and by swaps."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from finnet.analysis.interdiction.dismantling_anneal import Terms
from finnet.analysis.interdiction.dismantling_curve import area, largest_left, shares, stop_size
from finnet.analysis.interdiction.dismantling_exact import exact_order
from finnet.analysis.interdiction.dismantling_score import score
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Clock, Limits, Solution

__all__ = ["best_order_of_any"]

_EVALUATIONS = 6_000


def best_order_of_any(situation: Situation, limits: Limits) -> Solution:
    """The best order found, by nothing but what each set leaves.

    Raises: ValueError if the forced members cost more than the budget.
    """
    forced = situation.forced.tolist()
    left = limits.budget - situation.total_cost(forced)
    if left < 0:
        raise ValueError(f"the forced members cost more than the budget of {limits.budget}")
    size, before = situation.network.size, largest_left(situation, ())
    stop = stop_size(size, limits.until)
    others = np.setdiff1d(situation.candidates[situation.cost[situation.candidates] <= left], situation.forced)
    others = others if before > stop else others[:0]
    longest = len(forced) + int((np.cumsum(np.sort(situation.cost[others])) <= left).sum())
    terms = Terms(budget=limits.budget, longest=longest, start=before, stop=stop, scale=size + 1, forced=len(forced))
    hunt = _Hunt(situation=situation, terms=terms, limits=limits, clock=Clock(limits.seconds))
    chosen = exact_order(hunt.left, situation.cost, np.concatenate([situation.forced, others]), terms)
    proved = chosen is not None
    if chosen is None:
        chosen = hunt.improved(hunt.greedy(forced, others.tolist()), others.tolist())
    chosen += tuple(one for one in forced if one not in chosen)
    after = area(shares(situation, chosen), limits.until)
    return Solution(
        chosen=chosen,
        before=before / size if size else 0.0,
        after=after,
        bound=after if proved else None,
        optimal=proved,
        method="every set" if proved else "greedy, then swaps",
        evaluations=len(hunt.known),
        notes=(f"stopped by --time after {limits.seconds:g} s",) if hunt.clock.struck and not proved else (),
    )


@dataclass(slots=True, kw_only=True)
class _Hunt:
    situation: Situation
    terms: Terms
    limits: Limits
    clock: Clock
    known: dict[frozenset[int], int] = field(default_factory=dict)

    def is_over(self) -> bool:
        return self.clock.is_over or len(self.known) >= (self.limits.iterations or _EVALUATIONS)

    def left(self, members: list[int]) -> int:
        key = frozenset(members)
        if key not in self.known:
            self.known[key] = largest_left(self.situation, sorted(key))
        return self.known[key]

    def score(self, order: list[int]) -> tuple[int, int]:
        terms = self.terms
        sizes = np.array([self.left(order[: count + 1]) for count in range(len(order))], np.int64)
        found, count = score(sizes, len(order), terms.longest, terms.start, terms.stop, terms.scale, False)
        return int(found), int(count)

    def greedy(self, forced: list[int], others: list[int]) -> list[int]:
        order = list(forced)
        while self.left(order) > self.terms.stop:
            spare = self.limits.budget - self.situation.total_cost(order)
            offered = [one for one in others if one not in order and self.situation.cost[one] <= spare]
            if not offered:
                break
            order.append(min(offered, key=lambda one: (self.left([*order, one]), one)))
        return order

    def improved(self, order: list[int], others: list[int]) -> tuple[int, ...]:
        """Members change places, or leave theirs to somebody else, as long as that lowers the score."""
        least, _ = self.score(order)
        forced, better = self.terms.forced, True
        while better:
            better = False
            for place in range(len(order)):
                places = [spot for spot in range(place) if (spot < forced) == (place < forced)]
                tries = [self._swapped(order, spot, place) for spot in places]
                if place >= forced:
                    tries += [[*order[:place], one, *order[place + 1 :]] for one in others if one not in order]
                for other in tries:
                    if self.is_over():
                        break
                    if self.situation.total_cost(other) > self.limits.budget:
                        continue
                    found, _ = self.score(other)
                    if found < least:
                        order, least, better = other, found, True
        _, count = self.score(order)
        return tuple(order[: max(count, forced)])

    def _swapped(self, order: list[int], first: int, second: int) -> list[int]:
        other = list(order)
        other[first], other[second] = other[second], other[first]
        return other

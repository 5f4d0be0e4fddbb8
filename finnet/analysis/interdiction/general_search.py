"""The search for objectives that only say what a set leaves: every set if there are few, else greedy and swaps."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Clock, Limits, Solution, Value

__all__ = ["general_search"]

_FEW_SETS = 3_000  # up to here every set is looked at: the answer is then proved
_EVALUATIONS = 6_000
_PAIRED = 24  # candidates that are also tried as one of two


def general_search(
    value: Callable[[Sequence[int]], Value],
    situation: Situation,
    limits: Limits,
    *,
    starts: Sequence[Sequence[int]] = (),
    few: int = _FEW_SETS,
) -> Solution:
    """The best set found for any objective that never leaves more for more chosen; numbers in the result are sorted.

    Every set where there are at most ``few`` (3,000) within the budget, which proves the best. Else the better of
    ``starts``; greedily, also by pairs and by the groups of ``situation.together``, on beyond the budget and back, then
    swaps, as long as ``limits.iterations`` evaluations (6,000) last; the bound is then what is left when all candidates
    are chosen, capture included.
    """
    hunt = _Hunt(value=value, situation=situation, limits=limits, clock=Clock(limits.seconds))
    before = hunt.of(())
    forced = frozenset(situation.forced.tolist())
    if situation.total_cost(forced) > limits.budget:
        raise ValueError(f"the forced members cost more than the budget of {limits.budget}")
    hunt.offer(forced)
    floor = hunt.of(frozenset(situation.candidates.tolist()) | forced)
    proved = hunt.after <= floor
    if not proved and (sets := _all_sets(situation, limits.budget, forced, few)) is not None:
        proved = all(hunt.offer(one) for one in sets)
        method = "every set"
    elif not proved:
        groups = " and by groups that a rule ties" if situation.together else ""
        method = f"greedy by one, by two{groups}, beyond the budget and back, swaps"
        for start in starts:
            hunt.offer(forced | frozenset(start))
        hunt.improve(forced)
        proved = hunt.after <= floor
    else:
        method = "nothing better is possible"
    return Solution(
        chosen=tuple(sorted(hunt.needed(forced))),
        before=before,
        after=hunt.after,
        bound=hunt.after if proved else floor,
        optimal=proved,
        method=method,
        evaluations=hunt.evaluations,
        notes=(f"stopped by --time after {limits.seconds:g} s",) if hunt.clock.struck and not proved else (),
    )


def _all_sets(situation: Situation, budget: int, forced: frozenset[int], few: int) -> Iterator[frozenset[int]] | None:
    """The sets within the budget, where all cost the same only those that no other contains; None if too many."""
    free = [one for one in situation.candidates.tolist() if one not in forced]
    costs = [int(situation.cost[one]) for one in free]
    left = budget - situation.total_cost(forced)
    if len(set(costs)) <= 1:
        size = min(len(free), left // costs[0]) if costs else 0
        if math.comb(len(free), size) > few:
            return None
        return (forced | set(one) for one in itertools.combinations(free, size))
    if _count(costs, left) > few:
        return None
    return (forced | one for one in _within(free, costs, left))


def _count(costs: Sequence[int], budget: int) -> int:
    """How many sets cost at most the budget."""
    budget = min(budget, sum(costs))
    ways = [1] + [0] * budget  # by what they cost exactly
    for cost in costs:
        for spent in range(budget, cost - 1, -1):
            ways[spent] += ways[spent - cost]
    return sum(ways)


def _within(free: Sequence[int], costs: Sequence[int], budget: int) -> Iterator[frozenset[int]]:
    if not free:
        yield frozenset()
        return
    yield from _within(free[1:], costs[1:], budget)
    if costs[0] <= budget:
        for rest in _within(free[1:], costs[1:], budget - costs[0]):
            yield rest | {free[0]}


@dataclass(slots=True, kw_only=True)
class _Hunt:
    value: Callable[[Sequence[int]], Value]
    situation: Situation
    limits: Limits
    clock: Clock
    best: frozenset[int] = frozenset()
    after: Value = math.inf
    evaluations: int = 0
    known: dict[frozenset[int], Value] = field(default_factory=dict)

    def is_over(self) -> bool:
        return self.clock.is_over or self.evaluations >= (self.limits.iterations or _EVALUATIONS)

    def of(self, chosen: Sequence[int] | frozenset[int]) -> Value:
        key = frozenset(chosen)
        if key not in self.known:
            self.evaluations += 1
            self.known[key] = self.value(sorted(key))
        return self.known[key]

    def offer(self, chosen: frozenset[int]) -> bool:
        """Take the set if it leaves less; False once time is up."""
        if self.clock.is_over:
            return False
        left = self.of(chosen)
        if left < self.after:
            self.best, self.after = chosen, left
        return True

    def cost(self, chosen: frozenset[int]) -> int:
        return self.situation.total_cost(chosen)

    def improve(self, forced: frozenset[int]) -> None:
        budget = self.limits.budget
        alone = self._alone(forced)
        for paired in (False, True):
            chosen = self._fill(forced, budget, alone, paired=paired)
            self.offer(chosen)
            beyond = self._fill(chosen, budget + max(2, self.cost(chosen) // 2), alone, paired=False)
            self.offer(self._back(beyond, forced, budget))
        self._swap(forced, budget, alone)
        self._exchange(forced, budget)

    def _alone(self, forced: frozenset[int]) -> list[int]:
        """Candidates, those first that take most per cost by themselves."""
        base = self.of(forced)
        tied = {one for group in self.situation.together for one in group} | self.best
        free = [one for one in self.situation.candidates.tolist() if one not in forced]
        free.sort(key=lambda one: (one not in tied, one))  # where evaluations run out, these have been looked at
        gains = {one: 0.0 if self.is_over() else self._ratio(base - self.of(forced | {one}), one) for one in free}
        return sorted(free, key=lambda one: (-gains[one], one))

    def _ratio(self, gain: Value, *members: int) -> float:
        return gain / self.cost(frozenset(members))

    def _fill(self, chosen: frozenset[int], budget: int, order: list[int], *, paired: bool) -> frozenset[int]:
        stale: dict[int, float] = {}
        while not self.is_over():
            base, left = self.of(chosen), budget - self.cost(chosen)
            best: tuple[float, frozenset[int]] | None = None
            offered = [one for one in order if one not in chosen and self.cost(frozenset([one])) <= left]
            # What somebody took before is a good guess of what he takes now, though no bound: look a little further.
            offered.sort(key=lambda one: -stale.get(one, math.inf))
            unlucky = 0
            for one in offered:
                if self.is_over() or (best is not None and stale.get(one, math.inf) < -best[0] and unlucky >= 12):
                    break
                ratio = stale[one] = self._ratio(base - self.of(chosen | {one}), one)
                unlucky = 0 if best is None or -ratio < best[0] else unlucky + 1
                if ratio > 0 and (best is None or (-ratio, [one]) < (best[0], sorted(best[1]))):
                    best = (-ratio, frozenset([one]))
            if paired or best is None:
                for first, second in itertools.combinations(sorted(offered[:_PAIRED]), 2):
                    pair = frozenset([first, second])
                    if self.is_over() or self.cost(pair) > left:
                        continue
                    ratio = self._ratio(base - self.of(chosen | pair), first, second)
                    if ratio > 0 and (best is None or -ratio < best[0]):
                        best = (-ratio, pair)
            for group in self.situation.together if paired or best is None else ():
                more = frozenset(group) - chosen
                if len(more) > 1 and not self.is_over() and self.cost(more) <= left:
                    ratio = self._ratio(base - self.of(chosen | more), *more)
                    if ratio > 0 and (best is None or -ratio < best[0]):
                        best = (-ratio, more)
            if best is None:
                break
            chosen |= best[1]
        return chosen

    def _back(self, chosen: frozenset[int], forced: frozenset[int], budget: int) -> frozenset[int]:
        while self.cost(chosen) > budget:
            now = self.of(chosen)
            losses = [(self._ratio(self.of(chosen - {one}) - now, one), one) for one in sorted(chosen - forced)]
            chosen -= {min(losses)[1]}
        return chosen

    def _swap(self, forced: frozenset[int], budget: int, order: list[int]) -> None:
        improved = True
        while improved and not self.is_over():
            improved = False
            for member in sorted(self.best - forced):
                rest = self.best - {member}
                for one in order:
                    if self.is_over():
                        return
                    if one in self.best or self.cost(rest | {one}) > budget:
                        continue
                    if self.of(rest | {one}) < self.after:
                        self.offer(rest | {one})
                        improved = True
                        break
                if improved:
                    break

    def _exchange(self, forced: frozenset[int], budget: int) -> None:
        """Take a whole group in and give back whoever matters least."""
        for group in self.situation.together:
            if self.is_over():
                return
            if not frozenset(group) <= self.best and self.cost(frozenset(group)) <= budget:
                self.offer(self._back(self.best | frozenset(group), forced, budget))

    def needed(self, forced: frozenset[int]) -> frozenset[int]:
        """The best set without members that take nothing away."""
        chosen = self.best
        for one in sorted(chosen - forced):
            if self.of(chosen - {one}) <= self.after:
                chosen -= {one}
        return chosen

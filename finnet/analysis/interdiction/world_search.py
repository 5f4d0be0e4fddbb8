"""The best set in one of many worlds: found quickly, never worse than the set that is reported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from types import ModuleType

import numpy as np

from finnet.analysis.interdiction.adaptation import Adaptation
from finnet.analysis.interdiction.general_search import general_search
from finnet.analysis.interdiction.pairs_greedy import greedy
from finnet.analysis.interdiction.pairs_kernel import kernel
from finnet.analysis.interdiction.pairs_problem import PairsProblem
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Limits, Value
from finnet.graph.network import IntArray

__all__ = ["best_in_world"]

_STEPS = 120  # evaluations of a general search in one world
_LASTING_STEPS = 60
_LASTING_RUNS = 2
_SURE_RUNS = 8
_LASTING_POINTS = 10
_OTHERS = 12


def best_in_world(
    objective: ModuleType,
    situation: Situation,
    limits: Limits,
    reported: Sequence[int],
    likely: IntArray,
    *,
    adaptation: Adaptation | None = None,
) -> tuple[int, ...]:
    """The best set found; ``reported`` where nothing better is, without members that take nothing away there.

    ``likely`` are candidates that a short search looks at first. With ``adaptation`` the best is what lasts.
    """

    def value(chosen: Sequence[int]) -> Value:
        found: Value = objective.value(situation, tuple(sorted(chosen)))
        return found

    instant = _instant(objective, situation, limits, value, reported, likely)
    if adaptation is None or not adaptation.horizon:
        return _better(value, instant, reported, situation)

    def left(chosen: Sequence[int]) -> float:
        return adaptation.left(chosen, runs=_LASTING_RUNS, points=_LASTING_POINTS)

    offered = [one for one in [*instant, *likely[:_OTHERS].tolist()] if one in situation.candidates]
    lasting = _swapped(left, situation, limits.budget, min([tuple(reported), instant], key=left), offered)

    def surely(chosen: Sequence[int]) -> float:
        return adaptation.left(chosen, runs=_SURE_RUNS, points=_LASTING_POINTS)

    # What was best by few throws may be so by luck: more of them decide.
    return _better(surely, lasting, reported, situation)


def _swapped(
    value: Callable[[Sequence[int]], float],
    situation: Situation,
    budget: int,
    start: tuple[int, ...],
    offered: Sequence[int],
) -> tuple[int, ...]:
    """The set with members exchanged for others offered, one by one, as long as that leaves less."""
    forced = set(situation.forced.tolist())
    best, least = tuple(sorted(start)), value(start)
    tried = {best}
    improved = True
    while improved:
        improved = False
        rests = [best, *(tuple(other for other in best if other != one) for one in best if one not in forced)]
        for one in dict.fromkeys(offered):
            for rest in rests:
                chosen = tuple(sorted({*rest, one}))
                if chosen in tried or situation.total_cost(chosen) > budget:
                    continue
                if len(tried) > _LASTING_STEPS:
                    return best
                tried.add(chosen)
                found = value(chosen)
                if found < least:
                    best, least, improved = chosen, found, True
            if improved:
                break
    return best


def _instant(
    objective: ModuleType,
    situation: Situation,
    limits: Limits,
    value: Callable[[Sequence[int]], Value],
    reported: Sequence[int],
    likely: IntArray,
) -> tuple[int, ...]:
    direct = situation.is_separable and situation.chooses_parties
    name = objective.__name__.rpartition(".")[2]
    if direct and name in ("flow", "reach"):
        found: tuple[int, ...] = objective.search(situation, replace(limits, iterations=0, seconds=None)).chosen
        return found
    starts = [tuple(reported)]
    if direct and name == "pairs":
        core = kernel(PairsProblem.of(situation, limits.budget))
        starts.append(tuple(sorted(core.vertex[greedy(core)].tolist())))
    known = np.array([*reported, *(starts[-1]), *situation.forced.tolist()], np.int64)
    among = np.intersect1d(np.concatenate([known, likely]), situation.candidates)
    effort = replace(limits, iterations=_STEPS, seconds=None)
    return general_search(value, replace(situation, candidates=among), effort, starts=starts, few=_STEPS).chosen


def _better(
    value: Callable[[Sequence[int]], Value], found: tuple[int, ...], reported: Sequence[int], situation: Situation
) -> tuple[int, ...]:
    least = value(reported)
    if value(found) < least:
        return found
    forced = set(situation.forced.tolist())
    kept = list(reported)
    for one in [*reversed(reported)]:
        rest = [other for other in kept if other != one]
        if one not in forced and value(rest) <= least:
            kept = rest
    return tuple(sorted(kept))

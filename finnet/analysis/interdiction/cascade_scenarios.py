"""A rule that captures, proved by cases: whoever of the few holders is chosen, the rest is a plain question."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from finnet.analysis.interdiction.cascade import Cascade
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Clock, Limits, Solution, Value
from finnet.graph.network import IntArray
from finnet.progress import watched

__all__ = ["best_by_cases"]

_CASES = 200
_WORK = 4_000_000  # cases times links: above, each plain question takes too long


def best_by_cases(
    search: Callable[[Situation, Limits], Solution],
    situation: Situation,
    cascade: Cascade,
    holders: IntArray,
    before: Value,
    limits: Limits,
) -> Solution | None:
    """The best set, by trying every choice of ``holders`` (who capture, or help to) with the best set of others.

    What a choice of holders captures is then known, and the others sever their own links alone: a plain question, whose
    bound holds for all sets with just these holders. The least of the bounds holds for all. None if there are too
    many choices.
    """
    forced = set(situation.forced.tolist())
    spare = limits.budget - situation.total_cost(forced)
    cases = list(itertools.islice(_choices(situation, holders, forced, spare), _CASES + 1))
    if len(cases) > _CASES or len(cases) * situation.network.edge_count > _WORK:
        return None
    clock = Clock(limits.seconds)
    others = np.setdiff1d(situation.candidates, holders)
    found: list[tuple[Solution, frozenset[int]]] = []
    for case in watched(cases, "choices of holders"):
        held = np.array(sorted(case | forced), np.int64)
        captured = np.union1d(situation.captured, cascade(held))
        plain = replace(
            situation,
            closure=None,
            together=(),
            captured=captured,
            candidates=np.union1d(np.setdiff1d(others, captured), held),
            forced=held,
        )
        found.append((search(plain, replace(limits, seconds=clock.left)), case))
    sets = [(one.after, tuple(sorted({*one.chosen, *case, *forced})), one) for one, case in found]
    after, chosen, best = min(sets, key=lambda one: (one[0], len(one[1]), one[1]))
    bounds = [one.bound for one, _ in found]
    known = [bound for bound in bounds if bound is not None]
    bound = min(known) if len(known) == len(bounds) else None
    return Solution(
        chosen=chosen,
        before=before,
        after=after,
        bound=bound,
        optimal=bound is not None and bound >= after,
        method=f"{len(cases)} choices of holders, each with the best set of others: {best.method}",
        evaluations=sum(one.evaluations for one, _ in found),
        notes=tuple(dict.fromkeys(note for one, _ in found for note in one.notes)),
    )


def _choices(situation: Situation, holders: IntArray, forced: set[int], spare: int) -> Iterator[frozenset[int]]:
    free = [one for one in holders.tolist() if one not in forced]
    for size in range(len(free) + 1):
        within = [one for one in itertools.combinations(free, size) if situation.total_cost(one) <= spare]
        if not within:
            return
        yield from map(frozenset, within)

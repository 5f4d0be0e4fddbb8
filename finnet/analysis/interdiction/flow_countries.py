"""The best choices for a flow or a reach where choosing one does more than to sever its own links.

The choices are countries, or parties under a rule that captures: the general search, and the integer programme's bound.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from finnet.analysis.interdiction.cascade import Cascade
from finnet.analysis.interdiction.cascade_exact import capture_programme
from finnet.analysis.interdiction.cascade_scenarios import best_by_cases
from finnet.analysis.interdiction.flow_exact import Programme, programme, solve
from finnet.analysis.interdiction.flow_network import FlowNetwork
from finnet.analysis.interdiction.flow_search import best_set
from finnet.analysis.interdiction.general_search import general_search
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Clock, Limits, Solution, Value
from finnet.graph.network import IntArray

__all__ = ["best_of_any"]

_LARGEST = 6_000  # links on some way; above, the programme's first relaxation takes minutes
_BRANCHES = 2_000
_WORK = 50_000_000  # links times evaluations
_FEWEST, _MOST = 100, 6_000  # evaluations


def best_of_any(
    network_of: Callable[[Situation], FlowNetwork],
    value: Callable[[Sequence[int]], Value],
    situation: Situation,
    limits: Limits,
) -> Solution:
    """The best set found; its bound is the programme's, else what is left when everybody is chosen.

    Under a rule that captures, few holders are taken case by case (cascade_scenarios.py). Where there are many, the
    best set without the rule is where the search begins, and ends where nobody on the way can be captured.
    """
    flows = network_of(situation)
    clock = Clock(limits.seconds)
    links = int((flows.arc_of_edge >= 0).sum())
    # Which links are severed is asked of all of them, a twentieth of the work of a flow over those on the way.
    work = links + situation.network.edge_count // 20 + 1
    steps = limits.iterations or min(_MOST, max(_FEWEST, _WORK // work))
    starts: tuple[tuple[int, ...], ...] = ()
    if not situation.is_separable and situation.chooses_parties:
        plain = replace(situation, closure=None, together=())
        if isinstance(situation.closure, Cascade):
            holders = situation.closure.holders_behind(situation.candidates, _on_the_way(flows, situation))
            if not len(holders):
                return best_set(flows, plain, limits)
            by_cases = best_by_cases(
                lambda case, within: best_set(network_of(case), case, within),
                situation, situation.closure, holders, value(()), limits,
            )  # fmt: skip
            if by_cases is not None:
                return by_cases
        starts = (best_set(flows, plain, limits).chosen,)
    capped = replace(limits, seconds=clock.left, iterations=steps)
    found = general_search(value, situation, capped, starts=starts)
    if found.optimal or links > _LARGEST or clock.is_over:
        return found
    asked = _programme(flows, situation)
    if asked is None:
        return found
    proven = solve(asked, limits.budget, seconds=clock.left, nodes=_BRANCHES, start=found.chosen)
    chosen, after = found.chosen, found.after
    forced = set(situation.forced.tolist())
    better = tuple(sorted({*proven.chosen, *forced}))
    if situation.total_cost(better) <= limits.budget and value(better) < after:
        chosen, after = better, value(better)
    bound = max(proven.bound, found.bound or 0)
    return replace(
        found,
        chosen=chosen,
        after=after,
        bound=min(bound, after),
        optimal=bound >= after,
        method=f"{found.method}; integer programme",
    )


def _on_the_way(flows: FlowNetwork, situation: Situation) -> IntArray:
    carries = flows.node >= 0
    carries[situation.sources] = carries[situation.exits] = True
    return np.flatnonzero(carries)


def _programme(flows: FlowNetwork, situation: Situation) -> Programme | None:
    """None where it is not known what captures what, or there is too much of it."""
    if situation.is_separable:
        return programme(flows, situation)
    if isinstance(situation.closure, Cascade) and situation.chooses_parties:
        return capture_programme(flows, situation, situation.closure, _on_the_way(flows, situation))
    return None

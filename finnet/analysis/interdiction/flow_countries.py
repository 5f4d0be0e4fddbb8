"""The best countries for a flow or a reach: the general search, and the integer programme's bound beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from finnet.analysis.interdiction.flow_exact import programme, solve
from finnet.analysis.interdiction.flow_network import FlowNetwork
from finnet.analysis.interdiction.general_search import general_search
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Clock, Limits, Solution, Value

__all__ = ["best_of_any"]

_LARGEST = 6_000  # arcs; above, the programme's first relaxation takes minutes
_BRANCHES = 2_000


def best_of_any(
    flows: FlowNetwork, value: Callable[[Sequence[int]], Value], situation: Situation, limits: Limits
) -> Solution:
    """The best set where a choice severs more than one party's links, or where a rule captures.

    The programme needs choices that sever by themselves; under a rule that captures there is no bound.
    """
    clock = Clock(limits.seconds)
    found = general_search(value, situation, limits)
    if not situation.is_separable:
        return found if found.optimal else replace(found, bound=None)
    if found.optimal or len(flows.arc_of_edge) > _LARGEST or clock.is_over:
        return found
    proven = solve(programme(flows, situation), limits.budget, seconds=clock.left, nodes=_BRANCHES, start=found.chosen)
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

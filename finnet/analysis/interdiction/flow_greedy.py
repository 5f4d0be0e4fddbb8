"""Good sets for a flow: fill by what each party takes away, try pairs, swap members."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from finnet.analysis.interdiction.flow_state import FlowState
from finnet.analysis.interdiction.solution import Clock

__all__ = ["best_single", "fill", "swap"]


def best_single(
    state: FlowState, budget: int, *, width: int, keep_from: int | None = None, clock: Clock | None = None
) -> tuple[int, int] | None:
    """The affordable node that takes away most per cost, and how much; None if none takes anything.

    Nobody takes away more than runs through it: nodes are looked at in that order, and no further than needed, nor than
    ``width`` of them. Ties go to the smallest number. ``keep_from`` is a node that is left out.
    """
    gates, through = state.gates, state.through
    price = gates.cost[gates.nodes]
    offered = np.flatnonzero((through > 0) & (price <= budget - state.cost) & (gates.nodes != keep_from))
    ratio = through[offered] / price[offered]
    best: tuple[float, int, int] | None = None
    for place in offered[np.lexsort((gates.nodes[offered], -ratio))[:width]].tolist():
        if best is not None and through[place] / price[place] < -best[0]:
            break
        if clock is not None and clock.is_over:
            break
        node = int(gates.nodes[place])
        least = 0 if best is None else math.floor(-best[0] * int(price[place]))
        taken = state.drop(node, least=least)
        if taken > 0:
            found = (-taken / int(price[place]), node, taken)
            best = found if best is None else min(best, found)
    return None if best is None else (best[1], best[2])


def _best_pair(
    state: FlowState, budget: int, *, width: int, clock: Clock | None
) -> tuple[tuple[int, int], float] | None:
    """Two nodes that together take away most per cost: brokers who can stand in for each other do so only together."""
    gates, through = state.gates, state.through
    price = gates.cost[gates.nodes]
    left = budget - state.cost
    offered = np.flatnonzero((through > 0) & (price < left))
    best: tuple[float, tuple[int, int]] | None = None
    for place in offered[np.lexsort((gates.nodes[offered], -through[offered] / price[offered]))[:width]].tolist():
        if clock is not None and clock.is_over:
            break
        first = int(gates.nodes[place])
        twin = state.copy()
        twin.choose(first)
        second = best_single(twin, budget, width=width, clock=clock)
        state.evaluations += twin.evaluations
        if second is not None:
            taken = state.value - twin.value + second[1]
            pair = (min(first, second[0]), max(first, second[0]))
            found = (-taken / int(price[place] + gates.cost[second[0]]), pair)
            best = found if best is None else min(best, found)
    return None if best is None else (best[1], -best[0])


def fill(state: FlowState, budget: int, *, width: int, pairs: int, clock: Clock | None = None) -> None:
    """Choose until the budget is spent or nothing more can be taken away.

    With ``pairs`` above 0, that many nodes are also tried as one of two at each step, and two are chosen where they
    take away more per cost than the best one.
    """
    while state.value > 0:
        single = best_single(state, budget, width=width, clock=clock)
        pair = _best_pair(state, budget, width=pairs, clock=clock) if pairs else None
        if single is not None and (pair is None or single[1] / int(state.gates.cost[single[0]]) >= pair[1]):
            state.choose(single[0])
        elif pair is not None:
            for node in pair[0]:
                state.choose(node)
        else:
            return
        if clock is not None and clock.is_over:
            return


def swap(
    state: FlowState,
    budget: int,
    *,
    width: int,
    held: frozenset[int] = frozenset(),
    clock: Clock | None = None,
    found: Callable[[FlowState], None] | None = None,
) -> FlowState:
    """Give back one member at a time and fill up again, as long as that leaves less; ``held`` are never given back."""
    improved = True
    while improved and state.value > 0:
        improved = False
        for member in sorted(set(state.chosen) - held):
            if clock is not None and clock.is_over:
                return state
            twin = state.copy()
            twin.restore(member)
            while (single := best_single(twin, budget, width=width, keep_from=member, clock=clock)) is not None:
                twin.choose(single[0])
            state.evaluations += twin.evaluations
            if twin.value < state.value:
                twin.evaluations = state.evaluations
                state, improved = twin, True
                if found is not None:
                    found(state)
                break
    return state

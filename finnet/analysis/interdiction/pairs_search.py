"""The best set for the critical node problem: kernel, annealing, proof, as far as size and limits allow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from finnet.analysis.interdiction.general_search import general_search
from finnet.analysis.interdiction.pairs_elimination import eliminate
from finnet.analysis.interdiction.pairs_exact import prove
from finnet.analysis.interdiction.pairs_kernel import kernel
from finnet.analysis.interdiction.pairs_memetic import PATIENCE, improve
from finnet.analysis.interdiction.pairs_problem import PairsProblem, connected_pairs
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Clock, Limits, Solution
from finnet.graph.network import IntArray

__all__ = ["best_pairs", "pairs_left"]

_STEPS = 40_000_000  # annealing steps unless the limits say otherwise
_TIMED = 1_000_000_000  # in all, where there is a cap on time and none on steps: the cap is what is asked for
_FIRST = 0.1  # the share of them before the proof is tried
# The share of the time that the proof may take, by whether annealing had agreed on a value before.
_PROOF = {True: 0.85, False: 0.2}
# Without a cap on time the proof is capped by size and branches: then it takes seconds to a minute.
_ROWS, _NODES = 25_000, 100


def pairs_left(situation: Situation, chosen: tuple[int, ...] | list[int]) -> int:
    """The connected pairs once these are acted on, counted from the links."""
    network = situation.network
    kept = ~situation.severed(chosen)
    return connected_pairs(network.size, network.source[kept], network.target[kept])


def best_pairs(situation: Situation, limits: Limits) -> Solution:
    """The set within the budget that leaves least pairs connected, with a proven bound.

    The result depends on the situation, the budget, ``limits.seed`` and ``limits.iterations`` (annealing steps), unless
    ``limits.seconds`` strikes first. Where a choice is no party, or a rule captures, the general search is used.
    """
    if not situation.is_separable or not situation.chooses_parties:
        starts: tuple[tuple[int, ...], ...] = ()
        if not situation.is_separable and situation.chooses_parties:
            starts = (best_pairs(replace(situation, closure=None, together=()), limits).chosen,)
        return general_search(lambda chosen: pairs_left(situation, list(chosen)), situation, limits, starts=starts)
    clock = Clock(limits.seconds)
    problem = PairsProblem.of(situation, limits.budget)
    core = kernel(problem)
    steps = _STEPS if limits.iterations is None else limits.iterations
    first = Clock(None if limits.seconds is None else limits.seconds * _FIRST)
    found = improve(core, seed=limits.seed, steps=max(1, int(steps * _FIRST)), clock=first)
    members, value, bound, method = found.members, found.value, 0, "kernel, annealing"
    spent, relaxations = found.steps, 0
    if value > 0:
        method = "kernel, annealing, elimination"
        settled = eliminate(core, members, clock)
        members, value, bound = settled.members, settled.value, settled.bound
    if value > bound:
        method = "kernel, annealing, integer programme"
        if clock.left is None:
            proof = prove(core, [members, *found.sets], clock, nodes=_NODES, rows=_ROWS)
        else:
            share = _PROOF[found.agreed >= PATIENCE]
            proof = prove(core, [members, *found.sets], Clock(clock.left * share))
        members, value, relaxations = proof.members, proof.value, proof.relaxations
        bound = max(bound, proof.bound)
    if bound < value and not clock.is_over:
        if limits.iterations is None and limits.seconds is not None:
            steps = _TIMED
        more = improve(
            core, seed=limits.seed + 1, steps=steps - spent, clock=clock, target=bound, known=[members, *found.sets]
        )
        spent += more.steps
        if more.value < value:
            members, value = more.members, more.value
    members = _needed(core, members)
    chosen = tuple(sorted({*core.vertex[members].tolist(), *situation.forced.tolist()}))
    struck = bound < value and clock.is_over
    return Solution(
        chosen=chosen,
        before=pairs_left(situation, []),
        after=value + core.offset,
        bound=bound + core.offset,
        optimal=bound >= value,
        method=method,
        evaluations=spent + relaxations,
        notes=(f"stopped by --time after {limits.seconds:g} s",) if struck and limits.seconds is not None else (),
    )


def _needed(problem: PairsProblem, members: IntArray) -> IntArray:
    """These members without those that take nothing away; the dearest are asked first."""
    whole = problem.value(members)
    kept = members
    for member in members[np.lexsort((-members, -problem.cost[members]))].tolist():
        rest = kept[kept != member]
        if problem.value(rest) <= whole:
            kept = rest
    return kept

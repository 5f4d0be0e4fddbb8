"""Annealing in cycles of growing length, fresh, reheated and bred from the best sets so far, and exchange by turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from finnet.analysis.interdiction.pairs_anneal import Walk
from finnet.analysis.interdiction.pairs_exchange import Exchange
from finnet.analysis.interdiction.pairs_greedy import filled, greedy
from finnet.analysis.interdiction.pairs_problem import PairsProblem
from finnet.analysis.interdiction.solution import Clock
from finnet.graph.network import IntArray

__all__ = ["PATIENCE", "Found", "improve"]

PATIENCE = 6  # cycles in a row that end at the best value before a search is over
_PARENTS = 8
_SEGMENTS = 96  # temperatures per cycle
_PROBE = 20_000  # steps at each temperature of the first warming
_UPHILL = (0.0003, 0.05)  # between these shares of uphill steps a cycle cools
_WARMING = 1.35
_KINDS = ("fresh", "reheated", "bred", "exchanged")
_LED = ("exchanged", "reheated", "exchanged", "bred")  # the kinds for two rounds after exchange led to a better set
_FEWEST = 2_000  # exchanges; where a cycle has less, networks are too large for them


@dataclass(slots=True, kw_only=True)
class Found:
    """The best set so far (without the problem's offset in its value), and how it was come by."""

    members: IntArray
    value: int
    steps: int = 0
    cycles: int = 0
    agreed: int = 0  # cycles in a row that ended at the best value
    sets: list[IntArray] = field(default_factory=list)  # the best sets, best first
    history: list[tuple[str, int, int]] = field(default_factory=list)


def improve(
    problem: PairsProblem,
    *,
    seed: int,
    steps: int,
    clock: Clock,
    target: int = 0,
    known: Sequence[IntArray] = (),
) -> Found:
    """The best set that so many annealing steps find, or the first that leaves no more than ``target``.

    A first warming from the greedy set finds the temperatures between which the walk neither freezes nor roams. Then
    cycles cool through them: from anywhere, from the best set reheated half way, and from children of two of the best
    sets, which keep what both have (the backbone) and some of what one has. The fourth kind of cycle exchanges by
    turns; for two rounds after it led to a better set it has half of the cycles, and the others stay near. Cycles
    double each round; after six annealed cycles in a row that end at the best value the search is over. If the clock
    strikes, the running cycle is cooled down at once.
    """
    random = np.random.default_rng(seed)
    members = greedy(problem)
    walk = Walk(problem, members, seed)
    found = Found(members=members, value=walk.best, sets=[members])
    if len(members) == 0 or len(members) == int(problem.eligible.sum()) or walk.best <= target:
        return found
    strewn = _strewn(problem, random)
    cold, hot = _range(walk, found, int(problem.weight.sum()), (problem.value(strewn) - problem.offset) * 0.35)
    parents: list[tuple[int, IntArray]] = []
    for one in (walk.best_members, *known):
        _keep(parents, problem.value(one) - problem.offset, one)
    found.value, found.members = parents[0]
    length = max(1_000_000, 60 * (len(members) + int(problem.eligible.sum())))
    exchange = Exchange(problem, seed) if Exchange.serves(problem) else None
    led_until = 0
    while found.value > target and found.steps < steps and found.agreed < PATIENCE and not clock.is_over:
        leads = found.cycles < led_until
        kind = (_LED if leads else _KINDS)[found.cycles % len(_KINDS)]
        share = min(length, steps - found.steps)
        found.cycles += 1
        if found.cycles % len(_KINDS) == 0:
            length *= 2
        if kind == "exchanged":
            if exchange is None or share < _FEWEST * exchange.steps_each:
                continue
            turns, value, members = exchange.run(share // exchange.steps_each, clock, found.members)
            made = turns * exchange.steps_each
            if value < found.value:
                found.value, found.members, found.agreed = value, members, 0
                led_until = found.cycles + 2 * len(_KINDS)
        else:
            if kind == "fresh":
                walk.restart(_strewn(problem, random))
            else:
                walk.restart(found.members if kind == "reheated" else _child(problem, parents, random))
            top, low = hot if kind == "fresh" else (hot * cold) ** 0.5, cold
            if leads:  # what one vertex is connected to, on average: enough to move it, too little to melt the parts
                top = max(2 * found.value / int(problem.weight.sum()), 0.3)
                low = 0.05 * top
            made = _cool(walk, top, low, share, clock)
            value, members = walk.best, walk.best_members
            if value < found.value:
                found.value, found.members, found.agreed = value, members, 1
            elif not leads:
                found.agreed = found.agreed + 1 if value == found.value else 0
        found.steps += made
        found.history.append((kind, made, value))
        _keep(parents, value, members)
    found.sets = [found.members, *(kept for _, kept in parents if not np.array_equal(kept, found.members))]
    return found


def _range(walk: Walk, found: Found, parties: int, roaming: float) -> tuple[float, float]:
    cold = temperature = 0.15
    while True:
        walked = walk.walk(temperature, _PROBE)
        found.steps += _PROBE
        if walked.uphill <= _UPHILL[0]:
            cold = temperature
        if walked.uphill >= _UPHILL[1] or walked.value >= 0.65 * walk.best + roaming or temperature > 1e15:
            return min(max(cold, 0.1 * 2 * walk.best / parties), 0.5 * temperature), temperature
        temperature *= _WARMING


def _strewn(problem: PairsProblem, random: np.random.Generator) -> IntArray:
    """Any set that fits the budget, in random order of its members."""
    members = random.permutation(np.flatnonzero(problem.eligible))
    return members[np.cumsum(problem.cost[members]) <= problem.budget]


def _cool(walk: Walk, hot: float, cold: float, length: int, clock: Clock) -> int:
    made = 0
    part = max(1, length // (_SEGMENTS + 1))
    for segment in range(_SEGMENTS + 1):
        walk.walk(hot * (cold / hot) ** (segment / _SEGMENTS), part)
        made += part
        if clock.is_over:
            break
    walk.walk(cold, part)
    return made + part


def _child(problem: PairsProblem, parents: list[tuple[int, IntArray]], random: np.random.Generator) -> IntArray:
    if len(parents) == 1:
        return parents[0][1]
    first, second = random.choice(len(parents), 2, replace=False)
    one, other = parents[first][1], parents[second][1]
    backbone = np.intersect1d(one, other)
    rest = random.permutation(np.setxor1d(one, other))
    members = np.concatenate([backbone, rest])
    return filled(problem, members[np.cumsum(problem.cost[members]) <= problem.budget])


def _keep(parents: list[tuple[int, IntArray]], value: int, members: IntArray) -> None:
    if any(value == old and np.array_equal(members, kept) for old, kept in parents):
        return
    parents.append((value, members))
    parents.sort(key=lambda parent: parent[0])
    del parents[_PARENTS:]

"""For each entity: listed, blocked by rule, possibly, not, or no data; with the holders that make it so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from finnet.analysis.ownership.closure import Closure, lower_closure, upper_closure
from finnet.analysis.ownership.regime import Rule
from finnet.analysis.ownership.register import WHOLE, Register
from finnet.graph.network import IntArray

__all__ = ["VERDICTS", "ProofStep", "Verdicts", "proof", "tipping_share", "verdicts"]

VERDICTS = ("listed", "blocked", "possibly", "not", "no_data")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """One entry per entity of the register.

    ``held_min`` and ``held_max`` are the ppm that listed, blocked (and for the maximum possibly blocked) parties hold;
    where a rule does not aggregate, those of the one person who holds most. ``undisclosed`` is the ppm that nobody is
    certain to hold. ``round`` counts the rule's steps: 0 listed, -1 not blocked. ``by`` is the number of the seed group
    a verdict under ``aggregate = none`` comes from (-1: all together).
    """

    verdict: tuple[str, ...]
    held_min: IntArray
    held_max: IntArray
    undisclosed: IntArray
    round: IntArray
    by: IntArray
    groups: tuple[IntArray, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofStep:
    """Blocked in ``round`` because these holders, all blocked before, hold ``held`` ppm together."""

    entity: int
    round: int
    held: int
    stakes: tuple[int, ...]


def verdicts(register: Register, rule: Rule, listed: Sequence[str], *, joint: Sequence[Sequence[str]] = ()) -> Verdicts:
    """Apply the rule to the listed, at the lower and the upper end of every share.

    *blocked* is what is certain, *possibly* what the upper bounds or undisclosed shares allow, *not* what no reading
    of the records allows, *no_data* where listed parties are not known to hold anything and nothing excludes it.

    Under a rule that does not aggregate, each listed person is taken alone (a joint group as one person) and an entity
    takes the worst of the verdicts.

    >>> from finnet.analysis.ownership.regime import load_regime
    >>> register = Register.of(("X", "A", 25), ("Y", "A", 25), ("Z", "B", 100))
    >>> dict(zip(register.ids, verdicts(register, load_regime("ofac").rules[0], ["X", "Y"]).verdict))
    {'A': 'blocked', 'B': 'not', 'X': 'listed', 'Y': 'listed', 'Z': 'no_data'}
    >>> verdicts(register, load_regime("uk").rules[0], ["X", "Y"]).verdict[0]  # X, or Y, may hold the other 50 % too
    'possibly'
    """
    seeds = register.numbers(listed)
    groups = (seeds,) if rule.aggregate == "all" else _alone(register, seeds, joint)
    size = register.size
    held_min, held_max = np.zeros(size, np.int64), np.zeros(size, np.int64)
    lower, upper = np.full(size, -1, np.int64), np.full(size, -1, np.int64)
    by = np.full(size, -1, np.int64)
    for place, group in enumerate(groups):
        certain, possible = lower_closure(register, group, rule.meet), upper_closure(register, group, rule.meet)
        _take(certain, lower, held_min, by, place if rule.aggregate == "none" else -1)
        better = (possible.round >= 0) & ((upper < 0) | (possible.round < upper))
        upper[better] = possible.round[better]
        np.maximum(held_max, possible.held, out=held_max)
    return Verdicts(
        verdict=_words(register, rule, seeds, lower, upper, held_max),
        held_min=np.minimum(held_min, np.maximum(register.disclosed_low, 0)),
        held_max=np.minimum(held_max, np.maximum(WHOLE, held_min)),
        undisclosed=register.undisclosed,
        round=_listed_first(lower, seeds),
        by=by,
        groups=groups,
    )


def proof(register: Register, rule: Rule, seeds: IntArray, entity: int) -> tuple[ProofStep, ...]:
    """Why the entity is blocked, from it back to the listed: each step once, the entity first.

    A step names just the holders that were blocked in an earlier round, which is what made it cross the threshold.
    Empty if it is not blocked, or is listed itself.
    """
    closure = lower_closure(register, seeds, rule.meet)
    steps: list[ProofStep] = []
    waiting, seen = [entity], {entity}
    while waiting:
        current = waiting.pop(0)
        if closure.round[current] <= 0:
            continue
        stakes = [
            s for s in register.stakes_of(current) if 0 <= closure.round[register.owner[s]] < closure.round[current]
        ]
        stakes = [s for s in stakes if register.low[s] > 0]
        held = int(register.low[stakes].sum())
        steps.append(
            ProofStep(
                entity=current, round=int(closure.round[current]), held=held, stakes=tuple(int(s) for s in stakes)
            )
        )
        for stake in stakes:
            holder = int(register.owner[stake])
            if holder not in seen:
                seen.add(holder)
                waiting.append(holder)
    return tuple(steps)


def tipping_share(rule: Rule, held_min: int) -> int:
    """How many ppm more in the hands of blocked parties would block an entity; 0 if it is blocked already.

    >>> from finnet.analysis.ownership.regime import load_regime
    >>> tipping_share(load_regime("ofac").rules[0], 388_000)
    112000
    """
    return max(0, rule.meet - held_min)


def _alone(register: Register, seeds: IntArray, joint: Sequence[Sequence[str]]) -> tuple[IntArray, ...]:
    grouped = [register.numbers(group) for group in joint]
    groups = [group for group in grouped if np.isin(group, seeds).any()]
    inside = set(np.concatenate(groups).tolist()) if groups else set()
    return (*groups, *(np.array([seed]) for seed in seeds if int(seed) not in inside))


def _take(closure: Closure, rounds: IntArray, held: IntArray, by: IntArray, group: int) -> None:
    better = (closure.round >= 0) & ((rounds < 0) | (closure.round < rounds))
    rounds[better] = closure.round[better]
    more = closure.held > held
    by[better | (more & (rounds < 0))] = group
    np.maximum(held, closure.held, out=held)


def _words(
    register: Register, rule: Rule, seeds: IntArray, lower: IntArray, upper: IntArray, held_max: IntArray
) -> tuple[str, ...]:
    unknown = (held_max == 0) & (register.undisclosed >= rule.meet)
    words = np.full(register.size, "not", dtype=object)
    words[unknown] = "no_data"
    words[upper >= 0] = "possibly"
    words[lower >= 0] = "blocked"
    words[seeds] = "listed"
    return tuple(words.tolist())


def _listed_first(rounds: IntArray, seeds: IntArray) -> IntArray:
    rounds = rounds.copy()
    rounds[seeds] = 0
    return rounds

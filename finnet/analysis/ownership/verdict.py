"""For each entity: listed, blocked by rule, possibly, not, or no data; with the holders that make it so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from finnet.analysis.ownership.closure import lower_closure, lower_closures, upper_closures
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


def verdicts(
    register: Register,
    rule: Rule,
    listed: Sequence[str],
    *,
    joint: Sequence[Sequence[str]] = (),
    people: Sequence[str] = (),
) -> Verdicts:
    """Apply the rule to the listed, at the lower and the upper end of every share.

    *blocked* is what is certain, *possibly* what the upper bounds or undisclosed shares allow, *not* where what listed
    parties may hold and what is undisclosed together miss the threshold, *no_data* where listed parties are not known
    to hold anything and nothing excludes it. ``people`` cannot be owned: they are *not* blocked unless they are listed.

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
    alone = rule.aggregate == "none"
    groups = _alone(register, seeds, joint) if alone else (seeds,)
    certain = lower_closures(register, groups, rule.meet)
    possible = upper_closures(register, groups, rule.meet)
    rounds, may_be = certain.round.copy(), possible.round >= 0
    # Who holds jointly with a listed person is not blocked for that: only if enough of the party itself is held.
    partners = np.setdiff1d(np.concatenate([np.empty(0, np.int64), *groups]), seeds)
    rounds[partners] = np.where(certain.held[partners] >= rule.meet, 1, -1)
    may_be[partners] = (possible.held > 0)[partners] & ((possible.held + register.undisclosed)[partners] >= rule.meet)
    rounds[seeds] = 0
    unknown = (possible.held == 0) & (register.undisclosed >= rule.meet)
    unknown[register.numbers(people)] = False
    words = np.full(register.size, "not", dtype=object)
    words[unknown] = "no_data"
    words[may_be] = "possibly"
    words[rounds >= 0] = "blocked"
    words[seeds] = "listed"
    return Verdicts(
        verdict=tuple(words.tolist()),
        held_min=certain.held,
        held_max=np.minimum(possible.held, np.maximum(WHOLE, certain.held)),
        undisclosed=register.undisclosed,
        round=rounds,
        by=certain.by if alone else np.full(register.size, -1, np.int64),
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

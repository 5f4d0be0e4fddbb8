"""The 50 % rule as a work-list: who is held by blocked parties up to the threshold, round by round."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from finnet.analysis.ownership.register import Register
from finnet.graph.network import IntArray

__all__ = ["Closure", "greatest_closure", "lower_closure", "threshold_to_meet", "upper_closure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """What is blocked. ``round`` is 0 for the seeds, n for what round n adds, -1 for the rest.

    ``held`` is per entity the ppm held by blocked parties (seeds and captured), its own shares not counted.
    """

    round: IntArray
    held: IntArray

    @property
    def blocked(self) -> IntArray:
        """The numbers of the seeds and of all that the rule captures."""
        return np.flatnonzero(self.round >= 0)


def threshold_to_meet(threshold_ppm: int, *, strict: bool) -> int:
    """The smallest holding that meets the rule: integers make "more than" one part more than "at least".

    >>> threshold_to_meet(500_000, strict=False), threshold_to_meet(500_000, strict=True)
    (500000, 500001)
    """
    return threshold_ppm + 1 if strict else threshold_ppm


def lower_closure(register: Register, seeds: IntArray, meet: int) -> Closure:
    """The least set with the seeds in it and every entity of which blocked parties certainly hold ``meet`` ppm or more.

    The whole holding of a captured intermediary counts; nothing is multiplied along a chain. Order of rows does not
    matter. Work is proportional to what the blocked parties hold, not to the register.

    >>> register = Register.of(("X", "A", 50), ("A", "B", 25), ("X", "B", 25))
    >>> lower_closure(register, register.numbers(["X"]), 500_000).round.tolist()
    [1, 2, 0]

    Source: OFAC, Frequently Asked Questions 398 to 402.
    """
    table = register.holdings
    rounds, held = _lower(table.pointers, table.ends, register.low[table.stakes], seeds, meet)
    return Closure(round=rounds, held=held)


def upper_closure(register: Register, seeds: IntArray, meet: int) -> Closure:
    """What may be blocked: every holding at its upper bound, and undisclosed shares in the hands of blocked parties.

    An entity enters if blocked parties hold ``meet`` ppm at the upper bounds, or if they hold something and what is not
    certainly in other hands could make up the difference. ``held`` counts named stakes only.
    """
    table = register.holdings
    rounds, held = _upper(
        table.pointers,
        table.ends,
        register.low[table.stakes],
        register.most[table.stakes],
        register.disclosed_low,
        seeds,
        meet,
    )
    return Closure(round=rounds, held=held)


def greatest_closure(register: Register, seeds: IntArray, meet: int) -> IntArray:
    """The entities of the greatest set that is consistent with the rule: where it differs from the least set, a loop
    of holdings would block itself if one assumed it blocked.

    Entities that nobody holds leave at once, so only loops and what hangs on them can remain.
    """
    table, holders = register.holdings, register.holders
    return np.flatnonzero(
        _greatest(
            table.pointers,
            table.ends,
            register.low[table.stakes],
            np.diff(holders.pointers),
            register.disclosed_low,
            seeds,
            meet,
        )
    )


@njit(cache=True)
def _lower(pointers, ends, shares, seeds, meet):  # type: ignore[no-untyped-def]
    size = len(pointers) - 1
    rounds = np.full(size, -1, np.int64)
    held = np.zeros(size, np.int64)
    queue = np.empty(size, np.int64)
    first = last = 0
    for seed in seeds:
        if rounds[seed] < 0:
            rounds[seed] = 0
            queue[last] = seed
            last += 1
    while first < last:
        holder = queue[first]
        first += 1
        for place in range(pointers[holder], pointers[holder + 1]):
            entity = ends[place]
            held[entity] += shares[place]
            if rounds[entity] < 0 and held[entity] >= meet:
                rounds[entity] = rounds[holder] + 1
                queue[last] = entity
                last += 1
    return rounds, held


@njit(cache=True)
def _upper(pointers, ends, low, high, disclosed, seeds, meet):  # type: ignore[no-untyped-def]
    size = len(pointers) - 1
    rounds = np.full(size, -1, np.int64)
    held = np.zeros(size, np.int64)  # at the upper bounds
    certain = np.zeros(size, np.int64)  # of the same holders, at the lower bounds
    queue = np.empty(size, np.int64)
    first = last = 0
    for seed in seeds:
        if rounds[seed] < 0:
            rounds[seed] = 0
            queue[last] = seed
            last += 1
    while first < last:
        holder = queue[first]
        first += 1
        for place in range(pointers[holder], pointers[holder + 1]):
            entity = ends[place]
            held[entity] += high[place]
            certain[entity] += low[place]
            if rounds[entity] >= 0 or held[entity] == 0:
                continue
            # What is certainly in other hands cannot be in theirs; all else may be.
            open_to_them = 1_000_000 - (disclosed[entity] - certain[entity])
            enters = held[entity] >= meet or open_to_them >= meet or certain[entity] >= meet
            if enters:
                rounds[entity] = rounds[holder] + 1
                queue[last] = entity
                last += 1
    return rounds, held


@njit(cache=True)
def _greatest(pointers, ends, shares, holder_count, disclosed, seeds, meet):  # type: ignore[no-untyped-def]
    size = len(pointers) - 1
    inside = np.ones(size, np.bool_)
    seeded = np.zeros(size, np.bool_)
    held = disclosed.copy()
    for seed in seeds:
        seeded[seed] = True
    queue = np.empty(size, np.int64)
    first = last = 0
    for entity in range(size):
        if not seeded[entity] and (holder_count[entity] == 0 or held[entity] < meet):
            inside[entity] = False
            queue[last] = entity
            last += 1
    while first < last:
        holder = queue[first]
        first += 1
        for place in range(pointers[holder], pointers[holder + 1]):
            entity = ends[place]
            held[entity] -= shares[place]
            if inside[entity] and not seeded[entity] and held[entity] < meet:
                inside[entity] = False
                queue[last] = entity
                last += 1
    return inside

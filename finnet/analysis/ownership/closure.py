"""The 50 % rule as a work-list: who is held by blocked parties up to the threshold, round by round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit

from finnet.analysis.ownership.register import Register
from finnet.graph.network import IntArray

__all__ = [
    "Closure",
    "greatest_closure",
    "lower_closure",
    "lower_closures",
    "upper_closure",
    "upper_closures",
]


@dataclass(frozen=True, slots=True)
class Closure:
    """What is blocked. ``round`` is 0 for the seeds, n for what round n adds, -1 for the rest.

    ``held`` is per entity the ppm held by blocked parties (seeds and captured), its own shares not counted. Where
    several groups of seeds were taken one by one, ``round`` is the earliest of them, ``held`` the most that one of
    them holds, and ``by`` the group that blocks the entity, else the one that holds most; -1 if none holds anything.
    """

    steps: IntArray  # rounds counted from 1: memory that no holding reaches is never touched
    held: IntArray
    groups: IntArray | None = None  # likewise from 1; None where all seeds are one group

    @property
    def round(self) -> IntArray:
        """The round per entity."""
        return self.steps - 1

    @property
    def by(self) -> IntArray:
        """The group per entity."""
        if self.groups is None:
            return np.where((self.steps > 0) | (self.held > 0), 0, -1)
        return self.groups - 1

    @property
    def blocked(self) -> IntArray:
        """The numbers of the seeds and of all that the rule captures."""
        return np.flatnonzero(self.steps)


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
    steps, held = _lower_once(table.pointers, table.ends, table.low, np.asarray(seeds, np.int64), meet)
    return Closure(steps, held)


def lower_closures(register: Register, groups: Sequence[IntArray], meet: int) -> Closure:
    """The lower closure of each group of seeds by itself, put together; see ``Closure``."""
    table = register.holdings
    pointers, members = _joined(groups)
    return Closure(*_lower(table.pointers, table.ends, table.low, pointers, members, meet))


def upper_closure(register: Register, seeds: IntArray, meet: int) -> Closure:
    """What may be blocked: every holding at its upper bound, and undisclosed shares in the hands of blocked parties.

    An entity enters if blocked parties hold ``meet`` ppm at the upper bounds, or if they hold something and what is not
    certainly in other hands could make up the difference. ``held`` counts named stakes only.
    """
    return upper_closures(register, [seeds], meet)


def upper_closures(register: Register, groups: Sequence[IntArray], meet: int) -> Closure:
    """The upper closure of each group of seeds by itself, put together; see ``Closure``."""
    table = register.holdings
    pointers, members = _joined(groups)
    return Closure(
        *_upper(
            table.pointers,
            table.ends,
            table.low,
            register.most[table.stakes],
            register.disclosed_low,
            pointers,
            members,
            meet,
        )
    )


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
            table.low,
            np.diff(holders.pointers),
            register.disclosed_low,
            seeds,
            meet,
        )
    )


def _joined(groups: Sequence[IntArray]) -> tuple[IntArray, IntArray]:
    pointers = np.cumsum([0, *(len(group) for group in groups)]).astype(np.int64)
    members = np.concatenate([np.empty(0, np.int64), *groups]).astype(np.int64)
    return pointers, members


@njit(cache=True)
def _lower_once(pointers, ends, shares, seeds, meet):  # type: ignore[no-untyped-def]
    """``_lower`` for one group, which needs no stamps: many closures are asked of one register."""
    size = len(pointers) - 1
    steps, held, queue = np.zeros(size, np.int64), np.zeros(size, np.int64), np.empty(size, np.int64)
    first = last = 0
    for seed in seeds:
        if steps[seed] == 0:
            steps[seed] = 1
            queue[last] = seed
            last += 1
    while first < last:
        holder = queue[first]
        first += 1
        for place in range(pointers[holder], pointers[holder + 1]):
            entity = ends[place]
            held[entity] += shares[place]
            if steps[entity] == 0 and held[entity] >= meet:
                steps[entity] = steps[holder] + 1
                queue[last] = entity
                last += 1
    return steps, held


# Both kernels below take group after group with the same arrays: ``inside`` and ``stamp`` hold the group for which an
# entry is meant, so that nothing has to be cleared. Groups and rounds count from 1, so that nothing has to be filled.


@njit(cache=True)
def _lower(pointers, ends, shares, group_pointers, members, meet):  # type: ignore[no-untyped-def]
    size = len(pointers) - 1
    best_step, best_held, by = np.zeros(size, np.int64), np.zeros(size, np.int64), np.zeros(size, np.int64)
    inside, stamp = np.zeros(size, np.int64), np.zeros(size, np.int64)
    steps, held = np.zeros(size, np.int64), np.zeros(size, np.int64)
    queue = np.empty(size, np.int64)
    for group in range(1, len(group_pointers)):
        first = last = 0
        for seed in members[group_pointers[group - 1] : group_pointers[group]]:
            if inside[seed] != group:
                inside[seed] = by[seed] = group
                steps[seed] = best_step[seed] = 1
                queue[last] = seed
                last += 1
        while first < last:
            holder = queue[first]
            first += 1
            for place in range(pointers[holder], pointers[holder + 1]):
                entity = ends[place]
                if stamp[entity] != group:
                    stamp[entity] = group
                    held[entity] = 0
                held[entity] += shares[place]
                if held[entity] > best_held[entity]:
                    best_held[entity] = held[entity]
                    if best_step[entity] == 0:
                        by[entity] = group
                if inside[entity] != group and held[entity] >= meet:
                    inside[entity] = group
                    steps[entity] = steps[holder] + 1
                    queue[last] = entity
                    last += 1
                    if best_step[entity] == 0 or steps[entity] < best_step[entity]:
                        best_step[entity] = steps[entity]
                        by[entity] = group
    return best_step, best_held, by


@njit(cache=True)
def _upper(pointers, ends, low, high, disclosed, group_pointers, members, meet):  # type: ignore[no-untyped-def]
    size = len(pointers) - 1
    best_step, best_held, by = np.zeros(size, np.int64), np.zeros(size, np.int64), np.zeros(size, np.int64)
    inside, stamp, steps = np.zeros(size, np.int64), np.zeros(size, np.int64), np.zeros(size, np.int64)
    held = np.zeros(size, np.int64)  # at the upper bounds
    certain = np.zeros(size, np.int64)  # of the same holders, at the lower bounds
    queue = np.empty(size, np.int64)
    for group in range(1, len(group_pointers)):
        first = last = 0
        for seed in members[group_pointers[group - 1] : group_pointers[group]]:
            if inside[seed] != group:
                inside[seed] = by[seed] = group
                steps[seed] = best_step[seed] = 1
                queue[last] = seed
                last += 1
        while first < last:
            holder = queue[first]
            first += 1
            for place in range(pointers[holder], pointers[holder + 1]):
                entity = ends[place]
                if stamp[entity] != group:
                    stamp[entity] = group
                    held[entity] = certain[entity] = 0
                held[entity] += high[place]
                certain[entity] += low[place]
                if held[entity] > best_held[entity]:
                    best_held[entity] = held[entity]
                    if best_step[entity] == 0:
                        by[entity] = group
                if inside[entity] == group or held[entity] == 0:
                    continue
                # What is certainly in other hands cannot be in theirs; all else may be.
                open_to_them = 1_000_000 - (disclosed[entity] - certain[entity])
                if held[entity] >= meet or open_to_them >= meet or certain[entity] >= meet:
                    inside[entity] = group
                    steps[entity] = steps[holder] + 1
                    queue[last] = entity
                    last += 1
                    if best_step[entity] == 0 or steps[entity] < best_step[entity]:
                        best_step[entity] = steps[entity]
                        by[entity] = group
    return best_step, best_held, by


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

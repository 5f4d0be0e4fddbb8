"""What designating one more party, or two together, would newly capture: exhaustively."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numba import njit

from finnet.analysis.ownership.closure import lower_closure
from finnet.analysis.ownership.register import WHOLE, BoolArray, Register
from finnet.graph.network import FloatArray, IntArray

__all__ = ["Captures", "captured_by", "gains", "joint_gains"]

_TOUCHES = 20_000_000  # (party, entity) pairs that are remembered: 320 MB


class Captures:
    """What designations add to those in force. The arrays of the work-list are kept from question to question."""

    def __init__(self, register: Register, seeds: IntArray, meet: int) -> None:
        base = lower_closure(register, seeds, meet)
        table = register.holdings
        self.meet = meet
        self.blocked: BoolArray = base.round >= 0
        self.held: IntArray = base.held
        self.pointers, self.ends = table.pointers, table.ends
        self.shares: IntArray = table.low
        self._scratch = _scratch(register.size)

    def of(self, chosen: Sequence[int] | IntArray) -> IntArray:
        """The entities that designating all of these together would newly capture, without these, sorted."""
        self._scratch[0][0] += 1
        last = _capture(
            self.pointers,
            self.ends,
            self.shares,
            self.blocked,
            self.held,
            np.asarray(chosen, np.int64),
            self.meet,
            *self._scratch,
        )
        found = self._scratch[-1][:last]
        return np.setdiff1d(found, np.asarray(chosen, np.int64))


def gains(
    register: Register, seeds: IntArray, meet: int, *, value: FloatArray | None = None
) -> tuple[IntArray, FloatArray]:
    """Per entity how many others its designation would newly capture, and their ``value`` (count if None).

    The entity itself is not counted. Entities that are blocked already gain 0. Each entity's closure starts from what
    the seeds hold already, so a stake that only tips the balance counts in full. One work-list per entity with arrays
    that are stamped, not cleared: the cost is what the closures touch.

    >>> register = Register.of(("X", "A", 60), ("A", "B", 60), ("Y", "B", 40))
    >>> gains(register, register.numbers([]), 500_000)[0].tolist()
    [1, 0, 2, 0]
    """
    base = Captures(register, seeds, meet)
    weights = np.ones(register.size) if value is None else np.asarray(value, np.float64)
    count, total = _gains(base.pointers, base.ends, base.shares, base.blocked, base.held, weights, meet)
    return count, total


def captured_by(register: Register, seeds: IntArray, chosen: IntArray, meet: int) -> IntArray:
    """What the rule newly captures when ``chosen`` are designated beside the seeds, without the chosen themselves."""
    return Captures(register, seeds, meet).of(chosen)


def joint_gains(
    register: Register, seeds: IntArray, meet: int, *, limit: int = 1_000_000
) -> tuple[list[tuple[int, int, int]], bool]:
    """Pairs that capture more together than each alone: (first, second, how many more), the largest first.

    Exhaustive: the first entity that two parties capture only together is one in which both, or what each captures
    alone, hold something, and in which their parts add up to the threshold. All such pairs are found there and
    tried, up to ``limit``; the second value says whether that was a cut.

    >>> register = Register.of(("X", "A", 60), ("A", "C", 25), ("Y", "C", 25))
    >>> pairs, _ = joint_gains(register, register.numbers([]), 500_000)
    >>> [(register.ids[first], register.ids[second], more) for first, second, more in pairs]
    [('A', 'Y', 1), ('X', 'Y', 1)]
    """
    base = Captures(register, seeds, meet)
    table = (base.pointers, base.ends, base.shares, base.blocked, base.held)
    party, entity, part, cut = _touches(*table, meet, _TOUCHES)
    order = np.lexsort((party, WHOLE * 2 - part, entity))
    pairs, more_pairs = _candidates(party[order], entity[order], part[order], base.held, meet, limit)
    keys = np.unique(pairs[:, 0] * register.size + pairs[:, 1])
    first, second = keys // max(register.size, 1), keys % max(register.size, 1)
    more = _joint(*table, first, second, meet, *_scratch(register.size))
    kept = np.flatnonzero(more)
    kept = kept[np.lexsort((second[kept], first[kept], -more[kept]))]
    found = list(zip(first[kept].tolist(), second[kept].tolist(), more[kept].tolist(), strict=True))
    return found, bool(cut or more_pairs)


def _scratch(size: int) -> tuple[IntArray, ...]:
    # question number; for which question an entity is inside, and for which ``more`` holds; more; queue
    return (
        np.zeros(1, np.int64),
        np.zeros(size, np.int64),
        np.zeros(size, np.int64),
        np.zeros(size, np.int64),
        np.empty(size, np.int64),
    )


@njit(cache=True)
def _capture(pointers, ends, shares, blocked, held, chosen, meet, question, inside, stamp, more, queue):  # type: ignore[no-untyped-def]
    """The queue then begins with the chosen and what they capture; gives how many that are."""
    this = question[0]
    first = last = 0
    for party in chosen:
        if not blocked[party] and inside[party] != this:
            inside[party] = this
            queue[last] = party
            last += 1
    while first < last:
        holder = queue[first]
        first += 1
        for place in range(pointers[holder], pointers[holder + 1]):
            entity = ends[place]
            if blocked[entity] or inside[entity] == this:
                continue
            if stamp[entity] != this:
                stamp[entity] = this
                more[entity] = held[entity]
            more[entity] += shares[place]
            if more[entity] >= meet:
                inside[entity] = this
                queue[last] = entity
                last += 1
    return last


@njit(cache=True)
def _gains(pointers, ends, shares, blocked, held, value, meet):  # type: ignore[no-untyped-def]
    size = len(pointers) - 1
    count = np.zeros(size, np.int64)
    total = np.zeros(size, np.float64)
    question, inside, stamp = np.zeros(1, np.int64), np.zeros(size, np.int64), np.zeros(size, np.int64)
    more, queue, one = np.zeros(size, np.int64), np.empty(size, np.int64), np.empty(1, np.int64)
    for start in range(size):
        if blocked[start] or pointers[start] == pointers[start + 1]:
            continue
        question[0] += 1
        one[0] = start
        last = _capture(pointers, ends, shares, blocked, held, one, meet, question, inside, stamp, more, queue)
        count[start] = last - 1
        for place in range(1, last):
            total[start] += value[queue[place]]
    return count, total


@njit(cache=True)
def _touches(pointers, ends, shares, blocked, held, meet, limit):  # type: ignore[no-untyped-def]
    """Each party with each entity in which it and what it captures hold something, but too little."""
    size = len(pointers) - 1
    question, inside, stamp = np.zeros(1, np.int64), np.zeros(size, np.int64), np.zeros(size, np.int64)
    more, queue, one = np.zeros(size, np.int64), np.empty(size, np.int64), np.empty(1, np.int64)
    noted = np.zeros(size, np.int64)
    room = min(limit, 2 * len(ends) + 16)
    party, touched, part = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64)
    found = 0
    for start in range(size):
        if blocked[start] or pointers[start] == pointers[start + 1]:
            continue
        question[0] += 1
        one[0] = start
        last = _capture(pointers, ends, shares, blocked, held, one, meet, question, inside, stamp, more, queue)
        for place in range(last):
            holder = queue[place]
            for along in range(pointers[holder], pointers[holder + 1]):
                entity = ends[along]
                if blocked[entity] or inside[entity] == question[0] or noted[entity] == question[0]:
                    continue
                noted[entity] = question[0]
                if more[entity] == held[entity]:
                    continue
                if found == room:
                    if room == limit:
                        return party, touched, part, True
                    room = min(limit, 2 * room)
                    larger = np.empty((3, room), np.int64)
                    larger[0, :found], larger[1, :found], larger[2, :found] = party, touched, part
                    party, touched, part = larger[0].copy(), larger[1].copy(), larger[2].copy()
                party[found], touched[found], part[found] = start, entity, more[entity] - held[entity]
                found += 1
    return party[:found].copy(), touched[:found].copy(), part[:found].copy(), False


@njit(cache=True)
def _candidates(party, entity, part, held, meet, limit):  # type: ignore[no-untyped-def]
    """Pairs whose parts of one entity reach the threshold; the rows come by entity, the largest part first."""
    pairs = np.empty((min(limit, 1024), 2), np.int64)
    found = start = 0
    while start < len(entity):
        end = start
        while end < len(entity) and entity[end] == entity[start]:
            end += 1
        needed = meet - held[entity[start]]
        for one in range(start, end):
            for other in range(one + 1, end):
                if part[one] + part[other] < needed:
                    break
                if found == len(pairs):
                    if found == limit:
                        return pairs, True
                    larger = np.empty((min(limit, 2 * found), 2), np.int64)
                    larger[:found] = pairs
                    pairs = larger
                pairs[found, 0] = min(party[one], party[other])
                pairs[found, 1] = max(party[one], party[other])
                found += 1
        start = end
    return pairs[:found], False


@njit(cache=True)
def _joint(pointers, ends, shares, blocked, held, firsts, seconds, meet, question, inside, stamp, more, queue):  # type: ignore[no-untyped-def]
    gained = np.zeros(len(firsts), np.int64)
    one, both = np.empty(1, np.int64), np.empty(2, np.int64)
    seen = np.zeros(len(pointers) - 1, np.int64)
    for pair in range(len(firsts)):
        alone = 0
        for party in (firsts[pair], seconds[pair]):
            question[0] += 1
            one[0] = party
            last = _capture(pointers, ends, shares, blocked, held, one, meet, question, inside, stamp, more, queue)
            for place in range(last):
                if seen[queue[place]] != pair + 1:
                    seen[queue[place]] = pair + 1
                    alone += 1
        question[0] += 1
        both[0], both[1] = firsts[pair], seconds[pair]
        together = _capture(pointers, ends, shares, blocked, held, both, meet, question, inside, stamp, more, queue)
        gained[pair] = together - alone
    return gained

"""What designating one more party, or two together, would newly capture: exhaustively, in one pass."""

from __future__ import annotations

import numpy as np
from numba import njit

from finnet.analysis.ownership.closure import lower_closure
from finnet.analysis.ownership.register import Register
from finnet.graph.network import FloatArray, IntArray

__all__ = ["captured_by", "gains", "joint_gains"]


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
    base = lower_closure(register, seeds, meet)
    table = register.holdings
    weights = np.ones(register.size) if value is None else np.asarray(value, np.float64)
    count, total = _gains(
        table.pointers, table.ends, register.low[table.stakes], base.round >= 0, base.held, weights, meet
    )
    return count, total


def captured_by(register: Register, seeds: IntArray, chosen: IntArray, meet: int) -> IntArray:
    """What the rule newly captures when ``chosen`` are designated beside the seeds, without the chosen themselves."""
    before = lower_closure(register, seeds, meet).round >= 0
    after = lower_closure(register, np.union1d(seeds, chosen), meet).round >= 0
    new = after & ~before
    new[chosen] = False
    return np.flatnonzero(new)


def joint_gains(
    register: Register, seeds: IntArray, meet: int, *, limit: int = 100_000
) -> tuple[list[tuple[int, int, int]], bool]:
    """Pairs that capture more together than each alone: (first, second, how many more), the largest first.

    Only pairs that hold of one target can do so in their first step; both ends of such a pair are blocked neither now
    nor by the other's designation. At most ``limit`` pairs are tried; the second value says whether that was a cut.
    """
    base = lower_closure(register, seeds, meet)
    single, _ = gains(register, seeds, meet)
    pairs, cut = _pairs_of_one_target(register, base.round >= 0, base.held, meet, limit)
    found = []
    for first, second in sorted(pairs):
        alone = set(captured_by(register, seeds, np.array([first]), meet).tolist()) | {first}
        alone |= set(captured_by(register, seeds, np.array([second]), meet).tolist()) | {second}
        together = set(captured_by(register, seeds, np.array([first, second]), meet).tolist())
        more = len(together - alone)
        if (
            more
            and first not in _reach(register, seeds, second, meet, single)
            and second not in _reach(register, seeds, first, meet, single)
        ):
            found.append((first, second, more))
    return sorted(found, key=lambda one: (-one[2], one[0], one[1])), cut


def _reach(register: Register, seeds: IntArray, chosen: int, meet: int, single: IntArray) -> set[int]:
    if not single[chosen]:
        return set()
    return set(captured_by(register, seeds, np.array([chosen]), meet).tolist())


def _pairs_of_one_target(
    register: Register, blocked: np.ndarray, held: IntArray, meet: int, limit: int
) -> tuple[set[tuple[int, int]], bool]:
    pairs: set[tuple[int, int]] = set()
    counts = np.bincount(register.owned[register.low > 0], minlength=register.size)
    for entity in np.flatnonzero((counts >= 2) & ~blocked):
        stakes = [s for s in register.stakes_of(int(entity)) if register.low[s] > 0 and not blocked[register.owner[s]]]
        for place, one in enumerate(stakes):
            for other in stakes[place + 1 :]:
                together = held[entity] + register.low[one] + register.low[other]
                alone = held[entity] + max(register.low[one], register.low[other])
                if together >= meet > alone:
                    pairs.add((int(register.owner[one]), int(register.owner[other])))
                    if len(pairs) >= limit:
                        return pairs, True
    return pairs, False


@njit(cache=True)
def _gains(pointers, ends, shares, blocked, held, value, meet):  # type: ignore[no-untyped-def]
    size = len(pointers) - 1
    count = np.zeros(size, np.int64)
    total = np.zeros(size, np.float64)
    stamp = np.full(size, -1, np.int64)  # for whom ``more`` holds
    inside = np.full(size, -1, np.int64)  # in whose closure an entity is
    more = np.zeros(size, np.int64)
    queue = np.empty(size, np.int64)
    for start in range(size):
        if blocked[start] or pointers[start] == pointers[start + 1]:
            continue
        inside[start] = start
        queue[0] = start
        first, last = 0, 1
        while first < last:
            holder = queue[first]
            first += 1
            for place in range(pointers[holder], pointers[holder + 1]):
                entity = ends[place]
                if blocked[entity] or inside[entity] == start:
                    continue
                if stamp[entity] != start:
                    stamp[entity] = start
                    more[entity] = held[entity]
                more[entity] += shares[place]
                if more[entity] >= meet:
                    inside[entity] = start
                    queue[last] = entity
                    last += 1
                    count[start] += 1
                    total[start] += value[entity]
    return count, total

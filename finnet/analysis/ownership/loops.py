"""Circular holdings: who is in each, whether value leaks out of it, and whether the 50 % rule is ambiguous there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from finnet.analysis.ownership.closure import greatest_closure, lower_closure
from finnet.analysis.ownership.register import WHOLE, Register
from finnet.graph.network import IntArray

__all__ = ["Loop", "loops"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """A circle of holdings: ``members`` sorted by number; ``leaks`` if somebody outside holds, or may hold, a part.

    ``outside`` is the ppm that named holders outside certainly have, summed over members. ``ambiguous`` members would
    be blocked if one assumed them blocked, and are not under the least reading, which is the one that applies.
    """

    members: tuple[int, ...]
    leaks: bool
    outside: int
    ambiguous: tuple[int, ...]


def loops(register: Register, seeds: IntArray, meet: int) -> tuple[Loop, ...]:
    """All strongly connected groups of two or more entities, and single ones that hold themselves; largest first.

    >>> ring = Register.of(("A", "B", 100), ("B", "A", 100))
    >>> loops(ring, ring.numbers([]), 500_000)
    (Loop(members=(0, 1), leaks=False, outside=0, ambiguous=(0, 1)),)
    """
    import scipy.sparse
    from scipy.sparse.csgraph import connected_components

    size = register.size
    if not size:
        return ()
    ones = np.ones(len(register.owner), np.int8)
    graph = scipy.sparse.csr_matrix((ones, (register.owner, register.owned)), shape=(size, size))
    count, labels = connected_components(graph, directed=True, connection="strong")
    least = set(lower_closure(register, seeds, meet).blocked.tolist())
    greatest = set(greatest_closure(register, seeds, meet).tolist())
    sizes = np.bincount(labels, minlength=count)
    order = np.argsort(labels, kind="stable")
    starts = np.concatenate([[0], np.cumsum(sizes)])
    found = [
        _loop(register, np.sort(order[starts[label] : starts[label + 1]]), least, greatest)
        for label in np.flatnonzero(sizes > 1)
    ]
    found += [_loop(register, np.array([one]), least, greatest) for one in sorted(register.own)]
    return tuple(sorted(found, key=lambda loop: (-len(loop.members), loop.members)))


def _loop(register: Register, members: IntArray, least: set[int], greatest: set[int]) -> Loop:
    inside = set(members.tolist())
    stakes = [stake for member in members for stake in register.stakes_of(int(member))]
    outside = sum(int(register.low[stake]) for stake in stakes if int(register.owner[stake]) not in inside)
    within = {
        member: sum(int(register.low[s]) for s in register.stakes_of(member) if int(register.owner[s]) in inside)
        + register.own.get(member, 0)
        for member in inside
    }
    return Loop(
        members=tuple(int(member) for member in members),
        leaks=any(share < WHOLE for share in within.values()),
        outside=outside,
        ambiguous=tuple(sorted(member for member in inside if member in greatest and member not in least)),
    )

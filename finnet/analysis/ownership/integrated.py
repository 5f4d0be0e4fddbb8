"""Integrated ownership: the share of an entity's profit that reaches a holder along all chains, loops corrected."""

from __future__ import annotations

import numpy as np
from numba import njit

from finnet.analysis.ownership.register import WHOLE, Register
from finnet.graph.network import FloatArray, IntArray

__all__ = ["integrated", "integrated_owners"]

PRECISION = 1e-10


def integrated(
    register: Register, holders: IntArray, *, upper: bool = False, precision: float = PRECISION
) -> FloatArray:
    """Per entity the share, 0 to 1, that the holders have together: directly and through whatever they hold.

    It is the probability of meeting one of the holders when walking up from the entity, at each step to an owner with
    probability equal to its share. So nothing counts twice when one holder owns another, and a walk that comes back to
    a holder has ended there: the correction for cross-holdings. Holders themselves have 1. A ring that nobody outside
    holds gives 0 to everybody outside. Forward push: the work follows the mass, not the size of the register.

    >>> register = Register.of(("F", "C", 30), ("F", "B", 30), ("B", "C", 20))
    >>> integrated(register, register.numbers(["F"])).round(4).tolist()
    [0.3, 0.36, 1.0]

    Source: Brioschi, Buzzacchi, Colombo (1989); Baldone, Brioschi, Paleari (1998) for the correction.
    """
    table = register.holdings
    shares = (register.most if upper else register.low)[table.stakes] / WHOLE
    return np.asarray(_push(table.pointers, table.ends, shares, np.asarray(holders, np.int64), precision))


def integrated_owners(register: Register, entity: int, *, precision: float = PRECISION) -> dict[int, float]:
    """The integrated share in ``entity`` of each party upstream of it: a dense solve on those parties alone.

    Self-loops are corrected (see ``integrated``). A ring without outside holders makes the system singular; its
    members then have what a walk through the ring alone gives them, which is 1 for each member of the ring.
    """
    upstream = _upstream(register, entity)
    place = {number: i for i, number in enumerate(upstream)}
    matrix = np.zeros((len(upstream), len(upstream)))
    for number in upstream:
        for stake in register.stakes_of(number):
            matrix[place[int(register.owner[stake])], place[number]] = register.low[stake] / WHOLE
    found = {}
    for owner in upstream:
        if owner == entity:
            continue
        share = _hitting(matrix, place[owner], place[entity])
        if share > precision:
            found[owner] = share
    return found


def _hitting(matrix: FloatArray, owner: int, entity: int) -> float:
    # y_j = sum_i y_i A_ij for j != owner, y_owner = 1: least non-negative solution on the part that can reach owner.
    size = len(matrix)
    reaching = np.zeros(size, bool)
    reaching[owner] = True
    stack = [owner]
    while stack:
        current = stack.pop()
        for held in np.flatnonzero(matrix[current] > 0):
            if not reaching[held]:
                reaching[held] = True
                stack.append(int(held))
    if not reaching[entity]:
        return 0.0
    inside = [i for i in np.flatnonzero(reaching).tolist() if i != owner]
    system = np.eye(len(inside)) - matrix[np.ix_(inside, inside)].T
    solution = np.linalg.solve(system, matrix[owner, inside])
    return float(solution[inside.index(entity)])


def _upstream(register: Register, entity: int) -> list[int]:
    seen, waiting = {entity}, [entity]
    while waiting:
        current = waiting.pop()
        for stake in register.stakes_of(current):
            owner = int(register.owner[stake])
            if owner not in seen and register.low[stake] > 0:
                seen.add(owner)
                waiting.append(owner)
    return sorted(seen)


@njit(cache=True)
def _push(pointers, ends, shares, holders, precision):  # type: ignore[no-untyped-def]
    size = len(pointers) - 1
    reached = np.zeros(size, np.float64)
    waiting = np.zeros(size, np.float64)  # mass that has arrived and not been passed on
    fixed = np.zeros(size, np.bool_)
    queued = np.zeros(size, np.bool_)
    queue = np.empty(size + 1, np.int64)
    first = last = length = 0
    for holder in holders:
        if not fixed[holder]:
            fixed[holder] = True
            waiting[holder] = 1.0
            queued[holder] = True
            queue[last] = holder
            last = (last + 1) % (size + 1)
            length += 1
    while length > 0:
        current = queue[first]
        first = (first + 1) % (size + 1)
        length -= 1
        queued[current] = False
        mass = waiting[current]
        waiting[current] = 0.0
        reached[current] += mass
        for place in range(pointers[current], pointers[current + 1]):
            entity = ends[place]
            if fixed[entity]:
                continue
            waiting[entity] += mass * shares[place]
            if not queued[entity] and waiting[entity] > precision:
                queued[entity] = True
                queue[last] = entity
                last = (last + 1) % (size + 1)
                length += 1
    return reached

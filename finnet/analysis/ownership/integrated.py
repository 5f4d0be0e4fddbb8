"""Integrated ownership: the share of an entity's profit that reaches a holder along all chains, loops corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from finnet.analysis.ownership.register import WHOLE, Register
from finnet.graph.network import FloatArray, IntArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["integrated", "integrated_owners", "upstream"]

PRECISION = 1e-10
_PATIENCE = 400  # pushes per reached entity before a direct solve is the shorter way


def integrated(register: Register, holders: IntArray, *, precision: float = PRECISION) -> FloatArray:
    """Per entity the share, 0 to 1, that the holders have together: directly and through whatever they hold.

    It is the probability of meeting one of the holders when walking up from the entity, at each step to an owner with
    probability equal to its share. So nothing counts twice when one holder owns another, and a walk that comes back to
    a holder has ended there: the correction for cross-holdings. Holders themselves have 1. A ring that nobody outside
    holds gives 0 to everybody outside. Lower bounds are taken; where recorded shares of an entity add up to more than
    the whole, each counts in proportion. Forward push: the work follows the mass, not the size of the register.

    >>> register = Register.of(("F", "C", 30), ("F", "B", 30), ("B", "C", 20))
    >>> integrated(register, register.numbers(["F"])).round(4).tolist()
    [0.3, 0.36, 1.0]

    Source: Brioschi, Buzzacchi, Colombo (1989); Baldone, Brioschi, Paleari (1998) for the correction.
    """
    table = register.holdings
    shares = _fractions(register)[table.stakes]
    chosen = np.asarray(holders, np.int64)
    reached, ended = _push(table.pointers, table.ends, shares, chosen, precision, _PATIENCE)
    return np.asarray(reached) if ended else _solved(register, chosen)


def integrated_owners(register: Register, entity: int, *, precision: float = PRECISION) -> dict[int, float]:
    """The integrated share in ``entity`` of each party upstream of it, by number; those below ``precision`` left out.

    With N = (I - A)^-1 the share of i in j is N[i,j] / N[i,i]. One sparse solve gives the column of the entity; an
    N[i,i] differs from 1 only where i is in a circle, and needs no more than that circle. A ring that nobody outside
    holds has no N: whoever walks into it meets each of its members.

    >>> register = Register.of(("O", "F1", 50), ("F2", "F1", 50), ("F1", "F2", 40), ("P", "F2", 60))
    >>> found = integrated_owners(register, register.number["F2"])
    >>> {register.ids[owner]: round(share, 9) for owner, share in found.items()}
    {'F1': 0.4, 'O': 0.25, 'P': 0.75}
    """
    from scipy.sparse import eye_array
    from scipy.sparse.csgraph import connected_components
    from scipy.sparse.linalg import spsolve

    parties = upstream(register, entity)
    matrix = _matrix(register, parties)
    target = int(np.searchsorted(parties, entity))
    _, circle_of = connected_components(matrix, directed=True, connection="strong")
    sizes = np.bincount(circle_of)
    owners, owned = matrix.nonzero()
    enters = np.unique(circle_of[owned[circle_of[owners] != circle_of[owned]]])
    disclosed: FloatArray = np.asarray(matrix.sum(axis=0)).ravel()
    # A circle is closed if no outsider holds a part of it and nothing of it is undisclosed.
    leaky = np.unique(circle_of[disclosed < 1 - 1e-12])
    closed = np.isin(circle_of, np.setdiff1d(np.flatnonzero(sizes > 1), np.union1d(enters, leaky)))
    walk = matrix.multiply((~closed).astype(float)).tocsc()  # a walk ends where it enters a closed circle
    unit = np.zeros(len(parties))
    unit[target] = 1.0
    visits = np.atleast_1d(spsolve(eye_array(len(parties), format="csc") - walk, unit))
    share = visits.copy()
    for circle in np.flatnonzero(sizes > 1):
        members = np.flatnonzero(circle_of == circle)
        if closed[members[0]]:
            share[members] = visits[members].sum()
        else:
            block = np.eye(len(members)) - matrix[members][:, members].toarray()
            share[members] = visits[members] / np.linalg.inv(block).diagonal()
    return {
        int(party): min(float(value), 1.0)
        for party, value in zip(parties, share, strict=True)
        if party != entity and value > precision
    }


def upstream(register: Register, entity: int) -> IntArray:
    """The entity and all who certainly hold a part of it, directly or through others, sorted."""
    seen, waiting = {entity}, [entity]
    while waiting:
        current = waiting.pop()
        for stake in register.stakes_of(current):
            owner = int(register.owner[stake])
            if owner not in seen and register.low[stake] > 0:
                seen.add(owner)
                waiting.append(owner)
    return np.array(sorted(seen), np.int64)


def _downstream(register: Register, holders: IntArray) -> IntArray:
    table = register.holdings
    seen, waiting = set(holders.tolist()), holders.tolist()
    while waiting:
        current = waiting.pop()
        for entity in table.ends[table.pointers[current] : table.pointers[current + 1]].tolist():
            if entity not in seen:
                seen.add(entity)
                waiting.append(entity)
    return np.array(sorted(seen), np.int64)


def _fractions(register: Register) -> FloatArray:
    whole: FloatArray = np.maximum(WHOLE, register.disclosed_low)[register.owned].astype(np.float64)
    return register.low / whole


def _matrix(register: Register, parties: IntArray) -> csr_array[np.float64, tuple[int, int]]:
    from scipy.sparse import csr_array

    stakes = np.concatenate([np.empty(0, np.int64), *(register.stakes_of(int(party)) for party in parties)])
    stakes = stakes[(register.low[stakes] > 0) & np.isin(register.owner[stakes], parties)]
    places = (np.searchsorted(parties, register.owner[stakes]), np.searchsorted(parties, register.owned[stakes]))
    shares = register.low[stakes] / np.maximum(WHOLE, register.disclosed_low[register.owned[stakes]])
    return csr_array((shares, places), shape=(len(parties), len(parties)))


def _solved(register: Register, holders: IntArray) -> FloatArray:
    # y_j = sum_i y_i A_ij for j outside the holders, y = 1 for them.
    from scipy.sparse import eye_array
    from scipy.sparse.linalg import spsolve

    inside = _downstream(register, holders)
    matrix = _matrix(register, inside)
    fixed = np.isin(inside, holders)
    free = np.flatnonzero(~fixed)
    columns = matrix.tocsc()[:, free].tocsr()
    system = eye_array(len(free), format="csc") - columns[free].T.tocsc()
    found = np.zeros(register.size)
    found[inside[free]] = np.clip(spsolve(system, np.asarray(columns[np.flatnonzero(fixed)].sum(axis=0)).ravel()), 0, 1)
    found[holders] = 1.0
    return found


@njit(cache=True)
def _push(pointers, ends, shares, holders, precision, patience):  # type: ignore[no-untyped-def]
    size = len(pointers) - 1
    reached = np.zeros(size, np.float64)
    waiting = np.zeros(size, np.float64)  # mass that has arrived and not been passed on
    fixed = np.zeros(size, np.bool_)
    queued = np.zeros(size, np.bool_)
    queue = np.empty(size + 1, np.int64)
    first = last = length = met = pushes = 0
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
        if reached[current] == 0.0:
            met += 1
        reached[current] += mass
        pushes += 1
        if pushes > patience * (met + 100):
            return reached, False
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
    return reached, True

"""Lots of traced money in the pools of parties, in compiled loops: drawn as chains, and put into other pools.

Only traced money is kept in lots: of the other money in a pool it is enough to know how much there is. The units of a
pool are numbered in the order in which they go, from BEGIN to before END; its lots lie among them, in that order. Both
are rows of a table, not columns: a pool's figures are used together, and memory is what takes the time.
"""

from __future__ import annotations

from numba import njit

__all__ = [
    "AT",
    "BEGIN",
    "END",
    "FIRST",
    "KIND",
    "LAST",
    "NEXT",
    "SIZE",
    "TAG",
    "draw",
    "filled",
    "give_back",
    "put",
    "total_of",
]

BEGIN, END, FIRST, LAST, KIND = 0, 1, 2, 3, 4  # of a pool; its kind is 0, the label of a source, or that of an exit
AT, SIZE, TAG, NEXT = 0, 1, 2, 3  # of a lot; the tag says whose money it is, or by which move it came


@njit(cache=True)
def draw(pool, until, pools, lots, spare):  # type: ignore[no-untyped-def]
    # The pool's lots up to this unit as a chain that begins at 0, and their sum; neighbours with one tag become one.
    begin, lot, head, tail, total = pools[pool, BEGIN], pools[pool, FIRST], -1, -1, 0
    while lot >= 0 and lots[lot, AT] < until:
        over = lots[lot, AT] + lots[lot, SIZE] - until
        following = lots[lot, NEXT]
        if over > 0:
            following, lot = lot, _new_lot(lots, spare)
            lots[lot, AT], lots[lot, SIZE] = lots[following, AT], lots[following, SIZE] - over
            lots[lot, TAG] = lots[following, TAG]
            lots[following, AT], lots[following, SIZE] = until, over
        lots[lot, AT] -= begin
        total += lots[lot, SIZE]
        if tail >= 0 and _is_one(tail, lot, lots):
            lots[tail, SIZE] += lots[lot, SIZE]
            give_back(lot, lot, lots, spare)
        elif tail >= 0:
            lots[tail, NEXT] = lot
            tail = lot
        else:
            head, tail = lot, lot
        lot = following
    if tail >= 0:
        lots[tail, NEXT] = -1
    pools[pool, FIRST] = lot
    if lot < 0:
        pools[pool, LAST] = -1
    return head, tail, total


@njit(cache=True)
def put(pool, place, head, tail, newest_first, pools, lots):  # type: ignore[no-untyped-def]
    # The chain into the pool, its begin at this unit: before all its lots, or behind them.
    lot = head
    while lot >= 0:
        lots[lot, AT] += place
        lot = lots[lot, NEXT]
    if pools[pool, FIRST] < 0:
        pools[pool, FIRST], pools[pool, LAST] = head, tail
    elif newest_first:
        lots[tail, NEXT] = pools[pool, FIRST]
        pools[pool, FIRST] = head
    else:
        lots[pools[pool, LAST], NEXT] = head
        pools[pool, LAST] = tail


@njit(cache=True)
def filled(head, amount, tag, lots, spare):  # type: ignore[no-untyped-def]
    # The chain with what was not traced of this amount as lots of this tag; and how much that was.
    lot, before, at, added = head, -1, 0, 0
    while at < amount:
        until = lots[lot, AT] if lot >= 0 else amount
        if until > at:
            gap = _new_lot(lots, spare)
            lots[gap, AT], lots[gap, SIZE], lots[gap, TAG], lots[gap, NEXT] = at, until - at, tag, lot
            added += until - at
            if before >= 0:
                lots[before, NEXT] = gap
            else:
                head = gap
            before, at = gap, until
        if lot >= 0:
            before, at = lot, at + lots[lot, SIZE]
            lot = lots[lot, NEXT]
    return head, before, added


@njit(cache=True)
def _is_one(lot, other, lots):  # type: ignore[no-untyped-def]
    return lots[lot, TAG] == lots[other, TAG] and lots[lot, AT] + lots[lot, SIZE] == lots[other, AT]


@njit(cache=True)
def total_of(head, lots):  # type: ignore[no-untyped-def]
    total = 0
    while head >= 0:
        total += lots[head, SIZE]
        head = lots[head, NEXT]
    return total


@njit(cache=True)
def _new_lot(lots, spare):  # type: ignore[no-untyped-def]
    # spare[0] is the first lot never used, spare[1] the head of the list of those given back.
    lot = spare[1]
    if lot >= 0:
        spare[1] = lots[lot, NEXT]
    else:
        lot = spare[0]
        spare[0] += 1
    return lot


@njit(cache=True)
def give_back(head, tail, lots, spare):  # type: ignore[no-untyped-def]
    if head >= 0:
        lots[tail, NEXT] = spare[1]
        spare[1] = head

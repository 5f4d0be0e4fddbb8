"""Rules that keep money apart as lots: the oldest goes first (FIFO), or the newest (LIFO), exact to the minor unit."""

from __future__ import annotations

import numpy as np
from numba import njit

from finnet.analysis.flows.passage import Passage
from finnet.analysis.flows.traced import Moves, Traced
from finnet.errors import FinnetError

__all__ = ["move_lots"]

# Moves are kept for routes only; where there are more of them than this, nobody can read the routes.
_MOST_MOVES = 20_000_000

# A lot is a row: its amount, whose money it is (or by which move it came), and the next lot of the same pool. A pool is
# its first lot and its last. Rows, not columns: a lot's figures are used together, and memory is what takes the time.
_SIZE, _TAG, _NEXT = 0, 1, 2
_FIRST, _LAST = 0, 1


def move_lots(passage: Passage, *, newest_first: bool, keep_moves: bool = False) -> Traced:
    """Follow every lot through every payment; with ``keep_moves`` each step of traced lots is written down.

    Neighbouring lots of one source are one lot, which keeps their number near the number of payments.

    Source: Devaynes v Noble (Clayton's case) (1816) 1 Mer 572 for FIFO; Anderson, Shumailov, Ahmed, Making Bitcoin
    legal (2018) for tracing by it.
    Raises: FinnetError if more moves would be kept than anybody could read.
    """
    found = _move(
        passage.sender, passage.receiver, passage.minor, passage.label, passage.is_exit, passage.marked,
        passage.goes_on, passage.opening, passage.leak, newest_first, keep_moves, _MOST_MOVES,
    )  # fmt: skip
    on, held, totals, before, payment, minor = found
    if totals[3]:
        raise FinnetError(
            f"more than {_MOST_MOVES:,} moves of traced money", hint="trace fewer sources, or without routes"
        )
    if not keep_moves:
        return Traced.of(passage, on, held, totals)
    resting = minor.copy()
    later = before >= 0
    np.subtract.at(resting, before[later], minor[later])
    return Traced.of(passage, on, held, totals, Moves(before=before, payment=payment, minor=minor, resting=resting))


@njit(cache=True)
def _new_lot(lots, spare):  # type: ignore[no-untyped-def]
    # spare[0] is the first lot never used, spare[1] the head of the list of those given back.
    lot = spare[1]
    if lot >= 0:
        spare[1] = lots[lot, _NEXT]
    else:
        lot = spare[0]
        spare[0] += 1
    lots[lot, _NEXT] = -1
    return lot


@njit(cache=True)
def _draw(party, need, lots, ends, spare):  # type: ignore[no-untyped-def]
    # The lots that make up the next `need` of a party, as a chain; what it does not hold is a clean lot at the end.
    head, tail = -1, -1
    while need > 0:
        lot = ends[party, _FIRST] if party >= 0 else -1
        if lot < 0:
            lot = _new_lot(lots, spare)
            lots[lot, _SIZE], lots[lot, _TAG] = need, 0
        elif lots[lot, _SIZE] <= need:
            ends[party, _FIRST] = lots[lot, _NEXT]
            if ends[party, _FIRST] < 0:
                ends[party, _LAST] = -1
            lots[lot, _NEXT] = -1
        else:
            part = _new_lot(lots, spare)
            lots[part, _SIZE], lots[part, _TAG] = need, lots[lot, _TAG]
            lots[lot, _SIZE] -= need
            lot = part
        need -= lots[lot, _SIZE]
        if tail >= 0 and lots[tail, _TAG] == lots[lot, _TAG]:
            lots[tail, _SIZE] += lots[lot, _SIZE]
            lots[lot, _NEXT] = spare[1]
            spare[1] = lot
        else:
            if tail < 0:
                head = lot
            else:
                lots[tail, _NEXT] = lot
            tail = lot
    return head, tail


@njit(cache=True)
def _spend_clean(pool, need, lots, ends, spare):  # type: ignore[no-untyped-def]
    # Take so much from a pool if all of it is clean for sure: within its next lot, or there is no other.
    lot = ends[pool, _FIRST] if pool >= 0 else -1
    if lot < 0:
        return True
    if lots[lot, _TAG] != 0:
        return False
    if lots[lot, _SIZE] > need:
        lots[lot, _SIZE] -= need
        return True
    if lots[lot, _NEXT] >= 0:
        return False
    ends[pool, _FIRST], ends[pool, _LAST] = -1, -1
    _give_back(lot, lot, lots, spare)
    return True


@njit(cache=True)
def _add_clean(party, amount, newest_first, lots, ends, spare):  # type: ignore[no-untyped-def]
    lot = ends[party, _FIRST] if newest_first else ends[party, _LAST]
    if lot >= 0 and lots[lot, _TAG] == 0:
        lots[lot, _SIZE] += amount
        return
    added = _new_lot(lots, spare)
    lots[added, _SIZE], lots[added, _TAG] = amount, 0
    if lot < 0:
        ends[party, _FIRST], ends[party, _LAST] = added, added
    elif newest_first:
        lots[added, _NEXT] = lot
        ends[party, _FIRST] = added
    else:
        lots[lot, _NEXT] = added
        ends[party, _LAST] = added


@njit(cache=True)
def _traced(head, lots):  # type: ignore[no-untyped-def]
    total = 0
    while head >= 0:
        if lots[head, _TAG] > 0:
            total += lots[head, _SIZE]
        head = lots[head, _NEXT]
    return total


@njit(cache=True)
def _give_back(head, tail, lots, spare):  # type: ignore[no-untyped-def]
    if head >= 0:
        lots[tail, _NEXT] = spare[1]
        spare[1] = head


@njit(cache=True)
def _grown(column):  # type: ignore[no-untyped-def]
    longer = np.empty(2 * len(column), np.int64)
    longer[: len(column)] = column
    return longer


@njit(cache=True)
def _move(sender, receiver, minor, label, is_exit, marked, goes_on, opening, leak, newest_first, keep, most):  # type: ignore[no-untyped-def]
    count, parties = len(sender), len(label)
    capacity = 4 * count + parties + 16
    lots, ends = np.empty((capacity, 3), np.int64), np.full((parties, 2), -1, np.int64)
    spare = np.array([0, -1], np.int64)
    on, held = np.zeros(count, np.int64), np.zeros(parties, np.int64)
    totals = np.zeros(4, np.int64)  # injected, returned, outside, whether there was no room for the moves
    before = np.empty(1024 if keep else 1, np.int64)
    payment, amount = before.copy(), before.copy()
    moves, head, tail = 0, -1, -1
    for v in range(parties):
        if opening[v] > 0 and label[v] == 0 and is_exit[v] == 0:
            lot = _new_lot(lots, spare)
            lots[lot, _SIZE], lots[lot, _TAG] = opening[v], 0
            ends[v, _FIRST], ends[v, _LAST] = lot, lot
    for k in range(count):
        x, y, need = sender[k], receiver[k], minor[k]
        from_source = x >= 0 and label[x] > 0
        to_source = y >= 0 and label[y] > 0
        if (x == y and marked[k] == 0) or (from_source and to_source):
            continue
        # Who is a source, an exit or unknown has no pool: what it sends is new.
        pool = -1 if x < 0 or from_source or is_exit[x] > 0 else x
        is_plain = not from_source and marked[k] == 0 and not goes_on[k] and leak[k] == 0
        is_plain = is_plain and y >= 0 and not to_source and is_exit[y] == 0 and not (k + 1 < count and goes_on[k + 1])
        # Most payments on record carry nothing traced from one pool to another: that needs no chain of lots.
        if is_plain and _spend_clean(pool, need, lots, ends, spare):
            _add_clean(y, need, newest_first, lots, ends, spare)
            continue
        if pool < 0 or not goes_on[k]:
            head, tail = _draw(pool, need, lots, ends, spare)
        root = label[x] if from_source else marked[k]
        if root > 0:
            lot = head
            while lot >= 0:
                if lots[lot, _TAG] == 0:
                    totals[0] += lots[lot, _SIZE]
                    lots[lot, _TAG] = -root
                lot = lots[lot, _NEXT]
        if keep:
            # From here on a lot is known by the move that brought it: one more than its place.
            lot = head
            while lot >= 0:
                if lots[lot, _TAG] != 0:
                    if moves >= most:
                        totals[3] = 1
                        return on, held, totals, before[:0], payment[:0], amount[:0]
                    if moves == len(before):
                        before, payment, amount = _grown(before), _grown(payment), _grown(amount)
                    before[moves] = lots[lot, _TAG] - 1 if lots[lot, _TAG] > 0 else -1
                    payment[moves], amount[moves] = k, lots[lot, _SIZE]
                    moves += 1
                    lots[lot, _TAG] = moves
                lot = lots[lot, _NEXT]
        elif root > 0:
            lot = head
            while lot >= 0:
                if lots[lot, _TAG] < 0:
                    lots[lot, _TAG] = root
                lot = lots[lot, _NEXT]
        on[k] = _traced(head, lots)
        if y < 0 or to_source or is_exit[y] > 0:
            if y < 0:
                totals[2] += on[k]
            elif to_source:
                totals[1] += on[k]
            else:
                held[y] += on[k]
            _give_back(head, tail, lots, spare)
            continue
        if k + 1 < count and goes_on[k + 1]:
            continue
        if newest_first:
            if ends[y, _FIRST] >= 0 and lots[tail, _TAG] == lots[ends[y, _FIRST], _TAG]:
                lots[ends[y, _FIRST], _SIZE] += lots[tail, _SIZE]
                if head == tail:
                    _give_back(head, tail, lots, spare)
                    head = ends[y, _FIRST]
                else:
                    lot = head
                    while lots[lot, _NEXT] != tail:
                        lot = lots[lot, _NEXT]
                    lots[lot, _NEXT] = ends[y, _FIRST]
                    _give_back(tail, tail, lots, spare)
            else:
                lots[tail, _NEXT] = ends[y, _FIRST]
                if ends[y, _FIRST] < 0:
                    ends[y, _LAST] = tail
            ends[y, _FIRST] = head
        elif ends[y, _LAST] < 0:
            ends[y, _FIRST], ends[y, _LAST] = head, tail
        elif lots[ends[y, _LAST], _TAG] == lots[head, _TAG]:
            end = ends[y, _LAST]
            lots[end, _SIZE] += lots[head, _SIZE]
            lots[end, _NEXT] = lots[head, _NEXT]
            if head != tail:
                ends[y, _LAST] = tail
            _give_back(head, head, lots, spare)
        else:
            lots[ends[y, _LAST], _NEXT] = head
            ends[y, _LAST] = tail
        if leak[k] > 0:
            # The pool was empty before, so this is the newest under FIFO and the deepest under LIFO: of what has just
            # come, the first or the last.
            if newest_first:
                kept = minor[k] - leak[k]
                head, tail = _draw(y, kept, lots, ends, spare)
                held[y] += _traced(ends[y, _FIRST], lots)
                _give_back(ends[y, _FIRST], ends[y, _LAST], lots, spare)
                ends[y, _FIRST], ends[y, _LAST] = head, tail
            else:
                head, tail = _draw(y, leak[k], lots, ends, spare)
                held[y] += _traced(head, lots)
                _give_back(head, tail, lots, spare)
    for v in range(parties):
        held[v] += _traced(ends[v, _FIRST], lots)
    return on, held, totals, before[:moves], payment[:moves], amount[:moves]

"""Rules that keep money apart as lots: the oldest goes first (FIFO), or the newest (LIFO), exact to the minor unit."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from finnet.analysis.flows.ahead import ask_for
from finnet.analysis.flows.passage import Passage
from finnet.analysis.flows.traced import Moves, Traced
from finnet.errors import FinnetError
from finnet.graph.network import IntArray

__all__ = ["move_lots"]

# Moves are kept for routes only; where there are more of them than this, nobody can read the routes.
_MOST_MOVES = 20_000_000

# Only traced money is kept in lots: of the other money in a pool it is enough to know how much there is. The units of a
# pool are numbered in the order in which they go, from _BEGIN to before _END; its lots lie among them, in that order.
# _KIND is 0 for a pool, the label of a source, or _EXIT.
# Rows, not columns: a pool's figures are used together, and memory is what takes the time.
_BEGIN, _END, _FIRST, _LAST, _KIND = 0, 1, 2, 3, 4
_AT, _SIZE, _TAG, _NEXT = 0, 1, 2, 3  # of a lot; the tag says whose money it is, or by which move it came
_EXIT = -1
# So many payments ahead what a payment needs is asked for: its pools, then the lots that lie in these.
_FAR, _NEAR = 8, 4
_INJECTED, _RETURNED, _OUTSIDE = 0, 1, 2
# The next payment, the chain of lots on its way (through an intermediary), and how many moves are written down.
_PAYMENT, _HEAD, _TAIL, _MOVES = 0, 1, 2, 3


def move_lots(passage: Passage, *, newest_first: bool, keep_moves: bool = False) -> Traced:
    """Follow every lot through every payment; with ``keep_moves`` each step of traced lots is written down.

    Neighbouring lots of one source are one lot, which keeps their number small.

    Source: Devaynes v Noble (Clayton's case) (1816) 1 Mer 572 for FIFO; Anderson, Shumailov, Ahmed, Making Bitcoin
    legal (2018) for tracing by it.
    Raises: FinnetError if more moves would be kept than anybody could read.
    """
    count, parties = len(passage.minor), passage.parties
    kind = np.where(passage.is_exit > 0, _EXIT, passage.label)
    pools = np.full((parties, 5), -1, np.int64)
    pools[:, _BEGIN], pools[:, _END] = 0, np.where(kind == 0, passage.opening, 0)
    pools[:, _KIND] = kind
    on, held, totals = np.zeros(count, np.int64), np.zeros(parties, np.int64), np.zeros(3, np.int64)
    lots, moves = np.empty((1024, 4), np.int64), np.empty((1024 if keep_moves else 0, 3), np.int64)
    spare, state = np.array([0, -1], np.int64), np.array([0, -1, -1, 0], np.int64)
    columns = (
        passage.sender, passage.receiver, passage.minor, passage.marked, passage.goes_on, passage.leak, newest_first,
        keep_moves, pools, on, held, totals, spare, state,
    )  # fmt: skip
    while not _follow(*columns, lots, moves) and state[_MOVES] <= _MOST_MOVES:
        lots = _with_room(lots, spare[0] + _most_new(spare[0]))
        if keep_moves:
            moves = _with_room(moves, state[_MOVES] + _most_new(spare[0]))
    if state[_MOVES] > _MOST_MOVES:
        raise FinnetError(
            f"more than {_MOST_MOVES:,} moves of traced money", hint="trace fewer sources, or without routes"
        )
    if not keep_moves:
        return Traced.of(passage, on, held, totals)
    before, payment, minor = (np.ascontiguousarray(column) for column in moves[: state[_MOVES]].T)
    resting = minor.copy()
    later = before >= 0
    np.subtract.at(resting, before[later], minor[later])
    return Traced.of(passage, on, held, totals, Moves(before=before, payment=payment, minor=minor, resting=resting))


@njit(cache=True)
def _follow(  # type: ignore[no-untyped-def]
    sender,
    receiver,
    minor,
    marked,
    goes_on,
    leak,
    newest_first,
    keep,
    pools,
    on,
    held,
    totals,
    spare,
    state,
    lots,
    moves,
) -> Any:
    """Payment by payment from where ``state`` stands; False where lots or moves have to grow before it can go on.

    Here is where the time goes, and most payments carry nothing traced: arrays that grew inside the loop would make it
    several times as long.
    """
    count = len(sender)
    end = _FIRST if newest_first else _LAST  # where lots are put
    head, tail = state[_HEAD], state[_TAIL]
    traced = _total(head, lots)  # of the chain on its way
    for k in range(state[_PAYMENT], count):
        room = _most_new(spare[0])
        if room > len(lots) - spare[0] or (keep and room > len(moves) - state[_MOVES]):
            state[_PAYMENT], state[_HEAD], state[_TAIL] = k, head, tail
            return False
        x, y, amount = sender[k], receiver[k], minor[k]
        if k + _FAR < count:
            ask_for(pools, max(0, sender[k + _FAR]))
            ask_for(pools, max(0, receiver[k + _FAR]))
            ask_for(lots, max(0, pools[sender[k + _NEAR], _FIRST]))
            ask_for(lots, max(0, pools[receiver[k + _NEAR], end]))
        # An end that nobody named gives and takes as an exit does.
        payer = pools[x, _KIND] if x >= 0 else _EXIT
        payee = pools[y, _KIND] if y >= 0 else _EXIT
        if (x == y and marked[k] == 0) or (payer > 0 and payee > 0):
            continue
        if payer == 0 and not goes_on[k]:
            first, until = pools[x, _FIRST], pools[x, _BEGIN] + amount
            if first >= 0 and lots[first, _AT] < until:
                head, tail, traced = _draw(x, until, pools, lots, spare)
            # What a pool does not hold comes from outside, and is gone at once.
            is_left = until < pools[x, _END]
            pools[x, _BEGIN] = until if is_left else 0
            pools[x, _END] = pools[x, _END] if is_left else 0
        root = payer if payer > 0 else marked[k]
        if root > 0:
            head, tail, added = _filled(head, amount, -root if keep else root, lots, spare)
            totals[_INJECTED] += added
            traced += added
        if head >= 0:
            on[k] = traced
            if keep:
                _write_down(k, head, lots, moves, state)
        if payee != 0:
            if head >= 0:
                if y < 0:
                    totals[_OUTSIDE] += traced
                elif payee > 0:
                    totals[_RETURNED] += traced
                else:
                    held[y] += traced
                _give_back(head, tail, lots, spare)
                head, tail, traced = -1, -1, 0
            continue
        if k + 1 < count and goes_on[k + 1]:
            continue
        is_mixed = head >= 0 or pools[y, _FIRST] >= 0
        gone = 0 if is_mixed else leak[k]
        if newest_first:
            pools[y, _BEGIN] -= amount
            pools[y, _END] = pools[y, _BEGIN] + amount - gone if gone > 0 else pools[y, _END]
        else:
            pools[y, _END] += amount - gone
        if head >= 0:
            place = pools[y, _BEGIN] if newest_first else pools[y, _END] - amount
            _put(y, place, head, tail, newest_first, pools, lots)
            head, tail, traced = -1, -1, 0
        if is_mixed and leak[k] > 0:
            held[y] += _leaked(y, amount, leak[k], newest_first, pools, lots, spare)
    for v in range(len(pools)):
        held[v] += _total(pools[v, _FIRST], lots)
    return True


@njit(cache=True)
def _most_new(used):  # type: ignore[no-untyped-def]
    # A payment splits one lot at most, and a source fills the gaps between all that it moves.
    return used + 3


@njit(cache=True)
def _write_down(payment, head, lots, moves, state):  # type: ignore[no-untyped-def]
    # From here on a lot is known by the move that brought it: one more than its place.
    lot, place = head, state[_MOVES]
    while lot >= 0:
        moves[place, 0] = lots[lot, _TAG] - 1 if lots[lot, _TAG] > 0 else -1
        moves[place, 1], moves[place, 2] = payment, lots[lot, _SIZE]
        place += 1
        lots[lot, _TAG] = place
        lot = lots[lot, _NEXT]
    state[_MOVES] = place


@njit(cache=True)
def _leaked(pool, amount, leak, newest_first, pools, lots, spare):  # type: ignore[no-untyped-def]
    # The pool was empty before, so a leak is the newest under FIFO and the deepest under LIFO: of what has just come,
    # the first or the last.
    taken = amount - leak if newest_first else leak
    until = pools[pool, _BEGIN] + taken
    head, tail, gone = _draw(pool, until, pools, lots, spare)
    if newest_first:
        first, last = pools[pool, _FIRST], pools[pool, _LAST]
        pools[pool, _BEGIN], pools[pool, _END], pools[pool, _FIRST], pools[pool, _LAST] = 0, taken, head, tail
        head, tail, gone = first, last, _total(first, lots)
    else:
        pools[pool, _BEGIN] = until
    _give_back(head, tail, lots, spare)
    return gone


@njit(cache=True)
def _draw(pool, until, pools, lots, spare):  # type: ignore[no-untyped-def]
    # The pool's lots up to this unit as a chain that begins at 0, and their sum; neighbours with one tag become one.
    begin, lot, head, tail, total = pools[pool, _BEGIN], pools[pool, _FIRST], -1, -1, 0
    while lot >= 0 and lots[lot, _AT] < until:
        over = lots[lot, _AT] + lots[lot, _SIZE] - until
        following = lots[lot, _NEXT]
        if over > 0:
            following, lot = lot, _new_lot(lots, spare)
            lots[lot, _AT], lots[lot, _SIZE] = lots[following, _AT], lots[following, _SIZE] - over
            lots[lot, _TAG] = lots[following, _TAG]
            lots[following, _AT], lots[following, _SIZE] = until, over
        lots[lot, _AT] -= begin
        total += lots[lot, _SIZE]
        if tail >= 0 and _is_one(tail, lot, lots):
            lots[tail, _SIZE] += lots[lot, _SIZE]
            _give_back(lot, lot, lots, spare)
        elif tail >= 0:
            lots[tail, _NEXT] = lot
            tail = lot
        else:
            head, tail = lot, lot
        lot = following
    if tail >= 0:
        lots[tail, _NEXT] = -1
    pools[pool, _FIRST] = lot
    if lot < 0:
        pools[pool, _LAST] = -1
    return head, tail, total


@njit(cache=True)
def _put(pool, place, head, tail, newest_first, pools, lots):  # type: ignore[no-untyped-def]
    # The chain into the pool, its begin at this unit: before all its lots, or behind them.
    lot = head
    while lot >= 0:
        lots[lot, _AT] += place
        lot = lots[lot, _NEXT]
    if pools[pool, _FIRST] < 0:
        pools[pool, _FIRST], pools[pool, _LAST] = head, tail
    elif newest_first:
        lots[tail, _NEXT] = pools[pool, _FIRST]
        pools[pool, _FIRST] = head
    else:
        lots[pools[pool, _LAST], _NEXT] = head
        pools[pool, _LAST] = tail


@njit(cache=True)
def _filled(head, amount, tag, lots, spare):  # type: ignore[no-untyped-def]
    # The chain with what was not traced of this amount as lots of this tag; and how much that was.
    lot, before, at, added = head, -1, 0, 0
    while at < amount:
        until = lots[lot, _AT] if lot >= 0 else amount
        if until > at:
            gap = _new_lot(lots, spare)
            lots[gap, _AT], lots[gap, _SIZE], lots[gap, _TAG], lots[gap, _NEXT] = at, until - at, tag, lot
            added += until - at
            if before >= 0:
                lots[before, _NEXT] = gap
            else:
                head = gap
            before, at = gap, until
        if lot >= 0:
            before, at = lot, at + lots[lot, _SIZE]
            lot = lots[lot, _NEXT]
    return head, before, added


@njit(cache=True)
def _is_one(lot, other, lots):  # type: ignore[no-untyped-def]
    return lots[lot, _TAG] == lots[other, _TAG] and lots[lot, _AT] + lots[lot, _SIZE] == lots[other, _AT]


@njit(cache=True)
def _total(head, lots):  # type: ignore[no-untyped-def]
    total = 0
    while head >= 0:
        total += lots[head, _SIZE]
        head = lots[head, _NEXT]
    return total


@njit(cache=True)
def _new_lot(lots, spare):  # type: ignore[no-untyped-def]
    # spare[0] is the first lot never used, spare[1] the head of the list of those given back.
    lot = spare[1]
    if lot >= 0:
        spare[1] = lots[lot, _NEXT]
    else:
        lot = spare[0]
        spare[0] += 1
    return lot


@njit(cache=True)
def _give_back(head, tail, lots, spare):  # type: ignore[no-untyped-def]
    if head >= 0:
        lots[tail, _NEXT] = spare[1]
        spare[1] = head


def _with_room(rows: IntArray, size: int) -> IntArray:
    if size <= len(rows):
        return rows
    larger = np.empty((2 * size, rows.shape[1]), np.int64)
    larger[: len(rows)] = rows
    return larger

"""Rules that keep money apart as lots: the oldest goes first (FIFO), or the newest (LIFO), exact to the minor unit."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from finnet.analysis.flows.ahead import ask_for
from finnet.analysis.flows.lot_chains import (
    AT,
    BEGIN,
    END,
    FIRST,
    KIND,
    LAST,
    NEXT,
    SIZE,
    TAG,
    draw,
    filled,
    give_back,
    put,
    total_of,
)
from finnet.analysis.flows.passage import Passage
from finnet.analysis.flows.traced import Moves, Traced
from finnet.errors import FinnetError
from finnet.graph.network import IntArray

__all__ = ["move_lots"]

# Moves are kept for routes only; where there are more of them than this, nobody can read the routes.
_MOST_MOVES = 20_000_000

_EXIT = -1  # of a pool that is never drawn on
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
    pools[:, BEGIN], pools[:, END] = 0, np.where(kind == 0, passage.opening, 0)
    pools[:, KIND] = kind
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
    end = FIRST if newest_first else LAST  # where lots are put
    head, tail = state[_HEAD], state[_TAIL]
    traced = total_of(head, lots)  # of the chain on its way
    for k in range(state[_PAYMENT], count):
        room = _most_new(spare[0])
        if room > len(lots) - spare[0] or (keep and room > len(moves) - state[_MOVES]):
            state[_PAYMENT], state[_HEAD], state[_TAIL] = k, head, tail
            return False
        x, y, amount = sender[k], receiver[k], minor[k]
        if k + _FAR < count:
            ask_for(pools, max(0, sender[k + _FAR]))
            ask_for(pools, max(0, receiver[k + _FAR]))
            ask_for(lots, max(0, pools[sender[k + _NEAR], FIRST]))
            ask_for(lots, max(0, pools[receiver[k + _NEAR], end]))
        # An end that nobody named gives and takes as an exit does.
        payer = pools[x, KIND] if x >= 0 else _EXIT
        payee = pools[y, KIND] if y >= 0 else _EXIT
        if (x == y and marked[k] == 0) or (payer > 0 and payee > 0):
            continue
        if payer == 0 and not goes_on[k]:
            first, until = pools[x, FIRST], pools[x, BEGIN] + amount
            if first >= 0 and lots[first, AT] < until:
                head, tail, traced = draw(x, until, pools, lots, spare)
            # What a pool does not hold comes from outside, and is gone at once.
            is_left = until < pools[x, END]
            pools[x, BEGIN] = until if is_left else 0
            pools[x, END] = pools[x, END] if is_left else 0
        root = payer if payer > 0 else marked[k]
        if root > 0:
            head, tail, added = filled(head, amount, -root if keep else root, lots, spare)
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
                give_back(head, tail, lots, spare)
                head, tail, traced = -1, -1, 0
            continue
        if k + 1 < count and goes_on[k + 1]:
            continue
        is_mixed = head >= 0 or pools[y, FIRST] >= 0
        gone = 0 if is_mixed else leak[k]
        if newest_first:
            pools[y, BEGIN] -= amount
            pools[y, END] = pools[y, BEGIN] + amount - gone if gone > 0 else pools[y, END]
        else:
            pools[y, END] += amount - gone
        if head >= 0:
            place = pools[y, BEGIN] if newest_first else pools[y, END] - amount
            put(y, place, head, tail, newest_first, pools, lots)
            head, tail, traced = -1, -1, 0
        if is_mixed and leak[k] > 0:
            held[y] += _leaked(y, amount, leak[k], newest_first, pools, lots, spare)
    for v in range(len(pools)):
        held[v] += total_of(pools[v, FIRST], lots)
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
        moves[place, 0] = lots[lot, TAG] - 1 if lots[lot, TAG] > 0 else -1
        moves[place, 1], moves[place, 2] = payment, lots[lot, SIZE]
        place += 1
        lots[lot, TAG] = place
        lot = lots[lot, NEXT]
    state[_MOVES] = place


@njit(cache=True)
def _leaked(pool, amount, leak, newest_first, pools, lots, spare):  # type: ignore[no-untyped-def]
    # The pool was empty before, so a leak is the newest under FIFO and the deepest under LIFO: of what has just come,
    # the first or the last.
    taken = amount - leak if newest_first else leak
    until = pools[pool, BEGIN] + taken
    head, tail, gone = draw(pool, until, pools, lots, spare)
    if newest_first:
        first, last = pools[pool, FIRST], pools[pool, LAST]
        pools[pool, BEGIN], pools[pool, END], pools[pool, FIRST], pools[pool, LAST] = 0, taken, head, tail
        head, tail, gone = first, last, total_of(first, lots)
    else:
        pools[pool, BEGIN] = until
    give_back(head, tail, lots, spare)
    return gone


def _with_room(rows: IntArray, size: int) -> IntArray:
    if size <= len(rows):
        return rows
    larger = np.empty((2 * size, rows.shape[1]), np.int64)
    larger[: len(rows)] = rows
    return larger

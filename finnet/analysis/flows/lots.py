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
def _new_lot(following, spare):  # type: ignore[no-untyped-def]
    # spare[0] is the first lot never used, spare[1] the head of the list of those given back.
    lot = spare[1]
    if lot >= 0:
        spare[1] = following[lot]
    else:
        lot = spare[0]
        spare[0] += 1
    following[lot] = -1
    return lot


@njit(cache=True)
def _draw(party, need, size, tag, following, first, last, spare):  # type: ignore[no-untyped-def]
    # The lots that make up the next `need` of a party, as a chain; what it does not hold is a clean lot at the end.
    head, tail = -1, -1
    while need > 0:
        lot = first[party] if party >= 0 else -1
        if lot < 0:
            lot = _new_lot(following, spare)
            size[lot], tag[lot] = need, 0
        elif size[lot] <= need:
            first[party] = following[lot]
            if first[party] < 0:
                last[party] = -1
            following[lot] = -1
        else:
            part = _new_lot(following, spare)
            size[part], tag[part] = need, tag[lot]
            size[lot] -= need
            lot = part
        need -= size[lot]
        if tail >= 0 and tag[tail] == tag[lot]:
            size[tail] += size[lot]
            following[lot] = spare[1]
            spare[1] = lot
        else:
            if tail < 0:
                head = lot
            else:
                following[tail] = lot
            tail = lot
    return head, tail


@njit(cache=True)
def _traced(head, size, tag, following):  # type: ignore[no-untyped-def]
    total = 0
    while head >= 0:
        if tag[head] > 0:
            total += size[head]
        head = following[head]
    return total


@njit(cache=True)
def _give_back(head, tail, following, spare):  # type: ignore[no-untyped-def]
    if head >= 0:
        following[tail] = spare[1]
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
    size, tag = np.empty(capacity, np.int64), np.empty(capacity, np.int64)
    following = np.empty(capacity, np.int64)
    first, last = np.full(parties, -1, np.int64), np.full(parties, -1, np.int64)
    spare = np.array([0, -1], np.int64)
    on, held = np.zeros(count, np.int64), np.zeros(parties, np.int64)
    totals = np.zeros(4, np.int64)  # injected, returned, outside, whether there was no room for the moves
    before = np.empty(1024 if keep else 1, np.int64)
    payment, amount = before.copy(), before.copy()
    moves, head, tail = 0, -1, -1
    for v in range(parties):
        if opening[v] > 0 and label[v] == 0 and is_exit[v] == 0:
            lot = _new_lot(following, spare)
            size[lot], tag[lot] = opening[v], 0
            first[v], last[v] = lot, lot
    for k in range(count):
        x, y, need = sender[k], receiver[k], minor[k]
        from_source = x >= 0 and label[x] > 0
        to_source = y >= 0 and label[y] > 0
        if (x == y and marked[k] == 0) or (from_source and to_source):
            continue
        # Who is a source, an exit or unknown has no pool: what it sends is new.
        pool = -1 if x < 0 or from_source or is_exit[x] > 0 else x
        if pool < 0 or not goes_on[k]:
            head, tail = _draw(pool, need, size, tag, following, first, last, spare)
        root = label[x] if from_source else marked[k]
        if root > 0:
            lot = head
            while lot >= 0:
                if tag[lot] == 0:
                    totals[0] += size[lot]
                    tag[lot] = -root
                lot = following[lot]
        if keep:
            # From here on a lot is known by the move that brought it: one more than its place.
            lot = head
            while lot >= 0:
                if tag[lot] != 0:
                    if moves >= most:
                        totals[3] = 1
                        return on, held, totals, before[:0], payment[:0], amount[:0]
                    if moves == len(before):
                        before, payment, amount = _grown(before), _grown(payment), _grown(amount)
                    before[moves] = tag[lot] - 1 if tag[lot] > 0 else -1
                    payment[moves], amount[moves] = k, size[lot]
                    moves += 1
                    tag[lot] = moves
                lot = following[lot]
        elif root > 0:
            lot = head
            while lot >= 0:
                if tag[lot] < 0:
                    tag[lot] = root
                lot = following[lot]
        on[k] = _traced(head, size, tag, following)
        if y < 0 or to_source or is_exit[y] > 0:
            if y < 0:
                totals[2] += on[k]
            elif to_source:
                totals[1] += on[k]
            else:
                held[y] += on[k]
            _give_back(head, tail, following, spare)
            continue
        if k + 1 < count and goes_on[k + 1]:
            continue
        if newest_first:
            if first[y] >= 0 and tag[tail] == tag[first[y]]:
                size[first[y]] += size[tail]
                if head == tail:
                    _give_back(head, tail, following, spare)
                    head = first[y]
                else:
                    lot = head
                    while following[lot] != tail:
                        lot = following[lot]
                    following[lot] = first[y]
                    _give_back(tail, tail, following, spare)
            else:
                following[tail] = first[y]
                if first[y] < 0:
                    last[y] = tail
            first[y] = head
        elif last[y] < 0:
            first[y], last[y] = head, tail
        elif tag[last[y]] == tag[head]:
            end = last[y]
            size[end] += size[head]
            following[end] = following[head]
            if head != tail:
                last[y] = tail
            _give_back(head, head, following, spare)
        else:
            following[last[y]] = head
            last[y] = tail
        if leak[k] > 0:
            # The pool was empty before, so this is the newest under FIFO and the deepest under LIFO: of what has just
            # come, the first or the last.
            if newest_first:
                kept = minor[k] - leak[k]
                head, tail = _draw(y, kept, size, tag, following, first, last, spare)
                held[y] += _traced(first[y], size, tag, following)
                _give_back(first[y], last[y], following, spare)
                first[y], last[y] = head, tail
            else:
                head, tail = _draw(y, leak[k], size, tag, following, first, last, spare)
                held[y] += _traced(head, size, tag, following)
                _give_back(head, tail, following, spare)
    for v in range(parties):
        held[v] += _traced(first[v], size, tag, following)
    return on, held, totals, before[:moves], payment[:moves], amount[:moves]

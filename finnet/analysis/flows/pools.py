"""Rules that see a pool of clean and traced money: poison, haircut, clean first, traced first."""

from __future__ import annotations

import numpy as np
from numba import njit

from finnet.analysis.flows.passage import Passage
from finnet.analysis.flows.traced import Traced
from finnet.graph.ledger import BoolArray
from finnet.graph.network import IntArray

__all__ = ["cut_evenly", "draw_by_seniority", "poison"]


def cut_evenly(passage: Passage) -> Traced:
    """Haircut: each payment carries the share of traced money that its payer's pool has (pro rata, pari passu).

    The only rule in floating point: what goes in comes out to about one part in 10^12 of the sum.

    Source: Möser, Böhme, Breuker, Towards risk scoring of Bitcoin transactions (2014).
    """
    return Traced.of(passage, *_cut_evenly(*_columns(passage)))


def draw_by_seniority(passage: Passage, *, traced_first: bool) -> Traced:
    """Each payment takes the traced money first, or only once there is no other money left; exact.

    Source: United States v. Banco Cafetero Panama, 797 F.2d 1154 (2d Cir. 1986), for the options.
    """
    return Traced.of(passage, *_draw_by_seniority(traced_first, *_columns(passage)))


def poison(passage: Passage) -> Traced:
    """Whoever ever received traced money pays in nothing else from then on: whom it can have reached at all.

    Amounts are of all that was touched, many times what was sent: nothing is conserved.

    Source: Möser, Böhme, Breuker, Towards risk scoring of Bitcoin transactions (2014).
    """
    return Traced.of(passage, *_poison(*_columns(passage)))


def _columns(passage: Passage) -> tuple[IntArray | BoolArray, ...]:
    return (
        passage.sender, passage.receiver, passage.minor, passage.label, passage.is_exit, passage.marked,
        passage.goes_on, passage.opening, passage.leak,
    )  # fmt: skip


@njit(cache=True)
def _cut_evenly(sender, receiver, minor, label, is_exit, marked, goes_on, opening, leak):  # type: ignore[no-untyped-def]
    parties = len(label)
    pool, traced = opening.astype(np.float64), np.zeros(parties)
    on, held, totals = np.zeros(len(sender)), np.zeros(parties), np.zeros(3)
    for k in range(len(sender)):
        x, y, amount = sender[k], receiver[k], float(minor[k])
        from_source, to_source = x >= 0 and label[x] > 0, y >= 0 and label[y] > 0
        if (x == y and marked[k] == 0) or (from_source and to_source):
            continue
        moved = 0.0
        if x >= 0 and not from_source and is_exit[x] == 0:
            if goes_on[k]:
                moved = on[k - 1]
            elif pool[x] > amount:
                moved = amount * traced[x] / pool[x]
                pool[x] -= amount
                traced[x] -= moved
            else:
                moved = traced[x]
                pool[x], traced[x] = 0.0, 0.0
        if from_source or marked[k] > 0:
            totals[0] += amount - moved
            moved = amount
        on[k] = moved
        if y < 0:
            totals[2] += moved
        elif to_source:
            totals[1] += moved
        elif is_exit[y] > 0:
            held[y] += moved
        elif k + 1 == len(sender) or not goes_on[k + 1]:
            pool[y] += amount
            traced[y] += moved
            if leak[k] > 0:
                gone = leak[k] * traced[y] / pool[y]
                pool[y] -= leak[k]
                traced[y] -= gone
                held[y] += gone
    for v in range(parties):
        held[v] += traced[v]
    return on, held, totals


@njit(cache=True)
def _draw_by_seniority(traced_first, sender, receiver, minor, label, is_exit, marked, goes_on, opening, leak):  # type: ignore[no-untyped-def]
    parties = len(label)
    clean, traced = opening.copy(), np.zeros(parties, np.int64)
    on, held = np.zeros(len(sender), np.int64), np.zeros(parties, np.int64)
    totals = np.zeros(3, np.int64)
    for k in range(len(sender)):
        x, y, amount = sender[k], receiver[k], minor[k]
        from_source, to_source = x >= 0 and label[x] > 0, y >= 0 and label[y] > 0
        if (x == y and marked[k] == 0) or (from_source and to_source):
            continue
        moved = 0
        if x >= 0 and not from_source and is_exit[x] == 0:
            if goes_on[k]:
                moved = on[k - 1]
            else:
                if traced_first:
                    moved = min(amount, traced[x])
                else:
                    moved = min(max(0, amount - clean[x]), traced[x])
                traced[x] -= moved
                clean[x] -= min(clean[x], amount - moved)
        if from_source or marked[k] > 0:
            totals[0] += amount - moved
            moved = amount
        on[k] = moved
        if y < 0:
            totals[2] += moved
        elif to_source:
            totals[1] += moved
        elif is_exit[y] > 0:
            held[y] += moved
        elif k + 1 == len(sender) or not goes_on[k + 1]:
            traced[y] += moved
            clean[y] += amount - moved
            if leak[k] > 0:
                if traced_first:
                    gone = min(leak[k], traced[y])
                else:
                    gone = max(0, leak[k] - clean[y])
                traced[y] -= gone
                clean[y] -= leak[k] - gone
                held[y] += gone
    for v in range(parties):
        held[v] += traced[v]
    return on, held, totals


@njit(cache=True)
def _poison(sender, receiver, minor, label, is_exit, marked, goes_on, opening, leak):  # type: ignore[no-untyped-def]
    parties = len(label)
    pool, is_touched = opening.copy(), np.zeros(parties, np.bool_)
    on, held = np.zeros(len(sender), np.int64), np.zeros(parties, np.int64)
    totals = np.zeros(3, np.int64)
    for k in range(len(sender)):
        x, y, amount = sender[k], receiver[k], minor[k]
        from_source, to_source = x >= 0 and label[x] > 0, y >= 0 and label[y] > 0
        if (x == y and marked[k] == 0) or (from_source and to_source):
            continue
        touched = from_source or marked[k] > 0
        if touched:
            totals[0] += amount
        if x >= 0 and not from_source and is_exit[x] == 0:
            if goes_on[k]:
                touched = touched or on[k - 1] > 0
            else:
                touched = touched or is_touched[x]
                pool[x] = max(0, pool[x] - amount)
        if touched:
            on[k] = amount
        if y < 0:
            totals[2] += on[k]
        elif to_source:
            totals[1] += on[k]
        elif is_exit[y] > 0:
            held[y] += on[k]
        else:
            if k + 1 == len(sender) or not goes_on[k + 1]:
                pool[y] += amount - leak[k]
            is_touched[y] = is_touched[y] or touched
    for v in range(parties):
        if is_touched[v]:
            held[v] += pool[v]
    return on, held, totals

"""One party pays many, who all pay one other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from finnet.analysis.distinct import distinct_until
from finnet.analysis.finding import Found, Pattern, grouped, ticks
from finnet.graph.ledger import Ledger
from finnet.graph.network import IntArray

__all__ = ["DEFINITION", "FATF", "find"]

DEFINITION = (
    "at least so many ways of two payments from one party to another, each over a different third, in the window"
)
FATF = "2025, 1 of 4: enlisting intermediaries"


def find(ledger: Ledger, *, window: int = 7, least: int = 5) -> Found:
    """Pairs of parties with ``least`` or more others between them, each paid by the first before it pays the second.

    All payments lie within ``window`` days (or steps) of the first; from one window of a payer to the next nothing
    counts twice. Parties: the first, the last, then those between by id. The amount is what the last received.

    >>> ledger = Ledger.of(("A", "m", 5, 1), ("A", "n", 5, 1), ("m", "Z", 4, 2), ("n", "Z", 4, 3))
    >>> find(ledger, least=2).patterns
    [Pattern(parties=(0, 1, 2, 3), payments=(0, 1, 2, 3), minor=800, says='2 parties between')]

    Source: IBM, AMLSim, alert pattern scatter-gather.
    """
    if ledger.size == 0:
        return Found(patterns=[])
    pointers, places = grouped(ledger.payer, len(ledger.ids))
    ways = _ways(pointers, places, ledger.beneficiary, ledger.time, ticks(ledger, window), least)
    patterns = []
    for members in _by_window(ways):
        out, back = (np.unique(members[:, column]) for column in (3, 4))
        between = sorted(set(members[:, 2].tolist()))
        patterns.append(
            Pattern(
                parties=(int(ledger.payer[out[0]]), int(members[0, 1]), *between),
                payments=tuple(np.union1d(out, back).tolist()),
                minor=int(ledger.minor[back].sum()),
                says=f"{len(between)} parties between",
            )
        )
    return Found(patterns=sorted(patterns, key=lambda pattern: (pattern.payments[-1], pattern.payments)))


def _by_window(ways: IntArray) -> list[IntArray]:
    """The ways of each window to each end: rows (window, end, between, payment out, payment on)."""
    if not len(ways):
        return []
    ways = ways[np.lexsort(ways.T[::-1])]
    starts = np.flatnonzero(np.any(ways[1:, :2] != ways[:-1, :2], axis=1)) + 1
    return list(np.split(ways, starts))


@njit(cache=True)
def _ways(pointers, places, beneficiary, time, window, least) -> Any:  # type: ignore[no-untyped-def]
    size = len(pointers) - 1
    stamp, turn = np.zeros(size, np.int64), 0
    reached, reach = np.zeros(size, np.int64), np.zeros(size, np.int64)
    out = np.empty((1024, 5), np.int64)
    used, number = 0, 0
    for party in range(size):
        start, stop = pointers[party], pointers[party + 1]
        while stop - start >= least:
            last_time = time[places[start]] + window
            turn += 1
            distinct, end = distinct_until(places, start, stop, beneficiary, time, last_time, size + 1, stamp, turn)
            if distinct < least:
                start += 1
                continue
            # First how many different parties lie between here and each end, then the ways to those ends alone.
            number += 1
            turn += 1
            hits = 0
            for task in range(2):
                for one in range(start, end):
                    middle = beneficiary[places[one]]
                    again = False
                    for earlier in range(start, one):
                        if beneficiary[places[earlier]] == middle:
                            again = True
                            break
                    if task == 0 and again:
                        continue
                    low, high = pointers[middle], pointers[middle + 1]
                    while low < high:
                        half = (low + high) // 2
                        if time[places[half]] <= time[places[one]]:
                            low = half + 1
                        else:
                            high = half
                    for two in range(low, pointers[middle + 1]):
                        if time[places[two]] > last_time:
                            break
                        last = beneficiary[places[two]]
                        if last == party:
                            continue
                        if task == 0:
                            if stamp[last] != turn:
                                stamp[last] = turn
                                reach[last] = 0
                                reached[last] = -1
                            if reached[last] != middle:
                                reached[last] = middle
                                reach[last] += 1
                                hits += reach[last] == least
                        elif stamp[last] == turn and reach[last] >= least:
                            if used == len(out):
                                larger = np.empty((2 * len(out), 5), np.int64)
                                larger[:used] = out
                                out = larger
                            out[used, 0], out[used, 1], out[used, 2] = number, last, middle
                            out[used, 3], out[used, 4] = places[one], places[two]
                            used += 1
                if hits == 0:
                    break
            start = end if hits else start + 1
    return out[:used]

"""Many counterparties of one party within a short time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from finnet.analysis.finding import Pattern, grouped, ticks
from finnet.graph.ledger import Ledger
from finnet.graph.network import IntArray

__all__ = ["fans"]


def fans(ledger: Ledger, centre: IntArray, other: IntArray, *, window: int, least: int, words: str) -> list[Pattern]:
    """Per centre the windows with at least so many distinct others, one after the other, earliest first.

    A window begins with a payment and reaches ``window`` days on; all payments of the centre in it belong to it, and
    the next window begins behind it.
    """
    if ledger.size == 0:
        return []
    pointers, places = grouped(centre, len(ledger.ids))
    spans = _windows(pointers, places, other, ledger.time, ticks(ledger, window), least)
    patterns = []
    for first, last, count in spans.tolist():
        members = tuple(places[first:last].tolist())
        others = sorted({int(other[place]) for place in members})
        patterns.append(
            Pattern(
                parties=(int(centre[members[0]]), *others),
                payments=members,
                minor=int(ledger.minor[list(members)].sum()),
                says=f"{count} {words}",
            )
        )
    return sorted(patterns, key=lambda pattern: (pattern.payments[-1], pattern.payments))


@njit(cache=True)
def _windows(pointers, places, other, time, window, least) -> Any:  # type: ignore[no-untyped-def]
    """Rows (from, to, distinct others) of positions in ``places``; two pointers move over each party's payments."""
    seen = np.zeros(len(pointers) - 1, np.int64)
    found = []
    for party in range(len(pointers) - 1):
        start, stop = pointers[party], pointers[party + 1]
        if stop - start < least:
            continue
        distinct = 0
        end = start
        while start < stop:
            while end < stop and time[places[end]] <= time[places[start]] + window:
                if seen[other[places[end]]] == 0:
                    distinct += 1
                seen[other[places[end]]] += 1
                end += 1
            behind = start + 1
            if distinct >= least:
                found.append((start, end, distinct))
                behind = end
            while start < behind:
                seen[other[places[start]]] -= 1
                if seen[other[places[start]]] == 0:
                    distinct -= 1
                start += 1
    table = np.empty((len(found), 3), np.int64)
    for row in range(len(found)):
        table[row, 0], table[row, 1], table[row, 2] = found[row]
    return table

"""Many parties pay one, which then pays many."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from finnet.analysis.distinct import distinct_until
from finnet.analysis.finding import Found, Pattern, grouped, ticks
from finnet.graph.ledger import Ledger

__all__ = ["DEFINITION", "FATF", "find"]

DEFINITION = "at least so many distinct payers of one party, and later so many distinct beneficiaries, in the window"
FATF = "2025, 1 of 4: enlisting intermediaries"


def find(ledger: Ledger, *, window: int = 7, least: int = 5) -> Found:
    """Windows of ``window`` days (or steps) in which ``least`` parties pay one and it then pays ``least`` others.

    A window begins with a payment to the party. The payments that gather are those up to the one that makes the number
    full; those that scatter come later than that one. The next window begins behind the last of them. Parties: the one
    in the middle, then the others by id; the amount is what was scattered.

    >>> ledger = Ledger.of(("a", "Hub", 5, 1), ("b", "Hub", 5, 2), ("Hub", "c", 4, 3), ("Hub", "d", 4, 4))
    >>> find(ledger, least=2).patterns
    [Pattern(parties=(0, 1, 2, 3, 4), payments=(0, 1, 2, 3), minor=800, says='2 payers, then 2 beneficiaries')]

    Source: IBM, AMLSim, alert pattern gather-scatter.
    """
    if ledger.size == 0:
        return Found(patterns=[])
    size = len(ledger.ids)
    into, coming = grouped(ledger.beneficiary, size)
    out_of, going = grouped(ledger.payer, size)
    spans = _windows(
        into, coming, out_of, going, ledger.payer, ledger.beneficiary, ledger.time, ticks(ledger, window), least
    )
    patterns = []
    for first, full, start, end, payers, beneficiaries in spans.tolist():
        gathered, scattered = coming[first:full].tolist(), going[start:end].tolist()
        middle = int(ledger.beneficiary[gathered[0]])
        others = sorted({*ledger.payer[gathered].tolist(), *ledger.beneficiary[scattered].tolist()})
        patterns.append(
            Pattern(
                parties=(middle, *others),
                payments=tuple(sorted([*gathered, *scattered])),
                minor=int(ledger.minor[scattered].sum()),
                says=f"{payers} payers, then {beneficiaries} beneficiaries",
            )
        )
    return Found(patterns=sorted(patterns, key=lambda pattern: (pattern.payments[-1], pattern.payments)))


@njit(cache=True)
def _windows(into, coming, out_of, going, payer, beneficiary, time, window, least) -> Any:  # type: ignore[no-untyped-def]
    """Rows (from, to) of positions in ``coming`` and in ``going``, and how many distinct parties each has."""
    size = len(into) - 1
    stamp, turn = np.zeros(size, np.int64), 0
    found = []
    for party in range(size):
        if into[party + 1] - into[party] < least or out_of[party + 1] - out_of[party] < least:
            continue
        start, sent = into[party], out_of[party]
        while start < into[party + 1]:
            last_time = time[coming[start]] + window
            turn += 1
            payers, full = distinct_until(coming, start, into[party + 1], payer, time, last_time, least, stamp, turn)
            if payers < least:
                start += 1
                continue
            made_full = time[coming[full - 1]]
            while sent < out_of[party + 1] and time[going[sent]] <= made_full:
                sent += 1
            turn += 1
            beneficiaries, end = distinct_until(
                going, sent, out_of[party + 1], beneficiary, time, last_time, size + 1, stamp, turn
            )
            if beneficiaries < least:
                start += 1
                continue
            found.append((start, full, sent, end, payers, beneficiaries))
            behind = time[going[end - 1]]
            while start < into[party + 1] and (start < full or time[coming[start]] <= behind):
                start += 1
    table = np.empty((len(found), 6), np.int64)
    for row in range(len(found)):
        for column in range(6):
            table[row, column] = found[row][column]
    return table

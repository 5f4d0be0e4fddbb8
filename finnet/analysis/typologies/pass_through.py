"""A party that sends on within days nearly all it receives."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from finnet.analysis.finding import Found, Pattern, grouped, ticks
from finnet.graph.ledger import Ledger

__all__ = ["DEFINITION", "FATF", "find"]

DEFINITION = "what a party sends within the window is nearly what it receives in it: smaller / larger of the two"
FATF = "2025, 1 of 4: enlisting intermediaries"


def find(ledger: Ledger, *, window: int = 7, least: int = 3, ratio: float = 0.9) -> Found:
    """Windows of ``window`` days (or steps) with ``least`` or more payments each way and a ratio of ``ratio`` or more.

    A window begins with a payment to the party; what it sent before that, or at the same time, does not count. The next
    one begins behind it. Parties: the one between, then the others by id; the amount is the smaller sum. The dwell time
    is how much later, by their amounts, what left had left than what came had come.

    >>> ledger = Ledger.of(("a", "Mule", 60, 1), ("a", "Mule", 40, 2), ("Mule", "b", 95, 4), ("Mule", "c", 1, 4))
    >>> find(ledger, least=2).patterns
    [Pattern(parties=(0, 1, 2, 3), payments=(0, 1, 2, 3), minor=9600, says='ratio 0.96, 2.6 steps later')]

    Source: our own definition, after FATF's descriptions of pass-through accounts.
    """
    if ledger.size == 0:
        return Found(patterns=[])
    size = len(ledger.ids)
    into, coming = grouped(ledger.beneficiary, size)
    out_of, going = grouped(ledger.payer, size)
    spans = _windows(into, coming, out_of, going, ledger.minor, ledger.time, ticks(ledger, window), least, ratio)
    patterns = []
    for first, end, start, stop in spans.tolist():
        came, left = coming[first:end], going[start:stop]
        sums = [int(ledger.minor[places].sum()) for places in (came, left)]
        others = {*ledger.payer[came].tolist(), *ledger.beneficiary[left].tolist()}
        patterns.append(
            Pattern(
                parties=(int(ledger.beneficiary[came[0]]), *sorted(others)),
                payments=tuple(sorted([*came.tolist(), *left.tolist()])),
                minor=min(sums),
                says=f"ratio {min(sums) / max(sums):.2f}, {_later(ledger, came, left)}",
            )
        )
    return Found(patterns=sorted(patterns, key=lambda pattern: (pattern.payments[-1], pattern.payments)))


def _later(ledger: Ledger, came: Any, left: Any) -> str:
    began = ledger.time[came[0]]
    mean = [float(np.average(ledger.time[places] - began, weights=ledger.minor[places])) for places in (came, left)]
    dwell = mean[1] - mean[0]
    if ledger.time_unit == "seconds":
        return f"{dwell / 3600:.1f} hours later"
    return f"{dwell:.1f} {ledger.time_unit} later"


@njit(cache=True)
def _windows(into, coming, out_of, going, minor, time, window, least, ratio) -> Any:  # type: ignore[no-untyped-def]
    """Rows (from, to) of positions in ``coming`` and in ``going``."""
    found = []
    for party in range(len(into) - 1):
        if into[party + 1] - into[party] < least or out_of[party + 1] - out_of[party] < least:
            continue
        start, end, sent, stop = into[party], into[party], out_of[party], out_of[party]
        came, left = 0, 0
        while start < into[party + 1]:
            began = time[coming[start]]
            while end < into[party + 1] and time[coming[end]] <= began + window:
                came += minor[coming[end]]
                end += 1
            while stop < out_of[party + 1] and time[going[stop]] <= began + window:
                left += minor[going[stop]]
                stop += 1
            while sent < stop and time[going[sent]] <= began:
                left -= minor[going[sent]]
                sent += 1
            behind = start + 1
            if end - start >= least and stop - sent >= least and min(came, left) >= ratio * max(came, left):
                found.append((start, end, sent, stop))
                behind = end
            while start < behind:
                came -= minor[coming[start]]
                start += 1
    table = np.empty((len(found), 4), np.int64)
    for row in range(len(found)):
        for column in range(4):
            table[row, column] = found[row][column]
    return table

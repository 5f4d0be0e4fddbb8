"""A party of whose money most is gone again within days, first in, first out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from finnet.analysis.finding import Found, Pattern, grouped, ticks
from finnet.graph.ledger import Ledger

__all__ = ["DEFINITION", "FATF", "find"]

DEFINITION = "the share of all that a party received that it sent on within the window, first in, first out"
FATF = "2025, 1 of 4: enlisting intermediaries"


def find(ledger: Ledger, *, window: int = 2, least: int = 3, share: float = 0.8) -> Found:
    """Parties with ``least`` or more payments received, of whose money ``share`` or more left within ``window`` days.

    Money leaves in the order in which it came; what is sent and was never seen to come uses up nothing. At one time
    the order of the records decides. Parties: the one between, then the others by id; payments are those of the money
    that left in time. The amount is that money.

    >>> ledger = Ledger.of(("a", "Mule", 60, 1), ("a", "Mule", 40, 2), ("Mule", "b", 90, 3))
    >>> find(ledger, least=2).patterns
    [Pattern(parties=(0, 1, 2), payments=(0, 1, 2), minor=9000, says='90 % of what came left within 2 steps')]

    Source: our own definition, after FATF's descriptions of rapid movement of funds; first in, first out as in
    Clayton's case (1816).
    """
    if ledger.size == 0:
        return Found(patterns=[])
    size = len(ledger.ids)
    received = np.zeros(size, np.int64)
    np.add.at(received, ledger.beneficiary, ledger.minor)
    times = np.bincount(ledger.beneficiary, minlength=size)
    matched = _matched(*grouped(ledger.beneficiary, size), ledger.payer, ledger.beneficiary, ledger.minor, ledger.time,
                       ticks(ledger, window))  # fmt: skip
    amount, moved = np.zeros(size, np.int64), matched[:, 2]
    party = ledger.payer[matched[:, 1]]
    np.add.at(amount, party, moved)
    chosen = np.flatnonzero((times >= least) & (amount >= share * received) & (amount > 0))
    order = np.argsort(party, kind="stable")
    starts = np.searchsorted(party[order], np.arange(size + 1))
    unit = "days" if ledger.time_unit == "seconds" else ledger.time_unit
    patterns = []
    for one in chosen.tolist():
        places = np.unique(matched[order[starts[one] : starts[one + 1]], :2])
        others = {*ledger.payer[places].tolist(), *ledger.beneficiary[places].tolist()} - {one}
        patterns.append(
            Pattern(
                parties=(one, *sorted(others)),
                payments=tuple(places.tolist()),
                minor=int(amount[one]),
                says=f"{100 * amount[one] / received[one]:.0f} % of what came left within {window} {unit}",
            )
        )
    return Found(patterns=sorted(patterns, key=lambda pattern: (pattern.payments[-1], pattern.payments)))


@njit(cache=True)
def _matched(pointers, places, payer, beneficiary, minor, time, window) -> Any:  # type: ignore[no-untyped-def]
    """Rows (payment in, payment out, minor units of the one that left with the other), within the window."""
    size = len(pointers) - 1
    # Each party's lots are its payments received, in order: ``oldest`` is the first with something left.
    oldest = pointers[:size].copy()
    known = pointers[:size].copy()
    left = minor.copy()
    out = np.empty((1024, 3), np.int64)
    used = 0
    for payment in range(len(payer)):
        party, open_amount = payer[payment], minor[payment]
        while open_amount > 0 and oldest[party] < known[party]:
            lot = places[oldest[party]]
            part = min(left[lot], open_amount)
            left[lot] -= part
            open_amount -= part
            if time[payment] - time[lot] <= window:
                if used == len(out):
                    larger = np.empty((2 * len(out), 3), np.int64)
                    larger[:used] = out
                    out = larger
                out[used, 0], out[used, 1], out[used, 2] = lot, payment, part
                used += 1
            if left[lot] == 0:
                oldest[party] += 1
        known[beneficiary[payment]] += 1
    return out[:used]

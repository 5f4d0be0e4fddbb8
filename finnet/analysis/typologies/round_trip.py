"""Money that comes back to who sent it, over others, nearly undiminished and in the order of time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from finnet.analysis.finding import Found, Pattern, disjoint, grouped, ticks
from finnet.graph.ledger import Ledger
from finnet.graph.network import IntArray

__all__ = ["DEFINITION", "find", "round_trips"]

DEFINITION = (
    "payments that follow one another from party to party and back to the first, each later than the one before, all "
    "within the window, each passing on nearly what came in; no party twice"
)

_MOST_PER_START = 200  # round trips that begin with one payment: parallel payments multiply


def find(
    ledger: Ledger, *, window: int = 30, hops: int = 8, low: float = 0.85, high: float = 1.0, any_order: bool = False
) -> Found:
    """Round trips of 2 to ``hops`` payments, the first to close first; a payment stands in at most one of them.

    Each payment is ``low`` to ``high`` times the one before, and all lie within ``window`` days (or steps) of the
    first. ``any_order`` drops the order of time within the window, for data whose dates do not show it. The amount is
    what came back. Nothing comes of payments that are all at one time.

    >>> ledger = Ledger.of(("Acme", "Mule", 100, 1), ("Mule", "Shell", 95, 2), ("Shell", "Acme", 90, 3))
    >>> find(ledger).patterns[0]
    Pattern(parties=(0, 1, 2), payments=(0, 1, 2), minor=9000, says='3 payments, 90.0 % came back')

    Source: simple temporal cycles: Kumar and Calders, 2SCENT (2018); that amounts are nearly kept on the way is how
    IBM's AMLSim plants its cycles.
    """
    found, cut = round_trips(ledger, window=window, hops=hops, low=low, high=high, any_order=any_order)
    trips = sorted(found, key=lambda trip: (max(trip), len(trip), trip))
    patterns = [
        Pattern(
            parties=tuple(int(ledger.payer[place]) for place in trip),
            payments=tuple(sorted(trip)),
            minor=int(ledger.minor[trip[-1]]),
            says=f"{len(trip)} payments, {100 * ledger.minor[trip[-1]] / ledger.minor[trip[0]]:.1f} % came back",
        )
        for trip in trips
    ]
    note = f"round_trip: {_MOST_PER_START} or more begin with one payment; of these the first {_MOST_PER_START} count"
    return Found(patterns=disjoint(patterns), notes=(note,) if cut else ())


def round_trips(
    ledger: Ledger,
    *,
    window: int,
    hops: int,
    low: float,
    high: float,
    any_order: bool = False,
    most_per_start: int = _MOST_PER_START,
) -> tuple[list[tuple[int, ...]], bool]:
    """All of them, each as places in the ledger in the order of the hops, and whether some were left out."""
    if ledger.size == 0 or hops < 2:
        return [], False
    pointers, places = grouped(ledger.payer, len(ledger.ids))
    limits = ticks(ledger, window), hops, low, high, any_order, most_per_start
    flat, cut = _search(pointers, places, ledger.payer, ledger.beneficiary, ledger.time, ledger.minor, *limits)
    return _split(flat), bool(cut)


def _split(flat: IntArray) -> list[tuple[int, ...]]:
    trips, place, numbers = [], 0, flat.tolist()
    while place < len(numbers):
        length = numbers[place]
        trips.append(tuple(numbers[place + 1 : place + 1 + length]))
        place += 1 + length
    return trips


@njit(cache=True)
def _search(  # type: ignore[no-untyped-def]
    pointers, places, payer, beneficiary, time, minor, window, hops, low, high, any_order, most_per_start
) -> Any:
    """Depth first from every payment as the first; per level the payer's payments in time order, cut at the window."""
    out = np.empty(1024, np.int64)
    used = 0
    cut = False
    way = np.empty(hops, np.int64)
    upto, end = np.empty(hops + 1, np.int64), np.empty(hops + 1, np.int64)
    on_way = np.zeros(len(pointers) - 1, np.bool_)
    for first in range(len(payer)):
        root, last_time = payer[first], time[first] + window
        way[0] = first
        depth, count = 1, 0
        at = beneficiary[first]
        on_way[at] = True
        # In any order the first payment is the earliest in the file's order: each round trip is then found once.
        bound = first if any_order else _last_at(time, time[first])
        upto[1], end[1] = _after(pointers, places, at, bound), pointers[at + 1]
        while depth > 0:
            if upto[depth] >= end[depth] or count >= most_per_start:
                depth -= 1
                on_way[beneficiary[way[depth]]] = False
                continue
            payment = places[upto[depth]]
            upto[depth] += 1
            if time[payment] > last_time:
                upto[depth] = end[depth]
                continue
            before = minor[way[depth - 1]]
            if minor[payment] < low * before or minor[payment] > high * before:
                continue
            at = beneficiary[payment]
            if at == root:
                if used + depth + 2 > len(out):
                    larger = np.empty(2 * len(out), np.int64)
                    larger[:used] = out[:used]
                    out = larger
                out[used] = depth + 1
                out[used + 1 : used + 1 + depth] = way[:depth]
                out[used + 1 + depth] = payment
                used += depth + 2
                count += 1
                if count >= most_per_start:
                    cut = True
                continue
            if depth + 1 >= hops or on_way[at]:
                continue
            way[depth] = payment
            depth += 1
            on_way[at] = True
            bound = first if any_order else _last_at(time, time[payment])
            upto[depth], end[depth] = _after(pointers, places, at, bound), pointers[at + 1]
    return out[:used], cut


@njit(cache=True)
def _last_at(time, moment) -> Any:  # type: ignore[no-untyped-def]
    """The last place of that time."""
    return np.searchsorted(time, moment, side="right") - 1


@njit(cache=True)
def _after(pointers, places, party, bound) -> Any:  # type: ignore[no-untyped-def]
    """Where the party's payments behind that place of the ledger begin."""
    low, high = pointers[party], pointers[party + 1]
    while low < high:
        middle = (low + high) // 2
        if places[middle] <= bound:
            low = middle + 1
        else:
            high = middle
    return low

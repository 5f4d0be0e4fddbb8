"""Money that comes back to who sent it, over others, nearly undiminished and in the order of time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from finnet.analysis.finding import Found, Pattern, disjoint, grouped, ticks
from finnet.graph.ledger import Ledger
from finnet.graph.network import IntArray

__all__ = ["DEFINITION", "FATF", "find", "round_trips"]

DEFINITION = (
    "payments that follow one another from party to party and back to the first, each later than the one before, all "
    "within the window, each passing on nearly what came in; no party twice"
)
FATF = "2025, 1 of 4: enlisting intermediaries"

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
    columns = ledger.payer, ledger.beneficiary, ledger.time, ledger.minor
    limits = ticks(ledger, window), hops, low, high, any_order, most_per_start
    arguments: list[Any] = [pointers, places, *columns, _together(pointers, places, *columns), *limits]
    flat, cut = _search(*arguments)
    return _split(flat), bool(cut)


def _split(flat: IntArray) -> list[tuple[int, ...]]:
    trips, place, numbers = [], 0, flat.tolist()
    while place < len(numbers):
        length = numbers[place]
        trips.append(tuple(numbers[place + 1 : place + 1 + length]))
        place += 1 + length
    return trips


@njit(cache=True)
def _together(pointers, places, payer, beneficiary, time, minor) -> Any:  # type: ignore[no-untyped-def]
    """Per payment in the order of ``places``: time, amount, beneficiary and where that one's later payments begin.

    The search jumps from payer to payer all over memory: what it reads of a payment lies side by side, and where it
    goes on from there is looked up once, not at each visit.
    """
    table = np.empty((len(places), 4), np.int64)
    begins = np.empty(len(places), np.int64)
    free = pointers.copy()  # per party, behind its payments up to now
    start = 0
    while start < len(payer):
        stop = start
        while stop < len(payer) and time[stop] == time[start]:  # payments of one time do not follow one another
            free[payer[stop]] += 1
            stop += 1
        for place in range(start, stop):
            begins[place] = free[beneficiary[place]]
        start = stop
    for here in range(len(places)):
        place = places[here]
        table[here, 0], table[here, 1] = time[place], minor[place]
        table[here, 2], table[here, 3] = beneficiary[place], begins[place]
    return table


@njit(cache=True)
def _search(  # type: ignore[no-untyped-def]
    pointers, places, payer, beneficiary, time, minor, table, window, hops, low, high, any_order, most
) -> Any:
    """Depth first from every payment as the first; per level the payer's payments in time order, cut at the window."""
    out = np.empty(1024, np.int64)
    used = 0
    cut = False
    way = np.empty(hops, np.int64)  # positions in ``places``, from the second payment on
    upto, end = np.empty(hops + 1, np.int64), np.empty(hops + 1, np.int64)
    least, largest = np.empty(hops + 1, np.float64), np.empty(hops + 1, np.float64)
    on_way = np.zeros(len(pointers) - 1, np.bool_)
    for first in range(len(payer)):
        root, last_time, at = payer[first], time[first] + window, beneficiary[first]
        # In any order the first payment is the earliest in the file's order: each round trip is then found once.
        if any_order:
            upto[1] = _after(places, pointers[at], pointers[at + 1], first)
        else:
            upto[1] = _after(table[:, 0], pointers[at], pointers[at + 1], time[first])
        end[1] = pointers[at + 1]
        least[1], largest[1] = low * minor[first], high * minor[first]
        if upto[1] >= end[1] or table[upto[1], 0] > last_time:
            continue
        depth, count = 1, 0
        on_way[at] = True
        while depth > 0:
            here, stop, least_here, largest_here = upto[depth], end[depth], least[depth], largest[depth]
            while here < stop and table[here, 0] <= last_time:
                if least_here <= table[here, 1] <= largest_here:
                    break
                here += 1
            if here >= stop or table[here, 0] > last_time or count >= most:
                depth -= 1
                on_way[table[way[depth], 2] if depth else beneficiary[first]] = False
                continue
            upto[depth] = here + 1
            at = table[here, 2]
            if at == root:
                if used + depth + 2 > len(out):
                    larger = np.empty(2 * len(out), np.int64)
                    larger[:used] = out[:used]
                    out = larger
                out[used], out[used + 1] = depth + 1, first
                for step in range(1, depth):
                    out[used + 1 + step] = places[way[step]]
                out[used + 1 + depth] = places[here]
                used += depth + 2
                count += 1
                if count >= most:
                    cut = True
                continue
            if depth + 1 >= hops or on_way[at]:
                continue
            way[depth] = here
            depth += 1
            on_way[at] = True
            upto[depth] = _after(places, pointers[at], pointers[at + 1], first) if any_order else table[here, 3]
            end[depth] = pointers[at + 1]
            least[depth], largest[depth] = low * table[here, 1], high * table[here, 1]
    return out[:used], cut


@njit(cache=True)
def _after(values, low, high, bound) -> Any:  # type: ignore[no-untyped-def]
    """The first position from ``low`` up to ``high`` whose value is above the bound."""
    while low < high:
        middle = (low + high) // 2
        if values[middle] <= bound:
            low = middle + 1
        else:
            high = middle
    return low

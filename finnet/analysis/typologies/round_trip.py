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
    limits = ticks(ledger, window), hops, low, high, any_order, most_per_start
    columns = ledger.payer, ledger.beneficiary, ledger.time, ledger.minor
    # What a payer paid lies together in memory: the search jumps from payer to payer.
    together = [column[places] for column in columns[1:]]
    arguments: list[Any] = [pointers, places, *columns, *together, *limits]
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
def _search(  # type: ignore[no-untyped-def]
    pointers, places, payer, beneficiary, time, minor, to, at_time, paid, window, hops, low, high, any_order, most
) -> Any:
    """Depth first from every payment as the first; per level the payer's payments in time order, cut at the window.

    ``to``, ``at_time`` and ``paid`` are beneficiary, time and amount in the order of ``places``.
    """
    out = np.empty(1024, np.int64)
    used = 0
    cut = False
    way = np.empty(hops, np.int64)  # positions in ``places``, from the second payment on
    upto, end = np.empty(hops + 1, np.int64), np.empty(hops + 1, np.int64)
    on_way = np.zeros(len(pointers) - 1, np.bool_)
    for first in range(len(payer)):
        root, last_time, at = payer[first], time[first] + window, beneficiary[first]
        # In any order the first payment is the earliest in the file's order: each round trip is then found once.
        upto[1] = _after(places, pointers, at, first) if any_order else _after(at_time, pointers, at, time[first])
        end[1] = pointers[at + 1]
        if upto[1] >= end[1] or at_time[upto[1]] > last_time:
            continue
        depth, count = 1, 0
        on_way[at] = True
        while depth > 0:
            here = upto[depth]
            if here >= end[depth] or at_time[here] > last_time or count >= most:
                depth -= 1
                on_way[to[way[depth]] if depth else beneficiary[first]] = False
                continue
            upto[depth] += 1
            before = paid[way[depth - 1]] if depth > 1 else minor[first]
            if paid[here] < low * before or paid[here] > high * before:
                continue
            at = to[here]
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
            if any_order:
                upto[depth] = _after(places, pointers, at, first)
            else:
                upto[depth] = _after(at_time, pointers, at, at_time[here])
            end[depth] = pointers[at + 1]
    return out[:used], cut


@njit(cache=True)
def _after(values, pointers, party, bound) -> Any:  # type: ignore[no-untyped-def]
    """The first position of the party's payments whose value is above the bound."""
    low, high = pointers[party], pointers[party + 1]
    while low < high:
        middle = (low + high) // 2
        if values[middle] <= bound:
            low = middle + 1
        else:
            high = middle
    return low

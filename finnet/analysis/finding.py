"""What a typology finds: parties and the payments between them, in a ledger of payments from end to end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numba import njit

from finnet.graph.ledger import Ledger
from finnet.graph.network import IntArray

__all__ = ["Found", "Pattern", "disjoint", "end_to_end", "grouped", "ticks"]

_DAY = 86_400  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """Parties (vertex numbers, in the order the typology gives them) and payments (places in the ledger, ascending).

    ``minor`` is the amount that the typology speaks of, ``says`` its measure in words.
    """

    parties: tuple[int, ...]
    payments: tuple[int, ...]
    minor: int
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one typology found; ``notes`` say what was left out, if anything."""

    patterns: Sequence[Pattern]
    notes: tuple[str, ...] = ()


def end_to_end(ledger: Ledger) -> Ledger:
    """What moved between two different parties, one entry a payment: who only handled it is in none.

    Amounts are above zero: a reversal cancels what it reverses, or else is a payment back.

    >>> ledger = Ledger.of(("a", "b", 5, 1), ("b", "b", 7, 2), ("b", "a", -2, 3))
    >>> whole = end_to_end(ledger)
    >>> whole.payer.tolist(), whole.beneficiary.tolist(), whole.minor.tolist()
    ([0, 0], [1, 1], [500, 200])
    """
    beneficiary = ledger.beneficiary.copy()
    second = np.flatnonzero(ledger.leg == 1)
    if len(second):
        # Legs of one payment are neighbours; of a reversal the second leg comes first.
        before = np.maximum(second - 1, 0)
        follows = (
            (second > 0)
            & (ledger.leg[before] == 0)
            & (ledger.record[before] == ledger.record[second])
            & (ledger.dataset[before] == ledger.dataset[second])
            & (ledger.beneficiary[before] == ledger.payer[second])
        )
        beneficiary[np.where(follows, second - 1, second + 1)] = ledger.beneficiary[second]
    whole = replace(ledger, beneficiary=beneficiary).taken(np.flatnonzero(ledger.leg == 0)).settled
    ends = (whole.payer >= 0) & (whole.beneficiary >= 0)
    return whole.taken(np.flatnonzero(ends & (whole.payer != whole.beneficiary)))


def ticks(ledger: Ledger, days: float) -> int:
    """So many days in the ledger's unit of time; on an integer clock a step stands for a day."""
    return int(days * _DAY) if ledger.time_unit == "seconds" else int(days)


def grouped(ends: IntArray, size: int) -> tuple[IntArray, IntArray]:
    """The payments of each party in the order of time: (pointers of length size + 1, places)."""
    pointers = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(ends, minlength=size), out=pointers[1:])
    places: IntArray = _counted_out(ends, pointers)
    return pointers, places


@njit(cache=True)
def _counted_out(ends, pointers) -> Any:  # type: ignore[no-untyped-def]
    """A counting sort: a stable sort by comparison takes several times as long as the search that follows."""
    free, places = pointers.copy(), np.empty(len(ends), np.int64)
    for place in range(len(ends)):
        places[free[ends[place]]] = place
        free[ends[place]] += 1
    return places


def disjoint(patterns: Iterable[Pattern]) -> list[Pattern]:
    """The patterns in the order given, without those that share a payment with one before."""
    taken: set[int] = set()
    kept = []
    for pattern in patterns:
        if taken.isdisjoint(pattern.payments):
            taken.update(pattern.payments)
            kept.append(pattern)
    return kept

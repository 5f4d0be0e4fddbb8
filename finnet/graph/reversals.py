"""Reversals: which earlier payments they cancel, and what remains of them as a payment back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from finnet.graph.network import IntArray

if TYPE_CHECKING:
    from finnet.graph.ledger import BoolArray, Ledger

__all__ = ["settled"]


def settled(ledger: Ledger) -> Ledger:
    """What moved, every amount above zero.

    A reversal cancels what the same payer paid the same beneficiary by the same way before: the latest payment of just
    this amount, else the latest ones as far as it reaches. What no earlier payment explains is a payment back, at the
    reversal's own time. Amounts of zero are gone. Legs keep their order.

    Source: our own definition.
    """
    moved = ledger if ledger.minor.all() else ledger.taken(np.flatnonzero(ledger.minor))
    if not (moved.minor < 0).any():
        return moved
    first = np.flatnonzero(~moved.goes_on)
    last = np.append(first[1:], moved.size) - 1
    left = _cancelled(*_ends(moved, first, last), moved.minor[first])
    minor = np.repeat(left, last - first + 1)
    kept = np.flatnonzero(minor)
    moved, minor = moved.taken(kept), minor[kept]
    back = minor < 0
    return replace(
        moved,
        payer=np.where(back, moved.beneficiary, moved.payer),
        beneficiary=np.where(back, moved.payer, moved.beneficiary),
        minor=np.abs(minor),
    )


def _ends(ledger: Ledger, first: IntArray, last: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Payer, intermediary (-2 for none) and beneficiary of each payment; a reversal's second leg stands first."""
    begin = np.where(ledger.minor[first] < 0, last, first)
    end = first + last - begin
    via = np.where(first == last, -2, ledger.beneficiary[begin])
    return ledger.payer[begin], via, ledger.beneficiary[end]


def _cancelled(payer: IntArray, via: IntArray, beneficiary: IntArray, amount: IntArray) -> IntArray:
    """What is left of each payment, and, below zero, of each reversal."""
    left = amount.copy()
    is_back = amount < 0
    # Whoever is in no reversal is not looked at: most payments of most records.
    concerned = np.flatnonzero(_among(payer, is_back) & _among(beneficiary, is_back))
    way = _numbered(_numbered(payer[concerned], beneficiary[concerned]), via[concerned])
    order = np.argsort(way, kind="stable")
    starts = np.searchsorted(way[order], np.arange(way.max() + 2))
    places = concerned[order]
    _take_back(left, amount, np.flatnonzero(is_back), way[is_back[concerned]], starts, places)
    return left


def _among(ends: IntArray, chosen: BoolArray) -> BoolArray:
    """Which of these ends are an end of a chosen payment too."""
    is_there = np.zeros(ends.max() + 2, bool)  # the last place is that of the end that nobody named, -1
    is_there[ends[chosen]] = True
    found: BoolArray = is_there[ends]
    return found


def _numbered(one: IntArray, other: IntArray) -> IntArray:
    """One number for each pair of these: the same for the same pair."""
    span = int(other.max()) - int(other.min()) + 1
    return np.unique(one * span + (other - other.min()), return_inverse=True)[1].reshape(-1)


@njit(cache=True)
def _take_back(left, amount, reversals, ways, starts, places):  # type: ignore[no-untyped-def]
    for number in range(len(reversals)):
        reversal = reversals[number]
        begin, end = starts[ways[number]], starts[ways[number] + 1]
        last = begin + np.searchsorted(places[begin:end], reversal) - 1
        for at in range(last, begin - 1, -1):
            payment = places[at]
            if amount[payment] == -amount[reversal] and left[payment] == amount[payment]:
                left[payment], left[reversal] = 0, 0
                break
        for at in range(last, begin - 1, -1):
            if left[reversal] == 0:
                break
            part = min(-left[reversal], max(left[places[at]], 0))
            left[places[at]] -= part
            left[reversal] += part

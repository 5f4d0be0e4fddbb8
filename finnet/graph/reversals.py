"""Reversals: which earlier payments they cancel, and what remains of them as a payment back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from finnet.graph.network import IntArray

if TYPE_CHECKING:
    from finnet.graph.ledger import Ledger

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
    left = _cancelled(_ends(moved, first, last), moved.minor[first])
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


def _ends(ledger: Ledger, first: IntArray, last: IntArray) -> IntArray:
    """Payer, intermediary (-2 for none) and beneficiary of each payment; a reversal's second leg stands first."""
    begin = np.where(ledger.minor[first] < 0, last, first)
    end = first + last - begin
    via = np.where(first == last, -2, ledger.beneficiary[begin])
    return np.column_stack([ledger.payer[begin], via, ledger.beneficiary[end]])


def _cancelled(ends: IntArray, amount: IntArray) -> IntArray:
    """What is left of each payment, and, below zero, of each reversal."""
    left = amount.copy()
    _, way = np.unique(ends, axis=0, return_inverse=True)
    way = way.reshape(-1)
    order = np.argsort(way, kind="stable")
    starts = np.searchsorted(way[order], np.arange(way.max() + 2))
    for reversal in np.flatnonzero(amount < 0).tolist():
        same = order[starts[way[reversal]] : starts[way[reversal] + 1]]
        earlier = same[: np.searchsorted(same, reversal)][::-1]
        whole = earlier[(left[earlier] == -left[reversal]) & (amount[earlier] == left[earlier])]
        _take_back(left, reversal, whole[:1].tolist() or earlier.tolist())
    return left


def _take_back(left: IntArray, reversal: int, payments: Sequence[int]) -> None:
    for payment in payments:
        part = min(-left[reversal], max(left[payment], 0))
        left[payment] -= part
        left[reversal] += part
        if left[reversal] == 0:
            return

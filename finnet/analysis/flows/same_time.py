"""Payments of one time in the order that lets money through: whoever pays has first received."""

from __future__ import annotations

import heapq

import numpy as np
from numba import njit

from finnet.graph.ledger import Ledger

__all__ = ["inflow_first"]


def inflow_first(ledger: Ledger) -> Ledger:
    """The settled ledger with the payments of each time put so that receipts stand before payments of the same party.

    Where they go round in a circle, the first of the file begins. Otherwise the order of the file stays. The two legs
    of a payment stay together. Times do not change.

    >>> day = Ledger.of(("Mule", "Shell", 190, "2019-03-01"), ("Acme", "Mule", 200, "2019-03-01"))
    >>> list(inflow_first(day).payment_ids)
    ['p2', 'p1']

    Source: our own definition; a topological order after Kahn (1962).
    """
    settled = ledger.settled
    first = np.flatnonzero(~settled.goes_on)
    # A payment's last leg is the one before the next payment's first.
    last = np.append(first[1:], settled.size)[: len(first)] - 1
    payer, beneficiary = settled.payer[first], settled.beneficiary[last]
    order = _order(payer, beneficiary, settled.time[first], len(settled.ids))
    legs = last - first + 1
    starts = np.repeat(first[order], legs[order])
    within = np.arange(settled.size) - np.repeat(np.cumsum(legs[order]) - legs[order], legs[order])
    return settled.taken(starts + within)


@njit(cache=True)
def _order(payer, beneficiary, time, parties):  # type: ignore[no-untyped-def]
    count = len(payer)
    order = np.empty(count, np.int64)
    waits_for = np.zeros(parties, np.int64)  # receipts of this time that are still to come, per party
    begin, placed = 0, 0
    while begin < count:
        end = begin
        while end < count and time[end] == time[begin]:
            end += 1
        size = end - begin
        is_placed = np.zeros(size, np.bool_)
        for k in range(begin, end):
            if beneficiary[k] >= 0 and beneficiary[k] != payer[k]:
                waits_for[beneficiary[k]] += 1
        by_payer = np.argsort(payer[begin:end], kind="mergesort")
        payers = payer[begin:end][by_payer]
        ready = [0 for _ in range(0)]
        for k in range(begin, end):
            if payer[k] < 0 or waits_for[payer[k]] == 0:
                heapq.heappush(ready, k)
        unplaced = begin
        for _ in range(size):
            k = -1
            while len(ready) > 0 and k < 0:
                k = heapq.heappop(ready)
                if is_placed[k - begin]:
                    k = -1
            if k < 0:  # a circle: the first of the file begins it
                while is_placed[unplaced - begin]:
                    unplaced += 1
                k = unplaced
            is_placed[k - begin] = True
            order[placed] = k
            placed += 1
            receiver = beneficiary[k]
            if receiver >= 0 and receiver != payer[k]:
                waits_for[receiver] -= 1
                if waits_for[receiver] == 0:
                    place = np.searchsorted(payers, receiver)
                    while place < size and payers[place] == receiver:
                        heapq.heappush(ready, begin + by_payer[place])
                        place += 1
        begin = end
    return order

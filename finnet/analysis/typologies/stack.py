"""Layers: several payers, several parties between whom they share, several beneficiaries whom those share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
from numba import njit

from finnet.analysis.finding import Found, Pattern, grouped, ticks
from finnet.graph.ledger import Ledger
from finnet.graph.network import IntArray

__all__ = ["DEFINITION", "FATF", "find"]

DEFINITION = (
    "parties between who pairwise share so many payers and so many beneficiaries or more, each passing on nearly what "
    "a payment brought, later and within the window"
)
FATF = "2025, 1 of 4: enlisting intermediaries"

_SHARED_BY = 200  # a payer of more parties than that shares them with everybody
_MOST_RELAYS = 5_000_000


def find(ledger: Ledger, *, window: int = 7, least: int = 2, low: float = 0.85, high: float = 1.0) -> Found:
    """Groups of parties between, chained by what they share; ``least`` is the number of payers and beneficiaries.

    A payment on is ``low`` to ``high`` times the payment in, and later by at most ``window`` days (or steps). Parties:
    payers, then those between, then beneficiaries, each by id; who is several of these stands where it comes first. The
    amount is what those between passed on. Payers of more than 200 parties are not asked whom they share.

    >>> layers = [("A", "m", 9, 1), ("A", "n", 9, 1), ("B", "m", 9, 1), ("B", "n", 9, 1)]
    >>> layers += [("m", "Y", 8, 2), ("m", "Z", 8, 2), ("n", "Y", 8, 2), ("n", "Z", 8, 2)]
    >>> [(one.parties, one.says) for one in find(Ledger.of(*layers)).patterns]
    [((0, 1, 4, 5, 2, 3), '2 payers, 2 parties between, 2 beneficiaries')]

    Source: IBM, AMLSim, alert pattern stack (bipartite payments, chained); what those between share is our own measure.
    """
    if ledger.size == 0:
        return Found(patterns=[])
    pointers, places = grouped(ledger.payer, len(ledger.ids))
    relays = _relays(
        pointers, places, ledger.payer, ledger.beneficiary, ledger.minor, ledger.time, ticks(ledger, window), low, high,
        _MOST_RELAYS,
    )  # fmt: skip
    cut = (f"stack: only the first {_MOST_RELAYS:,} payments passed on are looked at",) * (len(relays) == _MOST_RELAYS)
    patterns = [_stack(ledger, relays, between) for between in _groups(_near(ledger, relays, least))]
    return Found(patterns=sorted(patterns, key=lambda pattern: (pattern.payments[-1], pattern.payments)), notes=cut)


def _near(ledger: Ledger, relays: IntArray, least: int) -> dict[int, set[int]]:
    """For each party between the others with whom it shares enough payers and beneficiaries."""
    payers: dict[int, set[int]] = defaultdict(set)
    beneficiaries: dict[int, set[int]] = defaultdict(set)
    paid: dict[int, set[int]] = defaultdict(set)
    columns = ledger.payer[relays[:, 0]], ledger.payer[relays[:, 1]], ledger.beneficiary[relays[:, 1]]
    for payer, between, end in zip(*(column.tolist() for column in columns), strict=True):
        payers[between].add(payer)
        beneficiaries[between].add(end)
        paid[payer].add(between)
    near: dict[int, set[int]] = defaultdict(set)
    pairs = {pair for group in paid.values() if len(group) <= _SHARED_BY for pair in combinations(sorted(group), 2)}
    for one, other in sorted(pairs):
        if min(len(payers[one] & payers[other]), len(beneficiaries[one] & beneficiaries[other])) >= least:
            near[one].add(other)
            near[other].add(one)
    return near


def _groups(near: dict[int, set[int]]) -> Iterator[list[int]]:
    seen: set[int] = set()
    for start in sorted(near):
        if start in seen:
            continue
        group, waiting = {start}, [start]
        while waiting:
            fresh = near[waiting.pop()] - group
            group |= fresh
            waiting += sorted(fresh)
        seen |= group
        yield sorted(group)


def _stack(ledger: Ledger, relays: IntArray, between: list[int]) -> Pattern:
    own = relays[np.isin(ledger.payer[relays[:, 1]], between)]
    came, went = np.unique(own[:, 0]), np.unique(own[:, 1])
    payers, ends = np.unique(ledger.payer[came]).tolist(), np.unique(ledger.beneficiary[went]).tolist()
    return Pattern(
        parties=tuple(dict.fromkeys([*payers, *between, *ends])),
        payments=tuple(np.union1d(came, went).tolist()),
        minor=int(ledger.minor[went].sum()),
        says=f"{len(payers)} payers, {len(between)} parties between, {len(ends)} beneficiaries",
    )


@njit(cache=True)
def _relays(pointers, places, payer, beneficiary, minor, time, window, low, high, most) -> Any:  # type: ignore[no-untyped-def]
    """Pairs of payments of which the second passes on the first: to somebody else, later, nearly as much."""
    found, used = np.empty((1024, 2), np.int64), 0
    for first in range(len(payer)):
        start, stop = pointers[beneficiary[first]], pointers[beneficiary[first] + 1]
        end = stop
        while start < end:
            half = (start + end) // 2
            if time[places[half]] <= time[first]:
                start = half + 1
            else:
                end = half
        for place in range(start, stop):
            second = places[place]
            if time[second] - time[first] > window:
                break
            if beneficiary[second] == payer[first]:
                continue
            if minor[second] < low * minor[first] or minor[second] > high * minor[first]:
                continue
            if used == most:
                return found[:used]
            if used == len(found):
                larger = np.empty((2 * len(found), 2), np.int64)
                larger[:used] = found
                found = larger
            found[used, 0], found[used, 1] = first, second
            used += 1
    return found[:used]

"""Typologies on invented payments with planted round trips, beside the same search in plain Python.

``python -m benchmarks typologies``; with FINNET_BENCH_LARGE=1 also ten million payments, which plain Python is not
asked to search.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Callable, Iterator
from time import process_time
from typing import TypeVar

import numpy as np

from benchmarks import Comparison
from finnet.analysis.typologies.round_trip import round_trips
from finnet.api.payment_patterns import TYPOLOGIES
from finnet.graph.ledger import Ledger

__all__ = ["comparisons"]

Found = TypeVar("Found")

_DAY = 86_400
_WINDOW, _HOPS, _LOW, _HIGH = 3, 8, 0.9, 1.0


def comparisons() -> Iterator[Comparison]:
    """Round trips beside a depth-first search over Python lists, which finds the same; then each typology alone."""
    warm = _ledger(200, 1_000)
    for size, parties in ((100_000, 20_000), (1_000_000, 100_000)):
        ledger = _ledger(parties, size)
        _trips(warm)
        found, took = _timed(lambda given=ledger: _trips(given))  # type: ignore[misc]
        plain, python = _timed(lambda given=ledger: _plainly(given))  # type: ignore[misc]
        assert len(found) == plain
        yield Comparison(
            what=f"{len(found):,} round trips, {size:.0e} payments", finnet=took, seconds=python, peer=_PEER
        )
    if os.environ.get("FINNET_BENCH_LARGE"):
        large = _ledger(500_000, 10_000_000)
        found, took = _timed(lambda: _trips(large))
        yield Comparison(what=f"{len(found):,} round trips, 1e7 payments", finnet=took, seconds=took, peer="itself")
    ledger = _ledger(100_000, 1_000_000)
    for name in TYPOLOGIES:
        TYPOLOGIES[name].find(warm)
        _, took = _timed(lambda given=name: TYPOLOGIES[given].find(ledger))  # type: ignore[misc]
        yield Comparison(what=f"{name} at its defaults, 1e6 payments", finnet=took, seconds=took, peer="itself")


_PEER = "depth first over Python lists of payments sorted by time"


def _ledger(parties: int, size: int, cycles: int = 200) -> Ledger:
    """Payments of a month among parties of unequal size, and planted round trips with a fee of 2 % a hop."""
    chance = np.random.default_rng(0)
    payer, beneficiary = (chance.random((2, size)) ** 1.3 * parties).astype(np.int64)
    time = chance.integers(0, 30 * _DAY, size)
    minor = np.exp(chance.normal(11.5, 1.5, size)).astype(np.int64) + 1
    columns = [(payer, beneficiary, time, minor)]
    for _ in range(cycles):
        length = int(chance.integers(3, 7))
        members = chance.choice(parties, length, replace=False)
        at = chance.integers(0, 20 * _DAY) + np.sort(chance.integers(1, 3 * _DAY, length))
        kept = (np.exp(chance.normal(13.5, 1)) * 0.98 ** np.arange(length)).astype(np.int64) + 100
        columns.append((members, np.roll(members, -1), at, kept))
    payer, beneficiary, time, minor = (np.concatenate(parts) for parts in zip(*columns, strict=True))
    apart = np.flatnonzero(payer != beneficiary)
    order = apart[np.argsort(time[apart], kind="stable")]
    nothing = np.zeros(len(order), np.int64)
    return Ledger(
        ids=tuple(f"v{number:07}" for number in range(parties)),
        payer=payer[order],
        beneficiary=beneficiary[order],
        minor=minor[order],
        time=time[order],
        leg=nothing,
        dataset=nothing,
        record=np.arange(len(order)),
        currency="USD",
        time_unit="seconds",
        datasets=("invented",),
    )


def _trips(ledger: Ledger) -> list[tuple[int, ...]]:
    found, _ = round_trips(ledger, window=_WINDOW, hops=_HOPS, low=_LOW, high=_HIGH, most_per_start=1_000_000)
    return found


def _plainly(ledger: Ledger) -> int:
    paid: list[list[tuple[int, int, int, int]]] = [[] for _ in ledger.ids]
    rows = list(zip(*(c.tolist() for c in (ledger.payer, ledger.beneficiary, ledger.time, ledger.minor)), strict=True))
    for place, (payer, beneficiary, time, minor) in enumerate(rows):
        paid[payer].append((time, place, beneficiary, minor))
    count = 0
    for payer, beneficiary, time, minor in rows:
        last = time + _WINDOW * _DAY
        waiting = [(beneficiary, time, minor, frozenset((beneficiary,)), 1)]
        while waiting:
            at, now, amount, seen, length = waiting.pop()
            for later, _, other, other_minor in paid[at][bisect_right(paid[at], (now, len(rows))) :]:
                if later > last:
                    break
                if not _LOW * amount <= other_minor <= _HIGH * amount:
                    continue
                if other == payer:
                    count += 1
                elif length + 1 < _HOPS and other not in seen:
                    waiting.append((other, later, other_minor, seen | {other}, length + 1))
    return count


def _timed(work: Callable[[], Found]) -> tuple[Found, float]:
    begun = process_time()
    found = work()
    return found, process_time() - begun

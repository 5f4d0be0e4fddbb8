"""Tracing rules in one pass beside the same rule in plain Python, and the flow in time order beside the static one.

With FINNET_BENCH_LARGE=1 the flow also over a million payments, near to the most that it is computed for.
``python -m benchmarks.tracing 10000000`` measures that many payments without the peers, which would take minutes.
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from functools import partial
from time import process_time

import numpy as np

from benchmarks import Comparison, seconds
from finnet.analysis.flows.passage import Passage
from finnet.analysis.flows.temporal_flow import temporal_flow
from finnet.analysis.flows.tracing import RULES, trace_by
from finnet.graph.ledger import Ledger

__all__ = ["comparisons", "random_payments"]

_SIZES = (100_000, 1_000_000)
_SOURCES = 20
_MANY = 0.1  # of all parties, where much of the money is traced


def comparisons() -> Iterator[Comparison]:
    """Each rule that conserves against plain Python, the lots also where much is traced; then the flow in time."""
    for size in _SIZES:
        yield from _rules(size)
    yield from _rules(_SIZES[1], sources=int(_MANY * _SIZES[1] / 10))
    yield _flow(_SIZES[0])
    if os.environ.get("FINNET_BENCH_LARGE"):
        yield _flow(_SIZES[1])


def random_payments(payments: int, *, seed: int = 0) -> Ledger:
    """Payments between a tenth (a fifth of few) as many parties, some of them far busier than others, one per step."""
    chance = np.random.default_rng(seed)
    parties = payments // (5 if payments <= _SIZES[0] else 10)
    payer = (chance.random(payments) ** 2 * parties).astype(np.int64)
    beneficiary = (chance.random(payments) ** 1.5 * parties).astype(np.int64)
    apart = payer != beneficiary
    minor = np.maximum(1, np.exp(chance.normal(8, 1.5, payments)) * 100).astype(np.int64)
    count = int(apart.sum())
    nothing = np.zeros(count, np.int64)
    return Ledger(
        ids=tuple(f"{number:08}" for number in range(parties)),
        payer=payer[apart],
        beneficiary=beneficiary[apart],
        minor=minor[apart],
        time=np.arange(count),
        leg=nothing,
        dataset=nothing,
        record=np.arange(count),
        currency="USD",
        time_unit="steps",
        datasets=("random",),
    )


def _passage(ledger: Ledger, sources: int = _SOURCES) -> Passage:
    chosen = np.random.default_rng(2).choice(len(ledger.ids), sources, replace=False)
    return Passage.of(ledger, sources=chosen.tolist())


def _rules(size: int, sources: int = _SOURCES) -> Iterator[Comparison]:
    ledger = random_payments(size)
    passage = _passage(ledger, sources)
    rows = list(zip(ledger.payer.tolist(), ledger.beneficiary.tolist(), ledger.minor.tolist(), strict=True))
    begun = set(np.flatnonzero(passage.label).tolist())
    peers: dict[str, Callable[[], list[int] | list[float]]] = {
        "fifo": lambda: _lots(rows, begun, newest_first=False),
        "lifo": lambda: _lots(rows, begun, newest_first=True),
        "haircut": lambda: _haircut(rows, begun),
        "clean_first": lambda: _by_seniority(rows, begun, traced_first=False),
        "taint_first": lambda: _by_seniority(rows, begun, traced_first=True),
    }
    for rule, peer in peers.items():
        if not np.allclose(trace_by(rule, passage).on, peer()):  # warm, and the same answer
            raise AssertionError(f"{rule}: plain Python disagrees")
        ours = seconds(partial(trace_by, rule, passage), clock=process_time)
        yield Comparison(
            what=f"{rule}, {ledger.size:,} payments, {sources:,} sources",
            finnet=ours,
            peer="plain Python",
            seconds=seconds(peer, times=1, clock=process_time),
        )


def _lots(rows: list[tuple[int, int, int]], sources: set[int], *, newest_first: bool) -> list[int]:
    pools: dict[int, deque[list[int]]] = defaultdict(deque)
    on = []
    for payer, beneficiary, amount in rows:
        moved, sent = [], 0
        if payer in sources:
            moved.append([amount, 1])
            sent = amount if beneficiary not in sources else 0
        else:
            pool, need = pools[payer], amount
            while need > 0:
                if not pool:
                    lot, need = [need, 0], 0
                elif pool[0][0] <= need:
                    lot = pool.popleft()
                    need -= lot[0]
                else:
                    pool[0][0] -= need
                    lot, need = [need, pool[0][1]], 0
                if lot[1]:
                    sent += lot[0]
                if moved and moved[-1][1] == lot[1]:
                    moved[-1][0] += lot[0]
                else:
                    moved.append(lot)
        on.append(sent)
        if beneficiary in sources:
            continue
        pool = pools[beneficiary]
        if newest_first:
            pool.extendleft(reversed(moved))
        else:
            if pool and pool[-1][1] == moved[0][1]:
                pool[-1][0] += moved.pop(0)[0]
            pool.extend(moved)
    return on


def _haircut(rows: list[tuple[int, int, int]], sources: set[int]) -> list[float]:
    pool: dict[int, float] = defaultdict(float)
    traced: dict[int, float] = defaultdict(float)
    on = []
    for payer, beneficiary, amount in rows:
        if payer in sources:
            moved = float(amount) if beneficiary not in sources else 0.0
        else:
            held = max(pool[payer], amount)
            moved = amount * traced[payer] / held
            pool[payer] = held - amount
            traced[payer] -= moved
        on.append(moved)
        if beneficiary not in sources:
            pool[beneficiary] += amount
            traced[beneficiary] += moved
    return on


def _by_seniority(rows: list[tuple[int, int, int]], sources: set[int], *, traced_first: bool) -> list[int]:
    clean: dict[int, int] = defaultdict(int)
    traced: dict[int, int] = defaultdict(int)
    on = []
    for payer, beneficiary, amount in rows:
        if payer in sources:
            moved = amount if beneficiary not in sources else 0
        else:
            moved = min(amount if traced_first else max(0, amount - clean[payer]), traced[payer])
            traced[payer] -= moved
            clean[payer] = max(0, clean[payer] - (amount - moved))
        on.append(moved)
        if beneficiary not in sources:
            traced[beneficiary] += moved
            clean[beneficiary] += amount - moved
    return on


def _flow(size: int) -> Comparison:
    from ortools.graph.python import max_flow

    ledger = random_payments(size)
    chosen = np.random.default_rng(2).choice(len(ledger.ids), 2 * _SOURCES, replace=False)
    sources, exits = chosen[:_SOURCES], chosen[_SOURCES:]
    figures: dict[str, int] = {}

    def in_time() -> None:
        figures["in time"] = temporal_flow(ledger, sources, exits).minor or 0

    def static() -> None:
        start, end = len(ledger.ids), len(ledger.ids) + 1
        everything = int(ledger.minor.sum())
        solver = max_flow.SimpleMaxFlow()
        solver.add_arcs_with_capacity(
            np.concatenate([ledger.payer, np.full(_SOURCES, start), exits]).astype(np.int32),
            np.concatenate([ledger.beneficiary, sources, np.full(_SOURCES, end)]).astype(np.int32),
            np.concatenate([ledger.minor, np.full(2 * _SOURCES, everything)]),
        )
        solver.solve(start, end)
        figures["static"] = solver.optimal_flow()

    in_time()
    ours, theirs = seconds(in_time), seconds(static)
    times = figures["static"] / figures["in time"]
    return Comparison(
        what=f"flow in time, {ledger.size:,} payments (static: {times:.1f}x as much)",
        finnet=ours,
        peer="static maximum flow (OR-tools)",
        seconds=theirs,
    )


def main(sizes: list[str]) -> int:
    """Print how long each rule takes at these sizes, finnet alone."""
    for size in sizes or ["10000000"]:
        passage = _passage(random_payments(int(size)))
        for rule in RULES:
            trace_by(rule, passage)
            took = seconds(partial(trace_by, rule, passage))
            print(f"{rule:<12} {len(passage.minor):>12,} payments {took:>8.2f}s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

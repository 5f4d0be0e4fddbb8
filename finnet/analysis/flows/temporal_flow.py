"""How much can have flowed in the order of time: the maximum flow over the network spread out in time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numba import njit

from finnet.graph.ledger import BoolArray, Ledger
from finnet.graph.network import IntArray

__all__ = ["MOST_LEGS", "TemporalFlow", "temporal_flow"]

# After pruning; above this a maximum flow in time takes minutes.
MOST_LEGS = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TemporalFlow:
    """The maximum in minor units, None where more legs than allowed could carry it; and how many could."""

    minor: int | None
    legs: int


def temporal_flow(
    ledger: Ledger,
    sources: Iterable[int],
    exits: Iterable[int],
    *,
    same_time: bool = False,
    most_legs: int = MOST_LEGS,
) -> TemporalFlow:
    """The most that sources can have sent to exits, each amount moving on only after it came.

    Sources have any amount at any time, everybody else holds money as long as they like. Strictly later times, or with
    ``same_time`` equal ones too, in whatever order. A payment through an intermediary can go on at once. Reversals take
    back earlier payments of the same two parties. Never more than the static maximum flow over the same payments.

    >>> ledger = Ledger.of(("x", "t", 3, 1), ("s", "x", 5, 2), ("x", "y", 4, 3), ("y", "t", 4, 4), ("x", "t", 2, 5))
    >>> temporal_flow(ledger, [ledger.number["s"]], [ledger.number["t"]]).minor
    500

    Source: Akrida, Czyzowicz, Gasieniec, Kuszner, Spirakis, Temporal flows in temporal networks (2017): a maximum flow
    of the time-expanded network equals the minimum temporal cut.
    """
    is_source, is_exit = np.zeros(len(ledger.ids), bool), np.zeros(len(ledger.ids), bool)
    is_source[list(sources)] = True
    is_exit[list(exits)] = True
    netted = _netted(ledger)
    second = netted.goes_on
    apart = (netted.payer >= 0) & (netted.beneficiary >= 0) & (netted.payer != netted.beneficiary)
    useful = _useful(netted.payer, netted.beneficiary, netted.time, apart, second, is_source, is_exit, same_time)
    # Out of an exit or into a source nothing has to go.
    useful &= ~is_exit[netted.payer] & ~is_source[netted.beneficiary]
    legs = int(useful.sum())
    if legs > most_legs:
        return TemporalFlow(minor=None, legs=legs)
    if legs == 0:
        return TemporalFlow(minor=0, legs=0)
    return TemporalFlow(minor=_maximum(netted, useful, second, is_source, is_exit, same_time), legs=legs)


def _netted(ledger: Ledger) -> Ledger:
    """Amounts above zero: what was reversed is taken from the latest payments before it, else from later ones."""
    moved = ledger if ledger.minor.all() else ledger.taken(np.flatnonzero(ledger.minor))
    reversals = np.flatnonzero(moved.minor < 0)
    if not len(reversals):
        return moved
    minor = moved.minor.copy()
    pair = moved.payer * (len(moved.ids) + 1) + moved.beneficiary
    order = np.argsort(pair, kind="stable")
    ordered = pair[order]
    for reversal in reversals.tolist():
        owed = -minor[reversal]
        minor[reversal] = 0
        start, end = np.searchsorted(ordered, [pair[reversal], pair[reversal] + 1])
        same = order[start:end]
        before = np.searchsorted(same, reversal)
        for place in [*same[:before][::-1].tolist(), *same[before:].tolist()]:
            taken = min(owed, max(minor[place], 0))
            minor[place] -= taken
            owed -= taken
            if owed == 0:
                break
    kept = np.flatnonzero(minor > 0)
    return replace(moved.taken(kept), minor=minor[kept])


def _maximum(
    ledger: Ledger, useful: BoolArray, second: BoolArray, is_source: BoolArray, is_exit: BoolArray, same_time: bool
) -> int:
    """The time-expanded network: two nodes (money that can go, money that came) per party and time at which it is named
    by a leg; with ``same_time`` one."""
    from ortools.graph.python import max_flow

    places = np.flatnonzero(useful)
    payer, beneficiary = ledger.payer[places], ledger.beneficiary[places]
    minor, time = ledger.minor[places], ledger.time[places]
    party, when = np.concatenate([payer, beneficiary]), np.concatenate([time, time])
    order = np.lexsort((when, party))
    is_new = np.ones(len(order), bool)
    is_new[1:] = (party[order][1:] != party[order][:-1]) | (when[order][1:] != when[order][:-1])
    event = np.empty(len(order), np.int64)
    event[order] = np.cumsum(is_new) - 1
    events = int(is_new.sum())
    whose = party[order][is_new]
    going, coming = event[: len(places)], event[len(places) :]
    if not same_time:
        coming = coming + events
    start, end = 2 * events, 2 * events + 1
    everything = int(minor.sum())
    held = np.flatnonzero(whose[1:] == whose[:-1])
    tails, heads, capacity = [going], [coming], [minor]

    def join(tail: IntArray, head: IntArray, amount: IntArray | int) -> None:
        tails.append(tail)
        heads.append(head)
        capacity.append(np.full(len(tail), amount) if isinstance(amount, int) else amount)

    join(held, held + 1, everything)
    if not same_time:
        join(held + events, held + 1, everything)
        through = np.flatnonzero(useful[1:] & second[1:] & useful[:-1]) + 1
        position = np.cumsum(useful) - 1
        on, to = position[through], position[through - 1]
        # In transit: what the first leg brought may stay, or go on with the second at once.
        transit = np.arange(len(on)) + end + 1
        leaving = transit + len(on)
        heads[0] = coming.copy()
        tails[0] = going.copy()
        heads[0][to] = transit
        tails[0][on] = leaving
        join(transit, coming[to], minor[to])
        join(transit, leaving, minor[to])
        join(going[on], leaving, minor[on])
    seeds = np.unique(going[is_source[payer]])
    join(np.full(len(seeds), start), seeds, everything)
    ends = np.unique(coming[is_exit[beneficiary]])
    join(ends, np.full(len(ends), end), everything)
    solver = max_flow.SimpleMaxFlow()
    solver.add_arcs_with_capacity(
        np.concatenate(tails).astype(np.int32), np.concatenate(heads).astype(np.int32), np.concatenate(capacity)
    )
    status = solver.solve(start, end)
    if status != solver.OPTIMAL:
        raise RuntimeError(f"the maximum flow was not found: {status}")
    return int(solver.optimal_flow())


@njit(cache=True)
def _useful(payer, beneficiary, time, apart, second, is_source, is_exit, same_time):  # type: ignore[no-untyped-def]
    # Which legs money of the sources can be on, and from which it can still come to an exit: by the first time it can
    # be with each party, and the last time it can leave from there.
    count = len(payer)
    never = np.int64(2**62)
    reached = np.where(is_source, -never, never)
    carried = np.zeros(count, np.bool_)
    begin = 0
    while begin < count:
        end = begin
        while end < count and time[end] == time[begin]:
            end += 1
        changed = True
        while changed:
            changed = False
            for k in range(begin, end):
                if carried[k] or not apart[k]:
                    continue
                first = reached[payer[k]]
                if first < time[k] or (same_time and first <= time[k]) or (second[k] and carried[k - 1]):
                    carried[k] = True
                    if reached[beneficiary[k]] > time[k]:
                        reached[beneficiary[k]] = time[k]
                    changed = same_time
        begin = end
    leaves = np.where(is_exit, never, -never)
    useful = np.zeros(count, np.bool_)
    end = count
    while end > 0:
        begin = end
        while begin > 0 and time[begin - 1] == time[end - 1]:
            begin -= 1
        changed = True
        while changed:
            changed = False
            for k in range(end - 1, begin - 1, -1):
                if useful[k] or not carried[k]:
                    continue
                last = leaves[beneficiary[k]]
                goes_on = k + 1 < count and second[k + 1] and useful[k + 1]
                if last > time[k] or (same_time and last >= time[k]) or goes_on:
                    useful[k] = True
                    if leaves[payer[k]] < time[k]:
                        leaves[payer[k]] = time[k]
                    changed = same_time
        end = begin
    return useful

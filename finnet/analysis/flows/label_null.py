"""Choke point or merely a big bank: what traced money passes a party, beside what would from other sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from finnet.graph.ledger import BoolArray, Ledger
from finnet.graph.network import FloatArray, IntArray

__all__ = ["LabelNull", "false_discovery", "label_null", "strata"]

_BATCH = 32  # draws that go through the payments together
_DECILES = 10


@dataclass(frozen=True, kw_only=True)
class LabelNull:
    """One entry per party that passes traced money on, sources left out; amounts in minor units.

    ``bite``: traced money that it sent on, which would have stopped there; nobody takes its place in this count.
    ``collateral``: all else that it sent. ``lift``: the traced share of what it sent over the traced share of all that
    moved. ``ratio``: bite / collateral, infinite without collateral. ``expected`` is the mean bite over the draws,
    ``p`` the share of draws, its own counted, with as large a bite, ``q`` the same after Benjamini and Hochberg. Four
    numbers and a chance; no score is made of them.
    """

    party: IntArray
    bite: FloatArray
    lift: FloatArray
    collateral: FloatArray
    ratio: FloatArray
    expected: FloatArray
    p: FloatArray
    q: FloatArray
    fixed: int  # sources in whose stratum are sources only: every draw has them


def strata(ledger: Ledger) -> list[tuple[object, ...]]:
    """Per party: country, schema, and the decile of all it paid and received."""
    settled = ledger.settled
    volume = np.zeros(len(ledger.ids), np.int64)
    for end in (settled.payer, settled.beneficiary):
        np.add.at(volume, end[end >= 0], settled.minor[end >= 0])
    rank = np.argsort(np.argsort(volume, kind="stable"), kind="stable")
    decile = rank * _DECILES // max(1, len(rank))
    nothing = [None] * len(ledger.ids)
    columns = (ledger.vertices.get("country", nothing), ledger.vertices.get("schema", nothing), decile.tolist())
    return list(zip(*columns, strict=True))


def label_null(
    ledger: Ledger, sources: Sequence[int], stratum: Sequence[object], *, draws: int = 1_000, seed: int = 0
) -> LabelNull:
    """Draws as many other sources from the same strata, so often, and traces each draw by the haircut.

    In each draw every source is replaced by a party of its own stratum, without repetition. A draw in which a party is
    itself a source says nothing about it and does not count for it.

    >>> ledger = Ledger.of(
    ...     ("Src", "Mule", 100, 1), ("Twin", "Bank", 100, 1), ("Mule", "Z", 90, 2), ("Bank", "Z", 90, 2)
    ... )
    >>> found = label_null(ledger, [ledger.number["Src"]], ["a", "b", "a", "a", "b"], draws=50)
    >>> [ledger.ids[party] for party in found.party], found.bite.tolist(), found.collateral.tolist()
    (['Mule'], [9000.0], [0.0])

    Source: permutation of labels within strata (Good, Permutation, Parametric and Bootstrap Tests of Hypotheses, 2005);
    Benjamini and Hochberg, Controlling the false discovery rate (1995); haircut as in finnet.analysis.flows.pools.
    """
    settled, size = ledger.settled, len(ledger.ids)
    is_source = np.zeros((size, 1), np.bool_)
    is_source[list(sources)] = True
    sent = np.zeros(size, np.int64)
    whole = (settled.payer >= 0) & (settled.payer != settled.beneficiary)
    np.add.at(sent, settled.payer[whole], settled.minor[whole])
    columns = settled.payer, settled.beneficiary, settled.minor, settled.goes_on
    bite = _passed_on(*columns, is_source)[:, 0]
    party = np.flatnonzero((bite >= 0.5) & ~is_source[:, 0])
    total, larger, valid = np.zeros(size), np.ones(size), np.zeros(size)
    chance = np.random.default_rng(seed)
    for start in range(0, draws, _BATCH):
        drawn = _drawn(sources, stratum, min(_BATCH, draws - start), size, chance)
        passed = _passed_on(*columns, drawn)
        total += np.where(drawn, 0.0, passed).sum(axis=1)
        larger += ((passed >= bite[:, None]) & ~drawn).sum(axis=1)
        valid += (~drawn).sum(axis=1)
    everything = float(settled.minor[whole].sum())
    own = float(sent[list(sources)].sum())
    traced_share = (bite[~is_source[:, 0]].sum() + own) / everything if everything else 0.0
    collateral = np.maximum(sent[party] - bite[party], 0.0)
    p = larger[party] / (1 + valid[party])
    return LabelNull(
        party=party,
        bite=bite[party],
        lift=bite[party] / sent[party] / traced_share if traced_share else np.zeros(len(party)),
        collateral=collateral,
        ratio=np.divide(bite[party], collateral, out=np.full(len(party), np.inf), where=collateral > 0),
        expected=total[party] / np.maximum(valid[party], 1),
        p=p,
        q=false_discovery(p),
        fixed=_fixed(sources, stratum),
    )


def false_discovery(p: FloatArray) -> FloatArray:
    """Benjamini and Hochberg's adjusted values: q_(i) = min over j ≥ i of p_(j) · n / j.

    >>> false_discovery(np.array([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted


def _fixed(sources: Sequence[int], stratum: Sequence[object]) -> int:
    members, chosen = Counter(stratum), Counter(stratum[source] for source in set(sources))
    return sum(count for label, count in chosen.items() if members[label] == count)


def _drawn(
    sources: Sequence[int], stratum: Sequence[object], draws: int, size: int, chance: np.random.Generator
) -> BoolArray:
    """A column per draw: who is a source in it."""
    members: dict[object, list[int]] = {}
    for party, label in enumerate(stratum):
        members.setdefault(label, []).append(party)
    wanted: dict[object, int] = {}
    for source in sorted(set(sources)):
        wanted[stratum[source]] = wanted.get(stratum[source], 0) + 1
    drawn = np.zeros((size, draws), np.bool_)
    for draw in range(draws):
        for label, count in wanted.items():
            drawn[chance.choice(members[label], count, replace=False), draw] = True
    return drawn


@njit(cache=True)
def _passed_on(payer, beneficiary, minor, goes_on, is_source) -> Any:  # type: ignore[no-untyped-def]
    """Traced money that each party sent, by draw: the share that its pool has; of a source all."""
    size, draws = is_source.shape
    held = np.zeros(size)
    traced, sent = np.zeros((size, draws)), np.zeros((size, draws))
    moved = np.zeros(draws)
    for k in range(len(payer)):
        x, y, amount = payer[k], beneficiary[k], float(minor[k])
        if x == y:
            continue
        if goes_on[k]:
            # What only passes an intermediary is what came, not a part of what it holds.
            for draw in range(draws):
                moved[draw] = amount if x >= 0 and is_source[x, draw] else moved[draw]
        else:
            for draw in range(draws):
                if x < 0:
                    moved[draw] = 0.0
                elif is_source[x, draw]:
                    moved[draw] = amount
                else:
                    # What it never was seen to receive is clean.
                    moved[draw] = traced[x, draw] * amount / max(held[x], amount)
                    traced[x, draw] -= moved[draw]
            if x >= 0:
                held[x] = max(held[x] - amount, 0.0)
        if x >= 0:
            for draw in range(draws):
                sent[x, draw] += moved[draw]
        if y >= 0 and not (k + 1 < len(payer) and goes_on[k + 1]):
            held[y] += amount
            for draw in range(draws):
                if not is_source[y, draw]:
                    traced[y, draw] += moved[draw]
    return sent

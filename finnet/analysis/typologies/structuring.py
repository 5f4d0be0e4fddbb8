"""Payments kept just below a reporting threshold, or split within a day so that each stays below it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from scipy.stats import binom

from finnet.analysis.finding import Found, Pattern, grouped
from finnet.analysis.interdiction.enforcement import jurisdiction_groups
from finnet.analysis.thresholds import Threshold, load_thresholds
from finnet.graph.ledger import NO_DAY, Ledger
from finnet.graph.network import IntArray

__all__ = ["DEFINITION", "find"]

DEFINITION = (
    "payments of one party in the band just below a threshold, many more than those it deals with have there; or "
    "several of one day, each below the threshold and together at or above it"
)

_LEAST_COMPARED = 20  # other payments of the counterparties: with fewer nobody knows what is usual


def find(ledger: Ledger, *, least: int = 3, low: float = 0.8, level: float = 0.001) -> Found:
    """Payers with ``least`` or more payments in the band, and those with splits, by threshold, earliest first.

    T is the least that is reported: where the text says "more than 10,000", a cent above. The band is ``low`` times the
    threshold up to, not including, T. What is usual is the share in the band of all that the payer's own
    counterparties pay and receive from others (counted as half a payment if none); the excess counts where so many or
    more have a chance of ``level`` or less (binomial), and there are 20 such payments to compare with. A split is two
    or more payments of one payer on one day, as their records give it, not as it was in UTC, each a quarter of the
    band's lower end or more and below T, that together reach T. Parties: the payer, then the beneficiaries by id.
    Thresholds are those of the ledger's currency in ``reporting_thresholds.toml``; one counts where the country of
    either end is its jurisdiction, or not on record. Without a threshold for the currency nothing is found.

    >>> ledger = Ledger.of(("Acme", "a", 9500, "2019-03-01"), ("Acme", "b", 9000, "2019-03-01"))
    >>> [pattern.says for pattern in find(ledger).patterns]
    ['2 payments of one day, each short of what is reported, more than 10,000 USD (us), together 18,500.00']

    Source: our own definition, after 31 U.S.C. § 5324 (structuring transactions to evade reporting requirements).
    """
    patterns: list[Pattern] = []
    single = np.flatnonzero(ledger.day != NO_DAY)
    left_out = ledger.size - len(single)
    ledger = ledger.taken(single) if left_out else ledger
    thresholds = [one for one in load_thresholds() if one.currency == ledger.currency]
    for threshold in thresholds:
        limit = threshold.reported_from(ledger.scale)
        applies = _applies(ledger, threshold)
        patterns += _excess(ledger, threshold, limit, applies, least=least, low=low, level=level)
        patterns += _splits(ledger, threshold, limit, applies, low=low)
    notes = [] if thresholds else [f"structuring: no reporting threshold in {ledger.currency} is known"]
    notes += [
        f"structuring: the threshold of {one.words} was not read in its text" for one in thresholds if not one.checked
    ]
    if thresholds and left_out:
        notes.append(
            f"structuring: {left_out:,} records are no single payment of one day (sums, periods, months): "
            "they are left out"
        )
    patterns = [replace(one, payments=tuple(single[list(one.payments)].tolist())) for one in patterns]
    return Found(
        patterns=sorted(patterns, key=lambda one: (one.payments[-1], one.payments, one.says)), notes=tuple(notes)
    )


def _applies(ledger: Ledger, threshold: Threshold) -> IntArray:
    countries = ledger.vertices.get("country")
    counts = np.ones(ledger.size, np.bool_)
    if threshold.since is not None and ledger.time_unit != "steps":
        counts = ledger.day >= (date.fromisoformat(threshold.since) - date(1970, 1, 1)).days
    if countries is None:
        return np.flatnonzero(counts & (not threshold.foreign))
    members = jurisdiction_groups().get(threshold.jurisdiction, frozenset({threshold.jurisdiction}))
    there = np.array([code in members if code else not threshold.foreign for code in countries], np.bool_)
    if threshold.abroad:
        known = np.array([code in members for code in countries], np.bool_)
        counts = counts & ~(known[ledger.payer] & known[ledger.beneficiary])
    return np.flatnonzero(counts & (there[ledger.payer] | there[ledger.beneficiary]))


def _excess(
    ledger: Ledger, threshold: Threshold, limit: int, applies: IntArray, *, least: int, low: float, level: float
) -> list[Pattern]:
    size = len(ledger.ids)
    inside = np.zeros(ledger.size, np.int64)
    bottom = low * threshold.amount * ledger.scale
    inside[applies] = (ledger.minor[applies] >= bottom) & (ledger.minor[applies] < limit)
    paid, paid_inside = (np.bincount(ledger.payer, weights, size).astype(np.int64) for weights in (None, inside))
    every, every_inside = (
        count + np.bincount(ledger.beneficiary, weights, size).astype(np.int64)
        for count, weights in ((paid, None), (paid_inside, inside))
    )
    pointers, places = grouped(ledger.payer, size)
    patterns = []
    for party in np.flatnonzero(paid_inside >= least).tolist():
        own = places[pointers[party] : pointers[party + 1]]
        others = np.unique(ledger.beneficiary[own])
        usual = int(every[others].sum()) - len(own)
        usual_inside = int(every_inside[others].sum()) - int(paid_inside[party])
        if usual < _LEAST_COMPARED:
            continue
        expected = max(usual_inside, 0.5) / usual
        chance = float(binom.sf(paid_inside[party] - 1, paid[party], min(expected, 1.0)))
        if chance > level:
            continue
        members = own[inside[own] == 1]
        patterns.append(
            _pattern(
                ledger, members,
                f"{len(members)} of {len(own)} payments from {low * threshold.amount:,.0f} to short of what is "
                f"reported, {threshold.words}; with those it pays {usual_inside} of {usual}",
            )
        )  # fmt: skip
    return patterns


def _splits(ledger: Ledger, threshold: Threshold, limit: int, applies: IntArray, *, low: float) -> list[Pattern]:
    below = applies[
        (ledger.minor[applies] < limit) & (ledger.minor[applies] >= low * threshold.amount * ledger.scale / 4)
    ]
    day = ledger.day[below]
    order = np.lexsort((below, day, ledger.payer[below]))
    below, day = below[order], day[order]
    payer = ledger.payer[below]
    ends = np.flatnonzero((payer[1:] != payer[:-1]) | (day[1:] != day[:-1])) + 1
    patterns = []
    for members in np.split(below, ends):
        total = int(ledger.minor[members].sum())
        if len(members) > 1 and total >= limit:
            patterns.append(
                _pattern(
                    ledger, members,
                    f"{len(members)} payments of one day, each short of what is reported, {threshold.words}, together "
                    f"{ledger.amount(total):,}",
                )
            )  # fmt: skip
    return patterns


def _pattern(ledger: Ledger, members: IntArray, says: str) -> Pattern:
    others = sorted(set(ledger.beneficiary[members].tolist()))
    return Pattern(
        parties=(int(ledger.payer[members[0]]), *others),
        payments=tuple(sorted(members.tolist())),
        minor=int(ledger.minor[members].sum()),
        says=says,
    )

"""Who may be chosen, and why the others may not: one reason each, counted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from finnet.analysis.interdiction.situation import BoolArray
from finnet.graph.network import IntArray, Network

__all__ = ["Eligible", "eligible", "majority_country"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligible:
    """Sorted numbers of the candidates, and how many were left out by reason, in the order in which reasons apply."""

    candidates: IntArray
    excluded: dict[str, int]


def majority_country(network: Network, seeds: IntArray) -> str | None:
    """The country of more than half of the seeds, None if there is none; seeds without a country count as seeds.

    >>> countries = {"country": ["kp", "cn"]}
    >>> network = Network.build(source=["a"], target=["b"], weight=[1], unit="links", vertices=countries)
    >>> majority_country(network, np.array([0])), majority_country(network, np.array([0, 1]))
    ('kp', None)
    """
    countries = network.vertices.get("country")
    if countries is None or not len(seeds):
        return None
    counts: dict[str, int] = {}
    for seed in seeds.tolist():
        if countries[seed]:
            counts[countries[seed]] = counts.get(countries[seed], 0) + 1
    return next((country for country, count in sorted(counts.items()) if 2 * count > len(seeds)), None)


def eligible(
    network: Network,
    *,
    in_force: IntArray,
    seeds: IntArray,
    exits: IntArray,
    offered: IntArray | None,
    excluded: IntArray,
    target_state: str | None,
    captured: IntArray | None = None,
) -> Eligible:
    """The candidates.

    Never: who is in force already or ``captured`` by a rule from that, seeds, exits, stubs (parties that a record
    points at and none describes; in a graph of payments the payment describes them), whom the user excludes. Unless the
    user says who is ``offered``: nor who is on a list already, nor the target state's own parties.
    """
    listed = np.array([bool(names) for names in network.vertices.get("authorities", ())], bool)
    missing = network.vertices.get("missing")
    reasons: list[tuple[str, BoolArray]] = [
        ("in force already", _mask(network, in_force)),
        ("blocked by rule already", _mask(network, np.empty(0, np.int64) if captured is None else captured)),
        ("seed", _mask(network, seeds)),
        ("exit", _mask(network, exits)),
        ("excluded by --exclude", _mask(network, excluded)),
    ]
    if missing is not None and network.minor is None:
        reasons.append(("not described by any record", np.asarray(missing, bool)))
    if offered is not None:
        reasons.append(("not among --candidates", ~_mask(network, offered)))
    else:
        if len(listed):
            reasons.append(("listed already", listed))
        if target_state is not None:
            reasons.append((f"in the target state ({target_state.upper()})", _in(network, {target_state})))
    left = np.ones(network.size, bool)
    counts: dict[str, int] = {}
    for reason, mask in reasons:
        hit = int((left & mask).sum())
        if hit:
            counts[reason] = hit
        left &= ~mask
    return Eligible(candidates=np.flatnonzero(left), excluded=counts)


def _mask(network: Network, numbers: IntArray) -> BoolArray:
    mask = np.zeros(network.size, bool)
    mask[numbers] = True
    return mask


def _in(network: Network, countries: Collection[str]) -> BoolArray:
    column = network.vertices.get("country")
    if column is None:
        return np.zeros(network.size, bool)
    return np.array([country in countries for country in column], bool)

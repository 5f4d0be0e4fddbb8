"""A proven bound on what any choice within the budget leaves flowing, by putting a price on choosing.

For a price p per unit of cost, L(p) = min cut with each gate at p · cost − p · budget is at most the optimum: the best
set's own cut costs no more. L is concave and piecewise linear, each cut being one line, so its maximum is found by
walking along the cuts (Kelley's method in one dimension), exactly and in few minimum cuts. The maximum equals the bound
of the linear relaxation of Wood's integer programme.

Source: Wood, Deterministic network interdiction (1993); Kelley, The cutting-plane method (1960).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from finnet.analysis.interdiction.flow_gates import Gates
from finnet.analysis.interdiction.flow_maximum import LARGEST, augment, reachable, reaching, residual_of
from finnet.analysis.interdiction.flow_network import ENTRY, EXIT
from finnet.analysis.interdiction.solution import Clock

__all__ = ["Cut", "Relaxation", "relax"]


@dataclass(frozen=True, slots=True)
class Cut:
    """A way to part seeds from exits: ``flow`` over its open arcs, and the ``nodes`` whose gates it crosses."""

    flow: int
    nodes: frozenset[int]


@dataclass(slots=True, kw_only=True)
class Relaxation:
    """What the prices say: a proven ``bound``, the price where it is reached, and the cuts met on the way.

    ``exact`` is a cut within the budget whose flow equals the bound: then its nodes are a best set. ``cuts`` are in the
    order in which they were met.
    """

    bound: int
    price: Fraction
    cuts: list[Cut] = field(default_factory=list)
    exact: Cut | None = None
    evaluations: int = 0


def relax(
    gates: Gates,
    budget: int,
    *,
    closed: frozenset[int] = frozenset(),
    kept_open: frozenset[int] = frozenset(),
    known: Iterable[Cut] = (),
    price: Fraction | None = None,
    enough: int | None = None,
    evaluations: int = 60,
    clock: Clock | None = None,
) -> Relaxation:
    """The best bound for a budget, given nodes that are ``closed`` already (which it pays for) and some ``kept_open``.

    ``known`` cuts and a ``price`` to start from save work; it ends early once the bound reaches ``enough``.
    """
    free = budget - sum(int(gates.cost[node]) for node in closed)
    # Whom the rest of the budget cannot pay for stays open, too.
    kept_open = kept_open | (gates.beyond(free) - closed)
    rising: dict[Cut, int] = {}  # cuts that cost more than the budget, and by how much
    falling: dict[Cut, int] = {}

    def admit(cut: Cut) -> None:
        if not cut.nodes & kept_open:
            slope = sum(int(gates.cost[node]) for node in cut.nodes - closed) - free
            (rising if slope > 0 else falling)[cut] = slope

    for cut in known:
        admit(cut)
    found = Relaxation(bound=0, price=Fraction(0))
    peak: Fraction | None = None
    if price is None:
        price, peak = _peak(rising, falling, gates.whole)
    while True:
        found.evaluations += 1
        price, value, cuts = _minimum_cuts(gates, price, closed, kept_open)
        for cut in cuts:
            admit(cut)
        found.cuts += cuts
        reached = value - price * free
        if reached > found.bound or found.evaluations == 1:
            found.bound, found.price = max(0, math.ceil(reached)), price
        for cut in cuts:
            if cut in falling and cut.flow <= found.bound:
                found.exact = cut
                return found
        if (enough is not None and found.bound >= enough) or (peak is not None and reached >= peak):
            return found
        if found.evaluations >= evaluations or (clock is not None and clock.is_over):
            return found
        before = price
        price, peak = _peak(rising, falling, gates.whole)
        if price == before:
            return found


def _peak(rising: dict[Cut, int], falling: dict[Cut, int], whole: int) -> tuple[Fraction, Fraction | None]:
    """The price where the lowest line is highest, and how high that is; None where too few lines are known to say.

    The highest point of the lower envelope is where some rising line meets some falling one: of all such meetings, the
    lowest. It is looked for in floats and worked out exactly, which is enough: every price gives a valid bound.
    """
    if not falling:
        return Fraction(whole + 1), None
    if not rising:
        return Fraction(0), None
    ups, downs = list(rising.items()), list(falling.items())
    flow_up = np.array([cut.flow for cut, _ in ups], float)[:, None]
    slope_up = np.array([slope for _, slope in ups], float)[:, None]
    flow_down = np.array([cut.flow for cut, _ in downs], float)
    slope_down = np.array([slope for _, slope in downs], float)
    price = np.maximum((flow_down - flow_up) / (slope_up - slope_down), 0.0)
    place = int(np.argmin(flow_down + price * slope_down))
    (up, rise), (down, fall) = ups[place // len(downs)], downs[place % len(downs)]
    exact = max(Fraction(down.flow - up.flow, rise - fall), Fraction(0))
    return exact, down.flow + exact * fall


def _minimum_cuts(
    gates: Gates, price: Fraction, closed: frozenset[int], kept_open: frozenset[int]
) -> tuple[Fraction, Fraction, list[Cut]]:
    """The price (rounded down where the exact one would not fit 64 bits), the value of a minimum cut at it, and the two
    minimum cuts nearest to the seeds and nearest to the exits."""
    arcs, plain = gates.arcs, gates.plain
    multiple = price.denominator
    if max(gates.whole, 1) * multiple >= LARGEST:
        multiple = LARGEST // max(gates.whole, 1) - 1
        price = Fraction(math.floor(price * multiple), multiple)
    most = gates.whole * multiple
    toll = int(price * multiple)
    capacity = gates.capacity * multiple
    cost = gates.cost[gates.node_of_gate]
    # A gate never needs more than the whole flow; the product is worked out only where it fits.
    capacity[plain:] = np.where(cost * (toll > 0) > most // max(toll, 1), most, cost * min(toll, most))
    if closed:
        shut = list(closed)
        capacity[gates.gate_in[shut]] = capacity[gates.gate_out[shut]] = 0
    if kept_open:
        stay = list(kept_open)
        capacity[gates.gate_in[stay]] = capacity[gates.gate_out[stay]] = most
    residual = residual_of(capacity)
    value = augment(arcs, residual, ENTRY, EXIT)
    sides = [reachable(arcs, residual, ENTRY), ~reaching(arcs, residual, EXIT)]
    cuts: list[Cut] = []
    for side in sides:
        crossed = side[arcs.tail] & ~side[arcs.head]
        nodes = frozenset(gates.node_of_gate[crossed[plain:]].tolist())
        flow = int(gates.capacity[:plain][crossed[:plain]].sum()) + gates.whole * len(nodes & kept_open)
        cut = Cut(flow, nodes - kept_open)
        if cut not in cuts:
            cuts.append(cut)
    return price, Fraction(value, multiple), cuts

"""What is left of the planted flow when parties are taken out, as a formula, and which three are provably best.

A channel takes in c_i at each entry i, each of its brokers can carry all of it on to outlets that pay d_j to the
exits: every tie entry → broker is at least c_i wide, every tie broker → outlet at least d_j. Channels share only seeds,
exits and the state bank, none of which may be taken out. Then, with C taken out,

    F(C) = sum over channels of  0                                           if C holds all brokers of the channel,
                                 min(c of the entries left, d of the outlets left)  else,

because the entries left, and the outlets left, are cuts of that size, and one broker that is left carries the smaller
of the two. What the channels' own banks carry comes from entries and goes to brokers, and so changes neither cut.

Let M be min(c, d) of a whole channel, and w of an entry or outlet min(M, its c_i or d_j). C takes out at most

    sum of M of the channels whose brokers are all in C  +  sum of w of its entries and outlets in the other channels,

since M - min(c - c(X), d - d(Y)) <= max(c(X), d(Y)). Where the best choice by this bound consists of brokers alone,
the bound is what it takes out; if every other choice has a smaller bound, it is the only best set.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from finnet.samples._calendar import BASE, Rates
from finnet.samples._channels import EXITS, SEEDS, STATE_BANK, Channel, Leg

__all__ = ["FlowAnswer", "Measured", "flow_left", "measure", "planted_flow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A channel as its payments made it, in minor units: what each entry takes in, what each outlet pays on."""

    name: str
    brokers: tuple[str, ...]
    taken_in: Mapping[str, int]
    paid_on: Mapping[str, int]

    @property
    def whole(self) -> int:
        """What flows while nobody is taken out."""
        entering = sum(self.taken_in.values())
        return min(entering, sum(self.paid_on.values())) if self.paid_on else entering

    @property
    def worth(self) -> dict[str, int]:
        """At most what each entry or outlet is worth, alone or beside others."""
        return {name: min(amount, self.whole) for name, amount in [*self.taken_in.items(), *self.paid_on.items()]}


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowAnswer:
    """The best set, what flows before and after, and the least that any other set of that size leaves, at least."""

    chosen: tuple[str, ...]
    before: int
    after: int
    others_leave: int
    channels: tuple[Measured, ...]


def measure(channels: Iterable[Channel], legs: Iterable[Leg], rates: Rates, currency: str | None) -> list[Measured]:
    """The channels in one currency, or all converted by ``rates``, in minor units.

    Raises: ValueError if the payments do not have the shape that the formula needs.
    """
    width = _widths(legs, rates, currency)
    givers = (*SEEDS, STATE_BANK)
    if sum(width[seed, STATE_BANK] for seed in SEEDS) < sum(
        amount for (payer, _), amount in width.items() if payer == STATE_BANK
    ):
        raise ValueError("the state bank pays on more than it takes in")
    if any(width[seed, exit_] for seed in givers for exit_ in EXITS):
        raise ValueError("a seed pays an exit directly")
    found = []
    for channel in channels:
        made = Measured(
            name=channel.name,
            brokers=channel.design.brokers,
            taken_in={entry: sum(width[giver, entry] for giver in givers) for entry in channel.entries},
            paid_on={outlet: sum(width[outlet, exit_] for exit_ in EXITS) for outlet in channel.outlets},
        )
        for broker in made.brokers:
            wide = all(width[entry, broker] >= amount for entry, amount in made.taken_in.items())
            wide &= all(width[broker, outlet] >= amount for outlet, amount in made.paid_on.items())
            wide &= bool(made.paid_on) or sum(width[broker, exit_] for exit_ in EXITS) >= made.whole
            if not wide:
                raise ValueError(f"{broker} cannot carry all that its channel takes in or pays on")
        found.append(made)
    return found


def flow_left(measured: Iterable[Measured], chosen: Collection[str]) -> int:
    """F(C): what still flows from seeds to exits, in minor units."""
    total = 0
    for channel in measured:
        if not all(broker in chosen for broker in channel.brokers):
            entering = sum(amount for name, amount in channel.taken_in.items() if name not in chosen)
            leaving = sum(amount for name, amount in channel.paid_on.items() if name not in chosen)
            total += min(entering, leaving) if channel.paid_on else entering
    return total


def planted_flow(measured: Sequence[Measured], *, barred: Collection[str], budget: int) -> FlowAnswer:
    """The best set of ``budget`` parties, none of them among ``barred``, proved by the bound to be the only one.

    Raises: ValueError if the bound proves none.
    """
    cuttable = [channel for channel in measured if not set(channel.brokers) & set(barred)]
    before = flow_left(measured, ())
    bounds: list[tuple[int, int, tuple[str, ...]]] = []
    for count in range(budget + 1):
        for cut in combinations(cuttable, count):
            brokers = [broker for channel in cut for broker in channel.brokers]
            room = budget - len(brokers)
            if room < 0:
                continue
            names = {channel.name for channel in cut}
            worths = [worth for channel in measured if channel.name not in names for worth in channel.worth.values()]
            best_fill = sum(sorted(worths, reverse=True)[:room])
            bounds.append((sum(channel.whole for channel in cut) + best_fill, room, tuple(sorted(brokers))))
    bounds.sort(reverse=True)
    (most, room, chosen), (second, *_) = bounds[:2]
    if room or most <= second or before - most != flow_left(measured, chosen):
        raise ValueError("no set of brokers is provably the only best one")
    return FlowAnswer(
        chosen=chosen, before=before, after=before - most, others_leave=before - second, channels=tuple(measured)
    )


def _widths(legs: Iterable[Leg], rates: Rates, currency: str | None) -> dict[tuple[str, str], int]:
    """What moved from one party to another, in minor units: per currency less reversals, never below nothing."""
    net: dict[tuple[str, str, str], int] = defaultdict(int)
    for leg in legs:
        if currency in (None, leg.currency):
            amount = leg.amount if currency else rates.minor(leg.amount, leg.currency, leg.day)
            stops = (leg.payer, leg.intermediary, leg.beneficiary) if leg.intermediary else (leg.payer, leg.beneficiary)
            for payer, beneficiary in pairwise(stops):
                net[payer, beneficiary, leg.currency if currency else BASE + leg.currency] += amount
    width: dict[tuple[str, str], int] = defaultdict(int)
    for (payer, beneficiary, _), amount in net.items():
        width[payer, beneficiary] += max(0, amount)
    return width

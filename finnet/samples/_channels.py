"""The channels through which the sample's illicit money runs, and the payments that make them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from finnet.samples._calendar import CURRENCIES, DAYS, Rates
from finnet.samples._dice import Dice

__all__ = ["DESIGNS", "EXITS", "SEEDS", "STATE_BANK", "Channel", "Leg", "make_channels", "make_legs"]

SEEDS = ("ch-seed-1", "ch-seed-2", "ch-seed-3", "ch-seed-4")
EXITS = ("ch-exit-1", "ch-exit-2", "ch-exit-3")
STATE_BANK = "ch-state-bank"

# Amounts are planned in hundreds of a currency's unit: only those convert without rounding (Rates.minor).
_STEP = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """A channel on paper: its brokers, what it carries per currency, in units, and the bank that it uses."""

    brokers: tuple[str, ...]
    volume: tuple[int, int, int]  # as CURRENCIES; one unit is payments * 50 US dollars
    bank: str | None = None
    note: str


DESIGNS: dict[str, Design] = {
    "alpha": Design(
        brokers=("ch-broker-a", "ch-broker-b"),
        volume=(3, 28, 22),
        bank="ch-bank-1",
        note="two interchangeable brokers; next to no US dollars",
    ),
    "beta": Design(
        brokers=("ch-broker-c", "ch-broker-d"),
        volume=(22, 2, 2),
        bank="ch-bank-2",
        note="two interchangeable brokers, in US dollars",
    ),
    "gamma": Design(
        brokers=("ch-forwarder",), volume=(2, 5, 13), bank="ch-bank-3", note="one freight forwarder, mostly in yuan"
    ),
    "delta": Design(brokers=("ch-remitter",), volume=(12, 0, 1), note="one remitter, in US dollars; once listed"),
    "epsilon": Design(brokers=("ch-chandler",), volume=(6, 3, 0), note="one ship chandler"),
    "zeta": Design(
        brokers=("ch-desk-1", "ch-desk-2", "ch-desk-3"),
        volume=(8, 8, 8),
        note="three interchangeable desks: to cut them takes the whole budget and is worth less",
    ),
    "eta": Design(brokers=("ch-listed-house",), volume=(15, 10, 5), note="a trading house that is listed already"),
    "theta": Design(brokers=("ch-bureau",), volume=(14, 6, 5), note="a trading bureau in the target state itself"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Seeds pay ``entries``, each entry pays each broker, each broker pays each of ``outlets``, and these the exits.

    Without outlets the brokers pay the exits themselves. A channel shares nothing with another but seeds, the state
    bank and exits.
    """

    name: str
    design: Design
    entries: tuple[str, ...]
    outlets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One payment: ``amount`` in cents of its currency (negative: a reversal), ``day`` of the sample's year."""

    payer: str
    beneficiary: str
    currency: str
    amount: int
    day: int
    purpose: str
    commodity: str = ""
    intermediary: str = ""


def make_channels(names: tuple[str, ...], *, entries: int, outlets: int) -> list[Channel]:
    """The named channels with that many entries and outlets each; ids run on from channel to channel."""
    return [
        Channel(
            name=name,
            design=DESIGNS[name],
            entries=tuple(f"ch-entry-{place * entries + i + 1:02}" for i in range(entries)),
            outlets=tuple(f"ch-outlet-{place * outlets + i + 1:02}" for i in range(outlets)),
        )
        for place, name in enumerate(names)
    ]


def make_legs(channels: list[Channel], dice: Dice, *, unit: int, rounds: int) -> list[Leg]:
    """The payments of the channels. ``unit`` is what one unit of a design is worth, in hundreds of US dollars.

    Each tie is paid in ``rounds`` parts, and in every round the money moves on in the order of its way.
    """
    starts = [DAYS * place // rounds + dice.between(0, max(0, DAYS // rounds - 24)) for place in range(rounds)]
    legs: list[Leg] = []
    for channel in channels:
        slack = (94, 106, 110)[dice.between(0, 2)]  # per cent: what the outlets pay on, of what the entries took in
        for currency, volume in zip(CURRENCIES, channel.design.volume, strict=True):
            planned = volume * unit * 10_000 // Rates.middle(currency)
            if planned:
                legs += _channel_legs(channel, dice, currency, planned, planned * slack // 100, starts)
    return legs + _odd_legs(channels, unit)


def _channel_legs(
    channel: Channel, dice: Dice, currency: str, taken_in: int, paid_on: int, starts: list[int]
) -> list[Leg]:
    legs: list[Leg] = []

    def pay(payer: str, beneficiary: str, amount: int, stage: int, purpose: str, *, through: str = "") -> None:
        goods = ("coal", "petroleum")[(len(legs) // 7) % 2] if stage >= 2 else ""
        for start, part in zip(starts, dice.parts(amount, len(starts)), strict=True):
            day = min(start + 4 * stage + dice.between(0, 3), DAYS - 1)
            if part:
                legs.append(
                    Leg(
                        payer=payer,
                        beneficiary=beneficiary,
                        currency=currency,
                        amount=part * _STEP,
                        day=day,
                        purpose=purpose,
                        commodity=goods,
                        intermediary=through,
                    )
                )

    for place, (entry, amount) in enumerate(
        zip(channel.entries, dice.parts(taken_in, len(channel.entries)), strict=True)
    ):
        seed = SEEDS[(place + len(channel.name)) % len(SEEDS)]
        pay(seed, entry, amount, 0, "advance", through=STATE_BANK if place % 3 == 0 else "")
        for broker in channel.design.brokers:
            pay(entry, broker, amount * dice.between(130, 150) // 100, 1, "invoice")
            if channel.design.bank:
                pay(entry, broker, amount * dice.between(40, 90) // 100, 1, "invoice", through=channel.design.bank)
    if not channel.outlets:
        for place, (broker, exit_) in enumerate(product(channel.design.brokers, EXITS)):
            pay(broker, exit_, taken_in * (60 + 10 * (place % 2)) // 100, 3, "goods")
        return legs
    for place, (outlet, amount) in enumerate(
        zip(channel.outlets, dice.parts(paid_on, len(channel.outlets)), strict=True)
    ):
        for broker in channel.design.brokers:
            pay(broker, outlet, amount * dice.between(130, 150) // 100, 2, "shipment")
        pay(outlet, EXITS[place % len(EXITS)], amount, 3, "goods")
    return legs


def _odd_legs(channels: list[Channel], unit: int) -> list[Leg]:
    """A direct payment that was reversed in full, a reversal in part, and brokers who pay each other."""
    legs = [
        Leg(payer=SEEDS[0], beneficiary=EXITS[0], currency="USD", amount=5 * unit * _STEP, day=40, purpose="goods"),
        Leg(payer=SEEDS[0], beneficiary=EXITS[0], currency="USD", amount=-5 * unit * _STEP, day=47, purpose="reversal"),
    ]
    for channel in channels:
        if len(channel.design.brokers) == 2:
            one, other = channel.design.brokers
            currency = CURRENCIES[max(range(3), key=channel.design.volume.__getitem__)]
            legs.append(
                Leg(payer=one, beneficiary=other, currency=currency, amount=unit * _STEP, day=200, purpose="loan")
            )
            amount = max(1, unit // 20) * _STEP
            legs.append(
                Leg(
                    payer=SEEDS[(1 + len(channel.name)) % len(SEEDS)],
                    beneficiary=channel.entries[1],
                    currency=currency,
                    amount=-amount,
                    day=300,
                    purpose="reversal",
                )
            )
    return legs

"""An invented network with planted answers: brokers, banks, shells, vessels and 20,000 payments in three currencies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from finnet.samples import SampleFile
from finnet.samples._answers import answers, readme
from finnet.samples._background import Background, make_background
from finnet.samples._calendar import CURRENCIES, Rates, day_text, make_rates
from finnet.samples._channels import DESIGNS, Channel, Leg, make_channels, make_legs
from finnet.samples._dice import Dice
from finnet.samples._files import write_csv, write_json, write_json_lines, write_text, write_workbook
from finnet.samples._flow_theorem import FlowAnswer, measure, planted_flow
from finnet.samples._groups import Group, Holding, make_groups, make_ties
from finnet.samples._mappings import (
    OFFICE_COLUMNS,
    OFFICES,
    PAYMENT_COLUMNS,
    PAYMENTS,
    REGISTER,
    REGISTER_COLUMNS,
    REGISTER_TITLE,
    VESSELS,
)
from finnet.samples._pairs_theorem import PairsAnswer, planted_pairs
from finnet.samples._parties import STAMP, UNDESCRIBED, Parties, core_parties, make_parties
from finnet.samples._ships import VESSEL_COLUMNS, vessel_rows

__all__ = ["INVENTED", "SEED", "ColdHarbour", "make", "write"]

INVENTED = True  # so that every page and export of it is stamped
SEED = 17
BUDGET = 3

# Listed already, or of the state of most seeds: such parties may not be chosen (docs/cold_harbour.md).
_BARRED = ("ch-listed-house", "ch-bureau")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColdHarbour:
    """The case before it is written. ``flow``, ``flow_usd`` and ``pairs`` are its planted answers, each proved."""

    seed: int
    rates: Rates
    channels: tuple[Channel, ...]
    legs: tuple[Leg, ...]
    background: Background
    groups: tuple[Group, ...]
    holdings: tuple[Holding, ...]
    parties: Parties
    flow: FlowAnswer
    flow_usd: FlowAnswer
    pairs: PairsAnswer

    @property
    def payments(self) -> int:
        """How many payments there are."""
        return len(self.legs) + len(self.background.amount)

    def payment_rows(self) -> Iterator[Sequence[str]]:
        """The payments by day, as PAYMENT_COLUMNS; on one day those of the channels come first."""
        own = [
            (leg.payer, leg.intermediary, leg.beneficiary, leg.amount, leg.currency, leg.purpose, leg.commodity)
            for leg in self.legs
        ]
        other = self.background
        names = (*other.names, "")  # place -1 is nobody
        days = np.concatenate([np.array([leg.day for leg in self.legs], np.int64), other.day])
        dates = [day_text(day) for day in range(int(days.max(initial=0)) + 1)]
        ends = list(
            zip(
                other.payer.tolist(),
                other.intermediary.tolist(),
                other.beneficiary.tolist(),
                other.amount.tolist(),
                other.currency.tolist(),
                strict=True,
            )
        )
        for number, place in enumerate(np.argsort(days, kind="stable").tolist(), 1):
            if place < len(own):
                payer, through, beneficiary, cents, currency, purpose, commodity = own[place]
            else:
                paying, middle, paid, cents, code = ends[place - len(own)]
                payer, through, beneficiary, currency = names[paying], names[middle], names[paid], CURRENCIES[code]
                purpose, commodity = _PURPOSES[place % len(_PURPOSES)]
            sign, size = ("-", -cents) if cents < 0 else ("", cents)
            yield (
                f"ch-pay-{number:06}", payer, through, beneficiary, f"{sign}{size // 100}.{size % 100:02}", currency,
                dates[days[place]], purpose, commodity,
            )  # fmt: skip

    def write(self, folder: Path) -> list[SampleFile]:
        """Write the files into a folder that exists, and say what they are."""
        things = [{"id": one.id, "schema": one.schema, "properties": one.properties} for one in self.parties.things]
        ties = [{"id": one.id, "schema": one.schema, "properties": one.properties} for one in self.parties.ties]
        write_json_lines(folder / "entities.ftm.json", [*things, *ties])
        write_csv(folder / "payments.csv", PAYMENT_COLUMNS, self.payment_rows())
        write_text(folder / "payments.toml", PAYMENTS)
        write_workbook(folder / "register.xlsx", "Register", REGISTER_TITLE, REGISTER_COLUMNS, self._register_rows())
        write_text(folder / "register.toml", REGISTER)
        write_csv(folder / "vessels.csv", VESSEL_COLUMNS, vessel_rows(Dice(self.seed, 6)))
        write_text(folder / "vessels.toml", VESSELS)
        write_csv(folder / "offices.csv", OFFICE_COLUMNS, self._office_rows())
        write_text(folder / "offices.toml", OFFICES)
        write_csv(folder / "rates.csv", ("date", "currency", "base", "rate"), self.rates.rows())
        document = answers(self.seed, self.flow, self.flow_usd, self.pairs)
        write_json(folder / "answers.json", document)
        write_text(folder / "README.md", readme(document))
        return [
            SampleFile(
                path=folder / "entities.ftm.json", name="entities.ftm.json", as_="ftm", role="data",
                dataset="cold_harbour",
            ),
            *(
                SampleFile(
                    path=folder / name, name=name, as_="table", role="data",
                    mapping=folder / f"{name.split('.')[0]}.toml", dataset=f"cold_harbour_{name.split('.')[0]}",
                )
                for name in ("payments.csv", "register.xlsx", "vessels.csv", "offices.csv")
            ),
            SampleFile(path=folder / "rates.csv", name="rates.csv", as_="rates", role="rates"),
            SampleFile(path=folder / "answers.json", name="answers.json", as_="json", role="answers"),
            SampleFile(path=folder / "README.md", name="README.md", as_="text", role="readme"),
        ]  # fmt: skip

    def _office_rows(self) -> Iterator[Sequence[str]]:
        for number, one in enumerate(self.parties.offices, 1):
            yield f"ch-office-{number}", one.agent, one.client, one.role, one.host, one.since, STAMP

    def _register_rows(self) -> Iterator[Sequence[str | float]]:
        name = {UNDESCRIBED: "", **{thing.id: thing.properties["name"][0] for thing in self.parties.things}}
        for number, one in enumerate(self.holdings, 1):
            share = float(one.share) if one.share and "-" not in one.share else one.share
            owner, company = name[one.owner], name[one.owned]
            yield f"ch-reg-{number:04}", one.owner, owner, one.owned, company, share, one.start, one.end, STAMP


# Purposes and goods of innocent payments, in turns.
_PURPOSES = (
    ("invoice", ""),
    ("goods", "coal"),
    ("rent", ""),
    ("goods", "petroleum"),
    ("wages", ""),
    ("fee", ""),
    ("invoice", ""),
)

# Outside the groups: a ring, what two seeds hold together, a band that may be a half, a share that nobody disclosed,
# and an owner whom nobody describes.
_OTHER_HOLDINGS = (
    Holding(owner="ch-loop-1", owned="ch-loop-2", share="30", start="2012-01-01"),
    Holding(owner="ch-loop-2", owned="ch-loop-3", share="40", start="2012-01-01"),
    Holding(owner="ch-loop-3", owned="ch-loop-1", share="20", start="2013-05-01"),
    Holding(owner="ch-seed-1", owned="ch-captive-1", share="25", start="2014-01-01"),
    Holding(owner="ch-seed-2", owned="ch-captive-1", share="25", start="2014-01-01"),
    Holding(owner="ch-seed-3", owned="ch-captive-2", share="25-50", start="2015-01-01"),
    Holding(owner="ch-seed-3", owned="ch-captive-3", share="", start="2016-01-01", end="2020-12-31"),
    Holding(owner=UNDESCRIBED, owned="ch-captive-3", share="49", start="2021-01-01"),
)


def make(
    seed: int = SEED,
    *,
    entities: int = 300,
    payments: int = 20_000,
    entries: int = 5,
    outlets: int = 4,
    rounds: int = 6,
    channels: Sequence[str] = tuple(DESIGNS),
    companies: tuple[int, int, int, int] = (20, 20, 16, 14),
) -> ColdHarbour:
    """The case of that size, with its answers proved.

    ``entries`` and ``outlets`` (0: brokers pay the exits themselves) of each channel; ``rounds`` in which a tie is
    paid; ``companies`` in the four groups. What the channels carry grows with ``payments``.

    Raises: ValueError if the size is too small for the case, or its answers cannot be proved.
    """
    rates = make_rates(Dice(seed, 1))
    made = make_channels(tuple(channels), entries=entries, outlets=outlets)
    legs = make_legs(made, Dice(seed, 2), unit=payments // 2, rounds=rounds)
    if len(legs) > payments:
        raise ValueError(f"the channels alone have {len(legs)} payments, more than {payments}")
    groups = make_groups([party for one in made for party in (*one.entries, *one.outlets)], companies)
    holdings, seats = make_ties(groups, Dice(seed, 3))
    holdings += _OTHER_HOLDINGS
    parties = make_parties(made, groups, seats, entities=entities)
    core = core_parties(made)
    background = make_background(parties.customers, parties.suppliers, core, Dice(seed, 4), payments - len(legs))
    influence = [*parties.influence, *((one.owner, one.owned) for one in holdings)]
    in_all, in_usd = (
        planted_flow(measure(made, legs, rates, currency), barred=_BARRED, budget=BUDGET) for currency in (None, "USD")
    )
    return ColdHarbour(
        seed=seed,
        rates=rates,
        channels=tuple(made),
        legs=tuple(legs),
        background=background,
        groups=tuple(groups),
        holdings=tuple(holdings),
        parties=parties,
        flow=in_all,
        flow_usd=in_usd,
        pairs=planted_pairs(groups, influence, BUDGET),
    )


def write(folder: Path) -> list[SampleFile]:
    """Write the sample as it ships: seed 17, 300 entities, 20,000 payments."""
    return make().write(folder)

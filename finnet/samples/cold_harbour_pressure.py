"""An invented network in which law, enforcers, time and doubt each change the answer: planted, and proved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from finnet.samples import SampleFile
from finnet.samples._background import Background, make_background
from finnet.samples._calendar import CURRENCIES, Rates, day_text, make_rates
from finnet.samples._channels import EXITS, SEEDS, Channel, Leg, make_legs
from finnet.samples._dice import Dice
from finnet.samples._files import write_csv, write_json, write_json_lines, write_text
from finnet.samples._flow_theorem import FlowAnswer, measure, planted_flow
from finnet.samples._mappings import PAYMENT_COLUMNS, PAYMENTS
from finnet.samples._parties import Parties
from finnet.samples._pressure_answers import TIP, answers, lasting_set, readme
from finnet.samples._pressure_design import GOODS, HOLDERS, HOLDINGS, make_parties, make_pressure_channels

__all__ = ["INVENTED", "SEED", "Pressure", "make", "write"]

INVENTED = True  # so that every page and export of it is stamped
SEED = 23
BUDGET = 3

# Nobody may choose who sits in the target state, nor who is listed already.
_BARRED = ("ch-conduit", "ch-listed-house")
_LINKS = """\
kind    = "links"
dataset = "cold_harbour_pressure_register"
ids     = "verbatim"
grade   = "A1"
licence = "INVENTED data of finnet's sample cold_harbour_pressure; no such party exists; CC0-1.0"

[columns]
id     = "number"
source = "owner"
target = "company"
share  = "share"
start  = "from"
end    = "to"

[defaults]
class  = "ownership"
schema = "Ownership"

[formats]
share     = "percent"
delimiter = ","
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressure:
    """The case before it is written, with its planted answers.

    ``plain``: everybody enforces, nobody captures. ``law``: under a rule that adds holdings up, the two holders stand
    for the conduit. ``without_china``: the channel in yuan has no enforcer. ``lasting``: over 180 days, by the closed
    form. Each is proved to be the only best set of three by the bound of ``_flow_theorem``.
    """

    seed: int
    rates: Rates
    channels: tuple[Channel, ...]
    legs: tuple[Leg, ...]
    background: Background
    parties: Parties
    plain: FlowAnswer
    law: FlowAnswer
    without_china: FlowAnswer
    lasting: tuple[str, ...]

    def payment_rows(self, *, tip: bool) -> Iterator[Sequence[str]]:
        """The payments by day, as PAYMENT_COLUMNS: those that one doubtful source tells of, or all others."""
        rows = []
        for leg in self.legs:
            if (TIP in (leg.payer, leg.beneficiary)) == tip:
                ends = (leg.payer, leg.intermediary, leg.beneficiary)
                rows.append((leg.day, *ends, leg.amount, leg.currency, leg.purpose, leg.commodity))
        if not tip:
            names = (*self.background.names, "")
            other = self.background
            for place in range(len(other.amount)):
                ends = (names[other.payer[place]], names[other.intermediary[place]], names[other.beneficiary[place]])
                code = CURRENCIES[int(other.currency[place])]
                rows.append((int(other.day[place]), *ends, int(other.amount[place]), code, "invoice", ""))
        for number, place in enumerate(np.argsort([row[0] for row in rows], kind="stable").tolist(), 1):
            day, payer, through, beneficiary, cents, currency, purpose, goods = rows[place]
            sign, size = ("-", -cents) if cents < 0 else ("", cents)
            yield (
                f"ch-{'tip' if tip else 'pay'}-{number:05}", payer, through, beneficiary,
                f"{sign}{size // 100}.{size % 100:02}", currency, day_text(day), purpose, goods,
            )  # fmt: skip

    def write(self, folder: Path) -> list[SampleFile]:
        """Write the files into a folder that exists, and say what they are."""
        things = [*self.parties.things, *self.parties.ties]
        write_json_lines(
            folder / "entities.ftm.json",
            [{"id": one.id, "schema": one.schema, "properties": one.properties} for one in things],
        )
        for name, grade, tip in (("payments", "A1", False), ("tip", "E5", True)):
            write_csv(folder / f"{name}.csv", PAYMENT_COLUMNS, self.payment_rows(tip=tip))
            dataset = f"cold_harbour_pressure_{name}"
            mapping = PAYMENTS.replace("cold_harbour_payments", dataset).replace('"B2"', f'"{grade}"')
            write_text(
                folder / f"{name}.toml", mapping.replace("sample cold_harbour;", "sample cold_harbour_pressure;")
            )
        rows = [
            (f"ch-reg-{number}", one.owner, one.owned, one.share, one.start, one.end)
            for number, one in enumerate(HOLDINGS, 1)
        ]
        write_csv(folder / "register.csv", ("number", "owner", "company", "share", "from", "to"), rows)
        write_text(folder / "register.toml", _LINKS)
        write_csv(folder / "rates.csv", ("date", "currency", "base", "rate"), self.rates.rows())
        document = answers(self.seed, self.plain, self.law, self.without_china, self.lasting)
        write_json(folder / "answers.json", document)
        write_text(folder / "README.md", readme(document))
        return [
            SampleFile(
                path=folder / "entities.ftm.json", name="entities.ftm.json", as_="ftm", role="data",
                dataset="cold_harbour_pressure",
            ),
            *(
                SampleFile(
                    path=folder / f"{name}.csv", name=f"{name}.csv", as_="table", role="data",
                    mapping=folder / f"{name}.toml", dataset=f"cold_harbour_pressure_{name}",
                )
                for name in ("payments", "tip", "register")
            ),
            SampleFile(path=folder / "rates.csv", name="rates.csv", as_="rates", role="rates"),
            SampleFile(path=folder / "answers.json", name="answers.json", as_="json", role="answers"),
            SampleFile(path=folder / "README.md", name="README.md", as_="text", role="readme"),
        ]  # fmt: skip


def make(
    seed: int = SEED, *, payments: int = 5_000, entries: int = 5, outlets: int = 5, rounds: int = 3, innocents: int = 60
) -> Pressure:
    """The case of that size, with its answers proved.

    Raises: ValueError if the size is too small for the case, or its answers cannot be proved.
    """
    rates = make_rates(Dice(seed, 1))
    channels = make_pressure_channels(entries, outlets)
    legs = [_with_goods(leg, channels) for leg in make_legs(channels, Dice(seed, 2), unit=payments // 2, rounds=rounds)]
    parties = make_parties(channels, innocents)
    if len(legs) > payments:
        raise ValueError(f"the channels alone have {len(legs)} payments, more than {payments}")
    insiders = [party for one in channels for party in (*one.entries, *one.design.brokers, *one.outlets)]
    core = [*SEEDS, *EXITS, *insiders, *HOLDERS]
    background = make_background(parties.customers, parties.suppliers, core, Dice(seed, 4), payments - len(legs))
    measured = measure(channels, legs, rates, None)
    captured = [replace(one, brokers=HOLDERS) if one.name == "conduit" else one for one in measured]
    yuan = next(one for one in channels if one.name == "yuan").design.brokers
    return Pressure(
        seed=seed,
        rates=rates,
        channels=tuple(channels),
        legs=tuple(legs),
        background=background,
        parties=parties,
        plain=planted_flow(measured, barred=_BARRED, budget=BUDGET),
        law=planted_flow(captured, barred=_BARRED, budget=BUDGET),
        without_china=planted_flow(measured, barred=(*_BARRED, *yuan), budget=BUDGET),
        lasting=lasting_set(measured, barred=_BARRED, budget=BUDGET),
    )


def write(folder: Path) -> list[SampleFile]:
    """Write the sample as it ships: seed 23, 5,000 payments."""
    return make().write(folder)


def _with_goods(leg: Leg, channels: Sequence[Channel]) -> Leg:
    """All that a channel pays is for its own goods, so that an embargo takes the whole channel or nothing of it."""
    for channel in channels:
        insiders = {*channel.entries, *channel.design.brokers, *channel.outlets}
        if {leg.payer, leg.beneficiary} & insiders:
            return replace(leg, commodity=GOODS.get(channel.name, ""))
    return replace(leg, commodity="")

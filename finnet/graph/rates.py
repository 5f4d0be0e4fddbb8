"""A dated rate table: amounts in several currencies counted in one, exactly and by the day."""

from __future__ import annotations

import csv
import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from pathlib import Path
from typing import Any

from finnet.errors import FinnetError, InputError, quoted
from finnet.model.currency import minor_digits
from finnet.model.dates import is_iso_date

__all__ = ["RateTable"]

_COLUMNS = ("date", "currency", "base", "rate")
# Whatever a payment can hold (18 digits) times a rate of 18 digits fits the engine's 128-bit integers.
_DIGITS = r"\d{1,8}(\.\d{1,10})?"


@dataclass(frozen=True, slots=True, kw_only=True)
class RateTable:
    """What one unit of a currency is worth in the base currency, from a date on.

    A CSV file with the columns ``date`` (ISO, a full day), ``currency``, ``base`` (one and the same throughout) and
    ``rate`` (units of the base per unit of the currency; a decimal point, no exponent). An amount is converted at the
    latest rate on or before its date; an amount dated to a month or a year takes the latest rate of that month or year.
    The base itself needs no rate. Results are rounded half to even at the base's minor unit, each amount by itself.
    """

    base: str
    name: str
    sha256: str
    days: dict[str, tuple[str, ...]]
    rates: dict[str, tuple[Decimal, ...]]

    @classmethod
    def read(cls, path: Path) -> RateTable:
        """The table in a file.

        Raises: InputError, with file and line, if it cannot be read as a rate table.
        """
        place = quoted(path.name)
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise InputError(f"rate table {place}: {error.strerror or type(error).__name__}") from error
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputError(f"rate table {place}: not UTF-8 at byte {error.start}", code="E1103") from error
        lines = text.splitlines()
        rows = csv.reader(lines, delimiter=";" if lines and ";" in lines[0] and "," not in lines[0] else ",")
        header = [cell.strip().lower() for cell in next(rows, [])]
        if sorted(header) != sorted(_COLUMNS):
            raise InputError(f"rate table {place} line 1: the columns have to be {', '.join(_COLUMNS)}")
        entries: dict[tuple[str, str], Decimal] = {}
        bases: set[str] = set()
        for row in rows:
            if not row:
                continue
            here = f"rate table {place} line {rows.line_num}"
            if len(row) != len(header):
                raise InputError(f"{here}: {len(row)} fields instead of {len(header)}", code="E1200")
            said = {name: cell.strip() for name, cell in zip(header, row, strict=True)}
            day, currency, rate = _entry(said, here)
            bases.add(said["base"])
            if len(bases) > 1:
                raise InputError(f"{here}: a second base {quoted(said['base'])}; a table has one", code="E1212")
            if entries.setdefault((currency, day), rate) != rate:
                raise InputError(f"{here}: a second, different rate for {currency} on {day}", code="E1212")
        if not bases:
            raise InputError(f"rate table {place}: no rates in it", code="E1108")
        days: dict[str, list[str]] = {}
        for currency, day in sorted(entries):
            days.setdefault(currency, []).append(day)
        return cls(
            base=bases.pop(),
            name=path.name,
            sha256=hashlib.sha256(raw).hexdigest(),
            days={currency: tuple(listed) for currency, listed in days.items()},
            rates={currency: tuple(entries[currency, day] for day in listed) for currency, listed in days.items()},
        )

    def rate(self, currency: str, date: str | None) -> Decimal:
        """Units of the base for one unit of ``currency`` on that date (ISO, of any precision).

        Raises: FinnetError (E2002) naming currency and date if there is no rate on or before it.
        """
        if currency == self.base:
            return Decimal(1)
        place = self._place(currency, date)
        if place == 0:
            when = f"on or before {date}" if date else "for a payment without a date"
            raise FinnetError(
                f"{self.name}: no rate from {quoted(currency)} to {self.base} {when}",
                code="E2002",
                hint="add it to the table, or look at one currency with --currency",
            )
        return self.rates[currency][place - 1]

    def _place(self, currency: str, date: str | None) -> int:
        """How many rates of the currency are on or before the date."""
        return bisect_right(self.days.get(currency, ()), f"{date}~") if date else 0  # "~" sorts after any digit or "-"

    def record(self, asked: Iterable[tuple[str, str | None]]) -> dict[str, Any]:
        """What an answer says of the rates that counted it; ``asked`` are the currencies and dates of its amounts.

        ``used`` has, per currency other than the base, the days of the first and last rate taken, and how many were.
        """
        days: dict[str, set[str]] = {}
        for currency, date in asked:
            if currency != self.base:
                days.setdefault(currency, set()).add(self.days[currency][self._place(currency, date) - 1])
        return {
            "name": self.name,
            "base": self.base,
            "sha256": self.sha256,
            "used": {
                currency: {"first": min(taken), "last": max(taken), "rates": len(taken)}
                for currency, taken in sorted(days.items())
            },
        }

    def convert(self, amount: Decimal, currency: str, date: str | None) -> Decimal:
        """The amount in the base currency, rounded half to even at its minor unit."""
        with localcontext() as exact:
            exact.prec = 60
            value = amount * self.rate(currency, date)
            return value.quantize(Decimal(1).scaleb(-minor_digits(self.base)), rounding=ROUND_HALF_EVEN)


def _entry(said: dict[str, str], here: str) -> tuple[str, str, Decimal]:
    if len(said["date"]) != len("2019-03-05") or not is_iso_date(said["date"]):
        raise InputError(f"{here}: date {quoted(said['date'])} is not a day like 2019-03-05", code="E1204")
    for name in ("currency", "base"):
        if not re.fullmatch(r"[A-Z]{3}", said[name]):
            raise InputError(f"{here}: {name} {quoted(said[name])} is not a code like USD", code="E1206")
    rate = Decimal(said["rate"]) if re.fullmatch(_DIGITS, said["rate"], re.ASCII) else Decimal(0)
    if rate == 0:
        raise InputError(
            f"{here}: rate {quoted(said['rate'])} is not a number above 0 like 1.0845",
            code="E1203",
            hint="at most 8 digits before the point and 10 behind it",
        )
    if said["currency"] == said["base"] and rate != 1:
        raise InputError(f"{here}: {said['base']} in {said['base']} is 1, not {quoted(said['rate'])}", code="E1212")
    return said["date"], said["currency"], rate

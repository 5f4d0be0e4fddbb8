"""The sample's year, its currencies and its invented rates, chosen so that planted amounts convert without rounding."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from finnet.samples._dice import Dice

__all__ = ["BASE", "CURRENCIES", "DAYS", "Rates", "day_text", "make_rates"]

BASE = "USD"
CURRENCIES = ("USD", "EUR", "CNY")
DAYS = 365

_FIRST = datetime.date(2021, 1, 1)
_DENOMINATOR = 10_000  # rates have four decimals
# Invented: near what such currencies were worth, moved by at most 2 % from month to month.
_MIDDLE = {"EUR": 11_500, "CNY": 1_500}
_SPREAD = {"EUR": 200, "CNY": 30}


@dataclass(frozen=True, slots=True)
class Rates:
    """US dollars for one unit of a currency, in ten-thousandths, from the first day of each month on."""

    by_month: dict[tuple[int, str], int]

    def minor(self, amount: int, currency: str, day: int) -> int:
        """An amount in cents of its currency as US cents.

        Exact for multiples of 100 units: 10,000 cents times a rate of four decimals are whole cents.

        Raises: ValueError if the amount does not convert without rounding.
        """
        if currency == BASE:
            return amount
        value, rest = divmod(amount * self.by_month[_month(day), currency], _DENOMINATOR)
        if rest:
            raise ValueError(f"{amount} cents of {currency} do not convert to whole US cents")
        return value

    def rows(self) -> list[tuple[str, str, str, str]]:
        """The rate table: date, currency, base, rate."""
        return [
            (
                _FIRST.replace(month=month).isoformat(),
                currency,
                BASE,
                f"{rate // _DENOMINATOR}.{rate % _DENOMINATOR:04}",
            )
            for (month, currency), rate in sorted(self.by_month.items())
        ]

    @staticmethod
    def middle(currency: str) -> int:
        """The rate that amounts are planned with, in ten-thousandths."""
        return _DENOMINATOR if currency == BASE else _MIDDLE[currency]


def make_rates(dice: Dice) -> Rates:
    """Rates for twelve months."""
    return Rates(
        {
            (month, currency): dice.between(
                _MIDDLE[currency] - _SPREAD[currency], _MIDDLE[currency] + _SPREAD[currency]
            )
            for currency in sorted(_MIDDLE)
            for month in range(1, 13)
        }
    )


def day_text(day: int) -> str:
    """The date of a day of the sample's year, which begins with 0.

    >>> day_text(0), day_text(364)
    ('2021-01-01', '2021-12-31')
    """
    return (_FIRST + datetime.timedelta(days=day)).isoformat()


def _month(day: int) -> int:
    return (_FIRST + datetime.timedelta(days=day)).month

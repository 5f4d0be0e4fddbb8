"""Amounts of money in one declared format: read exactly or refused, in Python and in the engine alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from finnet.errors import MappingError, quoted
from finnet.model.currency import CURRENCIES, minor_digits
from finnet.model.refusal import Refusal
from finnet.model.scan import PlainAmount

__all__ = ["AmountFormat", "check_currency", "digits_of", "unknown_currency", "unknown_currency_reason"]

_SEPARATORS = {"", ",", ".", " ", "'", "’", "\u00a0", "\u202f"}
_LARGEST = Decimal(10) ** 14  # what DECIMAL(18,4) keeps: fourteen digits before the point
_LONGEST = 60
_COMMON = ("USD", "EUR", "CNY", "GBP", "RUB", "HKD", "CHF", "AED", "SGD", "TRY")  # all with two decimals


@dataclass(frozen=True, kw_only=True)
class AmountFormat:
    """How a column writes amounts; nothing else is taken for one.

    ``decimal`` and ``thousands`` are its separators, ``exponent`` allows ``5.68E7``. ``rounds`` is for columns that
    hold binary floating point (spreadsheets): an amount is rounded to its currency's smallest unit, half away from
    zero.
    A minus stands in front; there are no other signs, brackets or currency symbols. ASCII digits only.

    >>> AmountFormat(decimal=",", thousands=".").read("1.234,56", "EUR")
    Decimal('1234.56')
    >>> AmountFormat().read("1,234.56", "USD")
    Traceback (most recent call last):
    finnet.model.refusal.Refusal: amount '1,234.56' is not a number in the format 1234.56
    """

    decimal: str = "."
    thousands: str = ""
    exponent: bool = False
    rounds: bool = False

    def __post_init__(self) -> None:
        if self.decimal not in {".", ","}:
            raise MappingError(f"[formats] decimal is {quoted(self.decimal)}", hint="it is '.' or ','")
        if self.thousands not in _SEPARATORS:
            raise MappingError(
                f"[formats] thousands is {quoted(self.thousands)}", hint="one of , . ' or a blank, or leave it out"
            )
        if self.thousands == self.decimal:
            raise MappingError("[formats] decimal and thousands are the same", hint="one of them must differ")

    @cached_property
    def pattern(self) -> str:
        """A regular expression for the whole text, the same in Python and in the engine."""
        point, group = re.escape(self.decimal), re.escape(self.thousands)
        whole = f"(?:[0-9]{{1,3}}(?:{group}[0-9]{{3}})+|[0-9]+)" if self.thousands else "[0-9]+"
        tail = "(?:[eE][+-]?[0-9]{1,2})?" if self.exponent or self.rounds else ""
        return f"-?(?:{whole}(?:{point}[0-9]+)?|{point}[0-9]+){tail}"

    @cached_property
    def example(self) -> str:
        """The format shown on a number."""
        return f"1{self.thousands}234{self.decimal}56" + (" or 1.23E4" if self.exponent else "")

    def read(self, text: str, currency: str) -> Decimal:
        """The amount. Raises: Refusal E1203 for the format, E1207 for more digits than are kept or the currency has."""
        if len(text) > _LONGEST or not re.fullmatch(self.pattern, text):
            raise Refusal("E1203", f"amount {quoted(text)} is not a number in the format {self.example}")
        amount = Decimal(self._plain(text))
        digits = minor_digits(currency)
        smallest = Decimal(1).scaleb(-digits)
        if abs(amount) >= _LARGEST:
            raise Refusal("E1207", f"amount {quoted(text)} has more than 14 digits before the point")
        if self.rounds:
            return amount.quantize(smallest, ROUND_HALF_UP)
        if amount != amount.quantize(smallest, ROUND_HALF_UP):
            raise Refusal("E1207", f"amount {quoted(text)} has more decimals than {currency} ({digits})")
        return amount

    def _plain(self, text: str) -> str:
        return (text.replace(self.thousands, "") if self.thousands else text).replace(self.decimal, ".")

    @property
    def plain(self) -> PlainAmount | None:
        """What a fast reader may read by itself; None where nothing is."""
        is_ascii = self.thousands.isascii() and not self.rounds
        return PlainAmount(decimal=self.decimal, thousands=self.thousands) if is_ascii else None

    def finer(self, plain: str, digits: str) -> str:
        """SQL: a plain amount (which may be null) has more decimals than ``digits``."""
        return f"{plain} <> " + _by_digits(digits, lambda number: f"round({plain}, {number})")

    def unread(self, column: str) -> str:
        """SQL: the text is not in this format."""
        return f"(length({column}) > {_LONGEST} or not regexp_full_match({column}, '{_quoted(self.pattern)}'))"

    def unread_reason(self, column: str) -> str:
        """SQL: the words for it."""
        return f"'amount ''' || left({column}, 80) || ''' is not a number in the format {_quoted(self.example)}'"

    def too_fine(self, column: str, digits: str) -> str:
        """SQL: more decimals than ``digits``, or more digits than are kept; only for texts in the format."""
        plain = self._sql_plain(column)
        too_large = f"try_cast({plain} as decimal(18, 4)) is null"
        if self.rounds:
            return too_large
        if not self.exponent and not self.thousands:
            # One regular expression instead of a cast and three string functions: this runs over every row.
            point = re.escape(self.decimal)
            fits = {n: rf"-?(?:0*[0-9]{{1,14}})?(?:{point}[0-9]{{0,{n}}}0*)?" for n in sorted(set(CURRENCIES.values()))}
            return _by_digits(digits, lambda number: f"not regexp_full_match({column}, '{fits[number]}')")
        if not self.exponent:
            return f"({too_large} or length(rtrim(split_part({plain}, '.', 2), '0')) > {digits})"
        mantissa, power = f"split_part(lower({plain}), 'e', 1)", f"split_part(lower({plain}), 'e', 2)"
        # A whole mantissa's own noughts can be behind the point too: 1500E-4.
        fraction = f"rtrim(split_part({mantissa}, '.', 2), '0')"
        noughts = f"(length({mantissa}) - length(rtrim({mantissa}, '0')))"
        decimals = (
            f"(case when {fraction} = '' and not contains({mantissa}, '.') then -{noughts} "
            f"when {fraction} = '' then -length(regexp_extract(split_part({mantissa}, '.', 1), '0*$')) "
            f"else length({fraction}) end - coalesce(try_cast({power} as integer), 0))"
        )
        is_nought = f"regexp_full_match({mantissa}, '-?[0.]*')"
        return f"({too_large} or (not {is_nought} and {decimals} > {digits}))"

    def value(self, column: str, digits: str) -> str:
        """SQL: the amount as DECIMAL(18, 4); only for texts that are neither unread nor too fine."""
        plain = self._sql_plain(column)
        if self.rounds:
            exact = f"cast({plain} as decimal(38, 12))"
            return _by_digits(digits, lambda number: f"cast(round({exact}, {number}) as decimal(18, 4))")
        return f"cast({plain} as decimal(18, 4))"

    def _sql_plain(self, column: str) -> str:
        text = f"replace({column}, '{_quoted(self.thousands)}', '')" if self.thousands else column
        return text if self.decimal == "." else f"replace({text}, '{_quoted(self.decimal)}', '.')"


def check_currency(text: str) -> str:
    """The code itself.

    >>> check_currency("JPY")
    'JPY'

    Raises: Refusal E1206 for what is not a code of ISO 4217 in capitals.
    """
    if text not in CURRENCIES:
        raise Refusal("E1206", f"{quoted(text)} is not a currency code of ISO 4217 in capitals")
    return text


def unknown_currency(column: str) -> str:
    """SQL: the text is not a code of ISO 4217 in capitals."""
    return f"not ({_is_common(column)} or regexp_full_match({column}, '{'|'.join(sorted(CURRENCIES))}'))"


def unknown_currency_reason(column: str) -> str:
    """SQL: the words for it."""
    return f"'''' || left({column}, 80) || ''' is not a currency code of ISO 4217 in capitals'"


def digits_of(column: str) -> str:
    """SQL: how many decimals the currency has."""
    by_digits = {
        number: "|".join(sorted(code for code, digits in CURRENCIES.items() if digits == number))
        for number in sorted(set(CURRENCIES.values()) - {2})
    }
    cases = " ".join(
        f"when regexp_full_match({column}, '{codes}') then {number}" for number, codes in by_digits.items()
    )
    return f"(case when {_is_common(column)} then 2 {cases} else 2 end)"


def _by_digits(digits: str, value: Callable[[int], str]) -> str:
    """SQL: the value for the number of decimals that the expression ``digits`` has."""
    if digits.isdigit():
        return value(int(digits))
    return f"(case {digits} {' '.join(f'when {n} then {value(n)}' for n in sorted(set(CURRENCIES.values())))} end)"


def _is_common(column: str) -> str:
    # Asked first: comparing with a few codes is several times cheaper than matching all of them.
    return "(" + " or ".join(f"{column} = '{code}'" for code in _COMMON) + ")"


def _quoted(text: str) -> str:
    return text.replace("'", "''")

"""Shares of ownership as they are written, read into intervals of parts per million."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Literal

from finnet.errors import quoted
from finnet.model.refusal import Refusal

__all__ = ["WHOLE", "ShareUnit", "read_share"]

WHOLE = 1_000_000  # parts per million

ShareUnit = Literal["percent", "fraction"]

_NUMBER = r"([0-9]+(?:[.,][0-9]+)?)"
_SIGN = r"\s*(%|percent|per cent)?"
_ONE = re.compile(rf"{_NUMBER}{_SIGN}", re.IGNORECASE)
_BAND = re.compile(rf"{_NUMBER}{_SIGN}\s*(?:-|–|—|to|bis)\s*{_NUMBER}{_SIGN}", re.IGNORECASE)
_OVER = re.compile(
    rf"(?:(>|over|more than|above)|>=|≥|at least)\s*{_NUMBER}{_SIGN}|{_NUMBER}{_SIGN}\s*\+", re.IGNORECASE
)
_UNDER = re.compile(rf"(?:(<|under|less than|below)|<=|≤|up to)\s*{_NUMBER}{_SIGN}", re.IGNORECASE)


def read_share(text: str, unit: ShareUnit | None = None) -> tuple[int, int]:
    """The least and the most that is held, in parts per million, 0 to 1,000,000.

    A band keeps its two ends; ``>75`` begins one part above 75 %, ``>=75`` at it. What is finer than a millionth lies
    between two parts: a rule with a threshold must not be met by rounding. Without ``unit`` a number above 1, a nought
    or a percent sign is per cent; a bare number up to 1 could be a fraction or a per cent and is refused: it is not
    guessed.

    >>> read_share("50%"), read_share("25-50"), read_share(">75 %")
    ((500000, 500000), (250000, 500000), (750001, 1000000))
    >>> read_share("49.99999 %")
    (499999, 500000)
    >>> read_share("0.5", "fraction"), read_share("0.5", "percent")
    ((500000, 500000), (5000, 5000))
    >>> read_share("0.5")
    Traceback (most recent call last):
    finnet.model.refusal.Refusal: share '0.5' can be a fraction or a per cent; declare which, or write a % sign

    Raises: Refusal E1208.
    """
    stripped = text.strip()
    if found := _ONE.fullmatch(stripped):
        low, high = _parts(found[1], bool(found[2]), unit, text)
    elif found := _BAND.fullmatch(stripped):
        # "25-50%": the sign at the end is for both; "0.25-0.5" has to be declared like "0.25".
        is_percent = bool(found[2] or found[4])
        shared = unit or ("percent" if _number(found[3]) > 1 else None)
        low = _parts(found[1], is_percent, shared, text)[0]
        high = _parts(found[3], is_percent, shared, text)[1]
    elif found := _OVER.fullmatch(stripped):
        low = _parts(found[2] or found[4], bool(found[3] or found[5]), unit, text)[0] + bool(found[1])
        high = WHOLE
    elif found := _UNDER.fullmatch(stripped):
        low, high = 0, _parts(found[2], bool(found[3]), unit, text)[1] - bool(found[1])
    else:
        raise Refusal("E1208", f"share {quoted(text)} is not a number or a range of per cent")
    if not low <= high <= WHOLE:
        raise Refusal("E1208", f"share {quoted(text)} is not between 0 and 100 %")
    return low, high


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _parts(text: str, is_percent: bool, unit: ShareUnit | None, whole_text: str) -> tuple[int, int]:
    number = _number(text)
    if not is_percent and unit is None and 0 < number <= 1:
        raise Refusal(
            "E1208", f"share {quoted(whole_text)} can be a fraction or a per cent; declare which, or write a % sign"
        )
    is_fraction = unit == "fraction" and not is_percent
    parts = number * (WHOLE if is_fraction else WHOLE // 100)
    return math.floor(parts), math.ceil(parts)

"""Amounts and days read from columns of text at the speed of the tokenizer, where they are written plainly.

What is not plain (an exponent, a month's name, anything wrong) is null here: the scan's SQL decides about it, as it
does for files that are read otherwise. tests/store/test_plain_values.py holds both to the same answers.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from finnet.model.scan import PlainAmount, PlainDay
from finnet.store.arrow_stream import DecimalColumn, TextColumn

__all__ = ["plain_amounts", "plain_days"]

_WHOLE, _FRACTION = 14, 4  # digits of DECIMAL(18, 4) before and behind the point
_DAY = 10  # bytes of 2019-03-05


def plain_amounts(texts: TextColumn, rows: int, how: PlainAmount) -> DecimalColumn:
    """The amounts in ten-thousandths: ``-``, digits in groups or not, and at most four decimals."""
    values, valid = np.empty(rows, np.int64), np.zeros(rows // 8 + 1, np.uint8)
    group = ord(how.thousands) if how.thousands else 256  # no byte
    _amounts(texts.offsets, texts.data, texts.valid, rows, ord(how.decimal), group, values, valid)
    return DecimalColumn(values, valid)


def plain_days(texts: TextColumn, rows: int, how: PlainDay) -> TextColumn:
    """The days as ISO text: dates of the calendar from the year 1000 to 2999, in the layout and nothing else."""
    offsets, valid = np.empty(rows + 1, np.int32), np.zeros(rows // 8 + 1, np.uint8)
    data = np.empty(rows * _DAY + 1, np.uint8)
    layout = np.frombuffer(how.layout.encode("ascii"), np.uint8)
    places = np.array([how.layout.index(part) for part in ("YYYY", "MM", "DD")], np.int64)
    _days(texts.offsets, texts.data, texts.valid, rows, layout, places, offsets, data, valid)
    return TextColumn(offsets, data, valid)


@numba.njit(cache=True, nogil=True)
def _amounts(
    offsets: NDArray[np.int32],
    data: NDArray[np.uint8],
    present: NDArray[np.uint8],
    rows: int,
    decimal: int,
    group: int,
    values: NDArray[np.int64],
    valid: NDArray[np.uint8],
) -> None:
    for row in range(rows):
        values[row] = 0
        if not present[row >> 3] >> (row & 7) & 1:
            continue
        place, end = offsets[row], offsets[row + 1]
        is_negative = data[place] == 45
        if is_negative:
            place += 1
        value = whole = in_group = 0
        is_grouped = is_plain = False
        while place < end:
            byte = data[place]
            if 48 <= byte <= 57:
                value = value * 10 + (byte - 48)
                whole += 1
                in_group += 1
                if whole > _WHOLE:
                    break
            elif byte == group:
                # Groups of three, but for the first, which has one to three.
                if in_group == 0 or in_group > 3 or (is_grouped and in_group != 3):
                    break
                is_grouped, in_group = True, 0
            else:
                break
            place += 1
        fraction = 0
        if whole <= _WHOLE and not (is_grouped and in_group != 3):
            if place < end and data[place] == decimal:
                place += 1
                while place < end and 48 <= data[place] <= 57 and fraction < _FRACTION:
                    value = value * 10 + (data[place] - 48)
                    fraction += 1
                    place += 1
                is_plain = place == end and fraction > 0
            else:
                is_plain = place == end and whole > 0
        if is_plain:
            for _ in range(_FRACTION - fraction):
                value *= 10
            values[row] = -value if is_negative else value
            valid[row >> 3] |= 1 << (row & 7)


@numba.njit(cache=True, nogil=True)
def _days(
    offsets: NDArray[np.int32],
    data: NDArray[np.uint8],
    present: NDArray[np.uint8],
    rows: int,
    layout: NDArray[np.uint8],  # Y, M, D where a digit stands
    places: NDArray[np.int64],  # where year, month and day begin
    day_offsets: NDArray[np.int32],
    day_data: NDArray[np.uint8],
    valid: NDArray[np.uint8],
) -> None:
    to = 0
    day_offsets[0] = 0
    for row in range(rows):
        day_offsets[row + 1] = to
        begin = offsets[row]
        if not present[row >> 3] >> (row & 7) & 1 or offsets[row + 1] - begin != len(layout):
            continue
        fits = True
        for step in range(len(layout)):
            byte, wanted = data[begin + step], layout[step]
            if wanted == 89 or wanted == 77 or wanted == 68:  # numba: a tuple is slower
                fits = fits and 48 <= byte <= 57
            else:
                fits = fits and byte == wanted
        if not fits:
            continue
        year = month = day = 0
        for step in range(4):
            year = year * 10 + (data[begin + places[0] + step] - 48)
        for step in range(2):
            month = month * 10 + (data[begin + places[1] + step] - 48)
            day = day * 10 + (data[begin + places[2] + step] - 48)
        if not (1000 <= year <= 2999 and 1 <= month <= 12 and 1 <= day <= 31):
            continue
        if day > 28:
            is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
            if month == 2:
                last = 29 if is_leap else 28
            elif month == 4 or month == 6 or month == 9 or month == 11:
                last = 30
            else:
                last = 31
            if day > last:
                continue
        for step in range(4):
            day_data[to + step] = data[begin + places[0] + step]
        day_data[to + 4] = day_data[to + 7] = 45
        for step in range(2):
            day_data[to + 5 + step] = data[begin + places[1] + step]
            day_data[to + 8 + step] = data[begin + places[2] + step]
        to += _DAY
        day_offsets[row + 1] = to
        valid[row >> 3] |= 1 << (row & 7)

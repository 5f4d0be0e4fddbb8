"""Delimited text cut into records and fields at the speed of the disk: the compiled twin of model/delimited.py.

Both must account for every file alike; tests/store/test_tokenizer.py holds them to it.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from finnet.store.eight_bytes import eight_bytes, first_marked, marked, put_eight_bytes

__all__ = [
    "ALL_EMPTY",
    "BAD_TEXT",
    "BLANK",
    "BROKEN_QUOTE",
    "END_MARK",
    "RAGGED",
    "TOO_LONG",
    "UNCLOSED",
    "tokenize",
    "valid_utf8",
]

RAGGED, UNCLOSED, BROKEN_QUOTE, TOO_LONG, BAD_TEXT, BLANK, ALL_EMPTY, END_MARK = range(1, 9)

_MORE = -1
_LF, _CR, _END_OF_FILE = 10, 13, 26
_EACH, _HIGH = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)
_LFS, _CRS = np.uint64(_LF) * _EACH, np.uint64(_CR) * _EACH


@numba.njit(cache=True, nogil=True)
def _line_end(text: NDArray[np.uint8], place: int, end: int) -> int:
    while place < end and text[place] != _LF and text[place] != _CR:
        place += 1
    return place


@numba.njit(cache=True, nogil=True)
def _after_line_end(text: NDArray[np.uint8], place: int, end: int) -> int:
    if place < end and text[place] == _CR and place + 1 < end and text[place + 1] == _LF:
        return place + 2
    return min(place + 1, end)


@numba.njit(cache=True, nogil=True)
def valid_utf8(text: NDArray[np.uint8], start: int, end: int) -> bool:
    """Whether the bytes are well-formed UTF-8: no overlong form, no surrogate, nothing above U+10FFFF."""
    place = start
    while place < end:
        byte = text[place]
        if byte < 0x80:
            place += 1
            continue
        if 0xC2 <= byte <= 0xDF:
            more, low, high = 1, 0x80, 0xBF
        elif byte == 0xE0:
            more, low, high = 2, 0xA0, 0xBF
        elif byte == 0xED:
            more, low, high = 2, 0x80, 0x9F
        elif 0xE1 <= byte <= 0xEF:
            more, low, high = 2, 0x80, 0xBF
        elif byte == 0xF0:
            more, low, high = 3, 0x90, 0xBF
        elif 0xF1 <= byte <= 0xF3:
            more, low, high = 3, 0x80, 0xBF
        elif byte == 0xF4:
            more, low, high = 3, 0x80, 0x8F
        else:
            return False
        if place + more >= end:
            return False
        if text[place + 1] < low or text[place + 1] > high:
            return False
        for step in range(2, more + 1):
            if text[place + step] < 0x80 or text[place + step] > 0xBF:
                return False
        place += more + 1
    return True


@numba.njit(cache=True, nogil=True)
def tokenize(
    text: NDArray[np.uint8],  # bytes of the file
    start: int,  # where in text the first record begins
    end: int,  # how many bytes of text count
    final: bool,  # whether the file ends there
    at: int,  # offset in the file of text[0]
    record: int,  # number of records before
    delimiter: int,
    quote: int,  # 256: none
    width: int,  # fields of a whole record
    wanted: NDArray[np.int32],  # [width]: which output column a field goes to, -1 for none
    trim: bool,  # whether blanks around a field are cut off
    max_field: int,
    max_record: int,
    offsets: NDArray[np.int32],  # [outputs, rows + 1]
    data: NDArray[np.uint8],  # [outputs, bytes]
    valid: NDArray[np.uint8],  # [outputs, rows / 8 + 1], zeros
    numbers: NDArray[np.int64],  # [3, rows]: record, byte offset, byte length
    flaws: NDArray[np.int64],  # [rows, 5]: kind, record, byte offset, byte length, detail
    starts: NDArray[np.int64],  # [width + 1] scratch
    ends: NDArray[np.int64],  # [width + 1] scratch
    state: NDArray[
        np.int64
    ],  # [6] out: rows, flaws, records, next start, trimmed values, start of an endless line or -1
) -> None:
    """Cut as many whole records as there are and fit; what is left over begins at state[3]."""
    rows = flawed = trimmed = 0
    most_rows, most_flaws = numbers.shape[1], flaws.shape[0]
    outputs = offsets.shape[0]
    filled = np.zeros(outputs, np.int64)
    for output in range(outputs):
        offsets[output, 0] = 0
    begin = start
    delimiters = np.uint64(delimiter) * _EACH
    flat, stride = data.reshape(-1), data.shape[1]
    skipping = state[5]
    if skipping >= 0:  # the rest of a line that is too long to hold
        place = _line_end(text, begin, end)
        if not final and place >= end - 1:
            # Not here yet, or the byte that says whether a CR stands alone is not.
            state[0], state[1], state[2], state[3], state[4] = 0, 0, record, place, 0
            return
        record += 1
        flaws[0, 0], flaws[0, 1], flaws[0, 2] = TOO_LONG, record, skipping
        flaws[0, 3], flaws[0, 4] = at + place - skipping, -1
        flawed = 1
        begin = _after_line_end(text, place, end)
        state[5] = -1
    while begin < end and rows < most_rows and flawed < most_flaws:
        place = begin
        fields = 0
        has_high = False
        kind = 0
        detail = -1
        too_long_field = -1
        while True:  # one turn per field
            field = fields if fields < width else width
            doubled = 0
            quoted = place < end and text[place] == quote
            if quoted:
                place += 1
                field_start = place
                while True:
                    while place < end and text[place] != quote:
                        if text[place] >= 0x80:
                            has_high = True
                        place += 1
                    if place + 1 < end and text[place + 1] == quote and place - begin <= max_record:
                        doubled += 1
                        place += 2
                        continue
                    break
                if place - begin > max_record or (place >= end and final):
                    kind = UNCLOSED
                    break
                if place >= end - 1 and not final:
                    kind = _MORE  # not closed as far as one can see, or the byte after the quote is still to come
                    break
                field_end = place
                place += 1
                if place < end and text[place] != delimiter and text[place] != _LF and text[place] != _CR:
                    kind = BROKEN_QUOTE
                    break
            else:
                field_start = place
                while place + 8 <= end:
                    read = eight_bytes(text, place)
                    if read & _HIGH:  # maybe behind the field's end only: then bytes are looked at that are well
                        has_high = True
                    ends_at = marked(read, delimiters) | marked(read, _LFS) | marked(read, _CRS)
                    if ends_at:
                        place += first_marked(ends_at)
                        break
                    place += 8
                while place < end:
                    byte = text[place]
                    if byte == delimiter or byte == _LF or byte == _CR:  # noqa: SIM109  # numba: a tuple is slower
                        break
                    if byte >= 0x80:
                        has_high = True
                    place += 1
                field_end = place
            if field_end - field_start - doubled > max_field and too_long_field < 0:
                too_long_field = fields
            starts[field] = field_start
            ends[field] = -field_end - 1 if quoted else field_end
            fields += 1
            if place - begin > max_record:
                kind, too_long_field = TOO_LONG, -1
                break
            if place >= end:
                if not final:
                    kind = _MORE
                break
            if text[place] != delimiter:
                break
            place += 1
            if place - begin > max_record:  # whatever the next field is, and whether or not it is here yet
                kind = TOO_LONG
                break
        if kind == _MORE:
            break
        if kind:
            # Only the first line is refused: a stray quote must not swallow the lines after it.
            place = _line_end(text, begin, end)
            if place - begin > max_record:
                kind = TOO_LONG
            if place >= end - 1 and not final:
                if place - begin <= max_record:
                    break
                state[5] = at + begin
                begin = place
                break
        elif place < end and text[place] == _CR and place + 1 >= end and not final:
            break
        stop = place  # the record's end, without the line end
        place = _after_line_end(text, stop, end)
        record += 1
        if kind == 0:
            if stop == begin:
                kind = BLANK
            elif stop == begin + 1 and text[begin] == _END_OF_FILE and place == stop:
                kind = END_MARK
            elif too_long_field >= 0 and too_long_field < width:
                kind, detail = TOO_LONG, too_long_field
            elif fields != width:
                kind, detail = RAGGED, fields
            else:
                empty = True
                for field in range(width):
                    field_end = ends[field] if ends[field] >= 0 else -ends[field] - 1
                    if field_end > starts[field]:
                        empty = False
                        break
                if empty:
                    kind = ALL_EMPTY
                elif has_high:
                    for field in range(width):
                        field_end = ends[field] if ends[field] >= 0 else -ends[field] - 1
                        if not valid_utf8(text, starts[field], field_end):
                            kind, detail = BAD_TEXT, field
                            break
        if kind:
            flaws[flawed, 0], flaws[flawed, 1], flaws[flawed, 2] = kind, record, at + begin
            flaws[flawed, 3], flaws[flawed, 4] = stop - begin, detail
            flawed += 1
            begin = place
            continue
        for field in range(width):
            output = wanted[field]
            if output < 0:
                continue
            first, last = starts[field], ends[field]
            to = filled[output]
            if last < 0:
                last = -last - 1
                source = first
                if trim:
                    before = last - source
                    while source < last and text[source] == 32:
                        source += 1
                    while last > source and text[last - 1] == 32:
                        last -= 1
                    if last - source != before:
                        trimmed += 1
                while source < last:
                    data[output, to] = text[source]
                    if text[source] == quote:
                        source += 1
                    source += 1
                    to += 1
            else:
                if trim:
                    before = last - first
                    while first < last and text[first] == 32:
                        first += 1
                    while last > first and text[last - 1] == 32:
                        last -= 1
                    if last - first != before:
                        trimmed += 1
                source, room = first, stride * (output + 1)
                to += stride * output
                while source + 8 <= last or (source < last and source + 8 <= len(text) and to + 8 <= room):
                    put_eight_bytes(flat, to, eight_bytes(text, source))
                    source += 8
                    to += 8
                while source < last:
                    flat[to] = text[source]
                    source += 1
                    to += 1
                to += last - source - stride * output  # as far as too much was copied
            if to > filled[output]:
                valid[output, rows >> 3] |= 1 << (rows & 7)
            filled[output] = to
            offsets[output, rows + 1] = to
        numbers[0, rows], numbers[1, rows], numbers[2, rows] = record, at + begin, stop - begin
        rows += 1
        begin = place
    state[0], state[1], state[2], state[3], state[4] = rows, flawed, record, begin, trimmed

"""Lines of JSON taken apart by a compiled loop, where it can be sure of them; all others are left to the engine.

It is sure of a line that is one object whose texts have nothing escaped, no key of interest twice, and beside those
keys only texts, plain numbers, words and lists of these. What is wrong with a line it never says.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from finnet.model.scan import JsonKeys
from finnet.store.arrow_stream import Batch, TextColumn

__all__ = ["taken_apart"]

_QUOTE, _BACKSLASH, _COLON, _COMMA, _DELETE = 34, 92, 58, 44, 127
_LIST, _LIST_END, _OBJECT, _OBJECT_END = 91, 93, 123, 125
_LONGEST_NUMBER = 15  # any reader takes it for the same number


def taken_apart(batch: Batch, keys: JsonKeys) -> Batch:
    """The batch with a column per key beside its lines: null in all of them, or in the line.

    A text has no quotes any more; the object of lists has no blanks.
    """
    line = batch.texts[0]
    names = [name.encode() for name in keys.names]
    ends = np.cumsum([0, *map(len, names)])
    offsets = np.zeros((len(names) + 1, batch.rows + 1), np.int32)
    # Pages that nothing is written to cost nothing.
    data = np.empty((len(names) + 1, max(1, len(line.data))), np.uint8)
    valid = np.zeros((len(names) + 1, batch.rows // 8 + 1), np.uint8)
    _take_apart(
        line.data,
        line.offsets,
        np.frombuffer(b"".join(names), np.uint8),
        ends,
        len(keys.needed),
        offsets,
        data,
        valid,
    )
    texts = [TextColumn(offsets[place], data[place], valid[place]) for place in range(len(names) + 1)]
    return Batch(batch.rows, batch.numbers, texts)


@numba.njit(cache=True, nogil=True)
def _blanks_end(text: NDArray[np.uint8], at: int, stop: int) -> int:
    while at < stop and (text[at] == 32 or text[at] == 10 or text[at] == 13 or text[at] == 9):
        at += 1
    return at


@numba.njit(cache=True, nogil=True)
def _text_end(text: NDArray[np.uint8], at: int, stop: int) -> int:
    """Behind the closing quote of the text that begins at ``at``; -1 where it is not plainly one."""
    if at >= stop or text[at] != _QUOTE:
        return -1
    at += 1
    while at < stop:
        byte = text[at]
        if byte == _QUOTE:
            return at + 1
        if byte < 32 or byte in (_BACKSLASH, _DELETE):
            return -1
        at += 1
    return -1


@numba.njit(cache=True, nogil=True)
def _number_end(text: NDArray[np.uint8], at: int, stop: int) -> int:
    begin = at
    if text[at] == 45:
        at += 1
    digits = at
    while at < stop and 48 <= text[at] <= 57:
        at += 1
    if at == digits or (text[digits] == 48 and at > digits + 1):
        return -1
    if at < stop and text[at] == 46:
        at += 1
        decimals = at
        while at < stop and 48 <= text[at] <= 57:
            at += 1
        if at == decimals:
            return -1
    return at if at - begin <= _LONGEST_NUMBER else -1


@numba.njit(cache=True, nogil=True)
def _single_end(text: NDArray[np.uint8], at: int, stop: int) -> int:
    """Behind a text, number, true, false or null; -1 where it is not plainly one."""
    if at >= stop:
        return -1
    byte = text[at]
    if byte == _QUOTE:
        return _text_end(text, at, stop)
    if byte == 45 or 48 <= byte <= 57:
        return _number_end(text, at, stop)
    for word in (b"true", b"null", b"false"):
        if byte == word[0] and at + len(word) <= stop:
            for place in range(len(word)):
                if text[at + place] != word[place]:
                    return -1
            return at + len(word)
    return -1


@numba.njit(cache=True, nogil=True)
def _value_end(text: NDArray[np.uint8], at: int, stop: int) -> int:
    """Behind a single value or a list of them; -1 for anything else."""
    if at >= stop or text[at] != _LIST:
        return _single_end(text, at, stop)
    at = _blanks_end(text, at + 1, stop)
    if at < stop and text[at] == _LIST_END:
        return at + 1
    while True:
        at = _single_end(text, at, stop)
        if at < 0:
            return -1
        at = _blanks_end(text, at, stop)
        if at >= stop:
            return -1
        if text[at] == _LIST_END:
            return at + 1
        if text[at] != _COMMA:
            return -1
        at = _blanks_end(text, at + 1, stop)


@numba.njit(cache=True, nogil=True)
def _lists(text: NDArray[np.uint8], at: int, stop: int, out: NDArray[np.uint8], filled: int) -> tuple[int, int]:
    """An object of lists of texts copied without its blanks: behind it, and behind the copy; -1 for anything else."""
    # 0: a key or the end; 1: a key; 2: a colon; 3: a list; 4: a text or the list's end; 5: a text; 6: behind a text;
    # 7: behind a list.
    if at >= stop or text[at] != _OBJECT:
        return -1, filled
    out[filled] = _OBJECT
    at, filled, state = at + 1, filled + 1, 0
    while True:
        at = _blanks_end(text, at, stop)
        if at >= stop:
            return -1, filled
        byte = text[at]
        if byte == _QUOTE and (state <= 1 or state == 4 or state == 5):
            end = _text_end(text, at, stop)
            if end < 0:
                return -1, filled
            for place in range(at, end):
                out[filled] = text[place]
                filled += 1
            at, state = end, 2 if state <= 1 else 6
            continue
        if byte == _COLON and state == 2:
            state = 3
        elif byte == _LIST and state == 3:
            state = 4
        elif byte == _COMMA and state == 6:
            state = 5
        elif byte == _COMMA and state == 7:
            state = 1
        elif byte == _LIST_END and (state == 4 or state == 6):
            state = 7
        elif byte == _OBJECT_END and (state == 0 or state == 7):
            out[filled] = byte
            return at + 1, filled + 1
        else:
            return -1, filled
        out[filled] = byte
        at, filled = at + 1, filled + 1


@numba.njit(cache=True, nogil=True)
def _key_of(text: NDArray[np.uint8], begin: int, end: int, keys: NDArray[np.uint8], key_ends: NDArray[np.int64]) -> int:
    for key in range(len(key_ends) - 1):
        if key_ends[key + 1] - key_ends[key] == end - begin:
            same = True
            for place in range(end - begin):
                if text[begin + place] != keys[key_ends[key] + place]:
                    same = False
                    break
            if same:
                return key
    return -1


@numba.njit(cache=True, nogil=True)
def _object(
    text: NDArray[np.uint8],
    at: int,
    stop: int,
    keys: NDArray[np.uint8],
    key_ends: NDArray[np.int64],
    needed: int,
    filled: NDArray[np.int64],
    data: NDArray[np.uint8],
    seen: NDArray[np.bool_],
) -> bool:
    """Copy the values of the keys; False where the line is not plainly such an object."""
    last = len(key_ends) - 2
    seen[:] = False
    if at >= stop or text[at] != _OBJECT:
        return False
    at = _blanks_end(text, at + 1, stop)
    while True:
        end = _text_end(text, at, stop)
        if end < 0:
            return False
        key = _key_of(text, at + 1, end - 1, keys, key_ends)
        at = _blanks_end(text, end, stop)
        if at >= stop or text[at] != _COLON:
            return False
        at = _blanks_end(text, at + 1, stop)
        if key < 0:
            at = _value_end(text, at, stop)
            if at < 0:
                return False
        else:
            if seen[key]:
                return False
            seen[key] = True
            if key == last:
                at, behind = _lists(text, at, stop, data[key + 1], filled[key + 1])
                if at < 0:
                    return False
                filled[key + 1] = behind
            else:
                end = _text_end(text, at, stop)
                if end < 0 or (key < needed and end == at + 2):
                    return False
                for place in range(at + 1, end - 1):
                    data[key + 1, filled[key + 1]] = text[place]
                    filled[key + 1] += 1
                at = end
        at = _blanks_end(text, at, stop)
        if at >= stop:
            return False
        if text[at] == _OBJECT_END:
            break
        if text[at] != _COMMA:
            return False
        at = _blanks_end(text, at + 1, stop)
    for key in range(needed):
        if not seen[key]:
            return False
    return bool(seen[last]) and _blanks_end(text, at + 1, stop) == stop


@numba.njit(cache=True, nogil=True)
def _take_apart(
    text: NDArray[np.uint8],
    lines: NDArray[np.int32],
    keys: NDArray[np.uint8],
    key_ends: NDArray[np.int64],
    needed: int,
    offsets: NDArray[np.int32],
    data: NDArray[np.uint8],
    valid: NDArray[np.uint8],
) -> None:
    columns = len(key_ends)
    filled = np.zeros(columns, np.int64)
    seen = np.zeros(columns - 1, np.bool_)
    for row in range(len(lines) - 1):
        begin, stop = lines[row], lines[row + 1]
        bit = np.uint8(1 << (row & 7))
        if _object(text, begin, stop, keys, key_ends, needed, filled, data, seen):
            for key in range(columns - 1):
                if seen[key]:
                    valid[key + 1, row >> 3] |= bit
        else:
            for column in range(columns):
                filled[column] = offsets[column, row]
            for place in range(begin, stop):
                data[0, filled[0]] = text[place]
                filled[0] += 1
            valid[0, row >> 3] |= bit
        for column in range(columns):
            offsets[column, row + 1] = filled[column]

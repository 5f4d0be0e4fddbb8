"""The values of a text column as numbers: each different one, a word, is kept once, in the order in which they come."""

from __future__ import annotations

from typing import TypeVar

import numba
import numpy as np
from numpy.typing import NDArray

from finnet.store.arrow_stream import TextColumn
from finnet.store.eight_bytes import eight_bytes

__all__ = ["WordCodes"]

_Number = TypeVar("_Number", bound=np.generic)

_FEWEST_SLOTS = 1 << 12
_CODE = 0xFFFFFFFF  # the bits of a slot that hold a code
_GOLDEN = 0x9E3779B97F4A7C15  # 2^64 over the golden ratio: spreads what differs in few bits


class WordCodes:
    """The words of one column so far, and the code of each: 1, 2, … in the order of their first row; 0 is null.

    >>> from finnet.store.batches import text_column
    >>> codes = WordCodes()
    >>> codes.add(text_column([b"acme", b"", b"mule"]), 3).tolist(), codes.add(text_column([b"mule"]), 1).tolist()
    ([1, 0, 2], [2])
    >>> count, words = codes.words()
    >>> count, bytes(words.data), words.offsets.tolist()
    (2, b'acmemule', [0, 4, 8])
    """

    def __init__(self) -> None:
        self.count = 0
        self._slots = np.zeros(_FEWEST_SLOTS, np.uint64)  # half of the word's hash, and its code: 0 where free
        self._offsets = np.zeros(1, np.int64)
        self._data = np.empty(0, np.uint8)

    def add(self, texts: TextColumn, rows: int) -> NDArray[np.int32]:
        """The codes of some more rows."""
        codes = np.empty(rows, np.int32)
        done = 0
        while True:
            self.count, done = _code(
                texts.offsets, texts.data, texts.valid, done, rows,
                self._slots, self._offsets, self._data, self.count, codes,
            )  # fmt: skip
            if done == rows:
                return codes
            self._make_room(int(texts.offsets[done + 1] - texts.offsets[done]))

    def words(self) -> tuple[int, TextColumn]:
        """How many words there are, and all of them in the order of their codes."""
        return self.count, self.texts(np.arange(1, self.count + 1, dtype=np.int32))

    def texts(self, codes: NDArray[np.int32]) -> TextColumn:
        """The column that ``add`` gave these codes for."""
        offsets = np.zeros(len(codes) + 1, np.int32)
        np.cumsum(self._lengths()[codes], out=offsets[1:])
        data = np.empty(max(int(offsets[-1]), 1), np.uint8)
        _spell(codes, self._offsets, self._data, offsets, data)
        return TextColumn(offsets, data, np.packbits(codes > 0, bitorder="little"))

    def _lengths(self) -> NDArray[np.int64]:
        return np.concatenate([np.zeros(1, np.int64), np.diff(self._offsets[: self.count + 1])])

    def _make_room(self, size: int) -> None:
        """Room for one more word of so many bytes, at least. No more than that: what is looked up should lie close."""
        if self.count + 1 >= len(self._offsets):
            self._offsets = _longer(self._offsets, self.count + 2)
        self._data = _longer(self._data, int(self._offsets[self.count]) + size)
        if 2 * (self.count + 1) > len(self._slots):
            self._slots = np.zeros(4 * len(self._slots), np.uint64)
            _place(self._offsets, self._data, self.count, self._slots)


def _longer(held: NDArray[_Number], size: int) -> NDArray[_Number]:
    if size <= len(held):
        return held
    grown = np.empty(max(size, 2 * len(held)), held.dtype)
    grown[: len(held)] = held
    return grown


@numba.njit(cache=True, nogil=True)
def _mixed(hashed: np.uint64, read: np.uint64) -> np.uint64:
    hashed = (hashed ^ read) * np.uint64(_GOLDEN)
    return hashed ^ (hashed >> np.uint64(29))


@numba.njit(cache=True, nogil=True)
def _hash(data: NDArray[np.uint8], begin: int, end: int) -> np.uint64:
    hashed = np.uint64(end - begin)
    place = begin
    while place + 8 <= end:
        hashed = _mixed(hashed, eight_bytes(data, place))
        place += 8
    if place < end:
        if end - begin >= 8:
            hashed = _mixed(hashed, eight_bytes(data, end - 8))
        else:
            read = np.uint64(0)
            while place < end:
                read = (read << np.uint64(8)) | np.uint64(data[place])
                place += 1
            hashed = _mixed(hashed, read)
    # Once more, since slots go by the lowest bits and the last bytes have reached the highest ones only.
    hashed = (hashed ^ (hashed >> np.uint64(32))) * np.uint64(_GOLDEN)
    return hashed ^ (hashed >> np.uint64(32))


@numba.njit(cache=True, nogil=True)
def _is_same(left: NDArray[np.uint8], first: int, right: NDArray[np.uint8], second: int, length: int) -> bool:
    place = 0
    while place + 8 <= length:
        if eight_bytes(left, first + place) != eight_bytes(right, second + place):
            return False
        place += 8
    if place < length and length >= 8:
        return bool(eight_bytes(left, first + length - 8) == eight_bytes(right, second + length - 8))
    while place < length:
        if left[first + place] != right[second + place]:
            return False
        place += 1
    return True


@numba.njit(cache=True, nogil=True)
def _code(
    offsets: NDArray[np.int32],
    data: NDArray[np.uint8],
    valid: NDArray[np.uint8],
    done: int,
    rows: int,
    slots: NDArray[np.uint64],  # a power of two of them, at least half of them free
    word_offsets: NDArray[np.int64],
    words: NDArray[np.uint8],
    count: int,
    codes: NDArray[np.int32],
) -> tuple[int, int]:
    """How many words there are then, and up to which row there was room."""
    mask = np.uint64(len(slots) - 1)
    for row in range(done, rows):
        if not valid[row >> 3] >> (row & 7) & 1:
            codes[row] = 0
            continue
        begin, end = int(offsets[row]), int(offsets[row + 1])
        hashed = _hash(data, begin, end)
        slot = hashed & mask
        while True:
            held = slots[slot]
            code = int(held & np.uint64(_CODE))
            if code == 0:
                to = word_offsets[count]
                if 2 * (count + 1) > len(slots) or count + 2 > len(word_offsets) or to + end - begin > len(words):
                    return count, row
                for place in range(begin, end):
                    words[to + place - begin] = data[place]
                count += 1
                word_offsets[count] = to + end - begin
                code = count
                slots[slot] = (hashed & ~np.uint64(_CODE)) | np.uint64(code)
                break
            if (held ^ hashed) <= np.uint64(_CODE):  # the same half of the hash
                start = int(word_offsets[code - 1])
                length = int(word_offsets[code]) - start
                if length == end - begin and _is_same(words, start, data, begin, length):
                    break
            slot = (slot + np.uint64(1)) & mask
        codes[row] = code
    return count, rows


@numba.njit(cache=True, nogil=True)
def _place(word_offsets: NDArray[np.int64], words: NDArray[np.uint8], count: int, slots: NDArray[np.uint64]) -> None:
    mask = np.uint64(len(slots) - 1)
    for word in range(count):
        hashed = _hash(words, int(word_offsets[word]), int(word_offsets[word + 1]))
        slot = hashed & mask
        while slots[slot]:
            slot = (slot + np.uint64(1)) & mask
        slots[slot] = (hashed & ~np.uint64(_CODE)) | np.uint64(word + 1)


@numba.njit(cache=True, nogil=True)
def _spell(
    codes: NDArray[np.int32],
    word_offsets: NDArray[np.int64],
    words: NDArray[np.uint8],
    offsets: NDArray[np.int32],
    data: NDArray[np.uint8],
) -> None:
    for row in range(len(codes)):
        code = codes[row]
        if code:
            start, to = word_offsets[code - 1], offsets[row]
            for place in range(word_offsets[code] - start):
                data[to + place] = words[start + place]

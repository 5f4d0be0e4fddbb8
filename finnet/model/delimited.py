"""How a delimited text file falls into records: exactly, in plain Python, for small files, headers and odd encodings.

The compiled reader of the store must account for every file in the same way.

What counts as one record. LF, CRLF and CR end a record unless they stand between quotes. A field is quoted if it begins
with the quote character; a doubled quote inside it stands for one. A quote anywhere else is text. Where a quote is not
closed within ``MAX_RECORD`` bytes, or text follows a closing quote, or the record is longer than that, the record ends
with its first line and reading goes on with the next: a stray quote must not swallow the lines after it.

Source: RFC 4180, with CR and LF alone allowed as line ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import BinaryIO

__all__ = ["MAX_FIELD", "MAX_RECORD", "Cut", "Flaw", "cut_records", "flaw_words"]

MAX_FIELD = 1 << 20  # bytes; what a list or a statement holds in one cell is far below
MAX_RECORD = 1 << 24  # bytes; also how far a closing quote is looked for


class Flaw(IntEnum):
    """Why a record is not a row; the first three of a blank kind are skipped, the others refused."""

    RAGGED = 1
    UNCLOSED = 2
    BROKEN_QUOTE = 3
    TOO_LONG = 4
    BAD_TEXT = 5
    BLANK = 6
    ALL_EMPTY = 7
    END_MARK = 8


@dataclass(frozen=True, slots=True)
class Cut:
    """A record: its number from 1, its bytes' place in the file without the line end, and its fields or its flaw."""

    record: int
    byte_offset: int
    byte_length: int
    fields: tuple[bytes, ...] = ()
    flaw: Flaw | None = None
    detail: int = -1  # how many fields there are (RAGGED), which field is bad (TOO_LONG, BAD_TEXT), else -1


def flaw_words(flaw: Flaw, *, detail: int, length: int, width: int) -> tuple[str | None, str]:
    """The code and the words for a flaw; no code where the record is skipped.

    >>> flaw_words(Flaw.RAGGED, detail=3, length=10, width=5)
    ('E1200', 'the record has 3 fields, the header has 5')
    """
    match flaw:
        case Flaw.RAGGED:
            return "E1200", f"the record has {detail} field{'s' * (detail != 1)}, the header has {width}"
        case Flaw.UNCLOSED:
            return "E1202", "a quote is opened and not closed; reading goes on with the next line"
        case Flaw.BROKEN_QUOTE:
            return "E1202", "text follows a closing quote; reading goes on with the next line"
        case Flaw.TOO_LONG if detail < 0:
            return "E1210", f"the record is {length:,} bytes long; at most {MAX_RECORD:,} are read"
        case Flaw.TOO_LONG:
            return "E1210", f"a field of the record ({length:,} bytes) is longer than {MAX_FIELD:,} bytes"
        case Flaw.BAD_TEXT:
            return "E1211", "the text is not valid in the declared encoding"
        case Flaw.BLANK:
            return None, "blank line"
        case Flaw.ALL_EMPTY:
            return None, "no value in any column"
        case Flaw.END_MARK:
            return None, "end-of-file mark"


def cut_records(
    stream: BinaryIO,
    *,
    delimiter: str = ",",
    quote: str = '"',
    width: int | None = None,
    encoding: str = "utf-8",
    begins_at: int = 0,
    max_field: int = MAX_FIELD,
    max_record: int = MAX_RECORD,
    chunk: int = 1 << 20,
) -> Iterator[Cut]:
    """The records from ``begins_at`` on; the encoding is one in which delimiter, quote and line ends are ASCII's bytes.

    Without ``width`` no record is ragged or empty: so is a header read.

    >>> from io import BytesIO
    >>> [(cut.byte_offset, cut.fields) for cut in cut_records(BytesIO(b'a,b\\r\\n"x\\n""y",2\\n'))]
    [(0, (b'a', b'b')), (5, (b'x\\n"y', b'2'))]
    """
    window = _Window(stream, begins_at, chunk, max_record)
    reader = _Reader(window, delimiter.encode("ascii"), quote.encode("ascii"))
    number = 0
    while window.has(0):
        number += 1
        begin = window.offset
        line = window.line()
        if line is None:
            length, _ = window.skip_line()
            yield Cut(number, begin, length, flaw=Flaw.TOO_LONG)
            continue
        fields, flaw, taken = reader.record(line)
        if flaw is not None:
            window.drop(line[1])
            yield Cut(number, begin, line[0], flaw=flaw)
            continue
        length, following = taken
        raw_mark = length == 1 and window.text[window.start : window.start + 1] == b"\x1a" and following == length
        window.drop(following)
        flaw, detail = _judged(length, fields, width, encoding, max_field, at_end=raw_mark)
        yield Cut(number, begin, length, () if flaw else tuple(fields), flaw, detail)


def _judged(
    length: int, fields: list[bytes], width: int | None, encoding: str, max_field: int, *, at_end: bool
) -> tuple[Flaw | None, int]:
    if length == 0:
        return Flaw.BLANK, -1
    if at_end:
        return Flaw.END_MARK, -1
    for place, field in enumerate(fields[: width or None]):
        if len(field) > max_field:
            return Flaw.TOO_LONG, place
    if width is not None and len(fields) != width:
        return Flaw.RAGGED, len(fields)
    if width is not None and not any(fields):
        return Flaw.ALL_EMPTY, -1
    for place, field in enumerate(fields):
        if not field.isascii():
            try:
                field.decode(encoding)
            except UnicodeDecodeError:
                return Flaw.BAD_TEXT, place
    return None, -1


class _Window:
    """The bytes of the file from the current record on."""

    def __init__(self, stream: BinaryIO, begins_at: int, chunk: int, max_record: int) -> None:
        self._stream, self._chunk, self.max_record = stream, chunk, max_record
        stream.seek(begins_at)
        self.text = b""
        self.start = 0  # of the record, in text
        self._base = begins_at  # of text, in the file
        self.ended = False

    @property
    def offset(self) -> int:
        """Where the record begins in the file."""
        return self._base + self.start

    def has(self, place: int) -> bool:
        """Whether the record's start plus ``place`` is still in the file."""
        while self.start + place >= len(self.text):
            if not self.more():
                return False
        return True

    def more(self) -> bool:
        """Read on; False at the end of the file."""
        if self.ended:
            return False
        read = self._stream.read(self._chunk)
        if not read:
            self.ended = True
            return False
        self._base += self.start
        self.text = self.text[self.start :] + read
        self.start = 0
        return True

    def drop(self, length: int) -> None:
        """The next record begins ``length`` bytes further on."""
        self.start += length

    def line(self) -> tuple[int, int] | None:
        """The length of the record's first line without and with its end; None if it is too long to hold."""
        place = 0
        while True:
            found = _LINE_END.search(self.text, self.start + place)
            if found:
                stop = found.start() - self.start
                if stop > self.max_record:
                    return None
                ending = 2 if found.group() == b"\r" and self.has(stop + 1) and self._is_lf(stop + 1) else 1
                return stop, stop + ending
            place = len(self.text) - self.start
            if place > self.max_record:
                return None
            if not self.more():
                return place, place

    def _is_lf(self, place: int) -> bool:
        return self.text[self.start + place] == 10

    def skip_line(self) -> tuple[int, int]:
        """Pass over a line that is too long to hold: its length without and with its end."""
        begin = self.offset
        while True:
            found = _LINE_END.search(self.text, self.start)
            if found:
                self.start = found.start()
                length = self.offset - begin
                ending = 2 if found.group() == b"\r" and self.has(1) and self._is_lf(1) else 1
                self.drop(ending)
                return length, length + ending
            self.start = len(self.text)
            if not self.more():
                return self.offset - begin, self.offset - begin


_LINE_END = re.compile(rb"[\r\n]")


class _Reader:
    """The fields of a record."""

    def __init__(self, window: _Window, delimiter: bytes, quote: bytes) -> None:
        self._window, self._delimiter, self._quote = window, delimiter, quote
        self._field_end = re.compile(b"[\r\n" + re.escape(delimiter) + b"]")

    def record(self, line: tuple[int, int]) -> tuple[list[bytes], Flaw | None, tuple[int, int]]:
        """The fields, or a flaw; and the record's length without and with its end."""
        window = self._window
        first = window.text[window.start : window.start + line[0]]
        if not self._quote or self._quote not in first:
            return first.split(self._delimiter), None, line
        fields: list[bytes] = []
        place = 0
        while True:
            if window.has(place) and self._at(place) == self._quote:
                closing = self._closing(place + 1)
                if closing is None:
                    return [], Flaw.UNCLOSED, line
                begin = window.start + place + 1
                fields.append(window.text[begin : window.start + closing].replace(self._quote * 2, self._quote))
                place = closing + 1
                if window.has(place) and self._at(place) not in (self._delimiter, b"\r", b"\n"):
                    return [], Flaw.BROKEN_QUOTE, line
            else:
                stop = self._unquoted_end(place)
                fields.append(window.text[window.start + place : window.start + stop])
                place = stop
            if place > window.max_record:
                return [], Flaw.TOO_LONG, line
            if not window.has(place):
                return fields, None, (place, place)
            if self._at(place) != self._delimiter:
                ending = 2 if self._at(place) == b"\r" and window.has(place + 1) and self._at(place + 1) == b"\n" else 1
                return fields, None, (place, place + ending)
            place += 1
            if place > window.max_record:
                return [], Flaw.TOO_LONG, line

    def _at(self, place: int) -> bytes:
        begin = self._window.start + place
        return self._window.text[begin : begin + 1]

    def _closing(self, place: int) -> int | None:
        """Where the quoted field ends that has its first byte at ``place``."""
        window = self._window
        while True:
            found = window.text.find(self._quote, window.start + place)
            if found < 0:
                place = len(window.text) - window.start
                if place > window.max_record or not window.more():
                    return None
                continue
            place = found - window.start
            if place > window.max_record:
                return None
            if not (window.has(place + 1) and self._at(place + 1) == self._quote):
                return place
            place += 2

    def _unquoted_end(self, place: int) -> int:
        window = self._window
        while True:
            found = self._field_end.search(window.text, window.start + place)
            if found:
                return found.start() - window.start
            place = len(window.text) - window.start
            if place > window.max_record or not window.more():
                return place

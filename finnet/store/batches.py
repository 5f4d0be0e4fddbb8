"""A scan's file as batches of rows, with everything that is not a row counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from finnet.model.delimited import MAX_FIELD, MAX_RECORD, Flaw, cut_records
from finnet.model.scan import BulkScan, PlainAmount, PlainDay
from finnet.store.arrow_stream import Batch, TextColumn

__all__ = ["COMPILED_FROM", "NUMBERS", "FlawedRecord", "RecordCount", "batches_of", "reads_plain", "text_column"]

NUMBERS = ("record", "byte_offset", "byte_length")  # -1: the format has no offsets

# Below this the compiled reader's start costs more than it saves.
COMPILED_FROM = 4 << 20
_CHUNK = 8 << 20
_SMALL_CHUNK = 4 << 20  # of what becomes many columns: the engine holds several batches at a time
_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class FlawedRecord:
    """A record that is no row: where it is, and why; ``detail`` as in ``Cut``."""

    record: int
    byte_offset: int
    byte_length: int
    flaw: Flaw
    detail: int


@dataclass(slots=True)
class RecordCount:
    """What a pass over the file found beside its rows."""

    records: int = 0
    trimmed: int = 0
    flawed: list[FlawedRecord] = field(default_factory=list)


def batches_of(
    scan: BulkScan, stream: BinaryIO | None, encoding: str, exact: bool, size: int
) -> Callable[[RecordCount, bool], Iterator[Batch]]:
    """How to go through the file once: the function fills the count while its batches are drawn.

    Its second argument says whether batches may be passing, where ``reads_plain``: such a batch is good until the next
    is drawn, and has no columns of plain days.
    """
    if scan.layout == "rows":
        return lambda count, _: _from_rows(scan, count)
    assert stream is not None
    if scan.layout == "lines":
        return lambda count, _: _from_lines(scan, stream, count)
    if reads_plain(scan, encoding, size):
        return lambda count, passing: _compiled(scan, stream, exact, count, passing=passing)
    return lambda count, _: _exact(scan, stream, encoding, exact, count)


def reads_plain(scan: BulkScan, encoding: str, size: int) -> bool:
    """Whether the reader for such a file gives the columns of plain values."""
    return scan.layout == "delimited" and encoding == "utf-8" and size >= COMPILED_FROM


def text_column(values: Sequence[bytes | None]) -> TextColumn:
    """Texts, of which the empty ones are null."""
    lengths = np.fromiter((len(value) if value else 0 for value in values), np.int64, len(values))
    offsets = np.zeros(len(values) + 1, np.int32)
    np.cumsum(lengths, out=offsets[1:])
    data = np.frombuffer(b"".join(value for value in values if value) or b"\0", np.uint8)
    return TextColumn(offsets, data, np.packbits(lengths > 0, bitorder="little"))


def _rows_of(numbers: Sequence[tuple[int, int, int]], values: Sequence[Sequence[bytes | None]]) -> Batch:
    held = np.array(numbers, np.int64)
    return Batch(
        len(numbers),
        [np.ascontiguousarray(held[:, place]) for place in range(3)],
        [text_column(column) for column in zip(*values, strict=True)],
    )


def _exact(scan: BulkScan, stream: BinaryIO, encoding: str, exact: bool, count: RecordCount) -> Iterator[Batch]:
    places = [column.field for column in scan.columns]
    numbers: list[tuple[int, int, int]] = []
    values: list[list[bytes]] = []
    stream.seek(0)
    for cut in cut_records(
        stream,
        delimiter=scan.delimiter,
        quote=scan.quote,
        width=scan.width,
        encoding=encoding,
        begins_at=scan.begins_at,
    ):
        count.records = cut.record
        offset = cut.byte_offset if exact else -1
        if cut.flaw is not None:
            count.flawed.append(FlawedRecord(cut.record, cut.byte_offset, cut.byte_length, cut.flaw, cut.detail))
            continue
        row = [cut.fields[place] for place in places]
        if scan.trim:
            trimmed = [value.strip(b" ") for value in row]
            count.trimmed += sum(len(old) != len(new) for old, new in zip(row, trimmed, strict=True))
            row = trimmed
        if encoding != "utf-8":
            row = [value if value.isascii() else value.decode(encoding).encode() for value in row]
        numbers.append((cut.record, offset, cut.byte_length))
        values.append(row)
        if len(values) == _ROWS:
            yield _rows_of(numbers, values)
            numbers, values = [], []
    if values:
        yield _rows_of(numbers, values)


def _compiled(scan: BulkScan, stream: BinaryIO, exact: bool, count: RecordCount, *, passing: bool) -> Iterator[Batch]:
    from finnet.store.plain_values import plain_amounts, plain_days
    from finnet.store.tokenizer import tokenize

    outputs, width = len(scan.columns), scan.width
    wanted = np.full(width, -1, np.int32)
    for place, column in enumerate(scan.columns):
        wanted[column.field] = place
    quote = ord(scan.quote) if scan.quote else 256  # no byte
    state = np.array([0, 0, 0, 0, 0, -1], np.int64)
    starts, ends = np.empty(width + 1, np.int64), np.empty(width + 1, np.int64)
    flaws = np.empty((1024, 5), np.int64)
    offsets: NDArray[np.int32] = np.empty((outputs, 0), np.int32)
    data: NDArray[np.uint8] = np.empty((outputs, 0), np.uint8)
    valid: NDArray[np.uint8] = np.empty((outputs, 0), np.uint8)
    numbers: NDArray[np.int64] = np.empty((3, 0), np.int64)
    stream.seek(scan.begins_at)
    # The same room is used again and again, for what is read and for what is made of it.
    text = np.empty(2 * _SMALL_CHUNK, np.uint8)
    at, left, final = scan.begins_at, 0, False
    while not final:
        if len(text) - left < _SMALL_CHUNK:
            text = np.concatenate([text, np.empty(len(text), np.uint8)])
        read = _fill(stream, text[left : left + _SMALL_CHUNK])
        final = read < _SMALL_CHUNK
        start, end = 0, left + read
        while True:
            size = end - start
            most = size // width + 1
            if size >= data.shape[1]:
                offsets = np.empty((outputs, most + 1), np.int32)
                data = np.empty((outputs, size + 1), np.uint8)
                valid = np.empty((outputs, most // 8 + 1), np.uint8)
                numbers = np.empty((3, most), np.int64)
            valid.fill(0)
            tokenize(
                text, start, end, final, at, count.records, ord(scan.delimiter), quote, width,
                wanted, scan.trim, MAX_FIELD, MAX_RECORD, offsets, data, valid, numbers, flaws, starts, ends, state,
            )  # fmt: skip
            rows, flawed, count.records, start = (int(value) for value in state[:4])
            count.trimmed += int(state[4])
            count.flawed += [
                FlawedRecord(record, offset, length, Flaw(kind), detail)
                for kind, record, offset, length, detail in flaws[:flawed].tolist()
            ]
            if rows:
                if not exact:
                    numbers[1].fill(-1)
                texts = [
                    TextColumn(ends_of[: rows + 1], filled[: ends_of[rows] or 1], bits[: rows // 8 + 1])
                    for ends_of, filled, bits in zip(offsets, data, valid, strict=True)
                ]
                pairs = list(zip(scan.columns, texts, strict=True))
                amounts = [plain_amounts(t, rows, c.plain) for c, t in pairs if isinstance(c.plain, PlainAmount)]
                if passing:
                    yield Batch(rows, list(numbers[:, :rows]), texts, amounts)
                else:
                    days = [plain_days(t, rows, c.plain) for c, t in pairs if isinstance(c.plain, PlainDay)]
                    yield Batch(
                        rows, list(numbers[:, :rows].copy()), [*(text.copy() for text in texts), *days], amounts
                    )
            if flawed < len(flaws) and rows < numbers.shape[1]:
                break
        left = end - start
        text[:left] = text[start:end].copy()
        at += start


def _fill(stream: BinaryIO, room: NDArray[np.uint8]) -> int:
    """Read until the room is full or the file at its end: how many bytes that is."""
    filled = 0
    while filled < len(room):
        read = stream.readinto(room.data[filled:])  # type: ignore[attr-defined]
        if not read:
            break
        filled += read
    return filled


def _from_lines(scan: BulkScan, stream: BinaryIO, count: RecordCount) -> Iterator[Batch]:
    """One line, one value: JSON lines. Only LF ends a line; a CR before it is blank space to JSON."""
    stream.seek(scan.begins_at)
    at, left, final = scan.begins_at, b"", False
    while not final:
        read = stream.read(_CHUNK)
        final = len(read) < _CHUNK
        chunk = left + read
        stop = len(chunk) if final else chunk.rfind(b"\n") + 1
        if stop == 0 and len(chunk) > MAX_RECORD:  # too long to hold: pass over the rest of it
            length = len(chunk)
            while not final and b"\n" not in read:
                read = stream.read(_CHUNK)
                final = len(read) < _CHUNK
                length += len(read)
            behind = read.partition(b"\n")[2]
            length -= len(behind)
            count.records += 1
            count.flawed.append(FlawedRecord(count.records, at, length, Flaw.TOO_LONG, -1))
            at, left = at + length, behind
            if final and left:
                yield from _lines_of(left, at, count)
            continue
        left = chunk[stop:]
        if stop:
            yield from _lines_of(chunk[:stop], at, count)
        at += stop


def _lines_of(chunk: bytes, at: int, count: RecordCount) -> Iterator[Batch]:
    text = np.frombuffer(chunk, np.uint8)
    ends = np.flatnonzero(text == 10) + 1
    if not len(ends) or ends[-1] != len(text):
        ends = np.append(ends, len(text))
    offsets = np.concatenate(([0], ends))
    first = count.records + 1
    count.records += len(ends)
    try:
        is_plain = bool(chunk.isascii() or chunk.decode())
    except UnicodeDecodeError:
        is_plain = False
    if not is_plain or int(np.diff(offsets).max()) > MAX_RECORD:
        kept = []
        for place, (begin, end) in enumerate(zip(offsets[:-1].tolist(), ends.tolist(), strict=True)):
            line = chunk[begin:end]
            flaw = Flaw.TOO_LONG if len(line) > MAX_RECORD else None
            try:
                line.decode()
            except UnicodeDecodeError:
                flaw = flaw or Flaw.BAD_TEXT
            if flaw:
                count.flawed.append(FlawedRecord(first + place, at + begin, len(line.rstrip(b"\r\n")), flaw, -1))
            else:
                kept.append((first + place, at + begin, end - begin, line))
        if kept:
            yield _rows_of([row[:3] for row in kept], [[row[3]] for row in kept])
        return
    numbers: list[NDArray[np.int64]] = [
        np.arange(first, first + len(ends), dtype=np.int64),
        (at + offsets[:-1]).astype(np.int64),
        np.diff(offsets).astype(np.int64),
    ]
    every = np.full(len(ends) // 8 + 1, 255, np.uint8)
    yield Batch(len(ends), numbers, [TextColumn(offsets.astype(np.int32), text, every)])


def _from_rows(scan: BulkScan, count: RecordCount) -> Iterator[Batch]:
    assert scan.read_rows is not None
    places = [column.field for column in scan.columns]
    numbers: list[tuple[int, int, int]] = []
    values: list[list[bytes | None]] = []
    for row in scan.read_rows():
        count.records += 1
        if not any(row):
            count.flawed.append(FlawedRecord(count.records, -1, 0, Flaw.ALL_EMPTY, -1))
            continue
        cells = [row[place] for place in places]
        if scan.trim:
            trimmed = [None if cell is None else cell.strip(" ") for cell in cells]
            count.trimmed += sum(old != new for old, new in zip(cells, trimmed, strict=True))
            cells = trimmed
        try:
            encoded = [None if cell is None else cell.encode() for cell in cells]
        except UnicodeEncodeError:  # half a surrogate pair
            count.flawed.append(FlawedRecord(count.records, -1, 0, Flaw.BAD_TEXT, -1))
            continue
        numbers.append((count.records, -1, 0))
        values.append(encoded)
        if len(values) == _ROWS:
            yield _rows_of(numbers, values)
            numbers, values = [], []
    if values:
        yield _rows_of(numbers, values)

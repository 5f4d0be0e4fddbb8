"""A table file before its records: which layout, encoding and delimiter it has, and what its columns are called."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from finnet.errors import InputError, MappingError, nearest, quoted
from finnet.model.delimited import Cut, Flaw, cut_records
from finnet.model.encoding import OpenedText, open_text, stated_by_mark
from finnet.model.mapping import TableMapping
from finnet.model.reading import SourceFile
from finnet.sources._tables.workbook import open_sheet

__all__ = ["DELIMITERS", "OpenedTable", "first_records", "layout_of", "open_table", "sniff_delimiter"]

DELIMITERS = (",", ";", "\t", "|")

_HEAD = 65_536
Layout = Literal["delimited", "rows", "parquet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedTable:
    """``titles`` are the columns' names; none in an empty file. A Parquet file's are left to the engine."""

    file: SourceFile
    layout: Layout
    titles: tuple[str, ...] = ()
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    begins_at: int = 0
    read_rows: Callable[[], Iterator[Sequence[str | None]]] | None = None
    notes: tuple[str, ...] = ()

    def place(self, title: str, mapping: TableMapping) -> int:
        """Which field a column is. Raises: MappingError with the nearest column there is."""
        if title in self.titles:
            return self.titles.index(title)
        stripped = [known.strip() for known in self.titles]
        if stripped.count(title.strip()) == 1:
            return stripped.index(title.strip())
        known = [name for name in self.titles if name]
        raise MappingError(
            f"{quoted(mapping.name)}: {quoted(self.file.name)} has no column {quoted(title)}",
            hint=nearest(title, [quoted(name)[1:-1] for name in known]) if known else "the file has no header",
        )


def layout_of(start: bytes) -> Layout | None:
    """Parquet, a workbook (XLSX, XLS, ODS) or text; None for what is packed or binary."""
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        return "rows"
    if start.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"Rar!", b"7z\xbc\xaf", b"%PDF")):
        return None
    return "delimited"


def open_table(file: SourceFile, mapping: TableMapping | None) -> OpenedTable:
    """Look at a file's beginning. Without a mapping what it would say is recognised, and told in the notes.

    Raises: InputError for what is no table, MappingError for a sheet that is not there.
    """
    try:
        with file.path.open("rb") as stream:
            start = stream.read(_HEAD)
    except OSError as error:
        raise InputError(f"{quoted(file.name)}: cannot be read: {error.strerror}") from error
    layout = layout_of(start)
    if layout is None:
        raise InputError(f"{quoted(file.name)}: is packed or not a table", hint="unpack it first")
    if layout == "parquet":
        return OpenedTable(file=file, layout="parquet")
    header = 1 if mapping is None else mapping.header
    if layout == "rows":
        sheet = open_sheet(file, None if mapping is None else mapping.sheet, header)
        titles = sheet.titles
        _refuse_repeated(file, titles)
        return OpenedTable(file=file, layout="rows", titles=titles, read_rows=sheet.rows, notes=sheet.notes)
    if mapping is not None and mapping.sheet is not None:
        raise MappingError(f"{quoted(mapping.name)}: sheet is for workbooks; {quoted(file.name)} is text")
    return _open_text_table(file, mapping, start, header)


def _open_text_table(file: SourceFile, mapping: TableMapping | None, start: bytes, header: int) -> OpenedTable:
    encoding, mark = _encoding(file, mapping, start)
    declared = None if mapping is None else mapping.formats.delimiter
    quote = '"' if mapping is None else mapping.formats.quote
    notes: list[str] = []
    opened = open_text(file.path, encoding, delimiter=declared or ",", name=file.name)
    try:
        begin = _after_lines(opened, mark if opened.exact else 0, max(header - 1, 0))
        delimiter = declared or sniff_delimiter(opened, quote, begin)
        cuts = cut_records(opened.stream, delimiter=delimiter, quote=quote, begins_at=begin, encoding=opened.encoding)
        first = list(islice(cuts, 2))
        opened.stream.seek(0, 2)
        size = opened.stream.tell()
    finally:
        opened.stream.close()
    if declared is None and first:
        shown = "tab" if delimiter == "\t" else delimiter
        notes.append(f"{file.name}: the delimiter is taken to be {shown!r}")
    if not first or (len(first) == 1 and first[0].byte_length == 0):
        notes.append(f"{file.name}: the file is empty")
        return OpenedTable(file=file, layout="rows", read_rows=lambda: iter(()), notes=tuple(notes))
    titles, begins_at = _titles(file, first, opened.encoding, header, size)
    if begins_at >= size and header:
        notes.append(f"{file.name}: the file has a header and no records")
    return OpenedTable(
        file=file,
        layout="delimited",
        titles=titles,
        encoding=encoding,
        delimiter=delimiter,
        quote=quote,
        begins_at=begins_at if header else begin,
        notes=tuple(notes),
    )


def _titles(file: SourceFile, first: list[Cut], encoding: str, header: int, size: int) -> tuple[tuple[str, ...], int]:
    head = first[0]
    if not header:
        return tuple(str(number) for number in range(1, max(len(head.fields), 1) + 1)), 0
    if head.flaw is Flaw.BAD_TEXT:
        raise InputError(
            f"{quoted(file.name)} line {header}: the header is not valid {encoding}", code="E1103",
            hint="set encoding in [formats] to what the file is in",
        )  # fmt: skip
    if head.flaw is not None or not head.fields:
        raise InputError(
            f"{quoted(file.name)} line {header}: no header can be read there", code="E1202" if head.flaw else "E1100",
            hint="header in the mapping says which line has the names of the columns",
        )  # fmt: skip
    titles = tuple(field.decode(encoding).strip() for field in head.fields)
    _refuse_repeated(file, titles)
    return titles, first[1].byte_offset if len(first) > 1 else size


def _refuse_repeated(file: SourceFile, titles: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for title in titles:
        key = title.strip().casefold()
        if key and key in seen:
            raise InputError(
                f"{quoted(file.name)}: two columns are called {quoted(seen[key])} and {quoted(title)}", code="E1107",
                hint="rename one of them",
            )  # fmt: skip
        seen[key] = title


def _encoding(file: SourceFile, mapping: TableMapping | None, start: bytes) -> tuple[str, int]:
    stated = stated_by_mark(start)
    declared = None if mapping is None else mapping.formats.encoding
    if stated is not None:
        encoding, mark = stated
        if declared is not None and not declared.startswith(encoding):
            raise InputError(
                f"{quoted(file.name)}: the mapping says {declared}, the file's byte order mark says {encoding}",
                code="E1103", hint="take encoding out of [formats]",
            )  # fmt: skip
        return encoding, mark
    if declared is None and start[:4096].count(0) * 5 > len(start[:4096]):
        raise InputError(
            f"{quoted(file.name)}: every other byte is nought, which looks like UTF-16", code="E1103",
            hint='set encoding = "utf-16-le" or "utf-16-be" in [formats]',
        )  # fmt: skip
    return declared or "utf-8", 0


def _after_lines(opened: OpenedText, begin: int, lines: int) -> int:
    """The offset behind so many lines, whatever ends them."""
    opened.stream.seek(begin)
    text = opened.stream.read(1 << 22)
    place = 0
    for _ in range(lines):
        ends = [found for found in (text.find(b"\n", place), text.find(b"\r", place)) if found >= 0]
        if not ends:
            return begin + len(text)
        place = min(ends) + (2 if text[min(ends) : min(ends) + 2] == b"\r\n" else 1)
    return begin + place


def sniff_delimiter(opened: OpenedText, quote: str, begin: int) -> str:
    """The delimiter that cuts the first records into the same number of fields, more than one; else a comma."""
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        cuts = cut_records(opened.stream, delimiter=delimiter, quote=quote, begins_at=begin, encoding=opened.encoding)
        widths = [len(cut.fields) for cut in islice(cuts, 50) if cut.flaw is None]
        if not widths or widths[0] < 2:
            continue
        score = (sum(width == widths[0] for width in widths) / len(widths), widths[0])
        if score > best_score:
            best, best_score = delimiter, score
    return best


def first_records(table: OpenedTable, limit: int) -> list[tuple[int, list[str | None] | None]]:
    """The first records' numbers and texts; None for one that is no row. Not for Parquet."""
    found: list[tuple[int, list[str | None] | None]] = []
    if table.read_rows is not None:
        return [(number, list(row)) for number, row in enumerate(islice(table.read_rows(), limit), start=1)]
    opened = open_text(table.file.path, table.encoding, delimiter=table.delimiter)
    try:
        for cut in islice(
            cut_records(
                opened.stream,
                delimiter=table.delimiter,
                quote=table.quote,
                width=len(table.titles),
                encoding=opened.encoding,
                begins_at=table.begins_at,
            ),
            limit,
        ):
            row = None if cut.flaw is not None else [field.decode(opened.encoding) or None for field in cut.fields]
            found.append((cut.record, row))
    finally:
        opened.stream.close()
    return found

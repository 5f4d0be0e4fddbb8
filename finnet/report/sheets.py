"""Sheets of comma separated values that spreadsheets and databases open without running anything in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from finnet.report.files import atomic_file
from finnet.report.network_columns import PlainColumn, plain_text
from finnet.text import csv_safe

__all__ = ["text_cells", "write_sheet"]


def write_sheet(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]], *, mark: bool = False) -> None:
    """Write all of it or nothing, as UTF-8; ``mark`` puts a byte order mark in front."""
    with atomic_file(path) as file:
        if mark:
            file.write(b"\xef\xbb\xbf")
        text = io.TextIOWrapper(file, encoding="utf-8", errors="backslashreplace", newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)
        text.detach()  # flushes; the file itself is still to be flushed to disk and renamed


def text_cells(columns: Iterable[PlainColumn | None], place: int) -> Iterator[str]:
    """The columns' cells at a place: text made inert, numbers as they are, nothing where there is no column."""
    for column in columns:
        text = "" if column is None else plain_text(column.values[place])
        yield csv_safe(text) if column is not None and column.kind == "string" else text

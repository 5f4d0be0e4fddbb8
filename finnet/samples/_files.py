"""How the sample's files are written: the same bytes whenever and wherever."""

from __future__ import annotations

import csv
import datetime
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

__all__ = ["Cell", "write_csv", "write_json", "write_json_lines", "write_text", "write_workbook"]

Cell = str | int | float

_CREATED = datetime.datetime(2021, 12, 31)
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def write_text(path: Path, text: str) -> None:
    """UTF-8 with line feeds, on every system."""
    path.write_bytes(text.encode())


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """A CSV file with a header and line feeds."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_json(path: Path, document: Any) -> None:
    """One JSON document, indented, keys as they come."""
    write_text(path, json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def write_json_lines(path: Path, documents: Iterable[Any]) -> None:
    """One JSON document per line."""
    write_text(path, "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in documents))


def write_workbook(
    path: Path, sheet: str, title: Sequence[str], header: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> None:
    """An XLSX workbook of one sheet: the title's lines, the header below them, then the rows.

    Nothing in it depends on the clock, and its parts are stored, not packed: packers differ from machine to machine.
    """
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_numbers": False}) as book:
        book.set_properties({"title": title[0], "created": _CREATED})
        page = book.add_worksheet(sheet)
        for place, line in enumerate((*[[text] for text in title], header, *rows)):
            page.write_row(place, 0, [None if cell == "" else cell for cell in line])
    with zipfile.ZipFile(made) as packed, zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as stored:
        for part in packed.namelist():
            entry = zipfile.ZipInfo(part, _ZIP_TIME)
            entry.create_system = 3  # whatever the system
            stored.writestr(entry, packed.read(part))

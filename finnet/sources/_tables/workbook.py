"""A sheet of a workbook (XLSX, XLS, ODS) as rows of text."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from finnet.errors import InputError, MappingError, nearest, quoted
from finnet.model.reading import SourceFile

__all__ = ["OpenedSheet", "cell_text", "open_sheet"]

_MOST_UNPACKED = 4 << 30
_MOST_RATIO = 200
_SMALL = 64 << 20

Cell = str | int | float | bool | datetime.date | datetime.time | datetime.timedelta | None


@dataclass(frozen=True, slots=True)
class OpenedSheet:
    """The names of the columns, and the rows below them as often as they are asked for."""

    titles: tuple[str, ...]
    rows: Callable[[], Iterator[Sequence[str | None]]]
    notes: tuple[str, ...]


def cell_text(cell: Cell) -> str | None:
    """A cell as text: numbers with all the digits that tell them apart, dates in ISO form, nothing for an empty cell.

    A spreadsheet keeps every number as binary floating point: 0.1 is written as 0.1 because no other number is nearer.

    >>> cell_text(1234.5), cell_text(12.0), cell_text(1e-7)
    ('1234.5', '12', '0.0000001')
    >>> cell_text(datetime.datetime(2019, 3, 5)), cell_text(datetime.datetime(2019, 3, 5, 10, 20))
    ('2019-03-05', '2019-03-05T10:20:00')
    """
    match cell:
        case None | "":
            return None
        case str():
            return cell
        case bool():
            return str(cell).lower()
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else format(Decimal(repr(cell)), "f")
        case datetime.datetime():
            is_day = cell.time() == datetime.time()
            return cell.date().isoformat() if is_day else cell.replace(microsecond=0).isoformat()
        case datetime.date() | datetime.time():
            return cell.isoformat()
        case _:
            return str(cell)


def open_sheet(file: SourceFile, sheet: str | int | None, header: int) -> OpenedSheet:
    """The sheet of that name or number, else the first one.

    Raises: InputError for what is no workbook or unpacks to too much; MappingError for a sheet that is not there.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    _refuse_bomb(file)
    try:
        book = CalamineWorkbook.from_path(str(file.path))
        name, notes = _sheet_name(file, book.sheet_names, sheet)
        cells: Sequence[Sequence[Cell]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except PasswordError as error:
        raise InputError(f"{quoted(file.name)}: is protected by a password", hint="save it without one") from error
    except (CalamineError, OSError) as error:
        raise InputError(f"{quoted(file.name)}: not a workbook that can be read: {quoted(error)}") from error
    if len(cells) < max(header, 1):
        return OpenedSheet((), lambda: iter(()), (*notes, f"{file.name}: the sheet {name!r} is empty"))
    width = max(len(row) for row in cells)
    if header:
        titles = tuple((cell_text(cell) or "").strip() for cell in cells[header - 1])
    else:
        titles = tuple(str(number) for number in range(1, width + 1))
    if len(cells) == header:
        notes = (*notes, f"{file.name}: the sheet {name!r} has a header and no records")

    def rows() -> Iterator[Sequence[str | None]]:
        for row in cells[header:]:
            yield [cell_text(cell) for cell in row]

    return OpenedSheet(titles, rows, notes)


def _sheet_name(file: SourceFile, names: Sequence[str], sheet: str | int | None) -> tuple[str, tuple[str, ...]]:
    if not names:
        raise InputError(f"{quoted(file.name)}: the workbook has no sheet")
    if sheet is None:
        notes = (f"{file.name}: the sheet is taken to be {names[0]!r}, the first of {len(names)}",) if names[1:] else ()
        return names[0], notes
    if isinstance(sheet, int):
        if sheet > len(names):
            raise MappingError(f"{quoted(file.name)}: has {len(names)} sheets, not {sheet}")
        return names[sheet - 1], ()
    if sheet not in names:
        raise MappingError(f"{quoted(file.name)}: no sheet called {quoted(sheet)}", hint=nearest(sheet, names))
    return sheet, ()


def _refuse_bomb(file: SourceFile) -> None:
    """An XLSX is an archive: refuse one that unpacks to more than a workbook could hold."""
    try:
        with zipfile.ZipFile(file.path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        return  # an old XLS, or nothing calamine will take
    packed = max(file.path.stat().st_size, 1)
    if unpacked > _MOST_UNPACKED or (unpacked > _SMALL and unpacked / packed > _MOST_RATIO):
        raise InputError(
            f"{quoted(file.name)}: unpacks to {unpacked:,} bytes, {unpacked // packed} times its size", code="E1106",
            hint="save the sheet as CSV",
        )  # fmt: skip

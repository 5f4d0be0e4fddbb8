"""The values of a mapping's TOML, each checked where it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping

from finnet.errors import MappingError, nearest, quoted

__all__ = [
    "column_of",
    "constant_of",
    "flag_of",
    "grade_of",
    "header_of",
    "refuse_unknown",
    "sheet_of",
    "table_of",
    "takes_verbatim",
    "text_of",
]

_GRADE = re.compile(r"[A-F][1-6]")


def takes_verbatim(document: dict[str, object]) -> bool:
    """Whether ids are taken as they stand."""
    ids = document.get("ids", "prefixed")
    if ids not in {"prefixed", "verbatim"}:
        raise MappingError(f"ids is {quoted(ids)}", hint='"prefixed" (the default) or "verbatim"')
    if ids == "verbatim" and "namespace" in document:
        raise MappingError('namespace and ids = "verbatim" exclude each other')
    return ids == "verbatim"


def grade_of(document: dict[str, object]) -> str | None:
    """The Admiralty grade."""
    grade = text_of(document, "grade")
    if grade is not None and not _GRADE.fullmatch(grade):
        raise MappingError(f"grade is {quoted(grade)}", hint="a letter A to F and a number 1 to 6, like B2")
    return grade


def sheet_of(document: dict[str, object]) -> str | int | None:
    """The sheet's name or number."""
    sheet = document.get("sheet")
    if (
        sheet is None
        or isinstance(sheet, str)
        or (isinstance(sheet, int) and not isinstance(sheet, bool) and sheet > 0)
    ):
        return sheet
    raise MappingError(f"sheet is {quoted(sheet)}", hint="the sheet's name, or its number from 1")


def header_of(document: dict[str, object]) -> int:
    """Which line is the header, 0 for none."""
    header = document.get("header", 1)
    if isinstance(header, bool) or not isinstance(header, int) or not 0 <= header <= 10_000:
        raise MappingError(
            f"header is {quoted(header)}", hint="the number of the line with the column names, 0 for none"
        )
    return header


def column_of(word: str, value: object) -> str:
    """The column that a word stands for."""
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return str(value)
    raise MappingError(
        f"[columns] {word} is {quoted(value)}", hint="the name of a column, or its number without a header"
    )


def constant_of(word: str, value: object) -> str:
    """The constant that a word stands for."""
    if isinstance(value, str) and value:
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise MappingError(f"[defaults] {word} is {quoted(value)}", hint="a text or a whole number")


def table_of(document: dict[str, object], key: str) -> dict[str, object]:
    """A table of the document, empty if it is not there."""
    table = document.get(key, {})
    if not isinstance(table, dict):
        raise MappingError(f"{key} is not a table", hint=f"write [{key}] on a line of its own")
    return table


def text_of(table: Mapping[str, object], key: str, *, empty: bool = False) -> str | None:
    """A text, None if it is not there."""
    value = table.get(key)
    if value is None or (isinstance(value, str) and (value or empty)):
        return value
    raise MappingError(f"{key} is {quoted(value)}", hint="it is a text")


def flag_of(table: Mapping[str, object], key: str) -> bool:
    """True or false, false if it is not there."""
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise MappingError(f"[formats] {key} is {quoted(value)}", hint="true or false")
    return value


def refuse_unknown(table: Mapping[str, object], known: tuple[str, ...], where: str) -> None:
    """Keys that are not known are mistakes; the nearest one is offered."""
    for key in table:
        if key not in known:
            raise MappingError(f"{where}: unknown key {quoted(key)}", hint=nearest(key, known))

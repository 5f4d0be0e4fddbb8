"""The lines of OFAC's legacy CSV files: one record a line, no header, ``-0-`` for nothing, control-Z at the end."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from finnet.errors import InputError, quoted
from finnet.model.reading import SourceFile
from finnet.model.statement import Counted, Origin, Reject, Skip

__all__ = ["COLUMNS", "LONGEST_LINE", "ROLES", "Row", "role_of", "rows"]

# The four files of a list, by the columns that OFAC's data specification gives them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "sdn": (
        "ent_num", "sdn_name", "sdn_type", "program", "title", "call_sign", "vess_type", "tonnage", "grt",
        "vess_flag", "vess_owner", "remarks",
    ),
    "alt": ("ent_num", "alt_num", "alt_type", "alt_name", "alt_remarks"),
    "add": ("ent_num", "add_num", "address", "city", "country", "add_remarks"),
    "comments": ("ent_num", "remarks"),
}  # fmt: skip
ROLES: dict[int, str] = {len(columns): role for role, columns in COLUMNS.items()}

LONGEST_LINE = 131_072  # the longest field that Python's csv module takes
_TYPES = frozenset({"individual", "vessel", "aircraft", "entity", ""})
_ALIAS_TYPES = frozenset({"aka", "fka", "nka"})
_BLANK = frozenset({"-0-", "-0"})  # a file whose last character was cut ends in "-0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line: its fields without the padding, empty where the list says ``-0-``."""

    origin: Origin
    fields: tuple[str, ...]
    raw: bytes

    @property
    def entry(self) -> str:
        """The list's number of the party that the line is about."""
        return self.fields[0]


def role_of(line: bytes) -> str | None:
    """Which of the four files a first line belongs to; None if it is of another format.

    >>> role_of(b'36,12,"aka","AERO-INVENTED",-0- ')
    'alt'
    >>> role_of(b"id,name") is None
    True
    """
    try:
        fields = _fields(line.decode("utf-8"))
    except (UnicodeDecodeError, csv.Error):
        return None
    role = ROLES.get(len(fields))
    if role is None or not _is_number(fields[0]):
        return None
    known = {
        "sdn": len(fields) > 3 and fields[2] in _TYPES and bool(fields[1]),
        "alt": len(fields) > 2 and _is_number(fields[1]) and fields[2] in _ALIAS_TYPES,
        "add": _is_number(fields[1]),
        "comments": not _is_number(fields[1]),
    }
    return role if known[role] else None


def rows(file: SourceFile, role: str) -> Iterator[Row | Reject | Skip | Counted]:
    """Every line of the file, as a Row, or with the reason why it is none; the count of lines comes last.

    Raises: InputError if the file is empty.
    """
    width, record, offset = len(COLUMNS[role]), 0, 0
    with file.path.open("rb") as stream:
        while line := stream.readline(LONGEST_LINE + 1):
            record += 1
            start, kept = offset, line
            offset += len(line)
            while line and not line.endswith(b"\n"):  # the rest of a line that is too long
                line = stream.readline(LONGEST_LINE + 1)
                offset += len(line)
            if record == 1:
                kept = kept.removeprefix(b"\xef\xbb\xbf")
            yield _read(kept, Origin(file.name, record, start), width, offset - start)
    if record == 0:
        raise InputError(f"{quoted(file.name)}: the file is empty; a list without a party is not a list", code="E1108")
    yield Counted(file=file.name, records=record)


def _read(line: bytes, origin: Origin, width: int, length: int) -> Row | Reject | Skip:
    raw = line.rstrip(b"\r\n")
    if raw.strip() == b"":
        return Skip(origin=origin, reason="blank line")
    if raw.strip() == b"\x1a":
        return Skip(origin=origin, reason="end-of-file mark (control-Z)")
    if length > LONGEST_LINE:
        reason = f"the line is {length} bytes long; {LONGEST_LINE} is the most"
        return Reject(origin=origin, code="E1210", reason=reason, raw=raw)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        reason = f"byte {raw[error.start]:#04x} at position {error.start + 1} of the line is not UTF-8"
        return Reject(origin=origin, code="E1211", reason=reason, raw=raw)
    try:
        fields = _fields(text)
    except csv.Error:
        code = "E1202" if text.count('"') % 2 else "E1200"
        reason = "a quote is opened and not closed" if code == "E1202" else "text stands beside a quoted field"
        return Reject(origin=origin, code=code, reason=reason, raw=raw)
    if len(fields) != width:
        reason = f"the record has {len(fields)} fields; it should have {width}"
        return Reject(origin=origin, code="E1200", reason=reason, raw=raw)
    if not _is_number(fields[0]):
        reason = f"ent_num {quoted(fields[0])} is not a number"
        return Reject(origin=origin, code="E1212", reason=reason, column="ent_num", raw=raw)
    return Row(origin=origin, fields=fields, raw=raw)


def _fields(text: str) -> tuple[str, ...]:
    parsed = next(csv.reader([text.rstrip("\r\n")], strict=True), [])
    return tuple("" if field.strip() in _BLANK else field.strip() for field in parsed)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()

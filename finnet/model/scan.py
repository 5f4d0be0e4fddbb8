"""A file that the store's engine reads by itself, at full speed: what to read, what to refuse, what it states."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

__all__ = ["BulkScan", "Check", "Lookup", "PlainAmount", "PlainDay", "RawColumn", "State"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainAmount:
    """Amounts written as ``-1234.56``: one ASCII character before the decimals, and one (or none) between thousands."""

    decimal: str
    thousands: str = ""


@dataclass(frozen=True, slots=True)
class PlainDay:
    """Days of a fixed layout, as in ``DD.MM.YYYY``: ASCII, with each of the three once."""

    layout: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RawColumn:
    """A column of the raw relation: ``name`` is a plain identifier of ours, ``title`` what the file calls it.

    With ``plain`` there is a second column, ``<name>_plain``: what a reader that is fast made of the text already, an
    amount as DECIMAL(18, 4) or a day as ISO text. It is null where the text is not plainly that, or the reader is
    another: then the text decides.
    """

    name: str
    field: int  # place among the file's fields, from 0; Parquet goes by title
    title: str
    exact: bool = False  # money: binary floating point in a Parquet file is refused here
    plain: PlainAmount | PlainDay | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """Distinct texts of the file read by a Python function, once each: countries, shares, whatever has few values.

    Makes a relation ``lookup_<name>(word, <outputs>, code, reason)``. ``words`` is a select of one text column over
    ``raw``; null is passed over. ``read`` gives the values of the outputs, or raises Refusal, which fills ``code`` and
    ``reason``.
    """

    name: str
    words: str
    outputs: Mapping[str, str]  # column -> SQL type
    read: Callable[[str], Sequence[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A reason to refuse a record: ``bad`` is a SQL condition over the raw row that is true where it is refused.

    A check without a code skips the record instead.
    """

    bad: str
    code: str | None
    reason: str  # SQL expression of type varchar: the words for the user, with the value cut to 80 characters
    column: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the good records state: rows for one of the stored tables.

    ``select`` runs over ``good`` and has the columns ``record`` and ``byte_offset`` and any of the table's; the others
    are null. It may read ``stated_<table>``: the rows of the states before it, as they are stored.

    What is the same or can be worked out for each row is not kept ten million times: ``constants`` (column -> value),
    ``prefixes`` (text put before the column's value), ``numbered`` (column -> text put before the record's number).

    Entities may say whom they describe: of these columns of other tables, as in ``payments.payer_id``, every value.
    """

    table: str
    select: str
    constants: Mapping[str, str | int] = field(default_factory=dict)
    prefixes: Mapping[str, str] = field(default_factory=dict)
    numbered: Mapping[str, str] = field(default_factory=dict)
    describes: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkScan:
    """A table of text rows and what each row states.

    The store reads the file as a relation ``raw(record bigint, byte_offset bigint, <columns> varchar)``, sends the
    records that fail a check (the first one that holds, in the given order) to the rejects, and runs each of
    ``states`` over the remaining ones, then called ``good``. Empty text is null. ``values`` are bound to the ``$name``
    parameters of lookups, checks and selects: untrusted text is never pasted into SQL.

    ``prepared`` are relations made before all else, in that order: what is dear to parse is parsed once. One called
    ``raw`` takes the raw relation's place and keeps its ``record``, ``byte_offset`` and ``byte_length``.

    ``lines``: each line is one value of the only column. ``rows``: ``read_rows`` gives the rows, as from a spreadsheet;
    such records have no byte offset.
    """

    path: Path
    name: str  # what the file is called in origins and messages
    layout: Literal["delimited", "lines", "parquet", "rows"]
    columns: tuple[RawColumn, ...]
    states: tuple[State, ...]
    prepared: Mapping[str, str] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)
    width: int = 1  # fields of a whole record
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'  # empty: none
    begins_at: int = 0  # offset of the first record: after the header and whatever stands above it
    trim: bool = False  # cut blanks around values, and say how often
    null_words: tuple[str, ...] = ()  # texts that mean nothing, beside the empty one
    accept_floats: bool = False
    read_rows: Callable[[], Iterator[Sequence[str | None]]] | None = None
    days: Mapping[str, str] = field(default_factory=dict)  # SQL that reads a day in a select -> its column's name
    facts: Mapping[str, str] = field(default_factory=dict)  # SQL in checks and selects -> the one column it rests on
    counts: Mapping[str, str] = field(default_factory=dict)  # note with {} for each number -> select over ``good``

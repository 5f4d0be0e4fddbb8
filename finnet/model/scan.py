"""A file that the store's engine reads by itself, at full speed: what to read, what to refuse, what it states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

__all__ = ["BulkScan", "Check"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A reason to refuse a record: ``bad`` is a SQL condition over the raw row that is true where it is refused."""

    bad: str
    code: str
    reason: str  # SQL expression of type varchar: the words for the user, with the value cut to 80 characters
    column: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkScan:
    """A table of text rows and what each row states.

    The store loads the file into a relation ``raw(record bigint, byte_offset bigint, <columns> varchar)``, sends the
    records that fail a check (the first one that holds, in the given order) to the rejects, and runs each of
    ``states`` over the remaining ones, then called ``good``. A select's columns carry the names of the stored tables
    (``store/tables.py``), in any order; absent columns are null; ``dataset``, grade and file are added by the store.

    ``values`` are bound to the ``$name`` parameters of checks and selects: never pasted into SQL.
    """

    path: Path
    name: str  # what the file is called in origins and messages
    layout: Literal["delimited", "lines", "parquet"]
    columns: tuple[str, ...]
    states: Mapping[str, str]
    checks: tuple[Check, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    skip_rows: int = 0  # lines before the first record: the header, and whatever stands above it

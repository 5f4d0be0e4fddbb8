"""What passes between a source and the store: the files, the options, and what was read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from finnet.model.scan import BulkScan
from finnet.model.statement import Statement

__all__ = ["Head", "ReadOptions", "Reading", "SourceFile"]

HEAD_BYTES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file to read: where it lies now, and the name that origins and messages give it."""

    path: Path
    name: str


@dataclass(frozen=True)
class Head:
    """A file as ``sniff`` sees it: its name and its first 64 KiB."""

    path: Path

    @property
    def name(self) -> str:
        """The file's name in lower case."""
        return self.path.name.lower()

    @cached_property
    def start(self) -> bytes:
        """The first 64 KiB, without a byte order mark; empty for an empty file."""
        with self.path.open("rb") as file:
            return file.read(HEAD_BYTES).removeprefix(b"\xef\xbb\xbf")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What the user said about the files."""

    mapping: Path | None = None
    dataset: str | None = None
    retrieved_on: str | None = None
    accept_float_money: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a source makes of its files. ``statements`` or ``scans``, not both."""

    dataset: str
    title: str
    list_date: str | None = None
    licence: str | None = None
    grade: str | None = None  # from the mapping; else the source's GRADE
    mapping_sha256: str | None = None
    statements: Iterable[Statement] = ()
    scans: tuple[BulkScan, ...] = ()
    notes: tuple[str, ...] = field(default=())

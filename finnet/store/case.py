"""A case opened for reading: its manifest, its views, its index."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from finnet.store import manifest as manifests
from finnet.store.arrays import arrays
from finnet.store.connection import connect
from finnet.store.decisions import DECISIONS, canonical_ids, read_decisions
from finnet.store.faults import engine_errors
from finnet.store.integrity import check_files
from finnet.store.lock import writing
from finnet.store.manifest import Manifest
from finnet.store.past import as_known, taken_until
from finnet.store.user_sql import check_select
from finnet.store.views import make_views
from finnet.version import __version__

if TYPE_CHECKING:
    import numpy as np
    from duckdb import DuckDBPyConnection
    from numpy.typing import NDArray

    from finnet.store.index import Lookup

__all__ = ["Case"]


class Case:
    """A case folder as it was when opened. Reading never waits for a writer and never sees half of an ingest.

    Use it as a context manager, or close it.
    """

    def __init__(self, path: Path, manifest: Manifest, known_at: str | None = None) -> None:
        self.path, self.manifest, self.known_at = path, manifest, known_at
        self._held = 0

    @classmethod
    def open(cls, path: Path | str, known_at: str | None = None) -> Self:
        """Open a case; as it was known on a date, if one is given.

        Raises: CaseError if there is none, CaseDamagedError if a data file is not as the manifest says.
        """
        folder = Path(path)
        found = manifests.load(folder)
        if known_at is not None:
            found = as_known(found, known_at)
        check_files(folder, (data for one in found.active for data in one.data))
        return cls(folder, found, known_at)

    @classmethod
    def create(cls, path: Path | str) -> Self:
        """Make an empty case, or open the one that is there.

        Raises: CaseError if the folder exists and holds something else; CaseBusyError if another finnet makes it.
        """
        folder = Path(path)
        if not (folder / manifests.NAME).exists():
            manifests.refuse_other(folder)
            with engine_errors(folder), writing(folder):
                if not (folder / manifests.NAME).exists():  # another may have made it meanwhile
                    manifests.save(folder, Manifest(finnet=__version__))
        return cls.open(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the engine and the index."""
        for name in ("connection", "lookup"):
            if name in self.__dict__:
                self.__dict__.pop(name).close()
        if "_spill" in self.__dict__:
            shutil.rmtree(self.__dict__.pop("_spill"), ignore_errors=True)

    @cached_property
    def decisions(self) -> list[dict[str, Any]]:
        """What analysts decided, in order."""
        decisions = read_decisions(self.path)
        return decisions if self.known_at is None else taken_until(decisions, self.known_at)

    @cached_property
    def canonical(self) -> Mapping[str, str]:
        """The canonical id of each id that was merged with another."""
        return canonical_ids(self.decisions)

    @cached_property
    def connection(self) -> DuckDBPyConnection:
        """The engine with the views made; nothing above the store may hold it."""
        made = connect([self.path / "data"], temporary=self._spill)
        with engine_errors(self.path):
            make_views(made, self.path, self.manifest, canonical=self.canonical, decisions=self.decisions)
        return made

    @cached_property
    def _spill(self) -> Path:
        """Where the engine puts what does not fit into memory: inside the case, for us only, gone when we are."""
        try:
            made = Path(tempfile.mkdtemp(prefix=f"{manifests.SPILL}{os.getpid()}-", dir=self.path)).resolve()
        except OSError:  # a case that cannot be written to
            made = Path(tempfile.mkdtemp(prefix="finnet-"))
        weakref.finalize(self, shutil.rmtree, made, ignore_errors=True)
        return made

    @cached_property
    def lookup(self) -> Lookup:
        """The index for look-ups of one entity, rebuilt if it is missing or stale."""
        from finnet.store.index import open_lookup

        return open_lookup(self)

    def rows(self, sql: str, values: Mapping[str, Any] | None = None, /) -> list[dict[str, Any]]:
        """The result of read-only SQL, row by row; ``$name`` parameters are bound."""
        with engine_errors(self.path):
            cursor = self.connection.execute(sql, dict(values or {}))
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def batches(self, sql: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """The result as it comes, ``size`` rows at a time: what does not fit into memory as a whole."""
        with engine_errors(self.path):
            cursor = self.connection.execute(sql)
            while batch := cursor.fetchmany(size):
                yield batch

    def columns(self, sql: str, values: Mapping[str, Any] | None = None, /) -> dict[str, NDArray[np.generic]]:
        """The result column by column: numbers as numpy numbers, all else as object arrays, lists of text as tuples.

        A column with nulls is an object array with None in their place.
        """
        with engine_errors(self.path):
            return arrays(self.connection, sql, dict(values or {}))

    @contextmanager
    def held(self, sql: str, values: Mapping[str, Any] | None = None, /) -> Iterator[str]:
        """The result of read-only SQL as a table, for questions about it: its name, good until the context ends."""
        self._held += 1
        name = f"finnet_held_{self._held}"
        with engine_errors(self.path):
            self.connection.execute(f"create temp table {name} as {sql}", dict(values or {}))
        try:
            yield name
        finally:
            self.connection.execute(f"drop table {name}")

    def select_rows(self, sql: str, limit: int | None = None) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
        """The result of a user's own SELECT, at most one row more than ``limit``, and its column names.

        Raises: UsageError for anything but one SELECT over the documented views.
        """
        with engine_errors(self.path):
            check_select(self.connection, sql)
            cursor = self.connection.execute(sql)
            names = _distinct([column[0] for column in cursor.description or ()])
            found = cursor.fetchall() if limit is None else cursor.fetchmany(limit + 1)
            return [dict(zip(names, row, strict=True)) for row in found], names

    def select(self, selector: str) -> tuple[str, ...]:
        """The canonical ids that a selector stands for, sorted."""
        from finnet.store.selection import select

        return select(self, selector)

    @property
    def data_sha256(self) -> str:
        """A hash of the active data files by dataset; not of the decisions."""
        return self._data_digest().hexdigest()

    @cached_property
    def logical_sha256(self) -> str:
        """A hash of what the case says: its active data files by dataset, and the decisions; not when or where."""
        digest = self._data_digest()
        decisions = self.path / DECISIONS
        if self.known_at is not None:
            digest.update(json.dumps(self.decisions, sort_keys=True).encode())
        elif decisions.is_file():
            digest.update(decisions.read_bytes())
        return digest.hexdigest()

    def _data_digest(self) -> hashlib._Hash:
        digest = hashlib.sha256()
        for one in self.manifest.active:
            for data in one.data:
                digest.update(f"{one.dataset}\0{data.table}\0{data.sha256}\n".encode())
        return digest


def _distinct(names: list[str]) -> tuple[str, ...]:
    """Column names of a result, the second of two equal ones with a number behind it."""
    made: list[str] = []
    for name in names:
        number, told = 0, name
        while told in made:
            number += 1
            told = f"{name}_{number}"
        made.append(told)
    return tuple(made)

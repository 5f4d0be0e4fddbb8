"""A case opened for reading: its manifest, its views, its index."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from finnet.errors import CaseDamagedError, CaseError, FinnetError, UsageError
from finnet.store import manifest as manifests
from finnet.store.connection import connect
from finnet.store.decisions import canonical_ids, read_decisions, tags
from finnet.store.manifest import Manifest
from finnet.store.views import make_views

if TYPE_CHECKING:
    import numpy as np
    from duckdb import DuckDBPyConnection
    from numpy.typing import NDArray

    from finnet.store.index import Lookup

__all__ = ["Case"]

_HASHED_EACH_TIME = 64_000_000  # bytes: some 40 ms


class Case:
    """A case folder as it was when opened. Reading never waits for a writer and never sees half of an ingest.

    Use it as a context manager, or close it.
    """

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path, self.manifest = path, manifest

    @classmethod
    def open(cls, path: Path | str) -> Self:
        """Open a case.

        Raises: CaseError if there is none, CaseDamagedError if a data file is missing or has another size.
        """
        folder = Path(path)
        found = manifests.load(folder)
        for one in found.active:
            for data in one.data:
                file = folder / "data" / data.name
                if not file.is_file() or file.stat().st_size != data.bytes:
                    raise CaseDamagedError(
                        f"{folder.name}: data/{data.name} is missing or not as it was written",
                        hint=f"ingest {one.dataset} again into a new case",
                    )
        return cls(folder, found)

    @classmethod
    def create(cls, path: Path | str) -> Self:
        """Make an empty case, or open the one that is there.

        Raises: CaseError if the folder exists and holds something else.
        """
        folder = Path(path)
        if (folder / manifests.NAME).exists():
            return cls.open(folder)
        leftovers = {"lock", "data", "rejects", ".tmp", f".{manifests.NAME}.new"}
        if folder.exists() and (not folder.is_dir() or {entry.name for entry in folder.iterdir()} - leftovers):
            raise CaseError(f"{folder}: exists and is not a case", hint="name a new folder with --case")
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise CaseError(f"{folder}: cannot be made: {error.strerror}") from error
        from finnet.version import __version__

        empty = Manifest(finnet=__version__)
        manifests.save(folder, empty)
        return cls(folder, empty)

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

    @cached_property
    def decisions(self) -> list[dict[str, Any]]:
        """What analysts decided, in order."""
        return read_decisions(self.path)

    @cached_property
    def canonical(self) -> Mapping[str, str]:
        """The canonical id of each id that was merged with another."""
        return canonical_ids(self.decisions)

    @cached_property
    def connection(self) -> DuckDBPyConnection:
        """The engine with the views made; nothing above the store may hold it.

        Parquet has no checksums that the engine would look at. Small cases are hashed each time; of large ones only
        sizes are compared, and ``damaged`` (``finnet verify``) reads them whole.

        Raises: CaseDamagedError if a file is not what the manifest says.
        """
        if sum(data.bytes for one in self.manifest.active for data in one.data) <= _HASHED_EACH_TIME:
            for name in self.damaged():
                raise CaseDamagedError(f"{self.path.name}: data/{name} is not as it was written")
        made = connect([self.path / "data"], temporary=Path(tempfile.gettempdir()) / f"finnet-{os.getpid()}")
        make_views(made, self.path, self.manifest, canonical=self.canonical, tags=tags(self.decisions))
        return made

    def damaged(self) -> list[str]:
        """The data files whose content is not what the manifest says, sorted; reads all of them."""
        found = []
        for data in (data for one in self.manifest.active for data in one.data):
            with (self.path / "data" / data.name).open("rb") as stream:
                if hashlib.file_digest(stream, "sha256").hexdigest() != data.sha256:
                    found.append(data.name)
        return sorted(found)

    @cached_property
    def lookup(self) -> Lookup:
        """The index for look-ups of one entity, rebuilt if it is missing or stale."""
        from finnet.store.index import open_lookup

        return open_lookup(self)

    def rows(self, sql: str, values: Mapping[str, Any] | None = None, /) -> list[dict[str, Any]]:
        """The result of read-only SQL, row by row; ``$name`` parameters are bound."""
        cursor = self._run(sql, values)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in self._fetch(cursor)]

    def columns(self, sql: str, values: Mapping[str, Any] | None = None, /) -> dict[str, NDArray[np.generic]]:
        """The result column by column: text and lists as object arrays, null as None; numbers as numpy numbers."""
        import numpy as np

        try:
            found = self._run(sql, values).fetchnumpy()
        except Exception as error:
            raise self._told(error) from error
        return {
            name: np.array(column.tolist(), dtype=object) if np.ma.isMaskedArray(column) and column.mask.any() else
            np.asarray(column) if not _is_nested(column) else _objects(column)
            for name, column in found.items()
        }  # fmt: skip

    def select_rows(self, sql: str, limit: int | None) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
        """The result of a user's own SELECT, at most one row more than ``limit``, and its column names."""
        statement = sql if limit is None else f"select * from ({sql}\n) limit {int(limit) + 1}"  # noqa: S608
        cursor = self._run(statement, None)
        names = tuple(column[0] for column in cursor.description or ())
        return [dict(zip(names, row, strict=True)) for row in self._fetch(cursor)], names

    def select(self, selector: str) -> tuple[str, ...]:
        """The canonical ids that a selector stands for, sorted."""
        from finnet.store.selection import select

        return select(self, selector)

    @cached_property
    def logical_sha256(self) -> str:
        """A hash of what the case says: its active data files by dataset, and the decisions; not when or where."""
        digest = hashlib.sha256()
        for one in self.manifest.active:
            for data in one.data:
                digest.update(f"{one.dataset}\0{data.table}\0{data.sha256}\n".encode())
        decisions = self.path / "decisions.jsonl"
        if decisions.is_file():
            digest.update(decisions.read_bytes())
        return digest.hexdigest()

    def _run(self, sql: str, values: Mapping[str, Any] | None) -> DuckDBPyConnection:
        try:
            return self.connection.execute(sql, dict(values)) if values else self.connection.execute(sql)
        except Exception as error:
            raise self._told(error) from error

    def _fetch(self, cursor: DuckDBPyConnection) -> list[tuple[Any, ...]]:
        try:
            return cursor.fetchall()
        except Exception as error:
            raise self._told(error) from error

    def _told(self, error: Exception) -> BaseException:
        """The engine's error in our words; its own texts may quote whole records, so they are cut."""
        import duckdb

        text = str(error).split("\n", 1)[0][:200]
        if isinstance(error, duckdb.InterruptException) or "interrupted" in text.lower():
            return KeyboardInterrupt()
        if isinstance(error, (duckdb.IOException, duckdb.SerializationException)):
            return CaseDamagedError(f"{self.path.name}: a data file cannot be read: {text}")
        if isinstance(error, (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)):
            return UsageError(f"SQL: {text}")
        if isinstance(error, (duckdb.ConversionException, duckdb.InvalidInputException, duckdb.PermissionException)):
            return UsageError(f"SQL: {text}")
        if isinstance(error, duckdb.OutOfMemoryException):
            return FinnetError("out of memory", hint="set FINNET_MEMORY higher, as in FINNET_MEMORY=8GB")
        return error


def _is_nested(column: NDArray[np.generic]) -> bool:
    return column.dtype == object and any(not isinstance(value, (str, type(None))) for value in column[:64])


def _objects(column: NDArray[np.generic]) -> NDArray[np.generic]:
    # An array of equally long lists must not become a matrix.
    import numpy as np

    made = np.empty(len(column), dtype=object)
    for place, value in enumerate(column.tolist()):
        made[place] = value.tolist() if hasattr(value, "tolist") else value
    return made

"""The immutable files of one ingest: Parquet by table, and the rejects; made whole before any manifest names them."""

# ruff: noqa: S608 -- SQL is put together from table and column names of our own; values pass through literal().

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from finnet.store.accounting import one_number
from finnet.store.bulk_tables import PARQUET, ROW_GROUP
from finnet.store.connection import identifier, literal
from finnet.store.data_rows import lacking, whole_rows
from finnet.store.integrity import hashed
from finnet.store.manifest import SPILL, DataFile, Ingest, Manifest
from finnet.store.parquet_input import parquet_relation
from finnet.store.staging import REJECTS
from finnet.store.tables import SORTED_BY, TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["clear_remains", "flush", "told_of_each", "work_folder", "write_rejects", "write_tables"]

_WORK = ".tmp"

# Only what finnet names like this is ever removed.
_OURS = re.compile(rf"[a-z0-9-]+-[0-9]{{4,}}-({'|'.join(TABLES)})(-[0-9]{{4,}})?\.parquet|[0-9]{{4,}}\.jsonl")


def told_of_each(dataset: str, grade: str | None) -> dict[str, str | None]:
    """What is the same in every row of an ingest, and no statement says: the columns and their values."""
    return {"dataset": dataset, "reliability": (grade or "")[:1] or None, "credibility": (grade or "")[1:] or None}


def write_tables(
    connection: DuckDBPyConnection,
    folder: Path,
    number: int,
    told: Mapping[str, str | None],
    parts: Mapping[str, Sequence[Path]],
) -> list[DataFile]:
    """Write the staged rows, sorted, as Parquet: the same rows give the same bytes, in whatever order they came.

    ``parts`` are files that hold all rows of a table, as they are kept and in the order in which they are kept.
    """
    folder.mkdir(exist_ok=True, mode=0o700)
    dataset = str(told["dataset"])
    constants = {name: "null::varchar" if value is None else literal(value) for name, value in told.items()}
    written = []
    for table in TABLES:
        staged = "all_entities" if table == "entities" else f"stage_{table}"
        rows = one_number(connection, f"select count(*) from {staged}")
        if not rows:
            continue
        name = f"{_slug(dataset)}-{number:04}-{table}"
        if table in parts and len(parts[table]) > 1 and rows < len(parts[table]) * ROW_GROUP:
            made = [_joined(connection, table, parts[table], folder / f"{name}.parquet")]
        elif table in parts:
            made = _moved(parts[table], folder, name)
        else:
            made = [folder / f"{name}.parquet"]
            _write(connection, table, staged, constants, made[0])
        for path in made:
            path.chmod(0o600)
            sha256, size = hashed(path)
            held = rows if len(made) == 1 else one_number(connection, f"select count(*) from {parquet_relation(path)}")
            lacks = lacking(connection, table, path)
            written.append(DataFile(name=path.name, table=table, rows=held, sha256=sha256, bytes=size, lacks=lacks))
    return written


def _joined(connection: DuckDBPyConnection, table: str, parts: Sequence[Path], path: Path) -> Path:
    """One file of many small ones."""
    rows = " union all ".join(whole_rows(table, lacking(connection, table, part), part) for part in parts)
    connection.execute(f"copy ({rows}) to {literal(str(path.resolve()))} ({PARQUET})")
    return path


def _moved(parts: Sequence[Path], folder: Path, name: str) -> list[Path]:
    """The parts in their place, numbered where there are several."""
    names = (
        [f"{name}.parquet"] if len(parts) == 1 else [f"{name}-{place:04}.parquet" for place in range(1, len(parts) + 1)]
    )
    return [part.replace(folder / other) for part, other in zip(parts, names, strict=True)]


def _write(connection: DuckDBPyConnection, table: str, staged: str, constants: Mapping[str, str], path: Path) -> None:
    columns = TABLES[table]
    names = ", ".join(f"{constants.get(name, identifier(name))} as {identifier(name)}" for name in columns)
    # Ties are broken by all other columns, so that no order of arrival is left in the bytes.
    rest = [name for name in columns if name not in SORTED_BY[table] and name not in constants]
    order = ", ".join(identifier(name) for name in (*SORTED_BY[table], *rest))
    connection.execute(
        f"copy (select {names} from {staged} order by {order}) to {literal(str(path.resolve()))} ({PARQUET})"
    )


def write_rejects(connection: DuckDBPyConnection, case: Path, number: int, hashes: Mapping[str, str]) -> None:
    """Write what was refused, in the order of files and records; no file if nothing was."""
    names = ", ".join(identifier(name) for name in REJECTS)
    cursor = connection.execute(
        f'select {names} from stage_rejects order by file, record, code, "column", reason, raw_b64'
    )
    rows = cursor.fetchall()
    if not rows:
        return
    (case / "rejects").mkdir(exist_ok=True, mode=0o700)
    handle = os.open(case / "rejects" / f"{number:04}.jsonl", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(handle, "w", encoding="utf-8", newline="\n") as file:  # noqa: PTH123 -- a handle, for its mode
        for row in rows:
            entry = dict(zip(REJECTS, row, strict=True))
            file.write(json.dumps({**entry, "sha256": hashes.get(entry["file"])}, ensure_ascii=False) + "\n")


@contextmanager
def work_folder(case: Path) -> Iterator[Path]:
    """A folder for what is gone after an ingest, for us only."""
    work = case / _WORK
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    try:
        yield work.resolve()
    finally:
        shutil.rmtree(work, ignore_errors=True)


def clear_remains(case: Path, manifest: Manifest) -> None:
    """Remove what an ingest that died left behind: files of ours that no manifest names."""
    shutil.rmtree(case / _WORK, ignore_errors=True)
    for spilled in case.glob(f"{SPILL}*"):
        if not _is_alive(spilled.name.removeprefix(SPILL).split("-")[0]):
            shutil.rmtree(spilled, ignore_errors=True)
    named = {data.name for one in manifest.ingests for data in one.data}
    named |= {one.rejects_name for one in manifest.ingests}
    for place in ("data", "rejects"):
        if (case / place).is_dir():
            for entry in (case / place).iterdir():
                if entry.name not in named and _OURS.fullmatch(entry.name):
                    entry.unlink()


def _is_alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def flush(case: Path, made: Sequence[Ingest]) -> None:
    """See to it that the new files are on the disk, and their names too, before the manifest names them."""
    for one in made:
        for path in (*(case / "data" / data.name for data in one.data), case / "rejects" / one.rejects_name):
            _sync(path)
    for place in ("data", "rejects"):
        _sync(case / place)


def _sync(path: Path) -> None:
    if path.exists():
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _slug(dataset: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", dataset.lower()).strip("-")[:60]
    if plain == dataset:
        return plain
    return f"{plain or 'dataset'}-{hashlib.sha256(dataset.encode()).hexdigest()[:8]}"

"""Readings into a case: all of it or nothing, every record accounted for, the same twice over."""

from __future__ import annotations

import contextlib
import datetime
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from finnet.errors import FinnetError, InputError, quoted
from finnet.model.reading import Reading, SourceFile
from finnet.store import manifest as manifests
from finnet.store.accounting import Account, accounts_of_statements, counts_by_file, limit_rejects
from finnet.store.case import Case
from finnet.store.connection import connect
from finnet.store.data_files import clear_remains, flush, told_of_each, work_folder, write_rejects, write_tables
from finnet.store.faults import engine_errors
from finnet.store.hashes import FileHashes
from finnet.store.index import make_at_once
from finnet.store.integrity import trust_files
from finnet.store.lock import LOCK, writing
from finnet.store.manifest import Ingest, IngestedFile, Manifest
from finnet.store.staging import stage_statements
from finnet.store.stubs import add_stubs, all_described, counts_of_dataset
from finnet.store.versions import Before, Incoming, Wish, check_names, not_stored, place, stored_already
from finnet.version import __version__

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["Incoming", "Outcome", "ingest", "stamp"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one Incoming. ``status`` is loaded, replaced, appended, older, unchanged or dry_run.

    ``older``: a list that is older than the one in the case, stored beside it and not counted.
    """

    status: str
    ingest: Ingest
    notes: tuple[str, ...] = ()


def ingest(
    path: Path,
    incoming: Sequence[Incoming],
    *,
    append: bool = False,
    replace_: bool = False,
    max_rejects: int | None = None,
    dry_run: bool = False,
    wait: float = 0.0,
) -> list[Outcome]:
    """Store the readings and switch the manifest once at the end; makes the case if there is none.

    A list replaces the version of it that is there, unless that is newer. A table dataset that is there needs
    ``append`` or ``replace_``. Several readings of one dataset in one call are parts of it.

    Raises: CaseBusyError; UsageError (E3005) for a table dataset that exists; TooManyRejectsError; InputError.
    """
    wish = Wish(append=append, replace=replace_, max_rejects=max_rejects, dry_run=dry_run)
    with engine_errors(path), _held(path, wait=wait, dry_run=dry_run) as folder, contextlib.ExitStack() as hashing:
        before = _manifest(folder)
        hashes = [hashing.enter_context(FileHashes(one.files)) for one in incoming]
        stored = [stored_already(before, one, known) for one, known in zip(incoming, hashes, strict=True)]
        unchanged = {one.number for found in stored for one in found}
        after, outcomes = before, []
        with work_folder(folder) as work:
            for whole, known, found in zip(incoming, hashes, stored, strict=True):
                one, copies = not_stored(whole, known, found)
                outcomes += [Outcome(status="unchanged", ingest=stored_one, notes=copies) for stored_one in found]
                if one.files or not whole.files:
                    active = {other.number for other in before.active if other.dataset == one.dataset}
                    there = Before(exists=bool(active), old=frozenset(active - unchanged))
                    after, outcome = _add(folder, work, after, one, there, known, wish)
                    outcomes.append(replace(outcome, notes=copies))
        if not dry_run and (after is not before or not (folder / manifests.NAME).exists()):
            _switch(folder, after, after.ingests[len(before.ingests) :])
    return outcomes


def _switch(folder: Path, after: Manifest, made: Sequence[Ingest]) -> None:
    flush(folder, made)
    manifests.save(folder, replace(after, finnet=__version__))
    # Now the data are stored. Without an index they are only slower to look at, and the next look-up makes one.
    with contextlib.suppress(OSError, sqlite3.Error, FinnetError, KeyboardInterrupt):
        trust_files(folder, (data for one in made for data in one.data))
        with Case.open(folder) as case:
            make_at_once(case)


def _manifest(folder: Path) -> Manifest:
    return manifests.load(folder) if (folder / manifests.NAME).exists() else Manifest(finnet=__version__)


@contextlib.contextmanager
def _held(path: Path, *, wait: float, dry_run: bool) -> Iterator[Path]:
    """The case folder, locked. What was made and is in no manifest afterwards is taken away, a new folder too."""
    if (path / manifests.NAME).exists():
        manifests.load(path)  # what is no case of ours is not touched
    else:
        manifests.refuse_other(path)
        if dry_run:
            with tempfile.TemporaryDirectory(prefix="finnet-") as scratch:
                yield Path(scratch)
            return
    was_there = path.exists()
    with writing(path, wait=wait):
        clear_remains(path, _manifest(path))
        try:
            yield path
        finally:
            clear_remains(path, _manifest(path))
            if not (path / manifests.NAME).exists():
                _remove_folder(path, was_there=was_there)


def _remove_folder(path: Path, *, was_there: bool) -> None:
    """Take away the folder that a failed first ingest made, as far as it is empty."""
    for name in ("data", "rejects"):
        with contextlib.suppress(OSError):
            (path / name).rmdir()
    (path / LOCK).unlink(missing_ok=True)
    if not was_there:
        with contextlib.suppress(OSError):
            path.rmdir()


def stamp(path: Path) -> tuple[int, int]:
    """Size and time of change of a file: another stamp, and it has changed."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _add(
    folder: Path,
    work: Path,
    so_far: Manifest,
    incoming: Incoming,
    there: Before,
    hashes: Mapping[str, tuple[str, int]],
    wish: Wish,
) -> tuple[Manifest, Outcome]:
    """The manifest with one more ingest in it."""
    check_names(so_far, incoming, there, wish)
    stamps = incoming.stamps or _stamps(incoming.files)
    number = 1 + max((one.number for one in so_far.ingests), default=0)
    made = _store(folder, work, number, incoming, _reading(incoming), hashes, wish.max_rejects)
    for file, before in zip(incoming.files, stamps, strict=True):
        if stamp(file.path) != before:
            raise InputError(f"{quoted(file.name)}: changed while it was read", hint="try again", code="E1104")
    ingests, status = place(so_far.ingests, made, there, wish)
    return replace(so_far, ingests=ingests), Outcome(status="dry_run" if wish.dry_run else status, ingest=made)


def _reading(incoming: Incoming) -> Reading:
    """The reading without the scans of files that are stored already."""
    reading = incoming.read()
    names = {file.name for file in incoming.files}
    return replace(reading, scans=tuple(scan for scan in reading.scans if scan.name in names))


def _stamps(files: Sequence[SourceFile]) -> tuple[tuple[int, int], ...]:
    return tuple(stamp(file.path) for file in files)


def _store(
    folder: Path,
    work: Path,
    number: int,
    incoming: Incoming,
    reading: Reading,
    hashes: Mapping[str, tuple[str, int]],
    max_rejects: int | None,
) -> Ingest:
    # Only Parquet is opened by the engine; all else is read by finnet and handed over.
    inputs = sorted({scan.path.resolve().parent for scan in reading.scans if scan.layout == "parquet"})
    with contextlib.closing(connect([work, folder / "data", *inputs], temporary=work / "spill")) as connection:
        told = told_of_each(incoming.dataset, incoming.grade)
        accounts, notes, parts = _stage(connection, reading, work, told)
        stubs = add_stubs(connection, all_described(reading.scans))
        limit_rejects([accounts[file] for file in sorted(accounts)], max_rejects)
        files = _files(connection, incoming, accounts, hashes)
        counts = counts_of_dataset(connection)
        data = write_tables(connection, folder / "data", number, told, parts)
        write_rejects(connection, folder, number, {name: sha256 for name, (sha256, _) in hashes.items()})
    return Ingest(
        number=number,
        dataset=incoming.dataset,
        format=incoming.format,
        title=incoming.title,
        status="active",
        is_list=incoming.is_list,
        grade=incoming.grade,
        list_date=reading.list_date,
        licence=reading.licence,
        mapping_sha256=incoming.mapping_sha256,
        ingested_at=datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        files=files,
        data=tuple(data),
        counts={**counts, "stubs": stubs},
        notes=(*reading.notes, *notes),
    )


def _stage(
    connection: DuckDBPyConnection, reading: Reading, work: Path, told: Mapping[str, str | None]
) -> tuple[dict[str, Account], list[str], dict[str, list[Path]]]:
    if not reading.scans:
        counted = stage_statements(connection, reading.statements, work)
        return accounts_of_statements(connection, counted), [], {}
    from finnet.store.bulk import Parts, stage

    accounts: dict[str, Account] = {}
    notes: list[str] = []
    parts: dict[str, list[Sequence[Path]]] = {}
    for scan in sorted(reading.scans, key=lambda scan: scan.name):
        # Views, not tables: what is constant or can be worked out is not kept ten million times.
        staged = stage(connection, scan, lean=True, parts=Parts(folder=work, told=told))
        for table, paths in staged.parts.items():
            parts.setdefault(table, []).append(paths)
        if staged.file in accounts:
            raise TypeError(f"two scans of {staged.file}")
        accounts[staged.file] = Account(
            file=staged.file,
            records=staged.records,
            loaded=staged.loaded,
            rejected=staged.rejected,
            skipped=staged.skipped,
        )
        notes += staged.notes
    whole = {table: made for table, made in parts.items() if len(made) == len(reading.scans)}
    return accounts, notes, {table: [path for paths in made for path in paths] for table, made in whole.items()}


def _files(
    connection: DuckDBPyConnection,
    incoming: Incoming,
    accounts: Mapping[str, Account],
    hashes: Mapping[str, tuple[str, int]],
) -> tuple[IngestedFile, ...]:
    counts = counts_by_file(connection)
    unknown = sorted(set(accounts) - {file.name for file in incoming.files})
    if unknown:
        raise TypeError(f"the reader speaks of a file that it was not given: {unknown[0]!r}")
    files = []
    for file, path in zip(incoming.files, incoming.paths, strict=True):
        account = accounts.get(file.name, Account(file=file.name, records=0))
        sha256, size = hashes[file.name]
        files.append(
            IngestedFile(
                name=file.name,
                path=path,
                sha256=sha256,
                bytes=size,
                records=account.records,
                loaded=account.loaded,
                rejected=account.rejected,
                skipped=account.skipped,
                mtime_ns=stamp(file.path)[1],
                counts=counts.get(file.name, {}),
            )
        )
    return tuple(files)

"""Readings into a case: all of it or nothing, every record accounted for, the same twice over."""

from __future__ import annotations

import contextlib
import datetime
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from finnet.errors import InputError, UsageError, quoted
from finnet.model.reading import Reading, SourceFile
from finnet.store import manifest as manifests
from finnet.store.accounting import Account, accounts_of_statements, counts_by_file, limit_rejects
from finnet.store.connection import connect
from finnet.store.data_files import clear_remains, flush, work_folder, write_rejects, write_tables
from finnet.store.faults import engine_errors
from finnet.store.integrity import hashed, trust_files
from finnet.store.lock import LOCK, writing
from finnet.store.manifest import Ingest, IngestedFile, Manifest
from finnet.store.staging import stage_statements
from finnet.store.stubs import add_stubs, counts_of_dataset
from finnet.version import __version__

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["Incoming", "Outcome", "ingest", "stamp"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One dataset to read: ``read`` is called once the case is ours, and not at all if nothing has changed.

    ``paths`` say where the files lie, for the manifest; ``stamps`` what ``stamp`` gave when they were first looked at.
    """

    dataset: str
    format: str
    title: str
    is_list: bool
    grade: str | None
    mapping_sha256: str | None
    files: tuple[SourceFile, ...]
    paths: tuple[str, ...]
    read: Callable[[], Reading]
    stamps: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one Incoming. ``status`` is loaded, replaced, appended, older, unchanged or dry_run.

    ``older``: a list that is older than the one in the case, stored beside it and not counted.
    """

    status: str
    ingest: Ingest


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What the user said about datasets that are there already, and about bad records."""

    append: bool
    replace: bool
    max_rejects: int | None
    dry_run: bool


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
    wish = _Wish(append=append, replace=replace_, max_rejects=max_rejects, dry_run=dry_run)
    with engine_errors(path), _held(path, wait=wait, dry_run=dry_run) as folder:
        before = manifests.load(folder) if (folder / manifests.NAME).exists() else Manifest(finnet=__version__)
        clear_remains(folder, before)
        after, outcomes = before, []
        with work_folder(folder) as work:
            for one in incoming:
                after, outcome = _one(folder, work, before, after, one, wish)
                outcomes.append(outcome)
        made = after.ingests[len(before.ingests) :]
        if dry_run:
            clear_remains(folder, before)
        elif made or not (folder / manifests.NAME).exists():
            flush(folder, made)
            manifests.save(folder, replace(after, finnet=__version__))
            trust_files(folder, (data for one in made for data in one.data))
    return outcomes


@contextlib.contextmanager
def _held(path: Path, *, wait: float, dry_run: bool) -> Iterator[Path]:
    """The case folder, locked; what is made for nothing is taken away again."""
    manifests.refuse_other(path) if not (path / manifests.NAME).exists() else manifests.load(path)
    if dry_run and not (path / manifests.NAME).exists():
        with tempfile.TemporaryDirectory(prefix="finnet-") as scratch, writing(Path(scratch)):
            yield Path(scratch)
        return
    was_there = path.exists()
    with writing(path, wait=wait):
        try:
            yield path
        finally:
            if not (path / manifests.NAME).exists():
                clear_remains(path, Manifest())
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


def _one(
    folder: Path, work: Path, before: Manifest, so_far: Manifest, incoming: Incoming, wish: _Wish
) -> tuple[Manifest, Outcome]:
    stamps = incoming.stamps or _stamps(incoming.files)
    hashes = {file.name: hashed(file.path) for file in incoming.files}
    of_dataset = [one for one in so_far.ingests if one.dataset == incoming.dataset]
    same = next((one for one in of_dataset if _is_same(one, incoming, hashes, of_dataset)), None)
    if same is not None:
        return so_far, Outcome(status="unchanged", ingest=same)
    old = {one.number for one in before.ingests if one.dataset == incoming.dataset and one.status == "active"}
    if old and not (incoming.is_list or wish.append or wish.replace):
        raise UsageError(
            f"the dataset {quoted(incoming.dataset)} exists in this case",
            hint="say --append or --replace, or give it another name with --dataset",
            code="E3005",
        )
    reading = incoming.read()
    number = 1 + max((one.number for one in so_far.ingests), default=0)
    made = _store(folder, work, number, incoming, reading, hashes, wish.max_rejects)
    if stamps != _stamps(incoming.files):
        changed = next(file for file, old in zip(incoming.files, stamps, strict=True) if old != stamp(file.path))
        raise InputError(f"{quoted(changed.name)}: changed while it was read", hint="try again", code="E1104")
    ingests, status = _placed(so_far.ingests, made, old, wish)
    return replace(so_far, ingests=ingests), Outcome(status="dry_run" if wish.dry_run else status, ingest=made)


def _stamps(files: Sequence[SourceFile]) -> tuple[tuple[int, int], ...]:
    return tuple(stamp(file.path) for file in files)


def _placed(ingests: Sequence[Ingest], made: Ingest, old: set[int], wish: _Wish) -> tuple[tuple[Ingest, ...], str]:
    """The ingests with the new one among them, and what that does to those of its dataset."""
    if made.is_list:
        rivals = [one for one in ingests if one.dataset == made.dataset and one.status == "active"]
        if not wish.replace and any(_is_older(made, one) for one in rivals):
            return (*ingests, replace(made, status="replaced")), "older"
        gone, status = {one.number for one in rivals}, "replaced"
    else:
        gone, status = (set(), "appended") if wish.append else (old, "replaced")
    kept = tuple(replace(one, status="replaced") if one.number in gone else one for one in ingests)
    return (*kept, made), status if old or gone else "loaded"


def _is_older(one: Ingest, other: Ingest) -> bool:
    """Whether its list date is surely before the other's: 2019 is neither before nor after 2019-03."""
    if one.list_date is None or other.list_date is None:
        return False
    shared = min(len(one.list_date), len(other.list_date))
    return one.list_date[:shared] < other.list_date[:shared]


def _is_same(
    one: Ingest, incoming: Incoming, hashes: Mapping[str, tuple[str, int]], of_dataset: Sequence[Ingest]
) -> bool:
    """Whether it holds the same bytes, read in the same way, and still counts (or never did, being older)."""
    counts = one.status == "active" or (
        one.is_list and any(other.status == "active" and _is_older(one, other) for other in of_dataset)
    )
    return (
        counts
        and sorted(file.sha256 for file in one.files) == sorted(sha256 for sha256, _ in hashes.values())
        and (one.mapping_sha256, one.format, one.grade) == (incoming.mapping_sha256, incoming.format, incoming.grade)
    )


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
        accounts, notes = _stage(connection, reading, work)
        stubs = add_stubs(connection)
        limit_rejects([accounts[file] for file in sorted(accounts)], max_rejects)
        files = _files(connection, incoming, accounts, hashes)
        counts = counts_of_dataset(connection)
        data = write_tables(connection, folder / "data", number, incoming.dataset, incoming.grade)
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


def _stage(connection: DuckDBPyConnection, reading: Reading, work: Path) -> tuple[dict[str, Account], list[str]]:
    if not reading.scans:
        return accounts_of_statements(connection, stage_statements(connection, reading.statements, work)), []
    from finnet.store.bulk import stage

    accounts: dict[str, Account] = {}
    notes: list[str] = []
    for scan in reading.scans:
        # Views, not tables: what is constant or can be worked out is not kept ten million times.
        staged = stage(connection, scan, lean=True)
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
    return accounts, notes


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
                counts=counts.get(file.name, {}),
            )
        )
    return tuple(files)

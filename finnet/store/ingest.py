"""Readings into a case: all of it or nothing, every record accounted for, the same twice over."""

# ruff: noqa: S608 -- SQL is put together from table and column names of our own; values are bound or literal().

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from finnet.errors import CaseError, FinnetError, InputError, TooManyRejectsError, UsageError
from finnet.model.reading import Reading, SourceFile
from finnet.store import manifest as manifests
from finnet.store.case import Case
from finnet.store.connection import connect, identifier, literal
from finnet.store.lock import writing
from finnet.store.manifest import DataFile, Ingest, IngestedFile, Manifest
from finnet.store.staging import stage_statements
from finnet.store.tables import SORTED_BY, TABLES
from finnet.version import __version__

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["Incoming", "Outcome", "ingest"]

_ROW_GROUP = 122_880  # fixed, so that the bytes do not depend on the machine
_FREE_REJECTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One dataset to read: ``read`` is called once the case is ours, and not at all if nothing has changed."""

    dataset: str
    format: str
    title: str
    is_list: bool
    grade: str | None
    mapping_sha256: str | None
    files: tuple[SourceFile, ...]
    paths: tuple[str, ...]  # as the user named them, for the manifest
    read: Callable[[], Reading]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one Incoming. ``status`` is loaded, replaced, appended, unchanged or dry_run."""

    status: str
    ingest: Ingest


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
    """Store the readings and switch the manifest once at the end.

    Raises: CaseBusyError; UsageError (E3005) for a table dataset that exists; TooManyRejectsError; InputError.
    """
    if dry_run and not (path / manifests.NAME).exists():
        case_exists = False
    else:
        Case.create(path).close()
        case_exists = True
    folder = path if case_exists else _scratch(path)
    try:
        with writing(folder, wait=wait):
            before = manifests.load(folder) if case_exists else Manifest(finnet=__version__)
            _clear(folder, before)
            with _work_folder(folder) as work:
                after, outcomes = before, []
                for one in incoming:
                    after, outcome = _one(folder, work, after, one, append, replace_, max_rejects, dry_run=dry_run)
                    outcomes.append(outcome)
            if dry_run:
                _clear(folder, before)
            elif after is not before:
                _flush(folder, after.ingests[len(before.ingests) :])
                manifests.save(folder, after)
    finally:
        if not case_exists:
            shutil.rmtree(folder, ignore_errors=True)
    return outcomes


def _scratch(path: Path) -> Path:
    import tempfile

    return Path(tempfile.mkdtemp(prefix=f"{path.name}-"))


def _one(
    folder: Path,
    work: Path,
    before: Manifest,
    incoming: Incoming,
    append: bool,
    replace_: bool,
    max_rejects: int | None,
    *,
    dry_run: bool,
) -> tuple[Manifest, Outcome]:
    hashes = {file.name: _hash(file) for file in incoming.files}
    active = [one for one in before.active if one.dataset == incoming.dataset]
    same = _unchanged(active, incoming, hashes)
    if same is not None:
        return before, Outcome(status="unchanged", ingest=same)
    if active and not (incoming.is_list or append or replace_):
        raise UsageError(
            f"the dataset {incoming.dataset!r} exists in this case",
            hint="say --append or --replace, or give it another name with --dataset",
            code="E3005",
        )
    number = 1 + max((one.number for one in before.ingests), default=0)
    made = _store(folder, work, number, incoming, hashes, max_rejects)
    for file in incoming.files:
        if hashes[file.name] != _hash(file):
            raise InputError(f"{file.name}: changed while it was read", code="E1104")
    status = "loaded" if not active else "appended" if append and not incoming.is_list else "replaced"
    kept = tuple(
        replace(one, status="replaced") if one in active and status == "replaced" else one for one in before.ingests
    )
    after = replace(before, finnet=__version__, ingests=(*kept, made))
    return after, Outcome(status="dry_run" if dry_run else status, ingest=made)


def _unchanged(active: Sequence[Ingest], incoming: Incoming, hashes: dict[str, tuple[str, int]]) -> Ingest | None:
    wanted = {name: sha256 for name, (sha256, _) in hashes.items()}
    for one in active:
        if (
            {file.name: file.sha256 for file in one.files} == wanted
            and one.mapping_sha256 == incoming.mapping_sha256
            and one.format == incoming.format
            and one.grade == incoming.grade
        ):
            return one
    return None


def _store(
    folder: Path,
    work: Path,
    number: int,
    incoming: Incoming,
    hashes: dict[str, tuple[str, int]],
    max_rejects: int | None,
) -> Ingest:
    inputs = sorted({file.path.resolve().parent for file in incoming.files})
    connection = connect([work, folder / "data", *inputs], temporary=work / "spill")
    try:
        reading = incoming.read()
        accounted, notes = _stage(connection, reading, work)
        stubs = _make_stubs(connection)
        files = _account(connection, incoming, hashes, accounted)
        _limit(files, max_rejects)
        counts = _counts(connection)
        data = _write_tables(connection, folder / "data", number, incoming)
        _write_rejects(connection, folder, number, {file.name: file.sha256 for file in files})
    except KeyboardInterrupt:
        raise
    except FinnetError:
        raise
    except Exception as error:
        raise _told(error) from error
    finally:
        connection.close()
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
        files=tuple(files),
        data=tuple(data),
        counts={**counts, "stubs": stubs},
        notes=(*reading.notes, *notes),
    )


# Per file: records, loaded, rejected, skipped.
_Accounts = dict[str, tuple[int, int, int, int]]


def _stage(connection: DuckDBPyConnection, reading: Reading, work: Path) -> tuple[_Accounts, list[str]]:
    if not reading.scans:
        return _accounted(connection, stage_statements(connection, reading.statements, work)), []
    from finnet.store.bulk import stage

    accounts: _Accounts = {}
    notes: list[str] = []
    for scan in reading.scans:
        staged = stage(connection, scan, lean=True)
        accounts[staged.file] = (staged.records, staged.loaded, staged.rejected, staged.skipped)
        notes += staged.notes
    return accounts, notes


def _accounted(connection: DuckDBPyConnection, counted: dict[str, int]) -> _Accounts:
    """What became of the records of each file, by the statements that name them.

    Raises: InputError if a source did not account for each record exactly once.
    """
    loaded_from = " union ".join(f"select file, record from stage_{table}" for table in TABLES)
    rows = connection.execute(f"""
        with loaded as ({loaded_from}),
        rejected as (select distinct file, record from stage_rejects),
        skipped as (select distinct file, record from stage_skips),
        said as (
            select file, record, 1 as l, 0 as r, 0 as s from loaded
            union all select file, record, 0, 1, 0 from rejected
            union all select file, record, 0, 0, 1 from skipped
        ),
        each as (select file, record, sum(l) as l, sum(r) as r, sum(s) as s from said group by file, record)
        select file, sum(l)::bigint, sum(r)::bigint, sum(s)::bigint, max(record), bool_and(l + r + s = 1)
        from each group by file order by file
    """).fetchall()
    accounts: _Accounts = {file: (records, 0, 0, 0) for file, records in counted.items()}
    for file, loaded, rejected, skipped, last, once in rows:
        records = counted.get(file, 0)
        if records != loaded + rejected + skipped or not once or last > records:
            raise InputError(
                f"{file}: {records} records, but {loaded} loaded, {rejected} rejected and {skipped} skipped: "
                "the reader did not account for each of them; nothing was stored"
            )
        accounts[file] = (records, loaded, rejected, skipped)
    for file, (records, *found) in accounts.items():
        if records and not any(found):
            raise InputError(f"{file}: {records} records, none of them accounted for; nothing was stored")
    return accounts


def _make_stubs(connection: DuckDBPyConnection) -> int:
    """An entity for each id that a link, payment or listing names and this dataset does not describe."""
    connection.execute("""
        create table stubs as
        with named as (
            select source_id as entity_id, file, record, byte_offset from stage_links
            union all select target_id, file, record, byte_offset from stage_links
            union all select payer_id, file, record, byte_offset from stage_payments
            union all select beneficiary_id, file, record, byte_offset from stage_payments
            union all select intermediary_id, file, record, byte_offset from stage_payments
            union all select entity_id, file, record, byte_offset from stage_listings
        )
        select entity_id, 'LegalEntity' as schema, entity_id as caption, ['stub'] as flags, true as missing,
            []::varchar[] as countries, []::varchar[] as topics, []::varchar[] as tags, 'stated' as basis,
            arg_min(file, (file, record)) as file, arg_min(record, (file, record)) as record,
            arg_min(byte_offset, (file, record)) as byte_offset
        from named anti join (select distinct entity_id from stage_entities) described using (entity_id)
        where entity_id is not null
        group by entity_id
        order by entity_id
    """)
    connection.execute("create view all_entities as from stage_entities union all by name from stubs")
    return _one_value(connection, "select count(*) from all_entities where missing")


def _account(
    connection: DuckDBPyConnection, incoming: Incoming, hashes: dict[str, tuple[str, int]], accounts: _Accounts
) -> list[IngestedFile]:
    by_file = _counts_by_file(connection)
    files = []
    for file, named in zip(incoming.files, incoming.paths, strict=True):
        records, loaded, rejected, skipped = accounts.get(file.name, (0, 0, 0, 0))
        sha256, size = hashes[file.name]
        files.append(
            IngestedFile(
                name=file.name,
                path=named,
                sha256=sha256,
                bytes=size,
                records=records,
                loaded=loaded,
                rejected=rejected,
                skipped=skipped,
                counts=by_file.get(file.name, {}),
            )
        )
    return files


def _limit(files: Sequence[IngestedFile], max_rejects: int | None) -> None:
    for file in files:
        allowed = max(_FREE_REJECTS, file.records // 100) if max_rejects is None else max_rejects
        if file.rejected > allowed:
            raise TooManyRejectsError(
                f"{file.name}: {file.rejected} of {file.records} records are bad, more than the {allowed} allowed; "
                "nothing was stored",
                hint=f"mend the mapping (finnet sniff), or allow it with --max-rejects {file.rejected}",
            )


def _counts_by_file(connection: DuckDBPyConnection) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for table in ("entities", "links", "payments", "listings"):
        described = "where not coalesce(missing, false)" if table == "entities" else ""
        for file, rows in connection.execute(
            f"select file, count(*) from stage_{table} {described} group by file order by file"
        ).fetchall():
            counts.setdefault(file, {})[table] = int(rows)
    return counts


def _counts(connection: DuckDBPyConnection) -> dict[str, int]:
    counts = {
        table: int(_one_value(connection, f"select count(*) from stage_{table}"))
        for table in ("links", "payments", "listings")
    }
    return {
        "entities": int(
            _one_value(
                connection, "select count(distinct entity_id) from stage_entities where not coalesce(missing, false)"
            )
        ),
        **counts,
    }


def _write_tables(connection: DuckDBPyConnection, folder: Path, number: int, incoming: Incoming) -> list[DataFile]:
    folder.mkdir(exist_ok=True, mode=0o700)
    grade = incoming.grade or ""
    said = {"dataset": incoming.dataset, "reliability": grade[:1] or None, "credibility": grade[1:] or None}
    constants = {name: "null::varchar" if value is None else literal(value) for name, value in said.items()}
    written = []
    for table, columns in TABLES.items():
        staged = "all_entities" if table == "entities" else f"stage_{table}"
        rows = _one_value(connection, f"select count(*) from {staged}")
        if not rows:
            continue
        path = folder / f"{_slug(incoming.dataset)}-{number:04}-{table}.parquet"
        names = ", ".join(f"{constants.get(name, identifier(name))} as {identifier(name)}" for name in columns)
        order = ", ".join([*(identifier(name) for name in SORTED_BY[table]), *_rest(table)])
        connection.execute(
            f"copy (select {names} from {staged} order by {order}) to {literal(str(path.resolve()))} "
            f"(format parquet, compression zstd, row_group_size {_ROW_GROUP})"
        )
        written.append(
            DataFile(
                name=path.name, table=table, rows=rows, sha256=_hash_path(path)[0], bytes=path.stat().st_size
            )
        )  # fmt: skip
    return written


def _rest(table: str) -> Iterator[str]:
    # Ties are broken by all other columns, so that no order of arrival is left in the bytes.
    constant = {"dataset", "reliability", "credibility"}
    return (identifier(name) for name in TABLES[table] if name not in SORTED_BY[table] and name not in constant)


def _write_rejects(connection: DuckDBPyConnection, folder: Path, number: int, hashes: dict[str, str]) -> None:
    rows = connection.execute("""
        select file, record, byte_offset, "column", code, reason, raw_b64 from stage_rejects
        order by file, record, code, "column", reason
    """).fetchall()
    if not rows:
        return
    (folder / "rejects").mkdir(exist_ok=True, mode=0o700)
    names = ("file", "record", "byte_offset", "column", "code", "reason", "raw_b64")
    with (folder / "rejects" / f"{number:04}.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            entry = dict(zip(names, row, strict=True))
            file.write(json.dumps({**entry, "sha256": hashes.get(entry["file"])}, ensure_ascii=False) + "\n")


def _one_value(connection: DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _hash(file: SourceFile) -> tuple[str, int]:
    try:
        return _hash_path(file.path)
    except OSError as error:
        raise InputError(f"{file.name}: cannot be read: {error.strerror}") from error


def _hash_path(path: Path) -> tuple[str, int]:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
        return digest.hexdigest(), stream.tell()


def _slug(dataset: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", dataset.lower()).strip("-")[:60]
    if plain == dataset.lower():
        return plain
    return f"{plain or 'dataset'}-{hashlib.sha256(dataset.encode()).hexdigest()[:8]}"


@contextmanager
def _work_folder(folder: Path) -> Iterator[Path]:
    work = folder / ".tmp"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    try:
        yield work.resolve()
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _clear(folder: Path, manifest: Manifest) -> None:
    """Remove what an ingest that died left behind: files that no manifest names."""
    shutil.rmtree(folder / ".tmp", ignore_errors=True)
    data = {one.name for ingest_ in manifest.ingests for one in ingest_.data}
    rejects = {ingest_.rejects_name for ingest_ in manifest.ingests}
    for place, known in (("data", data), ("rejects", rejects)):
        if (folder / place).is_dir():
            for entry in (folder / place).iterdir():
                if entry.name not in known:
                    entry.unlink()


def _flush(folder: Path, made: Sequence[Ingest]) -> None:
    for one in made:
        names = [folder / "data" / data.name for data in one.data] + [folder / "rejects" / one.rejects_name]
        for path in names:
            if path.exists():
                handle = os.open(path, os.O_RDONLY)
                try:
                    os.fsync(handle)
                finally:
                    os.close(handle)


def _told(error: Exception) -> BaseException:
    import duckdb

    text = str(error).split("\n", 1)[0][:200]
    if isinstance(error, duckdb.InterruptException) or "interrupted" in text.lower():
        return KeyboardInterrupt()
    if isinstance(error, duckdb.OutOfMemoryException):
        return FinnetError(
            "out of memory; nothing was stored", hint="set FINNET_MEMORY higher, as in FINNET_MEMORY=8GB"
        )
    if isinstance(error, (duckdb.IOException, OSError)):
        return CaseError(f"the case cannot be written: {text}; nothing was stored")
    return error

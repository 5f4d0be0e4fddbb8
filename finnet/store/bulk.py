"""Runs a BulkScan: a file of any size into staging tables, every record accounted for.

    staged = stage(connection, scan)

``connection`` is an open DuckDB connection (in memory; its settings may be locked and external access off: delimited
files, JSON lines and spreadsheets are read by finnet and handed over as columns, DuckDB opens no file. Only Parquet
needs ``allowed_paths`` to hold ``scan.path``). Afterwards these tables of its main schema hold what the scan added
to them; they are made when missing, and several scans may add to the same ones. With ``lean=True`` they are views instead
(constant columns, prefixes and numbered ids are not kept ten million times: a third of the time and memory); then only
select from them. One connection is either lean or not.

    stage_entities, stage_links, stage_payments, stage_listings, stage_details
        The columns of ``TABLES`` (store/tables.py), same names, types and order. Filled: whatever the scan states, and
        file, record, byte_offset, basis ('stated' unless the scan says otherwise). Null, for the caller to fill in:
        dataset, reliability, credibility. The rows lie in no particular order.
    stage_rejects(file varchar, record bigint, byte_offset bigint, "column" varchar, code varchar, reason varchar,
        raw_b64 varchar)
        One row per refused record (the first reason in the scan's order). raw_b64 is the record's bytes as they stand
        in the file, without the line end, in base64; of a record above 1 MiB the first 64 KiB, which the reason says.
        Null for Parquet.
    stage_skips(file varchar, record bigint, byte_offset bigint, reason varchar)

``record`` counts from 1 after the header; blank lines are records (skipped). ``byte_offset`` is the offset of the
record's first byte in the file as it lies on disk; null for Parquet, XLSX and UTF-16/32.

Entities that a table names as parties (payer, beneficiary, source, target …) are in ``stage_entities`` once per scan,
with the first record that names them. Whom a link points at, without a name or country in that table, is not: if no
other dataset file describes it, it is a stub, which the caller adds.

``Staged.records = loaded + rejected + skipped`` is checked here by counting the distinct records of the staged rows
against what the reader counted; if it does not hold, RuntimeError: a mistake in finnet, nothing may be stored.

A call either completes or raises (FinnetError for what the user can mend) and may then leave some rows behind: the
caller drops the stage tables (``unstage(connection)``) or closes the connection.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from finnet.errors import InputError, MappingError, nearest, quoted
from finnet.model.delimited import Flaw, flaw_words
from finnet.model.encoding import open_text
from finnet.model.refusal import Refusal
from finnet.model.scan import BulkScan, Lookup, State
from finnet.store.arrow_stream import ArrowStream, Batch
from finnet.store.batches import COMPILED_FROM, NUMBERS, FlawedRecord, RecordCount, batches_of
from finnet.store.tables import TABLES
from finnet.text import visible

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["Staged", "preview", "sample_parquet", "stage", "unstage"]

_RAW_WHOLE = 1 << 20
_RAW_CUT = 1 << 16
_PARAMETER = re.compile(r"\$([a-z_][a-z_0-9]*)")
_SOURCE = "finnet_raw_source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """What one scan added: ``records = loaded + rejected + skipped``; ``rows`` per table of ``TABLES``."""

    file: str
    records: int
    loaded: int
    rejected: int
    skipped: int
    rows: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def stage(connection: DuckDBPyConnection, scan: BulkScan, *, lean: bool = False) -> Staged:
    """Read the scan's file and add what it states to the staging tables; ``lean`` leaves views in their place.

    Raises: InputError where the file cannot be read as what the scan says; MappingError where it has no such column.
    """
    _make_tables(connection, lean=lean)
    before = scan.path.stat() if scan.layout != "rows" else None
    with ExitStack() as closing:
        run = _Run(connection, scan, closing)
        run.prepare()
        run.look_up()
        run.check()
        rows = {state.table: run.state(state) for state in scan.states}
        notes = run.notes()
        staged = run.account(rows, notes)
        run.hand_over(lean=lean)
    if before is not None:
        after = scan.path.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise InputError(f"{quoted(scan.name)}: the file changed while it was read", code="E1104", hint="try again")
    return staged


def unstage(connection: DuckDBPyConnection) -> None:
    """Drop the staging relations."""
    for (name,) in [*_staging(connection, "view", "stage\\_%"), *_staging(connection, "view", "staged\\_%")]:
        connection.execute(f"drop view {_name(name)}")
    for (name,) in [*_staging(connection, "table", "stage\\_%"), *_staging(connection, "table", "staged\\_%")]:
        connection.execute(f"drop table {_name(name)}")


def preview(scan: BulkScan, limit: int = 10) -> tuple[list[dict[str, object]], Staged]:
    """The first records as they would be read, and what the whole file would give: nothing is kept.

    A refused record is a row with ``record``, ``code`` and ``reason``; the other rows are those of the scan's first table.
    """
    import duckdb

    with duckdb.connect(":memory:") as connection:
        connection.execute("set enable_progress_bar = false; set TimeZone = 'UTC'; set python_enable_replacements = false")
        staged = stage(connection, scan)
        main = scan.states[0].table
        filled = [
            column
            for column in TABLES[main]
            if column not in {"dataset", "reliability", "credibility", "file", "basis", "byte_offset", "record"}
            and _one(connection, f"select count({_name(column)}) from stage_{main}")
        ]
        shown = ", ".join(_name(column) for column in filled)
        rows = _dicts(connection, f"select record, {shown} from stage_{main} order by record limit {int(limit)}")
        refused = _dicts(
            connection, f"select record, code, reason from stage_rejects order by record limit {int(limit)}"
        )
    found = sorted([*rows, *refused], key=lambda row: int(str(row["record"])))[:limit]
    names = list(dict.fromkeys(name for row in found for name in row))
    return [{name: row.get(name) for name in names} for row in found], staged


def sample_parquet(path: Path, limit: int = 1000) -> tuple[list[str], list[str], list[list[str | None]]]:
    """The columns of a Parquet file, their types, and its first rows as text.

    Raises: InputError if it is not one.
    """
    import duckdb

    with duckdb.connect(":memory:") as connection:
        columns = _parquet_columns(connection, path, path.name)
        chosen = ", ".join(f"cast({_name(name)} as varchar)" for name in columns)
        rows = connection.execute(f"select {chosen} from {_parquet(path)} limit {int(limit)}").fetchall()
    return list(columns), list(columns.values()), [list(row) for row in rows]


class _Run:
    """One scan going through the engine; what it makes beside the staging tables lasts as long as ``closing``."""

    def __init__(self, connection: DuckDBPyConnection, scan: BulkScan, closing: ExitStack) -> None:
        self._connection, self._scan = connection, scan
        self._number = 1 + _one(
            connection, "select count(*) from duckdb_tables() where table_name like 'staged\\_%' escape '\\'"
        )
        self._stream: BinaryIO | None = None
        self._arrow: ArrowStream | None = None
        self._count = RecordCount()
        self._keeps = False  # a small file is read once, not once for each question
        self._kept: list[Batch] | None = None
        self._made: dict[str, str] = {}
        self._refused = 0
        closing.callback(self._clear)
        if scan.layout == "parquet":
            self._open_parquet()
        else:
            self._open_text(closing)
        self._make_raw()

    # The raw relation

    def _open_text(self, closing: ExitStack) -> None:
        scan = self._scan
        encoding, exact, size = "utf-8", False, 0
        if scan.layout != "rows":
            opened = open_text(scan.path, scan.encoding, delimiter=scan.delimiter, name=scan.name)
            closing.callback(opened.stream.close)
            self._stream, encoding, exact = opened.stream, opened.encoding, opened.exact
            size = scan.path.stat().st_size
        make = batches_of(scan, self._stream, encoding, exact, size)
        self._keeps = size < COMPILED_FROM and scan.layout != "lines"
        self._arrow = ArrowStream(
            numbers=NUMBERS, texts=[column.name for column in scan.columns], batches=lambda: self._pass(make)
        )
        self._connection.register(_SOURCE, self._arrow)

    def _pass(self, make: Callable[[RecordCount], Iterator[Batch]]) -> Iterator[Batch]:
        if self._kept is not None:
            yield from self._kept
            return
        count, kept = RecordCount(), []
        for batch in make(count):
            if self._keeps:
                kept.append(batch)
            yield batch
        self._count = count
        if self._keeps:
            self._kept = kept

    def _open_parquet(self) -> None:
        scan = self._scan
        held = _parquet_columns(self._connection, scan.path, scan.name)
        chosen = []
        for column in scan.columns:
            if column.title not in held:
                raise MappingError(
                    f"{quoted(scan.name)}: no column {quoted(column.title)}", hint=nearest(column.title, held)
                )
            chosen.append(_parquet_text(column.title, held[column.title], column.exact, scan))
        columns = ", ".join(f"{text} as {_name(column.name)}" for text, column in zip(chosen, scan.columns, strict=True))
        # Without threads' order the record number is the file's own.
        self._connection.execute(
            f"create temp view {_SOURCE} as select file_row_number + 1 as record, cast(-1 as bigint) as byte_offset, "
            f"cast(0 as bigint) as byte_length, {columns} from {_parquet(scan.path, numbered=True)}"
        )

    def _make_raw(self) -> None:
        scan = self._scan
        words = [word for word in scan.null_words if word]
        listed = ", ".join(_literal(word) for word in words)
        columns = ", ".join(
            f"case when {name} in ({listed}) then null else {name} end as {name}" if words else name
            for name in (_name(column.name) for column in scan.columns)
        )
        self._connection.execute(
            "create or replace temp view raw as select record, nullif(byte_offset, -1) as byte_offset, byte_length, "
            f"{columns} from {_SOURCE}"
        )

    def prepare(self) -> None:
        """Parse once what several questions need."""
        if self._scan.prepared is not None:
            self._run(f"create or replace temp table finnet_prepared as {self._scan.prepared}")
            self._connection.execute("create or replace temp view raw as select * from finnet_prepared")

    def _run(self, sql: str) -> DuckDBPyConnection:
        """Execute with those of the scan's values that the statement names."""
        import duckdb

        used = set(_PARAMETER.findall(sql))
        try:
            return self._connection.execute(sql, {name: self._scan.values[name] for name in sorted(used)})
        except duckdb.Error as error:
            failure = self._arrow.failure if self._arrow is not None else None
            if failure is not None:
                raise failure from None
            if self._scan.layout == "parquet" and isinstance(error, duckdb.IOException | duckdb.InvalidInputException):
                raise InputError(f"{quoted(self._scan.name)}: not a Parquet file that can be read: {quoted(error)}") from error
            raise

    # Lookups and checks

    def look_up(self) -> None:
        for lookup in self._scan.lookups:
            self._make_lookup(lookup)

    def _make_lookup(self, lookup: Lookup) -> None:
        name = _name(f"lookup_{lookup.name}")
        outputs = "".join(f", {_name(column)} {kind}" for column, kind in lookup.outputs.items())
        self._connection.execute(
            f"create or replace temp table {name} (word varchar{outputs}, code varchar, reason varchar)"
        )
        words = self._run(f"select distinct word from ({lookup.words}) as t(word) where word is not null").fetchall()
        found: list[list[object]] = []
        for (word,) in words:
            try:
                found.append([word, *lookup.read(word), None, None])
            except Refusal as refusal:
                found.append([word, *(None for _ in lookup.outputs), refusal.code, refusal.reason])
        if found:
            marks = ", ".join("?" for _ in found[0])
            self._connection.executemany(f"insert into {name} values ({marks})", found)

    def check(self) -> None:
        """Find the records that are refused or skipped; ``good`` are the others."""
        checks = self._scan.checks
        if checks:
            cases = " ".join(f"when {check.bad} then {place}" for place, check in enumerate(checks))
            reasons = " ".join(f"when {place} then {check.reason}" for place, check in enumerate(checks))
            self._run(
                f"create or replace temp table refused as select record, byte_offset, byte_length, failed, "
                f"case failed {reasons} end as reason "
                f"from (select *, case {cases} end as failed from raw) where failed is not null"
            )
            self._refused = _one(self._connection, "select count(*) from refused")
        beside = "where record not in (select record from refused)" if self._refused else ""
        self._connection.execute(f"create or replace temp view good as select * from raw {beside}")

    # What the good records state

    def state(self, state: State) -> int:
        made = f"staged_{self._number}_{state.table}"
        if state.table in self._made:
            raise TypeError(f"two states for {state.table} in one scan")
        self._made[state.table] = made
        self._run(f"create table {made} as {state.select}")
        self._connection.execute(f"create or replace temp view stated_{state.table} as select * from {made}")
        self._connection.execute(f"create view {made}_v as {self._rows_of(state, made)}")
        return _one(self._connection, f"select count(*) from {made}")

    def hand_over(self, *, lean: bool) -> None:
        """Put the rows where the caller finds them."""
        for table, made in self._made.items():
            if lean:
                # The view over all scans is written anew: those before, and this one.
                views = [name for (name,) in _staging(self._connection, "view", f"staged\\_%\\_{table}\\_v")]
                union = " union all ".join(f"select * from {name}" for name in views)
                self._connection.execute(f"create or replace view stage_{table} as {union}")
            else:
                self._connection.execute(f"insert into stage_{table} select * from {made}_v")
                self._connection.execute(f"drop view {made}_v")
                self._connection.execute(f"drop table {made}")

    def _rows_of(self, state: State, made: str) -> str:
        held = {row[0] for row in self._connection.execute(f"describe {made}").fetchall()}
        constants: dict[str, str | int] = {"file": self._scan.name, **state.constants}
        if "basis" not in held:
            constants.setdefault("basis", "stated")
        chosen = []
        for column, kind in TABLES[state.table].items():
            if column in state.prefixes:
                value = f"{_literal(state.prefixes[column])} || {_name(column)}"
            elif column in state.numbered:
                value = f"{_literal(state.numbered[column])} || record"
            elif column in held:
                value = f"coalesce({_name(column)}, [])" if kind.endswith("[]") else _name(column)
            elif column in constants:
                value = _literal(constants[column])
            else:
                value = "[]" if kind.endswith("[]") else "null"
            chosen.append(f"cast({value} as {kind}) as {_name(column)}")
        return f"select {', '.join(chosen)} from {made}"

    def notes(self) -> tuple[str, ...]:
        found = []
        for note, sql in self._scan.counts.items():
            numbers = self._run(sql).fetchall()[0]
            if numbers[0]:
                for number in numbers:
                    note = note.replace("{}", f"{number:,}" if isinstance(number, int) else visible(str(number)), 1)
                found.append(note)
        if self._count.trimmed:
            found.append(f"blanks around {self._count.trimmed:,} values were cut off")
        return tuple(found)

    # The account

    def account(self, rows: Mapping[str, int], notes: tuple[str, ...]) -> Staged:
        import numpy as np

        scan, connection = self._scan, self._connection
        if scan.layout == "parquet":
            records = _one(connection, f"select count(*) from {_SOURCE}")
        else:
            if not scan.checks and not scan.states and not scan.lookups:
                _one(connection, f"select count(*) from {_SOURCE}")
            records = self._count.records
        rejects, skips = self._refusals()
        if rejects:
            connection.executemany("insert into stage_rejects values (?, ?, ?, ?, ?, ?, ?)", rejects)
        if skips:
            connection.executemany("insert into stage_skips values (?, ?, ?, ?)", skips)
        # Not by arithmetic: the records that statements name are marked one by one.
        seen = np.zeros(records + 1, np.bool_)
        for made in self._made.values():
            found = connection.execute(f"select record from {made}").fetchnumpy()["record"]
            seen[np.asarray(found, np.int64)] = True
        loaded = int(seen.sum())
        if loaded + len(rejects) + len(skips) != records:
            raise RuntimeError(
                f"{scan.name}: {records} records, but {loaded} loaded + {len(rejects)} rejected + {len(skips)} skipped"
            )
        return Staged(
            file=scan.name,
            records=records,
            loaded=loaded,
            rejected=len(rejects),
            skipped=len(skips),
            rows=rows,
            notes=notes,
        )

    def _refusals(self) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
        rejects: list[tuple[object, ...]] = []
        skips: list[tuple[object, ...]] = []
        titles = tuple(column.title for column in self._scan.columns)
        by_field = {column.field: column.title for column in self._scan.columns}
        for flawed in self._count.flawed:
            code, reason = flaw_words(
                flawed.flaw, detail=flawed.detail, length=flawed.byte_length, width=self._scan.width, titles=titles
            )
            self._refuse(rejects, skips, flawed, by_field.get(flawed.detail) if code != "E1200" else None, code, reason)
        if self._refused:
            for record, offset, length, failed, reason in self._connection.execute(
                "select record, byte_offset, byte_length, failed, reason from refused order by record"
            ).fetchall():
                check = self._scan.checks[failed]
                place = FlawedRecord(record, -1 if offset is None else offset, length, Flaw.RAGGED, failed)
                self._refuse(rejects, skips, place, check.column, check.code, reason)
        return rejects, skips

    def _refuse(
        self,
        rejects: list[tuple[object, ...]],
        skips: list[tuple[object, ...]],
        place: FlawedRecord,
        column: str | None,
        code: str | None,
        reason: str,
    ) -> None:
        offset = None if place.byte_offset < 0 else place.byte_offset
        if code is None:
            skips.append((self._scan.name, place.record, offset, reason))
            return
        raw = None
        if offset is not None and self._stream is not None:
            self._stream.seek(offset)
            is_whole = place.byte_length <= _RAW_WHOLE
            text = self._stream.read(place.byte_length if is_whole else _RAW_CUT)
            raw = base64.b64encode(text.rstrip(b"\r\n") if is_whole else text).decode()
            if not is_whole:
                reason += f"; the first {_RAW_CUT:,} bytes are kept here"
        rejects.append((self._scan.name, place.record, offset, column, code, reason, raw))

    def _clear(self) -> None:
        drop = self._connection.execute
        for view in ("good", "raw", *(f"stated_{table}" for table in self._made)):
            drop(f"drop view if exists temp.{view}")
        for lookup in self._scan.lookups:
            drop(f"drop table if exists temp.{_name('lookup_' + lookup.name)}")
        drop("drop table if exists temp.refused")
        drop("drop table if exists temp.finnet_prepared")
        if self._arrow is not None:
            self._connection.unregister(_SOURCE)
            self._arrow.close()
        else:
            drop(f"drop view if exists temp.{_SOURCE}")


def _make_tables(connection: DuckDBPyConnection, *, lean: bool) -> None:
    connection.execute(
        'create table if not exists stage_rejects (file varchar, record bigint, byte_offset bigint, "column" varchar, '
        "code varchar, reason varchar, raw_b64 varchar)"
    )
    connection.execute(
        "create table if not exists stage_skips (file varchar, record bigint, byte_offset bigint, reason varchar)"
    )
    for table, columns in TABLES.items():
        if lean:
            empty = ", ".join(f"cast(null as {kind}) as {_name(column)}" for column, kind in columns.items())
            connection.execute(f"create view if not exists stage_{table} as select {empty} where false")
        else:
            declared = ", ".join(f"{_name(column)} {kind}" for column, kind in columns.items())
            connection.execute(f"create table if not exists stage_{table} ({declared})")


def _parquet_columns(connection: DuckDBPyConnection, path: Path, name: str) -> dict[str, str]:
    import duckdb

    try:
        described = connection.execute(f"describe select * from {_parquet(path)}").fetchall()
    except duckdb.Error as error:
        raise InputError(f"{quoted(name)}: not a Parquet file that can be read") from error
    return {row[0]: row[1] for row in described}


def _parquet(path: Path, *, numbered: bool = False) -> str:
    # A file name is not a pattern: what a glob would expand is put into brackets, where it stands for itself.
    escaped = re.sub(r"[*?\[\]{}]", lambda found: f"[{found.group()}]", str(path.resolve()))
    return f"read_parquet({_literal(escaped)}, file_row_number = {str(numbered).lower()}, hive_partitioning = false)"


def _parquet_text(title: str, kind: str, is_money: bool, scan: BulkScan) -> str:
    column = _name(title)
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION", "BLOB", "VARIANT")):
        raise MappingError(f"{quoted(scan.name)}: column {quoted(title)} is nested ({kind}); give one value per cell")
    if kind in {"FLOAT", "DOUBLE"}:
        if is_money and not scan.accept_floats:
            raise MappingError(
                f"{quoted(scan.name)}: column {quoted(title)} holds money as {kind}, which does not keep it exactly",
                hint="store it as DECIMAL or text, or accept rounding with --accept-float-money",
            )
        if is_money:
            return f"case when isfinite({column}) then cast(cast({column} as decimal(38, 10)) as varchar) else cast({column} as varchar) end"
    if kind.startswith("TIMESTAMP"):
        zone = "Z" if "ZONE" in kind else ""
        return f"strftime(cast({column} as timestamp), '%Y-%m-%dT%H:%M:%S{zone}')"
    return f"nullif(cast({column} as varchar), '')"


def _staging(connection: DuckDBPyConnection, kind: str, pattern: str) -> list[tuple[str]]:
    return connection.execute(
        f"select {kind}_name from duckdb_{kind}s() where not temporary and {kind}_name like $pattern escape '\\' "
        f"order by {kind}_name",
        {"pattern": pattern},
    ).fetchall()


def _one(connection: DuckDBPyConnection, sql: str) -> int:
    found: Sequence[Sequence[int]] = connection.execute(sql).fetchall()
    return int(found[0][0])


def _dicts(connection: DuckDBPyConnection, sql: str) -> list[dict[str, object]]:
    found = connection.execute(sql)
    names = [entry[0] for entry in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _literal(value: str | int) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"

"""One bulk scan going through the engine: raw rows, lookups, checks, what the good records state, the account."""
# ruff: noqa: S608  # what is pasted into SQL is ours; names are quoted, values bound

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from finnet.errors import InputError, quoted
from finnet.model.scan import BulkScan, Lookup, State
from finnet.store.batches import RecordCount
from finnet.store.bulk_checks import REFUSED, failed, refused_records, run
from finnet.store.bulk_file import BulkFile
from finnet.store.bulk_lookups import lookup_table, make_lookup, read_words
from finnet.store.bulk_raw import parquet_rows, raw_rows
from finnet.store.bulk_refusals import store_refusals
from finnet.store.bulk_tables import (
    PARQUET,
    Parts,
    column_name,
    insert_rows,
    no_rows,
    one_number,
    stage_relations,
    staged_rows,
    text_literal,
)
from finnet.store.data_rows import lacking, whole_rows
from finnet.text import visible

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["BulkRun", "Staged"]

_SOURCE = "finnet_raw_source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """What one scan added: ``records = loaded + rejected + skipped``; ``rows`` per table of ``TABLES``.

    ``parts`` are the files that hold rows in their final form, of the tables whose rows lie in the order of records.
    """

    file: str
    records: int
    loaded: int
    rejected: int
    skipped: int
    rows: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    parts: Mapping[str, Sequence[Path]] = field(default_factory=dict)


class BulkRun:
    """One scan going through the engine; what it makes beside the staging tables lasts as long as ``closing``."""

    def __init__(self, connection: DuckDBPyConnection, scan: BulkScan, closing: ExitStack, parts: Parts | None) -> None:
        self._connection, self._scan, self._parts = connection, scan, parts
        self._number = 1 + one_number(
            connection, "select count(*) from duckdb_views() where view_name like 'staged\\_%' escape '\\'"
        )
        self._file: BulkFile | None = None
        self._made: dict[str, str] = {}
        self._written: dict[str, Sequence[Path]] = {}
        self._looked_up: list[tuple[Lookup, Sequence[Sequence[object]]]] = []
        self._refused = 0
        closing.callback(self._clear)
        if scan.layout == "parquet":
            connection.execute(f"create temp view {_SOURCE} as {parquet_rows(connection, scan)}")
        else:
            self._file = BulkFile(scan, closing)
            connection.register(_SOURCE, self._file.relation)
        raw = raw_rows(scan, _SOURCE, reads_plain=self._file is not None and self._file.is_plain)
        connection.execute(f"create or replace temp view raw as {raw}")

    @property
    def _count(self) -> RecordCount:
        return RecordCount() if self._file is None else self._file.count

    def prepare(self) -> None:
        """Parse once what several questions need."""
        for name, select in self._scan.prepared.items():
            self._run(f"create or replace temp table prepared_{name} as {select}")
            self._connection.execute(
                f"create or replace temp view {column_name(name)} as select * from prepared_{name}"
            )

    def _run(self, sql: str) -> DuckDBPyConnection:
        """Execute with those of the scan's values that the statement names."""
        import duckdb

        try:
            return run(self._connection, self._scan, sql)
        except duckdb.Error as error:
            failure = self._file.relation.failure if self._file is not None else None
            if failure is not None:
                raise failure from None
            if self._scan.layout == "parquet" and isinstance(error, duckdb.IOException | duckdb.InvalidInputException):
                raise InputError(
                    f"{quoted(self._scan.name)}: not a Parquet file that can be read: {quoted(error)}"
                ) from error
            raise

    # Lookups and checks

    def look_up(self) -> None:
        """Read the words of each lookup once."""
        for lookup in self._scan.lookups:
            words = self._run(
                f"select distinct word from ({lookup.words}) as t(word) where word is not null"
            ).fetchall()
            found = read_words(lookup, (word for (word,) in words))
            make_lookup(self._connection, lookup, found)
            self._looked_up.append((lookup, found))

    def state_all(self) -> dict[str, int]:
        """Check the records and keep what the good ones state: rows per table."""
        first, *others = self._scan.states or (None,)
        rows = {}
        if first is not None and self._writes_parts(first):
            rows[first.table] = self._write_parts(first)
        elif first is not None and self._scan.checks and not self._scan.prepared and self._scan.layout != "parquet":
            # Most files have nothing to refuse: the first state leaves out what fails a check, and only if records are
            # missing afterwards are they looked for in a pass of their own.
            good = f"select * from raw where ({failed(self._scan)}) is null"
            rows[first.table] = self._state(first, f"with good as ({good}) select * from ({first.select})")
            if rows[first.table] + len(self._count.flawed) == self._count.records:
                self._connection.execute("create or replace temp view good as select * from raw")
            else:
                self._check()
        else:
            self._check()
            others = list(self._scan.states)
        return rows | {state.table: self._state(state, state.select) for state in others if state is not None}

    def _writes_parts(self, state: State) -> bool:
        is_long = self._file is not None and self._file.is_plain
        return is_long and self._parts is not None and state.table in self._parts.tables and not self._scan.prepared

    def _write_parts(self, state: State) -> int:
        from finnet.store.bulk_parts import write_parts

        assert self._parts is not None
        assert self._file is not None
        made = self._name(state)
        batches = self._file.batches(passing=True)
        written = write_parts(batches, self._scan, state, lookups=self._looked_up, to=self._parts, name=made)
        columns = ", ".join(f"{name} {kind}" for name, kind in REFUSED.items())
        self._connection.execute(f"create or replace temp table refused ({columns})")
        insert_rows(self._connection, "refused", list(REFUSED.values()), written.refused)
        self._set_good()
        return self._keep_written(state, made, written.paths)

    def _check(self) -> None:
        """Find the records that are refused or skipped; ``good`` are the others."""
        if self._scan.checks:
            self._run(f"create or replace temp table refused as {refused_records(self._scan)}")
        self._set_good()

    def _set_good(self) -> None:
        if self._scan.checks:
            self._refused = one_number(self._connection, "select count(*) from refused")
        beside = "where record not in (select record from refused)" if self._refused else ""
        self._connection.execute(f"create or replace temp view good as select * from raw {beside}")

    def _state(self, state: State, select: str) -> int:
        made = self._name(state)
        told = {"file": self._scan.name, "basis": "stated"}
        if self._parts is not None and state.table in self._parts.tables:
            path = self._parts.folder / f"{made}.parquet"
            rows = staged_rows(
                f"({select})", self._columns(f"({select})"), state, {**told, **self._parts.told}, lean=True
            )
            self._run(f"copy ({rows}) to {text_literal(str(path))} ({PARQUET})")
            return self._keep_written(state, made, [path])
        self._run(f"create table {made} as {select}")
        return self._keep(state, made, staged_rows(made, self._columns(made), state, told))

    def _name(self, state: State) -> str:
        made = f"staged_{self._number}_{state.table}"
        if state.table in self._made:
            raise TypeError(f"two states for {state.table} in one scan")
        self._made[state.table] = made
        return made

    def _keep_written(self, state: State, made: str, paths: Sequence[Path]) -> int:
        """Rows that were written once, as they will be kept, are read from there."""
        self._written[state.table] = paths
        if not paths:
            return self._keep(state, made, no_rows(state.table))
        lacks = lacking(self._connection, state.table, paths[0])
        return self._keep(state, made, whole_rows(state.table, lacks, *paths))

    def _keep(self, state: State, made: str, rows: str) -> int:
        self._connection.execute(f"create view {made}_v as {rows}")
        self._connection.execute(f"create or replace temp view stated_{state.table} as select * from {made}_v")
        return one_number(self._connection, f"select count(*) from {made}_v")

    def _columns(self, relation: str) -> dict[str, str]:
        return {row[0]: row[1] for row in self._run(f"describe select * from {relation}").fetchall()}

    def hand_over(self, *, lean: bool) -> None:
        """Put the rows where the caller finds them."""
        for table, made in self._made.items():
            if lean:
                # The view over all scans is written anew: those before, and this one.
                views = [name for (name,) in stage_relations(self._connection, "view", f"staged\\_%\\_{table}\\_v")]
                union = " union all ".join(f"select * from {name}" for name in views)
                self._connection.execute(f"create or replace view stage_{table} as {union}")
            else:
                self._connection.execute(f"insert into stage_{table} select * from {made}_v")
                self._connection.execute(f"drop view {made}_v")
                self._connection.execute(f"drop table {made}")

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
        stream = None if self._file is None else self._file.stream
        if scan.layout == "parquet":
            records = one_number(connection, f"select count(*) from {_SOURCE}")
        else:
            if not scan.checks and not scan.states and not scan.lookups:
                one_number(connection, f"select count(*) from {_SOURCE}")
            records = self._count.records
        rejects, skips = store_refusals(connection, scan, self._count.flawed, stream, by_check=self._refused > 0)
        # Not by arithmetic: the records that statements name are marked one by one.
        seen = np.zeros(records + 1, np.bool_)
        parts: dict[str, Sequence[Path]] = {}
        for table, made in self._made.items():
            found = np.asarray(connection.execute(f"select record from {made}_v").fetchnumpy()["record"])
            seen[found] = True
            if table in self._written and bool((found[1:] > found[:-1]).all()):
                parts[table] = self._written[table]
        loaded = int(seen.sum())
        if loaded + rejects + skips != records:
            raise RuntimeError(
                f"{scan.name}: {records} records, but {loaded} loaded + {rejects} rejected + {skips} skipped"
            )
        return Staged(
            file=scan.name,
            records=records,
            loaded=loaded,
            rejected=rejects,
            skipped=skips,
            rows=rows,
            notes=notes,
            parts=parts,
        )

    def _clear(self) -> None:
        drop = self._connection.execute
        for view in ("good", "raw", *(f"stated_{table}" for table in self._made)):
            drop(f"drop view if exists temp.{view}")
        for lookup in self._scan.lookups:
            drop(f"drop table if exists temp.{lookup_table(lookup)}")
        drop("drop table if exists temp.refused")
        for name in self._scan.prepared:
            drop(f"drop view if exists temp.{column_name(name)}")
            drop(f"drop table if exists temp.prepared_{name}")
        if self._file is not None:
            self._connection.unregister(_SOURCE)
            self._file.relation.close()
        else:
            drop(f"drop view if exists temp.{_SOURCE}")

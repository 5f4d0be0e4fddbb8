"""Runs a BulkScan: a file of any size into staging tables, every record accounted for.

    staged = stage(connection, scan)

``connection`` is an open DuckDB connection (in memory; its settings may be locked and external access off: delimited
files, JSON lines and spreadsheets are read by finnet and handed over as columns, DuckDB opens no file. Only Parquet
needs ``allowed_paths`` to hold ``scan.path``). Afterwards these tables of its main schema hold what the scan added
to them; they are made when missing, and several scans may add to the same ones. With ``lean=True`` they are views
instead (constant columns, prefixes and numbered ids are not kept ten million times: a third of the time and memory);
then only select from them. One connection is either lean or not.

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

# ruff: noqa: S608  # what is pasted into SQL is ours; names are quoted, values bound

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from finnet.errors import InputError, quoted
from finnet.model.scan import BulkScan
from finnet.store.bulk_run import BulkRun, Staged
from finnet.store.bulk_tables import Parts, column_name, make_stage_tables, one_number, stage_relations
from finnet.store.tables import TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["Parts", "Staged", "preview", "stage", "unstage"]


def stage(connection: DuckDBPyConnection, scan: BulkScan, *, lean: bool = False, parts: Parts | None = None) -> Staged:
    """Read the scan's file and add what it states to the staging tables; ``lean`` leaves views in their place.

    With ``parts`` (only if ``lean``) some tables' rows are written to files there as they will be kept.

    Raises: InputError where the file cannot be read as what the scan says; MappingError where it has no such column.
    """
    make_stage_tables(connection, lean=lean)
    before = scan.path.stat() if scan.layout != "rows" else None
    with ExitStack() as closing:
        run = BulkRun(connection, scan, closing, parts)
        run.prepare()
        run.look_up()
        rows = run.state_all()
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
    for (name,) in [
        *stage_relations(connection, "view", "stage\\_%"),
        *stage_relations(connection, "view", "staged\\_%"),
    ]:
        connection.execute(f"drop view {column_name(name)}")
    for (name,) in [
        *stage_relations(connection, "table", "stage\\_%"),
        *stage_relations(connection, "table", "staged\\_%"),
    ]:
        connection.execute(f"drop table {column_name(name)}")


def preview(scan: BulkScan, limit: int = 10) -> tuple[list[dict[str, object]], Staged]:
    """The first records as they would be read, and what the whole file would give: nothing is kept.

    A refused record is a row with ``record``, ``code`` and ``reason``; the others are those of the scan's first table.
    """
    import duckdb

    with duckdb.connect(":memory:") as connection:
        connection.execute(
            "set enable_progress_bar = false; set TimeZone = 'UTC'; set python_enable_replacements = false"
        )
        staged = stage(connection, scan)
        main = scan.states[0].table
        filled = [
            column
            for column in TABLES[main]
            if column not in {"dataset", "reliability", "credibility", "file", "basis", "byte_offset", "record"}
            and one_number(connection, f"select count({column_name(column)}) from stage_{main}")
        ]
        shown = ", ".join(column_name(column) for column in filled)
        rows = _dicts(connection, f"select record, {shown} from stage_{main} order by record limit {int(limit)}")
        refused = _dicts(
            connection, f"select record, code, reason from stage_rejects order by record limit {int(limit)}"
        )
    found = sorted([*rows, *refused], key=lambda row: int(str(row["record"])))[:limit]
    names = list(dict.fromkeys(name for row in found for name in row))
    return [{name: row.get(name) for name in names} for row in found], staged


def _dicts(connection: DuckDBPyConnection, sql: str) -> list[dict[str, object]]:
    found = connection.execute(sql)
    names = [entry[0] for entry in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

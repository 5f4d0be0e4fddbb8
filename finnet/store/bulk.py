"""Runs a BulkScan: a file of any size into staging tables, every record accounted for.

    staged = stage(connection, scan)

``connection`` is an open DuckDB connection (in memory; its settings may be locked and external access off: delimited
files, JSON lines and spreadsheets are read by finnet and handed over as columns, DuckDB opens no file. Only Parquet
needs ``allowed_paths`` to hold ``scan.path``). Afterwards these relations of its main schema hold what the scan added
to them; they are made when missing, and several scans may add to the same ones. They are views (constant columns,
prefixes and numbered ids are not kept ten million times): select from them, do not insert or update.

    stage_entities, stage_links, stage_payments, stage_listings, stage_details
        The columns of ``TABLES`` (store/tables.py), same names, types and order. Filled: whatever the scan states, and
        file, record, byte_offset, basis ('stated' unless the scan says otherwise). Null, for the caller to fill in:
        dataset, reliability, credibility. The rows lie in no particular order.
    stage_rejects (a table; file varchar, record bigint, byte_offset bigint, "column" varchar, code varchar, reason varchar,
        raw_b64 varchar)
        One row per refused record (the first reason in the scan's order). raw_b64 is the record's bytes as they stand
        in the file, without the line end, in base64; of a record above 1 MiB the first 64 KiB, which the reason says.
        Null for Parquet.
    stage_skips (a table; file varchar, record bigint, byte_offset bigint, reason varchar)

``record`` counts from 1 after the header; blank lines are records (skipped). ``byte_offset`` is the offset of the
record's first byte in the file as it lies on disk; null for Parquet, XLSX and UTF-16/32.

Entities that a table names as parties (payer, beneficiary, source, target …) are in ``stage_entities`` once per scan,
with the first record that names them. An entity that only a link points at, without name or country, is there too,
with ``missing`` true.

``Staged.records = loaded + rejected + skipped`` is checked here by counting the distinct records of the staged rows
against what the reader counted; if it does not hold, RuntimeError: a mistake in finnet, nothing may be stored.

A call either completes or raises (FinnetError for what the user can mend) and may then leave some rows behind: the
caller drops the stage tables (``unstage(connection)``) or closes the connection.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from finnet.model.scan import BulkScan

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["Staged", "stage", "unstage"]


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


def stage(connection: DuckDBPyConnection, scan: BulkScan) -> Staged:
    """Read the scan's file and add what it states to the staging tables.

    Raises: InputError where the file cannot be read as what the scan says.
    """
    raise NotImplementedError


def unstage(connection: DuckDBPyConnection) -> None:
    """Drop the staging tables."""
    raise NotImplementedError

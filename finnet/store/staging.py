"""Statements into the engine's staging tables: written as JSON lines, read back with declared columns."""

# ruff: noqa: S608 -- SQL is put together from names of our own.

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import orjson

from finnet.errors import InputError
from finnet.model.statement import (
    Counted,
    Detail,
    Entity,
    Link,
    Listing,
    Origin,
    Payment,
    Properties,
    Reject,
    Skip,
    Statement,
)
from finnet.store.connection import identifier, literal
from finnet.store.tables import TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["REJECTS", "SKIPS", "make_stages", "stage_statements"]

REJECTS = {
    "file": "varchar",
    "record": "bigint",
    "byte_offset": "bigint",
    "column": "varchar",
    "code": "varchar",
    "reason": "varchar",
    "raw_b64": "varchar",
}
SKIPS = {"file": "varchar", "record": "bigint", "byte_offset": "bigint", "reason": "varchar"}


def make_stages(connection: DuckDBPyConnection) -> None:
    """The empty staging tables, those that are not there yet."""
    for table, columns in {**TABLES, "rejects": REJECTS, "skips": SKIPS}.items():
        declared = ", ".join(f"{identifier(name)} {kind}" for name, kind in columns.items())
        connection.execute(f"create table if not exists stage_{table} ({declared})")


def stage_statements(connection: DuckDBPyConnection, statements: Iterable[Statement], folder: Path) -> dict[str, int]:
    """Stage what a source states; gives the number of records that each file says it has.

    Raises: InputError for text that cannot be stored; whatever the source raises.
    """
    make_stages(connection)
    counted: dict[str, int] = {}
    writers: dict[str, IO[bytes]] = {}
    try:
        for statement in statements:
            if isinstance(statement, Counted):
                counted[statement.file] = counted.get(statement.file, 0) + statement.records
                continue
            for table, row in _rows(statement):
                if table not in writers:
                    writers[table] = (folder / f"{table}.jsonl").open("wb")
                try:
                    writers[table].write(orjson.dumps(row) + b"\n")
                except TypeError as error:  # a lone surrogate, or an integer beyond 64 bits
                    origin = statement.origin
                    raise InputError(
                        f"{origin.file} record {origin.record}: text that cannot be stored: {error}", code="E1211"
                    ) from error
    finally:
        for writer in writers.values():
            writer.close()
    for table in writers:
        _load(connection, table, folder / f"{table}.jsonl")
    return counted


def _load(connection: DuckDBPyConnection, table: str, path: Path) -> None:
    columns = {**TABLES, "rejects": REJECTS, "skips": SKIPS}[table]
    # Decimals travel as text: a JSON number would pass through binary floating point.
    travels = {name: "varchar" if kind.startswith("decimal") else kind for name, kind in columns.items()}
    declared = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in travels.items())
    selected = ", ".join(f"cast({identifier(name)} as {kind})" for name, kind in columns.items())
    connection.execute(
        f"insert into stage_{table} select {selected} from read_json({literal(str(path))}, "
        f"format = 'newline_delimited', columns = {{{declared}}}, maximum_object_size = 268435456)"
    )
    path.unlink()


def _rows(statement: Entity | Link | Payment | Listing | Detail | Reject | Skip) -> list[tuple[str, dict[str, Any]]]:
    origin = statement.origin
    match statement:
        case Entity():
            row: dict[str, Any] = {
                "entity_id": statement.id,
                "schema": statement.schema,
                "caption": statement.caption,
                "country": statement.country,
                "countries": list(statement.countries),
                "topics": list(statement.topics),
                "tags": list(statement.tags),
                "flags": list(statement.flags),
                "missing": statement.missing,
                "first_seen": statement.first_seen,
                "last_seen": statement.last_seen,
                "properties": _json(statement.properties),
                "basis": "stated",
            }
            return [("entities", row | _place(origin))]
        case Link():
            row = {
                "link_id": statement.id,
                "class": statement.edge_class,
                "schema": statement.schema,
                "source_id": statement.source,
                "target_id": statement.target,
                "role": statement.role,
                "share_min_ppm": statement.share_min_ppm,
                "share_max_ppm": statement.share_max_ppm,
                "country": statement.country,
                "amount": None if statement.amount is None else str(statement.amount),
                "currency": statement.currency,
                "commodity": statement.commodity,
                "start_date": statement.start_date,
                "end_date": statement.end_date,
                "flags": list(statement.flags),
                "properties": _json(statement.properties),
                "basis": statement.basis,
            }
            return [("links", row | _place(origin))]
        case Payment():
            row = {
                "payment_id": statement.id,
                "payer_id": statement.payer,
                "beneficiary_id": statement.beneficiary,
                "payer_account": statement.payer_account,
                "beneficiary_account": statement.beneficiary_account,
                "intermediary_id": statement.intermediary,
                "amount": str(statement.amount),
                "currency": statement.currency,
                "count": statement.count,
                "booked_on": statement.booked_on,
                "booked_until": statement.booked_until,
                "booked_at": statement.booked_at,
                "step": statement.step,
                "purpose": statement.purpose,
                "commodity": statement.commodity,
                "properties": _json(statement.properties),
                "basis": statement.basis,
            }
            return [("payments", row | _place(origin))]
        case Listing():
            row = {
                "entity_id": statement.entity,
                "authority": statement.authority,
                "program": statement.program,
                "reference": statement.reference,
                "listed_on": statement.listed_on,
                "delisted_on": statement.delisted_on,
                "properties": _json(statement.properties),
                "basis": "stated",
            }
            return [("listings", row | _place(origin))]
        case Detail():
            return [
                (
                    "details",
                    {"entity_id": statement.entity, "property": statement.property, "value": value, "basis": "stated"}
                    | _place(origin),
                )
                for value in statement.values
            ]
        case Reject():
            row = {
                "column": statement.column,
                "code": statement.code,
                "reason": statement.reason,
                "raw_b64": base64.b64encode(statement.raw).decode() if statement.raw else None,
            }
            return [("rejects", row | _place(origin))]
        case Skip():
            return [("skips", {"reason": statement.reason} | _place(origin))]


def _place(origin: Origin) -> dict[str, Any]:
    return {"file": origin.file, "record": origin.record, "byte_offset": origin.byte_offset}


def _json(properties: Properties | Mapping[str, Any]) -> str | None:
    plain = {name: list(values) for name, values in properties.items() if values}
    return orjson.dumps(plain, option=orjson.OPT_SORT_KEYS).decode() if plain else None

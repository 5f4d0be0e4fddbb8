"""Entities that somebody points at and nobody describes: they are stored as stubs, so that networks have both ends."""

# ruff: noqa: S608 -- SQL is put together from table and column names of our own.

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from finnet.model.scan import BulkScan
from finnet.store.accounting import one_number

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["add_stubs", "all_described", "counts_of_dataset"]

_POINTERS = (
    "links.source_id",
    "links.target_id",
    "payments.payer_id",
    "payments.beneficiary_id",
    "payments.intermediary_id",
    "listings.entity_id",
)


def all_described(scans: Sequence[BulkScan]) -> frozenset[str]:
    """The columns that point at entities which their own scan describes, whatever the scan; none without scans."""
    stating = {
        pointer: [scan for scan in scans if any(state.table == pointer.split(".")[0] for state in scan.states)]
        for pointer in _POINTERS
    }
    return frozenset(
        pointer
        for pointer, some in stating.items()
        if some and all(any(pointer in state.describes for state in scan.states) for scan in some)
    )


def add_stubs(connection: DuckDBPyConnection, described: Collection[str] = ()) -> int:
    """Make ``all_entities``: the staged ones, and a stub for each id that is only pointed at; says how many are stubs.

    A stub has the first record that names it. It gives way wherever another dataset describes the id. Nobody looks at
    columns of which it is known that all they point at is ``described``.
    """
    pointers = [pointer.split(".") for pointer in _POINTERS if pointer not in described]
    ids = " union ".join(
        ["select null::varchar as entity_id where false"]
        + [f"select {column} as entity_id from stage_{table}" for table, column in pointers]
    )
    connection.execute(f"""
        create temp table undescribed as
        select entity_id from ({ids}) anti join stage_entities using (entity_id) where entity_id is not null
    """)
    named = " union all ".join(
        ["select null::varchar as entity_id, null::varchar as file, 0 as record, 0 as byte_offset where false"]
        + [
            f"select {column} as entity_id, file, record, byte_offset from stage_{table} semi join undescribed "
            f"on undescribed.entity_id = stage_{table}.{column}"
            for table, column in pointers
        ]
    )
    connection.execute(f"""
        create table stubs as
        select entity_id, 'LegalEntity' as schema, entity_id as caption, ['stub'] as flags, true as missing,
            []::varchar[] as countries, []::varchar[] as topics, []::varchar[] as tags, 'stated' as basis,
            first.file as file, first.record as record, first.byte_offset as byte_offset
        from (select entity_id, min({{file: file, record: record, byte_offset: byte_offset}}) as first
            from ({named}) group by entity_id)
    """)
    connection.execute("create view all_entities as from stage_entities union all by name from stubs")
    return one_number(connection, "select count(*) from stubs")


def counts_of_dataset(connection: DuckDBPyConnection) -> dict[str, int]:
    """How many entities are described, and how many links, payments and listings there are."""
    described = "select count(distinct entity_id) from stage_entities where not coalesce(missing, false)"
    return {"entities": one_number(connection, described)} | {
        table: one_number(connection, f"select count(*) from stage_{table}")
        for table in ("links", "payments", "listings")
    }

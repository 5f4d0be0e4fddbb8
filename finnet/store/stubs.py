"""Entities that somebody points at and nobody describes: they are stored as stubs, so that networks have both ends."""

# ruff: noqa: S608 -- SQL is put together from table and column names of our own.

from __future__ import annotations

from typing import TYPE_CHECKING

from finnet.store.accounting import one_number

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["add_stubs", "counts_of_dataset"]

_POINTERS = (
    ("stage_links", "source_id"),
    ("stage_links", "target_id"),
    ("stage_payments", "payer_id"),
    ("stage_payments", "beneficiary_id"),
    ("stage_payments", "intermediary_id"),
    ("stage_listings", "entity_id"),
)


def add_stubs(connection: DuckDBPyConnection) -> int:
    """Make ``all_entities``: the staged ones, and a stub for each id that is only pointed at; says how many are stubs.

    A stub has the first record that names it. It gives way wherever another dataset describes the id.
    """
    ids = " union ".join(f"select {column} as entity_id from {table}" for table, column in _POINTERS)
    connection.execute(f"""
        create temp table undescribed as
        select entity_id from ({ids}) anti join stage_entities using (entity_id) where entity_id is not null
    """)
    named = " union all ".join(
        f"select {column} as entity_id, file, record, byte_offset from {table} semi join undescribed "
        f"on undescribed.entity_id = {table}.{column}"
        for table, column in _POINTERS
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

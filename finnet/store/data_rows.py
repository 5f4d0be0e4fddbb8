"""Rows of data files with all columns of their table: a column that no statement of a long file has is not in it."""
# ruff: noqa: S608  # what is pasted into SQL is ours

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from finnet.store.connection import identifier
from finnet.store.parquet_input import parquet_relation
from finnet.store.tables import TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["lacking", "whole_rows"]


def lacking(connection: DuckDBPyConnection, table: str, path: Path) -> tuple[str, ...]:
    """The columns of the table that are not in the file, since they hold nothing."""
    described = connection.execute(f"describe select * from {parquet_relation(path)}").fetchall()
    held = {row[0] for row in described}
    return tuple(column for column in TABLES[table] if column not in held)


def whole_rows(table: str, lacks: Collection[str], *paths: Path) -> str:
    """SQL: the rows of the files, one after the other, with null in the columns that they lack.

    >>> whole_rows("listings", set(TABLES["listings"]) - {"entity_id"}, Path("/a.parquet")).partition(", ")[0]
    'select "entity_id"'
    """
    chosen = ", ".join(
        f"cast(null as {kind}) as {identifier(column)}" if column in lacks else identifier(column)
        for column, kind in TABLES[table].items()
    )
    return f"select {chosen} from {parquet_relation(*paths)}"

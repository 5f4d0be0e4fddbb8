"""The staging tables that bulk scans fill, and the few ways of asking the engine about them."""
# ruff: noqa: S608  # what is pasted into SQL is ours; names are quoted, values bound

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from finnet.model.scan import State
from finnet.store.tables import TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = [
    "PARQUET",
    "ROW_GROUP",
    "Parts",
    "column_name",
    "insert_rows",
    "make_stage_tables",
    "no_rows",
    "one_number",
    "stage_relations",
    "staged_rows",
    "text_literal",
]

_INSERTED = 20_000

# The row groups are of a fixed size, so that the bytes do not depend on the machine. The second version of the format
# keeps record numbers and offsets as differences: a quarter less on the disk.
ROW_GROUP = 122_880
PARQUET = f"format parquet, parquet_version v2, compression zstd, compression_level 1, row_group_size {ROW_GROUP}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Where the rows of ``tables`` are written in their final form, and what is ``told`` of each of their rows."""

    folder: Path
    told: Mapping[str, str | None]
    tables: Collection[str] = ("payments",)


def make_stage_tables(connection: DuckDBPyConnection, *, lean: bool) -> None:
    """The empty staging tables, or views, those that are not there yet."""
    connection.execute(
        'create table if not exists stage_rejects (file varchar, record bigint, byte_offset bigint, "column" varchar, '
        "code varchar, reason varchar, raw_b64 varchar)"
    )
    connection.execute(
        "create table if not exists stage_skips (file varchar, record bigint, byte_offset bigint, reason varchar)"
    )
    for table, columns in TABLES.items():
        if lean:
            connection.execute(f"create view if not exists stage_{table} as {no_rows(table)}")
        else:
            declared = ", ".join(f"{column_name(column)} {kind}" for column, kind in columns.items())
            connection.execute(f"create table if not exists stage_{table} ({declared})")


def no_rows(table: str) -> str:
    """SQL: the columns of a stored table, and nothing in them."""
    empty = ", ".join(f"cast(null as {kind}) as {column_name(column)}" for column, kind in TABLES[table].items())
    return f"select {empty} where false"


def stage_relations(connection: DuckDBPyConnection, kind: str, pattern: str) -> list[tuple[str]]:
    """The names of the tables or views (``kind``) of the main schema that fit a LIKE pattern, sorted."""
    return connection.execute(
        f"select {kind}_name from duckdb_{kind}s() where not temporary and {kind}_name like $pattern escape '\\' "
        f"order by {kind}_name",
        {"pattern": pattern},
    ).fetchall()


def insert_rows(
    connection: DuckDBPyConnection, table: str, kinds: Sequence[str], rows: Sequence[Sequence[object]]
) -> None:
    """Add rows of Python values; ``kinds`` are the types of the table's columns."""
    # As lists, some thousand rows at a time: the engine takes a hundred times as long for a row by itself.
    chosen = ", ".join(f"unnest(cast($c{place} as {kind}[]))" for place, kind in enumerate(kinds))
    for low in range(0, len(rows), _INSERTED):
        columns = zip(*rows[low : low + _INSERTED], strict=True)
        values = {f"c{place}": list(column) for place, column in enumerate(columns)}
        connection.execute(f"insert into {table} select {chosen}", values)


def one_number(connection: DuckDBPyConnection, sql: str) -> int:
    """The number that a query gives."""
    found: Sequence[Sequence[int]] = connection.execute(sql).fetchall()
    return int(found[0][0])


def staged_rows(
    made: str, held: Mapping[str, str], state: State, told: Mapping[str, str | None], *, lean: bool = False
) -> str:
    """SQL: what a state's select made, with all columns of its stored table; ``held`` are its columns and their types.

    ``told`` are constants that the state may leave unsaid: the file's name, the basis. With ``lean`` columns that hold
    nothing are left out: writing one takes as long as writing one that does.
    """
    constants: dict[str, str | int | None] = {**told, **state.constants}
    chosen = []
    for column, kind in TABLES[state.table].items():
        if column in state.prefixes:
            value = f"{text_literal(state.prefixes[column])} || {column_name(column)}"
        elif column in state.numbered:
            value = f"{text_literal(state.numbered[column])} || record"
        elif held.get(column, "").startswith("ENUM("):
            chosen.append(column_name(column))  # is written as text, and quicker than text
            continue
        elif column in held:
            value = f"coalesce({column_name(column)}, [])" if kind.endswith("[]") else column_name(column)
        elif (constant := constants.get(column)) is not None and kind == "varchar":
            # As an enumeration of one value, a text is written to Parquet without being looked at once per row.
            chosen.append(f"cast({text_literal(constant)} as enum ({text_literal(constant)})) as {column_name(column)}")
            continue
        elif constant is not None:
            value = text_literal(constant)
        elif kind.endswith("[]"):
            value = "[]"
        elif lean:
            continue
        else:
            value = "null"
        chosen.append(f"cast({value} as {kind}) as {column_name(column)}")
    return f"select {', '.join(chosen)} from {made}"


def column_name(identifier: str) -> str:
    """A name as a quoted SQL identifier, whatever it holds."""
    return '"' + identifier.replace('"', '""') + '"'


def text_literal(value: str | int) -> str:
    """A value as a SQL literal, for the places where nothing can be bound."""
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"

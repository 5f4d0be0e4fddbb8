"""The raw relation of a bulk scan in SQL: what the engine sees of a file before anything is checked."""
# ruff: noqa: S608  # what is pasted into SQL is ours; names are quoted

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from finnet.errors import MappingError, nearest, quoted
from finnet.model.scan import BulkScan, PlainAmount
from finnet.store.bulk_tables import column_name, text_literal
from finnet.store.parquet_input import parquet_columns, parquet_relation, parquet_text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["parquet_rows", "raw_rows"]


def raw_rows(
    scan: BulkScan, source: str, *, reads_plain: bool, clean: Collection[str] = (), more: Sequence[str] = ()
) -> str:
    """SQL: the rows of ``source``, with null for what means nothing.

    ``reads_plain``: it has the plain columns. What means nothing is null already in the ``clean`` columns; ``more``
    are columns to take over as they are.
    """
    # No record number or offset is beyond the file's size, and four bytes less count ten million times.
    small = "uinteger" if scan.layout == "delimited" and scan.path.stat().st_size < 1 << 32 else "bigint"
    words = [word for word in scan.null_words if word]
    listed = ", ".join(text_literal(word) for word in words)
    columns = ", ".join(
        f"case when {text} in ({listed}) then null else {read} end as {name}"
        if words and text.strip('"') not in clean
        else f"{read} as {name}"
        for text, read, name in _columns(scan, reads_plain=reads_plain)
    )
    return (
        f"select cast(record as {small}) as record, cast(nullif(byte_offset, -1) as {small}) as byte_offset, "
        f"byte_length, {columns}{''.join(f', {column_name(one)}' for one in more)} from {source}"
    )


def _columns(scan: BulkScan, *, reads_plain: bool) -> Iterator[tuple[str, str, str]]:
    """For each column its text, what is read of it, and the name of that."""
    for column in scan.columns:
        text, plain = column_name(column.name), column_name(f"{column.name}_plain")
        yield text, text, text
        if column.plain is not None:
            kind = "decimal(18, 4)" if isinstance(column.plain, PlainAmount) else "varchar"
            yield text, plain if reads_plain else f"cast(null as {kind})", plain


def parquet_rows(connection: DuckDBPyConnection, scan: BulkScan) -> str:
    """SQL: the rows of a Parquet file as text, numbered as they stand in it.

    Raises: InputError for what is no Parquet file; MappingError for a column that is not there, or cannot be text.
    """
    held = parquet_columns(connection, scan.path, scan.name)
    chosen = []
    for column in scan.columns:
        if column.title not in held:
            raise MappingError(
                f"{quoted(scan.name)}: no column {quoted(column.title)}", hint=nearest(column.title, held)
            )
        chosen.append(parquet_text(column.title, held[column.title], column.exact, scan))
    columns = ", ".join(
        f"{text} as {column_name(column.name)}" for text, column in zip(chosen, scan.columns, strict=True)
    )
    return (
        f"select file_row_number + 1 as record, cast(-1 as bigint) as byte_offset, cast(0 as bigint) as byte_length, "
        f"{columns} from {parquet_relation(scan.path, numbered=True)}"
    )

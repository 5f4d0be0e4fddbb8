"""Parquet files as text columns: which can be read exactly, and how."""
# ruff: noqa: S608  # what is pasted into SQL is quoted

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from finnet.errors import InputError, MappingError, quoted
from finnet.model.scan import BulkScan
from finnet.store.bulk_tables import column_name
from finnet.store.connection import as_pattern, literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["parquet_columns", "parquet_relation", "parquet_text"]


def parquet_columns(connection: DuckDBPyConnection, path: Path, name: str) -> dict[str, str]:
    import duckdb

    try:
        described = connection.execute(f"describe select * from {parquet_relation(path)}").fetchall()
    except duckdb.Error as error:
        raise InputError(f"{quoted(name)}: not a Parquet file that can be read") from error
    return {row[0]: row[1] for row in described}


def parquet_relation(*paths: Path, numbered: bool = False) -> str:
    listed = ", ".join(literal(as_pattern(str(path.resolve()))) for path in paths)
    return f"read_parquet([{listed}], file_row_number = {str(numbered).lower()}, hive_partitioning = false)"


def parquet_text(title: str, kind: str, is_money: bool, scan: BulkScan) -> str:
    column = column_name(title)
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION", "BLOB", "VARIANT")):
        raise MappingError(f"{quoted(scan.name)}: column {quoted(title)} is nested ({kind}); give one value per cell")
    if kind in {"FLOAT", "DOUBLE"}:
        if is_money and not scan.accept_floats:
            raise MappingError(
                f"{quoted(scan.name)}: column {quoted(title)} holds money as {kind}, which does not keep it exactly",
                hint="store it as DECIMAL or text, or accept rounding with --accept-float-money",
            )
        if is_money:
            exact = f"cast(cast({column} as decimal(38, 10)) as varchar)"
            return f"case when isfinite({column}) then {exact} else cast({column} as varchar) end"
    if kind.startswith("TIMESTAMP"):
        zone = "Z" if "ZONE" in kind else ""
        return f"strftime(cast({column} as timestamp), '%Y-%m-%dT%H:%M:%S{zone}')"
    return f"nullif(cast({column} as varchar), '')"

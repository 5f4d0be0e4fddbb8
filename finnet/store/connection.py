"""The engine: DuckDB in memory, shut off from everything but the case's own files."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["connect", "identifier", "literal"]

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def connect(folders: Sequence[Path], *, temporary: Path | None = None) -> DuckDBPyConnection:
    """An in-memory DuckDB that may read and write below ``folders`` and nowhere else.

    No extension is fetched, no Python variable is read, dates are in UTC, and none of this can be changed by SQL.
    FINNET_THREADS and FINNET_MEMORY (as in "4GB") limit it.
    """
    import duckdb

    connection = duckdb.connect(":memory:")
    settings = {
        "enable_progress_bar": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "python_enable_replacements": "false",
        "preserve_insertion_order": "true",
        "TimeZone": "'UTC'",
    }
    if threads := os.environ.get("FINNET_THREADS"):
        settings["threads"] = str(int(threads))
    if memory := os.environ.get("FINNET_MEMORY"):
        settings["memory_limit"] = literal(memory)
    if temporary is not None:
        settings["temp_directory"] = literal(str(temporary))
    for name, value in settings.items():
        connection.execute(f"set {name} = {value}")
    if folders:
        allowed = ", ".join(literal(f"{folder.resolve()}/") for folder in folders)
        connection.execute(f"set allowed_directories = [{allowed}]")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def literal(text: str) -> str:
    """Text as a SQL string literal, for the few places where DuckDB takes no bound value.

    >>> literal("O'Hara")
    "'O''Hara'"
    """
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A column or table name of our own as a quoted SQL identifier.

    Raises: ValueError for anything that is not a plain word.
    """
    if not _PLAIN.fullmatch(name):
        raise ValueError(f"not an identifier: {name!r}")
    return f'"{name}"'

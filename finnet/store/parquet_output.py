"""Columns written as a Parquet file for others: the engine does it, no Arrow library is needed."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from finnet.errors import FinnetError
from finnet.store.connection import connect, literal

__all__ = ["write_parquet"]

_ROWS = 50_000  # bound at a time


def write_parquet(path: Path, columns: Mapping[str, tuple[str, Sequence[Any]]]) -> None:
    """Write columns (name: SQL type and values) to ``path``, all of it or nothing, zstd compressed.

    The same columns give the same bytes. Text that UTF-8 cannot hold is written with backslashes.

    Raises: FinnetError if the folder is missing or cannot be written.
    """
    try:
        folder = tempfile.TemporaryDirectory(dir=path.parent, prefix=".finnet-")
    except OSError as error:
        raise FinnetError(f"{path}: cannot be written: {error.strerror}") from error
    with folder as place:
        made = Path(place).resolve() / "made.parquet"
        connection = connect([made.parent], temporary=made.parent)
        try:
            declared = ", ".join(f"{_quoted(name)} {kind}" for name, (kind, _) in columns.items())
            connection.execute(f"create table made ({declared})")
            size = len(next(iter(columns.values()))[1]) if columns else 0
            for start in range(0, size, _ROWS):
                values = {
                    f"c{number}": [_storable(value) for value in held[start : start + _ROWS]]
                    for number, (_, held) in enumerate(columns.values())
                }
                chosen = ", ".join(f"unnest($c{number}::{kind}[])" for number, (kind, _) in enumerate(columns.values()))
                connection.execute(f"insert into made select {chosen}", values)
            connection.execute(f"copy made to {literal(str(made))} (format parquet, compression zstd)")
        finally:
            connection.close()
        made.chmod(0o644)
        made.replace(path)


def _quoted(name: str) -> str:
    return '"' + str(_storable(name)).replace('"', '""') + '"'


def _storable(value: Any) -> Any:
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value

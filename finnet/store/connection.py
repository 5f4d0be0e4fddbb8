"""The engine: DuckDB in memory, shut off from everything but the case's own files."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from finnet.errors import UsageError, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["as_pattern", "connect", "identifier", "literal", "thread_count"]

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_MEMORY = re.compile(r"[1-9][0-9]*(\.[0-9]+)? ?[KMGT]i?B", re.IGNORECASE)
_GLOB = re.compile(r"[*?\[\]{}]")
_CONTAINER = Path("/sys/fs/cgroup/memory.max")
_MEMORY_SHARE = 0.6  # of the machine's memory: readers of files hold theirs beside the engine's


def connect(
    folders: Sequence[Path], *, temporary: Path, threads: int | None = None, joins_as_written: bool = False
) -> DuckDBPyConnection:
    """An in-memory DuckDB that may read and write below ``folders`` and nowhere else; it spills to ``temporary``.

    No extension is fetched, no Python variable is read, dates are in UTC, and none of this can be changed by SQL.
    FINNET_THREADS and FINNET_MEMORY (as in "4GB") limit it; ``threads`` goes before what the former says.
    ``joins_as_written``: no better order of joins is sought, which can take longer than the joins.

    Raises: UsageError if one of the two is not a number of threads, or not an amount of memory.
    """
    import duckdb

    settings = {
        "enable_progress_bar": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "python_enable_replacements": "false",
        "preserve_insertion_order": "true",
        "TimeZone": "'UTC'",
        "threads": str(threads or thread_count()),
        "memory_limit": literal(_memory()),
        "temp_directory": literal(str(temporary)),
    }
    if joins_as_written:
        settings["disabled_optimizers"] = "'join_order'"
    if folders:
        paths = [f"{folder.resolve()}/" for folder in folders]
        # The engine compares texts: a folder called a[1] is also asked for as the pattern that means it.
        allowed = dict.fromkeys([*paths, *(as_pattern(path) for path in paths)])
        settings["allowed_directories"] = f"[{', '.join(literal(path) for path in allowed)}]"
    settings |= {"enable_external_access": "false", "lock_configuration": "true"}
    connection = duckdb.connect(":memory:")
    for name, value in settings.items():
        connection.execute(f"set {name} = {value}")
    return connection


def thread_count() -> int:
    """How many threads the engine may use: as many as the machine has, or as FINNET_THREADS says."""
    said = os.environ.get("FINNET_THREADS")
    if not said:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if not said.isdecimal() or not 1 <= int(said) <= 1024:
        raise UsageError(f"FINNET_THREADS={quoted(said)}: should be a number of threads, as in FINNET_THREADS=4")
    return int(said)


def _memory() -> str:
    said = os.environ.get("FINNET_MEMORY")
    if not said:
        return f"{int(_installed() * _MEMORY_SHARE) >> 20}MiB"
    if not _MEMORY.fullmatch(said):
        raise UsageError(f"FINNET_MEMORY={quoted(said)}: should be an amount, as in FINNET_MEMORY=8GB")
    return said


def _installed() -> int:
    """The bytes of memory of this machine, or of the container that finnet runs in."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        allowed = int(_CONTAINER.read_text())
    except (OSError, ValueError):  # no container, or "max"
        return machine
    return min(machine, allowed)


def as_pattern(path: str) -> str:
    """A path for ``read_parquet``, to which it is a pattern: what a pattern would expand stands in brackets for itself.

    >>> as_pattern("a[1].parquet")
    'a[[]1[]].parquet'
    """
    return _GLOB.sub(r"[\g<0>]", path)


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

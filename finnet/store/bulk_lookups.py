"""Lookups of a bulk scan: the distinct words of a file, each read once by Python, as a table beside the raw rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from finnet.model.refusal import Refusal
from finnet.model.scan import Lookup
from finnet.store.bulk_tables import column_name, insert_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["lookup_table", "make_lookup", "read_words"]


def lookup_table(lookup: Lookup) -> str:
    """The quoted name of its table."""
    return column_name(f"lookup_{lookup.name}")


def read_words(lookup: Lookup, words: Iterable[str]) -> list[Sequence[object]]:
    """For each word what is read of it: the word, the outputs, code and reason of a refusal."""
    found: list[Sequence[object]] = []
    for word in words:
        try:
            found.append([word, *lookup.read(word), None, None])
        except Refusal as refusal:
            found.append([word, *(None for _ in lookup.outputs), refusal.code, refusal.reason])
    return found


def make_lookup(connection: DuckDBPyConnection, lookup: Lookup, found: Sequence[Sequence[object]]) -> None:
    """The lookup's table, with what was found."""
    kinds = {"word": "varchar", **lookup.outputs, "code": "varchar", "reason": "varchar"}
    columns = ", ".join(f"{column_name(name)} {kind}" for name, kind in kinds.items())
    connection.execute(f"create or replace temp table {lookup_table(lookup)} ({columns})")
    insert_rows(connection, lookup_table(lookup), list(kinds.values()), found)

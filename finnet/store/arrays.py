"""A result of the engine as numpy columns."""

# ruff: noqa: S608 -- what is wrapped is SQL of our own; values are bound.

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from finnet.store.connection import identifier

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from numpy.typing import NDArray

__all__ = ["arrays"]

_TEXTS = "VARCHAR[]"


def arrays(connection: DuckDBPyConnection, sql: str, values: Mapping[str, Any]) -> dict[str, NDArray[np.generic]]:
    """The columns by name: numbers as numpy numbers, all else as object arrays; with nulls, objects with None in them.

    Lists of text travel as JSON and each different one is read once: that is twice as fast as an array per row.
    """
    kinds = {row[0]: row[1] for row in connection.execute(f"describe {sql}", values).fetchall()}
    lists = [name for name, kind in kinds.items() if kind == _TEXTS]
    if lists:
        texts = ", ".join(f"cast(to_json({identifier(name)}) as varchar) as {identifier(name)}" for name in lists)
        sql = f"select * replace ({texts}) from ({sql}\n)"
    found = connection.execute(sql, values).fetchnumpy()
    return {name: _tuples(column) if name in lists else _plain(column) for name, column in found.items()}


def _plain(column: Any) -> NDArray[np.generic]:
    if np.ma.isMaskedArray(column):
        if not column.mask.any():
            return _plain(column.data)
        if column.dtype == object:
            made = np.array(column.data, dtype=object)
            made[column.mask] = None
            return made
        return _objects(column.tolist())
    plain = np.asarray(column)
    return plain if plain.dtype.kind in "biuf" else _objects(plain.tolist())


def _tuples(column: Any) -> NDArray[np.generic]:
    read: dict[str | None, tuple[str, ...] | None] = {None: None}
    made = []
    for text in column.tolist():
        if text not in read:
            read[text] = tuple(json.loads(text))
        made.append(read[text])
    return _objects(made)


def _objects(values: list[Any]) -> NDArray[np.generic]:
    # Not np.array: that makes a matrix of equally long lists.
    return np.fromiter(values, dtype=object, count=len(values))

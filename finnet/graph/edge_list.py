"""Edges as the engine hands them over: vertices numbered by sorted id, edges sorted by both ends."""

# ruff: noqa: S608 -- SQL is put together from column names and integers of our own; values are always bound.

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finnet.graph.network import Column, FloatArray, IntArray
from finnet.graph.selection import Queries, Selection

__all__ = ["EdgeList", "integers", "numbered", "texts", "vertex_ids"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeList:
    """What a Network is made of, before what is known about its vertices is added."""

    ids: tuple[str, ...]
    source: IntArray
    target: IntArray
    weight: FloatArray
    unit: str
    edges: Mapping[str, Column]
    minor: IntArray | None = None
    scale: int = 1
    notes: tuple[str, ...] = ()
    rates: Mapping[str, Any] | None = None  # of the rates that counted it (RateTable.record)


_VERTEX = """
vertex as materialized (
    select id, row_number() over (order by id) - 1 as number
    from (select source as id from edge union select target as id from edge)
)
"""


def numbered(edge: str, kind: str) -> str:
    """SQL that follows ``with tie as (…)``: ``edge``, a common table expression with source, target and ``kind``, with
    its ends as the numbers ``s`` and ``t``."""
    return f"""
, {edge}, {_VERTEX}
select head.number as s, tail.number as t, edge.* exclude (source, target)
from edge join vertex as head on edge.source = head.id join vertex as tail on edge.target = tail.id
order by s, t, {kind}
"""


def vertex_ids(case: Queries, ties: Selection) -> tuple[str, ...]:
    """Every id at either end of a tie that has both, sorted by code point: the place of an id is its number."""
    found = ties.arrays(
        case,
        """
        select id from (
            select source as id from tie where target is not null
            union
            select target as id from tie where source is not null
        ) where id is not null order by id
        """,
    )
    return tuple(found["id"].tolist())


def integers(column: NDArray[Any]) -> IntArray:
    """A column without gaps as integers."""
    return np.asarray(column).astype(np.int64, copy=False)


def texts(column: NDArray[Any]) -> NDArray[np.object_]:
    """A column of text, None where there is none."""
    made = np.empty(len(column), dtype=object)
    made[:] = column.tolist()
    return made

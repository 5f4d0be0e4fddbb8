"""What a case knows about the vertices of a network, as columns in their order."""

# ruff: noqa: S608 -- SQL is put together from column names and integers of our own; values are always bound.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from finnet.graph.network import Column, LazyColumns
from finnet.graph.selection import Queries

__all__ = ["NAMES", "party_columns"]

NAMES = (
    "caption",
    "schema",
    "country",
    "countries",
    "topics",
    "tags",
    "programs",
    "datasets",
    "authorities",
    "missing",
)
_LISTS = frozenset({"countries", "topics", "tags", "programs", "datasets", "authorities"})

# Up to here columns are read at once, so that a network outlives its case; above, when they are first needed.
_EAGER = 200_000


def party_columns(case: Queries, ids: tuple[str, ...]) -> Mapping[str, Column]:
    """Caption, schema, country and so on of each id; what the case does not describe has its id for a caption."""
    lazy = LazyColumns(NAMES, lambda: _read(case, ids))
    return dict(lazy) if len(ids) <= _EAGER else lazy


def _read(case: Queries, ids: tuple[str, ...]) -> dict[str, Column]:
    number = {label: place for place, label in enumerate(ids)}
    columns: dict[str, list[Any]] = {name: [() if name in _LISTS else None] * len(ids) for name in NAMES}
    columns["caption"] = list(ids)
    columns["missing"] = [True] * len(ids)
    wanted = "where canonical_id in (select unnest($ids))" if len(ids) <= _EAGER else ""
    said = case.columns(
        f"select canonical_id, {', '.join(NAMES)} from v1_party {wanted} order by canonical_id",
        {"ids": list(ids)} if wanted else {},
    )
    places = [number.get(label) for label in said["canonical_id"].tolist()]
    for name in NAMES:
        column = columns[name]
        for place, value in zip(places, said[name].tolist(), strict=True):
            if place is not None and value is not None:
                column[place] = tuple(value) if name in _LISTS else value
    columns["missing"] = [bool(value) for value in columns["missing"]]
    return dict(columns)

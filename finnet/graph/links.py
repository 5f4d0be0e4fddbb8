"""Edges that are links: what several records say of the same tie is one edge, with its records beside it."""

# ruff: noqa: S608 -- SQL is put together from column names and integers of our own; values are always bound.

from __future__ import annotations

import numpy as np

from finnet.graph.edge_list import EdgeList, integers, numbered, texts, vertex_ids
from finnet.graph.network import Column
from finnet.graph.recipe import Recipe
from finnet.graph.selection import Queries, Selection

__all__ = ["link_edges"]

# Above this many ties the records behind each edge are left to finnet.graph.ties, and of several roles one is kept.
_LISTED = 500_000

# Column of the recipe -> what an edge keeps of it. Two records of one holding are not two holdings: the larger counts.
_KEPT = {
    "schema": "min(schema)",
    "role": "string_agg(distinct role, '; ' order by role)",
    "country": "min(country)",
    "commodity": "string_agg(distinct commodity, '; ' order by commodity)",
    "share_min_ppm": "coalesce(max(share_min_ppm), -1)",
    "share_max_ppm": "coalesce(max(share_max_ppm), -1)",
    "start_date": "min(start_date)",
    "end_date": "max(end_date)",
}
_LISTS = {
    "countries": ("country", "list(distinct country order by country) filter (country is not null)"),
    "links": ("link_id", "list(distinct link_id order by link_id)"),
    "datasets": ("dataset", "list(distinct dataset order by dataset)"),
    "records": ("record", "list(distinct dataset || ':' || record order by dataset || ':' || record)"),
}


def link_edges(case: Queries, ties: Selection, recipe: Recipe) -> EdgeList:
    """One edge per source, target and class; shares are None where no record discloses one."""
    has = ties.columns.__contains__
    [size] = ties.rows(
        case, "select count(*) as n, count(*) filter (source is null or target is null) as loose from tie"
    )
    kept = {name: how for name, how in _KEPT.items() if has(name)}
    if size["n"] > _LISTED and "role" in kept:
        kept["role"] = "min(role)"
    listed = {name: how for name, (column, how) in _LISTS.items() if has(column) and size["n"] <= _LISTED}
    if has("weight"):
        weight = "sum(weight)"
    else:
        weight = "count(distinct tie.tie)" if has("tie") else "1"
    columns = {"class": "class" if has("class") else "null", "weight": f"cast({weight} as double)", **kept, **listed}
    edge = f"""
edge as (
    select source, target, {", ".join(f"{how} as {name}" for name, how in columns.items())}
    from tie
    where source is not null and target is not null
    group by source, target{", class" if has("class") else ""}
)
"""
    found = ties.arrays(case, numbered(edge, "class"))
    edges: dict[str, Column] = {"class": texts(found["class"])} if has("class") else {}
    for name in kept:
        shares = name in ("share_min_ppm", "share_max_ppm")
        values = found[name].tolist()
        edges[name] = [None if value < 0 else int(value) for value in values] if shares else texts(found[name])
    for name in listed:
        edges[name] = [() if value is None else tuple(str(part) for part in value) for value in found[name].tolist()]
    loose = size["loose"]
    return EdgeList(
        ids=vertex_ids(case, ties),
        source=integers(found["s"]),
        target=integers(found["t"]),
        weight=np.asarray(found["weight"], dtype=np.float64),
        unit=recipe.unit,
        edges=edges,
        notes=(f"{loose:,} ties have one end only on record and are in no edge",) if loose else (),
    )

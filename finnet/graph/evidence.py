"""What states each edge: the datasets, and the grades of their statements."""

from __future__ import annotations

from finnet.graph.again import selected_again
from finnet.graph.network import Network
from finnet.graph.recipe import Recipe
from finnet.graph.selection import Queries

__all__ = ["Stated", "stated_by"]

# Of one edge: pairs (dataset, grade), sorted. A grade is as "B2"; what a record lacks of it is F or 6.
Stated = tuple[tuple[str, str], ...]


def stated_by(case: Queries, network: Network, *, recipe: Recipe | None = None) -> list[Stated]:
    """For each edge of a network that a case made, who states it, under the choices the network was built with.

    Empty tuples where the recipe selects no datasets, or no case made the network.
    """
    nothing: list[Stated] = [()] * network.edge_count
    chosen = selected_again(case, network, recipe)
    if chosen is None or "dataset" not in chosen.columns:
        return nothing
    # What tells apart the edges between the same two parties.
    names = ("class",) if "class" in network.edges else ("currency", "commodity")
    kinds = [name for name in names if name in network.edges and name in chosen.columns]
    graded = {"reliability", "credibility"} <= chosen.columns
    grade = "coalesce(reliability, 'F') || coalesce(credibility, '6')" if graded else "'F6'"
    by = ", ".join(["source", "target", *kinds])
    rows = chosen.rows(
        case,
        f"""
        select {by}, list(distinct [dataset, {grade}] order by [dataset, {grade}]) as stated
        from tie where source is not null and target is not null and dataset is not null
        group by {by} order by {by}
        """,  # noqa: S608 -- column names of our own
    )
    stated = {
        (row["source"], row["target"], *(row[kind] for kind in kinds)): tuple(
            (dataset, graded) for dataset, graded in row["stated"]
        )
        for row in rows
    }
    ends = ([network.ids[one] for one in side.tolist()] for side in (network.source, network.target))
    return [stated.get(key, ()) for key in zip(*ends, *(network.edges[kind] for kind in kinds), strict=True)]

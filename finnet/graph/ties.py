"""The records behind an edge: each payment or link, with the record that states it."""

# ruff: noqa: S608 -- SQL is put together from column names of our own; values are always bound.

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from finnet.graph.again import selected_again
from finnet.graph.network import Network
from finnet.graph.recipe import Recipe
from finnet.graph.selection import Queries

__all__ = ["ties"]


def ties(
    case: Queries,
    network: Network,
    pairs: Iterable[tuple[str, str]],
    *,
    recipe: Recipe | None = None,
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """What the recipe selected for these pairs (source id, target id), under the choices the network was built with.

    One row per payment or link statement, in the recipe's columns, sorted; at most ``limit`` per pair. Give ``recipe``
    where the network was not built from one that ships. Empty for a network that no case made.
    """
    wanted = sorted(set(pairs))
    chosen = selected_again(case, network, recipe) if wanted else None
    if chosen is None:
        return []
    order = [name for name in _SORTED if name in chosen.columns]
    cut = f"qualify row_number() over (partition by source, target order by {', '.join(order)}) <= $most"
    return chosen.rows(
        case,
        f"""
        select tie.* from tie join (
            select unnest($sources::varchar[]) as wanted_source, unnest($targets::varchar[]) as wanted_target
        ) on source = wanted_source and target = wanted_target
        {cut if limit is not None else ""}
        order by {", ".join(order)}
        """,
        {"sources": [pair[0] for pair in wanted], "targets": [pair[1] for pair in wanted], "most": limit},
    )


_SORTED = (
    "source",
    "target",
    "class",
    "currency",
    "booked_on",
    "start_date",
    "link_id",
    "payment_id",
    "amount",
    "dataset",
    "record",
)

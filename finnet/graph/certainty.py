"""How well each edge is recorded: the best grade among its records, and whether any record states it."""

# ruff: noqa: S608 -- SQL is put together from column names of our own; values are always bound.

from __future__ import annotations

from collections.abc import Mapping

from finnet.graph.again import selected_again
from finnet.graph.network import Network
from finnet.graph.selection import Queries

__all__ = ["certainty"]


def certainty(case: Queries, network: Network) -> Mapping[tuple[str, str], tuple[str | None, bool]]:
    """By (source id, target id): the best Admiralty grade of its records (``B2``; None unrecorded), and if inferred.

    Reliability counts before credibility. A pair is inferred where every record behind it is: nobody states it. Empty
    for a network that no case made.
    """
    chosen = selected_again(case, network)
    if chosen is None or not {"reliability", "credibility"} <= chosen.columns:
        return {}
    inferred = "false"
    if "link_id" in chosen.columns:
        inferred = "bool_and(link_id is not null and link_id in (select link_id from v1_link where basis = 'inferred'))"
    found = chosen.rows(
        case,
        f"""
        select source, target, min(reliability || coalesce(credibility, '')) as grade, {inferred} as inferred
        from tie
        where source is not null and target is not null
        group by source, target
        order by source, target
        """,
    )
    return {(row["source"], row["target"]): (row["grade"], bool(row["inferred"])) for row in found}

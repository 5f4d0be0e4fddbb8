"""The facts behind a member of a best set: which recorded links pass only through it, and who states them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from finnet.api._network import CaseLike
from finnet.api._selection import selected
from finnet.graph.evidence import stated_by
from finnet.graph.network import IntArray, Network
from finnet.graph.ties import ties
from finnet.report.why import Facts

__all__ = ["facts_of", "links_only_through"]

_KINDS = {"Jurisdiction": "jurisdiction", "Lever": "lever"}
_MOST_RECORDS = 200
_PER_PAIR = 10


def facts_of(subject: CaseLike | Network, network: Network, choke: Mapping[str, Any], row: Mapping[str, Any]) -> Facts:
    """What the answer of ``choke`` (its document: rows, summary, params) and the network say of one of its rows."""
    summary, params = choke["summary"], choke["params"]
    number = network.number.get(row["id"]) if row["schema"] not in _KINDS else None
    through = own = np.empty(0, np.int64)
    if number is not None:
        seeds, exits = (_numbers(subject, network, params.get(name)) for name in ("from", "to"))
        own = np.flatnonzero((network.source == number) | (network.target == number))
        through = links_only_through(network, seeds, exits, number, str(summary["objective"]))
    lasting = summary.get("lasting") or {}
    worlds = summary.get("worlds") or {}
    name, members = _names(network), {one["id"] for one in choke["rows"]}
    return Facts(
        caption=str(row["caption"] or row["id"]),
        objective=str(summary["objective"]),
        unit=str(summary["unit"]),
        members=len(choke["rows"]),
        bite=row["bite"],
        before=summary["before"],
        after=summary["after"],
        optimal=summary["optimal"],
        through=len(through) if number is not None else None,
        links=len(own),
        through_records=_records(subject, network, through),
        own_records=_records(subject, network, own),
        sources=_sources(subject, network, own),
        substitutes=tuple(name(one) for one in row["substitutes"] or () if one not in members),
        substitutes_chosen=tuple(name(one) for one in row["substitutes"] or () if one in members),
        captured=tuple(name(one) for one in row["captured"] or ()),
        rank_volume=row["rank_volume"],
        rank_betweenness=row["rank_betweenness"],
        horizon=summary["horizon"] if lasting else None,
        lasting=row["lasting"],
        half_recovery_days=lasting.get("half_recovery_days"),
        hydra=bool(lasting.get("hydra")),
        took_over=sum(1 for one in (summary.get("took_over") or {}).get(row["id"], {}) if one != "newly formed"),
        chosen_in=row["chosen_in"],
        worlds=int(worlds.get("worlds", 0)),
        rests_on_dataset=tuple((summary.get("rests_on_one_dataset") or {}).get(row["id"], ())),
        enforcers=str(summary["enforcers"]) if row["schema"] != "Jurisdiction" else "all",
        kind=_KINDS.get(str(row["schema"]), "party"),
    )


def links_only_through(network: Network, seeds: IntArray, exits: IntArray, number: int, objective: str) -> IntArray:
    """The links that carry something while this party is there and nothing once it is gone; its own among them.

    For ``flow`` those on some way from a seed to an exit, for ``reach`` those that a seed reaches. For what is
    connected (``pairs``), those in its part of the network that are cut off from the largest piece left of that part.

    >>> chain = Network.of(("s", "a"), ("a", "t"), ("s", "b"), ("b", "c"), ("c", "b"))
    >>> links_only_through(chain, np.array([3]), np.array([4]), 0, "flow").tolist()
    [0, 3]
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import breadth_first_order, connected_components

    gone = (network.source == number) | (network.target == number)
    if objective in ("flow", "reach"):

        def reached(start: IntArray, tail: IntArray, head: IntArray) -> np.ndarray[Any, np.dtype[np.bool_]]:
            size = network.size + 1
            tails = np.concatenate([tail, np.full(len(start), network.size)])
            heads = np.concatenate([head, start])
            graph = coo_matrix((np.ones(len(tails)), (tails, heads)), shape=(size, size)).tocsr()
            seen = np.zeros(size, bool)
            seen[breadth_first_order(graph, network.size, return_predecessors=False)] = True
            return seen

        def useful(kept: np.ndarray[Any, np.dtype[np.bool_]]) -> np.ndarray[Any, np.dtype[np.bool_]]:
            tail, head = network.source[kept], network.target[kept]
            if not network.directed:
                tail, head = np.concatenate([tail, head]), np.concatenate([head, tail])
            forwards = reached(seeds, tail, head)
            mask = kept & forwards[network.source]
            if objective == "flow":
                backwards = reached(exits, head, tail)
                mask &= backwards[network.target]
                if not network.directed:
                    mask |= kept & forwards[network.target] & backwards[network.source]
            return mask

        everything = np.ones(network.edge_count, bool)
        return np.flatnonzero(useful(everything) & ~useful(~gone))

    def parts(kept: np.ndarray[Any, np.dtype[np.bool_]]) -> IntArray:
        ends = (network.source[kept], network.target[kept])
        graph = coo_matrix((np.ones(len(ends[0])), ends), shape=(network.size, network.size))
        return np.asarray(connected_components(graph, directed=False)[1], np.int64)

    before, after = parts(np.ones(network.edge_count, bool)), parts(~gone)
    inside = before == before[number]
    sizes = np.bincount(after[inside])
    main = int(np.argmax(sizes))
    return np.flatnonzero(inside[network.source] & (gone | (after[network.source] != main)))


def _numbers(subject: CaseLike | Network, network: Network, selector: str | None) -> IntArray:
    if selector is None:
        return np.empty(0, np.int64)
    named = selected(subject, network, selector)
    return np.array([network.number[one] for one in named if one in network.number], np.int64)


def _records(subject: CaseLike | Network, network: Network, edges: IntArray) -> tuple[str, ...]:
    """The records behind these edges, as dataset:record, in the order of the edges; at most 200."""
    if isinstance(subject, Network):
        return ()
    if "records" in network.edges:
        column = network.edges["records"]
        found = [record for edge in edges.tolist() for record in column[edge]]
    else:
        ids = network.ids
        pairs = [(ids[network.source[edge]], ids[network.target[edge]]) for edge in edges[:_MOST_RECORDS].tolist()]
        rows = ties(subject, network, pairs, limit=_PER_PAIR)
        found = [f"{row['dataset']}:{row['record']}" for row in rows]
    return tuple(dict.fromkeys(found))[:_MOST_RECORDS]


def _sources(subject: CaseLike | Network, network: Network, own: IntArray) -> tuple[tuple[str, int], ...]:
    if isinstance(subject, Network):
        return ()
    counted: dict[str, int] = {}
    stated = stated_by(subject, network)
    for edge in own.tolist():
        for dataset in sorted({name for name, _ in stated[edge]}):
            counted[dataset] = counted.get(dataset, 0) + 1
    return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def _names(network: Network) -> Any:
    captions = network.vertices.get("caption")

    def name(party: str) -> str:
        place = network.number.get(party)
        caption = None if captions is None or place is None else captions[place]
        return party if not caption or caption == party else f"{caption} ({party})"

    return name

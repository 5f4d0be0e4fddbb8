"""The verb on neighbourhoods: whom a party is tied to, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from finnet.analysis.routes import distances
from finnet.api._describe import about, counted
from finnet.api._network import CaseLike, as_network
from finnet.api._party import party_id, party_number
from finnet.api._stated import stated
from finnet.errors import UsageError
from finnet.graph.network import Network
from finnet.model.currency import money_words
from finnet.model.edge_class import edge_classes
from finnet.report.answer import Answer, Row
from finnet.store.case import Case

__all__ = ["around"]

_COLUMNS = (
    "depth", "source", "target", "class", "role", "dataset", "record", "source_caption", "target_caption"
)  # fmt: skip
_FOLLOWED = 500


def around(
    subject: CaseLike | Network,
    entity: str,
    *,
    depth: int = 1,
    graph: str | None = None,
    edges: str | None = None,
    limit: int | None = None,
) -> Answer:
    """The ties around an entity, up to ``depth`` steps away in any direction, the nearest first.

    In a case, straight from its index: one row per link statement, and one per payer, beneficiary and currency. With
    ``graph``, or in a network file, one row per record or edge of that network. ``cut`` counts the parties whose ties
    were not followed because there were more than 500 at that depth.

    Raises: UnknownNameError for a party that does not exist.
    """
    if depth < 1:
        raise UsageError(f"--depth {depth}: should be 1 or more")
    cut = 0
    if isinstance(subject, Case) and graph is None:
        classes = edge_classes(edges)
        rows, cut = _in_case(subject, party_id(subject, entity), depth, classes)
        said: dict[str, Any] = {"graph": "the case's records", "edge_policy": list(classes)}
    else:
        network = as_network(subject, graph=graph, edges=edges, counts_ties=True)
        rows = _in_network(subject, network, party_number(subject, network, entity), depth)
        said = about(network)
    shown = rows if limit is None else rows[:limit]
    parties = {row[end] for row in rows for end in ("source", "target")} - {None}
    return Answer(
        command="around",
        columns=_COLUMNS,
        rows=shown,
        summary={"parties": len(parties), "links": len(rows), "cut": cut, **said},
        notes=(f"the ties of {cut:,} parties were not followed",) if cut else (),
        params={"entity": entity, "depth": depth, "graph": graph, "edges": edges, "limit": limit},
        truncated=len(shown) < len(rows),
        total=len(rows),
        shown=("depth", "source", "target", "class", "role", "record", "dataset", *_COLUMNS[-2:]),
    )


def _in_network(subject: CaseLike | Network, network: Network, start: int | None, depth: int) -> list[Row]:
    if start is None:
        return []
    steps = distances(network.neighbours, start, most=depth)
    steps = np.where(steps < 0, depth, steps)
    nearer = np.minimum(steps[network.source], steps[network.target])
    inside = np.flatnonzero(nearer < depth)
    hops = sorted(set(zip(network.source[inside].tolist(), network.target[inside].tolist(), strict=True)))
    records = stated(subject, network, hops, either_way=False)
    rows = [
        {"depth": int(min(steps[one], steps[other])) + 1, **row} for one, other in hops for row in records[one, other]
    ]
    return sorted(rows, key=lambda row: row["depth"])


def _in_case(case: Case, start: str, depth: int, classes: Sequence[str]) -> tuple[list[Row], int]:
    seen, frontier, cut = {start}, [start], 0
    rows: dict[tuple[Any, ...], Row] = {}
    for level in range(1, depth + 1):
        followed, cut = frontier[:_FOLLOWED], cut + len(frontier[_FOLLOWED:])
        found = [row for label in followed for row in case.lookup.links(label) if row["class"] in classes]
        if "money" in classes:
            found += _payments(case, followed)
        for row in found:
            key = tuple(row.get(name) for name in ("class", "source_id", "target_id", "link_id", "dataset", "record"))
            rows.setdefault(
                key,
                {
                    "depth": level,
                    "source": row["source_id"],
                    "target": row["target_id"],
                    **{name: row[name] for name in ("class", "role", "dataset", "record")},
                },
            )
        near = {row[end] for row in found for end in ("source_id", "target_id")} - {None}
        frontier = sorted(near - seen)
        seen |= near
    captions = _captions(case, seen)
    order = ("source", "target", "class", "dataset", "record")
    return [
        {**row, **{f"{end}_caption": captions.get(row[end], row[end]) for end in ("source", "target")}}
        for row in sorted(rows.values(), key=lambda row: (row["depth"], *(str(row[name]) for name in order)))
    ], cut


def _payments(case: Case, labels: Sequence[str]) -> list[Row]:
    """Payments of these parties, added up by payer, beneficiary and currency, with the first record of each."""
    found = case.rows(
        """
        select coalesce(payer_id, payer_account) as source_id,
            coalesce(beneficiary_id, beneficiary_account) as target_id, currency, sum(amount) as amount,
            cast(sum("count") as bigint) as payments, min(intermediary_id) as via,
            min(dataset) as dataset, arg_min(record, (dataset, record)) as record
        from v1_payment
        where list_contains($labels::varchar[], payer_id) or list_contains($labels::varchar[], beneficiary_id)
            or list_contains($labels::varchar[], intermediary_id)
            or list_contains($labels::varchar[], payer_account)
            or list_contains($labels::varchar[], beneficiary_account)
        group by source_id, target_id, currency
        order by source_id, target_id, currency
        """,
        {"labels": list(labels)},
    )
    return [
        {
            **row,
            "class": "money",
            "link_id": row["currency"],
            "role": f"{money_words(row['amount'], row['currency'])} {row['currency']} in "
            + counted(row["payments"], "payment")
            + (f", some or all through {row['via']}" if row["via"] else ""),
        }
        for row in found
    ]


def _captions(case: Case, labels: Iterable[str]) -> dict[str, str]:
    found = case.rows(
        "select canonical_id, caption from v1_party where canonical_id in (select unnest($labels)) "
        "order by canonical_id",
        {"labels": sorted(labels)},
    )
    return {row["canonical_id"]: row["caption"] for row in found}

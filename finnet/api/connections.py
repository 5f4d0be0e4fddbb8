"""The verb on ways: how two parties are connected, and which records say so."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from finnet.analysis.routes import shortest_ways
from finnet.api._describe import about
from finnet.api._network import CaseLike, as_network
from finnet.api._party import party_number
from finnet.api._stated import RECORDS, stated
from finnet.errors import UsageError
from finnet.graph.network import Network
from finnet.report.answer import Answer, Row

__all__ = ["path"]

_COLUMNS = (
    "path", "step", "source", "target", "class", "role", "dataset", "record", "source_caption", "target_caption"
)  # fmt: skip


def path(
    subject: CaseLike | Network,
    a: str,
    b: str,
    *,
    k: int = 5,
    directed: bool = False,
    graph: str | None = None,
    edges: str | None = None,
    currency: str | None = None,
    as_of: str | None = None,
    min_grade: str | None = None,
) -> Answer:
    """The ``k`` shortest ways between two parties, without repeated parties, each step with the records that state it.

    Shorter first, then by the ids along the way. Ties are followed in either direction unless ``directed``; ``source``
    and ``target`` of a row are the tie's own. The graph is ``everything`` unless said otherwise.

    Raises: UnknownNameError for a party that does not exist.
    """
    if k < 1:
        raise UsageError(f"-k {k}: should be 1 or more")
    network = as_network(
        subject, graph=graph, default="everything", edges=edges, currency=currency, as_of=as_of, min_grade=min_grade,
        counts_ties=True,
    )  # fmt: skip
    directed = directed and network.directed
    start, end = party_number(subject, network, a), party_number(subject, network, b)
    ways: list[tuple[int, ...]] = []
    if start is not None and end is not None:
        ways = shortest_ways(network, start, end, most=k, directed=directed)
    hops = sorted({hop for way in ways for hop in pairwise(way)})
    records = stated(subject, network, hops, either_way=not directed)
    return Answer(
        command="path",
        columns=_COLUMNS,
        rows=[row for place, way in enumerate(ways, 1) for row in _rows(place, way, records)],
        summary={
            "paths": len(ways),
            "length": len(ways[0]) - 1 if ways else None,
            "lengths": [len(way) - 1 for way in ways],
            **about(network),
        },
        notes=(*network.notes, *_notes(ways, records)),
        shown=("path", "step", "source", "target", "class", "role", "record", "dataset", *_COLUMNS[-2:]),
        params={"a": a, "b": b, "k": k, "directed": directed, "graph": network.recipe, **network.choices},
    )


def _notes(ways: Sequence[Sequence[int]], records: dict[tuple[int, int], list[Row]]) -> tuple[str, ...]:
    if not ways:
        return ("no way between them in the recorded ties",)
    cut = any(len(rows) >= RECORDS for rows in records.values())
    return (f"of a tie with more records the first {RECORDS} are shown, each way",) if cut else ()


def _rows(place: int, way: Sequence[int], records: dict[tuple[int, int], list[Row]]) -> list[Row]:
    return [{"path": place, "step": step, **row} for step, hop in enumerate(pairwise(way), 1) for row in records[hop]]

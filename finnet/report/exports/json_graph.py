"""One JSON document with nodes and edges, as networkx' node_link_graph reads it; exact amounts as text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from finnet.graph.network import Network
from finnet.report.files import write_atomically
from finnet.report.network_columns import PlainColumn, edge_columns, vertex_columns

__all__ = ["SUBJECT", "SUFFIX", "TITLE", "write"]

TITLE = "JSON for networkx (nodes and edges)"
SUFFIX = ".json"
SUBJECT = "network"


def write(network: Network, path: Path) -> tuple[Path, ...]:
    """Parallel edges are kept, each with its number as ``key``; a value that is not known is left out."""
    vertices, edges = vertex_columns(network), edge_columns(network)
    ends = zip(network.source.tolist(), network.target.tolist(), strict=True)
    document = {
        "directed": network.directed,
        "multigraph": True,
        "graph": {"title": network.title, "unit": network.unit, "edge_policy": list(network.edge_policy)},
        "nodes": [{**_row(vertices, place), "id": label} for place, label in enumerate(network.ids)],
        "edges": [
            {**_row(edges, place), "source": network.ids[source], "target": network.ids[target], "key": place}
            for place, (source, target) in enumerate(ends)
        ],
    }
    write_atomically(path, (json.dumps(document, ensure_ascii=True, indent=1, allow_nan=False) + "\n").encode())
    return (path,)


def _row(columns: list[PlainColumn], place: int) -> dict[str, Any]:
    return {column.name: value for column in columns if (value := column.values[place]) is not None}

"""Two CSV files for neo4j-admin database import: nodes and relationships, with the headers that it asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from finnet.graph.network import Network
from finnet.report.network_columns import Kind, PlainColumn, distinct, edge_columns, plain_text, vertex_columns
from finnet.report.property_graph import label_of, relationship_type
from finnet.report.sheets import text_cells, write_sheet
from finnet.text import csv_safe

__all__ = ["SUBJECT", "SUFFIX", "TITLE", "write"]

TITLE = "CSV for Neo4j's bulk import (nodes and relationships)"
SUFFIX = ".csv"
SUBJECT = "network"

_TYPES: dict[Kind, str] = {"string": "string", "double": "double", "long": "long", "boolean": "boolean"}


def write(network: Network, path: Path) -> tuple[Path, ...]:
    """Relationships go to ``path``, nodes beside it as ``NAME-nodes.csv``.

    ``neo4j-admin database import full --nodes=NAME-nodes.csv --relationships=NAME.csv --multiline-fields=true``.
    Every node has the label ``Party`` and that of its schema; an edge's type is its class. A party without an id is
    called ``(no id)``, since Neo4j takes an empty id for none. Text that a spreadsheet would run as a formula gets an
    apostrophe in front.

    Source: Neo4j Operations Manual, Import, CSV header format.
    """
    nodes = path.with_name(f"{path.stem}-nodes{path.suffix}")
    labels = distinct(network.ids, lambda label: csv_safe(label) or "(no id)")
    vertices, edges = vertex_columns(network), edge_columns(network)
    schemata = next((column.values for column in vertices if column.name == "schema"), [None] * network.size)
    classes = next((column.values for column in edges if column.name == "class"), [None] * network.edge_count)
    money = network.minor is not None
    ends = zip(network.source.tolist(), network.target.tolist(), strict=True)
    write_sheet(
        path,
        [":START_ID", ":END_ID", ":TYPE", *_head(edges)],
        (
            [
                labels[source],
                labels[target],
                relationship_type(plain_text(classes[place]), money=money),
                *text_cells(edges, place),
            ]
            for place, (source, target) in enumerate(ends)
        ),
    )
    write_sheet(
        nodes,
        ["id:ID", ":LABEL", *_head(vertices)],
        (
            [
                label,
                ";".join(dict.fromkeys(("Party", label_of(plain_text(schemata[place]))))),
                *text_cells(vertices, place),
            ]
            for place, label in enumerate(labels)
        ),
    )
    return (path, nodes)


def _head(columns: Sequence[PlainColumn]) -> list[str]:
    names = distinct((re.sub(r"\W", "_", column.name) or "_" for column in columns), str)
    return [f"{name}:{_TYPES[column.kind]}" for name, column in zip(names, columns, strict=True)]

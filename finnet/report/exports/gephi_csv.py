"""Two CSV files for Gephi, a spreadsheet or a database: edges (Source,Target,Type,Weight) and nodes (Id,Label)."""

from __future__ import annotations

from pathlib import Path

from finnet.graph.network import Network
from finnet.report.network_columns import distinct, edge_columns, plain_text, vertex_columns
from finnet.report.sheets import text_cells, write_sheet
from finnet.text import csv_safe

__all__ = ["SUBJECT", "SUFFIX", "TITLE", "write"]

TITLE = "CSV for Gephi (edges and nodes)"
SUFFIX = ".csv"
SUBJECT = "network"


def write(network: Network, path: Path) -> tuple[Path, ...]:
    """Edges go to ``path``, nodes beside it as ``NAME-nodes.csv``; ids are the same in both.

    Text that a spreadsheet would run as a formula gets an apostrophe in front. Weights are exact decimals where the
    network's weights are money.
    """
    nodes = path.with_name(f"{path.stem}-nodes{path.suffix}")
    labels = distinct(network.ids, csv_safe)
    captions, *vertices = vertex_columns(network)
    weights, *edges = edge_columns(network)
    exact = next((column for column in edges if column.name == "amount"), weights)
    edges = [column for column in edges if column is not exact]
    kind = "Directed" if network.directed else "Undirected"
    ends = zip(network.source.tolist(), network.target.tolist(), strict=True)
    write_sheet(
        path,
        ["Source", "Target", "Type", "Weight", *(column.name for column in edges)],
        (
            [labels[source], labels[target], kind, plain_text(exact.values[place]), *text_cells(edges, place)]
            for place, (source, target) in enumerate(ends)
        ),
    )
    write_sheet(
        nodes,
        ["Id", "Label", *(column.name for column in vertices)],
        (
            [label, csv_safe(str(captions.values[place])), *text_cells(vertices, place)]
            for place, label in enumerate(labels)
        ),
    )
    return (path, nodes)

"""Two CSV files for Gephi, a spreadsheet or a database: edges (Source,Target,Type,Weight) and nodes (Id,Label)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from finnet.graph.network import Network
from finnet.report.files import atomic_file
from finnet.report.network_columns import PlainColumn, distinct, edge_columns, plain_text, vertex_columns
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
    _write(
        path,
        ["Source", "Target", "Type", "Weight", *(column.name for column in edges)],
        (
            [labels[source], labels[target], kind, plain_text(exact.values[place]), *_cells(edges, place)]
            for place, (source, target) in enumerate(ends)
        ),
    )
    _write(
        nodes,
        ["Id", "Label", *(column.name for column in vertices)],
        (
            [label, csv_safe(str(captions.values[place])), *_cells(vertices, place)]
            for place, label in enumerate(labels)
        ),
    )
    return (path, nodes)


def _cells(columns: Sequence[PlainColumn], place: int) -> Iterator[str]:
    for column in columns:
        text = plain_text(column.values[place])
        yield csv_safe(text) if column.kind == "string" else text


def _write(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with atomic_file(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", errors="backslashreplace", newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)
        text.detach()  # flushes; the file itself is still to be flushed to disk and renamed

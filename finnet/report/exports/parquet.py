"""Two Parquet files, edges and nodes, for DuckDB, pandas, Polars, R or a cluster; amounts as exact decimals."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from finnet.graph.network import Network
from finnet.report.network_columns import Kind, PlainColumn, distinct, edge_columns, vertex_columns
from finnet.store.parquet_output import write_parquet

__all__ = ["SUBJECT", "SUFFIX", "TITLE", "write"]

TITLE = "Parquet (edges and nodes)"
SUFFIX = ".parquet"
SUBJECT = "network"

_TYPES: dict[Kind, str] = {"string": "varchar", "double": "double", "long": "bigint", "boolean": "boolean"}
_EXACT = "decimal(38,4)"


def write(network: Network, path: Path) -> tuple[Path, ...]:
    """Edges (``source, target, weight, …``) go to ``path``, nodes (``id, label, …``) beside it as ``NAME-nodes``.

    ``amount``, where weights are money, is a decimal with four places. Names are as they are recorded: a reader that
    shows them has to make them inert.
    """
    nodes = path.with_name(f"{path.stem}-nodes{path.suffix}")
    labels = distinct(network.ids, lambda label: label.encode("utf-8", "backslashreplace").decode())
    ends = [
        PlainColumn("source", "string", [labels[place] for place in network.source.tolist()]),
        PlainColumn("target", "string", [labels[place] for place in network.target.tolist()]),
    ]
    write_parquet(path, _columns([*ends, *edge_columns(network)], exact=network.minor is not None))
    write_parquet(nodes, _columns([PlainColumn("id", "string", labels), *vertex_columns(network)], exact=False))
    return (path, nodes)


def _columns(columns: Sequence[PlainColumn], *, exact: bool) -> dict[str, tuple[str, Sequence[Any]]]:
    made: dict[str, tuple[str, Sequence[Any]]] = {}
    taken: set[str] = set()
    for column in columns:
        # The engine's names differ in more than case.
        name = column.name
        while name.casefold() in taken:
            name += "_"
        taken.add(name.casefold())
        if exact and column.name == "amount":
            made[name] = (_EXACT, [None if value is None else Decimal(str(value)) for value in column.values])
        else:
            made[name] = (_TYPES[column.kind], column.values)
    return made

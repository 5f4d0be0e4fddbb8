"""Two CSV sheets for i2 Analyst's Notebook: entities and links, each with an identity of its own to map on import."""

from __future__ import annotations

from pathlib import Path

from finnet.graph.network import Network
from finnet.report.network_columns import PlainColumn, distinct, edge_columns, plain_text, vertex_columns
from finnet.report.sheets import text_cells, write_sheet
from finnet.text import csv_safe

__all__ = ["SUBJECT", "SUFFIX", "TITLE", "write"]

TITLE = "CSV sheets for i2 Analyst's Notebook (entities and links)"
SUFFIX = ".csv"
SUBJECT = "network"

# The importer's word: the network's column.
_ENTITY = {"Country": "country", "Listed By": "authorities", "Topics": "topics", "Datasets": "datasets"}
_LINK = {"Start Date": "first", "End Date": "last", "Currency": "currency", "Role": "role", "Records": "records"}


def write(network: Network, path: Path) -> tuple[Path, ...]:
    """Links go to ``path``, entities beside it as ``NAME-entities.csv``; identities are the same in both.

    In an import specification map *Identity* to the identity and *Label* to the label of an entity, and *Link
    Identity* to the identity of a link, so that two entities of one name stay two. *Direction* is ``->`` where the
    network is directed. The sheets begin with a byte order mark, without which the importer takes names for Latin-1.
    No strength is said: a record is not a confirmation.

    Source: i2 Analyst's Notebook, import specifications.
    """
    labels = distinct(network.ids, csv_safe)
    captions, *vertices = vertex_columns(network)
    weights, *edges = edge_columns(network)
    exact = next((column for column in edges if column.name == "amount"), weights)
    kinds = _column(vertices, "schema")
    classes = _column(edges, "class")
    entity_cells = {word: _column(vertices, name) for word, name in _ENTITY.items()}
    link_cells = {word: _column(edges, name) for word, name in _LINK.items()}
    default = "Payment" if network.minor is not None else "Link"
    entities = path.with_name(f"{path.stem}-entities{path.suffix}")
    ends = list(zip(network.source.tolist(), network.target.tolist(), strict=True))
    write_sheet(
        path,
        ["Link Identity", "From Identity", "From Label", "To Identity", "To Label", "Link Type", "Direction", "Value",
         "Unit", *link_cells],
        (
            [
                f"link-{place + 1}",
                labels[source],
                csv_safe(str(captions.values[source])),
                labels[target],
                csv_safe(str(captions.values[target])),
                csv_safe(_at(classes, place) or default),
                "->" if network.directed else "-",
                plain_text(exact.values[place]),
                csv_safe(network.unit),
                *text_cells(link_cells.values(), place),
            ]
            for place, (source, target) in enumerate(ends)
        ),
        mark=True,
    )  # fmt: skip
    write_sheet(
        entities,
        ["Identity", "Label", "Entity Type", *entity_cells],
        (
            [
                label,
                csv_safe(str(captions.values[place])),
                csv_safe(_at(kinds, place) or "Entity"),
                *text_cells(entity_cells.values(), place),
            ]
            for place, label in enumerate(labels)
        ),
        mark=True,
    )
    return (path, entities)


def _column(columns: list[PlainColumn], name: str) -> PlainColumn | None:
    return next((column for column in columns if column.name == name), None)


def _at(column: PlainColumn | None, place: int) -> str:
    return plain_text(column.values[place]) if column is not None else ""

"""GEXF, Gephi's own format: typed attributes, weighted edges, exact amounts beside the weights."""

from __future__ import annotations

from pathlib import Path

from finnet.graph.network import Network
from finnet.report.files import atomic_file
from finnet.report.network_columns import PlainColumn, distinct, edge_columns, plain_text, vertex_columns
from finnet.report.xml_text import attribute, has_illegal, identity

__all__ = ["SUBJECT", "SUFFIX", "TITLE", "write"]

TITLE = "GEXF 1.2"
SUFFIX = ".gexf"
SUBJECT = "network"

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">
"""


def write(network: Network, path: Path) -> tuple[Path, ...]:
    """Node ids are the network's ids. What XML cannot hold is replaced by U+FFFD and flagged ``had_illegal_chars``.

    Gephi adds up the weights of parallel edges unless told otherwise when it opens the file.

    Source: gexf.net, GEXF 1.2draft primer and schema.
    """
    labels = distinct(network.ids, identity)
    columns = vertex_columns(network)
    names = columns[0].values
    vertices = [*columns[1:], PlainColumn("had_illegal_chars", "boolean", _flags(network, columns))]
    weights, *edges = edge_columns(network)
    kind = "directed" if network.directed else "undirected"
    with atomic_file(path) as file:

        def put(text: str) -> None:
            file.write(text.encode())

        put(_HEAD)
        put(f"<meta><creator>finnet</creator><description>{_words(network)}</description></meta>\n")
        put(f'<graph mode="static" defaultedgetype="{kind}">\n')
        for owner, listed in (("node", vertices), ("edge", edges)):
            put(f'<attributes class="{owner}">\n')
            for place, column in enumerate(listed):
                put(f'<attribute id="{place}" title={attribute(column.name)} type="{column.kind}"/>\n')
            put("</attributes>\n")
        put("<nodes>\n")
        for place, label in enumerate(labels):
            put(f"<node id={attribute(label)} label={attribute(str(names[place]))}>{_values(vertices, place)}</node>\n")
        put("</nodes>\n<edges>\n")
        ends = zip(network.source.tolist(), network.target.tolist(), strict=True)
        for place, (source, target) in enumerate(ends):
            put(
                f'<edge id="{place}" source={attribute(labels[source])} target={attribute(labels[target])} '
                f'type="{kind}" weight="{plain_text(weights.values[place])}">{_values(edges, place)}</edge>\n'
            )
        put("</edges>\n</graph>\n</gexf>\n")
    return (path,)


def _words(network: Network) -> str:
    return attribute(f"{network.title}; weights in {network.unit}".lstrip("; "))[1:-1]


def _flags(network: Network, columns: list[PlainColumn]) -> list[bool]:
    return [
        has_illegal(label)
        or any(isinstance(value := column.values[place], str) and has_illegal(value) for column in columns)
        for place, label in enumerate(network.ids)
    ]


def _values(columns: list[PlainColumn], place: int) -> str:
    said = "".join(
        f'<attvalue for="{number}" value={attribute(plain_text(value))}/>'
        for number, column in enumerate(columns)
        if (value := column.values[place]) is not None
    )
    return f"<attvalues>{said}</attvalues>" if said else ""

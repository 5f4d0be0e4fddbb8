"""GraphML, for Gephi, igraph, networkx, yEd, Cytoscape: typed attributes, exact amounts beside the weights."""

from __future__ import annotations

from pathlib import Path

from finnet.graph.network import Network
from finnet.report.files import atomic_file
from finnet.report.network_columns import PlainColumn, distinct, edge_columns, plain_text, vertex_columns
from finnet.report.xml_text import attribute, content, has_illegal, identity

__all__ = ["SUBJECT", "SUFFIX", "TITLE", "write"]

TITLE = "GraphML"
SUFFIX = ".graphml"
SUBJECT = "network"

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""


def write(network: Network, path: Path) -> tuple[Path, ...]:
    """Node ids are the network's ids. What XML cannot hold is replaced by U+FFFD and flagged ``had_illegal_chars``.

    Source: graphml.graphdrawing.org, GraphML Primer and XML schema 1.1.
    """
    vertices, edges = vertex_columns(network), edge_columns(network)
    with atomic_file(path) as file:

        def put(text: str) -> None:
            file.write(text.encode())

        put(_HEAD)
        for name, kind in (("title", "string"), ("unit", "string")):
            put(f'<key id="g_{name}" for="graph" attr.name="{name}" attr.type="{kind}"/>\n')
        put('<key id="v_flag" for="node" attr.name="had_illegal_chars" attr.type="boolean"/>\n')
        for letter, owner, columns in (("v", "node", vertices), ("e", "edge", edges)):
            for place, column in enumerate(columns):
                put(
                    f'<key id="{letter}{place}" for="{owner}" attr.name={attribute(column.name)} '
                    f'attr.type="{column.kind}"/>\n'
                )
        put(f'<graph id="network" edgedefault="{"directed" if network.directed else "undirected"}">\n')
        put(f'<data key="g_title">{content(network.title)}</data><data key="g_unit">{content(network.unit)}</data>\n')
        labels = distinct(network.ids, identity)
        for place, label in enumerate(labels):
            flag = has_illegal(network.ids[place]) or any(
                isinstance(value := column.values[place], str) and has_illegal(value) for column in vertices
            )
            put(f"<node id={attribute(label)}>{_data('v', vertices, place)}")
            put(f'<data key="v_flag">{"true" if flag else "false"}</data></node>\n')
        ends = zip(network.source.tolist(), network.target.tolist(), strict=True)
        for place, (source, target) in enumerate(ends):
            put(
                f'<edge id="e{place}" source={attribute(labels[source])} target={attribute(labels[target])}>'
                f"{_data('e', edges, place)}</edge>\n"
            )
        put("</graph>\n</graphml>\n")
    return (path,)


def _data(letter: str, columns: list[PlainColumn], place: int) -> str:
    return "".join(
        f'<data key="{letter}{number}">{content(plain_text(value))}</data>'
        for number, column in enumerate(columns)
        if (value := column.values[place]) is not None
    )

"""A Network as pyvis knows it, for those who work in notebooks."""

from __future__ import annotations

from typing import Any

from finnet.errors import NotProvidedError
from finnet.graph.network import Network
from finnet.report.views.layout import community_discs
from finnet.report.views.marks import FAMILIES, family_of
from finnet.report.views.payload import radii_of
from finnet.text import one_line

__all__ = ["as_pyvis"]


def as_pyvis(network: Network, *, seed: int = 0) -> Any:
    """Nodes and edges are set as lists: pyvis' own ``add_node`` and ``add_edge`` take quadratic time and lose edges.

    pyvis reads titles as markup as soon as one of them contains ``href``: so no title holds an angle bracket.
    """
    try:
        from pyvis.network import Network as Drawing
    except ImportError as error:
        raise NotProvidedError("pyvis is not installed", hint="pip install pyvis~=0.3.2") from error
    drawing = Drawing(directed=network.directed, cdn_resources="in_line", height="750px", width="100%")
    radii = radii_of(network)
    places = community_discs(network, radii=radii, seed=seed).places
    captions = network.vertices.get("caption", network.ids)
    schemata = network.vertices.get("schema", [None] * network.size)
    for place, label in enumerate(network.ids):
        family = FAMILIES[family_of(schemata[place])]
        drawing.nodes.append(
            {
                "id": place,
                "label": _plain(one_line(str(captions[place] or label), 32)),
                "title": _plain(one_line(str(captions[place] or label), 200)),
                "shape": family.shape,
                "color": family.colour,
                "size": float(radii[place]),
                "x": float(places[place, 0]),
                "y": float(places[place, 1]),
                "physics": False,
            }
        )
    drawing.node_ids = list(range(network.size))
    drawing.node_map = {node["id"]: node for node in drawing.nodes}
    drawing.edges = [
        {"from": int(tail), "to": int(head), "title": f"{weight:g} {_plain(network.unit)}", "arrows": "to"}
        if network.directed
        else {"from": int(tail), "to": int(head), "title": f"{weight:g} {_plain(network.unit)}"}
        for tail, head, weight in zip(network.source, network.target, network.weight, strict=True)
    ]
    drawing.toggle_physics(False)
    return drawing


def _plain(text: str) -> str:
    return text.replace("<", "‹").replace(">", "›")

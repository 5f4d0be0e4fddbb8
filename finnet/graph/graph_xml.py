"""GraphML and GEXF files: parsed without entities, without a DTD and without the network."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from finnet.errors import InputError, quoted
from finnet.graph.draft import Draft, Line, weight_of

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["read_gexf", "read_graphml"]


def read_graphml(path: Path) -> Draft:
    """Nodes, edges and their data; ``edgedefault`` and each edge's ``directed`` say the direction.

    A datum called weight is the weight; label or name is the caption; others become columns.

    Source: graphml.graphdrawing.org, GraphML Primer.
    """
    root = _root(path, "graphml")
    names = {key.get("id", ""): key.get("attr.name") or key.get("id", "") for key in _children(root, "key")}
    graphs = _children(root, "graph")
    if len(graphs) != 1:
        raise InputError(f"{quoted(path.name)}: {len(graphs)} graphs in it instead of one")
    by_default = graphs[0].get("edgedefault", "directed").lower() == "directed"
    draft = Draft()
    for node in _children(graphs[0], "node"):
        label = _required(path, node, "id")
        draft.isolated.append(label)
        _describe(draft, label, _data(node, names))
    edges = _children(graphs[0], "edge")
    directions = []
    for edge in edges:
        said = _data(edge, names)
        _add(draft, path, edge, said.pop("weight", None) or edge.get("weight"), said)
        directions.append({"true": True, "false": False}.get(edge.get("directed", ""), by_default))
    _set_directions(draft, directions, by_default)
    return draft


def read_gexf(path: Path) -> Draft:
    """Nodes with labels and attribute values, edges with weight and type.

    An edge without a type is of ``defaultedgetype``; where that is not said either, undirected.

    Source: gexf.net, GEXF 1.3 primer.
    """
    root = _root(path, "gexf")
    graphs = _children(root, "graph")
    if len(graphs) != 1:
        raise InputError(f"{quoted(path.name)}: {len(graphs)} graphs in it instead of one")
    graph = graphs[0]
    by_default = graph.get("defaultedgetype", "undirected").lower() == "directed"
    titles: dict[str, dict[str, str]] = {"node": {}, "edge": {}}
    for group in _children(graph, "attributes"):
        titles.setdefault(group.get("class", "node"), {}).update(
            {each.get("id", ""): each.get("title", "") for each in _children(group, "attribute")}
        )
    draft = Draft()
    for node in (each for group in _children(graph, "nodes") for each in group.iter() if _tag(each) == "node"):
        label = _required(path, node, "id")
        draft.isolated.append(label)
        said = {"label": node.get("label", ""), **_values(node, titles["node"])}
        _describe(draft, label, {name: value for name, value in said.items() if value})
    directions = []
    for edge in (each for group in _children(graph, "edges") for each in _children(group, "edge")):
        said = _values(edge, titles["edge"])
        _add(draft, path, edge, edge.get("weight") or said.pop("weight", None), said)
        kind = edge.get("type", "").lower()
        directions.append(kind in ("directed", "mutual") if kind else by_default)
        if kind == "mutual":
            _mirror(draft, len(draft.source) - 1)
            directions.append(True)
    _set_directions(draft, directions, by_default)
    return draft


def _root(path: Path, expected: str) -> _Element:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        tree = etree.parse(str(path), parser)
    except OSError as error:
        raise InputError(f"{quoted(path)}: cannot be opened") from error
    except etree.XMLSyntaxError as error:
        where = f"{quoted(path.name)} line {error.lineno or 1}"
        raise InputError(f"{where}: {quoted(error.msg or 'not XML', 200)[1:-1]}") from error
    if tree.docinfo.doctype:
        raise InputError(f"{quoted(path.name)}: holds a document type definition; refused", code="E1101")
    root = tree.getroot()
    if _tag(root) != expected:
        raise InputError(f"{quoted(path.name)}: the root element is {quoted(_tag(root))}, expected {expected}")
    return root


def _tag(element: _Element) -> str:
    """The name without its namespace: GEXF's changes with every version. Comments have none."""
    tag: object = element.tag
    return str(tag).rpartition("}")[2] if isinstance(tag, str) else ""


def _children(element: _Element, tag: str) -> list[_Element]:
    return [child for child in element if _tag(child) == tag]


def _required(path: Path, element: _Element, name: str) -> str:
    value: str = element.get(name, "")
    if not value:
        raise InputError(f"{quoted(path.name)} line {element.sourceline}: {_tag(element)} without {name}", code="E1205")
    return value


def _data(element: _Element, names: dict[str, str]) -> dict[str, str]:
    found = {names.get(datum.get("key", ""), ""): (datum.text or "").strip() for datum in _children(element, "data")}
    return {name.lower(): value for name, value in found.items() if name and value}


def _values(element: _Element, titles: dict[str, str]) -> dict[str, str]:
    return {
        titles[value.get("for", "")].lower(): value.get("value", "")
        for group in _children(element, "attvalues")
        for value in _children(group, "attvalue")
        if titles.get(value.get("for", ""))
    }


def _describe(draft: Draft, label: str, said: dict[str, str]) -> None:
    for name, value in said.items():
        column = "caption" if name in ("label", "name", "caption") else name
        draft.vertices.setdefault(column, {}).setdefault(label, value)


def _add(draft: Draft, path: Path, edge: _Element, weight: str | None, said: dict[str, str]) -> None:
    line = Line(path.name, edge.sourceline or 0, "")
    source, target = _required(path, edge, "source"), _required(path, edge, "target")
    for name in said.keys() - draft.edges.keys():
        draft.edges[name] = [None] * len(draft.source)
    draft.add(source, target, weight_of(weight, line) if weight else Decimal(1))
    for name, column in draft.edges.items():
        column.append(said.get(name))


def _mirror(draft: Draft, place: int) -> None:
    draft.add(draft.target[place], draft.source[place], draft.weight[place])
    for column in draft.edges.values():
        column.append(column[place])


def _set_directions(draft: Draft, directions: list[bool], by_default: bool) -> None:
    """Where both kinds occur, an undirected edge becomes one each way."""
    draft.directed = any(directions) if directions else by_default
    if draft.directed and not all(directions):
        undirected = [place for place, is_directed in enumerate(directions) if not is_directed]
        for place in undirected:
            _mirror(draft, place)
        draft.notes.append(f"{len(undirected)} undirected edges among directed ones are read as one edge each way")

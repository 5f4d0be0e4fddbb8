"""A network file as a Network: edge lists, adjacency lists, matrices, GraphML, GEXF."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from finnet.errors import InputError, quoted
from finnet.graph.draft import Line, finished
from finnet.graph.network import Network
from finnet.graph.text_forms import (
    cells_of,
    delimiter_of,
    is_adjacency,
    is_matrix,
    isolated_by_comment,
    read_adjacency,
    read_edge_list,
    read_matrix,
    read_table,
)

__all__ = ["read_network"]

# A line of an edge list is short; one of a matrix with 20,000 columns is not.
_LONGEST_LINE = 4_000_000


def read_network(path: Path, directed: bool | None = None) -> Network:
    """The network in a file; labels are kept verbatim, as text, and vertices without an edge are kept.

    By suffix: ``.graphml`` and ``.gexf``. Otherwise by what the first lines look like: CSV whose header has Source and
    Target (in any letter case, with a comma, semicolon or tab), with Weight and Type (``Directed`` or ``Undirected``)
    where they are there, further columns kept; a square matrix whose header repeats the labels of its rows; the
    adjacency form, ``n`` on line 1 and then ``u: v1 v2 …``; an edge list, ``u v`` or ``u v weight`` per line, where a
    line that begins with ``#`` is a comment.

    Direction, where ``directed`` does not say it: GraphML, GEXF and a Type column say it themselves; the adjacency form
    is undirected, and so are a matrix and an edge list in which every edge stands both ways; all others are directed.

    Raises: InputError with file and line if the file cannot be read as what it looks like.
    """
    if path.suffix.lower() in (".graphml", ".gexf"):
        from finnet.graph.graph_xml import read_gexf, read_graphml

        draft = read_graphml(path) if path.suffix.lower() == ".graphml" else read_gexf(path)
        return finished(draft, directed, title=path.name)
    lines = [line for line in _lines(path) if line.text.strip()]
    comments = [line for line in lines if line.text.lstrip().startswith("#")]
    content = [line for line in lines if not line.text.lstrip().startswith("#")]
    if not content:
        raise InputError(f"{quoted(path.name)}: no edges in it", code="E1108")
    if is_adjacency(content):
        draft = read_adjacency(content)
    else:
        delimiter = delimiter_of(content[0].text)
        header = cells_of(content[0], delimiter)
        if {"source", "target"} <= {cell.strip().lower() for cell in header}:
            draft = read_table(content, delimiter)
        elif is_matrix(content, delimiter):
            draft = read_matrix(content, delimiter)
        else:
            draft = read_edge_list(content, delimiter)
            isolated_by_comment(draft, comments)
    return finished(draft, directed, title=path.name)


def _lines(path: Path) -> Iterator[Line]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{quoted(path)}: {error.strerror or type(error).__name__}") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = raw.count(b"\n", 0, error.start) + 1
        raise InputError(f"{quoted(path.name)} line {number}: not UTF-8", code="E1103") from error
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if len(line) > _LONGEST_LINE:
            raise Line(path.name, number, "").wrong(f"longer than {_LONGEST_LINE:,} characters", "E1210")
        if "\0" in line:
            raise Line(path.name, number, "").wrong("holds a NUL: this is not a text file")
        yield Line(path.name, number, line)

"""A network file as a Network: edge lists, adjacency lists, matrices, GraphML, GEXF."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from finnet.errors import InputError, quoted
from finnet.graph.network import Column, Network

__all__ = ["Draft", "Line", "finished", "read_network", "weight_of"]

# A line of an edge list is short; one of a matrix with 20,000 columns is not.
_LONGEST_LINE = 4_000_000
_EXACT_DECIMALS = 6
_LARGEST_TOTAL = 2**62


@dataclass(slots=True, kw_only=True)
class Draft:
    """A network as it is read: ends and weights edge by edge, and what the file says of direction."""

    source: list[str] = field(default_factory=list)
    target: list[str] = field(default_factory=list)
    weight: list[Decimal] = field(default_factory=list)
    isolated: list[str] = field(default_factory=list)
    directed: bool | None = None  # None: the file does not say
    edges: dict[str, list[str | None]] = field(default_factory=dict)
    vertices: dict[str, dict[str, str]] = field(default_factory=dict)  # column -> id -> value
    notes: list[str] = field(default_factory=list)

    def add(self, source: str, target: str, weight: Decimal = Decimal(1)) -> None:
        """One more edge."""
        self.source.append(source)
        self.target.append(target)
        self.weight.append(weight)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file with its number; it names itself in messages."""

    file: str
    number: int
    text: str

    def wrong(self, reason: str, code: str = "E1100") -> InputError:
        """The error that points here."""
        return InputError(f"{quoted(self.file)} line {self.number}: {reason}", code=code)


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
    if _is_adjacency(content):
        draft = _adjacency(content)
    else:
        delimiter = _delimiter(content[0].text)
        header = _cells(content[0], delimiter)
        if {"source", "target"} <= {cell.strip().lower() for cell in header}:
            draft = _table(content, delimiter)
        elif _is_matrix(content, delimiter):
            draft = _matrix(content, delimiter)
        else:
            draft = _edge_list(content, delimiter)
            _isolated_by_comment(draft, comments)
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


def _delimiter(text: str) -> str | None:
    """Tab, semicolon or comma if the line has one, else None for blanks."""
    return next((mark for mark in ("\t", ";", ",") if mark in text), None)


def _cells(line: Line, delimiter: str | None) -> list[str]:
    if delimiter is None:
        return line.text.split()
    if '"' not in line.text:
        return [cell.strip() for cell in line.text.split(delimiter)]
    try:
        [row] = csv.reader([line.text], delimiter=delimiter, strict=True)
    except (csv.Error, ValueError) as error:
        raise line.wrong("a quote is opened and not closed", "E1202") from error
    return [cell.strip() for cell in row]


def weight_of(text: str, line: Line) -> Decimal:
    """A weight: a finite number, not negative. ``1e3`` is one; ``1,5`` and ``nan`` are not.

    >>> weight_of("2.50", Line("example.csv", 1, ""))
    Decimal('2.50')
    """
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise line.wrong(f"weight {quoted(text)} is not a number like 1.5", "E1203") from error
    if not value.is_finite() or value < 0 or not -300 < value.adjusted() < 300:
        raise line.wrong(f"weight {quoted(text)} is not a finite number of at least 0", "E1203")
    return value


def _is_adjacency(content: Sequence[Line]) -> bool:
    first = content[0].text.strip()
    return first.isdecimal() and first.isascii() and (len(content) == 1 or ":" in content[1].text)


def _adjacency(content: Sequence[Line]) -> Draft:
    """``n``, then ``u: v1 v2 …``. An edge counts once, whether one of its ends lists it or both."""
    said = int(content[0].text)
    draft = Draft(directed=False)
    heard: set[str] = set()
    pairs: dict[tuple[str, str], None] = {}
    for line in content[1:]:
        label, colon, rest = line.text.partition(":")
        label = label.strip()
        if not colon or not label or len(label.split()) != 1:
            raise line.wrong("not of the form `u: v1 v2 …`")
        if label in heard:
            raise line.wrong(f"vertex {quoted(label)} has a line already", "E1212")
        heard.add(label)
        draft.isolated.append(label)
        for other in rest.split():
            if (other, label) not in pairs:
                pairs[label, other] = None
    for source, target in pairs:
        draft.add(source, target)
    labels = {*draft.isolated, *draft.target}
    if len(labels) > said:
        raise content[0].wrong(f"line 1 says {said} vertices, the file names {len(labels)}", "E1212")
    if len(labels) < said:
        _number_missing(draft, labels, said, "line 1")
    return draft


def _number_missing(draft: Draft, labels: set[str], said: int, where: str) -> None:
    """Vertices that the count includes and no edge names: only numbered ones can be told."""
    for first in (0, 1):
        numbers = {str(number) for number in range(first, said + first)}
        if labels <= numbers:
            draft.isolated.extend(sorted(numbers - labels))
            draft.notes.append(f"{said - len(labels)} of the {said} vertices that {where} counts have no edge")
            return
    draft.notes.append(f"{where} counts {said} vertices, the file names {len(labels)}")


def _isolated_by_comment(draft: Draft, comments: Sequence[Line]) -> None:
    """A comment like ``# Nodes: 413`` counts isolated vertices too."""
    for line in comments:
        words = line.text.lstrip("# ").replace(",", " ").split()
        if len(words) >= 2 and words[0].lower().rstrip(":") in ("nodes", "vertices") and words[1].isdecimal():
            labels = {*draft.source, *draft.target}
            if len(labels) != int(words[1]):
                _number_missing(draft, labels, int(words[1]), f"line {line.number}")
            return


def _table(content: Sequence[Line], delimiter: str | None) -> Draft:
    header = [cell.lower() for cell in _cells(content[0], delimiter)]
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise content[0].wrong(f"two columns are called {quoted(twice)}", "E1107")
    draft = Draft()
    place = {name: number for number, name in enumerate(header)}
    kinds: list[str] = []
    further = [name for name in header if name not in ("source", "target", "weight", "type", "")]
    draft.edges = {name: [] for name in further}
    for line in content[1:]:
        cells = _cells(line, delimiter)
        if len(cells) != len(header):
            raise line.wrong(f"{len(cells)} fields instead of {len(header)}", "E1200")
        source, target = cells[place["source"]], cells[place["target"]]
        if not source or not target:
            raise line.wrong("an edge without source or target", "E1205")
        weight = cells[place["weight"]] if "weight" in place else ""
        draft.add(source, target, weight_of(weight, line) if weight else Decimal(1))
        kinds.append(cells[place["type"]] if "type" in place else "")
        for name in further:
            draft.edges[name].append(cells[place[name]] or None)
    _set_direction(draft, kinds)
    return draft


def _set_direction(draft: Draft, kinds: list[str]) -> None:
    """Gephi's Type column. Where both kinds occur, an undirected edge becomes one each way."""
    words = {kind.lower() for kind in kinds if kind}
    if not words:
        return
    if not words <= {"directed", "undirected"}:
        draft.edges["type"] = [kind or None for kind in kinds]
        return
    draft.directed = "directed" in words
    if len(words) == 2:
        both_ways = [place for place, kind in enumerate(kinds) if kind.lower() == "undirected"]
        for place in both_ways:
            draft.add(draft.target[place], draft.source[place], draft.weight[place])
        for column in draft.edges.values():
            column.extend([column[place] for place in both_ways])
        draft.notes.append(f"{len(both_ways)} undirected edges among directed ones are read as one edge each way")


def _is_matrix(content: Sequence[Line], delimiter: str | None) -> bool:
    """The header's labels, after the corner, are the labels of the rows."""
    header = _cells(content[0], delimiter)
    if len(content) < 2 or len(header) < 2:
        return False
    second = _cells(content[1], delimiter)
    width = len(second)
    labels = header[1:] if len(header) == width else header
    return width == len(labels) + 1 and len(content) == len(labels) + 1 and second[0] in labels and width > 3


def _matrix(content: Sequence[Line], delimiter: str | None) -> Draft:
    """Row acts on column; 0 or nothing is no edge."""
    header = _cells(content[0], delimiter)
    width = len(_cells(content[1], delimiter))
    labels = header[1:] if len(header) == width else header
    if len(set(labels)) < len(labels) or "" in labels:
        raise content[0].wrong("a label stands twice or is empty", "E1107")
    draft = Draft(isolated=list(labels))
    rows: set[str] = set()
    for line in content[1:]:
        cells = _cells(line, delimiter)
        if len(cells) != width:
            raise line.wrong(f"{len(cells)} fields instead of {width}", "E1200")
        if cells[0] not in labels or cells[0] in rows:
            raise line.wrong(f"row {quoted(cells[0])} is not in the header, or stands twice", "E1212")
        rows.add(cells[0])
        for label, cell in zip(labels, cells[1:], strict=True):
            weight = weight_of(cell, line) if cell and cell != "0" else Decimal(0)
            if weight:
                draft.add(cells[0], label, weight)
    return draft


def _edge_list(content: Sequence[Line], delimiter: str | None) -> Draft:
    draft = Draft()
    for line in content:
        cells = _cells(line, delimiter)
        if len(cells) not in (2, 3) or not cells[0] or not cells[1]:
            raise line.wrong("not of the form `source target` or `source target weight`", "E1200")
        draft.add(cells[0], cells[1], weight_of(cells[2], line) if len(cells) == 3 else Decimal(1))
    numeric = [
        source.lstrip("-").isdecimal() and target.lstrip("-").isdecimal()
        for source, target in zip(draft.source, draft.target, strict=True)
    ]
    if len(numeric) > 1 and all(numeric[1:]) and not numeric[0]:
        raise content[0].wrong("looks like a header without Source and Target", "E1100")
    return draft


def finished(draft: Draft, directed: bool | None, *, title: str) -> Network:
    """The Network of a draft; ``directed`` overrides what the file says."""
    said = draft.directed if directed is None else directed
    if said is None:
        said = not _stands_both_ways(draft)
        if not said:
            draft.notes.append("every edge stands both ways: read as undirected")
    draft = draft if said else _each_once(draft)
    scale, minor = _exact(draft.weight)
    network = Network.build(
        source=draft.source,
        target=draft.target,
        weight=[float(weight) for weight in draft.weight],
        unit="weight" if any(weight != 1 for weight in draft.weight) else "edges",
        directed=said,
        isolated=draft.isolated,
        minor=minor,
        scale=scale,
        edges={name: column for name, column in draft.edges.items() if any(value is not None for value in column)},
        title=title,
        notes=tuple(draft.notes),
    )
    columns: dict[str, Column] = {
        name: [values.get(label) for label in network.ids] for name, values in draft.vertices.items()
    }
    return replace(network, vertices=columns)


def _stands_both_ways(draft: Draft) -> bool:
    arcs = {(s, t, w) for s, t, w in zip(draft.source, draft.target, draft.weight, strict=True) if s != t}
    return bool(arcs) and all((t, s, w) in arcs for s, t, w in arcs)


def _each_once(draft: Draft) -> Draft:
    """In an undirected network an edge that the file lists from both ends is one edge."""
    if not _stands_both_ways(draft):
        return draft
    kept = [place for place, (s, t) in enumerate(zip(draft.source, draft.target, strict=True)) if s <= t]
    return replace(
        draft,
        source=[draft.source[place] for place in kept],
        target=[draft.target[place] for place in kept],
        weight=[draft.weight[place] for place in kept],
        edges={name: [column[place] for place in kept] for name, column in draft.edges.items()},
    )


def _exact(weights: Sequence[Decimal]) -> tuple[int, list[int] | None]:
    """Weights as integers and their scale, where they have few decimals and their sum fits 64 bits."""
    exponents = [weight.as_tuple().exponent for weight in weights]
    decimals = max([0, *(-exponent for exponent in exponents if isinstance(exponent, int))])
    if decimals > _EXACT_DECIMALS or sum(weights) * 10**decimals >= _LARGEST_TOTAL:
        return 1, None
    return 10**decimals, [int(weight.scaleb(decimals)) for weight in weights]

"""The forms of a network in a text file: a table of edges, an edge list, an adjacency list, a matrix."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from decimal import Decimal

from finnet.errors import quoted
from finnet.graph.draft import Draft, Line, weight_of

__all__ = [
    "cells_of", "delimiter_of", "is_adjacency", "is_matrix", "isolated_by_comment", "read_adjacency", "read_edge_list",
    "read_matrix", "read_table",
]  # fmt: skip


def delimiter_of(text: str) -> str | None:
    """Tab, semicolon or comma if the line has one, else None for blanks."""
    return next((mark for mark in ("\t", ";", ",") if mark in text), None)


def cells_of(line: Line, delimiter: str | None) -> list[str]:
    """The fields of a line without the blanks around them; without a delimiter they stand between blanks.

    >>> cells_of(Line("example.csv", 1, 'a ,"b, c",2'), ",")
    ['a', 'b, c', '2']
    """
    if delimiter is None:
        return line.text.split()
    if '"' not in line.text:
        return [cell.strip() for cell in line.text.split(delimiter)]
    try:
        [row] = csv.reader([line.text], delimiter=delimiter, strict=True)
    except (csv.Error, ValueError) as error:
        raise line.wrong("a quote is opened and not closed", "E1202") from error
    return [cell.strip() for cell in row]


def is_adjacency(content: Sequence[Line]) -> bool:
    """A number alone, then lines with a colon."""
    first = content[0].text.strip()
    return first.isdecimal() and first.isascii() and (len(content) == 1 or ":" in content[1].text)


def read_adjacency(content: Sequence[Line]) -> Draft:
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


def isolated_by_comment(draft: Draft, comments: Sequence[Line]) -> None:
    """A comment like ``# Nodes: 413`` counts isolated vertices too."""
    for line in comments:
        words = line.text.lstrip("# ").replace(",", " ").split()
        if len(words) >= 2 and words[0].lower().rstrip(":") in ("nodes", "vertices") and words[1].isdecimal():
            labels = {*draft.source, *draft.target}
            if len(labels) != int(words[1]):
                _number_missing(draft, labels, int(words[1]), f"line {line.number}")
            return


def read_table(content: Sequence[Line], delimiter: str | None) -> Draft:
    """An edge per line under a header with Source and Target; columns that mean nothing here are kept."""
    header = [cell.lower() for cell in cells_of(content[0], delimiter)]
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise content[0].wrong(f"two columns are called {quoted(twice)}", "E1107")
    draft = Draft()
    place = {name: number for number, name in enumerate(header)}
    kinds: list[str] = []
    further = [name for name in header if name not in ("source", "target", "weight", "type", "")]
    draft.edges = {name: [] for name in further}
    for line in content[1:]:
        cells = cells_of(line, delimiter)
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


def is_matrix(content: Sequence[Line], delimiter: str | None) -> bool:
    """The header's labels, after the corner, are the labels of the rows."""
    header = cells_of(content[0], delimiter)
    if len(content) < 2 or len(header) < 2:
        return False
    second = cells_of(content[1], delimiter)
    width = len(second)
    labels = header[1:] if len(header) == width else header
    return width == len(labels) + 1 and len(content) == len(labels) + 1 and second[0] in labels and width > 3


def read_matrix(content: Sequence[Line], delimiter: str | None) -> Draft:
    """Row acts on column; 0 or nothing is no edge."""
    header = cells_of(content[0], delimiter)
    width = len(cells_of(content[1], delimiter))
    labels = header[1:] if len(header) == width else header
    if len(set(labels)) < len(labels) or "" in labels:
        raise content[0].wrong("a label stands twice or is empty", "E1107")
    draft = Draft(isolated=list(labels))
    rows: set[str] = set()
    for line in content[1:]:
        cells = cells_of(line, delimiter)
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


def read_edge_list(content: Sequence[Line], delimiter: str | None) -> Draft:
    """``source target`` or ``source target weight`` per line, without a header."""
    draft = Draft()
    for line in content:
        cells = cells_of(line, delimiter)
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

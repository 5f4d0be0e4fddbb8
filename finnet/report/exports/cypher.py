"""A Cypher script without parameters: constraint, nodes and relationships in batches, for Neo4j and its kin."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from finnet.graph.network import Network
from finnet.report.files import atomic_file
from finnet.report.network_columns import Plain, PlainColumn, distinct, edge_columns, plain_text, vertex_columns
from finnet.report.property_graph import label_of, relationship_type

__all__ = ["SUBJECT", "SUFFIX", "TITLE", "string", "write"]

TITLE = "Cypher script"
SUFFIX = ".cypher"
SUBJECT = "network"

_BATCH = 500  # rows per statement: one that is too long is slow to parse
_ESCAPED = {"\\": "\\\\' + '", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def write(network: Network, path: Path) -> tuple[Path, ...]:
    """``cypher-shell -f FILE``. Run twice it changes nothing: nodes and relationships are merged by id and number.

    Every node has the label ``Party`` and that of its schema, every relationship the type of its class and the number
    ``edge``. No text of the data stands outside a string.

    Source: Neo4j Cypher Manual, Syntax, Expressions; openCypher 9.
    """
    labels = distinct(network.ids, _no_surrogates)
    vertices = [PlainColumn("id", "string", labels), *vertex_columns(network)]
    edges = edge_columns(network)
    schemata = next((column.values for column in vertices if column.name == "schema"), [None] * network.size)
    classes = next((column.values for column in edges if column.name == "class"), [None] * network.edge_count)
    money = network.minor is not None
    with atomic_file(path) as file:

        def put(text: str) -> None:
            file.write(text.encode())

        said = f"{string(network.unit)}: {string(network.title)}"
        put(f"// {network.size} parties, {network.edge_count} edges in {said}\n")
        put("CREATE CONSTRAINT finnet_party_id IF NOT EXISTS FOR (n:Party) REQUIRE n.id IS UNIQUE;\n")
        for label, places in _grouped(network.size, lambda place: label_of(plain_text(schemata[place]))):
            also = "" if label == "Party" else f", n:`{label}`"
            for batch in _batches(places):
                rows = ",\n".join(f"{{{_map(vertices, place)}}}" for place in batch)
                put(f"UNWIND [\n{rows}\n] AS row\nMERGE (n:Party {{id: row.id}}) SET n += row{also};\n")
        sources, targets = network.source.tolist(), network.target.tolist()
        for kind, places in _grouped(
            network.edge_count, lambda place: relationship_type(plain_text(classes[place]), money=money)
        ):
            for batch in _batches(places):
                rows = ",\n".join(
                    f"{{a: {string(labels[sources[place]])}, b: {string(labels[targets[place]])}, edge: {place + 1}, "
                    f"says: {{{_map(edges, place)}}}}}"
                    for place in batch
                )
                put(
                    f"UNWIND [\n{rows}\n] AS row\n"
                    "MATCH (a:Party {id: row.a}), (b:Party {id: row.b})\n"
                    f"MERGE (a)-[r:`{kind}` {{edge: row.edge}}]->(b) SET r += row.says;\n"
                )
    return (path,)


def string(text: str) -> str:
    r"""A Cypher string: quotes and backslashes escaped, what cannot be seen written as ``\uXXXX``.

    Some versions read ``\u0027`` as a quote before they look at anything else. So the string is cut in two behind each
    backslash of the text: none of them ever stands before a ``u``.

    >>> print(string("O'Hara\n"), string("\x1b[31m"), string(r"\u0027"))
    'O\'Hara\n' '\u001b[31m' '\\' + 'u0027'
    """
    return "'" + "".join(_character(one) for one in _no_surrogates(text)) + "'"


def _character(one: str) -> str:
    if one in _ESCAPED:
        return _ESCAPED[one]
    if unicodedata.category(one)[0] != "C" and one not in "\u2028\u2029":
        return one
    units = one.encode("utf-16-be")
    return "".join(f"\\u{units[place]:02x}{units[place + 1]:02x}" for place in range(0, len(units), 2))


def _no_surrogates(text: str) -> str:
    return "".join("\ufffd" if 0xD800 <= ord(one) <= 0xDFFF else one for one in text)


def _map(columns: Sequence[PlainColumn], place: int) -> str:
    said = ((column.name, column.values[place]) for column in columns)
    return ", ".join(f"{_key(name)}: {_value(value)}" for name, value in said if value is not None)


def _key(name: str) -> str:
    return name if name.isidentifier() and name.isascii() else "`" + _no_surrogates(name).replace("`", "``") + "`"


def _value(value: Plain) -> str:
    if isinstance(value, str):
        return string(value)
    # Cypher's numbers have no plus sign in the exponent.
    return plain_text(value).replace("e+", "e")


def _grouped(size: int, kind: Callable[[int], str]) -> Iterator[tuple[str, list[int]]]:
    groups: dict[str, list[int]] = {}
    for place in range(size):
        groups.setdefault(kind(place), []).append(place)
    yield from sorted(groups.items())


def _batches(places: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(places), _BATCH):
        yield places[start : start + _BATCH]

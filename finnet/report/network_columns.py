"""What a network says of its vertices and edges, as plain typed columns for file formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import numpy as np

from finnet.graph.network import Column, Network

__all__ = ["Kind", "Plain", "PlainColumn", "distinct", "edge_columns", "plain_text", "vertex_columns"]

Kind = Literal["string", "double", "long", "boolean"]
Plain = str | float | int | bool | None


@dataclass(frozen=True, slots=True)
class PlainColumn:
    """A name, the kind that all its values have, and the values; None where there is none."""

    name: str
    kind: Kind
    values: Sequence[Plain]


def vertex_columns(network: Network) -> list[PlainColumn]:
    """The vertices' columns; lists become texts with semicolons. ``label`` comes first: the caption, else the id."""
    captions = network.vertices.get("caption", network.ids)
    labels = [str(caption or label) for caption, label in zip(captions, network.ids, strict=True)]
    rest = [_plain(name, column) for name, column in network.vertices.items() if name != "caption"]
    return [PlainColumn("label", "string", labels), *rest]


def edge_columns(network: Network) -> list[PlainColumn]:
    """``weight`` as a double; where weights are money, ``amount`` too, the exact decimal as text; then the rest.

    >>> network = Network.build(source=["a"], target=["b"], weight=[0.1], unit="EUR", minor=[10], scale=100)
    >>> [(column.name, column.values) for column in edge_columns(network)]
    [('weight', [0.1]), ('amount', ['0.10']), ('unit', ['EUR'])]
    """
    columns = [PlainColumn("weight", "double", [float(weight) for weight in network.weight.tolist()])]
    if network.minor is not None:
        amounts = [str(network.amount(minor)) for minor in network.minor.tolist()]
        columns.append(PlainColumn("amount", "string", amounts))
    columns.append(PlainColumn("unit", "string", [network.unit] * network.edge_count))
    taken = {column.name for column in columns}
    return columns + [_plain(name, column) for name, column in network.edges.items() if name not in taken]


def plain_text(value: object) -> str:
    """A value as text: true and false in lower case, floats as short as they can be read back, nothing for None."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return repr(value)
        case _:
            return str(value)


def distinct(texts: Iterable[str], change: Callable[[str], str]) -> list[str]:
    """Each text changed, with a mark behind it where another already came out the same: ids stay ids.

    >>> distinct(["a\\x00", "a\\x01"], lambda text: text[0])
    ['a', 'a~2']
    """
    taken: set[str] = set()
    found = []
    for text in texts:
        made = once = change(text)
        number = 1
        while made in taken:
            number += 1
            made = f"{once}~{number}"
        taken.add(made)
        found.append(made)
    return found


def _plain(name: str, column: Column) -> PlainColumn:
    values = [_value(value) for value in (column.tolist() if isinstance(column, np.ndarray) else column)]
    present = [value for value in values if value is not None]
    if present and all(isinstance(value, bool) for value in present):
        return PlainColumn(name, "boolean", values)
    if present and all(isinstance(value, int) and not isinstance(value, bool) for value in present):
        return PlainColumn(name, "long", values)
    if present and all(isinstance(value, float) for value in present):
        return PlainColumn(name, "double", values)
    return PlainColumn(name, "string", [None if value is None else plain_text(value) for value in values])


def _value(value: Any) -> Plain:
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if np.isfinite(value) else None
        case Decimal():
            return str(value)
        case np.generic():
            return _value(value.item())
        case Iterable():
            return "; ".join(str(one) for one in value)
        case _:
            return str(value)

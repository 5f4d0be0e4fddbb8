"""How parties, amounts and networks are put into rows and summaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from finnet.graph.network import Column, Network
from finnet.report.answer import Row

__all__ = ["about", "amount", "counted", "named", "who"]

# Above 2**53 a float no longer counts single minor units.
_EXACT_FLOAT = 2.0**53


def who(network: Network, number: int) -> Row:
    """id, caption, schema and country of a vertex of a network."""
    return named(network.ids, network.vertices, number)


def named(ids: Sequence[str], vertices: Mapping[str, Column], number: int) -> Row:
    """id, caption, schema and country of a vertex; a vertex without a caption is called by its id."""
    caption, schema, country = vertices.get("caption"), vertices.get("schema"), vertices.get("country")
    return {
        "id": ids[number],
        "caption": ids[number] if caption is None or caption[number] is None else caption[number],
        "schema": None if schema is None else schema[number],
        "country": None if country is None else country[number],
    }


def amount(network: Network, value: float) -> Decimal | float:
    """Exact where the network counts minor units and a float can hold them one by one."""
    minor = value * network.scale
    if network.minor is None or abs(minor) >= _EXACT_FLOAT:
        return value
    return network.amount(round(minor))


def counted(number: int, one: str) -> str:
    """A number of things in words.

    >>> counted(1, "payment"), counted(1200, "payment")
    ('1 payment', '1,200 payments')
    """
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"


def about(network: Network, scope: str | None = None) -> dict[str, Any]:
    """What an answer says of the network it was computed on."""
    return {
        "graph": network.recipe or network.title,
        "edge_policy": list(network.edge_policy),
        "weights": network.unit,
        "directed": network.directed,
        "vertices": network.size,
        "edges": network.edge_count,
        "scope": scope,
    }

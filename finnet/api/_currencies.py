"""Answers on amounts in several currencies: each by itself, side by side, and never a sum."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from finnet.api._describe import about
from finnet.graph.network import Network
from finnet.report.answer import Row

__all__ = ["about_each", "apart_note", "fair_cut", "fair_parts"]


def fair_parts(sizes: Sequence[int], limit: int | None) -> list[int]:
    """How many rows of each table make up at most ``limit``: as many of each as there are, and as equal as can be.

    >>> fair_parts([50, 2, 50], 11), fair_parts([50, 2, 50], None)
    ([5, 2, 4], [50, 2, 50])
    """
    if limit is None or sum(sizes) <= limit:
        return list(sizes)
    parts = [0] * len(sizes)
    left = limit
    while left:
        open_ = [place for place, size in enumerate(sizes) if parts[place] < size]
        each = left // len(open_)
        for place in open_ if each else open_[:left]:
            taken = min(sizes[place] - parts[place], each or 1)
            parts[place] += taken
            left -= taken
    return parts


def fair_cut(tables: Iterable[Iterable[Row]], limit: int | None) -> list[Row]:
    """At most ``limit`` rows of these tables one after the other, about as many of each.

    >>> fair_cut([[{"c": "EUR"}, {"c": "EUR"}], [{"c": "USD"}]], 2)
    [{'c': 'EUR'}, {'c': 'USD'}]
    """
    whole = [list(table) for table in tables]
    parts = fair_parts([len(table) for table in whole], limit)
    return [row for table, most in zip(whole, parts, strict=True) for row in table[:most]]


def about_each(networks: Sequence[Network], scope: str | None = None) -> dict[str, Any]:
    """What an answer says of the networks it was computed on: one of them, or one per currency."""
    if len(networks) == 1:
        return about(networks[0], scope)
    return {
        **about(networks[0], scope),
        "weights": ", ".join(network.unit for network in networks),
        "vertices": len({label for network in networks for label in network.ids}),
        "edges": sum(network.edge_count for network in networks),
        "currencies": {one.unit: {"vertices": one.size, "edges": one.edge_count} for one in networks},
    }


def apart_note(networks: Sequence[Network]) -> tuple[str, ...]:
    """The sentence that says why there are several tables."""
    if len(networks) == 1:
        return ()
    units = ", ".join(network.unit for network in networks)
    return (f"amounts in {units} stand apart and are never added; --currency looks at one, --rates counts them in one",)

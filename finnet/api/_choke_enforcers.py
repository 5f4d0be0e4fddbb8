"""Who enforces, and what each choice costs: read from the words of a question about choke points."""

from __future__ import annotations

import numpy as np

from finnet.analysis.interdiction.enforcement import Enforcers, standing
from finnet.analysis.interdiction.situation import BoolArray
from finnet.errors import UnknownNameError, UsageError, nearest, quoted
from finnet.graph.network import IntArray, Network

__all__ = ["codes", "costs", "enforced_edges", "enforcers_of"]


def codes(text: str) -> tuple[str, ...]:
    """The parts of a list as a user writes it."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def enforcers_of(
    enforcers: str = "all", *, without: str | None = None, only: str | None = None
) -> tuple[Enforcers, str]:
    """Who enforces, and the same in words.

    Raises: UsageError for words that contradict each other.
    """
    given = [word for word in (enforcers if enforcers.casefold() != "all" else None, without, only) if word]
    if len(given) > 1:
        raise UsageError("--enforcers, --without and --only exclude each other", hint="give one of them")
    if not given:
        return Enforcers(), "all"
    named = codes(given[0])
    words = ", ".join(sorted(code.upper() for code in named))
    return Enforcers.named_as(named, only=without is None), words if without is None else f"all but {words}"


def enforced_edges(network: Network, acting: Enforcers) -> BoolArray | None:
    """Per edge whether an enforcer stands there; None: everywhere.

    Raises: UsageError where no country is recorded.
    """
    if acting.are_all:
        return None
    where = standing(network)
    if not len(where.names):
        raise UsageError("this network records no countries: nobody can be told to enforce", hint="use --enforcers all")
    return acting.edges(where)


def costs(network: Network, column: str | None, candidates: IntArray) -> IntArray:
    """One whole number above 0 per vertex, from the column where candidates have it, else 1."""
    if column is None:
        return np.ones(network.size, np.int64)
    if column not in network.vertices:
        raise UnknownNameError(
            f"--cost: parties have no column {quoted(column)}", hint=nearest(column, list(network.vertices) or ["none"])
        )
    prices = np.ones(network.size, np.int64)
    values = network.vertices[column]
    for place in candidates.tolist():
        try:
            price = int(str(values[place]))
        except ValueError:
            price = 0
        if price < 1:
            raise UsageError(
                f"--cost {column}: {quoted(network.ids[place])} has {quoted(values[place])}",
                hint="whole numbers above 0",
            )
        prices[place] = price
    return prices

"""Who enforces, and what each choice costs: read from the words of a question about choke points."""

from __future__ import annotations

import numpy as np

from finnet.analysis.interdiction.enforcement import coalition, standing
from finnet.analysis.interdiction.situation import BoolArray
from finnet.errors import UnknownNameError, UsageError, nearest, quoted
from finnet.graph.network import IntArray, Network

__all__ = ["codes", "costs", "enforced_edges"]


def codes(text: str) -> tuple[str, ...]:
    """The parts of a list as a user writes it."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def enforced_edges(
    network: Network, enforcers: str = "all", *, without: str | None = None, only: str | None = None
) -> tuple[BoolArray | None, str]:
    """Per edge whether an enforcer stands there (None: everywhere), and in words who enforces.

    Raises: UsageError for words that contradict each other, or where no country is recorded.
    """
    said = [word for word in (enforcers if enforcers.casefold() != "all" else None, without, only) if word]
    if len(said) > 1:
        raise UsageError("--enforcers, --without and --only exclude each other", hint="give one of them")
    if not said:
        return None, "all"
    where = standing(network)
    if not len(where.names):
        raise UsageError("this network records no countries: nobody can be told to enforce", hint="use --enforcers all")
    acting = coalition(codes(said[0]))
    if without is None:
        return where.of(acting), ", ".join(sorted(code.upper() for code in codes(said[0])))
    # Where nothing is known of a link it is severed, as it is when all enforce.
    left = where.of([name for name in where.names if name not in acting])
    return left | ~where.known, f"all but {', '.join(sorted(code.upper() for code in codes(said[0])))}"


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

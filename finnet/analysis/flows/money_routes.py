"""The ways that traced money took, payment by payment, as the lots of FIFO or LIFO went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from finnet.analysis.flows.lots import move_lots
from finnet.analysis.flows.passage import Passage

__all__ = ["Route", "largest_routes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One amount (``minor``) and the payments that carried it all the way, in the order of time."""

    minor: int
    payments: tuple[int, ...]


def largest_routes(
    passage: Passage, *, newest_first: bool = False, most: int = 10, ending_at: Iterable[int] | None = None
) -> list[Route]:
    """Where the most traced money rests, and how it came there (backwards: where it began, and how it came on).

    Largest first, then the earlier last payment. ``payments`` are places in the settled ledger. Routes that end with a
    source are left out; with ``ending_at`` only those that end with one of these parties count.

    >>> from finnet.graph.ledger import Ledger
    >>> chain = Ledger.of(("Acme", "Mule", 200, 1), ("Mule", "Shell", 150, 2))
    >>> [(route.minor, route.payments) for route in largest_routes(Passage.of(chain, sources=[0]))]
    [(15000, (0, 1)), (5000, (0,))]

    Source: our own definition.
    """
    moves = move_lots(passage, newest_first=newest_first, keep_moves=True).moves
    assert moves is not None
    ends = passage.in_time(passage.receiver)[moves.payment]
    is_end = (moves.resting > 0) & ((ends < 0) | (passage.label[ends] == 0))
    if ending_at is not None:
        is_end &= np.isin(ends, list(ending_at))
    places = np.flatnonzero(is_end)
    order = np.lexsort((places, moves.payment[places], -moves.resting[places]))
    return [
        Route(minor=int(moves.resting[place]), payments=_way(moves.before, moves.payment, place, passage.backward))
        for place in places[order][:most].tolist()
    ]


def _way(before: np.ndarray, payment: np.ndarray, place: int, backward: bool) -> tuple[int, ...]:
    way = []
    while place >= 0:
        way.append(int(payment[place]))
        place = int(before[place])
    return tuple(way) if backward else tuple(reversed(way))

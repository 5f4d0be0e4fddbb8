"""How traced money reached each party: by how many payments, and by which of them most."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numba import njit

from finnet.analysis.flows.passage import Passage
from finnet.analysis.flows.traced import Traced
from finnet.graph.network import IntArray

__all__ = ["fewest_payments", "largest_carriers"]

# Of a haircut, what rounds to nothing reached nobody.
_LEAST = 0.5


def fewest_payments(passage: Passage, traced: Traced) -> IntArray:
    """Per party the fewest payments on a way, in the order of time, that traced money took to it; 0 where none did.

    A payment through an intermediary is two. Sources themselves have 0.

    >>> from finnet.analysis.flows.tracing import trace_by
    >>> from finnet.graph.ledger import Ledger
    >>> chain = Passage.of(Ledger.of(("Acme", "Mule", 200, 1), ("Mule", "Shell", 150, 2)), sources=[0])
    >>> fewest_payments(chain, trace_by("fifo", chain)).tolist()
    [0, 1, 2]

    Source: our own definition.
    """
    carries = passage.in_time(np.ascontiguousarray(traced.on >= _LEAST))
    return np.asarray(_levels(passage.sender, passage.receiver, carries, passage.label, passage.marked), np.int64)


@njit(cache=True)
def _levels(sender, receiver, carries, label, marked):  # type: ignore[no-untyped-def]
    level = np.zeros(len(label), np.int64)
    for k in range(len(sender)):
        x, y = sender[k], receiver[k]
        if not carries[k] or y < 0 or x == y or label[y] > 0:
            continue
        if marked[k] > 0 or (x >= 0 and label[x] > 0):
            step = 1
        elif x >= 0 and level[x] > 0:
            step = level[x] + 1
        else:
            continue
        if level[y] == 0 or step < level[y]:
            level[y] = step
    return level


def largest_carriers(passage: Passage, traced: Traced, parties: Iterable[int], *, most: int) -> dict[int, list[int]]:
    """For each of these parties the payments that brought it the most traced money: their places in the settled ledger.

    Largest first, then the earlier.

    >>> from finnet.analysis.flows.tracing import trace_by
    >>> from finnet.graph.ledger import Ledger
    >>> paid = Passage.of(Ledger.of(("Acme", "Mule", 20, 1), ("Acme", "Mule", 90, 2)), sources=[0])
    >>> largest_carriers(paid, trace_by("fifo", paid), [1], most=5)
    {1: [1, 0]}

    Source: our own definition.
    """
    asked = sorted(set(parties))
    receiver, sender = passage.in_time(passage.receiver), passage.in_time(passage.sender)
    places = np.flatnonzero((traced.on >= _LEAST) & (receiver != sender) & np.isin(receiver, asked))
    order = places[np.lexsort((places, -traced.on[places], receiver[places]))]
    starts = np.searchsorted(receiver[order], asked)
    ends = np.searchsorted(receiver[order], asked, side="right")
    return {
        party: order[start : min(start + most, end)].tolist()
        for party, start, end in zip(asked, starts.tolist(), ends.tolist(), strict=True)
    }

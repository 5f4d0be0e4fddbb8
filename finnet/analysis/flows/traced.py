"""What a tracing rule found: how much of each payment is traced money, and where that rests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numba import njit

from finnet.analysis.flows.passage import Passage
from finnet.graph.network import FloatArray, IntArray

__all__ = ["Moves", "Traced"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """Each step of traced money: so much of it (``minor``) went on with a payment (its place in the settled ledger).

    ``before`` is the move that brought it to the sender (its place here), -1 where the payment left a source.
    ``resting`` is what of it did not move on: it is held, left the record, or came back to a source.
    """

    before: IntArray
    payment: IntArray
    minor: IntArray
    resting: IntArray


@dataclass(frozen=True, kw_only=True)
class Traced:
    """Traced money in minor units; in floats under the haircut only.

    ``on`` is its part of each payment of the settled ledger, in the order of time. ``received`` is what of it reached
    each party from others, ``held`` what rests there in the end: nothing on record moves it on, or, backwards, no
    record says where the party had it from. ``injected`` left the sources, ``returned`` came back to them, ``outside``
    went to ends that no record names. What a rule conserves: ``injected == held.sum() + returned + outside``.
    """

    on: IntArray | FloatArray
    received: IntArray | FloatArray
    held: IntArray | FloatArray
    injected: int | float
    returned: int | float
    outside: int | float
    moves: Moves | None = None

    @classmethod
    def of(
        cls,
        passage: Passage,
        on: IntArray | FloatArray,
        held: IntArray | FloatArray,
        totals: Any,
        moves: Moves | None = None,
    ) -> Traced:
        """From columns in the order of the passage; ``totals`` are injected, returned, outside."""
        received = np.zeros_like(held)
        _add_to_receivers(received, passage.sender, passage.receiver, on)
        injected, returned, outside = (total.item() for total in totals[:3])
        if moves is not None and passage.backward:
            moves = replace(moves, payment=len(on) - 1 - moves.payment)
        return cls(
            on=passage.in_time(on),
            received=received,
            held=held,
            injected=injected,
            returned=returned,
            outside=outside,
            moves=moves,
        )

    def in_sum(self) -> Traced:
        """The same without its part of each payment, which takes as much memory as the payments do."""
        return replace(self, on=self.on[:0].copy())


@njit(cache=True)
def _add_to_receivers(received, sender, receiver, on):  # type: ignore[no-untyped-def]
    for k in range(len(on)):
        if on[k] != 0 and receiver[k] >= 0 and receiver[k] != sender[k]:
            received[receiver[k]] += on[k]

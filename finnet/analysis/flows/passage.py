"""Payments as the tracing rules take them: in time order or against it, with who is a source and who an exit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numba import njit

from finnet.graph.ledger import BoolArray, Ledger
from finnet.graph.network import IntArray

__all__ = ["Passage"]


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A settled ledger in the direction it is traced, and where tracing begins and ends.

    ``sender`` and ``receiver`` are the ends as the rules see them: against time, money runs from beneficiary to payer
    and the last payment comes first. ``label`` is the number of the source (from 1) per party, 0 for all others;
    ``is_exit`` says whose pool is never drawn on; ``marked`` is the label of a payment that is itself a source, else 0.

    A payment through an intermediary is one payment: what goes on from there (``goes_on``) is what came, not what the
    intermediary holds of its own.

    Backwards, every party starts with what it still holds after the last payment (``opening``), and what it paid
    without having been seen to receive it (``leak``, per payment, taken from the sender of that payment) leaves the
    record there: so that the rule FIFO, read backwards, matches exactly the same coins as forwards.
    """

    ledger: Ledger
    sender: IntArray
    receiver: IntArray
    minor: IntArray
    label: IntArray
    is_exit: IntArray
    marked: IntArray
    goes_on: BoolArray
    opening: IntArray
    leak: IntArray
    topped_up: IntArray
    backward: bool

    @classmethod
    def of(
        cls,
        ledger: Ledger,
        *,
        sources: Iterable[int] = (),
        payments: Iterable[int] = (),
        exits: Iterable[int] = (),
        backward: bool = False,
    ) -> Passage:
        """Tracing from these parties (vertex numbers) and payments (places of legs in ``ledger.settled``).

        A party that is both a source and an exit is a source.
        """
        settled = ledger.settled
        parties = len(ledger.ids)
        label = np.zeros(parties, np.int64)
        numbered = sorted(set(sources))
        label[numbered] = np.arange(1, len(numbered) + 1)
        marked = np.zeros(settled.size, np.int64)
        places = sorted(set(payments))
        marked[places] = len(numbered) + np.arange(1, len(places) + 1)
        is_exit = np.zeros(parties, np.int64)
        is_exit[list(exits)] = 1
        is_exit[label > 0] = 0
        second_leg = settled.goes_on
        topped_up, closing = _balances(settled.payer, settled.beneficiary, settled.minor, second_leg, parties)
        nothing = np.zeros(parties, np.int64)
        step = -1 if backward else 1
        ends = (settled.beneficiary, settled.payer) if backward else (settled.payer, settled.beneficiary)
        return cls(
            ledger=settled,
            sender=np.ascontiguousarray(ends[0][::step]),
            receiver=np.ascontiguousarray(ends[1][::step]),
            minor=np.ascontiguousarray(settled.minor[::step]),
            label=label,
            is_exit=is_exit,
            marked=np.ascontiguousarray(marked[::step]),
            # Against time, the second leg comes first.
            goes_on=np.append(second_leg[1:], [False])[::-1].copy() if backward else second_leg,
            opening=closing if backward else nothing,
            leak=np.ascontiguousarray(topped_up[::step]) if backward else np.zeros(settled.size, np.int64),
            topped_up=topped_up,
            backward=backward,
        )

    @property
    def parties(self) -> int:
        """How many parties."""
        return len(self.label)

    def in_time(self, per_payment: np.ndarray) -> np.ndarray:
        """A column in the order of this passage in the order of time, and back."""
        return np.ascontiguousarray(per_payment[::-1]) if self.backward else per_payment

    @cached_property
    def unexplained(self) -> IntArray:
        """Per party, what it paid without having been seen to receive it, in minor units; 0 for sources and exits.

        Whatever the rule: all rules move the same amounts, they differ in what these are made of.
        """
        payer = self.ledger.payer
        found = np.zeros(self.parties, np.int64)
        np.add.at(found, payer[payer >= 0], self.topped_up[payer >= 0])
        found[(self.label > 0) | (self.is_exit > 0)] = 0
        return found


@njit(cache=True)
def _balances(payer, beneficiary, minor, goes_on, parties):  # type: ignore[no-untyped-def]
    # What each payment takes more than its payer holds, and what everybody holds in the end.
    held = np.zeros(parties, np.int64)
    topped_up = np.zeros(len(payer), np.int64)
    for k in range(len(payer)):
        x, y, amount = payer[k], beneficiary[k], minor[k]
        if x == y:
            continue
        if x >= 0 and not goes_on[k]:
            if held[x] < amount:
                topped_up[k] = amount - held[x]
                held[x] = 0
            else:
                held[x] -= amount
        if y >= 0 and not (k + 1 < len(payer) and goes_on[k + 1]):
            held[y] += amount
    return topped_up, held

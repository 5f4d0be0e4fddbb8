"""Who holds what of whom, in integer parts per million, each stake an interval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numba import njit
from numpy.typing import NDArray

from finnet.graph.network import IntArray

__all__ = ["UNKNOWN", "WHOLE", "BoolArray", "Compressed", "Register", "Stake"]

WHOLE = 1_000_000  # parts per million in a whole
UNKNOWN = -1  # a bound that the record does not state

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """One statement: ``owner`` holds between ``minimum`` and ``maximum`` ppm of ``owned``. None where not disclosed.

    An ``indirect`` stake is held through others that the record does not name, see ``Register``.
    """

    owner: str
    owned: str
    minimum: int | None
    maximum: int | None
    indirect: bool = False


@dataclass(frozen=True, slots=True)
class Compressed:
    """The stakes sorted by one end: ``pointers`` per entity, the other end, the stake's number, its lower bound."""

    pointers: IntArray
    ends: IntArray
    stakes: IntArray
    low: IntArray


@dataclass(frozen=True, kw_only=True)
class Register:
    """Direct stakes, one per (owner, owned), sorted by owned and owner.

    ``low`` and ``high`` are ppm; a stake whose size is not disclosed has low 0, high 1,000,000 and ``disclosed`` False.
    Several statements about the same pair are one stake: the larger of each bound is taken and all statements kept
    (by number, in the order in which they were given), so that two sources for one holding never add up. What an
    entity holds of itself (treasury shares) is set aside in ``own`` and never counts.

    An indirect stake whose chain is not on record certainly holds nothing by itself, and possibly everything: a rule
    that counts an intermediary's whole holding may find far more at the end of the chain than the stated product.

    >>> register = Register.of(("X", "A", 25), ("X", "A", 30), ("Y", "A", (25, 50)), ("A", "A", 5), ("Z", "A", None))
    >>> register.low.tolist(), register.high.tolist(), register.disclosed.tolist()
    ([300000, 250000, 0], [300000, 500000, 1000000], [True, True, False])
    """

    ids: tuple[str, ...]
    owner: IntArray
    owned: IntArray
    low: IntArray
    high: IntArray
    disclosed: BoolArray
    indirect: BoolArray  # all that is said of the stake is that it is indirect
    statement: IntArray  # numbers of statements, by stake
    statement_pointers: IntArray
    own: dict[int, int]

    @classmethod
    def of(cls, *stakes: tuple[str, str, float | tuple[float, float] | None], entities: Iterable[str] = ()) -> Register:
        """A small register from (owner, owned, percent | (from, to) | None), for examples and tests."""
        return cls.build((_stake(*one) for one in stakes), entities=entities)

    @classmethod
    def build(cls, stakes: Iterable[Stake], *, entities: Iterable[str] = ()) -> Register:
        """A register from statements in any order; ``entities`` adds those that hold and are held by nobody."""
        given = list(stakes)
        return cls.from_columns(
            owner=[stake.owner for stake in given],
            owned=[stake.owned for stake in given],
            minimum=np.array([UNKNOWN if s.minimum is None else s.minimum for s in given], np.int64),
            maximum=np.array([UNKNOWN if s.maximum is None else s.maximum for s in given], np.int64),
            indirect=np.array([stake.indirect for stake in given], np.bool_),
            entities=entities,
        )

    @classmethod
    def from_columns(
        cls,
        *,
        owner: Sequence[str],
        owned: Sequence[str],
        minimum: IntArray,
        maximum: IntArray,
        indirect: BoolArray,
        entities: Iterable[str] = (),
    ) -> Register:
        """A register from one column per field, statement by statement; a bound that is not stated is ``UNKNOWN``."""
        ids = tuple(sorted({*owner, *owned, *entities}))
        number = dict(zip(ids, range(len(ids)), strict=True))
        holder = np.fromiter(map(number.__getitem__, owner), np.int64, len(owner))
        held = np.fromiter(map(number.__getitem__, owned), np.int64, len(owned))
        known = indirect | (minimum >= 0) | (maximum >= 0)
        low = np.where(indirect, 0, np.maximum(minimum, 0))
        high = np.where(indirect | (maximum < 0), WHOLE, maximum)
        itself = holder == held
        others = np.flatnonzero(~itself)
        others = others[np.argsort(held[others] * len(ids) + holder[others], kind="stable")]
        starts = _starts(held[others], holder[others])
        # Where the size is stated once, a statement about the same pair without one adds nothing.
        merged_low = _largest(np.where(known, low, 0)[others], starts)
        merged_high = _largest(np.where(known, high, 0)[others], starts)
        disclosed = _largest(known[others].astype(np.int64), starts).astype(np.bool_)
        return cls(
            ids=ids,
            owner=holder[others][starts],
            owned=held[others][starts],
            low=merged_low,
            high=np.where(disclosed, np.maximum(merged_high, merged_low), WHOLE),
            disclosed=disclosed,
            indirect=_largest((~indirect[others]).astype(np.int64), starts) == 0,
            statement=others,
            statement_pointers=np.append(starts, len(others)),
            own=_own(held[itself], np.maximum(maximum, minimum)[itself]),
        )

    def part(self, kept: BoolArray) -> Register:
        """The same entities with these of the stakes.

        >>> register = Register.of(("X", "A", 30), ("Y", "A", 40))
        >>> part = register.part(np.array([False, True]))
        >>> part.size, part.low.tolist(), part.statements_of(0)
        (3, [400000], [1])
        """
        counts = np.diff(self.statement_pointers)
        made = replace(
            self,
            owner=self.owner[kept],
            owned=self.owned[kept],
            low=self.low[kept],
            high=self.high[kept],
            disclosed=self.disclosed[kept],
            indirect=self.indirect[kept],
            statement=self.statement[np.repeat(kept, counts)],
            statement_pointers=np.concatenate([[0], np.cumsum(counts[kept])]),
        )
        made.__dict__["number"] = self.number  # a large dictionary that is the same
        return made

    @property
    def size(self) -> int:
        """How many entities."""
        return len(self.ids)

    @cached_property
    def number(self) -> dict[str, int]:
        """Entity number by id."""
        return {label: place for place, label in enumerate(self.ids)}

    @cached_property
    def holdings(self) -> Compressed:
        """For each entity what it holds."""
        return Compressed(*_compressed(self.owner, self.owned, self.low, self.size))

    @cached_property
    def holders(self) -> Compressed:
        """For each entity who holds it."""
        return Compressed(*_compressed(self.owned, self.owner, self.low, self.size))

    @cached_property
    def disclosed_low(self) -> IntArray:
        """Per entity the ppm that are certainly held by named holders; may exceed the whole where records are wrong."""
        return np.bincount(self.owned, self.low, self.size).astype(np.int64)

    @cached_property
    def undisclosed(self) -> IntArray:
        """Per entity the most, in ppm, that may be held by holders who are not named or whose stake is not known."""
        return np.maximum(0, WHOLE - self.disclosed_low)

    @cached_property
    def most(self) -> IntArray:
        """Per stake its upper bound in ppm; one of undisclosed size is at most what is undisclosed of the entity."""
        return np.where(self.disclosed, self.high, self.undisclosed[self.owned])

    @cached_property
    def impossible(self) -> IntArray:
        """The entities whose recorded stakes certainly add up to more than the whole."""
        return np.flatnonzero(self.disclosed_low > WHOLE)

    def stakes_of(self, entity: int) -> IntArray:
        """The numbers of the stakes in this entity, by owner id."""
        return self.holders.stakes[self.holders.pointers[entity] : self.holders.pointers[entity + 1]]

    def statements_of(self, stake: int) -> list[int]:
        """The numbers of the statements about this stake, in the order in which they were given."""
        first, last = self.statement_pointers[stake : stake + 2]
        return [int(number) for number in self.statement[first:last]]

    def numbers(self, ids: Iterable[str]) -> IntArray:
        """The numbers of those of the ids that are in the register, sorted."""
        return np.array(sorted(self.number[label] for label in set(ids) if label in self.number), np.int64)


def _stake(owner: str, owned: str, percent: float | tuple[float, float] | None) -> Stake:
    if percent is None:
        return Stake(owner=owner, owned=owned, minimum=None, maximum=None)
    low, high = percent if isinstance(percent, tuple) else (percent, percent)
    return Stake(owner=owner, owned=owned, minimum=round(low * 10_000), maximum=round(high * 10_000))


def _starts(held: IntArray, holder: IntArray) -> IntArray:
    if not len(held):
        return np.empty(0, np.int64)
    new = (held[1:] != held[:-1]) | (holder[1:] != holder[:-1])
    return np.concatenate([[0], np.flatnonzero(new) + 1]).astype(np.int64)


def _largest(values: IntArray, starts: IntArray) -> IntArray:
    return np.maximum.reduceat(values, starts) if len(starts) else np.empty(0, np.int64)


def _own(held: IntArray, shares: IntArray) -> dict[int, int]:
    found: dict[int, int] = {}
    for entity, share in zip(held.tolist(), shares.tolist(), strict=True):
        found[entity] = max(found.get(entity, 0), share)
    return found


@njit(cache=True)
def _compressed(keys, ends, low, size):  # type: ignore[no-untyped-def]
    # Counted, not compared: stakes come by owned and owner, so the other ends of each entity stay in order.
    pointers = np.zeros(size + 1, np.int64)
    for key in keys:
        pointers[key + 1] += 1
    for key in range(size):
        pointers[key + 1] += pointers[key]
    room = pointers[:-1].copy()
    others, stakes, shares = np.empty_like(ends), np.empty_like(ends), np.empty_like(low)
    for stake in range(len(keys)):
        place = room[keys[stake]]
        room[keys[stake]] += 1
        others[place], stakes[place], shares[place] = ends[stake], stake, low[stake]
    return pointers, others, stakes, shares

"""Who holds what of whom, in integer parts per million, each stake an interval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from finnet.graph.network import IntArray

__all__ = ["WHOLE", "Compressed", "Register", "Stake"]

WHOLE = 1_000_000  # parts per million in a whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """One statement: ``owner`` holds between ``minimum`` and ``maximum`` ppm of ``owned``. None where not disclosed."""

    owner: str
    owned: str
    minimum: int | None
    maximum: int | None
    statement: str = ""


@dataclass(frozen=True, slots=True)
class Compressed:
    """The stakes sorted by one end: ``pointers`` per entity, the other end, the stake's number."""

    pointers: IntArray
    ends: IntArray
    stakes: IntArray


@dataclass(frozen=True, kw_only=True)
class Register:
    """Direct stakes, one per (owner, owned), sorted by owned and owner.

    ``low`` and ``high`` are ppm; a stake whose size is not disclosed has low 0, high 1,000,000 and ``disclosed`` False.
    Several statements about the same pair are one stake: the larger of each bound is taken and all statements kept,
    so that two sources for one holding never add up. What an entity holds of itself (treasury shares) is set aside in
    ``own`` and never counts.

    >>> register = Register.of(("X", "A", 25), ("X", "A", 30), ("Y", "A", (25, 50)), ("A", "A", 5), ("Z", "A", None))
    >>> register.low.tolist(), register.high.tolist(), register.disclosed.tolist()
    ([300000, 250000, 0], [300000, 500000, 1000000], [True, True, False])
    """

    ids: tuple[str, ...]
    owner: IntArray
    owned: IntArray
    low: IntArray
    high: IntArray
    disclosed: np.ndarray[tuple[int], np.dtype[np.bool_]]
    statements: tuple[tuple[str, ...], ...]
    own: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, *stakes: tuple[str, str, float | tuple[float, float] | None], entities: Iterable[str] = ()) -> Register:
        """A small register from (owner, owned, percent | (from, to) | None), for examples and tests."""
        return cls.build((_stake(*one) for one in stakes), entities=entities)

    @classmethod
    def build(cls, stakes: Iterable[Stake], *, entities: Iterable[str] = ()) -> Register:
        """A register from statements in any order; ``entities`` adds those that hold and are held by nobody."""
        together: dict[tuple[str, str], list[Stake]] = {}
        for stake in stakes:
            together.setdefault((stake.owned, stake.owner), []).append(stake)
        ids = tuple(sorted({end for pair in together for end in pair} | set(entities)))
        number = {label: place for place, label in enumerate(ids)}
        own = {number[a]: max(s.maximum or 0 for s in found) for (a, b), found in together.items() if a == b}
        pairs = sorted(pair for pair in together if pair[0] != pair[1])
        merged = [_merged(together[pair]) for pair in pairs]
        return cls(
            ids=ids,
            owner=_numbers(number[owner] for _, owner in pairs),
            owned=_numbers(number[owned] for owned, _ in pairs),
            low=_numbers(low for low, _, _ in merged),
            high=_numbers(high for _, high, _ in merged),
            disclosed=np.fromiter((known for _, _, known in merged), bool, len(merged)),
            statements=tuple(tuple(sorted({s.statement for s in together[pair]})) for pair in pairs),
            own=own,
        )

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
        return _compressed(self.owner, self.owned, self.size)

    @cached_property
    def holders(self) -> Compressed:
        """For each entity who holds it."""
        return _compressed(self.owned, self.owner, self.size)

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

    def numbers(self, ids: Iterable[str]) -> IntArray:
        """The numbers of those of the ids that are in the register, sorted."""
        return np.array(sorted(self.number[label] for label in set(ids) if label in self.number), np.int64)


def _stake(owner: str, owned: str, percent: float | tuple[float, float] | None) -> Stake:
    if percent is None:
        return Stake(owner=owner, owned=owned, minimum=None, maximum=None)
    low, high = percent if isinstance(percent, tuple) else (percent, percent)
    return Stake(owner=owner, owned=owned, minimum=round(low * 10_000), maximum=round(high * 10_000))


def _merged(found: Sequence[Stake]) -> tuple[int, int, bool]:
    known = [stake for stake in found if stake.minimum is not None or stake.maximum is not None]
    if not known:
        return 0, WHOLE, False
    lows = [stake.minimum or 0 for stake in known]
    highs = [WHOLE if stake.maximum is None else stake.maximum for stake in known]
    return max(lows), max(*highs, *lows), True


def _numbers(values: Iterable[int]) -> IntArray:
    return np.array(list(values), np.int64)


def _compressed(keys: IntArray, ends: IntArray, size: int) -> Compressed:
    order = np.lexsort((ends, keys)).astype(np.int64)
    pointers = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(keys, minlength=size), out=pointers[1:])
    return Compressed(pointers, ends[order], order)

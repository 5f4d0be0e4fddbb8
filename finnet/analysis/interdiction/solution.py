"""What a search may spend, and what it returns: a set, a proven bound, and how it was found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from decimal import Decimal

    from finnet.analysis.interdiction.situation import Situation
    from finnet.graph.network import Network

__all__ = ["Clock", "Limits", "Objective", "Solution", "Value"]

Value = int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a search may spend.

    ``budget`` caps the cost of the chosen (their number where every cost is 1). ``iterations`` is the search's effort
    in its own steps, None for its default: results depend on it and on ``seed`` only. ``seconds`` is a cap on time,
    None for none; where it strikes, the answer says so in ``Solution.notes``, since it may then differ from run to run.
    ``until`` is for objectives that are an order of removals: the share of the start at which they stop.
    """

    budget: int
    seconds: float | None = None
    seed: int = 0
    iterations: int | None = None
    until: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """The best set found, and how far from the best possible it can at most be.

    ``chosen`` are sorted numbers; in order of removal where the objective is ``ORDERED``. ``before`` and ``after`` are
    the objective's values with nothing and with all of them chosen. ``bound`` is a proven lower bound on what any set
    within the budget leaves (None if none is known); ``optimal`` is True only where it is proved that nothing leaves
    less.
    """

    chosen: tuple[int, ...]
    before: Value
    after: Value
    bound: Value | None = None
    optimal: bool = False
    method: str = ""
    evaluations: int = 0
    notes: tuple[str, ...] = ()

    @property
    def gap(self) -> float | None:
        """(after − bound) / after: 0 where after is 0, None where there is no bound.

        >>> Solution(chosen=(1,), before=10, after=5, bound=4).gap
        0.2
        """
        if self.after == 0:
            return 0.0
        return None if self.bound is None else float(max(0, self.after - self.bound) / self.after)


class Objective(Protocol):
    """What a module in ``finnet/analysis/objectives`` offers; its first docstring line is its help.

    Besides these, a module may have: ``search(situation, limits) -> Solution`` (else the general search is used);
    ``amount(network, value) -> int | float | Decimal`` (how a value is printed; else as it is); ``ORDERED = True`` (the
    chosen are an order, and the value is of the whole order, longer ones not comparable to shorter ones: ``value`` then
    takes ``until=`` besides, and ``course(situation, chosen) -> Sequence[Value]``, what is there before any removal and
    after each, is what bites are of); ``DIRECTED = False`` (edges are read both ways: nothing depends
    on their direction); ``substitutes(situation, chosen) -> Mapping[int, tuple[int, ...]]`` (who would take over from
    each of the chosen; else the next best for its place); ``baselines(situation, limits) -> Mapping[str, tuple[int,
    ...]]`` (naive sets of its own, by the names of ``baselines.BASELINES``; else those); ``beside(situation)`` (figures
    that the summary shows beside the values).
    """

    NEEDS: Sequence[str]  # of "from" and "to", those it cannot do without
    GRAPH: str  # the recipe it takes unless told otherwise

    def unit(self, network: Network) -> str:
        """What its values count."""
        ...

    def value(self, situation: Situation, chosen: Sequence[int]) -> Value:
        """What is left once ``chosen`` is acted on: never more for more chosen."""
        ...


Amount = Callable[["Network", Value], "int | float | Decimal"]
Search = Callable[["Situation", Limits], Solution]


class Clock:
    """Time left of a cap in seconds; without a cap it never runs out."""

    def __init__(self, seconds: float | None) -> None:
        self._ends = None if seconds is None else perf_counter() + seconds
        self.struck = False

    @property
    def left(self) -> float | None:
        """Seconds left, at least 0; None without a cap."""
        return None if self._ends is None else max(0.0, self._ends - perf_counter())

    @property
    def is_over(self) -> bool:
        """Whether the cap is reached; remembered in ``struck``."""
        if self._ends is not None and perf_counter() >= self._ends:
            self.struck = True
        return self.struck

"""The moves of a ladder, and the best order of them by what is left at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from finnet.analysis.interdiction.ladder import best_ladder
from finnet.analysis.interdiction.lever_file import Lever

__all__ = ["Left", "Moves", "Order", "order_at_once"]

Left = Callable[[frozenset[int]], Decimal]  # what is left with these measures taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """Pressure takes one measure after the other; relief withdraws them, or takes those that give relief."""

    levers: Sequence[Lever]
    pressing: bool

    @property
    def imposed(self) -> frozenset[int]:
        """The measures of the whole package, without those that give relief."""
        return frozenset(number for number, lever in enumerate(self.levers) if not lever.gives_relief)

    @property
    def numbers(self) -> list[int]:
        """The moves that can be made; each is the number of its measure."""
        return sorted(self.imposed) if self.pressing else list(range(len(self.levers)))

    def taken(self, made: frozenset[int]) -> frozenset[int]:
        """Which measures are taken once these moves are made, in whatever order."""
        return made if self.pressing else self.imposed.symmetric_difference(made)

    def gain(self, before: Decimal, after: Decimal) -> Decimal:
        """What pressure takes away, or relief gives away, where so much was left before and is left after."""
        return before - after if self.pressing else after - before


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """``left`` is there before the first step and after each, ``package`` with the whole package taken, ``undone``
    after the last step with one step undone. ``said`` is what the summary says of how it was found."""

    steps: tuple[int, ...]
    left: tuple[Decimal, ...]
    package: Decimal
    undone: Mapping[int, Decimal]
    said: Mapping[str, Any]


def order_at_once(moves: Moves, left: Left, steps: int) -> Order:
    """The best order by what is left at once."""
    found = best_ladder(lambda made: left(moves.taken(made)), moves.numbers, steps)
    end = frozenset(found.steps)
    return Order(
        steps=found.steps,
        left=found.left,
        package=left(moves.imposed),
        undone={one: left(moves.taken(end - {one})) for one in found.steps},
        said={
            "says": f"{'best' if found.exact else 'best found'} order of {len(found.steps)} steps"
            + (", proved over all sets of measures" if found.exact else "; not proved"),
            "exact": found.exact,
        },
    )

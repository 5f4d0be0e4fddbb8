"""The order of steps in which least is left on the way: pressure step by step, or relief step by step."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from finnet.progress import watched

__all__ = ["ALL_SETS", "Ladder", "best_ladder"]

ALL_SETS = 2**12  # sets of moves up to which every order is weighed, by way of every set of them
_SWEEPS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """``steps`` in order; ``left`` is there before the first and after each; ``exact``: no order leaves less."""

    steps: tuple[int, ...]
    left: tuple[Decimal, ...]
    exact: bool


def best_ladder(
    left: Callable[[frozenset[int]], Decimal], moves: Sequence[int], steps: int, *, sets: int = ALL_SETS
) -> Ladder:
    """The order of ``steps`` moves in which what is left, added up over the steps, is least; ties by the first moves.

    For pressure that is the greatest bite added up over the steps, for relief the least that is given away on the way.
    What is left depends on the set of moves made, not on their order: so up to so many ``sets`` (4,096: all of 12
    moves) are solved exactly, over all of them. Beyond, greedily, then moves change places or make way for others as
    long as that helps.

    >>> best_ladder(lambda made: Decimal(10 - 3 * (1 in made) - 5 * (2 in made)), [1, 2], 2).steps
    (2, 1)

    Source: Held, Karp, A dynamic programming approach to sequencing problems (1962), for the sets.
    """
    moves, steps = sorted(moves), min(steps, len(moves))
    exact = sum(math.comb(len(moves), count) for count in range(steps + 1)) <= sets
    order = _exact(left, moves, steps) if exact else _improved(left, moves, _greedy(left, moves, steps))
    states = [frozenset(order[:count]) for count in range(steps + 1)]
    return Ladder(steps=order, left=tuple(left(one) for one in states), exact=exact)


def _exact(left: Callable[[frozenset[int]], Decimal], moves: Sequence[int], steps: int) -> tuple[int, ...]:
    best: dict[frozenset[int], tuple[Decimal, tuple[int, ...]]] = {frozenset(): (Decimal(), ())}
    sets = [members for count in range(1, steps + 1) for members in itertools.combinations(moves, count)]
    for members in watched(sets, "sets of measures"):
        made = frozenset(members)
        total, order = min((best[made - {one}][0], (*best[made - {one}][1], one)) for one in members)
        best[made] = (total + left(made), order)
    return min(found for made, found in best.items() if len(made) == steps)[1]


def _greedy(left: Callable[[frozenset[int]], Decimal], moves: Sequence[int], steps: int) -> tuple[int, ...]:
    order: list[int] = []
    while len(order) < steps:
        offered = [one for one in moves if one not in order]
        order.append(min(offered, key=lambda one: (left(frozenset([*order, one])), one)))
    return tuple(order)


def _improved(
    left: Callable[[frozenset[int]], Decimal], moves: Sequence[int], order: tuple[int, ...]
) -> tuple[int, ...]:
    def total(steps: Sequence[int]) -> Decimal:
        return sum((left(frozenset(steps[: count + 1])) for count in range(len(steps))), start=Decimal())

    least = total(order)
    for _ in range(_SWEEPS):
        better = False
        for place in range(len(order)):
            tries = [_swapped(order, place, other) for other in range(place)]
            tries += [(*order[:place], one, *order[place + 1 :]) for one in moves if one not in order]
            for tried in tries:
                found = total(tried)
                if found < least:
                    order, least, better = tried, found, True
        if not better:
            break
    return order


def _swapped(order: tuple[int, ...], first: int, second: int) -> tuple[int, ...]:
    other = list(order)
    other[first], other[second] = other[second], other[first]
    return tuple(other)

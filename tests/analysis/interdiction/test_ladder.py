"""Orders of steps against every order."""

from __future__ import annotations

import itertools
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.analysis.interdiction.ladder import best_ladder


def total(worth: dict[frozenset[int], int], order: tuple[int, ...]) -> int:
    return sum(worth[frozenset(order[: count + 1])] for count in range(len(order)))


@st.composite
def drawings(draw: st.DrawFn) -> tuple[int, int, list[int]]:
    size = draw(st.integers(1, 5))
    values = st.lists(st.integers(0, 20), min_size=2**size, max_size=2**size)
    return size, draw(st.integers(1, size)), draw(values)


@given(drawn=drawings())
@settings(max_examples=100, deadline=None)
def test_no_order_leaves_less_on_the_way(drawn: tuple[int, int, list[int]]) -> None:
    size, steps, values = drawn
    sets = [frozenset(one) for count in range(size + 1) for one in itertools.combinations(range(size), count)]
    worth = dict(zip(sets, values, strict=True))
    found = best_ladder(lambda made: Decimal(worth[made]), range(size), steps)
    every = [total(worth, order) for order in itertools.permutations(range(size), steps)]
    assert (found.exact, total(worth, found.steps), sum(found.left[1:])) == (True, min(every), min(every))


def test_two_that_bite_only_together_come_before_one_that_bites_alone_where_that_is_worth_it() -> None:
    # Alone 0 and 1 take nothing, together 90; 2 takes 20.
    def left(made: frozenset[int]) -> Decimal:
        return Decimal(110 - 90 * ({0, 1} <= made) - 20 * (2 in made))

    # 0, 1, 2: 110 + 20 + 0 = 130; 2, 0, 1: 90 + 90 + 0 = 180.
    assert best_ladder(left, [0, 1, 2], 3).steps == (0, 1, 2)
    # Two steps: 0, 1 leaves 110 + 20; 2, 0 leaves 90 + 90.
    assert best_ladder(left, [0, 1, 2], 2).steps == (0, 1)


def test_beyond_twelve_measures_the_order_is_found_but_not_called_proved() -> None:
    found = best_ladder(lambda made: Decimal(1000 - sum(made)), range(14), 14)
    assert (found.exact, found.steps) == (False, tuple(reversed(range(14))))


def test_few_steps_of_many_measures_are_weighed_over_all_their_sets() -> None:
    """1 + 14 + 91 sets of at most two of 14; where fewer are allowed the order is searched."""

    def worth(made: frozenset[int]) -> Decimal:
        return Decimal(1000 - sum(made) - 50 * ({0, 1} <= made))

    found = best_ladder(worth, range(14), 2, sets=106)
    # 0, 1 leaves 1000 + 949; 13, 12 leaves 987 + 975; 1, 0 leaves 999 + 949.
    assert (found.exact, found.steps) == (True, (1, 0))
    assert not best_ladder(worth, range(14), 2, sets=105).exact

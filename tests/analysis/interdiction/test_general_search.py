"""The search that knows nothing of an objective but its value."""

from __future__ import annotations

import numpy as np
import pytest

from finnet.analysis.interdiction.general_search import general_search
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Limits
from finnet.analysis.objectives import flow
from finnet.graph.network import IntArray, Network


def star(leaves: int) -> Situation:
    return Situation.of(Network.of(*(("hub", f"leaf{place:03}") for place in range(leaves))), exclude=["hub"])


def worth(situation: Situation, chosen: tuple[int, ...]) -> int:
    """100 less the weight of each chosen leaf, its number modulo 7."""
    return 100 - sum(one % 7 for one in chosen)


def test_few_sets_are_all_tried_and_that_proves_the_best() -> None:
    # Leaves are numbered 1 to 12 (hub is 0): the two best are 6 and 5 or 12, modulo 7: 6 + 5 = 11.
    situation = star(12)
    solution = general_search(lambda chosen: worth(situation, tuple(chosen)), situation, Limits(budget=2))
    assert (solution.chosen, solution.after, solution.optimal, solution.method) == ((5, 6), 89, True, "every set")


def test_many_sets_are_searched_and_the_bound_is_what_all_candidates_leave() -> None:
    situation = star(60)
    solution = general_search(lambda chosen: worth(situation, tuple(chosen)), situation, Limits(budget=5))
    # Five leaves worth 6 each (6, 13, 20, 27, 34); all sixty together are worth 8 · 21 + 1 + 2 + 3 + 4 = 178.
    assert (solution.after, solution.bound, solution.optimal) == (70, -78, False)


def test_a_rule_that_captures_makes_two_holders_matter_together() -> None:
    # a and b hold a quarter each of the front, and only both of them together block it; the front may not be chosen.
    network = Network.of(
        ("s", "front", 10), ("front", "t", 10), ("s", "c", 3), ("c", "t", 3), ("a", "front", 1), ("b", "front", 1)
    )
    number = network.number

    def aggregated(blocked: IntArray) -> IntArray:
        both = {number["a"], number["b"]} <= set(blocked.tolist())
        return np.union1d(blocked, [number["front"]]) if both else blocked

    situation = Situation.of(network, sources=["s"], exits=["t"], exclude=["front"], closure=aggregated)
    solution = flow.search(situation, Limits(budget=2))
    assert [network.ids[one] for one in solution.chosen] == ["a", "b"]
    assert (solution.before, solution.after) == (13, 3)


def test_forced_members_stay_and_are_paid_for() -> None:
    base = star(12)
    situation = Situation.of(base.network, exclude=["hub"], forced=["leaf006"])
    solution = general_search(lambda chosen: worth(situation, tuple(chosen)), situation, Limits(budget=2))
    # leaf006 is number 7, worth nothing; the other place goes to number 6.
    assert (solution.chosen, solution.after) == ((6, 7), 94)
    with pytest.raises(ValueError, match="forced"):
        general_search(lambda chosen: worth(situation, tuple(chosen)), situation, Limits(budget=0))


def test_no_time_still_gives_a_set_within_the_budget() -> None:
    situation = star(60)
    solution = general_search(lambda chosen: worth(situation, tuple(chosen)), situation, Limits(budget=3, seconds=0.0))
    assert len(solution.chosen) <= 3
    assert solution.notes == ("stopped by --time after 0 s",)

"""The objective reach against networkx and brute force."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Limits
from finnet.analysis.objectives import reach
from finnet.graph.network import Network


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


oracle = _load("oracle")


@pytest.fixture
def two_agents() -> Situation:
    """A bank with two agents who both lead to a holding with three companies; one front of its own."""
    network = Network.of(
        ("bank", "agent1"), ("bank", "agent2"), ("agent1", "holding"), ("agent2", "holding"),
        ("holding", "c1"), ("holding", "c2"), ("holding", "c3"), ("bank", "front"),
    )  # fmt: skip
    return Situation.of(network, sources=["bank"])


def test_the_party_that_all_ways_lead_through_is_the_best_one(two_agents: Situation) -> None:
    # Reached: two agents, holding, three companies, front = 7. Without the holding: two agents and front = 3.
    solution = reach.search(two_agents, Limits(budget=1))
    chosen = [two_agents.network.ids[one] for one in solution.chosen]
    assert (chosen, solution.before, solution.after, solution.optimal) == (["holding"], 7, 3, True)


def test_two_agents_matter_only_together_where_the_holding_may_not_be_chosen(two_agents: Situation) -> None:
    situation = Situation.of(two_agents.network, sources=["bank"], exclude=["holding"])
    solution = reach.search(situation, Limits(budget=2))
    chosen = [situation.network.ids[one] for one in solution.chosen]
    assert (chosen, solution.after, solution.optimal) == (["agent1", "agent2"], 1, True)
    number = situation.network.number
    assert reach.substitutes(situation, solution.chosen)[number["agent1"]] == (number["agent2"],)


def test_parties_count_for_their_value_where_there_is_one() -> None:
    network = Network.build(
        source=["bank", "bank"], target=["large", "small"], weight=[1, 1], unit="links",
        vertices={"value": [0, 900, 100]},
    )  # fmt: skip
    situation = Situation.of(network, sources=["bank"])
    assert (reach.value(situation, []), reach.value(situation, [network.number["large"]])) == (1000, 100)


@pytest.mark.parametrize("seed", range(60))
def test_the_best_set_is_what_brute_force_finds(seed: int) -> None:
    situation, budget = oracle.random_situation(seed, exits=False)
    if situation.total_cost(situation.forced.tolist()) > budget:
        with pytest.raises(ValueError, match="forced"):
            reach.search(situation, Limits(budget=budget))
        return
    solution = reach.search(situation, Limits(budget=budget))
    best = oracle.best_left(oracle.reached_left, situation, budget)
    assert (solution.before, solution.after) == (oracle.reached_left(situation, ()), best)
    assert oracle.reached_left(situation, solution.chosen) == best
    assert solution.bound is not None
    assert solution.bound <= best
    assert situation.total_cost(solution.chosen) <= budget

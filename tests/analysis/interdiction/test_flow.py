"""The objective flow: values, bounds and best sets against networkx, brute force and HiGHS."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.analysis.interdiction.flow_exact import programme, solve
from finnet.analysis.interdiction.flow_gates import Gates
from finnet.analysis.interdiction.flow_lagrangian import relax
from finnet.analysis.interdiction.flow_network import FlowNetwork
from finnet.analysis.interdiction.flow_state import FlowState
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Limits
from finnet.analysis.objectives import flow
from finnet.graph.network import Network


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


oracle = _load("oracle")
flow_left: Callable[..., int] = oracle.flow_left


@pytest.fixture
def interchangeable() -> Situation:
    """s → x, x → a → t, x → b → t, all 10; x may not be chosen: a and b matter only together."""
    network = Network.of(("s", "x", 10), ("x", "a", 10), ("x", "b", 10), ("a", "t", 10), ("b", "t", 10))
    return Situation.of(network, sources=["s"], exits=["t"], exclude=["x"])


def names(situation: Situation, chosen: tuple[int, ...]) -> list[str]:
    return [situation.network.ids[one] for one in chosen]


def test_interchangeable_brokers_are_found_together(interchangeable: Situation) -> None:
    # Either alone takes nothing away, for the other carries all of it; both together take all 10.
    solution = flow.search(interchangeable, Limits(budget=2))
    assert (names(interchangeable, solution.chosen), solution.before, solution.after, solution.optimal) == (
        ["a", "b"], 10, 0, True,
    )  # fmt: skip


def test_one_of_two_interchangeable_brokers_is_not_worth_choosing(interchangeable: Situation) -> None:
    solution = flow.search(interchangeable, Limits(budget=1))
    assert (solution.chosen, solution.after, solution.bound, solution.optimal) == ((), 10, 10, True)


def test_interchangeable_brokers_substitute_each_other(interchangeable: Situation) -> None:
    number = interchangeable.network.number
    assert flow.substitutes(interchangeable, (number["a"], number["b"])) == {
        number["a"]: (number["b"],),
        number["b"]: (number["a"],),
    }


def test_nobody_substitutes_the_only_way() -> None:
    network = Network.of(("s", "a", 10), ("a", "t", 10))
    situation = Situation.of(network, sources=["s"], exits=["t"])
    assert flow.substitutes(situation, (network.number["a"],)) == {network.number["a"]: ()}


def test_a_way_of_its_own_is_no_substitute_for_another() -> None:
    # Two separate channels, both among the chosen: neither has room for what ran through the other.
    network = Network.of(("s", "a", 10), ("a", "t", 10), ("s", "b", 10), ("b", "t", 10))
    situation = Situation.of(network, sources=["s"], exits=["t"])
    number = network.number
    assert flow.substitutes(situation, (number["a"], number["b"])) == {number["a"]: (), number["b"]: ()}


def test_a_substitute_takes_over_as_far_as_it_has_room() -> None:
    # 11 arrive at x. With 8 of them through a, 3 run through b (room for 5) and c (room for 4): 6 more have room there.
    network = Network.of(
        ("s", "x", 11), ("x", "a", 8), ("x", "b", 5), ("x", "c", 4), ("a", "t", 8), ("b", "t", 5), ("c", "t", 4)
    )
    situation = Situation.of(network, sources=["s"], exits=["t"], exclude=["x"])
    number = network.number
    assert sorted(flow.substitutes(situation, (number["a"],))[number["a"]]) == [number["b"], number["c"]]


def test_a_big_bank_is_not_a_choke_point() -> None:
    # The bank turns over 2,000, of which 1 comes from s; the mule passes 10 on.
    network = Network.of(
        ("s", "bank", 1), ("bank", "t", 1000), ("other", "bank", 999), ("s", "mule", 10), ("mule", "t", 10)
    )
    solution = flow.search(Situation.of(network, sources=["s"], exits=["t"], exclude=["other"]), Limits(budget=1))
    assert (names(Situation.of(network), solution.chosen), solution.before, solution.after) == (["mule"], 11, 1)


def test_what_runs_straight_from_seed_to_exit_cannot_be_taken_away() -> None:
    network = Network.of(("s", "t", 4), ("s", "a", 3), ("a", "t", 3))
    solution = flow.search(Situation.of(network, sources=["s"], exits=["t"]), Limits(budget=5))
    assert (names(Situation.of(network), solution.chosen), solution.after, solution.optimal) == (["a"], 4, True)


def test_nothing_flows_between_parts_that_are_not_connected() -> None:
    network = Network.of(("s", "a", 4), ("b", "t", 3))
    solution = flow.search(Situation.of(network, sources=["s"], exits=["t"]), Limits(budget=2))
    assert (solution.chosen, solution.before, solution.after, solution.optimal) == ((), 0, 0, True)


def test_without_candidates_nothing_is_chosen_and_that_is_proved() -> None:
    network = Network.of(("s", "a", 4), ("a", "t", 3))
    solution = flow.search(Situation.of(network, sources=["s"], exits=["t"], candidates=[]), Limits(budget=2))
    assert (solution.chosen, solution.after, solution.bound, solution.optimal) == ((), 3, 3, True)


def test_no_more_are_chosen_than_are_needed() -> None:
    network = Network.of(("s", "a", 4), ("a", "b", 4), ("b", "t", 4), ("x", "y", 5))
    solution = flow.search(Situation.of(network, sources=["s"], exits=["t"]), Limits(budget=10))
    assert (len(solution.chosen), solution.after) == (1, 0)


def test_the_empty_network_and_no_seeds_have_defined_answers() -> None:
    for network in (Network.of(), Network.build(source=[], target=[], weight=[], unit="EUR", isolated=["only"])):
        solution = flow.search(Situation.of(network), Limits(budget=3))
        assert (solution.chosen, solution.before, solution.after, solution.optimal) == ((), 0, 0, True)


def test_amounts_in_cents_beyond_32_bits_are_exact() -> None:
    # 90 trillion dollars in cents: 9e15, above 2^53; the second way is one cent short.
    cents = [9_000_000_000_000_001, 9_000_000_000_000_001, 9_000_000_000_000_000]
    network = Network.build(
        source=["s", "a", "b"],
        target=["a", "b", "t"],
        weight=[c / 100 for c in cents],
        unit="USD",
        minor=cents,
        scale=100,
    )
    situation = Situation.of(network, sources=["s"], exits=["t"])
    assert flow.amount(network, flow.value(situation, [])).as_tuple() == network.amount(cents[2]).as_tuple()


def test_weights_that_are_no_whole_numbers_are_rounded_and_that_is_said() -> None:
    network = Network.of(("s", "a", 0.25), ("a", "t", 0.125))
    situation = Situation.of(network, sources=["s"], exits=["t"])
    solution = flow.search(situation, Limits(budget=1))
    assert (flow.amount(network, solution.before), solution.notes) == (
        0.125,
        ("weights rounded to 1/1,000,000 of a unit",),
    )


@pytest.mark.parametrize("seed", range(60))
def test_the_best_set_is_what_brute_force_finds(seed: int) -> None:
    situation, budget = oracle.random_situation(seed)
    if situation.total_cost(situation.forced.tolist()) > budget:
        with pytest.raises(ValueError, match="forced"):
            flow.search(situation, Limits(budget=budget))
        return
    solution = flow.search(situation, Limits(budget=budget))
    best = oracle.best_left(flow_left, situation, budget)
    assert (solution.before, solution.after) == (flow_left(situation, ()), best)
    assert flow_left(situation, solution.chosen) == best
    assert solution.bound is not None
    assert solution.bound <= best
    assert situation.total_cost(solution.chosen) <= budget
    assert set(situation.forced.tolist()) <= set(solution.chosen)


@pytest.mark.parametrize("seed", range(12))
def test_bound_integer_programme_and_search_stand_in_their_order(seed: int) -> None:
    # Lagrangian bound ≤ integer programme's optimum ≤ what the search leaves (METHODS 9.7); here they all meet.
    situation = layered_situation(seed)
    flows = FlowNetwork.of(situation)
    bound = relax(Gates.of(flows), 4).bound
    exact = solve(programme(flows, situation), 4)
    optimum = flow.value(situation, exact.chosen)
    solution = flow.search(situation, Limits(budget=4))
    assert bound <= optimum <= solution.after
    assert exact.bound <= optimum
    assert (solution.after, solution.optimal) == (optimum, True)


@pytest.mark.parametrize("seed", range(6))
def test_the_lagrangian_bound_is_the_linear_relaxation(seed: int) -> None:
    # Weak duality gives ≤; both are the same linear programme's optimum, rounded up for whole amounts.
    situation = layered_situation(seed)
    flows = FlowNetwork.of(situation)
    assert relax(Gates.of(flows), 4).bound == np.ceil(linear_relaxation(flows, situation, 4) - 1e-6)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.data())
def test_removal_never_raises_a_flow_and_mending_equals_solving_anew(seed: int, data: st.DataObject) -> None:
    situation, _ = oracle.random_situation(seed)
    flows = FlowNetwork.of(situation)
    state = FlowState(Gates.of(flows))
    before = state.value
    for _ in range(data.draw(st.integers(0, 6))):
        gated = state.gates.nodes.tolist()
        if not gated:
            break
        node = data.draw(st.sampled_from(gated))
        if node in state.chosen:
            state.restore(node)
        else:
            expected = state.value - state.drop(node)
            state.choose(node)
            assert state.value == expected
        vertices = [int(flows.vertex[one]) for one in state.chosen]
        assert state.value == flow.value(situation, vertices) == flow_left(situation, vertices)
        assert state.value <= before


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_a_larger_budget_never_leaves_more(seed: int) -> None:
    situation, _ = oracle.random_situation(seed)
    forced = situation.total_cost(situation.forced.tolist())
    left = [flow.search(situation, Limits(budget=budget)).after for budget in range(forced, forced + 4)]
    assert left == sorted(left, reverse=True)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_relabelling_changes_no_value(seed: int, random: object) -> None:
    situation, budget = oracle.random_situation(seed)
    if situation.total_cost(situation.forced.tolist()) > budget or situation.enforced is not None:
        return
    network = situation.network
    shuffled = list(range(network.size))
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    name = {old: f"n{new:03}" for old, new in zip(network.ids, shuffled, strict=True)}
    twin = Situation.of(
        Network.build(
            source=[name[network.ids[tail]] for tail in network.source],
            target=[name[network.ids[head]] for head in network.target],
            weight=network.weight,
            unit=network.unit,
            directed=network.directed,
            isolated=name.values(),
        ),
        sources=[name[network.ids[one]] for one in situation.sources],
        exits=[name[network.ids[one]] for one in situation.exits],
        candidates=[name[network.ids[one]] for one in situation.candidates],
        in_force=[name[network.ids[one]] for one in situation.in_force],
        forced=[name[network.ids[one]] for one in situation.forced],
        cost={name[network.ids[one]]: int(situation.cost[one]) for one in range(network.size)},
    )
    one, other = flow.search(situation, Limits(budget=budget)), flow.search(twin, Limits(budget=budget))
    assert (one.before, one.after) == (other.before, other.after)


def test_the_same_question_gets_the_same_answer() -> None:
    situation = layered_situation(3)
    twin = layered_situation(3)
    assert flow.search(situation, Limits(budget=4)) == flow.search(twin, Limits(budget=4))


def test_time_that_is_up_still_leaves_a_set_and_a_valid_bound() -> None:
    situation = layered_situation(1)
    solution = flow.search(situation, Limits(budget=4, seconds=0.0))
    full = flow.search(situation, Limits(budget=4))
    assert solution.bound is not None
    assert solution.bound <= full.after <= solution.after
    assert flow.value(situation, solution.chosen) == solution.after


def layered_situation(seed: int, size: int = 60, links: int = 260) -> Situation:
    """60 parties, 260 links of log-normal amounts between parties drawn with a bias, four seeds, four exits."""
    generator = np.random.default_rng(seed)
    ends = (generator.random((links, 2)) ** 1.8 * size).astype(int)
    amounts = np.maximum(1, np.exp(generator.normal(5, 1.5, links))).astype(int)
    named = [f"p{place:03}" for place in range(size)]
    network = Network.build(
        source=[named[tail] for tail in ends[:, 0]],
        target=[named[head] for head in ends[:, 1]],
        weight=amounts.astype(float),
        unit="EUR",
        isolated=named,
    )
    drawn = [named[place] for place in generator.permutation(size)[:8]]
    return Situation.of(network, sources=drawn[:4], exits=drawn[4:])


def linear_relaxation(flows: FlowNetwork, situation: Situation, budget: int) -> float:
    """Wood's programme without integrality, by scipy."""
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    asked = programme(flows, situation)
    arcs, choices = len(asked.tail), len(asked.cost)
    rows = np.arange(arcs)
    columns = asked.size + arcs + choices
    above = coo_array(
        (
            np.concatenate([-np.ones(arcs), np.ones(arcs), -np.ones(arcs), -np.ones(len(asked.arc)), asked.cost]),
            (
                np.concatenate([rows, rows, rows, asked.arc, np.full(choices, arcs)]),
                np.concatenate(
                    [
                        asked.tail,
                        asked.head,
                        asked.size + rows,
                        asked.size + arcs + asked.choice,
                        asked.size + arcs + np.arange(choices),
                    ]
                ),
            ),
        ),
        shape=(arcs + 1, columns),
    )
    bounds = [(0.0, 1.0)] * columns
    bounds[0], bounds[1] = (0.0, 0.0), (1.0, 1.0)
    found = linprog(
        np.concatenate([np.zeros(asked.size), asked.capacity.astype(float), np.zeros(choices)]),
        A_ub=above,
        b_ub=np.concatenate([np.zeros(arcs), [float(budget)]]),
        bounds=bounds,
        method="highs",
    )
    return float(found.fun)

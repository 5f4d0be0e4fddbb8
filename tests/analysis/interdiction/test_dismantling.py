"""The objective largest_component against networkx, igraph and brute force over all orders."""

from __future__ import annotations

import csv
import itertools
import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import igraph
import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import simpson
from typer.testing import CliRunner

import finnet
from finnet.analysis.interdiction import dismantling_search
from finnet.analysis.interdiction.dismantling_any import best_order_of_any
from finnet.analysis.interdiction.dismantling_curve import area, removal_problem, shares, stop_size
from finnet.analysis.interdiction.dismantling_kernel import kernel
from finnet.analysis.interdiction.dismantling_score import simpson_twelfths
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Limits
from finnet.analysis.objectives import largest_component
from finnet.cli import application
from finnet.graph.files import read_network
from finnet.graph.network import Network

NETWORKS = ("corruption", "moreno_crime_projected", "arenas-meta", "foodweb-baywet", "eu-powergrid")


def random_network(seed: int, size: int, links: int) -> Network:
    graph = networkx.gnm_random_graph(size, links, seed=seed)
    ends = [(f"v{tail:02}", f"v{head:02}") for tail, head in graph.edges]
    isolated = [f"v{one:02}" for one in graph.nodes]
    return Network.build(
        source=[tail for tail, _ in ends], target=[head for _, head in ends], weight=[1] * len(ends),
        unit="links", directed=False, isolated=isolated,
    )  # fmt: skip


def by_networkx(network: Network, order: Sequence[int], until: float) -> float:
    """The area by definition: the share after every removal up to the first that leaves at most ``until``."""
    graph = networkx.Graph(zip(network.source.tolist(), network.target.tolist(), strict=True))
    graph.add_nodes_from(range(network.size))
    found = []
    for one in order:
        graph.remove_node(one)
        found.append(max(map(len, networkx.connected_components(graph)), default=0) / network.size)
        if found[-1] <= until:
            break
    return float(simpson(found, dx=1.0))


def by_igraph(network: Network, order: Sequence[int], until: float) -> float:
    graph = igraph.Graph(n=network.size, edges=np.column_stack([network.source, network.target]))
    graph.vs["number"] = list(range(network.size))
    found = []
    for one in order:
        graph.delete_vertices(graph.vs.find(number=one))
        found.append(max(graph.connected_components().sizes(), default=0) / network.size)
        if found[-1] <= until:
            break
    return float(simpson(found, dx=1.0))


def every_order(situation: Situation, budget: int, until: float) -> float:
    """The least area over all orders of a budget's length; a shorter one counts where it reaches ``until``."""
    forced = situation.forced.tolist()
    rest = [one for one in situation.candidates.tolist() if one not in forced]
    count = min(len(rest), budget - len(forced))
    return min(
        by_networkx(situation.network, [*first, *others], until)
        for first in itertools.permutations(forced)
        for others in itertools.permutations(rest, count)
    )


@pytest.mark.parametrize("seed", range(12))
def test_few_sets_give_the_best_of_all_orders(seed: int) -> None:
    network = random_network(seed, 7, 6 + seed % 6)
    for budget, until in ((2, 0.1), (3, 0.3), (4, 0.3), (5, 0.2)):
        situation = Situation.of(network)
        solution = largest_component.search(situation, Limits(budget=budget, until=until))
        assert solution.optimal
        assert solution.after == pytest.approx(every_order(situation, budget, until), abs=1e-12)
        assert solution.after == pytest.approx(by_networkx(network, solution.chosen, until), abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_forced_members_stand_first_and_only_candidates_are_chosen(seed: int) -> None:
    network = random_network(seed, 8, 11)
    situation = Situation.of(network, candidates=["v00", "v02", "v03", "v05", "v06"], forced=["v05", "v06"])
    solution = largest_component.search(situation, Limits(budget=4, until=0.2))
    assert set(solution.chosen[:2]) == {5, 6}
    assert set(solution.chosen) <= set(situation.candidates.tolist())
    assert solution.after == pytest.approx(every_order(situation, 4, 0.2), abs=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_annealing_finds_what_every_set_finds(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    network = random_network(seed, 12, 18)
    limits = Limits(budget=5, until=0.2, iterations=20_000)
    for forced in ([], ["v01", "v07"]):
        situation = Situation.of(network, forced=forced)
        proved = largest_component.search(situation, limits)
        assert proved.optimal
        with monkeypatch.context() as patched:
            patched.setattr(dismantling_search, "exact_order", lambda *_: None)
            found = largest_component.search(situation, limits)
        assert not found.optimal
        assert found.after == pytest.approx(proved.after, abs=1e-12)
        assert set(found.chosen[: len(forced)]) == {network.number[one] for one in forced}


def test_costs_are_kept_whatever_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    network = random_network(3, 14, 24)
    prices = random.Random(1)
    situation = Situation.of(network, cost={name: prices.randint(1, 4) for name in network.ids})
    exact = largest_component.search(situation, Limits(budget=6, until=0.2))
    monkeypatch.setattr(dismantling_search, "exact_order", lambda *_: None)
    found = largest_component.search(situation, Limits(budget=6, until=0.2, iterations=5_000))
    assert exact.optimal
    assert situation.total_cost(exact.chosen) <= 6
    assert situation.total_cost(found.chosen) <= 6
    assert found.chosen


def test_choices_that_sever_in_other_ways_are_searched_too() -> None:
    # Through the search that only asks what a set leaves: the same optimum as on the plain network.
    situation = Situation.of(random_network(5, 8, 12))
    limits = Limits(budget=3, until=0.2)
    assert best_order_of_any(situation, limits).after == largest_component.search(situation, limits).after
    larger = Situation.of(random_network(5, 24, 40))
    found = best_order_of_any(larger, Limits(budget=6, until=0.1))
    assert found.after == pytest.approx(by_networkx(larger.network, found.chosen, 0.1), abs=1e-12)
    assert found.after <= by_networkx(larger.network, largest_component.baselines(larger, limits)["degree"], 0.1) * 2


def test_what_a_capturing_rule_takes_is_gone_as_well() -> None:
    # Whoever is named, the hub falls with them: of a star of five, the four others stay, each alone; one is named.
    network = Network.of(("hub", "a"), ("hub", "b"), ("hub", "c"), ("hub", "d"))
    hub = network.number["hub"]
    situation = Situation.of(network, exclude=["hub"], closure=lambda held: np.union1d(held, [hub]))
    assert shares(situation, [network.number["a"]]).tolist() == [1.0, 0.2]


def test_a_party_keeps_the_links_that_nobody_enforces() -> None:
    # a–b–c, and nobody stands at b–c: taking b out leaves a alone and b with c.
    network = Network.of(("a", "b"), ("b", "c"))
    situation = Situation.of(network, enforced=np.array([True, False]))
    assert shares(situation, [1]).tolist() == pytest.approx([1.0, 2 / 3])


def test_degenerate_networks_have_defined_results() -> None:
    empty = Situation.of(Network.build(source=[], target=[], weight=[], unit="links"))
    alone = Situation.of(Network.build(source=[], target=[], weight=[], unit="links", isolated=["only"]))
    pair = Situation.of(Network.of(("a", "b")))
    limits = Limits(budget=3)
    assert largest_component.value(empty, []) == 0.0
    assert largest_component.search(empty, limits).chosen == ()
    assert (largest_component.value(alone, []), largest_component.value(alone, [0])) == (1.0, 0.0)
    # One removal has no area; two have the trapezium's: (1/2 + 0) / 2.
    assert (largest_component.value(pair, [0]), largest_component.value(pair, [0, 1])) == (0.0, 0.25)
    nothing = largest_component.search(pair, Limits(budget=0))
    assert (nothing.chosen, nothing.before, nothing.after) == ((), 1.0, 1.0)
    excluded = Situation.of(pair.network, exclude=["a", "b"])
    assert largest_component.search(excluded, limits).after == 1.0


def test_where_nothing_holds_together_nobody_is_chosen() -> None:
    network = random_network(0, 30, 3)
    solution = largest_component.search(Situation.of(network), Limits(budget=5, until=0.5))
    assert (solution.chosen, solution.optimal) == ((), True)
    assert solution.after == solution.before


def test_one_removal_takes_whom_most_depends_on() -> None:
    network = Network.of(("a", "hub"), ("b", "hub"), ("c", "hub"), ("c", "d"))
    solution = largest_component.search(Situation.of(network), Limits(budget=1))
    assert (solution.chosen, solution.after) == ((network.number["hub"],), 0.0)


def test_a_budget_beyond_everybody_ends_at_the_stop() -> None:
    situation = Situation.of(random_network(2, 40, 60))
    solution = largest_component.search(situation, Limits(budget=400, iterations=2_000))
    curve = shares(situation, solution.chosen)
    assert curve[-1] <= 0.1 < curve[-2]


def test_the_same_seed_gives_the_same_order() -> None:
    situation = Situation.of(random_network(9, 60, 110))
    limits = Limits(budget=25, seed=4, iterations=5_000)
    assert largest_component.search(situation, limits) == largest_component.search(situation, limits)


def test_no_time_still_gives_a_whole_order_and_says_so() -> None:
    situation = Situation.of(random_network(9, 60, 110))
    solution = largest_component.search(situation, Limits(budget=12, seconds=0))
    assert len(solution.chosen) == 12
    assert any("--time" in note for note in solution.notes)


@pytest.mark.parametrize("count", range(1, 12))
def test_weights_are_those_of_scipy(count: int) -> None:
    weights = [simpson_twelfths(place, count) / 12 for place in range(count)]
    assert weights == pytest.approx([float(simpson(row, dx=1.0)) for row in np.eye(count)], abs=1e-12)


def test_the_stop_counts_whole_parties() -> None:
    for size in range(1, 400):
        for until in (0.1, 0.2, 0.3, 0.7, 1 / 3):
            assert stop_size(size, until) == max(one for one in range(size + 1) if one / size <= until)


@given(st.integers(0, 10_000), st.integers(2, 14), st.data())
@settings(max_examples=60, deadline=None)
def test_removal_never_raises_the_largest_component(seed: int, size: int, data: st.DataObject) -> None:
    network = random_network(seed, size, data.draw(st.integers(0, size * (size - 1) // 2)))
    order = data.draw(st.permutations(range(size)))
    curve = shares(Situation.of(network), order)
    assert (np.diff(curve) <= 0).all()
    graph = networkx.Graph(zip(network.source.tolist(), network.target.tolist(), strict=True))
    graph.add_nodes_from(range(size))
    for one, share in zip(order, curve[1:], strict=True):
        graph.remove_node(one)
        assert share * size == pytest.approx(max(map(len, networkx.connected_components(graph)), default=0))


@given(st.integers(0, 10_000), st.data())
@settings(max_examples=40, deadline=None)
def test_the_kernel_has_the_same_largest_component(seed: int, data: st.DataObject) -> None:
    situation = Situation.of(random_network(seed, 16, 22))
    problem = removal_problem(situation)
    offered = np.array(data.draw(st.lists(st.integers(0, 15), min_size=1, max_size=8, unique=True)))
    small = kernel(problem, offered)
    whole = dismantling_search.largest_sizes(problem, offered)
    pointless = replace(
        problem, pointers=small.pointers, neighbours=small.neighbours, weight=small.weight,
        cost=np.ones(len(small.weight), np.int64), eligible=np.ones(len(small.weight), bool),
        vertex=np.arange(len(small.weight)),
    )  # fmt: skip
    kept = np.maximum(small.floor, dismantling_search.largest_sizes(pointless, np.arange(len(offered))))
    assert kept.tolist() == whole.tolist()


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_names_do_not_matter_to_the_value(seed: int) -> None:
    network = random_network(seed, 10, 14)
    names = [f"w{one:02}" for one in np.random.default_rng(seed).permutation(network.size)]
    other = Network.build(
        source=[names[one] for one in network.source], target=[names[one] for one in network.target],
        weight=network.weight.tolist(), unit="links", directed=False, isolated=names,
    )  # fmt: skip
    order = list(range(6))
    renamed = [other.number[names[one]] for one in order]
    here, there = Situation.of(network), Situation.of(other)
    assert largest_component.value(here, order) == largest_component.value(there, renamed)


def test_the_verb_shows_removals_in_order_with_what_each_leaves() -> None:
    network = random_network(4, 40, 70)
    answer = finnet.choke(network, objective="largest_component", budget=8, until=0.2, iterations=3_000)
    order = [network.number[row["id"]] for row in answer.rows]
    curve = shares(Situation.of(network), order)
    assert [row["remaining"] for row in answer.rows] == pytest.approx(curve[1:].tolist())
    assert [row["bite"] for row in answer.rows] == pytest.approx((curve[:-1] - curve[1:]).tolist())
    assert answer.summary["after"] == pytest.approx(by_networkx(network, order, 0.2))
    for one in answer.summary["baselines"].values():
        named = [network.number[name] for name in one["chosen"]]
        assert one["after"] == pytest.approx(by_networkx(network, named, 0.2))
        assert answer.summary["after"] <= one["after"] + 1e-12


def test_the_curve_has_an_order_for_each_budget() -> None:
    network = random_network(4, 20, 30)
    answer = finnet.choke(network, objective="largest_component", budget=3, curve=True)
    assert [len(row["chosen"]) for row in answer.rows] == [1, 2, 3]
    left = [shares(Situation.of(network), [network.number[one] for one in row["chosen"]])[-1] for row in answer.rows]
    assert [row["remaining"] for row in answer.rows] == pytest.approx(left)


def test_the_command_reads_a_network_file(tmp_path: Path) -> None:
    network = random_network(4, 60, 90)
    file = tmp_path / "network.csv"
    lines = [f"{network.ids[a]},{network.ids[b]}" for a, b in zip(network.source, network.target, strict=True)]
    file.write_text("\n".join(["source,target", *lines]) + "\n", encoding="utf-8")
    words = ["choke", "--network", str(file), "--undirected", "--objective", "largest_component", "-k", "20"]
    ran = CliRunner().invoke(application(), [*words, "--until", "0.1", "--iterations", "500", "--json"])
    assert ran.exit_code == 0, ran.output
    answer = json.loads(ran.stdout)
    read = read_network(file, directed=False)
    order = [read.number[row["id"]] for row in answer["rows"]]
    assert answer["summary"]["after"] == pytest.approx(by_networkx(read, order, 0.1))


def published(shared_data: Path, name: str) -> tuple[Network, float]:
    """A network with all the vertices that its vector counts, and the best area seen."""
    with (shared_data.parent / "vectors" / "dismantling.csv").open(encoding="utf-8") as lines:
        [row] = [one for one in csv.DictReader(lines) if one["network"] == name]
    read = read_network(shared_data / "dismantling" / f"{name}.csv", directed=False)
    network = Network.build(
        source=[read.ids[one] for one in read.source], target=[read.ids[one] for one in read.target],
        weight=read.weight.tolist(), unit="links", directed=False,
        isolated=[f"without links {one}" for one in range(int(row["n"]) - read.size)],
    )  # fmt: skip
    return network, float(row["best_seen_auc"])


def test_a_short_search_beats_adaptive_lists_on_a_real_network(shared_data: Path) -> None:
    network, _ = published(shared_data, "corruption")
    situation = Situation.of(network)
    solution = largest_component.search(situation, Limits(budget=network.size, iterations=5_000))
    naive = largest_component.baselines(situation, Limits(budget=network.size))
    assert solution.after == pytest.approx(by_igraph(network, solution.chosen, 0.1), abs=1e-9)
    assert solution.after < min(by_igraph(network, order, 0.1) for order in naive.values())


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_areas_are_at_or_below_the_best_seen(shared_data: Path, name: str) -> None:
    network, best = published(shared_data, name)
    solution = largest_component.search(Situation.of(network), Limits(budget=network.size))
    recounted = by_igraph(network, solution.chosen, 0.1)
    assert solution.after == pytest.approx(recounted, abs=1e-9)
    # The vectors give hundredths or tenths.
    assert recounted <= best + 0.005


def test_the_area_stops_at_the_first_removal_that_reaches_the_share() -> None:
    assert area(np.array([1.0, 0.5, 0.3, 0.1, 0.1, 0.1]), 0.1) == pytest.approx((0.5 + 4 * 0.3 + 0.1) / 3)

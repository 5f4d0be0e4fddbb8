"""Naive lists: what they choose, against sets worked out by hand and networkx's rankings."""

from __future__ import annotations

import networkx
import numpy as np
import pytest

from finnet.analysis.interdiction.baselines import BASELINES, naive_sets
from finnet.analysis.interdiction.collective_influence import collective_influence
from finnet.analysis.interdiction.hop_betweenness import hop_betweenness
from finnet.analysis.interdiction.situation import Situation
from finnet.graph.network import Network


@pytest.fixture
def two_hubs() -> Network:
    """A hub of five with a hub of four behind it, joined by a bridge party; the small hub moves the money."""
    links = [(f"a{leaf}", "big", 1.0) for leaf in range(5)] + [("big", "bridge", 1.0), ("bridge", "small", 1.0)]
    return Network.of(*links, *[("small", f"b{leaf}", 50.0) for leaf in range(4)])


def chosen(network: Network, budget: int, **words: object) -> dict[str, list[str]]:
    situation = Situation.of(network, **words)  # type: ignore[arg-type]
    return {name: [network.ids[one] for one in found] for name, found in naive_sets(situation, budget).sets.items()}


def test_every_list_names_its_top(two_hubs: Network) -> None:
    # Degrees: big 6, small 5, bridge 2. Volume: small 201, big 6. Shortest paths through big: from 5 leaves to bridge,
    # small and 4 leaves = 30; bridge 6 · 5 = 30; small 7 · 4 = 28. Ties go to the first id.
    assert chosen(two_hubs, 1) == {
        "degree": ["big"],
        "adaptive_degree": ["big"],
        "betweenness": ["big"],
        "adaptive_betweenness": ["big"],
        "volume": ["small"],
        "collective_influence": ["big"],
    }


def test_adaptive_lists_look_again_after_each_removal(two_hubs: Network) -> None:
    # Without big nothing passes through bridge any more: bridge → small → leaves leaves 4 paths, through small.
    found = chosen(two_hubs, 2)
    assert (found["betweenness"], found["adaptive_betweenness"]) == (["big", "bridge"], ["big", "small"])


def test_only_candidates_are_named_and_forced_ones_always(two_hubs: Network) -> None:
    found = chosen(two_hubs, 2, exclude=["big"], forced=["b3"])
    assert found["degree"] == ["b3", "small"]
    assert all("big" not in names and "b3" in names for names in found.values())


def test_a_list_goes_down_to_whom_the_budget_can_pay_for(two_hubs: Network) -> None:
    assert chosen(two_hubs, 2, cost={"big": 3, "small": 2})["degree"] == ["small"]
    assert chosen(two_hubs, 2, cost={"big": 3, "small": 3})["degree"] == ["a0", "bridge"]


def test_parties_without_links_are_named_by_no_list() -> None:
    network = Network.build(source=["a"], target=["b"], weight=[1], unit="links", isolated=["c", "d"])
    assert all(set(names) <= {"a", "b"} for names in chosen(network, 4).values())


def test_betweenness_ranks_as_networkx_does() -> None:
    generator = np.random.default_rng(3)
    ends = generator.integers(0, 25, (80, 2))
    network = Network.of(*{(f"p{tail:02}", f"p{head:02}", float(1 + (tail * head) % 7)) for tail, head in ends})
    graph = networkx.DiGraph()
    graph.add_nodes_from(network.ids)
    for tail, head, weight in zip(network.source, network.target, network.weight, strict=True):
        if tail != head:
            graph.add_edge(network.ids[tail], network.ids[head], length=1.0 / weight)
    scores = networkx.betweenness_centrality(graph, weight="length", normalized=False)
    top = sorted(sorted(scores, key=lambda name: (-round(scores[name], 9), name))[:5])
    assert chosen(network, 5)["betweenness"] == top


@pytest.mark.parametrize("directed", [True, False])
def test_betweenness_in_steps_is_networkx_s(directed: bool) -> None:
    generator = np.random.default_rng(4)
    links = {(f"p{tail:02}", f"p{head:02}") for tail, head in generator.integers(0, 30, (70, 2)) if tail != head}
    network = Network.of(*sorted(links), directed=directed)
    graph = networkx.DiGraph(network.networkx) if directed else networkx.Graph(network.networkx)
    expected = networkx.betweenness_centrality(graph, normalized=False)
    assert hop_betweenness(network).tolist() == pytest.approx([expected[name] for name in network.ids])


def test_collective_influence_follows_its_formula() -> None:
    generator = np.random.default_rng(5)
    network = Network.of(*((f"p{tail:02}", f"p{head:02}") for tail, head in generator.integers(0, 20, (45, 2))))
    graph = networkx.Graph(network.networkx)
    graph.remove_edges_from(networkx.selfloop_edges(graph))
    expected = []
    for name in network.ids:
        away = networkx.single_source_shortest_path_length(graph, name, cutoff=2)
        ball = sum(graph.degree(other) - 1 for other, distance in away.items() if distance == 2)
        expected.append(max(0, graph.degree(name) - 1) * ball)
    assert collective_influence(network).tolist() == expected


def test_all_lists_are_there() -> None:
    assert sorted(BASELINES) == [
        "adaptive_betweenness", "adaptive_degree", "betweenness", "collective_influence", "degree", "volume",
    ]  # fmt: skip

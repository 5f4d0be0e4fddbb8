"""Metrics: one contract for all files in the folder, and networkx as the oracle for what it knows."""

from __future__ import annotations

import inspect
from fractions import Fraction

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from finnet.catalogue import Catalogue
from finnet.graph import Network

METRICS = Catalogue("finnet.analysis.metrics", kind="metric", verbs=("score", "DEFINITION", "UNIT"))

# Weights are powers of two, so that sums of 1/weight are exact and ties of path lengths are ties for everybody.
_LABELS = st.sampled_from([f"v{number}" for number in range(9)])
_EDGES = st.lists(st.tuples(_LABELS, _LABELS, st.sampled_from([0.5, 1.0, 2.0, 4.0])), min_size=1, max_size=24)


def _network(edges: list[tuple[str, str, float]], directed: bool = True) -> Network:
    return Network.of(*edges, directed=directed)


def _simple(network: Network) -> networkx.DiGraph[str]:
    """The same network as networkx has it without parallel edges (added up) and self-loops."""
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_nodes_from(network.ids)
    for tail, head, weight in zip(network.source, network.target, network.weight, strict=True):
        for one, other in ((tail, head),) if network.directed else ((tail, head), (head, tail)):
            if one != other:
                before = graph.get_edge_data(network.ids[one], network.ids[other], {"weight": 0.0})["weight"]
                graph.add_edge(network.ids[one], network.ids[other], weight=before + weight)
    return graph


def _by_id(network: Network, values: NDArray[np.float64]) -> dict[str, float]:
    return dict(zip(network.ids, values.tolist(), strict=True))


@pytest.mark.parametrize("name", sorted(METRICS))
def test_every_metric_keeps_the_contract(name: str) -> None:
    metric = METRICS[name]
    assert METRICS.help(name).endswith("."), "the first docstring line is its help"
    assert ">>> " in metric.score.__doc__
    assert "Source: " in metric.score.__doc__
    assert metric.DEFINITION
    assert metric.UNIT
    assert set(inspect.signature(metric.score).parameters) <= {"network", "seed"}
    network = Network.of(("a", "b", 2), ("b", "c", 3), ("c", "a"), ("d", "d"))
    columns = metric.score(network)
    assert "score" in columns
    for column in columns.values():
        assert column.shape == (network.size,)
        assert column.dtype == np.float64
        assert np.isfinite(column).all()
    assert set(getattr(metric, "MONEY", ())) <= set(columns)


@pytest.mark.parametrize("name", sorted(METRICS))
@pytest.mark.parametrize("directed", [True, False])
def test_every_metric_bears_an_empty_network_and_one_without_edges(name: str, directed: bool) -> None:
    for labels in ((), ("a", "b")):
        network = Network.build(source=[], target=[], weight=[], unit="links", isolated=labels, directed=directed)
        scores = METRICS[name].score(network)["score"]
        assert len(scores) == len(labels)
        assert len(set(scores.tolist())) <= 1


@pytest.mark.parametrize("name", sorted(METRICS))
@given(_EDGES, st.booleans())
@settings(max_examples=15, deadline=None)
def test_other_names_for_the_parties_change_no_score(
    name: str, edges: list[tuple[str, str, float]], directed: bool
) -> None:
    # v0…v8 become w8…w0: every vertex gets another number.
    other = {f"v{number}": f"w{8 - number}" for number in range(9)}
    before = _network(edges, directed)
    after = _network([(other[source], other[target], weight) for source, target, weight in edges], directed)
    expected = _by_id(before, METRICS[name].score(before)["score"])
    got = _by_id(after, METRICS[name].score(after)["score"])
    assert got == pytest.approx({other[label]: value for label, value in expected.items()}, rel=1e-6, abs=1e-8)


@given(_EDGES, st.booleans())
@settings(max_examples=40, deadline=None)
def test_betweenness_is_that_of_networkx(edges: list[tuple[str, str, float]], directed: bool) -> None:
    network = _network(edges, directed)
    graph = _simple(network)
    for _, _, data in graph.edges(data=True):
        data["length"] = 1.0 / data["weight"]
    # Sums of weights such as 2.5 have no exact reciprocal: only networks whose lengths are exact are compared.
    if any(Fraction(1) / Fraction(d["weight"]) != Fraction(d["length"]) for _, _, d in graph.edges(data=True)):
        return
    expected = networkx.betweenness_centrality(
        graph if directed else graph.to_undirected(), weight="length", normalized=False
    )
    assert _by_id(network, METRICS["betweenness"].score(network)["score"]) == pytest.approx(expected, abs=1e-9)


@given(_EDGES, st.booleans())
@settings(max_examples=30, deadline=None)
def test_pagerank_is_that_of_networkx(edges: list[tuple[str, str, float]], directed: bool) -> None:
    network = _network(edges, directed)
    expected = networkx.pagerank(_simple(network), weight="weight", tol=1e-14, max_iter=5_000)
    assert _by_id(network, METRICS["pagerank"].score(network)["score"]) == pytest.approx(expected, abs=1e-9)


@given(_EDGES, st.booleans())
@settings(max_examples=30, deadline=None)
def test_degree_kcore_and_harmonic_are_those_of_networkx(edges: list[tuple[str, str, float]], directed: bool) -> None:
    network = _network(edges, directed)
    graph = _simple(network)
    plain = graph.to_undirected()
    degree = METRICS["degree"].score(network)
    assert _by_id(network, degree["score"]) == dict(plain.degree())
    assert _by_id(network, degree["sources"]) == dict(graph.in_degree())
    assert _by_id(network, degree["targets"]) == dict(graph.out_degree())
    assert _by_id(network, METRICS["kcore"].score(network)["score"]) == networkx.core_number(plain)
    harmonic = METRICS["harmonic"].score(network)["score"]
    assert _by_id(network, harmonic) == pytest.approx(networkx.harmonic_centrality(plain))


@given(_EDGES, st.booleans())
@settings(max_examples=40, deadline=None)
def test_brokerage_counts_what_three_loops_count(edges: list[tuple[str, str, float]], directed: bool) -> None:
    network = _network(edges, directed)
    graph = _simple(network)
    expected = {
        middle: sum(
            one != other and not graph.has_edge(one, other)
            for one in graph.predecessors(middle)
            for other in graph.successors(middle)
        )
        / (1 if directed else 2)
        for middle in graph
    }
    assert _by_id(network, METRICS["brokerage"].score(network)["score"]) == expected


def test_hits_is_that_of_networkx_where_one_value_leads() -> None:
    rng = np.random.default_rng(5)
    pairs = {(int(a), int(b)) for a, b in rng.integers(0, 30, (150, 2)) if a != b}
    network = Network.of(*((f"v{a:02}", f"v{b:02}", float(1 + (a * b) % 5)) for a, b in sorted(pairs)))
    hubs, authorities = networkx.hits(_simple(network), max_iter=10_000, tol=1e-14)
    columns = METRICS["hits"].score(network)
    assert _by_id(network, columns["score"]) == pytest.approx(authorities, abs=1e-8)
    assert _by_id(network, columns["hub"]) == pytest.approx(hubs, abs=1e-8)


def test_eigenvector_is_that_of_networkx_on_a_connected_network() -> None:
    rng = np.random.default_rng(6)
    pairs = {(int(a), int(b)) for a, b in rng.integers(0, 30, (120, 2)) if a < b} | {(i, i + 1) for i in range(29)}
    network = Network.of(*((f"v{a:02}", f"v{b:02}", float(1 + (a * b) % 5)) for a, b in sorted(pairs)), directed=False)
    expected = networkx.eigenvector_centrality_numpy(_simple(network).to_undirected(), weight="weight")
    largest = max(expected.values())
    scaled = {label: value / largest for label, value in expected.items()}
    assert _by_id(network, METRICS["eigenvector"].score(network)["score"]) == pytest.approx(scaled, abs=1e-7)


def test_strengths_lose_no_cent() -> None:
    # A thousand payments of 0.10 are 100.00; floats added one by one are 99.9999999999986.
    network = Network.build(
        source=["acme"] * 1_000,
        target=["mule"] * 1_000,
        weight=[0.1] * 1_000,
        minor=[10] * 1_000,
        scale=100,
        unit="EUR",
    )
    for name, expected in (("out_strength", [100.0, 0.0]), ("in_strength", [0.0, 100.0]), ("strength", [100.0, 100.0])):
        assert METRICS[name].score(network)["score"].tolist() == expected


@given(_EDGES)
@settings(max_examples=30, deadline=None)
def test_strength_is_what_comes_in_and_goes_out(edges: list[tuple[str, str, float]]) -> None:
    network = _network(edges)
    received = METRICS["in_strength"].score(network)["score"]
    sent = METRICS["out_strength"].score(network)["score"]
    loops = np.zeros(network.size)
    for source, target, weight in edges:
        loops[network.number[source]] += weight * (source == target)
    assert METRICS["strength"].score(network)["score"].tolist() == (received + sent - loops).tolist()
    both_ways = _network(edges, directed=False)
    assert METRICS["in_strength"].score(both_ways)["score"].tolist() == (received + sent - loops).tolist()


def test_pass_through_leaves_out_what_one_pays_to_oneself() -> None:
    network = Network.of(("a", "b", 100), ("b", "b", 1_000), ("b", "c", 50))
    assert METRICS["pass_through"].score(network)["score"].tolist() == [0.0, 0.5, 0.0]


def test_pagerank_gives_the_same_bits_again() -> None:
    rng = np.random.default_rng(1)
    edges = [(f"v{a}", f"v{b}", float(w)) for a, b, w in zip(*rng.integers(1, 300, (3, 3_000)), strict=True)]
    scores = [METRICS["pagerank"].score(_network(edges))["score"].tobytes() for _ in range(3)]
    assert len(set(scores)) == 1


@pytest.mark.parametrize("name", ["betweenness", "harmonic"])
def test_a_sample_of_sources_is_near_the_truth_and_says_how_near(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    edges = [(f"v{a}", f"v{b}", 1.0) for a, b in rng.integers(0, 600, (2_400, 2))]
    network = _network(edges)
    metric = METRICS[name]
    exact = metric.score(network)
    assert not exact["error"].any()
    for constant in ("_EXACT_WORK", "_SAMPLED_WORK", "_WORK"):
        if hasattr(metric, constant):
            monkeypatch.setattr(metric, constant, 0)
    sampled = metric.score(network, seed=3)
    assert sampled["score"].tobytes() == metric.score(network, seed=3)["score"].tobytes()
    assert sampled["score"].tobytes() != metric.score(network, seed=4)["score"].tobytes()
    off = np.abs(sampled["score"] - exact["score"])
    # With 15 degrees of freedom 95 % of normal means lie within 2.13 standard errors; betweenness is far from normal.
    leading = np.argsort(-exact["score"])[:60]
    assert (off <= 2.13 * sampled["error"] + 1e-9)[leading].mean() > 0.8
    assert sampled["error"].max() < exact["score"].max()


@pytest.mark.parametrize("name", [name for name in sorted(METRICS) if getattr(METRICS[name], "TIES_ALONE", False)])
@given(_EDGES, st.booleans())
@settings(max_examples=25, deadline=None)
def test_a_metric_of_ties_alone_looks_at_no_weight(
    name: str, edges: list[tuple[str, str, float]], directed: bool
) -> None:
    # Amounts in several currencies stand side by side in such a network: each edge weighs 1, whatever was paid.
    alike = _network([(source, target, 1.0) for source, target, _ in edges], directed)
    for column, values in METRICS[name].score(_network(edges, directed)).items():
        assert values.tolist() == METRICS[name].score(alike)[column].tolist()


def test_metrics_of_amounts_and_metrics_of_ties_are_different_ones() -> None:
    of_ties = {name for name in METRICS if getattr(METRICS[name], "TIES_ALONE", False)}
    assert of_ties
    assert not of_ties & {name for name in METRICS if getattr(METRICS[name], "MONEY", ())}

"""Groups: one contract for all methods, and igraph and networkx as oracles for quality and agreement."""

from __future__ import annotations

import igraph
import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.analysis.partition import agreement, in_order, modularity, participation
from finnet.catalogue import Catalogue
from finnet.graph import Network

METHODS = Catalogue("finnet.analysis.communities", kind="method", verbs=("group", "DEFINITION"))

_LABELS = st.sampled_from([f"v{number}" for number in range(9)])
_EDGES = st.lists(st.tuples(_LABELS, _LABELS, st.sampled_from([0.5, 1.0, 2.0])), min_size=1, max_size=24)
_PARTITIONS = st.integers(2, 30).flatmap(
    lambda size: st.tuples(*(st.lists(st.integers(0, 4), min_size=size, max_size=size) for _ in range(2)))
)


def _cliques(count: int, size: int) -> Network:
    """Cliques in a ring, each joined to the next by one tie: what every method must find."""
    inside = [(f"{c}.{a}", f"{c}.{b}") for c in range(count) for a in range(size) for b in range(size) if a != b]
    return Network.of(*inside, *((f"{c}.0", f"{(c + 1) % count}.1") for c in range(count)))


@pytest.mark.parametrize("name", sorted(METHODS))
def test_every_method_keeps_the_contract(name: str) -> None:
    method = METHODS[name]
    assert METHODS.help(name).endswith(".")
    assert ">>> " in method.group.__doc__
    assert "Source: " in method.group.__doc__
    assert method.DEFINITION
    labels = method.group(_cliques(3, 4), seed=1)
    assert labels.dtype == np.int64
    assert sorted(set(labels.tolist())) == list(range(len(set(labels.tolist()))))


@pytest.mark.parametrize("name", sorted(METHODS))
def test_every_method_bears_an_empty_network_and_one_without_edges(name: str) -> None:
    for labels in ((), ("a", "b", "c")):
        network = Network.build(source=[], target=[], weight=[], unit="links", isolated=labels)
        assert METHODS[name].group(network).tolist() == list(range(len(labels)))


@pytest.mark.parametrize("name", ["infomap", "leiden"])
def test_cliques_in_a_ring_are_the_groups(name: str) -> None:
    network = _cliques(5, 6)
    expected = in_order(np.array([int(label.split(".")[0]) for label in network.ids]))
    assert METHODS[name].group(network, seed=7).tolist() == expected.tolist()


@pytest.mark.parametrize("name", sorted(METHODS))
def test_the_same_seed_gives_the_same_groups_whatever_ran_before(name: str) -> None:
    rng = np.random.default_rng(0)
    network = Network.of(*((f"v{a}", f"v{b}", float(w)) for a, b, w in rng.integers(1, 60, (300, 3))))
    first = METHODS[name].group(network, seed=3)
    igraph.Graph.Erdos_Renyi(50, 0.1)  # moves igraph's own generator on
    assert METHODS[name].group(network, seed=3).tolist() == first.tolist()


@given(_EDGES)
@settings(max_examples=30, deadline=None)
def test_components_are_those_of_networkx(edges: list[tuple[str, str, float]]) -> None:
    network = Network.of(*edges)
    labels = METHODS["components"].group(network)
    got = {frozenset(network.ids[i] for i in np.flatnonzero(labels == group)) for group in set(labels.tolist())}
    assert got == {frozenset(part) for part in networkx.weakly_connected_components(network.networkx)}
    sizes = np.bincount(labels).tolist()
    assert sizes == sorted(sizes, reverse=True)


@given(_EDGES, st.booleans(), st.lists(st.integers(0, 3), min_size=9, max_size=9))
@settings(max_examples=40, deadline=None)
def test_modularity_is_that_of_igraph(edges: list[tuple[str, str, float]], directed: bool, drawn: list[int]) -> None:
    network = Network.of(*((s, t, w) for s, t, w in edges if s != t), directed=directed)
    if network.edge_count == 0:
        return
    labels = np.array(drawn[: network.size])
    graph = igraph.Graph(n=network.size, edges=np.column_stack([network.source, network.target]), directed=False)
    expected = graph.modularity(labels.tolist(), weights=network.weight.tolist())
    assert modularity(network, labels) == pytest.approx(expected, abs=1e-12)


@given(_PARTITIONS)
@settings(max_examples=60, deadline=None)
def test_agreement_is_the_adjusted_rand_index_of_igraph(both: tuple[list[int], list[int]]) -> None:
    one, other = np.array(both[0]), np.array(both[1])
    # Where each is alone, or all are together, in both, igraph divides 0 by 0; the two say the same, so they agree.
    alike = all(len(set(labels)) == len(labels) for labels in both) or all(len(set(labels)) == 1 for labels in both)
    expected = 1.0 if alike else igraph.compare_communities(*both, method="adjusted_rand")
    assert agreement(in_order(one), in_order(other)) == pytest.approx(expected, abs=1e-12)


def test_participation_is_spread_over_groups() -> None:
    # hub: two ties in each of two groups: 1 - (2/4)² - (2/4)² = 0.5; the others have all ties in one group.
    network = Network.of(("hub", "a"), ("hub", "b"), ("hub", "x"), ("hub", "y"))
    labels = np.array([0, 0, 0, 1, 1])  # a, b, hub | x, y
    spread, inside = participation(network, labels)
    assert spread.tolist() == [0.0, 0.0, 0.5, 0.0, 0.0]
    assert inside.tolist() == [1.0, 1.0, 2.0, 0.0, 0.0]

"""Networks in arrays: numbering, exact amounts, what removal leaves."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.graph import Network

_LABELS = st.sampled_from(["a", "b", "c", "d", "é", "Z"])
_EDGES = st.lists(st.tuples(_LABELS, _LABELS, st.integers(1, 99)), max_size=15)


def _money(edges: list[tuple[str, str, int]]) -> Network:
    return Network.build(
        source=[edge[0] for edge in edges],
        target=[edge[1] for edge in edges],
        weight=[edge[2] / 100 for edge in edges],
        minor=[edge[2] for edge in edges],
        scale=100,
        unit="EUR",
        isolated=["lonely"],
        edges={"place": list(range(len(edges)))},
        vertices={},
    )


@given(_EDGES)
@settings(max_examples=60, deadline=None)
def test_numbering_and_order_do_not_depend_on_the_order_of_the_edges(edges: list[tuple[str, str, int]]) -> None:
    one, other = _money(edges), _money(sorted(edges, reverse=True))
    assert one.ids == other.ids == tuple(sorted({"lonely", *(end for edge in edges for end in edge[:2])}))
    assert one.source.tolist() == other.source.tolist()
    assert one.target.tolist() == other.target.tolist()


@given(_EDGES)
@settings(max_examples=60, deadline=None)
def test_columns_stay_with_their_edge(edges: list[tuple[str, str, int]]) -> None:
    network = _money(edges)
    assert network.minor is not None
    for number, place in enumerate(network.edges["place"]):
        source, target, minor = edges[place]
        assert (network.ids[network.source[number]], network.ids[network.target[number]]) == (source, target)
        assert network.minor[number] == minor


@given(_EDGES, st.sets(st.integers(0, 6)))
@settings(max_examples=60, deadline=None)
def test_removal_keeps_exactly_the_edges_between_those_left(
    edges: list[tuple[str, str, int]], removed: set[int]
) -> None:
    network = _money(edges)
    gone = {number for number in removed if number < network.size}
    names = {network.ids[number] for number in gone}
    left = network.without(gone)
    expected = sorted((s, t, w) for s, t, w in edges if s not in names and t not in names)
    assert left.minor is not None
    got = sorted(
        (left.ids[s], left.ids[t], int(w)) for s, t, w in zip(left.source, left.target, left.minor, strict=True)
    )
    assert got == expected
    assert left.ids == tuple(label for label in network.ids if label not in names)


def test_amounts_are_exact_decimals() -> None:
    network = _money([("a", "b", 1), ("a", "b", 2)])
    assert network.minor is not None
    # 0.1 + 0.2 is not 0.3 in floats; one cent and two cents are three cents.
    assert network.amount(int(network.minor.sum())) == Decimal("0.03")


def test_neighbours_are_simple_and_undirected() -> None:
    network = Network.of(("a", "b"), ("b", "a"), ("a", "b"), ("c", "c"), ("b", "c"))
    pointers, heads = network.neighbours
    listed = {network.ids[i]: heads[pointers[i] : pointers[i + 1]].tolist() for i in range(network.size)}
    assert listed == {"a": [1], "b": [0, 2], "c": [1]}


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="different lengths"):
        Network(
            ids=("a",), source=np.zeros(1, np.int64), target=np.zeros(1, np.int64), weight=np.zeros(2), unit="links"
        )


def test_an_edge_to_a_vertex_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="not there"):
        Network(ids=("a",), source=np.zeros(1, np.int64), target=np.ones(1, np.int64), weight=np.ones(1), unit="links")


def test_the_three_views_hold_the_same_edges() -> None:
    network = Network.of(("a", "b", 2.5), ("b", "c", 1), ("a", "b", 4))
    frame = list(network.frame[["source", "target", "weight"]].itertuples(index=False, name=None))
    graph = network.igraph
    from_igraph = [(graph.vs[edge.source]["name"], graph.vs[edge.target]["name"], edge["weight"]) for edge in graph.es]
    from_networkx = [(s, t, weight) for s, t, weight in network.networkx.edges(data="weight")]
    assert frame == from_igraph == [("a", "b", 2.5), ("a", "b", 4.0), ("b", "c", 1.0)]
    assert sorted(from_networkx) == sorted(frame)

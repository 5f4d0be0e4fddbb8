"""The k shortest ways against networkx, which lists all simple paths."""

from __future__ import annotations

import networkx
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.analysis.routes import distances, shortest_ways
from finnet.graph import Network

_LABELS = st.sampled_from([f"v{number}" for number in range(8)])
_EDGES = st.lists(st.tuples(_LABELS, _LABELS), min_size=1, max_size=18)


def _plain(network: Network, directed: bool) -> networkx.Graph[int]:
    graph: networkx.Graph[int] = networkx.DiGraph() if directed else networkx.Graph()
    graph.add_nodes_from(range(network.size))
    ends = zip(network.source.tolist(), network.target.tolist(), strict=True)
    graph.add_edges_from((one, other) for one, other in ends if one != other)
    return graph


@given(_EDGES, st.booleans(), st.integers(1, 8))
@settings(max_examples=80, deadline=None)
def test_the_ways_are_the_shortest_simple_paths_in_order(
    edges: list[tuple[str, str]], directed: bool, most: int
) -> None:
    network = Network.of(*edges)
    start, end = 0, network.size - 1
    if start == end:
        return
    every = networkx.all_simple_paths(_plain(network, directed), start, end)
    expected = sorted((tuple(path) for path in every), key=lambda path: (len(path), path))[:most]
    assert shortest_ways(network, start, end, most=most, directed=directed) == expected


@given(_EDGES)
@settings(max_examples=40, deadline=None)
def test_distances_are_those_of_networkx(edges: list[tuple[str, str]]) -> None:
    network = Network.of(*edges)
    expected = networkx.single_source_shortest_path_length(_plain(network, False), 0)
    got = distances(network.neighbours, 0).tolist()
    assert got == [expected.get(number, -1) for number in range(network.size)]
    near = distances(network.neighbours, 0, most=1).tolist()
    assert near == [steps if steps <= 1 else -1 for steps in got]

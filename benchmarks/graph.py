"""Networks and metrics beside igraph and networkx on the same edges.

The large network has 100,000 parties and a million edges, ends drawn with a bias towards few; the small one, for what
networkx takes long over, 500 parties and 5,000 edges. Weights are whole euros.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from benchmarks import Comparison, seconds
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.metrics import betweenness, brokerage, degree, hits, kcore, pagerank, strength
from finnet.analysis.objectives import flow
from finnet.graph.network import Network

if TYPE_CHECKING:
    import networkx

__all__ = ["comparisons", "synthetic"]

_LARGE = (100_000, 1_000_000)
_MIDDLE = (2_000, 20_000)
_SMALL = (500, 5_000)


def synthetic(parties: int, edges: int, seed: int = 0) -> Network:
    """Different pairs drawn with density ~ rank^(-4/9), whole log-normal weights of at least 1."""
    generator = np.random.default_rng(seed)
    drawn = (generator.random((2, 2 * edges)) ** 1.8 * parties).astype(np.int64)
    shuffled = generator.permutation(parties)
    tails, heads = shuffled[drawn]
    pairs = np.unique(tails[tails != heads] * parties + heads[tails != heads])
    pairs = np.sort(generator.permutation(pairs)[:edges])
    minor = np.maximum(1, np.exp(generator.normal(5, 1.5, len(pairs)))).astype(np.int64) * 100
    width = len(str(parties))
    return Network(
        ids=tuple(f"p{number:0{width}}" for number in range(parties)),
        source=pairs // parties,
        target=pairs % parties,
        weight=minor / 100.0,
        minor=minor,
        scale=100,
        unit="EUR",
    )


def comparisons() -> Iterator[Comparison]:
    """Each with both sides checked to give the same answer where they compute the same thing."""
    import networkx

    network = synthetic(*_LARGE)
    size = f"{network.size:,} parties, {network.edge_count:,} edges"
    yield from _building(network, size)
    graph: networkx.DiGraph[int] = networkx.DiGraph()
    graph.add_weighted_edges_from(
        zip(network.source.tolist(), network.target.tolist(), network.weight.tolist(), strict=True)
    )
    yield from _scoring(network, graph, size)
    yield from _between()
    yield from _flowing()


def _building(network: Network, size: str) -> Iterator[Comparison]:
    import igraph
    import networkx

    # As a case hands edges over: sorted, as arrays.
    def arrays() -> None:
        fresh = synthetic_copy(network)
        _ = fresh.outgoing, fresh.incoming

    def of_igraph() -> None:
        ends = np.column_stack([network.source, network.target])
        graph = igraph.Graph(n=network.size, edges=ends, directed=True)
        graph.es["weight"] = network.weight.tolist()

    def of_networkx() -> None:
        graph: networkx.DiGraph[int] = networkx.DiGraph()
        graph.add_nodes_from(range(network.size))
        graph.add_weighted_edges_from(
            zip(network.source.tolist(), network.target.tolist(), network.weight.tolist(), strict=True)
        )

    ours = seconds(arrays)
    yield Comparison(what=f"build, {size}", finnet=ours, peer="igraph", seconds=seconds(of_igraph, times=2))
    yield Comparison(what=f"build, {size}", finnet=ours, peer="networkx", seconds=seconds(of_networkx, times=1))


def synthetic_copy(network: Network) -> Network:
    """The same network with nothing computed yet."""
    return Network(
        ids=network.ids,
        source=network.source,
        target=network.target,
        weight=network.weight,
        minor=network.minor,
        scale=network.scale,
        unit=network.unit,
    )


def _scoring(network: Network, graph: networkx.DiGraph[int], size: str) -> Iterator[Comparison]:
    import networkx

    ranks: dict[str, object] = {}

    def theirs() -> None:
        ranks["networkx"] = networkx.pagerank(graph, weight="weight", tol=1e-12, max_iter=1_000)

    def ours() -> None:
        ranks["finnet"] = pagerank.score(synthetic_copy(network))["score"]

    taken = seconds(ours)
    yield Comparison(what=f"pagerank, {size}", finnet=taken, peer="networkx", seconds=seconds(theirs, times=1))
    by_networkx, by_finnet = ranks["networkx"], ranks["finnet"]
    assert isinstance(by_networkx, dict)
    assert isinstance(by_finnet, np.ndarray)
    assert max(abs(by_finnet[vertex] - value) for vertex, value in by_networkx.items()) < 1e-9
    yield Comparison(
        what=f"hits, {size}",
        finnet=seconds(lambda: hits.score(synthetic_copy(network)), times=1),
        peer="networkx",
        seconds=seconds(lambda: networkx.hits(graph, max_iter=1_000), times=1),
    )
    yield Comparison(
        what=f"degree, {size}",
        finnet=seconds(lambda: degree.score(synthetic_copy(network))),
        peer="networkx",
        seconds=seconds(lambda: {vertex: len({*graph.succ[vertex], *graph.pred[vertex]}) for vertex in graph}, times=1),
    )
    yield Comparison(
        what=f"strength, {size}",
        finnet=seconds(lambda: strength.score(synthetic_copy(network))),
        peer="networkx",
        seconds=seconds(lambda: dict(graph.degree(weight="weight")), times=1),
    )
    undirected = graph.to_undirected()
    for compiled in (kcore, brokerage):
        compiled.score(synthetic(*_SMALL))  # compiled on first use; that is not what is measured
    yield Comparison(
        what=f"kcore, {size}",
        finnet=seconds(lambda: kcore.score(synthetic_copy(network)), times=1),
        peer="networkx",
        seconds=seconds(lambda: networkx.core_number(undirected), times=1),
    )
    yield Comparison(
        what=f"brokerage beside triangles, {size}",
        finnet=seconds(lambda: brokerage.score(synthetic_copy(network)), times=1),
        peer="networkx",
        seconds=seconds(lambda: networkx.triangles(undirected), times=1),
    )


def _between() -> Iterator[Comparison]:
    import networkx

    network = synthetic(*_SMALL)
    size = f"{network.size:,} parties, {network.edge_count:,} edges"
    graph: networkx.DiGraph[int] = networkx.DiGraph()
    graph.add_nodes_from(range(network.size))
    graph.add_edges_from(
        (tail, head, {"length": 1.0 / weight})
        for tail, head, weight in zip(
            network.source.tolist(), network.target.tolist(), network.weight.tolist(), strict=True
        )
    )
    found: dict[str, list[float]] = {}

    def ours() -> None:
        found["finnet"] = betweenness.score(synthetic_copy(network))["score"].tolist()

    def theirs() -> None:
        scores = networkx.betweenness_centrality(graph, weight="length", normalized=False)
        found["networkx"] = [scores[vertex] for vertex in range(network.size)]

    yield Comparison(
        what=f"betweenness, {size}", finnet=seconds(ours), peer="networkx", seconds=seconds(theirs, times=1)
    )
    assert np.allclose(found["finnet"], found["networkx"], rtol=1e-6, atol=1e-6)


def _flowing() -> Iterator[Comparison]:
    import networkx

    network = synthetic(*_MIDDLE)
    size = f"{network.size:,} parties, {network.edge_count:,} edges"
    assert network.minor is not None
    degrees = np.argsort(np.bincount(network.source, minlength=network.size), kind="stable")
    source, sink = int(degrees[-3]), int(degrees[-5])
    graph: networkx.DiGraph[int] = networkx.DiGraph()
    graph.add_edges_from(
        (tail, head, {"capacity": capacity})
        for tail, head, capacity in zip(
            network.source.tolist(), network.target.tolist(), network.minor.tolist(), strict=True
        )
    )
    found: dict[str, int] = {}

    def ours() -> None:
        fresh = synthetic_copy(network)
        situation = Situation.of(fresh, sources=[fresh.ids[source]], exits=[fresh.ids[sink]])
        found["finnet"] = int(flow.value(situation, []))

    def theirs() -> None:
        found["networkx"] = int(networkx.maximum_flow_value(graph, source, sink))

    ours()  # compiled on first use
    yield Comparison(
        what=f"maximum flow, {size}", finnet=seconds(ours), peer="networkx", seconds=seconds(theirs, times=1)
    )
    assert found["finnet"] == found["networkx"]

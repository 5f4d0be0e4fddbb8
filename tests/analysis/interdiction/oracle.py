"""Brute force with networkx: what is left by every set, for networks small enough."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

import networkx
import numpy as np

from finnet.analysis.interdiction.situation import Situation
from finnet.graph.network import Network

__all__ = ["best_left", "flow_left", "random_situation", "reached_left"]


def open_links(situation: Situation, chosen: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    network = situation.network
    severed = situation.severed(chosen)
    for edge in np.flatnonzero(~severed).tolist():
        tail, head, weight = int(network.source[edge]), int(network.target[edge]), int(network.weight[edge])
        yield tail, head, weight
        if not network.directed:
            yield head, tail, weight


def flow_left(situation: Situation, chosen: Sequence[int]) -> int:
    """Maximum flow by networkx between two added nodes, S and T."""
    graph: networkx.DiGraph[int | str] = networkx.DiGraph()
    graph.add_nodes_from(["S", "T"])
    for tail, head, weight in open_links(situation, chosen):
        if graph.has_edge(tail, head):
            graph[tail][head]["capacity"] += weight
        else:
            graph.add_edge(tail, head, capacity=weight)
    graph.add_edges_from(("S", int(one)) for one in situation.sources)
    graph.add_edges_from((int(one), "T") for one in situation.exits)
    return int(networkx.maximum_flow_value(graph, "S", "T"))


def reached_left(situation: Situation, chosen: Sequence[int]) -> int:
    """How many others the seeds reach, by networkx."""
    graph: networkx.DiGraph[int] = networkx.DiGraph()
    graph.add_nodes_from(range(situation.network.size))
    graph.add_edges_from((tail, head) for tail, head, _ in open_links(situation, chosen))
    found = {one for seed in situation.sources.tolist() for one in networkx.descendants(graph, seed)}
    return len(found - set(situation.sources.tolist()))


def best_left(left: Callable[[Situation, Sequence[int]], int], situation: Situation, budget: int) -> int:
    """The least that any set within the budget leaves."""
    candidates = situation.candidates.tolist()
    return min(
        left(situation, chosen)
        for size in range(min(budget, len(candidates)) + 1)
        for chosen in itertools.combinations(candidates, size)
        if situation.total_cost(chosen) <= budget and set(situation.forced.tolist()) <= set(chosen)
    )


def random_situation(seed: int, *, largest: int = 12, exits: bool = True) -> tuple[Situation, int]:
    """A small random situation and a budget: some undirected, some with costs, some with links nobody enforces."""
    generator = np.random.default_rng(seed)
    size = int(generator.integers(5, largest + 1))
    ends = generator.integers(0, size, (int(generator.integers(size, 4 * size)), 2))
    weights = generator.integers(1, 21, len(ends))
    names = [f"v{place:02}" for place in range(size)]
    network = Network.build(
        source=[names[tail] for tail in ends[:, 0]],
        target=[names[head] for head in ends[:, 1]],
        weight=weights.astype(float),
        unit="EUR",
        directed=bool(generator.random() < 0.8),
        isolated=names,
    )
    drawn = [names[place] for place in generator.permutation(size)]
    seeds, rest = drawn[: 1 + seed % 2], drawn[1 + seed % 2 :]
    ended, rest = (rest[:1], rest[1:]) if exits else ([], rest)
    priced = {name: int(generator.integers(1, 4)) for name in names} if generator.random() < 0.4 else {}
    budget = int(generator.integers(0, 5))
    forced = rest[:1] if budget >= 3 and generator.random() < 0.3 else []
    situation = Situation.of(
        network,
        sources=seeds,
        exits=ended,
        cost=priced,
        exclude=rest[1:2] if generator.random() < 0.3 else [],
        in_force=rest[2:3] if generator.random() < 0.2 and len(rest) > 2 else [],
        forced=forced,
        enforced=generator.random(network.edge_count) < 0.7 if generator.random() < 0.4 else None,
    )
    return situation, budget

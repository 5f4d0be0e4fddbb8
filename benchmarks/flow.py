"""Choke points of flows: what is left, the proven bound and the time, beside HiGHS, a greedy search and top-k by
volume.

    python benchmarks/flow.py            the table of sets, up to 100,000 links
    python benchmarks/flow.py --large    with a million links
    python benchmarks/flow.py --peers    maximum flow alone: finnet, OR-tools, scipy, igraph, networkx

Instances are synthetic: ``scale_free`` draws payers and payees with a bias towards few, log-normal amounts, twenty
seeds and twenty exits of middling degree; ``layered`` has twenty sources, shells, forty brokers with room to spare,
exit shells, twenty exits, and noise around them. Read the ratios, not the seconds.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import TypeVar

import numpy as np

from finnet.analysis.interdiction.baselines import volume
from finnet.analysis.interdiction.flow_exact import programme, solve
from finnet.analysis.interdiction.flow_gates import Gates
from finnet.analysis.interdiction.flow_greedy import fill
from finnet.analysis.interdiction.flow_maximum import augment, residual_of
from finnet.analysis.interdiction.flow_network import ENTRY, EXIT, FlowNetwork
from finnet.analysis.interdiction.flow_state import FlowState
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Limits
from finnet.analysis.objectives import flow
from finnet.graph.network import IntArray, Network

__all__ = ["layered", "main", "scale_free"]

Found = TypeVar("Found")

HIGHS_SECONDS = 100.0
HIGHS_MOST_LINKS = 100_000


def scale_free(parties: int, links: int, seed: int = 0, ends: int = 20) -> Situation:
    """Parties drawn with density ~ rank^(-4/9), amounts exp(N(5, 1.5)), seeds and exits of middling degree."""
    generator = np.random.default_rng(seed)
    tail = (generator.random(links) ** 1.8 * parties).astype(int)
    head = (generator.random(links) ** 1.8 * parties).astype(int)
    shuffled = generator.permutation(parties)
    tail, head = shuffled[tail], shuffled[head]
    apart = tail != head
    pairs = np.unique(tail[apart].astype(np.int64) * parties + head[apart])
    tail, head = pairs // parties, pairs % parties
    amount = np.maximum(1, np.exp(generator.normal(5, 1.5, len(pairs)))).astype(np.int64)
    degree = np.bincount(tail, minlength=parties) + np.bincount(head, minlength=parties)
    middle = np.argsort(degree)[parties // 3 : 2 * parties // 3]
    seeds = generator.choice(middle, ends, replace=False)
    exits = generator.choice(np.setdiff1d(middle, seeds), ends, replace=False)
    return _situation(parties, tail, head, amount, seeds, exits)


def layered(scale: int, seed: int = 0) -> Situation:
    """20 sources → 200·scale shells → 40 brokers, a few large → 200·scale shells → 20 exits; noise around them."""
    generator = np.random.default_rng(seed)
    counts = [20, 200 * scale, 40, 200 * scale, 20, 1000 * scale]
    starts = np.concatenate([[0], np.cumsum(counts)])
    sources, shells, brokers, outer, exits, noise = (
        np.arange(starts[place], starts[place + 1]) for place in range(len(counts))
    )
    parts: list[tuple[IntArray, IntArray, IntArray]] = []

    def add(tail: IntArray, head: IntArray, amount: IntArray) -> None:
        parts.append((np.asarray(tail), np.asarray(head), np.asarray(amount)))

    share = 1 / np.arange(1, len(brokers) + 1) ** 0.8
    share /= share.sum()
    each = len(shells)
    for _ in range(3):
        add(generator.choice(sources, each), shells, generator.integers(50, 150, each))
    for _ in range(4):
        add(shells, generator.choice(brokers, each, p=share), generator.integers(60, 160, each))
    for _ in range(4):
        add(generator.choice(brokers, each, p=share), outer, generator.integers(60, 160, each))
    for _ in range(3):
        add(outer, generator.choice(exits, each), generator.integers(50, 150, each))
    many = 4000 * scale
    add(
        generator.choice(np.concatenate([shells, noise]), many),
        generator.choice(np.concatenate([outer, noise]), many),
        generator.integers(1, 30, many),
    )
    tail, head, amount = (np.concatenate([part[place] for part in parts]) for place in range(3))
    apart = tail != head
    return _situation(int(starts[-1]), tail[apart], head[apart], amount[apart].astype(np.int64), sources, exits)


def _situation(
    parties: int, tail: IntArray, head: IntArray, amount: IntArray, seeds: IntArray, exits: IntArray
) -> Situation:
    order = np.lexsort((head, tail))
    ids = tuple(f"{place:07}" for place in range(parties))
    network = Network(
        ids=ids,
        source=tail[order].astype(np.int64),
        target=head[order].astype(np.int64),
        weight=amount[order] / 1.0,
        minor=amount[order],
        unit="units",
    )
    return Situation.of(network, sources=[ids[one] for one in seeds], exits=[ids[one] for one in exits])


def _timed(work: Callable[[], Found]) -> tuple[Found, float]:
    begun = perf_counter()
    return work(), perf_counter() - begun


def _greedy(flows: FlowNetwork, budget: int) -> int:
    state = FlowState(Gates.of(flows))
    fill(state, budget, width=25, pairs=0)
    return state.value


def sets(*, large: bool) -> None:
    """One line per instance: before, after, gap, seconds; the integer programme, greedy and top-k by volume."""
    flow.search(scale_free(300, 900), Limits(budget=2))  # compiles
    flow.substitutes(scale_free(300, 900), ())
    asked: list[tuple[str, Callable[[], Situation], int]] = [
        ("scale-free 1e4", lambda: scale_free(3_000, 10_000), 5),
        ("scale-free 1e4", lambda: scale_free(3_000, 10_000), 10),
        ("layered 6.8e3", lambda: layered(1), 5),
        ("layered 6.8e3", lambda: layered(1), 10),
        ("layered 8e4", lambda: layered(12), 10),
        ("scale-free 1e5", lambda: scale_free(30_000, 100_000), 5),
    ]
    if large:
        asked.append(("scale-free 1e6", lambda: scale_free(300_000, 1_000_000), 5))
    print(
        "instance        k   before    after    gap proved  seconds |  greedy  seconds | by volume |"
        "    HiGHS  seconds  ratio"
    )
    for name, make, budget in asked:
        situation = make()
        solution, seconds = _timed(partial(flow.search, situation, Limits(budget=budget)))
        flows = FlowNetwork.of(situation)
        greedy, greedy_seconds = _timed(partial(_greedy, flows, budget))
        ranked = volume(situation.network)[situation.candidates]
        top = situation.candidates[np.argsort(-ranked, kind="stable")[:budget]]
        by_volume = flow.value(situation, top.tolist())
        line = (
            f"{name:15}{budget:2} {solution.before:8,} {solution.after:8,} {solution.gap:6.2%} {solution.optimal!s:6} "
            f"{seconds:8.2f} |{greedy:8,} {greedy_seconds:8.2f} | {by_volume:9,} |"
        )
        if situation.network.edge_count <= HIGHS_MOST_LINKS:
            asked_of_highs = programme(flows, situation)
            proven, highs = _timed(partial(solve, asked_of_highs, budget, seconds=HIGHS_SECONDS))
            left = flow.value(situation, proven.chosen)
            line += f" {left:8,} {highs:8.2f} {highs / seconds:5.0f}x"
        print(line, flush=True)


def peers() -> None:
    """Maximum flow alone, on the same arcs: seconds of each and its ratio to finnet's."""
    import igraph
    import networkx
    from ortools.graph.python import max_flow
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_flow

    flow.value(scale_free(300, 900), [])
    print("instance          arcs     flow  finnet |  OR-tools     scipy    igraph  networkx")
    for name, situation in (
        ("scale-free 1e4", scale_free(3_000, 10_000)),
        ("layered 6.8e3", layered(1)),
        ("scale-free 1e5", scale_free(30_000, 100_000)),
        ("layered 8e4", layered(12)),
    ):
        flows = FlowNetwork.of(situation)
        arcs, capacity, whole = flows.arcs, flows.capacity, flows.maximum
        tail, head = arcs.tail.astype(np.int32), arcs.head.astype(np.int32)

        def ours(arcs: object = arcs, capacity: IntArray = capacity) -> int:
            return augment(arcs, residual_of(capacity), ENTRY, EXIT)  # type: ignore[arg-type]

        def ortools(tail: object = tail, head: object = head, capacity: IntArray = capacity) -> int:
            solver = max_flow.SimpleMaxFlow()
            solver.add_arcs_with_capacity(tail, head, capacity)
            solver.solve(ENTRY, EXIT)
            return int(solver.optimal_flow())

        def scipy(flows: FlowNetwork = flows) -> int:
            graph = csr_array(
                (flows.capacity.astype(np.int32), (flows.arcs.tail, flows.arcs.head)), shape=(flows.size, flows.size)
            )
            return int(maximum_flow(graph, ENTRY, EXIT, method="dinic").flow_value)

        def by_igraph(flows: FlowNetwork = flows) -> int:
            graph = igraph.Graph(n=flows.size, edges=np.column_stack([flows.arcs.tail, flows.arcs.head]), directed=True)
            return int(graph.maxflow_value(ENTRY, EXIT, capacity=flows.capacity.tolist()))

        def by_networkx(flows: FlowNetwork = flows) -> int:
            graph: networkx.DiGraph[int] = networkx.DiGraph()
            for one, other, room in zip(
                flows.arcs.tail.tolist(), flows.arcs.head.tolist(), flows.capacity.tolist(), strict=True
            ):
                graph.add_edge(one, other, capacity=room)
            return int(networkx.maximum_flow_value(graph, ENTRY, EXIT))

        value, seconds = min((_timed(ours) for _ in range(5)), key=lambda one: one[1])
        ratios = []
        for peer, repeats in ((ortools, 5), (scipy, 3), (by_igraph, 3), (by_networkx, 1 if len(tail) < 20_000 else 0)):
            runs = [_timed(peer) for _ in range(repeats)]
            if any(found != value for found, _ in runs):
                raise SystemExit(f"{name}: {peer.__name__} finds another flow")
            ratios.append(f"{min(one for _, one in runs) / seconds:8.1f}x" if runs else "        –")
        print(f"{name:15}{len(tail):7,} {whole:8,} {seconds * 1000:5.1f}ms | {' '.join(ratios)}", flush=True)


def main() -> None:
    """Reads the options and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", action="store_true", help="also a million links")
    parser.add_argument("--peers", action="store_true", help="maximum flow alone, beside other libraries")
    options = parser.parse_args()
    if options.peers:
        peers()
    else:
        sets(large=options.large)


if __name__ == "__main__":
    main()

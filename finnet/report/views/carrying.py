"""The part of a network that carries the most from the seeds to the exits, and the links that all of it must cross."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from finnet.errors import UsageError
from finnet.graph.network import IntArray, Network, taken
from finnet.report.views.reduction import Reduction, surroundings

__all__ = ["carrying"]


def carrying(
    network: Network, seeds: Sequence[int], exits: Sequence[int], *, also: Sequence[int] = (), limit: int
) -> Reduction:
    """Seeds, exits, ``also``, and whoever carries one largest flow between them, with the links that carry it.

    ``cut`` are the links of a smallest cut: together they are as large as the flow, so all that passes has to cross one
    of them. There may be other flows and cuts as large. Above ``limit`` parties only those nearest are kept.

    >>> network = Network.of(("s", "a", 5), ("a", "x", 3), ("s", "b", 2), ("b", "x", 9), ("b", "y", 9))
    >>> drawn = carrying(network, [network.number["s"]], [network.number["x"]], limit=9)
    >>> drawn.network.ids, sorted(drawn.cut)
    (('a', 'b', 's', 'x'), [('a', 'x'), ('s', 'b')])

    Raises: UsageError without seeds or exits, or where links have no direction.
    """
    import igraph

    if not seeds or not exits:
        raise UsageError("a picture of flows needs seeds and exits", hint="say --from and --to")
    if not network.directed:
        raise UsageError("a picture of flows needs links with a direction", hint="leave --undirected away")
    source, sink = network.size, network.size + 1
    sizes = network.minor if network.minor is not None else network.weight
    everything = float(np.abs(sizes).sum()) + 1
    ends = [(source, one) for one in seeds] + [(one, sink) for one in exits]
    graph = igraph.Graph(
        n=network.size + 2, edges=np.vstack([np.column_stack([network.source, network.target]), ends]), directed=True
    )
    capacity = [*np.maximum(sizes, 0).astype(float).tolist(), *([everything] * len(ends))]
    found = graph.maxflow(source, sink, capacity=capacity)
    carried = np.array(found.flow[: network.edge_count]) > 0
    cut = np.array([edge for edge in found.cut if edge < network.edge_count], np.int64)
    kept_edges = np.flatnonzero(carried)
    kept = np.zeros(network.size, bool)
    beside = np.isin(network.source, list(also)) | np.isin(network.target, list(also))
    for vertices in (seeds, exits, also, network.source[kept_edges], network.target[kept_edges]):
        kept[list(vertices)] = True
    # A choke point that another could stand in for may carry nothing in this flow: its links are shown all the same.
    kept_edges = np.flatnonzero(carried | (beside & kept[network.source] & kept[network.target]))
    drawn, inside = _only(network, kept, kept_edges)
    pairs = frozenset((network.ids[network.source[edge]], network.ids[network.target[edge]]) for edge in cut.tolist())
    amount = f"{network.amount(round(found.value)):,}" if network.minor is not None else f"{found.value:,.6g}"
    sentence = (
        f"Drawn are the {drawn.size:,} of {network.size:,} parties and {drawn.edge_count:,} of {network.edge_count:,} "
        f"links on which one largest flow from the seeds to the exits runs, {amount} {network.unit}"
        f"{', and the links of the choke points' if also else ''}; other flows may be as large. All of "
        f"it has to cross the {len(pairs):,} links of the cut."
    )
    if drawn.size > limit:
        centres = [drawn.number[network.ids[one]] for one in (*also, *seeds, *exits)]
        nearer = surroundings(drawn, centres, limit=limit)
        again = np.where(inside >= 0, nearer.inside[inside], -1)
        return Reduction(
            network=nearer.network,
            sentence=f"{sentence} {nearer.sentence}",
            members=nearer.members,
            inside=again,
            cut=pairs,
        )
    return Reduction(network=drawn, sentence=sentence, members=np.ones(drawn.size, np.int64), inside=inside, cut=pairs)


def _only(
    network: Network, kept: np.ndarray[tuple[int], np.dtype[np.bool_]], edges: IntArray
) -> tuple[Network, IntArray]:
    from dataclasses import replace

    carriers = replace(
        network,
        source=network.source[edges],
        target=network.target[edges],
        weight=network.weight[edges],
        minor=None if network.minor is None else network.minor[edges],
        edges={name: taken(column, edges) for name, column in network.edges.items()},
    )
    return carriers.without(np.flatnonzero(~kept).tolist()), np.where(kept, np.cumsum(kept) - 1, -1)

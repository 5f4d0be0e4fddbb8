"""Reach as a flow: every party that is reached lets its worth run off, and links let everything through.

The maximum flow is then the worth of all who are reached, whatever is chosen, and all that is known about flows
(bounds, rerouting, proofs) holds for reach.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np

from finnet.analysis.interdiction.flow_maximum import Arcs, reachable
from finnet.analysis.interdiction.flow_network import ENTRY, EXIT, FlowNetwork
from finnet.analysis.interdiction.situation import BoolArray, Situation
from finnet.graph.network import IntArray

__all__ = ["reach_network", "reached", "worth"]

_MADE: WeakKeyDictionary[Situation, FlowNetwork] = WeakKeyDictionary()


def worth(situation: Situation) -> IntArray:
    """What each party counts for: the vertex column ``value`` in whole numbers where there is one, else 1; seeds 0."""
    values = situation.network.vertices.get("value")
    counts = np.ones(situation.network.size, np.int64) if values is None else np.asarray(values).astype(np.int64)
    counts = np.maximum(counts, 0)
    counts[situation.sources] = 0
    return counts


def reached(situation: Situation, severed: BoolArray) -> BoolArray:
    """Per vertex: whether a seed reaches it over links that are not severed; seeds reach themselves."""
    arcs, open_arcs = _arcs(situation)
    closed = severed if situation.network.directed else np.tile(severed, 2)
    residual = np.zeros(2 * len(arcs.tail), np.int64)
    residual[0::2] = np.concatenate([~closed, np.ones(open_arcs, bool)])
    return reachable(arcs, residual, situation.network.size)[:-1]


def reach_network(situation: Situation) -> FlowNetwork:
    """The flow network of a question of reach, made once."""
    if situation not in _MADE:
        _MADE[situation] = _make(situation)
    return _MADE[situation]


def _make(situation: Situation) -> FlowNetwork:
    network = situation.network
    seen = reached(situation, situation.base)
    tail, head, closed = network.source, network.target, situation.base
    severable = np.ones(len(tail), bool) if situation.enforced is None else situation.enforced
    if not network.directed:
        tail, head = np.concatenate([tail, head]), np.concatenate([head, tail])
        closed, severable = np.tile(closed, 2), np.tile(severable, 2)
    counts = worth(situation)
    whole = int(counts[seen].sum())
    folded = np.full(network.size, -1, np.int64)
    outside = seen.copy()
    outside[situation.sources] = False
    vertex = np.flatnonzero(outside)
    folded[vertex] = np.arange(len(vertex)) + 2
    folded[situation.sources] = ENTRY
    kept = np.flatnonzero(~closed & seen[tail] & outside[head] & (tail != head))
    key, arc = np.unique(
        (folded[tail[kept]] * (len(vertex) + 2) + folded[head[kept]]) * 2 + severable[kept], return_inverse=True
    )
    pairs, severs = key // 2, key % 2 == 1
    arc_of_edge = np.full(len(tail), -1, np.int64)
    arc_of_edge[kept] = arc
    counted = vertex[counts[vertex] > 0]
    # Who is chosen is no longer reached; where nobody enforces some links, that depends on which link leads to him.
    plain = np.full(len(counted), situation.enforced is None)
    tails = np.concatenate([pairs // (len(vertex) + 2), folded[counted]])
    heads = np.concatenate([pairs % (len(vertex) + 2), np.full(len(counted), EXIT, np.int64)])
    node = folded.copy()
    node[situation.sources] = -1
    eligible = np.zeros(network.size, bool)
    cost = np.ones(network.size, np.int64)
    if situation.chooses_parties:
        eligible[situation.candidates] = True
        cost = situation.cost
    candidate = np.concatenate([[False, False], eligible[vertex]])
    prices = np.concatenate([[1, 1], cost[vertex]])
    if situation.is_plain:
        candidate &= ~_overshadowed(len(vertex) + 2, tails, heads, candidate, prices)
        candidate[folded[np.intersect1d(situation.forced, vertex)]] = True
    return FlowNetwork(
        arcs=Arcs.of(len(vertex) + 2, tails, heads),
        capacity=np.concatenate([np.full(len(pairs), max(whole, 1), np.int64), counts[counted]]),
        severable=np.concatenate([severs, plain]),
        vertex=np.concatenate([[-1, -1], vertex]),
        node=node,
        candidate=candidate,
        cost=prices,
        arc_of_edge=arc_of_edge,
        edge_capacity=np.full(len(tail), max(whole, 1), np.int64),
        scale=1,
        rounded=None,
    )


def _overshadowed(size: int, tail: IntArray, head: IntArray, candidate: BoolArray, cost: IntArray) -> BoolArray:
    """Per node: whether every way to it leads through another candidate that costs no more: then that one is as good.

    Source: Lengauer, Tarjan, A fast algorithm for finding dominators in a flowgraph (1979).
    """
    import igraph

    graph = igraph.Graph(n=size, edges=np.column_stack([tail, head]), directed=True)
    above = np.nan_to_num(np.array(graph.dominator(ENTRY, mode="out"), np.float64), nan=-1).astype(np.int64)
    order = graph.bfs(ENTRY, mode="out")[0]
    cheapest = np.full(size, np.iinfo(np.int64).max)  # of the candidates above the node in the tree of dominators
    done = np.zeros(size, bool)
    done[ENTRY] = True
    for start in order:
        # A dominator is on every way, so also on the shortest: it comes earlier in the order.
        if start == ENTRY or done[start] or above[start] < 0:
            continue
        over = int(above[start])
        cheapest[start] = min(cheapest[over], cost[over]) if candidate[over] else cheapest[over]
        done[start] = True
    return cheapest <= cost


def _arcs(situation: Situation) -> tuple[Arcs, int]:
    """The links as arcs, and arcs from one more node to every seed, whose number comes second."""
    network = situation.network
    tail, head = network.source, network.target
    if not network.directed:
        tail, head = np.concatenate([tail, head]), np.concatenate([head, tail])
    start = np.full(len(situation.sources), network.size, np.int64)
    arcs = Arcs.of(network.size + 1, np.concatenate([tail, start]), np.concatenate([head, situation.sources]))
    return arcs, len(start)

"""What can flow from the seeds to the exits: the network cut down to that, with integer capacities."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np

from finnet.analysis.interdiction.flow_maximum import Arcs, augment, reachable, residual_of
from finnet.analysis.interdiction.situation import BoolArray, Situation
from finnet.graph.network import IntArray, Network

__all__ = ["ENTRY", "EXIT", "FlowNetwork", "capacities"]

ENTRY, EXIT = 0, 1  # the nodes that all seeds, and all exits, are folded into
_LARGEST_TOTAL = 2**52  # leaves room for the multiples that the Lagrangian bound works with
_FINEST = 10**6


def capacities(network: Network) -> tuple[IntArray, int, str | None]:
    """Integer capacity per edge, how many of them make one unit, and what had to be rounded, in words.

    Exact minor units where the network has them. Otherwise weights that are whole numbers stay, others are rounded to
    the finest power of ten, a millionth of a unit at best, that keeps the total below 2^52. An edge whose amounts sum
    to nothing or less (reversals) lets nothing through.
    """
    if network.minor is not None:
        return np.maximum(network.minor, 0), network.scale, None
    weight = np.maximum(network.weight, 0.0)
    if not np.isfinite(weight).all():
        raise ValueError("a weight is not a finite number")
    total = float(weight.sum())
    if total >= _LARGEST_TOTAL:
        raise ValueError("the weights' total is too large to be counted exactly: divide them by a constant")
    if (weight == np.floor(weight)).all():
        return weight.astype(np.int64), 1, None
    scale = _FINEST
    while scale > 1 and total * scale >= _LARGEST_TOTAL:
        scale //= 10
    return np.rint(weight * scale).astype(np.int64), scale, f"weights rounded to 1/{scale:,} of a unit"


@dataclass(frozen=True, kw_only=True, eq=False)
class FlowNetwork:
    """The arcs on some way from a seed to an exit; all seeds are node 0, all exits node 1.

    ``vertex`` is each node's vertex number (-1 for the two folded nodes), ``node`` each vertex's node (-1 if it lies on
    no way), ``arc_of_edge`` the arc an edge belongs to (-1 if it can carry nothing; for undirected networks the second
    half is for the way back). ``severable`` says per arc
    whether choosing an end of it severs it, ``candidate`` per node whether it may be chosen, at ``cost``.
    """

    arcs: Arcs
    capacity: IntArray
    severable: BoolArray
    vertex: IntArray
    node: IntArray
    candidate: BoolArray
    cost: IntArray
    arc_of_edge: IntArray
    edge_capacity: IntArray
    scale: int
    rounded: str | None

    @classmethod
    def of(cls, situation: Situation) -> FlowNetwork:
        """The flow network of a situation, made once."""
        if situation not in _MADE:
            _MADE[situation] = cls._make(situation)
        return _MADE[situation]

    @classmethod
    def _make(cls, situation: Situation) -> FlowNetwork:
        """Drops what is severed already, what enters a seed or leaves an exit, and what lies on no way between them."""
        network = situation.network
        per_edge, scale, rounded = capacities(network)
        tail, head, capacity, closed = network.source, network.target, per_edge, situation.base
        severable = np.ones(len(tail), bool) if situation.enforced is None else situation.enforced
        if not network.directed:
            tail, head = np.concatenate([tail, head]), np.concatenate([head, tail])
            capacity, closed, severable = np.tile(capacity, 2), np.tile(closed, 2), np.tile(severable, 2)
        folded = np.arange(network.size, dtype=np.int64) + 2
        folded[situation.sources], folded[situation.exits] = ENTRY, EXIT
        tail, head = folded[tail], folded[head]
        carries = ~closed & (capacity > 0) & (tail != head) & (head != ENTRY) & (tail != EXIT)
        kept = np.flatnonzero(carries)
        useful = _between(network.size + 2, tail[kept], head[kept])
        kept = kept[useful[tail[kept]] & useful[head[kept]]]
        useful[[ENTRY, EXIT]] = True
        nodes = np.flatnonzero(useful)
        renumber = np.cumsum(useful) - 1
        # Parallel edges become one arc, but for those that choosing an end does not sever.
        key = (renumber[tail[kept]] * len(nodes) + renumber[head[kept]]) * 2 + severable[kept]
        keys, first, member = np.unique(key, return_index=True, return_inverse=True)
        total = np.zeros(len(keys), np.int64)
        np.add.at(total, member, capacity[kept])
        arc_of_edge = np.full(len(tail), -1, np.int64)
        arc_of_edge[kept] = member
        vertex = nodes - 2
        vertex[:2] = -1
        node = np.full(network.size, -1, np.int64)
        node[vertex[2:]] = np.arange(2, len(nodes))
        candidate = np.zeros(network.size, bool)
        if situation.chooses_parties:
            candidate[situation.candidates] = True
        cost = situation.cost if situation.chooses_parties else np.ones(network.size, np.int64)
        return cls(
            arcs=Arcs.of(len(nodes), renumber[tail[kept[first]]], renumber[head[kept[first]]]),
            capacity=total,
            severable=severable[kept[first]],
            vertex=vertex,
            node=node,
            candidate=np.concatenate([[False, False], candidate[vertex[2:]]]),
            cost=np.concatenate([[1, 1], cost[vertex[2:]]]),
            arc_of_edge=arc_of_edge,
            edge_capacity=capacity,
            scale=scale,
            rounded=rounded,
        )

    @property
    def size(self) -> int:
        """How many nodes."""
        return self.arcs.size

    @cached_property
    def maximum(self) -> int:
        """The largest flow with nothing chosen."""
        return self.flow(self.capacity)

    def flow(self, capacity: IntArray) -> int:
        """The largest flow with these capacities per arc."""
        return augment(self.arcs, residual_of(capacity), ENTRY, EXIT)

    def without(self, nodes: IntArray) -> IntArray:
        """Capacities once these nodes are chosen."""
        gone = np.zeros(self.size, bool)
        gone[nodes] = True
        return np.where((gone[self.arcs.tail] | gone[self.arcs.head]) & self.severable, 0, self.capacity)

    def after(self, situation: Situation, chosen: IntArray) -> int:
        """The largest flow once these vertices are chosen, whatever choosing them captures."""
        if situation.is_separable and situation.chooses_parties:
            nodes = self.node[chosen]
            return self.flow(self.without(nodes[nodes >= 0]))
        severed = situation.severed(chosen.tolist())
        if not situation.network.directed:
            severed = np.tile(severed, 2)
        left = np.flatnonzero((self.arc_of_edge >= 0) & ~severed)
        capacity = self.capacity.copy()
        capacity[self.arc_of_edge[self.arc_of_edge >= 0]] = 0
        np.add.at(capacity, self.arc_of_edge[left], self.edge_capacity[left])
        return self.flow(capacity)


_MADE: WeakKeyDictionary[Situation, FlowNetwork] = WeakKeyDictionary()


def _between(size: int, tail: IntArray, head: IntArray) -> BoolArray:
    """Per node: whether it lies on a walk from ENTRY to EXIT."""
    arcs = Arcs.of(size, tail, head)
    there, back = np.ones(len(tail), np.int64), np.zeros(len(tail), np.int64)
    forwards, backwards = np.column_stack([there, back]).ravel(), np.column_stack([back, there]).ravel()
    return reachable(arcs, forwards, ENTRY) & reachable(arcs, backwards, EXIT)

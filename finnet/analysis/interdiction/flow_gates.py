"""Each candidate as a gate that its flow has to pass: to choose a party is to close its gate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from finnet.analysis.interdiction.flow_maximum import Arcs
from finnet.analysis.interdiction.flow_network import FlowNetwork
from finnet.graph.network import IntArray

__all__ = ["Gates"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Gates:
    """The flow network with each candidate node split in two and a gate between its halves.

    ``arcs`` are the network's arcs first, in their order, then the gates. Where a candidate has links that nobody
    severs, these end between two gates, one for what comes in and one for what goes out by links that are severed; a
    cut never needs to close both, for the node between them is on one side of it. ``gate_in`` and ``gate_out`` are the
    gate arcs of each node (equal where there is one gate, -1 where there is none); ``nodes`` are those that have a
    gate. ``capacity`` of arcs is capped by the whole flow; a gate's is the whole flow.
    """

    arcs: Arcs
    capacity: IntArray
    nodes: IntArray
    gate_in: IntArray
    gate_out: IntArray
    node_of_gate: IntArray  # for arcs from ``plain`` on
    plain: int  # how many arcs are no gates
    cost: IntArray
    whole: int

    @classmethod
    def of(cls, flows: FlowNetwork) -> Gates:
        """Split the candidates that have something to sever."""
        arcs, severable, size = flows.arcs, flows.severable, flows.size
        touched = np.zeros(size, bool)
        touched[arcs.tail[severable]] = touched[arcs.head[severable]] = True
        mixed = np.zeros(size, bool)
        mixed[arcs.tail[~severable]] = mixed[arcs.head[~severable]] = True
        nodes = np.flatnonzero(flows.candidate & touched)
        single, double = nodes[~mixed[nodes]], nodes[mixed[nodes]]
        middle, behind = np.arange(size, dtype=np.int64), np.arange(size, dtype=np.int64)
        behind[nodes] = size + np.arange(len(nodes))
        middle[double] = size + len(nodes) + np.arange(len(double))
        tail = np.where(severable, behind[arcs.tail], middle[arcs.tail])
        head = np.where(severable, arcs.head, middle[arcs.head])
        plain = len(tail)
        gate_in, gate_out = np.full(size, -1, np.int64), np.full(size, -1, np.int64)
        gate_in[single] = gate_out[single] = plain + np.arange(len(single))
        gate_in[double] = plain + len(single) + np.arange(len(double))
        gate_out[double] = plain + len(single) + len(double) + np.arange(len(double))
        whole = flows.maximum
        return cls(
            arcs=Arcs.of(
                size + len(nodes) + len(double),
                np.concatenate([tail, single, double, middle[double]]),
                np.concatenate([head, behind[single], middle[double], behind[double]]),
            ),
            capacity=np.concatenate(
                [np.minimum(flows.capacity, whole), np.full(len(single) + 2 * len(double), whole, np.int64)]
            ),
            nodes=nodes,
            gate_in=gate_in,
            gate_out=gate_out,
            node_of_gate=np.concatenate([single, double, double]),
            plain=plain,
            cost=flows.cost,
            whole=whole,
        )

    def beyond(self, budget: int) -> frozenset[int]:
        """The nodes that cost more than this."""
        return frozenset(self.nodes[self.cost[self.nodes] > budget].tolist())

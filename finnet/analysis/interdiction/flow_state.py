"""A maximum flow kept while parties are chosen and given back, mended each time instead of solved anew."""

from __future__ import annotations

import numpy as np

from finnet.analysis.interdiction.flow_gates import Gates
from finnet.analysis.interdiction.flow_maximum import augment, residual_of
from finnet.analysis.interdiction.flow_network import ENTRY, EXIT
from finnet.graph.network import IntArray

__all__ = ["FlowState"]


class FlowState:
    """The maximum flow with some gates closed: ``value`` is what flows, ``chosen`` the nodes whose gates are closed.

    What choosing a node takes away is at most what runs through it (``through``), and exactly that less what can be
    rerouted from where the node's flow stands to where it is missed, in the residual network.
    """

    def __init__(self, gates: Gates) -> None:
        self.gates = gates
        self.residual = residual_of(gates.capacity)
        self.chosen: list[int] = []
        self.value = augment(gates.arcs, self.residual, ENTRY, EXIT)
        self.evaluations = 1

    @classmethod
    def led_through(cls, gates: Gates, node: int) -> FlowState:
        """A flow that runs through this node as far as it can, and elsewhere as far as it can besides."""
        arcs, doors = gates.arcs, sorted({int(gates.gate_in[node]), int(gates.gate_out[node])})
        before, behind = int(arcs.tail[doors[0]]), int(arcs.head[doors[-1]])
        state = object.__new__(cls)
        state.gates, state.residual, state.chosen, state.evaluations = gates, residual_of(gates.capacity), [], 1
        residual = state.residual
        entries = [2 * door for door in doors] + [2 * door + 1 for door in doors]
        residual[entries] = 0
        arriving = augment(arcs, residual, ENTRY, before, gates.whole)
        leaving = augment(arcs, residual, behind, EXIT, arriving)
        augment(arcs, residual, before, ENTRY, arriving - leaving)
        # What runs through the node may not go another way while the rest of the flow is found.
        residual[[2 * door for door in doors]] = gates.whole - leaving
        state.value = leaving + augment(arcs, residual, ENTRY, EXIT)
        residual[[2 * door + 1 for door in doors]] += leaving
        return state

    def copy(self) -> FlowState:
        """The same state, to go on from separately; evaluations are counted from 0."""
        twin = object.__new__(FlowState)
        twin.gates, twin.residual = self.gates, self.residual.copy()
        twin.chosen, twin.value, twin.evaluations = list(self.chosen), self.value, 0
        return twin

    @property
    def cost(self) -> int:
        """What the chosen cost."""
        return int(self.gates.cost[self.chosen].sum())

    @property
    def through(self) -> IntArray:
        """Per node that has a gate, in the order of ``gates.nodes``: how much of the flow runs through its gates."""
        carried = self.residual[1::2]
        nodes = self.gates.nodes
        return np.maximum(carried[self.gates.gate_in[nodes]], carried[self.gates.gate_out[nodes]])

    def drop(self, node: int, *, least: int = 0) -> int:
        """By how much the flow would fall if this node were chosen too; anything below ``least`` where it is below."""
        self.evaluations += 1
        return self._close(node, self.residual.copy(), least)[0]

    def choose(self, node: int) -> None:
        """Close the node's gates."""
        self.evaluations += 1
        lost, left = self._close(node, self.residual)
        arcs, residual = self.gates.arcs, self.residual
        # What found no other way goes back to where it came from, and is called off where it was expected.
        for place, amount in left:
            if amount > 0:
                augment(arcs, residual, place, ENTRY, amount)
            elif amount < 0:
                augment(arcs, residual, EXIT, place, -amount)
        self.value -= lost
        self.chosen.append(node)

    def restore(self, node: int) -> None:
        """Open the node's gates again and let flow what then can."""
        self.evaluations += 1
        self.chosen.remove(node)
        for gate in {int(self.gates.gate_in[node]), int(self.gates.gate_out[node])}:
            self.residual[2 * gate] = self.gates.capacity[gate]
        self.value += augment(self.gates.arcs, self.residual, ENTRY, EXIT)

    def _close(self, node: int, residual: IntArray, least: int = 0) -> tuple[int, list[tuple[int, int]]]:
        """What is lost, and per place what is still there in excess (above 0) or missing (below 0).

        Once enough is rerouted for the loss to be below ``least``, no more is looked for.
        """
        arcs, gate_in, gate_out = self.gates.arcs, int(self.gates.gate_in[node]), int(self.gates.gate_out[node])
        before, middle, behind = int(arcs.tail[gate_in]), int(arcs.head[gate_in]), int(arcs.head[gate_out])
        arriving, leaving = int(residual[2 * gate_in + 1]), int(residual[2 * gate_out + 1])
        residual[[2 * gate_in, 2 * gate_in + 1, 2 * gate_out, 2 * gate_out + 1]] = 0
        shared = min(arriving, leaving)
        enough = shared if least <= 0 else min(shared, max(arriving, leaving) - least + 1)
        direct = augment(arcs, residual, before, behind, max(0, enough))
        excess, missing = arriving - direct, leaving - direct
        spare = leaving - arriving
        # Links that nobody severs leave a surplus (or a lack) between the two gates.
        if spare > 0:
            moved = augment(arcs, residual, middle, behind, spare)
            return spare - moved + excess, [(before, excess), (middle, spare - moved), (behind, moved - missing)]
        if spare < 0:
            moved = augment(arcs, residual, before, middle, -spare)
            return missing - spare - moved, [(before, excess - moved), (middle, spare + moved), (behind, -missing)]
        return excess, [(before, excess), (behind, -missing)]

"""Who would take over: where the money goes that ran through a party when only that party is acted on."""

from __future__ import annotations

import numpy as np

from finnet.analysis.interdiction.flow_gates import Gates
from finnet.analysis.interdiction.flow_network import FlowNetwork
from finnet.analysis.interdiction.flow_state import FlowState

__all__ = ["flow_substitutes"]

_MOST = 3


def flow_substitutes(flows: FlowNetwork, chosen: tuple[int, ...]) -> dict[int, tuple[int, ...]]:
    """For each of the chosen, at most three parties through whom most of its flow would run instead, most first.

    Flow is first made to run through the member as far as it can (the other chosen closed), then the others are opened
    and the member is closed: what can go another way goes there. Nobody where nothing can. Parties that may not be
    chosen are not named.
    """
    gates = Gates.of(flows)
    gated = set(gates.nodes.tolist())
    nodes = {member: int(flows.node[member]) for member in chosen}
    found: dict[int, tuple[int, ...]] = {}
    for member, node in nodes.items():
        if node not in gated:
            found[member] = ()
            continue
        state = FlowState(gates)
        others = [other for other in nodes.values() if other in gated and other != node]
        for other in others:
            state.choose(other)
        for other in others:
            state.open(other)
        before = state.through
        state.choose(node)
        more = state.through - before
        more[gates.nodes == node] = 0
        order = np.lexsort((gates.nodes, -more))[:_MOST]
        found[member] = tuple(int(flows.vertex[gates.nodes[place]]) for place in order if more[place] > 0)
    return found

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

    Flow is first made to run through the member as far as it can, and elsewhere as far as it can besides; then the
    member is closed: what can go another way goes there. Nobody where nothing can. Parties that may not be chosen are
    not named.
    """
    gates = Gates.of(flows)
    gated = set(gates.nodes.tolist())
    found: dict[int, tuple[int, ...]] = {}
    for member in chosen:
        node = int(flows.node[member])
        if node not in gated:
            found[member] = ()
            continue
        state = FlowState.led_through(gates, node)
        before = state.through
        state.choose(node)
        more = state.through - before
        more[gates.nodes == node] = 0
        order = np.lexsort((gates.nodes, -more))[:_MOST]
        found[member] = tuple(int(flows.vertex[gates.nodes[place]]) for place in order if more[place] > 0)
    return found

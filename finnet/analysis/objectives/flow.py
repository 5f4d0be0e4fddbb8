"""How much can still flow from the seeds to the exits: the maximum flow along recorded amounts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from finnet.analysis.interdiction.flow_countries import best_of_any
from finnet.analysis.interdiction.flow_network import FlowNetwork, capacities
from finnet.analysis.interdiction.flow_search import best_set
from finnet.analysis.interdiction.flow_substitutes import flow_substitutes
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Limits, Solution
from finnet.graph.network import Network

__all__ = ["GRAPH", "NEEDS", "amount", "beside", "search", "substitutes", "unit", "value"]

NEEDS = ("from", "to")
GRAPH = "payments"


def unit(network: Network) -> str:
    """The unit of the network's weights."""
    return network.unit


def value(situation: Situation, chosen: Sequence[int]) -> int:
    """The maximum flow left, each edge carrying at most what is recorded on it; in minor units where there are such.

    >>> triangle = Network.of(("s", "a", 5), ("s", "b", 3), ("a", "t", 4), ("b", "t", 4))
    >>> situation = Situation.of(triangle, sources=["s"], exits=["t"])
    >>> value(situation, []), value(situation, [triangle.number["a"]])
    (7, 3)

    Source: Ford, Fulkerson, Maximal flow through a network (1956).
    """
    return FlowNetwork.of(situation).after(situation, np.array(chosen, np.int64))


def search(situation: Situation, limits: Limits) -> Solution:
    """The best set and its bound; where countries are chosen or a rule captures, by the general search."""
    flows = FlowNetwork.of(situation)
    if situation.is_separable and situation.chooses_parties:
        return best_set(flows, situation, limits)
    return best_of_any(
        FlowNetwork.of, lambda chosen: flows.after(situation, np.array(chosen, np.int64)), situation, limits
    )


def substitutes(situation: Situation, chosen: tuple[int, ...]) -> dict[int, tuple[int, ...]]:
    """Through whom most of each member's flow would run instead."""
    return flow_substitutes(FlowNetwork.of(situation), chosen)


def beside(situation: Situation) -> dict[str, dict[str, int | Decimal | float]]:
    """What is recorded, whatever can flow on: sent by the seeds to others, received by the exits from others."""
    network = situation.network
    capacity = capacities(network)[0]
    is_seed, is_exit = np.zeros(network.size, bool), np.zeros(network.size, bool)
    is_seed[situation.sources], is_exit[situation.exits] = True, True
    leaves = is_seed[network.source] & ~is_seed[network.target]
    arrives = is_exit[network.target] & ~is_exit[network.source]
    if not network.directed:
        leaves |= is_seed[network.target] & ~is_seed[network.source]
        arrives |= is_exit[network.source] & ~is_exit[network.target]
    return {
        "recorded_volume": {
            "sent by --from": amount(network, int(capacity[leaves].sum())),
            "received by --to": amount(network, int(capacity[arrives].sum())),
        }
    }


def amount(network: Network, value: float) -> int | Decimal | float:
    """A value in the network's unit: exact where its amounts are."""
    if network.minor is not None:
        return network.amount(int(value))
    scale = capacities(network)[1]
    return int(value) if scale == 1 else value / scale

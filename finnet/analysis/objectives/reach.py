"""Whom the seeds still reach: parties (or what they are worth) at the end of some way along the links' direction."""

from __future__ import annotations

from collections.abc import Sequence

from finnet.analysis.interdiction.flow_countries import best_of_any
from finnet.analysis.interdiction.flow_search import best_set
from finnet.analysis.interdiction.flow_substitutes import flow_substitutes
from finnet.analysis.interdiction.reach_network import reach_network, reached, worth
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Limits, Solution
from finnet.graph.network import Network

__all__ = ["GRAPH", "NEEDS", "search", "substitutes", "unit", "value"]

NEEDS = ("from",)
GRAPH = "influence"


def unit(network: Network) -> str:
    """Parties, or the vertex column ``value`` where the network has one."""
    return "value of the parties reached" if "value" in network.vertices else "parties reached"


def value(situation: Situation, chosen: Sequence[int]) -> int:
    """How many parties the seeds reach over links that are not severed; the seeds themselves are not counted.

    >>> chain = Network.of(("bank", "agent"), ("agent", "shell"), ("bank", "front"))
    >>> situation = Situation.of(chain, sources=["bank"])
    >>> value(situation, []), value(situation, [chain.number["agent"]])
    (3, 1)

    Source: our own definition.
    """
    return int(worth(situation)[reached(situation, situation.severed(chosen))].sum())


def search(situation: Situation, limits: Limits) -> Solution:
    """The best set and its bound; where countries are chosen or a rule captures, by the general search."""
    if situation.is_separable and situation.chooses_parties:
        return best_set(reach_network(situation), situation, limits)
    return best_of_any(reach_network, lambda chosen: value(situation, chosen), situation, limits)


def substitutes(situation: Situation, chosen: tuple[int, ...]) -> dict[int, tuple[int, ...]]:
    """Over whom most of those whom each member leads to would be reached instead."""
    return flow_substitutes(reach_network(situation), chosen)

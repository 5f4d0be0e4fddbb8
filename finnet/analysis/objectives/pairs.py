"""Pairs of parties that are still connected: the critical node problem."""

from __future__ import annotations

from collections.abc import Sequence

from finnet.analysis.interdiction.pairs_search import best_pairs, pairs_left
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Limits, Solution
from finnet.graph.network import Network

__all__ = ["DIRECTED", "GRAPH", "NEEDS", "search", "unit", "value"]

NEEDS: tuple[str, ...] = ()
GRAPH = "influence"
DIRECTED = False


def unit(network: Network) -> str:  # noqa: ARG001 (the same for every network)
    """Pairs of parties."""
    return "pairs of parties still connected"


def value(situation: Situation, chosen: Sequence[int]) -> int:
    """The sum, over the components that are left, of C(size, 2); directions do not matter.

    >>> chain = Network.of(("a", "b"), ("b", "c"), ("c", "d"))
    >>> situation = Situation.of(chain)
    >>> value(situation, []), value(situation, [1])
    (6, 1)

    Source: Arulselvan et al., Detecting critical nodes in sparse graphs (2009).
    """
    return pairs_left(situation, list(chosen))


def search(situation: Situation, limits: Limits) -> Solution:
    """The best set and its bound."""
    return best_pairs(situation, limits)

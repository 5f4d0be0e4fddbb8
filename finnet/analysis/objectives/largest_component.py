"""How long the network holds together: the area under its largest component's share while parties are taken out."""

from __future__ import annotations

from collections.abc import Sequence

from finnet.analysis.interdiction.dismantling_any import best_order_of_any
from finnet.analysis.interdiction.dismantling_curve import area, shares
from finnet.analysis.interdiction.dismantling_naive import naive_orders
from finnet.analysis.interdiction.dismantling_search import best_order
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Limits, Solution
from finnet.graph.network import Network

__all__ = ["DIRECTED", "GRAPH", "NEEDS", "ORDERED", "baselines", "course", "search", "unit", "value"]

NEEDS: tuple[str, ...] = ()
GRAPH = "influence"
DIRECTED = False
ORDERED = True


def unit(network: Network) -> str:  # noqa: ARG001 (the same for every network)
    """Shares of all parties, added up over the removals."""
    return "largest component's share, added up over the removals"


def value(situation: Situation, chosen: Sequence[int], until: float = 0.1) -> float:
    """The area under the largest component's share after the removals 1…K, in this order, by Simpson's rule.

    K is the first removal that leaves at most ``until``; where none does, all are counted, so that only orders of the
    same length compare. No removal: the share itself. One: 0 (a single point has no area). Directions do not matter.

    >>> star = Network.of(("hub", "a"), ("hub", "b"), ("hub", "c"))
    >>> situation = Situation.of(star)
    >>> value(situation, []), value(situation, [star.number["hub"], star.number["a"]])
    (1.0, 0.25)

    Source: Artime et al., Robustness and resilience of complex networks (2024), for the measure.
    """
    return area(shares(situation, chosen), until)


def course(situation: Situation, chosen: Sequence[int]) -> list[float]:
    """The largest component's share of all parties, before any removal and after each."""
    return [float(share) for share in shares(situation, chosen)]


def search(situation: Situation, limits: Limits) -> Solution:
    """The best order found; proved where few sets are within the budget."""
    if situation.is_separable and situation.chooses_parties:
        return best_order(situation, limits)
    return best_order_of_any(situation, limits)


def baselines(situation: Situation, limits: Limits) -> dict[str, tuple[int, ...]]:
    """The orders that lists by centrality give, each as long as the budget lasts or until the stop."""
    return naive_orders(situation, limits)

"""The proof: branch on whether a party is chosen, drop every branch whose Lagrangian bound cannot beat the best set."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass

from finnet.analysis.interdiction.flow_gates import Gates
from finnet.analysis.interdiction.flow_lagrangian import Relaxation, relax
from finnet.analysis.interdiction.solution import Clock

__all__ = ["Proof", "prove"]

_INHERITED = 24  # cuts that a branch starts from: enough to aim its first price well


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A lower bound on what any set leaves, and how many minimum cuts it took."""

    bound: int
    evaluations: int


def prove(
    gates: Gates,
    budget: int,
    root: Relaxation,
    *,
    forced: frozenset[int],
    incumbent: Callable[[], int],
    offer: Callable[[frozenset[int]], None],
    evaluations: int,
    clock: Clock,
) -> Proof:
    """Raise the bound towards what the incumbent leaves, until they meet or ``evaluations`` minimum cuts are spent.

    ``incumbent`` says what the best set so far leaves, ``offer`` is told every set within the budget that a cut
    suggests. Branches are taken in the order of their bound, so that the lowest open one is the proven bound.

    Source: Land, Doig (1960), with the bound of flow_lagrangian.
    """
    spent = 0
    count = 0  # settles ties, so that the order is the same every time
    opened: list[tuple[int, int, int, frozenset[int], frozenset[int], Relaxation]] = [
        (root.bound, 0, 0, forced, frozenset(), root)
    ]
    while opened:
        bound, _, _, closed, kept_open, relaxed = opened[0]
        if bound >= incumbent():
            return Proof(bound=incumbent(), evaluations=spent)
        if spent >= evaluations or clock.is_over:
            return Proof(bound=bound, evaluations=spent)
        heapq.heappop(opened)
        node = _branching_node(gates, budget, closed, kept_open, relaxed)
        if node is None:
            continue  # nothing more can be bought here: its cuts were offered, its bound is what they leave
        for inside in (True, False):
            fixed = closed | {node} if inside else closed
            kept = kept_open if inside else kept_open | {node}
            child = relax(
                gates,
                budget,
                closed=fixed,
                kept_open=kept,
                known=relaxed.cuts[-_INHERITED:],
                price=relaxed.price,
                enough=incumbent(),
                clock=clock,
            )
            spent += child.evaluations
            child.cuts = (relaxed.cuts + child.cuts)[-2 * _INHERITED :]
            child.bound = max(child.bound, bound)
            for cut in child.cuts[-_INHERITED:]:
                suggested = fixed | cut.nodes
                if cut.flow < incumbent() and not suggested & kept and _cost(gates, suggested) <= budget:
                    offer(suggested)
            if child.exact is None and child.bound < incumbent():
                count += 1
                heapq.heappush(opened, (child.bound, -len(fixed), count, fixed, kept, child))
    return Proof(bound=incumbent(), evaluations=spent)


def _branching_node(
    gates: Gates, budget: int, closed: frozenset[int], kept_open: frozenset[int], relaxed: Relaxation
) -> int | None:
    """A node that the cheap cut leaves alone and the dear one closes: there the price cannot decide."""
    free = budget - _cost(gates, closed)
    lines = [
        (cut.flow + relaxed.price * (_cost(gates, cut.nodes - closed) - free), cut)
        for cut in relaxed.cuts
        if not cut.nodes & kept_open
    ]
    lines.sort(key=lambda line: (line[0], line[1].flow, sorted(line[1].nodes)))
    votes: dict[int, int] = {}
    for _, cut in lines[:6]:
        for node in cut.nodes - closed:
            if gates.cost[node] <= free:
                votes[node] = votes.get(node, 0) + 1
    if not votes:
        affordable = [int(node) for node in gates.nodes if node not in closed | kept_open and gates.cost[node] <= free]
        return affordable[0] if affordable else None
    return min(votes, key=lambda node: (abs(2 * votes[node] - min(6, len(lines))), node))


def _cost(gates: Gates, nodes: frozenset[int]) -> int:
    return sum(int(gates.cost[node]) for node in nodes)

"""The best set for a flow: bound first, then good sets, then proof, as far as size and limits allow."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from finnet.analysis.interdiction.flow_branch import prove
from finnet.analysis.interdiction.flow_gates import Gates
from finnet.analysis.interdiction.flow_greedy import fill, swap
from finnet.analysis.interdiction.flow_lagrangian import Cut, relax
from finnet.analysis.interdiction.flow_network import FlowNetwork
from finnet.analysis.interdiction.flow_state import FlowState
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Clock, Limits, Solution

__all__ = ["best_set"]

# Effort by size, in arcs: how many candidates a step of the greedy search looks at, how many it tries as one of two,
# how many minimum cuts the proof may take. Chosen so that each size takes seconds, not minutes (benchmarks/flow.py).
_EFFORT = ((5_000, 400, 40, 4_000), (50_000, 60, 8, 400), (300_000, 40, 0, 60), (2**62, 25, 0, 12))


def best_set(flows: FlowNetwork, situation: Situation, limits: Limits) -> Solution:
    """The set within the budget that leaves least flowing, with a proven bound.

    Lagrangian cuts give the bound and suggest sets; a greedy search with pairs and swaps improves them; branch and
    bound closes the gap. The same seedless steps every time: the result depends on the situation, the budget and
    ``limits.iterations`` (minimum cuts spent on the proof), unless ``limits.seconds`` strikes first.
    """
    clock = Clock(limits.seconds)
    spent = situation.total_cost(situation.forced.tolist())
    if spent > limits.budget:
        raise ValueError(f"the forced members cost {spent}, more than the budget of {limits.budget}")
    before = flows.maximum
    width, pairs, cuts = next(effort[1:] for effort in _EFFORT if len(flows.capacity) <= effort[0])
    gates = Gates.of(flows)
    # A forced member through whom nothing runs that could be severed costs its price and changes nothing.
    held = frozenset(np.intersect1d(flows.node[situation.forced], gates.nodes).tolist())
    budget = limits.budget - spent + sum(int(gates.cost[node]) for node in held)
    hunt = _Hunt(flows=flows, gates=gates, budget=budget, held=held, clock=clock)
    hunt.offer(held)
    root = relax(gates, budget, closed=held, clock=clock)
    hunt.evaluations += root.evaluations
    hunt.offer_cuts(root.cuts)
    bound = root.bound
    if bound < hunt.after and not clock.is_over:
        hunt.improve(root.cuts, width=width, pairs=pairs)
    if bound < hunt.after and not clock.is_over:
        proof = prove(
            gates,
            budget,
            root,
            forced=held,
            incumbent=lambda: hunt.after,
            offer=hunt.offer,
            evaluations=cuts if limits.iterations is None else limits.iterations,
            clock=clock,
        )
        hunt.evaluations += proof.evaluations
        bound = max(bound, proof.bound)
    chosen = hunt.needed()
    notes = [f"stopped by --time after {limits.seconds:g} s"] if clock.struck and bound < hunt.after else []
    return Solution(
        chosen=tuple(sorted({*flows.vertex[list(chosen)].tolist(), *situation.forced.tolist()})),
        before=before,
        after=hunt.after,
        bound=min(bound, hunt.after),
        optimal=bound >= hunt.after,
        method="Lagrangian bound, greedy with pairs and swaps, branch and bound",
        evaluations=hunt.evaluations,
        notes=(*notes, *([flows.rounded] if flows.rounded else [])),
    )


@dataclass(slots=True, kw_only=True)
class _Hunt:
    """The best set so far, and what was tried."""

    flows: FlowNetwork
    gates: Gates
    budget: int
    held: frozenset[int]
    clock: Clock
    best: frozenset[int] = frozenset()
    after: int = 2**62
    evaluations: int = 0
    tried: dict[frozenset[int], int] = field(default_factory=dict)

    def cost(self, nodes: frozenset[int]) -> int:
        return sum(int(self.gates.cost[node]) for node in nodes)

    def value(self, nodes: frozenset[int]) -> int:
        """What is left without these nodes."""
        if nodes not in self.tried:
            self.evaluations += 1
            self.tried[nodes] = self.flows.flow(self.flows.without(np.array(sorted(nodes), np.int64)))
        return self.tried[nodes]

    def offer(self, nodes: frozenset[int]) -> None:
        """Take the set if it leaves less than the best so far."""
        value = self.value(nodes)
        if value < self.after:
            self.best, self.after = nodes, value

    def offer_cuts(self, cuts: list[Cut]) -> None:
        """Take what the cuts within the budget suggest."""
        for cut in cuts:
            nodes = cut.nodes | self.held
            if self.cost(nodes) <= self.budget:
                self.offer(nodes)

    def improve(self, cuts: list[Cut], *, width: int, pairs: int) -> None:
        """Fill and swap from nothing, from the best cut, and from the cuts just beyond the budget, cut down to it."""
        state = self._state(self.held)
        start = state.copy()
        fill(state, self.budget, width=width, pairs=0, clock=self.clock)
        ends = [state]
        if pairs and not self.clock.is_over:
            paired = start.copy()
            fill(paired, self.budget, width=width, pairs=pairs, clock=self.clock)
            ends.append(paired)
        best = self._state(self.best)
        fill(best, self.budget, width=width, pairs=0, clock=self.clock)
        ends.append(best)
        beyond = [cut for cut in cuts if self.budget < self.cost(cut.nodes | self.held) <= 1.5 * self.budget + 3]
        for cut in beyond[-2:]:
            if self.clock.is_over:
                break
            trimmed = self._state(cut.nodes | self.held)
            self._trim(trimmed)
            ends.append(trimmed)
        seen: set[frozenset[int]] = set()
        for end in sorted(ends, key=lambda end: end.value):
            self.offer(frozenset(end.chosen))
            if frozenset(end.chosen) in seen or self.clock.is_over:
                continue
            seen.add(frozenset(end.chosen))
            end = swap(end, self.budget, width=width, held=self.held, clock=self.clock)
            self.evaluations += end.evaluations
            self.offer(frozenset(end.chosen))

    def needed(self) -> frozenset[int]:
        """The best set without members that take nothing away."""
        chosen = self.best
        for node in sorted(chosen - self.held):
            if self.value(chosen - {node}) <= self.after:
                chosen -= {node}
        return chosen

    def _state(self, nodes: frozenset[int]) -> FlowState:
        state = FlowState(self.gates)
        for node in sorted(nodes):
            state.choose(node)
        return state

    def _trim(self, state: FlowState) -> None:
        """Give back, one by one, whom it costs least to give back, until the rest is within the budget."""
        while state.cost > self.budget:
            losses = []
            for node in sorted(set(state.chosen) - self.held):
                twin = state.copy()
                twin.restore(node)
                losses.append(((twin.value - state.value) / int(self.gates.cost[node]), node))
            state.evaluations += len(losses)
            state.restore(min(losses)[1])

"""The interdiction of a flow as one integer programme, for HiGHS: whatever severs what, as long as it does so by
itself.

Slower than branch and bound on the Lagrangian (benchmarks/flow.py), but it also takes choices that sever many links at
once (countries), and choices that follow from others (capture: cascade_exact.py). HiGHS works in floating point; bounds
are lowered by what its tolerances could hide.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from finnet.analysis.interdiction.flow_gates import Gates
from finnet.analysis.interdiction.flow_network import ENTRY, EXIT, FlowNetwork
from finnet.analysis.interdiction.quiet_highs import quiet_highs
from finnet.analysis.interdiction.situation import Situation
from finnet.graph.network import FloatArray, IntArray

__all__ = ["Programme", "Proven", "of_edges", "programme", "solve"]

_TOLERANCE = 1e-6  # HiGHS' feasibility and integrality tolerances


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """Arcs with capacities, and pairs (arc, choice): that choice closes that arc. Choices count from 0.

    A choice whose ``number`` is -1 is nobody's: it costs nothing and follows from others. For each row r of ``rule``
    (row, choice, weight) the weights of the choices that are made must add up to 0 or more.
    """

    size: int
    tail: IntArray
    head: IntArray
    capacity: IntArray
    arc: IntArray
    choice: IntArray
    cost: IntArray
    number: IntArray  # of each choice in the situation
    forced: IntArray
    rule: tuple[IntArray, IntArray, FloatArray] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """The best set that HiGHS found (numbers of the situation), and a lower bound on what any set leaves."""

    chosen: tuple[int, ...]
    bound: int


def programme(flows: FlowNetwork, situation: Situation) -> Programme:
    """The tightest programme: gates where parties are chosen, else each edge with all choices that sever it."""
    return _of_gates(flows, situation) if situation.chooses_parties else _of_edges(flows, situation)


def _of_gates(flows: FlowNetwork, situation: Situation) -> Programme:
    gates = Gates.of(flows)
    choice = np.searchsorted(gates.nodes, gates.node_of_gate)
    number = flows.vertex[gates.nodes]
    return Programme(
        size=gates.arcs.size,
        tail=gates.arcs.tail,
        head=gates.arcs.head,
        capacity=gates.capacity,
        arc=np.arange(gates.plain, len(gates.arcs.tail)),
        choice=choice,
        cost=situation.cost[number],
        number=number,
        forced=np.flatnonzero(np.isin(number, situation.forced)),
    )


def _of_edges(flows: FlowNetwork, situation: Situation) -> Programme:
    edges, choices = situation.cuts
    number, choice = np.unique(choices, return_inverse=True)
    return of_edges(
        flows,
        situation,
        edges,
        choice.astype(np.int64),
        cost=situation.cost[number],
        number=number,
        forced=np.flatnonzero(np.isin(number, situation.forced)),
    )


def of_edges(
    flows: FlowNetwork,
    situation: Situation,
    edges: IntArray,
    choices: IntArray,
    *,
    cost: IntArray,
    number: IntArray,
    forced: IntArray,
    rule: tuple[IntArray, IntArray, FloatArray] | None = None,
) -> Programme:
    """The programme in which each edge stands by itself, closed by any of its choices (pairs of both, from 0)."""
    kept = np.flatnonzero(flows.arc_of_edge >= 0)
    arc = flows.arc_of_edge[kept]
    # Arcs that no edge stands for (where what is reached runs off) follow the edges.
    own = np.setdiff1d(np.arange(len(flows.capacity)), arc)
    if not situation.network.directed:
        edges, choices = np.concatenate([edges, edges + situation.network.edge_count]), np.tile(choices, 2)
    place = np.full(len(flows.arc_of_edge), -1, np.int64)
    place[kept] = np.arange(len(kept))
    used = place[edges] >= 0
    return Programme(
        size=flows.size,
        tail=np.concatenate([flows.arcs.tail[arc], flows.arcs.tail[own]]),
        head=np.concatenate([flows.arcs.head[arc], flows.arcs.head[own]]),
        capacity=np.minimum(np.concatenate([flows.edge_capacity[kept], flows.capacity[own]]), flows.maximum),
        arc=place[edges[used]],
        choice=choices[used],
        cost=cost,
        number=number,
        forced=forced,
        rule=rule,
    )


def solve(
    asked: Programme,
    budget: int,
    *,
    seconds: float | None = None,
    nodes: int | None = None,
    start: tuple[int, ...] = (),
) -> Proven:
    """Wood's programme: min Σ capacity·β with α(head) − α(tail) ≤ β + Σ γ of the choices that close the arc.

    α is 0 at the seeds and 1 at the exits, γ is 1 for the chosen; their cost is within the budget. ``start`` is a set
    to begin with (numbers of the situation), ``nodes`` caps the branches.

    Source: Wood, Deterministic network interdiction (1993).
    """
    import highspy
    from scipy.sparse import coo_array

    arcs, choices = len(asked.tail), len(asked.cost)
    columns = asked.size + arcs + choices
    rows = np.arange(arcs)
    nothing = np.empty(0, np.int64)
    rule_row, rule_choice, rule_weight = asked.rule or (nothing, nothing, nothing.astype(np.float64))
    rules = int(rule_row.max()) + 1 if len(rule_row) else 0
    matrix = coo_array(
        (
            np.concatenate(
                [np.ones(arcs), -np.ones(arcs), np.ones(arcs), np.ones(len(asked.arc)), asked.cost, rule_weight]
            ),
            (
                np.concatenate([rows, rows, rows, asked.arc, np.full(choices, arcs), arcs + 1 + rule_row]),
                np.concatenate(
                    [
                        asked.tail,
                        asked.head,
                        asked.size + rows,
                        asked.size + arcs + asked.choice,
                        asked.size + arcs + np.arange(choices),
                        asked.size + arcs + rule_choice,
                    ]
                ),
            ),
        ),
        shape=(arcs + 1 + rules, columns),
    ).tocsc()
    lower, upper = np.zeros(columns), np.ones(columns)
    upper[ENTRY], lower[EXIT] = 0, 1
    lower[asked.size + arcs + asked.forced] = 1
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns, arcs + 1 + rules
    model.col_cost_ = np.concatenate([np.zeros(asked.size), asked.capacity.astype(float), np.zeros(choices)])
    model.col_lower_, model.col_upper_ = lower, upper
    model.row_lower_ = np.concatenate([np.zeros(arcs), [-highspy.kHighsInf], np.zeros(rules)])
    model.row_upper_ = np.concatenate(
        [np.full(arcs, highspy.kHighsInf), [float(budget)], np.full(rules, highspy.kHighsInf)]
    )
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = matrix.indptr, matrix.indices
    model.a_matrix_.value_ = matrix.data
    kinds = [highspy.HighsVarType.kContinuous] * (asked.size + arcs) + [highspy.HighsVarType.kInteger] * choices
    model.integrality_ = kinds
    solver = quiet_highs(seconds=seconds, nodes=nodes)
    solver.passModel(model)
    if start and not rules:  # what follows from the start would have to be given as well
        begun = np.flatnonzero(np.isin(asked.number, start))
        solver.setSolution(
            choices,
            np.arange(asked.size + arcs, columns, dtype=np.int32),
            np.isin(np.arange(choices), begun).astype(float),
        )
    solver.run()
    info = solver.getInfo()
    chosen: tuple[int, ...] = ()
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        values = np.array(solver.getSolution().col_value)[asked.size + arcs :]
        chosen = tuple(asked.number[(values > 0.5) & (asked.number >= 0)].tolist())
    dual = info.mip_dual_bound if choices else info.objective_function_value
    hidden = _TOLERANCE * float(asked.capacity.sum()) + 1e-6 * abs(dual) if math.isfinite(dual) else 0.0
    bound = math.ceil(dual - hidden) if math.isfinite(dual) else 0
    return Proven(chosen=chosen, bound=max(0, bound))

"""What an action is still worth while the network rewires: the value left over time, averaged over throws of dice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from finnet.analysis.interdiction.adaptation_left import flow_left, pairs_left_over_time, reach_left
from finnet.analysis.interdiction.adaptation_moves import ALIVE, LOST, WAITING, Ground, Moves, moves
from finnet.analysis.interdiction.course import Course
from finnet.analysis.interdiction.flow_network import capacities
from finnet.analysis.interdiction.reach_network import worth
from finnet.analysis.interdiction.rewiring import SUBSTITUTES, Rewiring
from finnet.analysis.interdiction.situation import BoolArray, Situation
from finnet.graph.network import FloatArray, IntArray, Network

__all__ = ["ADAPTS", "Adaptation"]

ADAPTS = ("flow", "reach", "pairs")  # the objectives whose value can be followed while a network rewires
_POINTS = 61  # of a course that is drawn


@dataclass(kw_only=True)
class Adaptation:
    """A situation that rewires: ``left(chosen)`` is the mean over the horizon of what is left.

    Seeds, exits, what is in force, who is acted on, and parties that the data only mention, take over from nobody. The
    relations that were severed before (``situation.base``) do not come back: what is recorded is how the network lives
    with that. The same ``seed`` throws the same dice for every choice.

    >>> chain = Network.of(("seed", "broker", 10), ("broker", "exit", 10))
    >>> situation = Situation.of(chain, sources=["seed"], exits=["exit"])
    >>> never = Adaptation(situation=situation, objective="flow", rewiring=Rewiring.of(float("inf")), horizon=180)
    >>> never.left([0])
    0.0
    >>> at_once = Rewiring.of(1e-9, capacity_share=1.0, new_shell_share=1.0)
    >>> round(Adaptation(situation=situation, objective="flow", rewiring=at_once, horizon=180).left([0]), 3)
    10.0

    Source: Duijn, Kashirin, Sloot, The Relative Ineffectiveness of Criminal Network Disruption (2014), for recovery by
    rule; delays by role and the horizon are our own (docs/adaptation.md).
    """

    situation: Situation
    objective: str
    rewiring: Rewiring
    horizon: float
    seed: int = 0
    edge_key: IntArray | None = None  # each edge's number for chance, where worlds differ in their edges
    evaluations: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.objective not in ADAPTS:
            raise ValueError(f"{self.objective} cannot be followed while a network rewires")

    def left(self, chosen: Sequence[int], *, runs: int | None = None, points: int | None = None) -> float:
        """What is left on average over the horizon and over so many throws (by default the rewiring's ``runs``).

        With ``points``, flows are worked out at about so many moves of a throw only, and lie on a line between.
        """
        return float(np.mean(self.left_by_throw(chosen, runs=runs, points=points)))

    def left_by_throw(
        self, chosen: Sequence[int], *, runs: int | None = None, points: int | None = None
    ) -> list[float]:
        """What is left on average over the horizon, throw by throw; a single figure where chance has no part in it."""
        state, gone = self._start(chosen)
        count = (self.rewiring.runs if runs is None else runs) if (state == WAITING).any() else 1
        return [self._average(*self._run(state, gone, run, points)) for run in range(count)]

    def at_once(self, chosen: Sequence[int]) -> int:
        """What is left on the first day."""
        return self._value(self._start(chosen)[0])

    def course(self, chosen: Sequence[int]) -> Course:
        """The curve, its average and its marks."""
        state, gone = self._start(chosen)
        count = self.rewiring.runs if (state == WAITING).any() else 1
        days = np.linspace(0, self.horizon, _POINTS if self.horizon else 1)
        daily = np.linspace(0, self.horizon, max(2, int(self.horizon) + 1))
        curves, fine, averages = [], [], []
        took: dict[int, Counter[int | None]] = {}
        for run in range(count):
            moved, left = self._run(state, gone, run)
            averages.append(self._average(moved, left))
            curves.append(left[np.searchsorted(moved.time, days, side="right")])
            fine.append(left[np.searchsorted(moved.time, daily, side="right")])
            self._count(moved, gone, took)
        before = self.before
        mean, steps = np.mean(curves, axis=0), np.mean(fine, axis=0)
        bite = before - steps
        half = np.flatnonzero(bite <= bite[0] / 2) if bite[0] > 0 else np.empty(0, np.int64)
        return Course(
            before=float(before),
            at_once=float(mean[0]),
            average=float(np.mean(averages)),
            at_end=float(mean[-1]),
            days=tuple(days.tolist()),
            left=tuple(mean.tolist()),
            low=tuple(np.quantile(curves, 0.05, axis=0).tolist()),
            high=tuple(np.quantile(curves, 0.95, axis=0).tolist()),
            half_recovery=float(daily[half[0]]) if len(half) else None,
            took_over={party: self._shares(counted) for party, counted in sorted(took.items())},
        )

    def network_after(self, chosen: Sequence[int], *, run: int = 0) -> Network:
        """The network at the end of the horizon, in one throw of the dice, without those acted on.

        A party formed in place of another is called as ``acme (newly formed)``. Edges have no columns.
        """
        network, size = self.situation.network, self.situation.network.size
        state, gone = self._start(chosen)
        moved, _ = self._run(state, gone, run)
        last = {edge: place for place, edge in enumerate(moved.edge.tolist())}
        back = [place for place in sorted(last.values()) if moved.capacity[place]]
        # A relation that a follow-up severed after the first day is not there any more either.
        alive = np.array([edge for edge in np.flatnonzero(state == ALIVE).tolist() if edge not in last], np.int64)
        tails = np.concatenate([network.source[alive], moved.tail[back]]).tolist()
        heads = np.concatenate([network.target[alive], moved.head[back]]).tolist()
        share = moved.capacity[back] / np.maximum(self.ground.capacity[moved.edge[back]], 1)
        weight = np.concatenate([network.weight[alive], network.weight[moved.edge[back]] * share])
        ids = [*network.ids, *(f"{one} (newly formed)" for one in network.ids)]
        return Network.build(
            source=[ids[one] for one in tails],
            target=[ids[one] for one in heads],
            weight=weight,
            unit=network.unit,
            directed=network.directed,
            isolated=[one for one, is_gone in zip(network.ids, gone[:size].tolist(), strict=True) if not is_gone],
        )

    def estimate(self, chosen: Sequence[int]) -> float:
        """The lasting bite by the closed form b0 · (τ/T) · (1 − e^(−T/τ)), for comparison with the simulated one.

        b0 is the bite at once and τ the mean delay of the chosen. It takes each relation for a way of its own, all of
        which comes back: a first-order figure.
        """
        bite = self.before - self.at_once(chosen)
        delays = [self.ground.days[one] for one in chosen] if self.situation.chooses_parties else []
        if not delays or not self.horizon:
            return float(bite)
        return float(bite * np.mean([_share_lasting(delay, self.horizon) for delay in delays]))

    @cached_property
    def before(self) -> int:
        """What there is with nothing chosen."""
        return self._value(self._start(())[0])

    @cached_property
    def ground(self) -> Ground:
        """What the network rewires on."""
        network = self.situation.network
        amounts = self.objective == "flow"
        capacity = capacities(network)[0] if amounts else np.ones(network.edge_count, np.int64)
        rule = self.rewiring.substitute
        if rule == "spare" and not (amounts and network.directed):
            rule = "nearest"  # links have no capacity to spare
        pointers, near = network.neighbours
        return Ground(
            tail=network.source,
            head=network.target,
            capacity=capacity,
            pool=self._pool(capacity),
            role=np.array(self.rewiring.role_of(network), np.int64),
            days=self.rewiring.days_of(network),
            degree=np.diff(pointers),
            near_pointers=pointers,
            near=near,
            edge_key=np.arange(network.edge_count) if self.edge_key is None else self.edge_key,
            rule=SUBSTITUTES.index(rule),
            capacity_share=self.rewiring.capacity_share,
            is_amount=amounts,
            new_shell_share=self.rewiring.new_shell_share,
            follow_up_per_day=self.rewiring.follow_up_per_day,
            horizon=float(self.horizon),
        )

    def _pool(self, capacity: IntArray) -> IntArray:
        """Who may take over; for flows along directed edges, only who both receives and sends."""
        network, situation = self.situation.network, self.situation
        allowed = np.ones(network.size, bool)
        allowed[situation.removed_before] = False
        allowed[situation.sources] = allowed[situation.exits] = False
        missing = network.vertices.get("missing")
        if missing is not None:
            allowed[np.flatnonzero(np.array(list(missing), bool))] = False
        if self.objective == "flow" and network.directed:
            open_edges = np.flatnonzero((capacity > 0) & ~situation.base)
            receives, sends = np.zeros(network.size, bool), np.zeros(network.size, bool)
            receives[network.target[open_edges]] = True
            sends[network.source[open_edges]] = True
            allowed &= receives & sends
        return np.flatnonzero(allowed)

    def _start(self, chosen: Sequence[int]) -> tuple[IntArray, BoolArray]:
        """The state of each relation, and who is gone, on the first day."""
        situation = self.situation
        severed = situation.severed(chosen)
        state = np.full(situation.network.edge_count, ALIVE, np.int64)
        state[severed] = WAITING
        state[severed & situation.base] = LOST
        gone = np.zeros(2 * situation.network.size, bool)
        gone[: situation.network.size] = situation.removed(chosen)
        both = np.intersect1d(np.concatenate([situation.sources, situation.exits]), situation.in_force)
        gone[both] = False  # seeds and exits in force stay: the other end looks for no other seed
        return state, gone

    def _run(self, state: IntArray, gone: BoolArray, run: int, points: int | None = None) -> tuple[Moves, IntArray]:
        self.evaluations += 1
        if not (state == WAITING).any() or not self.horizon:
            nothing = np.empty(0, np.int64)
            moved = Moves(time=np.empty(0), edge=nothing, tail=nothing, head=nothing, capacity=nothing)
        else:
            moved = moves(self.ground, state, gone, seed=self.seed, run=run)
        return moved, self._left(state == ALIVE, moved, points)

    def _value(self, state: IntArray) -> int:
        nothing = np.empty(0, np.int64)
        moved = Moves(time=np.empty(0), edge=nothing, tail=nothing, head=nothing, capacity=nothing)
        return int(self._left(state == ALIVE, moved)[0])

    def _left(self, alive: BoolArray, moved: Moves, points: int | None = None) -> IntArray:
        network, ground = self.situation.network, self.ground
        both = not network.directed
        if self.objective == "flow":
            step = max(1, len(moved.time) // points) if points else 1
            return flow_left(self._node, ground.tail, ground.head, ground.capacity, alive, moved, both, step=step)
        if self.objective == "reach":
            return reach_left(self.situation.sources, self._worth, ground.tail, ground.head, alive, moved, both)
        return pairs_left_over_time(2 * network.size, ground.tail, ground.head, alive, moved)

    @cached_property
    def _node(self) -> IntArray:
        node = np.arange(2 * self.situation.network.size) + 2
        node[self.situation.sources], node[self.situation.exits] = 0, 1
        return node

    @cached_property
    def _worth(self) -> IntArray:
        return np.tile(worth(self.situation), 2)  # a party formed in another's place is worth as much

    def _average(self, moved: Moves, left: IntArray) -> float:
        if not self.horizon:
            return float(left[0])
        lengths = np.diff(np.concatenate([[0.0], moved.time, [self.horizon]]))
        return float((left * lengths).sum() / self.horizon)

    def _count(self, moved: Moves, gone: BoolArray, took: dict[int, Counter[int | None]]) -> None:
        network, size = self.situation.network, self.situation.network.size
        for edge, tail, head, carried in zip(
            moved.edge.tolist(), moved.tail.tolist(), moved.head.tolist(), moved.capacity.tolist(), strict=True
        ):
            for old, new in ((int(network.source[edge]), tail), (int(network.target[edge]), head)):
                if carried and old != new and gone[old]:
                    took.setdefault(old, Counter())[None if new >= size else new] += carried

    @staticmethod
    def _shares(counted: Counter[int | None]) -> tuple[tuple[int | None, float], ...]:
        total = sum(counted.values())
        order = sorted(counted.items(), key=lambda item: (-item[1], -1 if item[0] is None else item[0]))
        return tuple((party, amount / total) for party, amount in order[:5])


def _share_lasting(delay: float, horizon: float) -> float:
    """(τ/T)(1 − e^(−T/τ)): 1 where nobody is ever replaced, 0 where everybody is at once."""
    if np.isinf(delay):
        return 1.0
    ratio: FloatArray | float = delay / horizon
    return float(ratio * (1 - np.exp(-1 / ratio)))

"""A ladder over a horizon: the order of steps by what each set of measures leaves while the network rewires."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from finnet.analysis.interdiction.ladder import ALL_SETS, best_ladder
from finnet.analysis.interdiction.lasting_steps import LastingSteps
from finnet.analysis.interdiction.levers import LeverSituation
from finnet.api._choke_lasting import Horizon, lasting_amount
from finnet.api._ladder_order import Left, Moves, Order
from finnet.progress import watched

__all__ = ["Lasting"]

# Sets of measures times edges: up to the first, sets are compared by all throws of dice; up to the second, all sets are
# looked at. Chosen so that an order takes seconds to a minute.
_QUICK, _WHOLE = 1_000_000, 20_000_000
_FEW_RUNS, _FEW_POINTS = 6, 16  # beyond the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """The measures of ``situation`` over a horizon, for an objective; values in the network's unit."""

    horizon: Horizon
    objective: str
    situation: LeverSituation
    seed: int
    show: Callable[[Decimal], Any]  # how a value is printed

    def order(self, moves: Moves, at_once: Left, steps: int) -> Order:
        """The best order by what is left on average over the horizon; that by what is left at once beside it."""
        lasting = self._steps(self.horizon)
        runs, days = self.horizon.rewiring.runs, self.horizon.days
        sets = sum(math.comb(len(moves.numbers), count) for count in range(1, steps + 1))
        edges = max(1, self.situation.network.edge_count)
        rough = runs > _FEW_RUNS and sets * edges > _QUICK
        few, points = (_FEW_RUNS, _FEW_POINTS) if rough else (None, None)

        def left(made: Sequence[int] | frozenset[int]) -> Decimal:
            return self._amount(lasting.left(moves.taken(frozenset(made))))

        found = best_ladder(
            lambda made: self._amount(lasting.left(moves.taken(made), runs=few, points=points)),
            moves.numbers,
            steps,
            sets=min(ALL_SETS, _WHOLE // edges),
        )
        instant = best_ladder(lambda made: at_once(moves.taken(made)), moves.numbers, steps)
        end = frozenset(found.steps)
        lifted = lasting.reliefs(moves.taken(end))
        every = " over all sets of measures" if found.exact else ""
        compared = f", compared by {_FEW_RUNS} of {runs} throws" if rough else ""
        return Order(
            steps=found.steps,
            left=tuple(left(found.steps[:count]) for count in range(len(found.steps) + 1)),
            package=self._amount(lasting.left(moves.imposed)),
            undone={one: self._amount(lasting.left(moves.taken(end - {one}), lifted=lifted)) for one in found.steps},
            said={
                "horizon": f"{days}d",
                "says": f"{'best' if found.exact else 'best found'} order of {len(found.steps)} steps{every}, by what "
                f"is left on average over {days} days as the network is assumed to rewire{compared}; nothing is proved",
                "exact": False,
                "assumptions": self.horizon.rewiring.name,
                "runs": runs,
                "at_once": {
                    "before": self.show(at_once(moves.taken(frozenset()))),
                    "after": self.show(at_once(moves.taken(end))),
                },
                "within_chance": [
                    [moves.levers[one].id for one in found.steps[place : place + 2]]
                    for place in range(len(found.steps) - 1)
                    if lasting.is_within_chance(
                        *(moves.taken(frozenset([*found.steps[:place], one])) for one in found.steps[place : place + 2])
                    )
                ],
                "left_on_the_way": self._on_the_way(lasting, moves, found.steps),
                "best_at_once": {
                    "order": [moves.levers[one].id for one in instant.steps],
                    "left_on_the_way": self._on_the_way(lasting, moves, instant.steps),
                },
                "on_the_way_if": {
                    change: {
                        "this_order": self._on_the_way(other, moves, found.steps, few, points),
                        "best_at_once": self._on_the_way(other, moves, instant.steps, few, points),
                    }
                    for change, other in watched(self._varied(), "changed assumptions")
                },
            },
        )

    def _steps(self, horizon: Horizon) -> LastingSteps:
        return LastingSteps(
            situation=self.situation, adapting=lambda situation: horizon.of(self.objective, situation, self.seed)
        )

    def _varied(self) -> list[tuple[str, LastingSteps]]:
        return [
            (change, self._steps(replace(self.horizon, rewiring=rewiring)))
            for change, rewiring in self.horizon.rewiring.varied().items()
        ]

    def _on_the_way(
        self,
        by: LastingSteps,
        moves: Moves,
        order: Sequence[int],
        runs: int | None = None,
        points: int | None = None,
    ) -> Any:
        """What is left after a step, on average over the steps; None without steps."""
        if not order:
            return None
        states = [moves.taken(frozenset(order[:count])) for count in range(1, len(order) + 1)]
        left = [by.left(state, runs=runs, points=points) for state in states]
        return self.show(self._amount(sum(left) / len(left)))

    def _amount(self, value: float) -> Decimal:
        return Decimal(str(lasting_amount(self.objective, self.situation.network, value)))

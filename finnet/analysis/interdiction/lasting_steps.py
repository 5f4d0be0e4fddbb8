"""What is left over a horizon with some measures taken, as the network rewires: the states of a ladder that lasts."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from finnet.analysis.interdiction.adaptation import Adaptation
from finnet.analysis.interdiction.levers import LeverSituation
from finnet.graph.network import FloatArray

__all__ = ["LastingSteps"]


@dataclass(slots=True, kw_only=True)
class LastingSteps:
    """``left(taken)``: the mean over the horizon of what is left, if all measures ``taken`` begin on its first day.

    ``adapting`` makes the rewiring network of a situation. Whoever a measure of relief frees is back with all links on
    the first day; what is in force besides has been adapted to and does not come back. All states throw the same dice.

    Source: our own definition; docs/levers.md gives the reasons.
    """

    situation: LeverSituation
    adapting: Callable[[LeverSituation], Adaptation]
    _after: dict[frozenset[int], Adaptation] = field(default_factory=dict)
    _known: dict[tuple[object, ...], FloatArray] = field(default_factory=dict)

    def left(
        self,
        taken: frozenset[int],
        *,
        lifted: frozenset[int] | None = None,
        runs: int | None = None,
        points: int | None = None,
    ) -> float:
        """What is left on average; ``runs`` and ``points`` as in ``Adaptation.left``.

        ``lifted`` are the measures of relief that were given before the first day, by default those of ``taken``. One
        of them that is not taken is relief withdrawn: whoever it had freed is acted on anew, and looks for a way round.
        """
        return float(np.mean(self._by_throw(taken, lifted, runs, points)))

    def is_within_chance(self, one: frozenset[int], other: frozenset[int]) -> bool:
        """Whether it is chance which of two sets leaves less: the mean difference is within two standard errors.

        The throws are the same for both, so their differences are taken throw by throw. Sets that leave the same in
        each of them are not within chance, but equal.
        """
        difference = self._by_throw(one) - self._by_throw(other)
        if len(difference) < 2 or not difference.any():
            return False
        error = float(np.std(difference, ddof=1)) / math.sqrt(len(difference))
        return abs(float(np.mean(difference))) <= 2 * error

    def reliefs(self, taken: frozenset[int]) -> frozenset[int]:
        """Those of them that give relief."""
        return frozenset(one for one in taken if self.situation.levers[one].gives_relief)

    def _by_throw(
        self,
        taken: frozenset[int],
        lifted: frozenset[int] | None = None,
        runs: int | None = None,
        points: int | None = None,
    ) -> FloatArray:
        before = self.reliefs(taken) if lifted is None else lifted
        if before not in self._after:
            self._after[before] = self.adapting(replace(self.situation, lifted=before))
        adaptation, chosen = self._after[before], sorted(taken)
        # Measures without effect make many sets of measures one and the same state.
        gone = (adaptation.situation.severed(chosen), adaptation.situation.removed(chosen))
        state = (before, *(hashlib.sha256(mask.tobytes()).digest() for mask in gone), runs, points)
        if state not in self._known:
            self._known[state] = np.array(adaptation.left_by_throw(chosen, runs=runs, points=points))
        return self._known[state]

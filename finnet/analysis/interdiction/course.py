"""What is left after an action, day by day, and the marks of that curve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Course"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What is left after an action, over time; the mean over all throws.

    ``before`` is what there was, ``at_once`` what is left on the first day, ``at_end`` on the last, ``average`` over
    the horizon. ``days`` and ``left`` are points of the curve, ``low`` and ``high`` its 5 and 95 % quantiles over
    throws. ``half_recovery`` is the first day on which at most half of the first bite is left (None: not within the
    horizon). ``took_over`` counts, per party acted on, who took over how much of what it carried: (party, share);
    party None is a newly formed one.
    """

    before: float
    at_once: float
    average: float
    at_end: float
    days: tuple[float, ...]
    left: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    half_recovery: float | None
    took_over: Mapping[int, tuple[tuple[int | None, float], ...]]

    @property
    def lasting(self) -> float:
        """The bite averaged over the horizon; below 0 where the network comes back with more than it had."""
        return self.before - self.average

    @property
    def is_hydra(self) -> bool:
        """Whether on some day more is left than there was before."""
        return max(self.left) > self.before

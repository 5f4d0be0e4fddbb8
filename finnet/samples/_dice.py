"""Chance from a seed: the same draws in every version of numpy, on every processor."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["Dice", "Integers"]

Integers = NDArray[np.int64]


class Dice:
    """Integers drawn from the raw bits of PCG64, whose stream numpy promises to keep; its distributions may change.

    ``subject`` gives each part of a sample a stream of its own, so that a change in one part leaves the others alone.

    >>> Dice(1, 0).below(6, 4).tolist() == Dice(1, 0).below(6, 4).tolist()
    True
    """

    def __init__(self, seed: int, subject: int) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence([seed, subject]))

    def below(self, limit: int, size: int) -> Integers:
        """``size`` integers from 0 to ``limit`` - 1; the bias is below ``limit`` / 2³²."""
        raw = np.atleast_1d(self._bits.random_raw(size)).astype(np.uint64)
        return ((raw >> np.uint64(32)) * np.uint64(limit) >> np.uint64(32)).astype(np.int64)

    def between(self, low: int, high: int) -> int:
        """One integer from ``low`` to ``high``, both included."""
        return low + int(self.below(high - low + 1, 1)[0])

    def weighted(self, weights: Sequence[int] | Integers, size: int) -> Integers:
        """``size`` places of ``weights``, each as often as its integer weight says."""
        steps = np.cumsum(np.asarray(weights, np.int64))
        return np.searchsorted(steps, self.below(int(steps[-1]), size), side="right").astype(np.int64)

    def parts(self, whole: int, count: int) -> list[int]:
        """``whole`` in ``count`` integer parts of like size that add up to it."""
        marks = (80 + self.below(41, count)).tolist()
        total, given, used = sum(marks), 0, 0
        result = []
        for mark in marks:
            used += mark
            result.append(whole * used // total - given)
            given += result[-1]
        return result

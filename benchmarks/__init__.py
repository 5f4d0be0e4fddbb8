"""How fast finnet is beside named peers, on the same data: ratios, not seconds.

A benchmark is a module with ``comparisons()``, an iterator of Comparison. ``python -m benchmarks [NAME…]`` runs them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

__all__ = ["PARTS", "Comparison", "seconds"]

# Benchmarks that another one runs too, where they exist.
PARTS = {"money": ("tracing", "typologies")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What was measured, how long finnet took and how long the peer took, in seconds; the peer is named.

    With another ``unit`` the two are not times: "MB" is the most memory held.
    """

    what: str
    finnet: float
    peer: str
    seconds: float
    unit: str = "s"

    @property
    def ratio(self) -> float:
        """How many times as long the peer took: above 1, finnet is faster."""
        return self.seconds / self.finnet


def seconds(work: Callable[[], object], *, times: int = 3, clock: Callable[[], float] = perf_counter) -> float:
    """The shortest of so many runs, in seconds of the clock: what else the machine does only makes it longer."""
    best = float("inf")
    for _ in range(times):
        began = clock()
        work()
        best = min(best, clock() - began)
    return best

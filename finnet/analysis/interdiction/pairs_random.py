"""Random numbers inside native loops: xorshift64*, from a seed."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["below", "mixed", "share"]


def mixed(seed: int) -> int:
    """A start for ``below`` and ``share``, never 0.

    splitmix64, so that seeds that follow each other start far apart.
    """
    number = (seed + 0x9E3779B97F4A7C15) % 2**64
    number = ((number ^ (number >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
    number = ((number ^ (number >> 27)) * 0x94D049BB133111EB) % 2**64
    return (number ^ (number >> 31)) or 1


@njit(cache=True)
def _drawn(random):  # type: ignore[no-untyped-def]
    # xorshift64* (Vigna, An experimental exploration of Marsaglia's xorshift generators, scrambled, 2016).
    x = random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    random[0] = x
    return x * np.uint64(2685821657736338717)


@njit(cache=True)
def share(random):  # type: ignore[no-untyped-def]
    """A number from 0 to below 1."""
    return np.float64(_drawn(random) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@njit(cache=True)
def below(random, count):  # type: ignore[no-untyped-def]
    """A whole number from 0 to below ``count``."""
    return np.int64(((_drawn(random) >> np.uint64(32)) * np.uint64(count)) >> np.uint64(32))

"""How many different parties there are among the payments of a stretch of time."""

from __future__ import annotations

from typing import Any

from numba import njit

__all__ = ["distinct_until"]


@njit(cache=True)
def distinct_until(places, start, stop, other, time, last_time, most, stamp, turn) -> Any:  # type: ignore[no-untyped-def]
    """How many different ``other`` the payments ``places[start:stop]`` have up to ``last_time``, and where they end.

    The payments are in the order of time; it stops behind the one with which there are ``most``. ``stamp`` has one
    number per party: those that were counted get ``turn``, which no party may have before.
    """
    count, end = 0, start
    while end < stop and time[places[end]] <= last_time and count < most:
        if stamp[other[places[end]]] != turn:
            stamp[other[places[end]]] = turn
            count += 1
        end += 1
    return count, end

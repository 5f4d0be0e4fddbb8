"""Whole-number scores of orders of removals: Simpson's rule in twelfths, so that equal orders compare equal."""

from __future__ import annotations

from numba import njit

__all__ = ["score", "simpson_twelfths"]


@njit(cache=True)
def simpson_twelfths(place, samples):  # type: ignore[no-untyped-def]
    """The weight of a sample in Simpson's rule with unit step, times 12, as scipy has it."""
    if samples < 3:
        return 6 if samples == 2 else 0
    odd = samples if samples % 2 else samples - 1
    weight = 0
    if place < odd:
        weight = 4 if place in (0, odd - 1) else 16 if place % 2 else 8
    if odd < samples:
        # Cartwright's correction: the parabola through the last three samples, over the last interval.
        if place == samples - 1:
            weight += 5
        elif place == samples - 2:
            weight += 8
        elif place == samples - 3:
            weight -= 1
    return weight


@njit(cache=True)
def score(sizes, length, longest, start, stop, scale, smooth):  # type: ignore[no-untyped-def]
    """The area of the first ``length`` sizes in twelfths, times ``scale``, plus the last size; and the removals.

    The last size, which is below ``scale``, only tells orders of equal area apart. An order that ends above ``stop``
    is taken as staying there up to ``longest`` removals, so that orders of different costs compare. ``smooth``: by the
    trapezium rule instead, which changes little when one removal more is counted, where Simpson's weights all change.
    """
    count = 0
    for place in range(length):
        count += 1
        if sizes[place] <= stop:
            break
    last = sizes[count - 1] if count else start
    samples = count if last <= stop else longest
    total = 0
    for place in range(samples):
        if not smooth:
            weight = simpson_twelfths(place, samples)
        else:
            weight = 12 if 0 < place < samples - 1 else 6
        total += weight * (sizes[place] if place < count else last)
    return total * scale + last, count

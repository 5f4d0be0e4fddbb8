"""Annealing over orders of removals on a kernel."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import njit

from finnet.analysis.interdiction.dismantling_kernel import DismantlingKernel
from finnet.analysis.interdiction.dismantling_score import score
from finnet.analysis.interdiction.solution import Clock
from finnet.graph.network import IntArray

__all__ = ["Terms", "annealed", "scored"]

_STRETCHES = 60
_BACK_TO_BEST = 10
_COLDEST = 0.0003  # of the whole network's area per removal
_HOTTEST_PARTIES, _COLDEST_PARTIES = 2.0, 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What orders are compared on: the budget, how many removals it pays at most, where they start and may stop.

    ``forced`` is how many of a kernel's vertices, the first ones, stand before all others in every order.
    ``smooth`` is as for ``score``.
    """

    budget: int
    longest: int
    start: int
    stop: int
    scale: int
    forced: int
    smooth: bool = False


def scored(kernel: DismantlingKernel, cost: IntArray, terms: Terms, order: IntArray) -> tuple[int, IntArray]:
    """The score of an order of the kernel's vertices, and who is taken: down the order, whoever fits the budget."""
    state = _state(kernel)
    found, count, _ = _evaluate(
        kernel.pointers, kernel.neighbours, kernel.weight, kernel.floor, cost, _terms(terms), order, *state, 0, 0
    )
    return int(found), state[0][1][: max(count, terms.forced)].copy()


def annealed(
    kernel: DismantlingKernel,
    cost: IntArray,
    terms: Terms,
    order: IntArray,
    *,
    hot: float,
    steps: int,
    seed: int,
    clock: Clock,
) -> tuple[IntArray, int]:
    """A better order of the kernel's vertices, and the steps it took.

    The temperature falls as a power of the share of steps done, from ``hot``: the share of all parties, over one
    removal, by which an order may well be worse than the one it follows.

    Source: Kirkpatrick, Gelatt, Vecchi, Optimization by simulated annealing (1983); the moves are our own.
    """
    best, current, done = order.copy(), order.copy(), 0
    least, _ = scored(kernel, cost, terms, best)
    hottest = max(_HOTTEST_PARTIES, hot * terms.scale)
    coldest = min(hottest, _COLDEST * terms.scale + _COLDEST_PARTIES)
    each = max(1, math.ceil(steps / _STRETCHES))
    for stretch in range(_STRETCHES):
        if clock.is_over or done >= steps:
            break
        low, high = stretch / _STRETCHES, (stretch + 1) / _STRETCHES
        if stretch and (stretch % _BACK_TO_BEST == 0 or stretch == _STRETCHES - 1):
            current = best.copy()
        count = min(each, steps - done)
        found, better = _anneal(
            kernel.pointers, kernel.neighbours, kernel.weight, kernel.floor, cost, _terms(terms), current, best, least,
            hottest * (coldest / hottest) ** low * 12 * terms.scale,
            hottest * (coldest / hottest) ** high * 12 * terms.scale,
            count, seed * _STRETCHES + stretch,
        )  # fmt: skip
        best, least = better, int(found)
        done += count
    return best, done


def _terms(terms: Terms) -> IntArray:
    return np.array(
        [terms.budget, terms.longest, terms.start, terms.stop, terms.scale, terms.forced, terms.smooth], np.int64
    )


def _state(kernel: DismantlingKernel) -> tuple[IntArray, IntArray]:
    """Two rows each for who is taken and the sizes after: of the order that stands, and of the one that is tried."""
    return np.full((2, kernel.count), -1, np.int64), np.zeros((2, kernel.count), np.int64)


@njit(cache=True)
def _evaluate(pointers, neighbours, weight, floor, cost, terms, order, taken, sizes, known, counted):  # type: ignore[no-untyped-def]
    # Row 1 of taken and sizes is filled; up to where its taken agree with the first `known` of row 0, sizes are those.
    # Where they agree on the `counted` removals up to the stop, nothing changes, and no further sizes are known.
    left, longest = terms[0], terms[1]
    free = len(order)
    size = len(weight)
    length = 0
    agree = True
    same = 0
    parent = np.arange(size)
    mass = weight.copy()
    present = np.ones(size, np.bool_)
    for place in range(free):
        one = order[place]
        if length < longest and cost[one] <= left:
            left -= cost[one]
            taken[1, length] = one
            present[one] = False
            if agree and length < known and taken[0, length] == one:
                sizes[1, length] = sizes[0, length]
                same += 1
            else:
                agree = False
            length += 1
    if 0 < counted <= same and sizes[0, counted - 1] <= terms[3]:
        found, count = score(sizes[1], same, longest, terms[2], terms[3], terms[4], terms[6] == 1)
        return found, count, same
    largest = floor
    # The vertices that stay and may be taken out see the lumps and each other; then the taken, from the last one on.
    stay = free + length - same
    for step in range(stay):
        if step < free:
            vertex = step
            if not present[vertex]:
                continue
        else:
            place = length - 1 - (step - free)
            sizes[1, place] = largest
            vertex = taken[1, place]
            present[vertex] = True
        root = vertex
        while parent[root] != root:
            root = parent[root]
        for link in range(pointers[vertex], pointers[vertex + 1]):
            other = neighbours[link]
            if not present[other]:
                continue
            while parent[other] != other:
                parent[other] = parent[parent[other]]
                other = parent[other]
            if other != root:
                if mass[root] < mass[other]:
                    root, other = other, root
                parent[other] = root
                mass[root] += mass[other]
        if mass[root] > largest:
            largest = mass[root]
    found, count = score(sizes[1], length, longest, terms[2], terms[3], terms[4], terms[6] == 1)
    return found, count, length


@njit(cache=True)
def _shifted(order, start, end):  # type: ignore[no-untyped-def]
    one = order[start]
    step = 1 if end > start else -1
    place = start
    while place != end:
        order[place] = order[place + step]
        place += step
    order[end] = one


@njit(cache=True)
def _anneal(  # type: ignore[no-untyped-def]
    pointers, neighbours, weight, floor, cost, terms, order, best, least, hot, cold, steps, seed
):
    np.random.seed(seed)
    free, forced = len(order), terms[5]
    taken = np.full((2, free), -1, np.int64)
    sizes = np.zeros((2, free), np.int64)
    now, count, length = _evaluate(pointers, neighbours, weight, floor, cost, terms, order, taken, sizes, 0, 0)
    taken[0], sizes[0] = taken[1], sizes[1]
    known = length
    best = best.copy()
    for step in range(steps):
        temperature = hot * (cold / hot) ** (step / steps)
        # Positions that count, and one after them, so that the last one can be put off.
        inner = min(free, max(count, forced + 1))
        kind = np.random.random()
        swap = False
        if forced > 1 and (forced >= free or np.random.random() * inner < forced):
            first, second, swap = np.random.randint(forced), np.random.randint(forced), True
        elif forced >= free:
            break
        else:
            first = forced + np.random.randint(inner - forced)
            if kind < 0.35:
                swap = True
                second = forced + np.random.randint(free - forced)
                if kind < 0.15 and free > inner:
                    second = inner + np.random.randint(free - inner)
            elif kind < 0.7:
                reach = 1 + int(inner * np.random.random() ** 3)
                second = first + np.random.randint(-reach, reach + 1)
            elif kind < 0.85:
                second = inner - 1 + np.random.randint(0, 3)
            else:
                second = first
                first = forced + np.random.randint(free - forced)
            second = min(free - 1, max(forced, second))
        if first == second:
            continue
        if swap:
            order[first], order[second] = order[second], order[first]
        else:
            _shifted(order, first, second)
        new, new_count, new_length = _evaluate(
            pointers, neighbours, weight, floor, cost, terms, order, taken, sizes, known, count
        )
        if new <= now or np.random.random() < math.exp((now - new) / temperature):
            now, count, known = new, new_count, new_length
            taken[0, :new_length], sizes[0, :new_length] = taken[1, :new_length], sizes[1, :new_length]
            if now < least:
                least = now
                best[:] = order
        elif swap:
            order[first], order[second] = order[second], order[first]
        else:
            _shifted(order, second, first)
    return least, best

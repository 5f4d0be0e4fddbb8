"""How large the largest component stays, removal by removal, and the area under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numba import njit

from finnet.analysis.interdiction.pairs_problem import PairsProblem, components
from finnet.analysis.interdiction.situation import Situation
from finnet.graph.network import FloatArray, IntArray

__all__ = ["area", "largest_left", "largest_sizes", "removal_problem", "shares", "start_size", "stop_size", "stopped"]


def stop_size(size: int, until: float) -> int:
    """The largest number of parties that is at most this share of all.

    >>> stop_size(30, 0.1), stop_size(0, 0.1)
    (3, 0)
    """
    wanted = int(until * size)
    # The product may round to the wrong side of a whole number; the quotient is what is compared.
    return next((one for one in (wanted + 1, wanted) if size and one / size <= until), max(0, wanted - 1))


def removal_problem(situation: Situation) -> PairsProblem:
    """The network as a simple graph of vertices that may be taken out; forced members are still in it."""
    free = replace(situation, forced=np.empty(0, np.int64))
    return PairsProblem.of(free, int(free.cost.sum()))


def shares(situation: Situation, order: Sequence[int]) -> FloatArray:
    """The share of all parties that the largest component has before any removal, then after each one.

    A party that was taken out counts nowhere, unless some of its links last since nobody enforces there. Everybody
    counts in the share's denominator: those without links, those taken out, those in force.

    >>> from finnet.graph.network import Network
    >>> star = Network.of(("hub", "a"), ("hub", "b"), ("hub", "c"))
    >>> shares(Situation.of(star), [star.number["hub"], star.number["a"]]).tolist()
    [1.0, 0.25, 0.25]
    """
    size = situation.network.size
    if not size:
        return np.zeros(len(order) + 1)
    if not situation.chooses_parties or not situation.is_separable or np.setdiff1d(order, situation.candidates).size:
        return np.array([largest_left(situation, order[:count]) for count in range(len(order) + 1)]) / size
    problem = removal_problem(situation)
    place = np.zeros(size, np.int64)
    place[problem.vertex[problem.eligible]] = np.flatnonzero(problem.eligible)
    taken = place[np.fromiter(order, dtype=np.int64)]
    return np.concatenate([[start_size(problem)], largest_sizes(problem, taken)]) / size


def largest_left(situation: Situation, chosen: Sequence[int]) -> int:
    """The size of the largest component without ``chosen``: the slow way, for whatever a choice may sever."""
    network = situation.network
    if not network.size:
        return 0
    kept = ~situation.severed(chosen)
    counts = np.ones(network.size, np.int64)
    if situation.chooses_parties:
        gone = situation.removed(chosen)
        gone[situation.in_force] = False
        gone[network.source[kept]] = gone[network.target[kept]] = False
        counts[gone] = 0
    label = components(network.size, network.source[kept], network.target[kept])
    return int(np.bincount(label, weights=counts).max())


def start_size(problem: PairsProblem) -> int:
    """The weight of the heaviest component before any removal."""
    if not problem.size:
        return 0
    return int(np.bincount(components(problem.size, *problem.pairs), weights=problem.weight).max())


def largest_sizes(problem: PairsProblem, order: IntArray) -> IntArray:
    """The weight of the heaviest component after each removal, found by putting them back from the last one on."""
    return np.asarray(_largest_sizes(problem.pointers, problem.neighbours, problem.weight, np.asarray(order, np.int64)))


@njit(cache=True)
def _largest_sizes(pointers, neighbours, weight, order):  # type: ignore[no-untyped-def]
    size, length = len(weight), len(order)
    parent = np.arange(size)
    mass = weight.copy()
    present = np.ones(size, np.bool_)
    present[order] = False
    sizes = np.empty(length, np.int64)
    largest = 0
    for step in range(-1, length):
        # First everybody who stays, against earlier neighbours only; then one removal after the other, undone.
        first, last = 0, size
        if step >= 0:
            sizes[length - 1 - step] = largest
            first = order[length - 1 - step]
            last = first + 1
            if step == length - 1:
                break
            present[first] = True
        for vertex in range(first, last):
            if not present[vertex]:
                continue
            root = vertex
            while parent[root] != root:
                root = parent[root]
            for place in range(pointers[vertex], pointers[vertex + 1]):
                other = neighbours[place]
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
            largest = max(largest, mass[root])
    return sizes


def stopped(curve: FloatArray, until: float) -> int:
    """How many removals there are up to the first that leaves at most ``until``; all of them if none does."""
    below = np.flatnonzero(curve[1:] <= until)
    return int(below[0]) + 1 if len(below) else len(curve) - 1


def area(curve: FloatArray, until: float) -> float:
    """Simpson's rule with unit step over the shares after removals 1…K, K the first that leaves at most ``until``.

    As ``scipy.integrate.simpson`` has it: one removal has area 0, two have that of the trapezium, and an even number
    has a correction at the last interval. Without any removal it is the share itself, by our convention.

    >>> area(np.array([1.0, 0.75, 0.5, 0.1, 0.05]), 0.1)  # (0.75 + 4 · 0.5 + 0.1) / 3
    0.95

    Source: Artime et al., Robustness and resilience of complex networks (2024), Box 1, for the measure.
    """
    from scipy.integrate import simpson

    count = stopped(curve, until)
    return float(simpson(curve[1 : count + 1], dx=1.0)) if count else float(curve[0])

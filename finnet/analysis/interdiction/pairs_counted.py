"""Which pairs a relaxation of the critical node problem counts: those that good sets leave connected.

A pair of places low < high is one number, its code: low × size + high.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from finnet.analysis.interdiction.pairs_anneal import Walk
from finnet.analysis.interdiction.pairs_problem import PairsProblem, components
from finnet.graph.network import IntArray

__all__ = ["edge_codes", "labels", "left_connected", "worth_counting"]

_SAMPLES, _STRIDE, _SLACK, _SAMPLED = 400, 2_000, 1.5, 15_000


def worth_counting(problem: PairsProblem, sets: Sequence[IntArray], value: int) -> Iterator[IntArray]:
    """Codes that are likely to be needed, the likeliest first; ``value`` is what the first of the sets leaves."""
    yield _two_steps(problem)
    left = [left_connected(problem, members) for members in sets]
    yield from left
    if len(left[0]) <= _SAMPLED:
        yield _sampled(problem, sets[0], value)


def _sampled(problem: PairsProblem, members: IntArray, value: int) -> IntArray:
    """The pairs that sets near this one leave connected most often.

    A walk warms up until it leaves half as much again, cools where it leaves more, and is looked at every 2,000 steps.
    """
    walk = Walk(problem, members, seed=0)
    temperature = 0.3
    codes: list[IntArray] = [np.empty(0, np.int64)]
    for _ in range(_SAMPLES):
        near = walk.walk(temperature, _STRIDE).value <= _SLACK * value
        temperature *= 1.05 if near else 0.83
        if near:
            codes.append(left_connected(problem, walk.members))
    pairs, times = np.unique(np.concatenate(codes), return_counts=True)
    return pairs[np.argsort(-times, kind="stable")[:_SAMPLED]]


def labels(problem: PairsProblem, members: IntArray) -> IntArray:
    """The component of each party once these are taken out; −1 for them."""
    out = np.zeros(problem.size, bool)
    out[members] = True
    low, high = problem.pairs
    keep = ~out[low] & ~out[high]
    return np.where(out, -1, components(problem.size, low[keep], high[keep]))


def left_connected(problem: PairsProblem, members: IntArray) -> IntArray:
    """The pairs within one component once these are taken out."""
    label = labels(problem, members)
    order = np.argsort(label, kind="stable")
    order = order[label[order] >= 0]
    ends = np.flatnonzero(np.diff(label[order])) + 1
    parts: list[IntArray] = [np.empty(0, np.int64)]
    for first, last in pairwise([0, *ends.tolist(), len(order)]):
        members_of = order[first:last]
        low, high = np.triu_indices(len(members_of), 1)
        parts.append(members_of[low] * problem.size + members_of[high])
    return np.concatenate(parts)


def edge_codes(problem: PairsProblem) -> IntArray:
    """The pairs that are neighbours."""
    low, high = problem.pairs
    return low * problem.size + high


def _two_steps(problem: PairsProblem) -> IntArray:
    """The pairs at distance two."""
    from scipy.sparse import csr_array

    size = problem.size
    adjacency = csr_array((np.ones(len(problem.neighbours)), problem.neighbours, problem.pointers), shape=(size, size))
    twice = (adjacency @ adjacency).tocoo()
    low, high = (np.asarray(axis, np.int64) for axis in twice.coords)
    keep = low < high
    return low[keep] * size + high[keep]

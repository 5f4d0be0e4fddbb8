"""The best order of removals, proved, where few sets are within the budget."""

from __future__ import annotations

import math
from collections.abc import Callable

from finnet.analysis.interdiction.dismantling_anneal import Terms
from finnet.analysis.interdiction.dismantling_score import simpson_twelfths
from finnet.graph.network import IntArray

__all__ = ["exact_order"]

Sets = dict[frozenset[int], list[int]]
Ways = dict[frozenset[int], tuple[int, tuple[int, ...]]]

_FEW_SETS = 4_000


def exact_order(
    size_of: Callable[[list[int]], int], cost: IntArray, offered: IntArray, terms: Terms
) -> tuple[int, ...] | None:
    """The order of ``offered`` choices with the least score; None if more than 4,000 sets may come up.

    ``size_of`` says how large the largest component is without a set.

    The first ``terms.forced`` of them stand before the others. What is left after some removals depends on who they
    are, not on their order: so for each number of removals up to the stop, the best order of a set is the best one of
    the set less one member, and that member (Bellman's principle). Ties: the lexicographically first order.
    """
    first, others = offered[: terms.forced].tolist(), offered[terms.forced :].tolist()
    most = min(len(others), max(0, terms.longest - len(first)))
    if len(first) > 9 or 2 ** len(first) + sum(math.comb(len(others), size) for size in range(most + 1)) > _FEW_SETS:
        return None
    layers, sizes = _layers(size_of, cost, first, others, terms)
    best: tuple[int, tuple[int, ...]] | None = None
    for samples in range(1, terms.longest + 1):
        found = _best_of_length(samples, layers, sizes, terms)
        if found is not None and (best is None or found < best):
            best = found
    return None if best is None else best[1]


def _layers(
    size_of: Callable[[list[int]], int], cost: IntArray, first: list[int], others: list[int], terms: Terms
) -> tuple[list[Sets], dict[frozenset[int], int]]:
    """Per number of removals the sets within the budget, each with whom it may have lost last, and what they leave."""
    layers: list[Sets] = [{frozenset(): []}]
    sizes: dict[frozenset[int], int] = {frozenset(): terms.start}
    while True:
        following: Sets = {}
        for chosen in layers[-1]:
            spent = int(cost[sorted(chosen)].sum()) if chosen else 0
            for one in first if len(chosen) < len(first) else others:
                if one not in chosen and spent + cost[one] <= terms.budget:
                    following.setdefault(chosen | {one}, []).append(one)
        if not following:
            return layers, sizes
        for chosen in following:
            sizes[chosen] = size_of(sorted(chosen))
        layers.append(following)


def _best_of_length(
    samples: int, layers: list[Sets], sizes: dict[frozenset[int], int], terms: Terms
) -> tuple[int, tuple[int, ...]] | None:
    """The best order whose area has this many samples: it stops there, or, if that is the longest, ends before."""
    reached: Ways = {frozenset(): (0, ())}
    ended: list[tuple[int, tuple[int, ...]]] = []
    # An order may end above the stop only where the budget pays for nobody more: it would be shorter for nothing.
    open_sets = {larger - {last} for layer in layers for larger, lasts in layer.items() for last in lasts}
    for count, layer in enumerate(layers[1:], 1):
        weight = simpson_twelfths(count - 1, samples)
        following: Ways = {}
        for chosen, lasts in layer.items():
            ways = [
                (reached[chosen - {one}][0] + weight * sizes[chosen], (*reached[chosen - {one}][1], one))
                for one in lasts
                if chosen - {one} in reached
            ]
            if not ways:
                continue
            total, order = min(ways)
            if sizes[chosen] > terms.stop:
                following[chosen] = (total, order)
                if samples == terms.longest and chosen not in open_sets:
                    rest = sum(simpson_twelfths(place, samples) for place in range(count, samples))
                    ended.append(((total + rest * sizes[chosen]) * terms.scale + sizes[chosen], order))
            elif count == samples:
                ended.append((total * terms.scale + sizes[chosen], order))
        reached = following
        if count == samples:
            break
    return min(ended, default=None)

"""How far an answer holds if the records may be wrong: in how many worlds a party is in the best set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import ModuleType

import numpy as np

from finnet.analysis.interdiction.adaptation import Adaptation
from finnet.analysis.interdiction.grades import Grades
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Limits
from finnet.analysis.interdiction.world_search import best_in_world
from finnet.analysis.interdiction.worlds import Holdings, draw_world
from finnet.graph.network import FloatArray, IntArray
from finnet.progress import watched as told

__all__ = ["Doubt", "overlap", "rank_biased_overlap", "resampled"]

_DEPTH = 15  # of the two orders whose overlap is measured
_PATIENCE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What many worlds say, under assumed grades; shares and overlaps run from 0 to 1.

    ``chosen_in`` is the share of worlds in which a choice is in the best set, for the reported ones and for all others
    that ever are. ``ranks`` are the 5, 50 and 95 % quantiles of a choice's place by its bite alone, among those looked
    at. ``jaccard`` is the mean overlap |A∩B|/|A∪B| of a world's best set with the reported one, ``rank_biased`` that
    of the orders by bite alone, ``first_same`` the share of worlds with the same first. ``empty`` counts the worlds in
    which there was nothing to take away. ``kept`` and ``held`` are the mean shares of recorded links and of recorded
    holdings that are there, ``added`` the mean number of links that nobody recorded.
    """

    worlds: int
    chosen_in: Mapping[int, float]
    ranks: Mapping[int, tuple[float, float, float]]
    jaccard: float
    rank_biased: float
    first_same: float
    empty: int
    kept: float
    added: float
    held: float


def overlap(one: Sequence[int], other: Sequence[int]) -> float:
    """|A∩B| / |A∪B|; 1 for two empty sets.

    >>> overlap([1, 2], [2, 3])
    0.3333333333333333

    Source: Jaccard, Étude comparative de la distribution florale (1901).
    """
    union = set(one) | set(other)
    return len(set(one) & set(other)) / len(union) if union else 1.0


def rank_biased_overlap(one: Sequence[int], other: Sequence[int], *, patience: float = _PATIENCE) -> float:
    """How far two orders agree, their heads counting most; 1 where they are equal, 0 where they share nothing.

    Cut at the shorter one's end and scaled so that equal orders give 1.

    >>> rank_biased_overlap([1, 2, 3], [1, 2, 3]), rank_biased_overlap([1, 2], [3, 4])
    (1.0, 0.0)

    Source: Webber, Moffat, Zobel, A similarity measure for indefinite rankings (2010).
    """
    depth = min(len(one), len(other))
    if depth == 0:
        return 1.0 if len(one) == len(other) else 0.0
    weights = [patience**place for place in range(depth)]
    shared = [len(set(one[: place + 1]) & set(other[: place + 1])) / (place + 1) for place in range(depth)]
    return sum(weight * share for weight, share in zip(weights, shared, strict=True)) / sum(weights)


def resampled(
    objective: ModuleType,
    situation: Situation,
    likely: FloatArray,
    grades: Grades,
    limits: Limits,
    reported: Sequence[int],
    watched: IntArray,
    *,
    worlds: int,
    adapting: Callable[[Situation, IntArray], Adaptation] | None = None,
    holdings: Holdings | None = None,
) -> Doubt:
    """Search the best set in each of so many worlds; ``watched`` are candidates whose rank is looked at, best first.

    ``likely`` is the probability of each link. ``adapting`` makes the rewiring network of a world: then the best set is
    the one whose bite lasts. With ``holdings`` the ownership rule is asked again in each world. World n is the same
    whatever is asked of it.
    """
    members = np.array(sorted(reported), np.int64)
    looked_at = np.unique(np.concatenate([members, watched]))
    reference = _order(_bites(objective, situation, looked_at), looked_at)
    counted: dict[int, int] = {}
    places: list[IntArray] = []
    jaccards, orders, firsts, kept, added, lost = [], [], [], [], [], []
    empty = 0
    for number in told(range(worlds), "worlds"):
        world = draw_world(
            situation, likely, missing_per_false_link=grades.missing_per_false_link, seed=limits.seed, number=number,
            holdings=holdings,
        )  # fmt: skip
        kept.append(world.kept)
        added.append(world.added)
        lost.append(world.holdings_lost)
        if world.is_as_recorded:
            best, bites = tuple(reported), _bites(objective, situation, looked_at)
        elif not objective.value(world.situation, ()):
            best, bites = (), np.zeros(len(looked_at))
            empty += 1
        else:
            bites = _bites(objective, world.situation, looked_at)
            adaptation = None if adapting is None else adapting(world.situation, world.edge_key)
            best = best_in_world(
                objective, world.situation, replace(limits, seconds=None), tuple(reported),
                looked_at[np.lexsort((looked_at, -bites))], adaptation=adaptation,
            )  # fmt: skip
        for one in best:
            counted[one] = counted.get(one, 0) + 1
        order = _order(bites, looked_at)
        # Those with equal bites share the better place.
        places.append(np.searchsorted(np.sort(-bites), -bites, side="left") + 1)
        jaccards.append(overlap(best, reported))
        orders.append(rank_biased_overlap(reference[:_DEPTH], order[:_DEPTH]))
        firsts.append(order[:1] == reference[:1])
    low, middle, high = np.quantile(np.array(places), [0.05, 0.5, 0.95], axis=0)
    return Doubt(
        worlds=worlds,
        chosen_in={one: counted.get(one, 0) / worlds for one in sorted({*counted, *members.tolist()})},
        ranks=dict(
            zip(looked_at.tolist(), zip(low.tolist(), middle.tolist(), high.tolist(), strict=True), strict=True)
        ),
        jaccard=float(np.mean(jaccards)),
        rank_biased=float(np.mean(orders)),
        first_same=float(np.mean(firsts)),
        empty=empty,
        kept=float(np.mean(kept)) / max(1, len(likely)),
        added=float(np.mean(added)),
        held=1.0 if holdings is None else 1 - float(np.mean(lost)) / max(1, len(holdings.likely)),
    )


def _bites(objective: ModuleType, situation: Situation, looked_at: IntArray) -> FloatArray:
    before = objective.value(situation, ())
    return np.array([float(before - objective.value(situation, (one,))) for one in looked_at.tolist()])


def _order(bites: FloatArray, numbers: IntArray) -> list[int]:
    return [int(one) for one in numbers[np.lexsort((numbers, -bites))]]

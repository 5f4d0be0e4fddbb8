"""The set whose bite lasts: searched among those who take most by themselves, from the set that is best at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from finnet.analysis.interdiction.adaptation import Adaptation
from finnet.analysis.interdiction.general_search import general_search
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Limits, Solution
from finnet.graph.network import IntArray
from finnet.progress import watched

__all__ = ["best_lasting", "shortlist"]

_FEW_RUNS = 6  # throws while sets are compared; the last two are compared by all of them
_FEW_POINTS = 16  # moves of a throw at which flows are worked out meanwhile
_SHORTLIST = 40
# Effort by size, in edges: how many candidates' own lasting bite is worked out, those first through whom most runs, and
# how many sets are looked at. Chosen so that each size takes seconds to a minute.
_EFFORT = ((10_000, 400, 1_200), (50_000, 200, 400), (200_000, 100, 150), (2**62, 60, 80))


def best_lasting(adaptation: Adaptation, instant: Solution, limits: Limits) -> Solution:
    """The set within the budget that leaves least on average over the horizon; ``after`` is what it leaves at once.

    With ``horizon`` 0 that is ``instant``. Nothing is proved: the bound is None.
    """
    if not adaptation.horizon or not len(adaptation.situation.candidates):
        return instant
    situation = replace(adaptation.situation, candidates=shortlist(adaptation, instant.chosen, limits.budget))
    effort = replace(limits, iterations=limits.iterations or _effort(adaptation)[1])
    found = general_search(
        lambda chosen: adaptation.left(chosen, runs=min(_FEW_RUNS, adaptation.rewiring.runs), points=_FEW_POINTS),
        situation, effort, starts=[instant.chosen],
    )  # fmt: skip
    chosen = min((found.chosen, instant.chosen), key=adaptation.left)
    return Solution(
        chosen=chosen,
        before=instant.before,
        after=adaptation.at_once(chosen),
        method=f"{found.method}, on what is left on average while the network rewires",
        evaluations=instant.evaluations + found.evaluations,
        notes=tuple(dict.fromkeys([*instant.notes, *found.notes])),
    )


def shortlist(adaptation: Adaptation, known: tuple[int, ...], budget: int) -> IntArray:
    """The candidates who take most per cost by themselves over the horizon, and those of ``known``; sorted."""
    situation = adaptation.situation
    candidates = situation.candidates
    affordable = candidates[situation.cost[candidates] <= budget]
    if len(affordable) > _SHORTLIST:
        likely = _likely(adaptation, affordable)
        left = np.array(
            [adaptation.left([one], runs=2, points=_FEW_POINTS) for one in watched(likely.tolist(), "candidates")]
        )
        taken = (adaptation.before - left) / situation.cost[likely]
        affordable = likely[np.lexsort((likely, -taken))[:_SHORTLIST]]
    tied = [one for group in situation.together for one in group]
    return np.unique(np.concatenate([affordable, np.array([*known, *tied], np.int64), situation.forced]))


def _effort(adaptation: Adaptation) -> tuple[int, int]:
    """How many candidates to look at, and how many sets."""
    edges = adaptation.situation.network.edge_count
    return next((candidates, sets) for size, candidates, sets in _EFFORT if edges <= size)


def _likely(adaptation: Adaptation, candidates: IntArray) -> IntArray:
    most = _effort(adaptation)[0]
    if len(candidates) <= most or not adaptation.situation.chooses_parties:
        return candidates
    weight = _passing(adaptation.situation, adaptation.ground.capacity)[candidates]
    return np.sort(candidates[np.lexsort((candidates, -weight))[:most]])


def _passing(situation: Situation, capacity: IntArray) -> IntArray:
    """Per party, what it can pass on at most."""
    network = situation.network
    received = np.bincount(network.target, capacity, network.size)
    sent = np.bincount(network.source, capacity, network.size)
    return (np.minimum(received, sent) if network.directed else received + sent).astype(np.int64)

"""Which countries one would name without searching: those with most links, those with most volume."""

from __future__ import annotations

import numpy as np

from finnet.analysis.interdiction.baselines import Naive
from finnet.analysis.interdiction.jurisdictions import JurisdictionSituation
from finnet.analysis.interdiction.situation import Situation
from finnet.graph.network import FloatArray

__all__ = ["naive_countries"]


def naive_countries(situation: Situation, budget: int) -> Naive:
    """The top countries by how many links they could sever, and by the weight of these; ties by code."""
    if not isinstance(situation, JurisdictionSituation):
        return Naive(sets={}, scores={})
    edges, places = situation.cuts
    size = len(situation.places)
    network = situation.network
    weight = network.weight if network.minor is None else network.minor.astype(np.float64)
    scores: dict[str, FloatArray] = {
        "degree": np.bincount(places, minlength=size).astype(np.float64),
        "volume": np.bincount(places, weight[edges], size).astype(np.float64),
    }
    forced = situation.forced.tolist()
    free = np.setdiff1d(situation.candidates, situation.forced)
    left = max(0, budget - len(forced))
    sets = {
        name: tuple(sorted([*forced, *free[np.lexsort((free, -score[free]))][:left].tolist()]))
        for name, score in scores.items()
    }
    return Naive(sets=sets, scores=scores)

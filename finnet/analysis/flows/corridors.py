"""How much more goes from one place to another than the sizes of both would lead one to expect."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from finnet.graph.network import FloatArray

__all__ = ["NULL", "lift"]

NULL = "independence: what the origin sends and the destination receives, spread over each other in proportion"


def lift(origin: Sequence[str], destination: Sequence[str], amount: Sequence[float]) -> FloatArray:
    """amount · total / (sent by the origin · received by the destination), one per pair.

    1 is what independence would give, 2 twice as much. Pairs given twice count together. What nets to nothing or less
    on either side has no expectation: NaN. All amounts are in one currency.

    >>> lift(["de", "de", "fr", "fr"], ["nl", "bm", "nl", "bm"], [30, 10, 10, 50]).round(3).tolist()
    [1.875, 0.417, 0.417, 1.389]

    de sends 40, nl receives 40, total 100: 30 · 100 / (40 · 40) = 1.875.

    Source: the observed-to-expected ratio of a two-way table, as in association rules (Brin, Motwani, Ullman, Tsur,
    Dynamic itemset counting, 1997: "interest"); for weighted networks the configuration model by strength.
    """
    values = np.asarray(amount, dtype=np.float64)
    sent, paid = _added(origin, values), _added(destination, values)
    pair = _added(list(zip(origin, destination, strict=True)), values)
    expected = sent * paid
    sound = (sent > 0) & (paid > 0) & (values.sum() > 0)
    ratio = np.full(len(values), np.nan)
    np.divide(pair * values.sum(), expected, out=ratio, where=sound)
    return ratio


def _added(labels: Sequence[object], values: FloatArray) -> FloatArray:
    """Per entry the sum over all entries with its label."""
    number = {label: place for place, label in enumerate(dict.fromkeys(labels))}
    places = np.fromiter((number[label] for label in labels), np.int64, len(labels))
    summed: FloatArray = np.bincount(places, values, len(number)).astype(np.float64)
    return summed[places]

"""The verbs on structure: who is central."""

from __future__ import annotations

import inspect
from pathlib import Path

import numpy as np

from finnet.api._backbone import thinned
from finnet.api._describe import about, amount, who
from finnet.api._network import CaseLike, as_network
from finnet.api._scope import lists_alone, scoped
from finnet.catalogue import Catalogue
from finnet.graph.caution import cautions
from finnet.graph.network import FloatArray, IntArray, Network
from finnet.graph.rates import RateTable
from finnet.report.answer import Answer, Row

__all__ = ["METRICS", "rank"]

METRICS = Catalogue("finnet.analysis.metrics", kind="metric", verbs=("score", "DEFINITION", "UNIT"))

_WHO = ("rank", "id", "caption", "schema", "country", "score")

# Scores that differ by less are the same score computed in another order: ties go by id.
_DIGITS = 12


def rank(
    subject: CaseLike | Network,
    *,
    by: str = "degree",
    scope: str | None = None,
    backbone: str | None = None,
    graph: str | None = None,
    edges: str | None = None,
    currency: str | None = None,
    rates: str | Path | RateTable | None = None,
    as_of: str | None = None,
    min_grade: str | None = None,
    seed: int = 0,
    limit: int | None = None,
) -> Answer:
    """Parties by a metric, the highest first, ties by id.

    ``scope`` ranks within those parties and their neighbours only. Parties that no record describes keep their ties and
    are not ranked in a graph of links; in a graph of payments they are.
    """
    metric = METRICS[by]
    network = as_network(
        subject, graph=graph, edges=edges, currency=currency, rates=rates, as_of=as_of, min_grade=min_grade
    )
    network = thinned(scoped(subject, network, scope), backbone)
    takes_seed = "seed" in inspect.signature(metric.score).parameters
    columns: dict[str, FloatArray] = metric.score(network, seed=seed) if takes_seed else metric.score(network)
    shown = _ranked(network, columns["score"])
    stubs = network.size - len(shown)
    cut = shown if limit is None else shown[:limit]
    money = set(getattr(metric, "MONEY", ()))
    whole = {name for name, column in columns.items() if name not in money and not np.mod(column, 1).any()}
    own = tuple(name for name in columns if name != "score")
    unit = metric.UNIT.format(unit=network.unit)
    rows = []
    for place, number in enumerate(cut.tolist(), 1):
        row: Row = {"rank": place, **who(network, number)}
        for name in ("score", *own):
            value = float(columns[name][number])
            row[name] = amount(network, value) if name in money else int(value) if name in whole else value
        rows.append(row)
    notes = [*network.notes, *cautions(network), *lists_alone(subject, network)]
    if stubs:
        notes.append(f"{stubs:,} parties that are only pointed at, not described, are not ranked")
    if "error" in columns and columns["error"].any():
        notes.append("scores are estimated from a sample of sources; error is the standard error of each")
    return Answer(
        command="rank",
        columns=(*_WHO, *own),
        rows=rows,
        summary={
            "metric": by,
            "definition": metric.DEFINITION,
            "unit": unit,
            **about(network, scope),
        },
        notes=tuple(notes),
        params={
            "by": by, "scope": scope, "graph": network.recipe, "edges": edges, "currency": currency,
            "rates": network.choices.get("rates"), "as_of": as_of, "min_grade": min_grade, "seed": seed, "limit": limit,
            "backbone": network.choices.get("backbone"),
        },
        truncated=len(cut) < len(shown),
        total=len(shown),
    )  # fmt: skip


def _ranked(network: Network, score: FloatArray) -> IntArray:
    """Vertex numbers, the highest score first, ties by id (numbers follow ids)."""
    order: IntArray = np.argsort(-_rounded(score), kind="stable")
    missing = network.vertices.get("missing")
    if missing is None or network.minor is not None:
        return order
    described: IntArray = order[~np.asarray(missing, dtype=bool)[order]]
    return described


def _rounded(score: FloatArray) -> FloatArray:
    size = np.where(score == 0, 1.0, np.abs(score))
    unit = np.maximum(10.0 ** (np.floor(np.log10(size)) - _DIGITS + 1), 1e-300)
    return np.round(score / unit) * unit

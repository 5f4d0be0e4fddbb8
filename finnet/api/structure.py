"""The verbs on structure: who is central."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from finnet.api._backbone import thinned
from finnet.api._currencies import about_each, apart_note, fair_parts
from finnet.api._describe import amount, who
from finnet.api._network import CaseLike, as_network, by_currency
from finnet.api._scope import each_scoped, lists_alone
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

    A metric made of amounts ranks each currency by itself where there are several: one row per party and currency,
    never a sum; a limit takes about as many of each. A metric that looks at no weight takes all currencies side by
    side. Any other needs ``currency`` or ``rates``.
    ``scope`` ranks within those parties and their neighbours only. Parties that no record describes keep their ties and
    are not ranked in a graph of links; in a graph of payments they are.
    """
    metric = METRICS[by]
    money = set(getattr(metric, "MONEY", ()))
    chosen: dict[str, Any] = {
        "graph": graph, "edges": edges, "currency": currency, "rates": rates, "as_of": as_of, "min_grade": min_grade
    }  # fmt: skip
    if money:
        networks = by_currency(subject, **chosen)
    else:
        ties_alone = getattr(metric, "TIES_ALONE", False) and backbone is None
        networks = [as_network(subject, **chosen, counts_ties=ties_alone)]
    networks = [thinned(network, backbone) for network in each_scoped(subject, networks, scope)]
    rankings = [_ranking(network, metric, seed) for network in networks]
    total = sum(len(one.order) for one in rankings)
    own = tuple(name for name in rankings[0].columns if name != "score")
    is_money = bool(money) and networks[0].minor is not None
    parts = fair_parts([len(one.order) for one in rankings], limit)
    rows = [row for one, most in zip(rankings, parts, strict=True) for row in _rows(one, most, money)]
    return Answer(
        command="rank",
        columns=(*_WHO, *(("currency",) if is_money else ()), *own),
        rows=rows,
        summary={
            "metric": by,
            "definition": metric.DEFINITION,
            "unit": metric.UNIT.format(unit=", ".join(network.unit for network in networks)),
            **about_each(networks, scope),
        },
        notes=(*_notes(subject, rankings), *apart_note(networks)),
        params={
            "by": by, "scope": scope, "graph": networks[0].recipe, "edges": edges, "currency": currency,
            "rates": networks[0].choices.get("rates"), "as_of": as_of, "min_grade": min_grade, "seed": seed,
            "limit": limit, "backbone": networks[0].choices.get("backbone"),
        },
        truncated=len(rows) < total,
        total=total,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranking:
    """One network's scores, and its ranked parties in their order."""

    network: Network
    columns: dict[str, FloatArray]
    order: IntArray


def _ranking(network: Network, metric: ModuleType, seed: int) -> _Ranking:
    takes_seed = "seed" in inspect.signature(metric.score).parameters
    columns = metric.score(network, seed=seed) if takes_seed else metric.score(network)
    return _Ranking(network=network, columns=columns, order=_ranked(network, columns["score"]))


def _rows(one: _Ranking, most: int, money: set[str]) -> list[Row]:
    network, columns = one.network, one.columns
    whole = {name for name, column in columns.items() if name not in money and not np.mod(column, 1).any()}
    rows = []
    for place, number in enumerate(one.order[:most].tolist(), 1):
        row: Row = {"rank": place, **who(network, number)}
        for name, column in columns.items():
            value = float(column[number])
            row[name] = amount(network, value) if name in money else int(value) if name in whole else value
        if money and network.minor is not None:
            row["currency"] = network.unit
        rows.append(row)
    return rows


def _notes(subject: CaseLike | Network, rankings: Sequence[_Ranking]) -> list[str]:
    notes = []
    for one in rankings:
        said = [*one.network.notes, *cautions(one.network), *lists_alone(subject, one.network)]
        if stubs := one.network.size - len(one.order):
            said.append(f"{stubs:,} parties that are only pointed at, not described, are not ranked")
        if "error" in one.columns and one.columns["error"].any():
            said.append("scores are estimated from a sample of sources; error is the standard error of each")
        notes += said if len(rankings) == 1 else [f"{one.network.unit}: {words}" for words in said]
    return notes


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

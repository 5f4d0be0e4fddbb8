"""The verb on the shape of a network: centralized, limited, vulnerable, beside rewired networks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from finnet.analysis.interdiction.grades import Grades
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.worlds import draw_world
from finnet.analysis.shape import DEFINITIONS, Figure, shape_figures, shape_values
from finnet.api._describe import about
from finnet.api._doubt import grades_of, likely_links, statements_of
from finnet.api._network import CaseLike, as_network
from finnet.api._scope import lists_alone, scoped
from finnet.errors import UsageError
from finnet.graph.caution import cautions
from finnet.graph.network import FloatArray, Network
from finnet.graph.rates import RateTable
from finnet.progress import watched
from finnet.report.answer import Answer

__all__ = ["shape"]

_SURE = 0.975


def shape(
    subject: CaseLike | Network,
    *,
    scope: str | None = None,
    graph: str | None = None,
    edges: str | None = None,
    currency: str | None = None,
    rates: str | Path | RateTable | None = None,
    as_of: str | None = None,
    min_grade: str | None = None,
    draws: int = 100,
    worlds: int = 0,
    grades: str | Path | None = None,
    seed: int = 0,
) -> Answer:
    """Three figures from 0 to 1: how centralized, limited and vulnerable a network is, beside rewired ones.

    One row per measure: its ``value``; ``low`` and ``high``, between which 95 % of ``draws`` networks lie in which
    every party has as many links as here, with others at random; their median ``null``; ``above``, the share of them
    that the value exceeds; and ``p``, the chance that one of them reaches it. With ``worlds`` the links are resampled
    by grade, as ``grades`` assumes: 95 % of the worlds have a value between ``value_low`` and ``value_high``.
    Directions, weights and parallel links do not count. The graph is ``everything`` unless said otherwise.
    """
    if not 1 <= draws <= 100_000:
        raise UsageError(f"--draws {draws}: should be a number from 1 to 100,000", hint="100 are usual")
    sureness = grades_of(worlds, grades)
    network = as_network(
        subject, graph=graph, default="everything", edges=edges, currency=currency, rates=rates, as_of=as_of,
        min_grade=min_grade, counts_ties=True,
    )  # fmt: skip
    network = scoped(subject, network, scope)
    figures = shape_figures(network, draws=draws, seed=seed)
    notes = [*network.notes, *cautions(network), *lists_alone(subject, network)]
    doubted: dict[str, tuple[float, float]] = {}
    said: dict[str, Any] = {}
    if sureness is not None:
        likely = likely_links(statements_of(subject, network), sureness, notes)
        doubted = _in_worlds(network, likely, sureness, worlds, seed)
        said = {"worlds": f"{worlds:,} in which links are there or not by their grade, as {sureness.name} assumes"}
    return Answer(
        command="shape",
        columns=(
            "measure", "value", "low", "high", "null", "above", "p", "value_low", "value_high", "definition",
        ),
        rows=[
            {
                "measure": one.measure, "value": one.value, "low": one.low, "high": one.high, "null": one.null,
                "above": one.above, "p": one.p, "value_low": doubted.get(one.measure, (None, None))[0],
                "value_high": doubted.get(one.measure, (None, None))[1], "definition": DEFINITIONS[one.measure],
            }
            for one in figures
        ],
        summary={
            "says": "; ".join(_words(one) for one in figures) if network.edge_count else None,
            "rewired": "; ".join(_counted(one, draws) for one in figures) if network.edge_count else None,
            "null": f"{draws:,} networks with as many links per party, rewired at random (seed {seed}): low and high "
            "hold 95 % of them, null is their median",
            **said,
            **about(network, scope),
        },
        notes=tuple(dict.fromkeys(notes)),
        params={
            "scope": scope, "graph": network.recipe, "edges": edges, "currency": currency,
            "rates": network.choices.get("rates"), "as_of": as_of, "min_grade": min_grade, "draws": draws,
            "worlds": worlds, "grades": None if grades is None else str(grades), "seed": seed,
        },
        shown=("measure", "value", *(("value_low", "value_high") if doubted else ()), "low", "high", "null", "p"),
    )  # fmt: skip


def _in_worlds(
    network: Network, likely: FloatArray, grades: Grades, worlds: int, seed: int
) -> dict[str, tuple[float, float]]:
    """Between which values of each measure 95 % of the worlds lie."""
    situation = Situation.of(network)
    found: dict[str, list[float]] = {}
    for number in watched(range(worlds), "worlds"):
        world = draw_world(
            situation, likely, missing_per_false_link=grades.missing_per_false_link, seed=seed, number=number
        )
        for name, value in shape_values(world.situation.network, seed=seed).items():
            found.setdefault(name, []).append(value)
    ends = {name: np.quantile(values, [0.025, 0.975]).tolist() for name, values in found.items()}
    return {name: (low, high) for name, (low, high) in ends.items()}


def _counted(one: Figure, draws: int) -> str:
    return f"{draws - round(one.above * draws):,} of {draws:,} are at least as {one.measure}"


def _words(one: Figure) -> str:
    if one.above >= _SURE:
        return f"more {one.measure} than its number of links per party explains"
    if one.value < one.low:
        return f"less {one.measure} than its number of links per party would make it"
    return f"as {one.measure} as its number of links per party makes it"

"""The verb on the shape of a network: centralized, limited, vulnerable, beside rewired networks."""

from __future__ import annotations

from pathlib import Path

from finnet.analysis.shape import DEFINITIONS, Figure, shape_figures
from finnet.api._describe import about
from finnet.api._network import CaseLike, as_network
from finnet.api._scope import lists_alone, scoped
from finnet.errors import UsageError
from finnet.graph.caution import cautions
from finnet.graph.network import Network
from finnet.graph.rates import RateTable
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
    seed: int = 0,
) -> Answer:
    """Three figures from 0 to 1: how centralized, limited and vulnerable a network is, beside rewired ones.

    One row per measure: its ``value``; ``low`` and ``high``, between which 95 % of ``draws`` networks lie in which
    every party has as many links as here, with others at random; their median ``null``; and ``above``, the share of
    them that the value exceeds. Directions, weights and parallel links do not count.
    The graph is ``everything`` unless said otherwise.
    """
    if not 1 <= draws <= 100_000:
        raise UsageError(f"--draws {draws}: should be a number from 1 to 100,000", hint="100 are usual")
    network = as_network(
        subject, graph=graph, default="everything", edges=edges, currency=currency, rates=rates, as_of=as_of,
        min_grade=min_grade, counts_ties=True,
    )  # fmt: skip
    network = scoped(subject, network, scope)
    figures = shape_figures(network, draws=draws, seed=seed)
    return Answer(
        command="shape",
        columns=("measure", "value", "low", "high", "null", "above", "definition"),
        rows=[
            {
                "measure": one.measure, "value": one.value, "low": one.low, "high": one.high, "null": one.null,
                "above": one.above, "definition": DEFINITIONS[one.measure],
            }
            for one in figures
        ],
        summary={
            "says": "; ".join(_words(one) for one in figures) if network.edge_count else None,
            "null": f"{draws:,} networks with as many links per party, rewired at random",
            **about(network, scope),
        },
        notes=tuple(dict.fromkeys([*network.notes, *cautions(network), *lists_alone(subject, network)])),
        params={
            "scope": scope, "graph": network.recipe, "edges": edges, "currency": currency,
            "rates": network.choices.get("rates"), "as_of": as_of, "min_grade": min_grade, "draws": draws, "seed": seed,
        },
        shown=("measure", "value", "low", "high", "null", "above"),
    )  # fmt: skip


def _words(one: Figure) -> str:
    if one.above >= _SURE:
        return f"more {one.measure} than its number of links per party explains"
    if one.value < one.low:
        return f"less {one.measure} than its number of links per party would make it"
    return f"as {one.measure} as its number of links per party makes it"

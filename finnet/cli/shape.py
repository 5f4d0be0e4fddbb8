"""The command `finnet shape`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import (
    AsOfOption,
    CaseOption,
    CurrencyOption,
    EdgesOption,
    GradesOption,
    GraphOption,
    MinGradeOption,
    NetworkOption,
    RatesOption,
    ScopeOption,
    SeedOption,
    UndirectedOption,
)
from finnet.cli._subject import subject
from finnet.report.answer import Answer

PANEL = "Structure"


def shape(
    case: CaseOption = None,
    network: NetworkOption = None,
    undirected: UndirectedOption = False,
    scope: ScopeOption = None,
    graph: GraphOption = None,
    edges: EdgesOption = None,
    currency: CurrencyOption = None,
    rates: RatesOption = None,
    as_of: AsOfOption = None,
    min_grade: MinGradeOption = None,
    draws: Annotated[int, typer.Option(min=1, help="How many rewired networks to compare with.")] = 100,
    worlds: Annotated[int, typer.Option(min=0, help="How often to resample the links by grade.")] = 0,
    grades: GradesOption = None,
    seed: SeedOption = 0,
) -> Answer:
    """Say how centralized, limited and vulnerable a network is, beside rewired networks with as many links per party.

    Columns: measure, value, low, high, null, above, p, value_low, value_high, definition
    (low to high: 95 % of the rewired networks; null: their median;
    above: the share of them that the value exceeds; p: the chance that one
    reaches it; value_low to value_high: 95 % of the --worlds)

    Example: finnet shape --graph influence
    Example: finnet shape --graph influence --draws 200 --worlds 200
    Example: finnet shape --network edges.csv --undirected
    """
    from finnet import api

    return api.shape(
        subject(case, network, undirected=undirected),
        scope=scope,
        graph=graph,
        edges=edges,
        currency=currency,
        rates=rates,
        as_of=as_of,
        min_grade=min_grade,
        draws=draws,
        worlds=worlds,
        grades=grades,
        seed=seed,
    )

"""The command `finnet rank`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import (
    AsOfOption,
    BackboneOption,
    CaseOption,
    CurrencyOption,
    EdgesOption,
    GraphOption,
    LimitOption,
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


def rank(
    by: Annotated[str, typer.Option("--by", help="The metric; an unknown one lists them all.")] = "degree",
    case: CaseOption = None,
    network: NetworkOption = None,
    undirected: UndirectedOption = False,
    scope: ScopeOption = None,
    backbone: BackboneOption = None,
    graph: GraphOption = None,
    edges: EdgesOption = None,
    currency: CurrencyOption = None,
    rates: RatesOption = None,
    as_of: AsOfOption = None,
    min_grade: MinGradeOption = None,
    seed: SeedOption = 0,
    limit: LimitOption = 20,
) -> Answer:
    """Rank parties by a metric: degree, in_strength, out_strength, pagerank, betweenness, pass_through and more.

    Columns: rank, id, caption, schema, country, score, and the metric's own

    Example: finnet rank --by betweenness --graph payments --currency USD
    """
    from finnet import api

    return api.rank(
        subject(case, network, undirected=undirected),
        by=by,
        scope=scope,
        backbone=backbone,
        graph=graph,
        edges=edges,
        currency=currency,
        rates=rates,
        as_of=as_of,
        min_grade=min_grade,
        seed=seed,
        limit=limit,
    )

"""The command `finnet groups`."""

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


def groups(
    method: Annotated[str, typer.Option(help="leiden, infomap or components.")] = "leiden",
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
    limit: LimitOption = None,
) -> Answer:
    """Find groups of parties, and say how stable they are over ten seeds.

    Columns: group, size, id, caption, schema, country, role, ties_inside, participation

    Example: finnet groups --graph influence
    """
    from finnet import api

    return api.groups(
        subject(case, network, undirected=undirected),
        method=method,
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

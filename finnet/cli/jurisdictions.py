"""The command `finnet jurisdictions`."""

from __future__ import annotations

from finnet.cli._options import (
    AsOfOption,
    CaseOption,
    CurrencyOption,
    EdgesOption,
    GraphOption,
    LimitOption,
    MinGradeOption,
    NetworkOption,
    RatesOption,
    ScopeOption,
    UndirectedOption,
)
from finnet.cli._subject import subject
from finnet.report.answer import Answer

PANEL = "Structure"


def jurisdictions(
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
    limit: LimitOption = None,
) -> Answer:
    """Show what sits in which country, what crosses its border, who lists it, and where representatives sit.

    Columns: country, entities, in, out, through, sink, conduit, listed, captured, representatives, listed_by,
    host_action

    Example: finnet jurisdictions --graph influence
    """
    from finnet import api

    return api.jurisdictions(
        subject(case, network, undirected=undirected),
        scope=scope,
        graph=graph,
        edges=edges,
        currency=currency,
        rates=rates,
        as_of=as_of,
        min_grade=min_grade,
        limit=limit,
    )

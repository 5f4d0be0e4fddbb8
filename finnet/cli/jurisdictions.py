"""The command `finnet jurisdictions`."""

from __future__ import annotations

from typing import Annotated

import typer

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
    RegimeOption,
    ScopeOption,
    UndirectedOption,
)
from finnet.cli._subject import subject
from finnet.report.answer import Answer

PANEL = "Structure"


def jurisdictions(
    from_: Annotated[
        str | None, typer.Option("--from", help="Rank by what enforcement takes away from these (a selector).")
    ] = None,
    to: Annotated[str | None, typer.Option("--to", help="… of what they pay to these (a selector).")] = None,
    in_force: Annotated[str | None, typer.Option(help="Whom they act against; all who are listed by default.")] = None,
    enforcers: Annotated[str, typer.Option(help="Who enforces already: US,EU,…; all: nobody named.")] = "all",
    regime: RegimeOption = "none",
    size: Annotated[
        str, typer.Option(help="What sink and conduit are measured against: none, volume, or a CSV country,size.")
    ] = "none",
    revenue: Annotated[
        str | None, typer.Option(help="What companies are worth: a CSV id,revenue (with --graph ownership).")
    ] = None,
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

    Columns: country, entities, in, out, through, currency, sink, conduit, conduit_in, holders, listed, captured,
    representatives, listed_by, host_action, bite_alone, bite_added

    Example: finnet jurisdictions --graph influence
    Example: finnet jurisdictions --from tag:source --to tag:exit --currency USD --enforcers US,EU
    """
    from finnet import api

    return api.jurisdictions(
        subject(case, network, undirected=undirected),
        from_=from_,
        to=to,
        in_force=in_force,
        enforcers=enforcers,
        regime=regime,
        size=size,
        revenue=revenue,
        scope=scope,
        graph=graph,
        edges=edges,
        currency=currency,
        rates=rates,
        as_of=as_of,
        min_grade=min_grade,
        limit=limit,
    )

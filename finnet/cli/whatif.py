"""The command `finnet whatif`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import (
    AsOfOption,
    CaseOption,
    CurrencyOption,
    EdgesOption,
    EnforcersOption,
    GraphOption,
    MinGradeOption,
    NetworkOption,
    OnlyOption,
    RatesOption,
    RegimeOption,
    UndirectedOption,
    WithoutOption,
)
from finnet.cli._subject import subject
from finnet.report.answer import Answer

PANEL = "Choke points"


def whatif(
    file: Annotated[str | None, typer.Argument(help="A file of levers, all of which are taken.")] = None,
    designate: Annotated[str | None, typer.Option(help="Who is listed as well (a selector).")] = None,
    delist: Annotated[str | None, typer.Option(help="Who is no longer listed (a selector).")] = None,
    case: CaseOption = None,
    network: NetworkOption = None,
    undirected: UndirectedOption = False,
    regime: RegimeOption = "none",
    in_force: Annotated[str | None, typer.Option(help="What is designated now (a selector).")] = None,
    enforcers: EnforcersOption = "all",
    without: WithoutOption = None,
    only: OnlyOption = None,
    from_: Annotated[str | None, typer.Option("--from", help="Whom can these still reach? (a selector)")] = None,
    graph: GraphOption = None,
    edges: EdgesOption = None,
    currency: CurrencyOption = None,
    rates: RatesOption = None,
    as_of: AsOfOption = None,
    min_grade: MinGradeOption = None,
) -> Answer:
    """Show what a package of measures changes: who is blocked or freed, what is severed, who is cut off besides.

    Columns: change, id, caption, country, how, class, currency, value

    Example: finnet whatif --designate "Plainly Invented Brokers A" --regime ofac
    Example: finnet whatif measures.toml --without CN
    """
    from finnet import api

    return api.whatif(
        subject(case, network, undirected=undirected),
        file,
        designate=designate,
        delist=delist,
        regime=regime,
        in_force=in_force,
        enforcers=enforcers,
        without=without,
        only=only,
        from_=from_,
        graph=graph,
        edges=edges,
        currency=currency,
        rates=rates,
        as_of=as_of,
        min_grade=min_grade,
    )

"""The command `finnet ladder`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import (
    AsOfOption,
    CaseOption,
    CurrencyOption,
    EdgesOption,
    GraphOption,
    MinGradeOption,
    NetworkOption,
    RatesOption,
    ScopeOption,
    UndirectedOption,
)
from finnet.cli._subject import subject
from finnet.report.answer import Answer

PANEL = "Choke points"


def ladder(
    direction: Annotated[str, typer.Argument(help="pressure or relief.")],
    file: Annotated[str, typer.Argument(help="A file of levers: its name, or a path that ends in .toml.")],
    from_: Annotated[str | None, typer.Option("--from", help="Seeds: where it comes from (a selector).")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Exits: where it must not arrive (a selector).")] = None,
    steps: Annotated[int | None, typer.Option("--steps", "-k", min=1, help="How many steps; all by default.")] = None,
    objective: Annotated[
        str | None, typer.Option(help="flow, reach, pairs or largest_component.", show_default="by seeds and exits")
    ] = None,
    case: CaseOption = None,
    network: NetworkOption = None,
    undirected: UndirectedOption = False,
    scope: ScopeOption = None,
    regime: Annotated[str, typer.Option(help="The rule that captures what is owned: ofac, eu, uk.")] = "none",
    in_force: Annotated[str | None, typer.Option(help="What is designated already (a selector).")] = None,
    enforcers: Annotated[str, typer.Option(help="The jurisdictions that act on it: US,EU,… or all.")] = "all",
    without: Annotated[str | None, typer.Option(help="All enforce but these: CN,RU.")] = None,
    only: Annotated[str | None, typer.Option(help="Nobody enforces but these.")] = None,
    graph: GraphOption = None,
    edges: EdgesOption = None,
    currency: CurrencyOption = None,
    rates: RatesOption = None,
    as_of: AsOfOption = None,
    min_grade: MinGradeOption = None,
) -> Answer:
    """Put measures in order: pressure with the greatest bite added up, or relief that gives away least per step.

    Columns: step, measure, name, by, value, cumulative, leverage_kept, remaining, snap_back

    Example: finnet ladder relief measures --from tag:source --to tag:exit --currency USD
    """
    from finnet import api

    return api.ladder(
        subject(case, network, undirected=undirected),
        direction,
        file,
        from_=from_,
        to=to,
        steps=steps,
        objective=objective,
        scope=scope,
        regime=regime,
        in_force=in_force,
        enforcers=enforcers,
        without=without,
        only=only,
        graph=graph,
        edges=edges,
        currency=currency,
        rates=rates,
        as_of=as_of,
        min_grade=min_grade,
    )

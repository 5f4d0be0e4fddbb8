"""The command `finnet ladder`."""

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
    RewiringOption,
    ScopeOption,
    SeedOption,
    UndirectedOption,
    WithoutOption,
)
from finnet.cli._steps import steps_drawn
from finnet.cli._subject import subject
from finnet.report.answer import Answer

PANEL = "Choke points"
PICTURE = steps_drawn


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
    regime: RegimeOption = "none",
    in_force: Annotated[str | None, typer.Option(help="What is designated already (a selector).")] = None,
    enforcers: EnforcersOption = "all",
    without: WithoutOption = None,
    only: OnlyOption = None,
    horizon: Annotated[str, typer.Option(help="How long it must last while the network adapts: 180d.")] = "0d",
    rewiring: RewiringOption = None,
    graph: GraphOption = None,
    edges: EdgesOption = None,
    currency: CurrencyOption = None,
    rates: RatesOption = None,
    as_of: AsOfOption = None,
    min_grade: MinGradeOption = None,
    seed: SeedOption = 0,
) -> Answer:
    """Put measures in order: pressure with the greatest bite added up, or relief that gives away least per step.

    Columns: step, measure, value, at_once, cumulative, leverage_kept, snap_back, remaining, captured, name, how, by
    (with --horizon the figures are means over that time, but for at_once)

    Example: finnet ladder relief measures --from tag:source --to tag:exit --currency USD
    Example: finnet ladder pressure measures --from tag:source --to tag:exit --currency USD --horizon 180d
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
        horizon=horizon,
        rewiring=rewiring,
        graph=graph,
        edges=edges,
        currency=currency,
        rates=rates,
        as_of=as_of,
        min_grade=min_grade,
        seed=seed,
    )

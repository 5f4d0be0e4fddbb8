"""The command `finnet choke`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._course import course_over_time
from finnet.cli._old_lists import mention_old_lists
from finnet.cli._options import (
    AsOfOption,
    CaseOption,
    CurrencyOption,
    EdgesOption,
    EnforcersOption,
    GradesOption,
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
from finnet.cli._subject import subject
from finnet.report.answer import Answer

PANEL = "Choke points"
PICTURE = course_over_time


def choke(
    from_: Annotated[str | None, typer.Option("--from", help="Seeds: where it comes from (a selector).")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Exits: where it must not arrive (a selector).")] = None,
    budget: Annotated[int, typer.Option("--budget", "-k", min=0, help="How many, or what they may cost.")] = 5,
    objective: Annotated[
        str | None, typer.Option(help="flow, reach, pairs or largest_component.", show_default="by seeds and exits")
    ] = None,
    by: Annotated[str, typer.Option(help="Choose among: entity, jurisdiction, lever.")] = "entity",
    case: CaseOption = None,
    network: NetworkOption = None,
    undirected: UndirectedOption = False,
    scope: ScopeOption = None,
    candidates: Annotated[str | None, typer.Option(help="Who may be chosen (a selector).")] = None,
    exclude: Annotated[str | None, typer.Option(help="Who may not be chosen (a selector).")] = None,
    forced: Annotated[str | None, typer.Option(help="Who must be chosen (a selector).")] = None,
    target_state: Annotated[str | None, typer.Option(help="The state whose own parties are no candidates.")] = None,
    cost: Annotated[str | None, typer.Option(help="A column that says what each party costs.")] = None,
    enforcers: EnforcersOption = "all",
    without: WithoutOption = None,
    only: OnlyOption = None,
    regime: RegimeOption = "none",
    in_force: Annotated[str | None, typer.Option(help="What is designated already (a selector).")] = None,
    levers: Annotated[str | None, typer.Option(help="--by lever: a file of measures to choose among.")] = None,
    horizon: Annotated[str, typer.Option(help="How long it must last while the network adapts: 180d.")] = "0d",
    rewiring: RewiringOption = None,
    worlds: Annotated[int, typer.Option(min=0, help="How often to resample the links by grade.")] = 0,
    grades: GradesOption = None,
    ablate: Annotated[bool, typer.Option("--ablate", help="Leave out each dataset in turn.")] = False,
    graph: GraphOption = None,
    edges: EdgesOption = None,
    currency: CurrencyOption = None,
    rates: RatesOption = None,
    as_of: AsOfOption = None,
    min_grade: MinGradeOption = None,
    until: Annotated[float, typer.Option(min=0, max=1, help="largest_component: stop at this share.")] = 0.1,
    time: Annotated[float | None, typer.Option(min=0, help="Seconds the search may take at most.")] = None,
    iterations: Annotated[int | None, typer.Option(min=1, help="Steps the search may take at most.")] = None,
    curve: Annotated[bool, typer.Option("--curve", help="The best set for each budget up to -k.")] = False,
    seed: SeedOption = 0,
) -> Answer:
    """Find the few parties whose removal would hurt the network most, with a proof of how good the set is.

    Columns: rank, id, caption, schema, country, bite, bite_share, cumulative, remaining, captured, collateral,
    lasting, chosen_in, substitutes, rank_betweenness, rank_volume

    Example: finnet choke --from tag:source --to tag:exit --currency USD -k 3
    Example: finnet choke --network edges.csv --undirected -k 5
    """
    from finnet import api

    if network is None and as_of is None:
        mention_old_lists(case)
    return api.choke(
        subject(case, network, undirected=undirected),
        from_=from_,
        to=to,
        budget=budget,
        objective=objective,
        by=by,
        scope=scope,
        candidates=candidates,
        exclude=exclude,
        forced=forced,
        target_state=target_state,
        cost=cost,
        enforcers=enforcers,
        without=without,
        only=only,
        regime=regime,
        in_force=in_force,
        levers=levers,
        horizon=horizon,
        rewiring=rewiring,
        worlds=worlds,
        grades=grades,
        ablate=ablate,
        graph=graph,
        edges=edges,
        currency=currency,
        rates=rates,
        as_of=as_of,
        min_grade=min_grade,
        until=until,
        time=time,
        iterations=iterations,
        curve=curve,
        seed=seed,
    )

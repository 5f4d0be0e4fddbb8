"""The command `finnet view`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

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
    RedactOption,
    SeedOption,
    UndirectedOption,
)
from finnet.cli._subject import subject
from finnet.report.answer import Answer

PANEL = "Hand over"


def view(
    selection: Annotated[
        str | None, typer.Argument(help="Only these parties and their neighbours (a selector).", show_default=False)
    ] = None,
    output: Annotated[Path, typer.Option("-o", "--output", help="The file to write: .html, .svg or .png.")] = Path(
        "page.html"
    ),
    kind: Annotated[
        Literal["network", "ownership", "flows", "jurisdictions", "timeline"],
        typer.Option(help="What is drawn: everything, layers of owners, the flow --from --to, countries, dates."),
    ] = "network",
    case: CaseOption = None,
    network: NetworkOption = None,
    undirected: UndirectedOption = False,
    backbone: BackboneOption = None,
    graph: GraphOption = None,
    edges: EdgesOption = None,
    currency: CurrencyOption = None,
    rates: RatesOption = None,
    as_of: AsOfOption = None,
    min_grade: MinGradeOption = None,
    choke: Annotated[Path | None, typer.Option(help="The JSON file of an answer of finnet choke.")] = None,
    trace: Annotated[Path | None, typer.Option(help="The JSON file of an answer of finnet trace.")] = None,
    from_: Annotated[str | None, typer.Option("--from", help="Seeds to find choke points for (a selector).")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Exits to find choke points for (a selector).")] = None,
    budget: Annotated[int, typer.Option("--budget", "-k", min=0, help="How many choke points to ring; 0: none.")] = 0,
    title: Annotated[str | None, typer.Option(help="The page's title.", show_default=False)] = None,
    question: Annotated[str | None, typer.Option(help="The question under the title.", show_default=False)] = None,
    around: Annotated[str | None, typer.Option(help="Above 3,000 parties: keep these and what is near.")] = None,
    fold: Annotated[
        Literal["none", "community", "jurisdiction"] | None,
        typer.Option(help="Above 3,000 parties: fold into community or jurisdiction."),
    ] = None,
    redact: RedactOption = False,
    limit: LimitOption = None,
    seed: SeedOption = 0,
) -> Answer:
    """Draw a network as one HTML page that opens offline and asks nobody for anything, or as a picture (SVG, PNG).

    Columns: output, vertices, edges, reduced, bytes, sha256

    Example: finnet trace tag:source --currency USD --json > t.json && finnet view --trace t.json
    Example: finnet view --graph payments --currency USD --from tag:source --to tag:exit -k 3 -o page.html
    """
    from finnet import api

    return api.view(
        subject(case, network, undirected=undirected),
        selection=selection,
        backbone=backbone,
        output=output,
        kind=kind,
        graph=graph,
        edges=edges,
        currency=currency,
        rates=rates,
        from_=from_,
        to=to,
        budget=budget,
        title=title,
        as_of=as_of,
        min_grade=min_grade,
        choke=choke,
        trace=trace,
        question=question,
        around=around,
        fold=fold,
        redact=redact,
        limit=limit,
        seed=seed,
    )

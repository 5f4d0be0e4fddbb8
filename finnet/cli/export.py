"""The command `finnet export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from finnet.cli._options import (
    AsOfOption,
    BackboneOption,
    CaseOption,
    CurrencyOption,
    EdgesOption,
    GraphOption,
    MinGradeOption,
    NetworkOption,
    RatesOption,
    RedactOption,
    UndirectedOption,
)
from finnet.cli._subject import subject
from finnet.report.answer import Answer

PANEL = "Hand over"


def export(
    format_: Annotated[
        str,
        typer.Argument(
            metavar="FORMAT",
            help="graphml, gexf, gephi_csv, i2_csv, neo4j_csv, cypher, parquet, json_graph (networkx); ftm, bods.",
            show_default=False,
        ),
    ],
    selection: Annotated[
        str | None, typer.Argument(help="Only these parties and their neighbours (a selector).", show_default=False)
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The file to write.", show_default="network with its ending")
    ] = None,
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
    redact: RedactOption = False,
    licence: Annotated[
        str | None,
        typer.Option(help="commercial: refuse data whose licence keeps commercial use out.", show_default=False),
    ] = None,
) -> Answer:
    """Write a network for another tool, or the whole case as FollowTheMoney or beneficial ownership data.

    Columns: output, format, vertices, edges, bytes, sha256

    Example: finnet export gexf --graph influence -o influence.gexf
    Example: finnet export ftm -o case.ftm.json
    Example: finnet export i2_csv country:kp --redact -o chart.csv
    """
    from finnet import api

    return api.export(
        subject(case, network, undirected=undirected),
        format_,
        selection=selection,
        backbone=backbone,
        output=output,
        graph=graph,
        edges=edges,
        currency=currency,
        rates=rates,
        as_of=as_of,
        min_grade=min_grade,
        redact=redact,
        licence=licence,
    )

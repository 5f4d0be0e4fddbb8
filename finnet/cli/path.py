"""The command `finnet path`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import (
    AsOfOption,
    CaseOption,
    CurrencyOption,
    EdgesOption,
    EntityArgument,
    GraphOption,
    MinGradeOption,
    NetworkOption,
    UndirectedOption,
)
from finnet.cli._subject import subject
from finnet.report.answer import Answer

PANEL = "Look"


def path(
    a: EntityArgument,
    b: EntityArgument,
    k: Annotated[int, typer.Option("-k", min=1, help="How many ways.")] = 5,
    directed: Annotated[bool, typer.Option("--directed", help="Follow ties along their direction only.")] = False,
    case: CaseOption = None,
    network: NetworkOption = None,
    undirected: UndirectedOption = False,
    graph: GraphOption = None,
    edges: EdgesOption = None,
    currency: CurrencyOption = None,
    as_of: AsOfOption = None,
    min_grade: MinGradeOption = None,
) -> Answer:
    """Show how two parties are connected: the shortest ways, each step with the records that state it.

    Columns: path, step, source, target, class, role, dataset, record, source_caption, target_caption

    Example: finnet path ch-bank-1 ch-broker-a -k 3
    """
    from finnet import api

    return api.path(
        subject(case, network, undirected=undirected),
        a,
        b,
        k=k,
        directed=directed,
        graph=graph,
        edges=edges,
        currency=currency,
        as_of=as_of,
        min_grade=min_grade,
    )

"""The command `finnet around`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import (
    CaseOption,
    EdgesOption,
    EntityArgument,
    GraphOption,
    LimitOption,
    NetworkOption,
    UndirectedOption,
)
from finnet.cli._subject import subject
from finnet.report.answer import Answer

PANEL = "Look"


def around(
    entity: EntityArgument,
    depth: Annotated[int, typer.Option(min=1, help="How many steps away.")] = 1,
    case: CaseOption = None,
    network: NetworkOption = None,
    undirected: UndirectedOption = False,
    graph: GraphOption = None,
    edges: EdgesOption = None,
    limit: LimitOption = 100,
) -> Answer:
    """Show whom a party is tied to, step by step, each tie with its record.

    Columns: depth, source, target, class, role, dataset, record, source_caption, target_caption

    Example: finnet around ch-broker-a --depth 2
    """
    from finnet import api

    return api.around(
        subject(case, network, undirected=undirected), entity, depth=depth, graph=graph, edges=edges, limit=limit
    )

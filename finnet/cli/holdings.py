"""The command `finnet holdings`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import AsOfOption, CaseOption, EntityArgument, LimitOption
from finnet.cli._tree import share_tree
from finnet.report.answer import Answer

PANEL = "Ownership"
PICTURE = share_tree


def holdings(
    entity: EntityArgument,
    case: CaseOption = None,
    threshold: Annotated[float, typer.Option(help="From which percentage on somebody is named.")] = 25.0,
    strict: Annotated[bool, typer.Option("--strict", help="More than the threshold, not at least.")] = False,
    as_of: AsOfOption = None,
    limit: LimitOption = None,
) -> Answer:
    """Show everything a party holds, directly and through others.

    Columns: id, caption, schema, country, direct_min, direct_max, integrated, controls, depth, records

    Example: finnet holdings "Cold Harbour Holdings"
    """
    from finnet import api

    return api.holdings(api.open_case(case), entity, threshold=threshold, strict=strict, as_of=as_of, limit=limit)

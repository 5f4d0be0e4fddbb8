"""The command `finnet sql`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import CaseOption, LimitOption
from finnet.report.answer import Answer

PANEL = "Look"


def sql(
    query: Annotated[str, typer.Argument(help="A SELECT over the v1_ views.", show_default=False)],
    case: CaseOption = None,
    limit: LimitOption = None,
) -> Answer:
    """Run read-only SQL over v1_entity, v1_link, v1_payment, v1_listing, v1_source and v1_party.

    Columns: those of the query

    Example: finnet sql "select program, count(*) as n from v1_listing group by 1 order by n desc, 1"
    """
    from finnet import api

    return api.sql(api.open_case(case), query, limit=limit)

"""The command `finnet control`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import AsOfOption, CaseOption, EntityArgument, LimitOption
from finnet.report.answer import Answer

PANEL = "Ownership"


def control(
    entity: EntityArgument,
    case: CaseOption = None,
    regime: Annotated[
        str | None, typer.Option(help="ofac, eu, uk, or a regime file of your own; all that ship if left out.")
    ] = None,
    designate: Annotated[str | None, typer.Option(help="As if these were listed too (a selector).")] = None,
    as_of: AsOfOption = None,
    limit: LimitOption = None,
) -> Answer:
    """List which limbs of control recorded facts meet, and listed persons who act for a party that is not blocked.

    Columns: limb, holder, regime, met, record, caption, schema, country, status, party, share_min, share_max, role,
    since, until

    Example: finnet control "Cold Harbour Holdings" --regime eu
    """
    from finnet import api

    return api.control(api.open_case(case), entity, regime=regime, designate=designate, as_of=as_of, limit=limit)

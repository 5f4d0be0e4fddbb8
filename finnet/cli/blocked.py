"""The command `finnet blocked`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import AsOfOption, CaseOption, LimitOption
from finnet.cli._tree import proof_tree
from finnet.report.answer import Answer

PANEL = "Ownership"
PICTURE = proof_tree


def blocked(
    entity: Annotated[
        str | None, typer.Argument(help="An id, or a name that one entity has; all of them if left out.")
    ] = None,
    case: CaseOption = None,
    regime: Annotated[str, typer.Option(help="ofac, eu, uk, or a regime file of your own.")] = "ofac",
    designate: Annotated[str | None, typer.Option(help="As if these were listed too (a selector).")] = None,
    delist: Annotated[str | None, typer.Option(help="As if these were not listed (a selector).")] = None,
    as_of: AsOfOption = None,
    verdict: Annotated[
        str | None, typer.Option(help="Only this verdict: listed, blocked, possibly, not or no_data.")
    ] = None,
    gain: Annotated[bool, typer.Option("--gain", help="What would designating each single party capture?")] = False,
    limit: LimitOption = None,
) -> Answer:
    """Say who is blocked by a regime's ownership rule though nobody listed them, and why.

    Columns: id, caption, schema, country, verdict, held_min, held_max, undisclosed, round, because, tipping, records

    Example: finnet blocked --regime ofac
    Example: finnet blocked "Cold Harbour Holdings" --regime uk --as-of 2024-07-03
    """
    from finnet import api

    return api.blocked(
        api.open_case(case),
        entity,
        regime=regime,
        designate=designate,
        delist=delist,
        as_of=as_of,
        verdict=verdict,
        gain=gain,
        limit=limit,
    )

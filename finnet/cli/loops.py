"""The command `finnet loops`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import AsOfOption, CaseOption, LimitOption
from finnet.report.answer import Answer

PANEL = "Ownership"


def loops(
    case: CaseOption = None,
    regime: Annotated[str, typer.Option(help="ofac, eu, uk, or a regime file of your own.")] = "ofac",
    as_of: AsOfOption = None,
    limit: LimitOption = None,
) -> Answer:
    """Find circular holdings: who is in each, whether it leaks, and what it changes.

    Columns: loop, members, leaks, changes, outside

    Example: finnet loops
    """
    from finnet import api

    return api.loops(api.open_case(case), regime=regime, as_of=as_of, limit=limit)

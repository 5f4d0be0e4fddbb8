"""The command `finnet match`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import CaseOption, LimitOption, ScopeOption
from finnet.report.answer import Answer

PANEL = "Identity"


def match(
    case: CaseOption = None,
    threshold: Annotated[float, typer.Option(min=0, max=1, help="How alike at least.")] = 0.7,
    scope: ScopeOption = None,
    within: Annotated[bool, typer.Option("--within", help="Pairs inside one dataset too.")] = False,
    limit: LimitOption = 50,
) -> Answer:
    """Propose which records may be the same party, with what agrees, disagrees and is missing; nothing is merged.

    Columns: left, right, left_caption, right_caption, score, agrees, disagrees, missing, name_score, left_name,
    right_name, datasets

    Example: finnet match --scope 'program:DPRK*'
    """
    from finnet import api

    return api.match(api.open_case(case), threshold=threshold, scope=scope, within=within, limit=limit)

"""The command `finnet find`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import CaseOption, LimitOption
from finnet.report.answer import Answer

PANEL = "Look"


def find(
    text: Annotated[str, typer.Argument(help="A name, or part of one.", show_default=False)],
    case: CaseOption = None,
    limit: LimitOption = 20,
) -> Answer:
    """Find entities by name, alias or id.

    Columns: id, caption, schema, country, score, dataset, matched

    Example: finnet find "cold harbour"
    """
    from finnet import api

    return api.find(api.open_case(case), text, limit=limit)

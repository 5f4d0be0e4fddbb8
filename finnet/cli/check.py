"""The command `finnet check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from finnet.cli._options import CaseOption, LimitOption
from finnet.report.answer import Answer

PANEL = "Case"


def check(
    case: CaseOption = None,
    against: Annotated[
        Path | None, typer.Option(help="A fresh version of a list: is what the case says of it still so?")
    ] = None,
    limit: LimitOption = 200,
) -> Answer:
    """Look at the data: impossible shares and dates, stubs, orphans, contradictions, equal names.

    Columns: problem, severity, id, caption, detail, dataset, record

    Example: finnet check
    Example: finnet check --against sdn.csv
    """
    from finnet import api

    return api.check(api.open_case(case), against=against, limit=limit)

"""The command `finnet rejects`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import CaseOption, LimitOption
from finnet.report.answer import Answer

PANEL = "Case"


def rejects(
    case: CaseOption = None,
    dataset: Annotated[str | None, typer.Option(help="Only this dataset.", show_default=False)] = None,
    show_values: Annotated[bool, typer.Option("--show-values", help="Show the records themselves.")] = False,
    limit: LimitOption = 50,
) -> Answer:
    """List the records that were refused, each with its place and the reason.

    Columns: file, record, byte_offset, column, code, reason

    Example: finnet rejects --dataset leak_2014
    """
    from finnet import api

    return api.rejects(api.open_case(case), dataset=dataset, show_values=show_values, limit=limit)

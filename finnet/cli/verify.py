"""The command `finnet verify`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from finnet.cli._options import CaseOption
from finnet.report.answer import Answer

PANEL = "Again"


def verify(
    run: Annotated[Path, typer.Argument(help="The run folder.", show_default=False)],
    rerun: Annotated[bool, typer.Option(help="Compute every output again and compare.")] = True,
    case: CaseOption = None,
) -> Answer:
    """Check a past run: its outputs, inputs and case, and whether it comes out the same again.

    Columns: item, verdict, cause

    Example: finnet verify runs/20261123T204512Z-1f2e3d4c
    """
    from finnet import query

    return query.verify(run, rerun=rerun, case=case)

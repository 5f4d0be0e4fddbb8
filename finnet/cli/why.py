"""The command `finnet why`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from finnet.cli._options import CaseOption, EntityArgument
from finnet.report.answer import Answer

PANEL = "Choke points"


def why(
    entity: EntityArgument,
    run: Annotated[Path, typer.Option("--run", help="The folder that `finnet run` wrote.")],
    case: CaseOption = None,
) -> Answer:
    """Say in sentences why a party is in the best set of a run, each with the records it rests on.

    Columns: step, statement, records

    Example: finnet why "Nowhere Quay Supplies 001" --run runs/20260101T120000Z-0a1b2c3d
    """
    from finnet import api
    from finnet.api.reasons import case_of_run

    return api.why(api.open_case(case_of_run(run, case)), entity, run=run)

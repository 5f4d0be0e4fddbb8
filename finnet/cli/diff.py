"""The command `finnet diff`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import CaseOption, LimitOption
from finnet.report.answer import Answer

PANEL = "Case"


def diff(
    dataset: Annotated[str | None, typer.Argument(help="The list.", show_default="the one with versions")] = None,
    case: CaseOption = None,
    before: Annotated[
        str | None, typer.Option(help="The last version until this date.", show_default="the one before")
    ] = None,
    after: Annotated[
        str | None, typer.Option(help="The last version until this date.", show_default="the last")
    ] = None,
    change: Annotated[str | None, typer.Option(help="Only these: added, removed or changed.")] = None,
    limit: LimitOption = None,
) -> Answer:
    """Say what changed between two versions of a list: who was added or removed, what is said otherwise.

    Columns: change, id, caption, what, before, after, record

    Example: finnet diff un_consolidated --change added
    """
    from finnet import api

    return api.diff(api.open_case(case), dataset, before=before, after=after, change=change, limit=limit)

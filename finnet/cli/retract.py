"""The command `finnet retract`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import ByOption, CaseOption, OnOption, ReasonOption
from finnet.report.answer import Answer

PANEL = "Add"


def retract(
    item: Annotated[str, typer.Argument(help="The id of a link, a payment, or a note or link of your own.")],
    case: CaseOption = None,
    restore: Annotated[bool, typer.Option("--restore", help="Let it count again.")] = False,
    reason: ReasonOption = None,
    by: ByOption = None,
    on: OnOption = None,
) -> Answer:
    """Leave a link, payment or note out from now on: it stays in its file and in the history.

    Columns: id, what, about, caption, text, by, on

    Example: finnet retract analyst-3 --reason "the source withdrew it"
    """
    from finnet import api

    return api.retract(api.open_case(case), item, restore=restore, reason=reason, by=by, on=on)

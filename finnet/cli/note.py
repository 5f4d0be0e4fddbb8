"""The command `finnet note`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import ByOption, CaseOption, OnOption
from finnet.report.answer import Answer

PANEL = "Add"


def note(
    about: Annotated[str, typer.Argument(help="A party (id or name), a link or a payment (id).")],
    text: Annotated[str, typer.Argument(help="What there is to say.")],
    case: CaseOption = None,
    by: ByOption = None,
    on: OnOption = None,
) -> Answer:
    """Write something down about a party, a link or a payment; show prints it with its author and day.

    Columns: id, what, about, caption, text, by, on

    Example: finnet note ch-bank-1 "the register gives another address since May"
    """
    from finnet import api

    return api.note(api.open_case(case), about, text, by=by, on=on)

"""The command `finnet tag`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import ByOption, CaseOption, OnOption, ReasonOption
from finnet.report.answer import Answer

PANEL = "Add"


def tag(
    tag: Annotated[str, typer.Argument(help="One word; the selector tag:WORD finds who has it.")],
    entities: Annotated[list[str], typer.Argument(help="Parties: ids, or names that one entity has.")],
    remove: Annotated[bool, typer.Option("--remove", help="Take the tag off.")] = False,
    case: CaseOption = None,
    reason: ReasonOption = None,
    by: ByOption = None,
    on: OnOption = None,
) -> Answer:
    """Put a tag on parties, or take it off; selectors find them by it.

    Columns: id, what, about, caption, text, by, on

    Example: finnet tag to-check ch-bank-1 ch-bank-2
    """
    from finnet import api

    return api.tag(api.open_case(case), tag, entities, remove=remove, reason=reason, by=by, on=on)

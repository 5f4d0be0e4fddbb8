"""The command `finnet source`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import CaseOption
from finnet.report.answer import Answer

PANEL = "Look"


def source(
    item: Annotated[str, typer.Argument(help="The id of a link, payment or entity.", show_default=False)],
    case: CaseOption = None,
) -> Answer:
    """Show the raw record that a link or an entity comes from.

    Columns: dataset, file, record, byte_offset, raw

    Example: finnet source ofac-7203
    """
    from finnet import api

    return api.source(api.open_case(case), item)

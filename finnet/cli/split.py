"""The command `finnet split`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import ByOption, CaseOption, OnOption, ReasonOption
from finnet.report.answer import Answer

PANEL = "Identity"


def split(
    entities: Annotated[
        list[str], typer.Argument(help="Two parties: ids, or names that one entity has.", show_default=False)
    ],
    case: CaseOption = None,
    reason: ReasonOption = None,
    by: ByOption = None,
    on: OnOption = None,
) -> Answer:
    """Decide that two records are not the same party: take a merge back, or tell match not to ask again.

    Columns: entity_id, caption, dataset, record, was, is

    Example: finnet split ofac-23483 un-6908555 --reason "born in other years"
    """
    from finnet import api

    return api.split(api.open_case(case), entities, reason=reason, by=by, on=on)

"""The command `finnet merge`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import ByOption, CaseOption, OnOption, ReasonOption
from finnet.report.answer import Answer

PANEL = "Identity"


def merge(
    entities: Annotated[
        list[str], typer.Argument(help="Two parties or more: ids, or names that one entity has.", show_default=False)
    ],
    case: CaseOption = None,
    reason: ReasonOption = None,
    by: ByOption = None,
    on: OnOption = None,
) -> Answer:
    """Decide that records are one party: signed, dated, and reversible with split.

    Columns: entity_id, caption, dataset, record, was, is

    Example: finnet merge ofac-23483 un-6908555 --reason "same passport"
    """
    from finnet import api

    return api.merge(api.open_case(case), entities, reason=reason, by=by, on=on)

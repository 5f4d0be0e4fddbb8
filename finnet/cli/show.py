"""The command `finnet show`."""

from __future__ import annotations

from finnet.cli._options import CaseOption, EntityArgument
from finnet.report.answer import Answer

PANEL = "Look"


def show(entity: EntityArgument, case: CaseOption = None) -> Answer:
    """Show all that is recorded about one entity, each value with its record.

    Columns: property, value, dataset, record

    Example: finnet show ofac-7203
    """
    from finnet import api

    return api.show(api.open_case(case), entity)

"""The command `finnet info`."""

from __future__ import annotations

from finnet.cli._options import CaseOption
from finnet.report.answer import Answer

PANEL = "Case"


def info(case: CaseOption = None) -> Answer:
    """Say what the case holds: each dataset with its counts, dates and grade.

    Columns: dataset, list_date, entities, links, payments, listings, first, last, grade

    Example: finnet info -c dprk.finnet
    """
    from finnet import api

    return api.info(api.open_case(case))

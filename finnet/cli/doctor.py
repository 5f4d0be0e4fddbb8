"""The command `finnet doctor`."""

from __future__ import annotations

from finnet.cli._options import CaseOption
from finnet.report.answer import Answer

PANEL = "Help"


def doctor(case: CaseOption = None) -> Answer:
    """Look at the machine: versions, text, disk, memory, and whether a case can be written here.

    Columns: item, value, verdict, advice

    Example: finnet doctor
    """
    from finnet import api

    return api.doctor(case=case)

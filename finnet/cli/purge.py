"""The command `finnet purge`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import CaseOption
from finnet.report.answer import Answer

PANEL = "Case"


def purge(
    dataset: Annotated[str, typer.Argument(help="The dataset to delete.")],
    case: CaseOption = None,
    confirm: Annotated[str | None, typer.Option(help="The dataset's name once more.", show_default=False)] = None,
) -> Answer:
    """Delete a dataset from the case for good: every version of it, its refused records, the index.

    Columns: dataset, ingest, list_date, files, records, status

    Example: finnet purge leak_2014 --confirm leak_2014
    """
    from finnet import api

    return api.purge(api.open_case(case), dataset, confirm=confirm)

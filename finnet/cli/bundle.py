"""The command `finnet bundle`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from finnet.cli._options import CaseOption, RedactOption
from finnet.report.answer import Answer

PANEL = "Hand over"


def bundle(
    run: Annotated[str, typer.Argument(help="A run folder.", show_default=False)],
    output: Annotated[Path, typer.Option("-o", "--output", help="The zip file.")] = Path("bundle.zip"),
    redact: RedactOption = False,
    case: CaseOption = None,
) -> Answer:
    """Pack a run with its query, outputs, report and the records it cites, so that somebody else can check it.

    Columns: output, name, bytes, sha256

    Example: finnet bundle runs/20261125T120000Z-1a2b3c4d -o run.zip
    """
    from finnet import query

    return query.bundle(run, output=output, redact=redact, case=case)

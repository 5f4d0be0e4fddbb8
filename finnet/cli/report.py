"""The command `finnet report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from finnet.cli._options import CaseOption, RedactOption
from finnet.report.answer import Answer

PANEL = "Hand over"


def report(
    query_or_run: Annotated[
        str, typer.Argument(help="A run folder, or a saved query to run first.", show_default=False)
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="The report: .html or .md.")] = Path("report.html"),
    claims: Annotated[
        Path | None,
        typer.Option(help="Each sentence with its raw record, for lawyer and editor (CSV).", show_default=False),
    ] = None,
    redact: RedactOption = False,
    purpose: Annotated[str | None, typer.Option(help="What the report is for.", show_default=False)] = None,
    case: CaseOption = None,
    input: Annotated[
        list[str] | None, typer.Option("--input", help="A file for an input of the query: NAME=FILE.")
    ] = None,
    into: Annotated[Path, typer.Option(help="Where the run folder goes, if the query is run first.")] = Path("runs"),
) -> Answer:
    """Write a report on a run: answer first, each statement with its record, what it rests on and what it leaves open.

    Columns: output, sentences, records, bytes, sha256

    Example: finnet report cold_harbour -o report.html
    Example: finnet report runs/20261125T120000Z-1a2b3c4d -o report.md --claims claims.csv --redact
    """
    from finnet import query

    return query.report(
        query_or_run,
        output=output,
        claims=claims,
        redact=redact,
        purpose=purpose,
        case=case,
        inputs=input or [],
        into=into,
    )

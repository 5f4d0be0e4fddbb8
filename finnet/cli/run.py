"""The command `finnet run`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from finnet.cli._options import CaseOption
from finnet.report.answer import Answer

PANEL = "Again"


def run(
    context: typer.Context,
    queries: Annotated[
        list[str] | None, typer.Argument(help="Saved queries: TOML files, or names of those that ship.")
    ] = None,
    all: Annotated[bool, typer.Option("--all", help="Every query that ships and whose data ship too.")] = False,
    case: CaseOption = None,
    input: Annotated[
        list[str] | None, typer.Option("--input", help="A file for an input of the query: NAME=FILE.")
    ] = None,
    into: Annotated[Path, typer.Option(help="Where the run folders go.")] = Path("runs"),
) -> Answer:
    """Run a saved query: its outputs, pages and a manifest go into a run folder, its answers are compared.

    Columns: output, sha256, rows, expected

    Example: finnet run cold_harbour
    Example: finnet run fincen_correspondents --input transactions=download_transactions_map.csv
    """
    from finnet import query
    from finnet.cli._table import print_query, print_step

    begun: set[str] = set()

    def on_step(query: query.Query, step: query.Step, answer: Answer) -> None:
        if query.name not in begun:
            begun.add(query.name)
            print_query(query.title, query.question)
        print_step(f"{query.name}: {step.id}", answer, file=f"{step.id}.csv of the run folder")

    shown = context.params.get("format") == "table" and not context.params.get("json")
    return query.run(
        queries or [], all=all, case=case, inputs=input or [], into=into, on_step=on_step if shown else None
    )

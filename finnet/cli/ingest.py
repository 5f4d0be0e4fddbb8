"""The command `finnet ingest`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import CaseOption, GradeOption, MappingOption
from finnet.report.answer import Answer

PANEL = "Case"


def ingest(
    files: Annotated[list[str], typer.Argument(help="Files or folders, or sample:NAME.", show_default=False)],
    case: CaseOption = None,
    as_: Annotated[str | None, typer.Option("--as", help="The format; otherwise it is recognised and told.")] = None,
    mapping: MappingOption = None,
    dataset: Annotated[str | None, typer.Option(help="What to call the dataset.", show_default=False)] = None,
    grade: GradeOption = None,
    append: Annotated[bool, typer.Option("--append", help="Add to a table dataset that exists.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a table dataset that exists.")] = False,
    max_rejects: Annotated[
        int | None, typer.Option(min=0, help="Stop above this many rejects.", show_default="1 % and more than 20")
    ] = None,
    retrieved_on: Annotated[
        str | None, typer.Option(help="When you fetched the file, as 2019-03-05.", show_default=False)
    ] = None,
    accept_float_money: Annotated[
        bool, typer.Option("--accept-float-money", help="Round money that a Parquet file holds in floating point.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and count, store nothing.")] = False,
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait for another finnet that writes.")] = 0.0,
) -> Answer:
    """Read files into the case: all of it or nothing, and every record is accounted for.

    Columns: file, format, status, records, loaded, rejected, skipped, entities, links, payments, listings

    Example: finnet ingest sdn.csv alt.csv add.csv -c dprk.finnet
    Example: finnet ingest statement.csv --mapping statement.toml --grade B2
    """
    from finnet import api

    return api.ingest(
        files,
        case=case,
        as_=as_,
        mapping=mapping,
        dataset=dataset,
        grade=grade,
        append=append,
        replace=replace,
        max_rejects=max_rejects,
        retrieved_on=retrieved_on,
        accept_float_money=accept_float_money,
        dry_run=dry_run,
        wait=wait,
    )

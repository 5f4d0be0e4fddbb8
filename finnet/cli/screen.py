"""The command `finnet screen`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from finnet.cli._options import AsOfOption, CaseOption, LimitOption, MappingOption
from finnet.report.answer import Answer

PANEL = "Identity"


def screen(
    file: Annotated[Path, typer.Argument(help="Customers: a table of names, or any format ingest reads.")],
    case: CaseOption = None,
    mapping: MappingOption = None,
    as_: Annotated[str | None, typer.Option("--as", help="The file's format.", show_default="recognised")] = None,
    threshold: Annotated[float, typer.Option(min=0, max=1, help="How alike at least.")] = 0.6,
    regime: Annotated[str, typer.Option(help="Whose ownership rule to look through: ofac, eu, uk or none.")] = "ofac",
    as_of: AsOfOption = None,
    limit: LimitOption = None,
) -> Answer:
    """Screen customers against the listed, and against those whom the ownership rule blocks though nobody listed them.

    Columns: row, name, candidate, caption, score, agrees, disagrees, missing, via_rule, authorities, programs,
    name_score, matched, verdict

    Example: finnet screen customers.csv --threshold 0.7
    """
    from finnet import api

    return api.screen(
        api.open_case(case),
        file,
        mapping=mapping,
        as_=as_,
        threshold=threshold,
        regime=regime,
        as_of=as_of,
        limit=limit,
    )

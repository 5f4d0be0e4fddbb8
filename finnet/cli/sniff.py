"""The command `finnet sniff`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from finnet.cli._options import MappingOption
from finnet.report.answer import Answer

PANEL = "Case"


def sniff(
    file: Annotated[Path, typer.Argument(help="The file to look at.", show_default=False)],
    mapping: MappingOption = None,
    write: Annotated[Path | None, typer.Option(help="Write the proposed mapping here.", show_default=False)] = None,
) -> Answer:
    """Say what a file is, propose a mapping for a table, and show ten rows as they would be read.

    Columns: those of the rows as they would be read

    Example: finnet sniff statement.csv --write statement.toml
    """
    from finnet import api

    return api.sniff(file, mapping=mapping, write=write)

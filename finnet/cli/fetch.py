"""The command `finnet fetch`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from finnet.report.answer import Answer

PANEL = "Case"


def fetch(
    name: Annotated[str | None, typer.Argument(help="A list.", show_default="say which there are")] = None,
    output: Annotated[Path, typer.Option("--folder", help="Where to put the files.")] = Path(),
    url: Annotated[list[str] | None, typer.Option("--url", help="An address instead, once per file.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be fetched.")] = False,
) -> Answer:
    """Fetch a published list into a folder: the only command that uses the network, and it says what it asks for.

    Columns: file, bytes, sha256, from, last_modified

    Example: finnet fetch ofac_sdn --folder lists
    """
    from finnet import api

    return api.fetch(name, output=output, url=url or (), dry_run=dry_run)

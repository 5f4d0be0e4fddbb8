"""The command `finnet synth`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from finnet.report.answer import Answer

PANEL = "Help"


def synth(
    sample: Annotated[str, typer.Argument(help="The sample's name.", show_default=False)],
    folder: Annotated[Path, typer.Argument(help="The folder to write into.", show_default=False)],
) -> Answer:
    """Write the files of an invented sample into a folder, with its answers and how they are derived.

    Columns: file, bytes, sha256

    Example: finnet synth cold_harbour cold_harbour_files
    """
    from finnet import api

    return api.synth(sample, folder)

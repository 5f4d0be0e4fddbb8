"""The command `finnet explain`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.report.answer import Answer

PANEL = "Help"


def explain(
    code: Annotated[str | None, typer.Argument(help="An error code, as E1203.", show_default=False)] = None,
) -> Answer:
    """Say what an error code means; without one, list them all.

    Columns: code, meaning

    Example: finnet explain E1203
    """
    from finnet.errors import CODES, UnknownNameError, nearest

    if code is not None and code.upper() not in CODES:
        raise UnknownNameError(f"no error code {code.upper()!r}", hint=nearest(code.upper(), CODES))
    chosen = CODES if code is None else {code.upper(): CODES[code.upper()]}
    rows = [{"code": name, "meaning": meaning} for name, meaning in sorted(chosen.items())]
    return Answer(command="explain", columns=("code", "meaning"), rows=rows)

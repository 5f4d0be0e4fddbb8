"""The command `finnet explore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from finnet.cli._options import AsOfOption, CaseOption, EdgesOption, LimitOption, MinGradeOption
from finnet.errors import UsageError
from finnet.report.answer import Answer

PANEL = "Look"


def explore(
    entity: Annotated[
        str | None,
        typer.Argument(help="Where to begin: an id, or a name that one entity has.", show_default=False),
    ] = None,
    case: CaseOption = None,
    edges: EdgesOption = None,
    as_of: AsOfOption = None,
    min_grade: MinGradeOption = None,
    limit: LimitOption = 20,
) -> Answer:
    """Look round a case step by step: search, see a party, walk to a neighbour, mark and note; help lists the commands.

    Commands come from the terminal or from a pipe; with --json, --format or -o the ties of ENTITY are the answer.

    Columns: number, group, class, way, id, caption, schema, country, listed, role, commodity, share_min, share_max,
    amount, currency, payments, first, last, grade, basis, item, dataset, record, records

    Example: finnet explore ofac-7203
    Example: printf 'find harbour\\ngo 1\\nlinks money\\n' | finnet explore
    """
    from finnet import api

    if entity is None:
        raise UsageError("the ties of whom? give an ENTITY", hint="a session begins without --json, --format and -o")
    return api.explore(api.open_case(case), entity, edges=edges, as_of=as_of, min_grade=min_grade, limit=limit)


def _session(
    entity: str | None,
    case: Path | None,
    edges: str | None,
    as_of: str | None,
    min_grade: str | None,
    limit: int | None,
    *,
    known_at: str | None,
    wide: bool,
    no_color: bool,
    quiet: bool,
) -> int:
    from finnet.api.session import Choice, Session
    from finnet.cli._explore_loop import Loop
    from finnet.cli._explore_page import Page

    choice = Choice(edges=edges, as_of=as_of, min_grade=min_grade)
    begun = Session(choice=choice, known_at=known_at, page=limit or Session().page)
    page = Page(wide=wide, no_color=no_color, quiet=quiet)
    return Loop(case=case, session=begun, page=page).run(entity)


SESSION = _session

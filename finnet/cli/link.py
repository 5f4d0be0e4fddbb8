"""The command `finnet link`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import ByOption, CaseOption, GradeOption, OnOption, ReasonOption
from finnet.report.answer import Answer

PANEL = "Add"


def link(
    source: Annotated[str, typer.Argument(help="The owner, controller, director, agent: an id or a name.")],
    target: Annotated[str, typer.Argument(help="The owned, controlled, company, client: an id or a name.")],
    class_: Annotated[str, typer.Option("--class", help="ownership, control, governance, linked, …")] = "linked",
    role: Annotated[str | None, typer.Option(help="In the words of whoever says so.")] = None,
    share: Annotated[str | None, typer.Option(help="For ownership: 50 %, 25-50, >75.")] = None,
    country: Annotated[str | None, typer.Option(help="Where it takes place: a representative's host.")] = None,
    commodity: Annotated[str | None, typer.Option(help="What is traded or carried.")] = None,
    start: Annotated[str | None, typer.Option(help="Since when: 2019, 2019-03 or 2019-03-05.")] = None,
    end: Annotated[str | None, typer.Option(help="Until when.")] = None,
    grade: GradeOption = None,
    create: Annotated[bool, typer.Option("--create", help="Make a party that nobody recorded.")] = False,
    schema: Annotated[str, typer.Option(help="What a party made is: Person, Company, Vessel.")] = "LegalEntity",
    case: CaseOption = None,
    reason: ReasonOption = None,
    by: ByOption = None,
    on: OnOption = None,
) -> Answer:
    """State a link yourself: signed, dated, marked as an analyst's, and taken back with retract.

    Columns: id, what, about, caption, text, by, on

    Example: finnet link "Plainly Invented Brokers A" ch-bank-1 --class control --grade C3 --reason "interview 4"
    """
    from finnet import api

    return api.link(
        api.open_case(case),
        source,
        target,
        class_=class_,
        role=role,
        share=share,
        country=country,
        commodity=commodity,
        start=start,
        end=end,
        grade=grade,
        create=create,
        schema=schema,
        reason=reason,
        by=by,
        on=on,
    )

"""The command `finnet corridors`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import AsOfOption, CaseOption, CurrencyOption, LimitOption, MinGradeOption, RatesOption
from finnet.report.answer import Answer

PANEL = "Money"


def corridors(
    case: CaseOption = None,
    by: Annotated[str | None, typer.Option(help="Split by month or year.", show_default=False)] = None,
    through: Annotated[bool, typer.Option("--through", help="Split by the intermediary's country too.")] = False,
    abroad: Annotated[bool, typer.Option("--abroad", help="Leave out what stays in one country.")] = False,
    currency: CurrencyOption = None,
    rates: RatesOption = None,
    as_of: AsOfOption = None,
    min_grade: MinGradeOption = None,
    limit: LimitOption = 20,
) -> Answer:
    """Show from which country to which the money goes, and how that compares with what their sizes lead one to expect.

    Columns: origin, destination, currency, amount, payments, lift, first, last (and through, period where asked for)

    Example: finnet corridors --abroad --by year --currency USD
    """
    from finnet import api

    return api.corridors(
        api.open_case(case),
        by=by,
        through=through,
        abroad=abroad,
        currency=currency,
        rates=rates,
        as_of=as_of,
        min_grade=min_grade,
        limit=limit,
    )

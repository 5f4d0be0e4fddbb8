"""The command `finnet patterns`."""

from __future__ import annotations

from typing import Annotated

import typer

from finnet.cli._options import AsOfOption, CaseOption, CurrencyOption, LimitOption, MinGradeOption, RatesOption
from finnet.report.answer import Answer

PANEL = "Money"


def patterns(
    typology: Annotated[
        str | None,
        typer.Option("--typology", "-t", help="One typology; an unknown one lists them.", show_default=False),
    ] = None,
    window: Annotated[int | None, typer.Option(min=0, help="Days, or steps, that it may last.")] = None,
    least: Annotated[int | None, typer.Option(min=1, help="At least so many counterparties or payments.")] = None,
    hops: Annotated[int | None, typer.Option(min=2, help="round_trip: at most so many payments.")] = None,
    low: Annotated[float | None, typer.Option(help="round_trip: least part passed on; structuring: band.")] = None,
    high: Annotated[float | None, typer.Option(help="round_trip: largest part passed on.")] = None,
    ratio: Annotated[float | None, typer.Option(help="pass_through: smaller / larger of in and out.")] = None,
    share: Annotated[float | None, typer.Option(help="rapid_movement: share sent on in time.")] = None,
    level: Annotated[float | None, typer.Option(help="structuring: chance of so many in the band.")] = None,
    any_order: Annotated[bool, typer.Option("--any-order", help="round_trip: in whatever order of time.")] = False,
    case: CaseOption = None,
    currency: CurrencyOption = None,
    rates: RatesOption = None,
    as_of: AsOfOption = None,
    min_grade: MinGradeOption = None,
    limit: LimitOption = 20,
) -> Answer:
    """Find payments in the shape of a typology: round trips, fans, pass-through, structuring. Leads, not findings.

    Columns: typology, parties, captions, amount, currency, says, first, last, payments, payment_ids, records,
    fatf

    Example: finnet patterns --typology round_trip --window 30 --currency USD
    """
    from finnet import api

    return api.patterns(
        api.open_case(case),
        typology=typology,
        window=window,
        least=least,
        hops=hops,
        low=low,
        high=high,
        ratio=ratio,
        share=share,
        level=level,
        any_order=any_order,
        currency=currency,
        rates=rates,
        as_of=as_of,
        min_grade=min_grade,
        limit=limit,
    )

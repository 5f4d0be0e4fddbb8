"""The command `finnet trace`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from finnet.cli._options import (
    AsOfOption,
    CaseOption,
    CurrencyOption,
    LimitOption,
    MinGradeOption,
    RatesOption,
    SeedOption,
)
from finnet.report.answer import Answer

PANEL = "Money"


class Ends(StrEnum):
    """What a payment's ends are."""

    party = "party"
    account = "account"


class Ties(StrEnum):
    """What comes first of payments at one time."""

    file = "file"
    inflow_first = "inflow_first"


def trace(
    entities: Annotated[
        list[str] | None, typer.Argument(help="Sources: ids, names or selectors.", show_default=False)
    ] = None,
    payment: Annotated[
        list[str] | None, typer.Option("--payment", help="A single payment as a source, by its id.", show_default=False)
    ] = None,
    rule: Annotated[
        str, typer.Option(help="poison, haircut, fifo, lifo, clean_first or taint_first; the summary has all.")
    ] = "fifo",
    backward: Annotated[bool, typer.Option("--backward", help="Against time: where their money came from.")] = False,
    to: Annotated[
        str | None, typer.Option(help="End at these parties and show them alone (a selector).", show_default=False)
    ] = None,
    paths: Annotated[
        int | None, typer.Option("--paths", min=1, help="Show so many of the largest routes, payment by payment.")
    ] = None,
    by: Annotated[Ends, typer.Option(help="Whether money rests with parties or on accounts.")] = Ends.party,
    ties: Annotated[
        Ties, typer.Option(help="Of payments at one time: the order of the file, or whoever pays received first.")
    ] = Ties.file,
    null: Annotated[
        int | None,
        typer.Option("--null", min=1, help="Who passes it on, beside so many draws of sources.", show_default=False),
    ] = None,
    seed: SeedOption = 0,
    case: CaseOption = None,
    currency: CurrencyOption = None,
    rates: RatesOption = None,
    as_of: AsOfOption = None,
    min_grade: MinGradeOption = None,
    limit: LimitOption = 20,
) -> Answer:
    """Trace money in the order of time, from parties or payments, under six rules: where it went, or came from.

    Columns: id, caption, schema, country, received (backward: sent), tainted, share, low, high, held, unexplained,
    first, last, payments, hops, via, payment_ids, records; with --paths: path, step, payer, beneficiary, amount,
    payment_amount, date, payment, dataset, record, payer_caption, beneficiary_caption; with --null: id, caption,
    schema, country, bite, lift, collateral, ratio, expected, p, q

    Example: finnet trace tag:source --rates sample:cold_harbour
    """
    from finnet import api

    return api.trace(
        api.open_case(case),
        entities or (),
        payment=payment or (),
        rule=rule,
        backward=backward,
        to=to,
        paths=paths,
        by=by.value,
        ties=ties.value,
        null=null,
        seed=seed,
        currency=currency,
        rates=rates,
        as_of=as_of,
        min_grade=min_grade,
        limit=limit,
    )

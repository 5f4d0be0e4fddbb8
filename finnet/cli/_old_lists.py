"""A word on stderr about lists that have grown old: it depends on the clock, so it is no part of an answer."""

from __future__ import annotations

import datetime
from pathlib import Path

import typer

from finnet.text import visible

__all__ = ["mention_old_lists"]

_OLD_DAYS = 30


def mention_old_lists(case: Path | None) -> None:
    """Name the lists of the case whose own date is more than thirty days before today."""
    from finnet import api

    today = datetime.datetime.now(datetime.UTC).date()
    with api.open_case(case) as opened:
        dates = {one.dataset: one.list_date for one in opened.manifest.active if one.is_list and one.list_date}
    for dataset, said_on in sorted(dates.items()):
        parts = [*(int(part) for part in said_on[:10].split("-")), 1, 1]  # 2019 begins on its first day
        if (today - datetime.date(*parts[:3])).days > _OLD_DAYS:
            typer.echo(
                f"note: {visible(dataset)} is of {visible(said_on)}, more than {_OLD_DAYS} days before today", err=True
            )

"""Shares, sums and dates of a tie in words."""

from __future__ import annotations

from finnet.api._describe import counted
from finnet.model.currency import money_words
from finnet.report.answer import Row

__all__ = ["period_words", "share_words", "tie_words"]


def share_words(low: float | None, high: float | None) -> str:
    """A share of one, or a band of shares, in per cent; nothing where none is stated.

    >>> share_words(0.5, 0.5), share_words(0.25, 0.5), share_words(0.25, None), share_words(None, None)
    ('50 %', '25–50 %', '25–100 %', '')
    """
    if low is None and high is None:
        return ""
    least, most = round(100 * (low or 0), 4), round(100 * (1 if high is None else high), 4)
    return f"{least:g} %" if low is not None and least == most else f"{least:g}–{most:g} %"


def period_words(first: str | None, last: str | None) -> str:
    """From when to when.

    >>> period_words("2019", "2020-03"), period_words("2019", None), period_words(None, "2019"), period_words("1", "1")
    ('2019 to 2020-03', 'since 2019', 'until 2019', '1')
    """
    if first is None or last is None:
        return f"since {first}" if first else f"until {last}" if last else ""
    return first if first == last else f"{first} to {last}"


def tie_words(tie: Row) -> str:
    """What a tie of ``explore`` states besides its class: share, role, goods, and the sum in its own currency.

    >>> from decimal import Decimal
    >>> money = {"amount": Decimal("20"), "currency": "EUR", "payments": 2}
    >>> tie_words({"share_min": None, "share_max": None, "role": None, "commodity": "coal", **money})
    'coal, EUR 20.00 in 2 payments'
    """
    said = [share_words(tie["share_min"], tie["share_max"]), tie["role"], tie["commodity"]]
    if tie["amount"] is not None:
        count = tie["payments"]
        often = "" if count is None else f" in {counted(count, 'payment')}"
        currency = tie["currency"]
        said.append(f"{currency or 'no currency stated:'} {money_words(tie['amount'], currency or '')}{often}")
    return ", ".join(one for one in said if one)

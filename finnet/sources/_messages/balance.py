"""Whether a statement's opening balance and its entries make its closing balance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["Balance", "check_balances"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What an account held, or by how much an entry changed it: credit is positive."""

    currency: str
    amount: Decimal


def check_balances(name: str, opening: Balance | None, moved: Iterable[Balance], closing: Balance | None) -> list[str]:
    """The words for a statement that does not add up, with both figures; for one that cannot be checked; else none.

    >>> euro = lambda text: Balance(currency="EUR", amount=Decimal(text))
    >>> check_balances("a.xml: statement 1", euro("10.00"), [euro("-2.50")], euro("8.50"))
    ['a.xml: statement 1: closing balance EUR 8.50, but opening balance and entries make 7.50: entries may be missing']
    >>> check_balances("a.xml: statement 1", euro("10.00"), [euro("-2.50")], euro("7.50"))
    []
    """
    if opening is None or closing is None:
        missing = " and ".join(word for word, one in (("opening", opening), ("closing", closing)) if one is None)
        return [f"{name}: no {missing} balance; whether entries are missing cannot be told"]
    changes = list(moved)
    currencies = {opening.currency, closing.currency, *(one.currency for one in changes)}
    if len(currencies) > 1:
        return [f"{name}: balances and entries are in {', '.join(sorted(currencies))}; they cannot be added up"]
    made = opening.amount + sum((one.amount for one in changes), Decimal(0))
    if made == closing.amount:
        return []
    return [
        f"{name}: closing balance {closing.currency} {closing.amount}, but opening balance and entries make {made}: "
        "entries may be missing"
    ]

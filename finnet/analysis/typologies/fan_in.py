"""Many parties pay one within a short time."""

from __future__ import annotations

from finnet.analysis.fans import fans
from finnet.analysis.finding import Found
from finnet.graph.ledger import Ledger

__all__ = ["DEFINITION", "find"]

DEFINITION = "at least so many distinct parties pay one party within the window"


def find(ledger: Ledger, *, window: int = 7, least: int = 10) -> Found:
    """Windows of ``window`` days (or steps) with ``least`` or more payers, one behind the other, earliest first.

    Parties: the one in the middle, then the others by id. The amount is the sum of the payments. A party with fewer
    counterparties is in none.

    >>> ledger = Ledger.of(("a", "Hub", 1, 1), ("b", "Hub", 1, 2), ("c", "Hub", 1, 9))
    >>> find(ledger, window=3, least=2).patterns
    [Pattern(parties=(0, 1, 2), payments=(0, 1), minor=200, says='2 payers')]

    Source: IBM, AMLSim, alert pattern fan-in.
    """
    return Found(patterns=fans(ledger, ledger.beneficiary, ledger.payer, window=window, least=least, words="payers"))

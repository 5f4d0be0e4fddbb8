"""One party pays many within a short time."""

from __future__ import annotations

from finnet.analysis.fans import fans
from finnet.analysis.finding import Found
from finnet.graph.ledger import Ledger

__all__ = ["DEFINITION", "find"]

DEFINITION = "one party pays at least so many distinct parties within the window"


def find(ledger: Ledger, *, window: int = 7, least: int = 10) -> Found:
    """Windows of ``window`` days (or steps) with ``least`` or more beneficiaries, one behind the other, earliest first.

    Parties: the one in the middle, then the others by id. The amount is the sum of the payments. A party with fewer
    counterparties is in none.

    >>> ledger = Ledger.of(("Hub", "a", 1, 1), ("Hub", "b", 1, 2), ("Hub", "c", 1, 9))
    >>> find(ledger, window=3, least=2).patterns
    [Pattern(parties=(0, 1, 2), payments=(0, 1), minor=200, says='2 beneficiaries')]

    Source: IBM, AMLSim, alert pattern fan-out.
    """
    return Found(
        patterns=fans(ledger, ledger.payer, ledger.beneficiary, window=window, least=least, words="beneficiaries")
    )

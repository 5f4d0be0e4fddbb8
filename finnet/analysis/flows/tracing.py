"""Where money went, or came from, under each of six rules for what a payment out of a mixed pool is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from finnet.analysis.flows.lots import move_lots
from finnet.analysis.flows.passage import Passage
from finnet.analysis.flows.pools import cut_evenly, draw_by_seniority, poison
from finnet.analysis.flows.traced import Traced

__all__ = ["CONSERVING", "RULES", "Rule", "trace_by"]


class Rule(NamedTuple):
    """What a rule says, in words, and whether it conserves what was sent."""

    says: str
    conserves: bool


RULES: dict[str, Rule] = {
    "poison": Rule("whoever received any of it pays in nothing else", False),
    "haircut": Rule("each payment carries the share that the payer's pool has", True),
    "fifo": Rule("what came in first goes out first", True),
    "lifo": Rule("what came in last goes out first", True),
    "clean_first": Rule("other money goes out first", True),
    "taint_first": Rule("the traced money goes out first", True),
}
_SOLVERS: dict[str, Callable[[Passage], Traced]] = {
    "poison": poison,
    "haircut": cut_evenly,
    "fifo": lambda passage: move_lots(passage, newest_first=False),
    "lifo": lambda passage: move_lots(passage, newest_first=True),
    "clean_first": lambda passage: draw_by_seniority(passage, traced_first=False),
    "taint_first": lambda passage: draw_by_seniority(passage, traced_first=True),
}
CONSERVING = tuple(name for name, rule in RULES.items() if rule.conserves)


def trace_by(rule: str, passage: Passage) -> Traced:
    """The passage under one of RULES.

    What a source sends is all traced, and money that comes back to it stays there; sources among themselves move
    nothing. A payment to oneself moves nothing. A payment of more than its payer was seen to hold is made up by money
    from outside, which is not traced.

    >>> from finnet.graph.ledger import Ledger
    >>> spent = [("Pot", f"payee {n}", 1, n + 3) for n in range(10)]
    >>> coins = Ledger.of(("Thief", "Pot", 3, 1), ("Donor", "Pot", 7, 2), *spent)
    >>> passage = Passage.of(coins, sources=[coins.number["Thief"]])
    >>> [place for place, part in enumerate(trace_by("fifo", passage).on[2:] // 100) if part]
    [0, 1, 2]

    Source: the functions of each rule.
    """
    return _SOLVERS[rule](passage)

"""What can be cut with everybody, without some jurisdictions, and by these alone: the same question three times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from finnet.analysis.interdiction.solution import Solution
from finnet.api._choke_asked import Asked, Found
from finnet.api._choke_lasting import Horizon
from finnet.api._choke_posed import Posed
from finnet.api._choke_rows import names_of, printed

__all__ = ["side_by_side"]


def side_by_side(
    asked: Asked, posed: Posed, solution: Solution, read: Callable[[Asked], Found], later: Horizon | None = None
) -> dict[str, dict[str, Any]]:
    """Each with its own best set, by ``--without`` or ``--only``; nothing where neither was said.

    What the three take away need not add up: a link between two countries falls to either.
    """
    codes = asked.without or asked.only
    if codes is None:
        return {}
    show = printed(posed.objective, posed.situation)
    said = ", ".join(sorted(code.strip().upper() for code in codes.split(",")))
    found: dict[str, dict[str, Any]] = {}
    for label, without, only in (
        ("all", None, None),
        (f"without {said}", codes, None),
        (f"only {said}", None, codes),
    ):
        if (without, only) == (asked.without, asked.only):
            answer = solution
        else:
            other = read(replace(asked, without=without, only=only)).situation
            there = replace(posed, situation=other, known={})
            answer = there.solve()
            if later is not None:
                answer = later.solve(there, answer)
        found[label] = {
            "bite": show(answer.before - answer.after),
            "after": show(answer.after),
            "optimal": answer.optimal,
            "chosen": names_of(posed.situation, answer.chosen),
        }
    return found

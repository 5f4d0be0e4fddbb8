"""Circular holdings and what they change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from finnet.report.answer import Answer

if TYPE_CHECKING:
    from finnet.analysis.ownership.loops import Loop
    from finnet.analysis.ownership.register import Register
    from finnet.api.open import Case

__all__ = ["loops"]

_PPM = 1_000_000


def loops(case: Case, *, regime: str = "ofac", as_of: str | None = None, limit: int | None = None) -> Answer:
    """Circular holdings: who is in each, whether value leaks out, and what the circle changes under a regime."""
    from finnet.analysis.ownership import loops as circles
    from finnet.analysis.ownership.regime import load_regime
    from finnet.api._register import listed_by, register_of

    law = load_regime(regime)
    rule = law.rule_on(as_of)
    register, _ = register_of(case, as_of=as_of)
    seeds = register.numbers(listed_by(case, law, as_of=as_of))
    found = circles.loops(register, seeds, rule.meet)
    rows = [
        {
            "loop": place,
            "members": [register.ids[i] for i in loop.members],
            "leaks": loop.leaks,
            "changes": _changes(register, loop),
            "outside": loop.outside / _PPM,
        }
        for place, loop in enumerate(found, start=1)
    ]
    return Answer(
        command="loops",
        columns=("loop", "members", "leaks", "changes", "outside"),
        rows=rows[:limit],
        summary={"loops": len(rows), "regime": law.title},
        params={"regime": regime, "as_of": as_of},
        truncated=limit is not None and len(rows) > limit,
        total=len(rows),
    )


def _changes(register: Register, loop: Loop) -> str:
    if loop.ambiguous:
        named = ", ".join(register.ids[i] for i in loop.ambiguous)
        return f"ambiguous: {named} would be blocked if one assumed it; the least reading, not blocked, applies"
    return "nothing" if loop.leaks else "nobody outside holds a part: outsiders have an integrated share of 0"

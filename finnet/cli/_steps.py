"""What is left after each step of a ladder, drawn on the terminal as bars."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from finnet.report.render import cell_text
from finnet.text import visible

if TYPE_CHECKING:
    from rich.text import Text

    from finnet.report.answer import Answer

__all__ = ["steps_drawn"]

_WIDTH, _LABEL = 36, 22  # of the bars and of what stands before them: with a figure a line fits 80 columns


def steps_drawn(answer: Answer) -> Text | None:
    """A bar before the first step and one after each, as long as what is then left; None without steps.

    Over a horizon a bar is what is left on average; its dark part is there at once, the light part comes back.
    """
    if not answer.rows:
        return None
    from rich.text import Text

    said = answer.summary
    given = -1 if said["direction"] == "pressure" else 1
    lasting = "horizon" in said
    dark = _number(said["at_once"]["before"] if lasting else said["before"])
    states = [("before the first step", _number(said["before"]), dark)]
    for row in answer.rows:
        dark += given * _number(row["at_once"])
        states.append((f"{row['step']} {visible(str(row['measure']))}", _number(row["remaining"]), dark))
    longest = max([_number(said["with_nothing_in_force"]), *(left for _, left, _ in states)])
    how = f", on average over {said['horizon']} (█ at once, ░ what comes back)" if lasting else ""
    drawn = Text(f"what is left{how}\n", "dim")
    for label, left, at_once in states:
        whole = round(left / longest * _WIDTH) if longest else 0
        filled = min(whole, round(at_once / longest * _WIDTH)) if longest else 0
        name = label if len(label) <= _LABEL else f"{label[: _LABEL - 1]}…"
        drawn.append(f"{name:<{_LABEL}} {'█' * filled}{'░' * (whole - filled)} {cell_text(left)}\n")
    drawn.append(f"full length {cell_text(longest)} {said['unit']}", "dim")
    return drawn


def _number(value: object) -> Decimal:
    return Decimal(str(value))

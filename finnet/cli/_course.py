"""What is left over time, drawn on the terminal with block characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from finnet.report.render import cell_text

if TYPE_CHECKING:
    from rich.text import Text

    from finnet.report.answer import Answer

__all__ = ["course_over_time"]

_BLOCKS = " ▁▂▃▄▅▆▇█"
_EVERY = 2  # of the points, so that a line fits 80 columns
_LINES = {"left": "over time", "left_by_instant_set": "at once"}


def course_over_time(answer: Answer) -> Text | None:
    """The answer of ``choke`` over a horizon: a line for the set whose bite lasts, one for the best at once.

    The height is what is left, as a share of what there was or of the most there ever is; None without a horizon.
    """
    points = answer.summary.get("over_time")
    if not points:
        return None
    from rich.text import Text

    before = answer.summary["before"]
    most = max(float(before), *(float(point[key]) for point in points for key in _LINES))
    more = ", more than there was" if most > float(before) else ""
    full = cell_text(before) if not more else f"{most:,.2f}"
    drawn = Text(f"what is left from day 0 to {points[-1]['day']:g}; full height {full}{more}\n", "dim")
    for key, title in _LINES.items():
        heights = "".join(_BLOCKS[round(float(point[key]) / most * 8) if most else 0] for point in points[::_EVERY])
        ends = f"{cell_text(points[0][key])} → {cell_text(points[-1][key])}"
        drawn.append(f"{title:<10}{heights}  {ends}\n")
    drawn.rstrip()
    return drawn

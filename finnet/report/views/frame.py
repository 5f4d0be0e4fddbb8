"""What stands around every static picture: title, stamp, legend, and what it is not."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from finnet.graph.network import Network
from finnet.report.render import cell_text
from finnet.report.views.content import PageContent
from finnet.report.views.drawing import Drawing, Line, Ring, Shape, Text
from finnet.text import one_line, visible

__all__ = ["INK", "ORANGE", "PURPLE", "QUIET", "VERMILION", "framed"]

INK, QUIET, ORANGE, VERMILION, PURPLE = "#1b1f24", "#59636e", "#e69f00", "#d55e00", "#9b4f96"
_CAUTION = (
    "Being in these data is not an accusation. A position in recorded links is a candidate for checking, not a finding."
)
_TOP = 64
Mark = Line | Shape | Ring | Text


def framed(
    network: Network,
    content: PageContent,
    marks: Sequence[Mark],
    *,
    width: int,
    height: int,
    legend: Sequence[tuple[Mark, str]] = (),
    said: Sequence[str] = (),
    notes: tuple[str, ...] = (),
) -> Drawing:
    """The marks, which lie in a box of this size, under a title and over a legend and the lines of the footer.

    A legend's marks are drawn around (0, 0).
    """
    title = one_line(content.title, max(20, width // 11))
    around: list[Mark] = [Text(x=16, y=26, text=title, size=16, bold=True)]
    if content.question:
        around.append(Text(x=16, y=46, text=one_line(content.question, max(20, width // 6)), colour=QUIET))
    if content.stamp:
        middle = (width / 2, _TOP + height / 2)
        around.append(Text(x=width - 16, y=26, text=content.stamp, bold=True, colour=VERMILION, anchor="end", size=13))
        around.append(
            Text(
                x=middle[0],
                y=middle[1],
                text=content.stamp,
                size=64,
                bold=True,
                anchor="middle",
                opacity=0.06,
                angle=-20,
            )
        )
    y = _TOP + height + 18.0
    x = 16.0
    for mark, words in legend:
        needed = 34 + 6.6 * len(words)
        if x > 16 and x + needed > width - 16:
            x, y = 16.0, y + 20
        around += [_moved(mark, x + 10, y - 4), Text(x=x + 24, y=y, text=words, size=11)]
        x += needed
    lines = [
        line
        for text in (*said, *_sources(network, content), _CAUTION)
        for line in textwrap.wrap(text, max(40, width // 6))
    ]
    y += 22 if legend else 4
    for line in lines:
        around.append(Text(x=16, y=y, text=line, size=11, colour=QUIET))
        y += 15
    placed = [_moved(mark, 0, _TOP) for mark in marks]
    return Drawing(
        width=width, height=round(y + 8), title=visible(content.title), marks=[*placed, *around], notes=notes
    )


def _sources(network: Network, content: PageContent) -> list[str]:
    policy = ", ".join(network.edge_policy) or "all of the file"
    said = [f"Links counted: {policy}; in {network.unit}."]
    rows = content.evidence.sources
    if rows:
        named = []
        for row in rows[:8]:
            date, licence = row.get("list_date"), row.get("licence")
            named.append(
                f"{row.get('dataset')} ({'as of ' + cell_text(date) if date else 'no date stated'}"
                f"{'; licence ' + str(licence) if licence else ''})"
            )
        more = f" and {len(rows) - 8} more files" if len(rows) > 8 else ""
        said.append(f"Sources: {'; '.join(dict.fromkeys(named))}{more}.")
    return [one_line(line, 600) for line in said]


def _moved(mark: Mark, dx: float, dy: float) -> Mark:
    from dataclasses import replace

    if isinstance(mark, Line):
        return replace(mark, points=tuple((x + dx, y + dy) for x, y in mark.points))
    return replace(mark, x=mark.x + dx, y=mark.y + dy)

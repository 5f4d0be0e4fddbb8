"""What a session shows, on the terminal: cards, lists under headings, sentences; nothing is read as markup."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from finnet.cli._table import PROSE, console_of, fitted
from finnet.report.render import cell_text
from finnet.text import visible

if TYPE_CHECKING:
    from finnet.api.session import Block

__all__ = ["Page"]

_WIDE = 4096
_NARROWEST = 20  # of a name or a role: what then does not fit is left out, ids and records last
_LABEL = 34  # characters of the labels of a card, at most
_FIGURES = frozenset({"no", "score", "amount", "payments"})
_DATES = frozenset({"date", "dates", "grade", "record"})  # a date that is cut is a wrong date
# Never cut: there are figures in them, or what tells one party from the next. What is endless is cut all the same.
_LONG_TEXT = frozenset({"raw", "value", "how", "says", "party", "from", "to", "matched"})
_ENDLESS = 300


class Page:
    """Prints blocks: rows to stdout, sentences to stderr, unless ``quiet``."""

    def __init__(self, *, wide: bool, no_color: bool, quiet: bool) -> None:
        self.wide, self.no_color, self.quiet = wide, no_color, quiet

    def show(self, blocks: Sequence[Block]) -> None:
        """Print blocks one below the other."""
        from rich.text import Text

        for block in blocks:
            console = console_of(no_color=self.no_color)
            if block.heading is not None:
                console.print()
                console.print(Text(visible(block.heading), style="bold"))
            if block.lines:
                self._lines(console, block.lines)
            left_out = self._rows(console, block.columns, block.rows) if block.rows else []
            sys.stdout.flush()
            for note in block.notes:
                self.say(f"note: {note}")
            if left_out:
                self.say(f"note: not shown for want of room: {', '.join(left_out)}; --wide shows them")

    def say(self, sentence: str) -> None:
        """A sentence on stderr."""
        if not self.quiet:
            sys.stdout.flush()
            print(visible(sentence), file=sys.stderr, flush=True)

    def _lines(self, console: Any, lines: Sequence[tuple[str, str]]) -> None:
        from rich.table import Table
        from rich.text import Text

        grid = Table.grid(padding=(0, 2))
        if any(label for label, _ in lines):
            grid.add_column(style="bold", overflow="fold", max_width=_LABEL)
            grid.add_column(overflow="fold")
            for label, text in lines:
                grid.add_row(Text(visible(label)), Text(visible(text)))
        else:
            grid.add_column(overflow="fold")
            for _, text in lines:
                grid.add_row(Text(visible(text)))
        console.print(grid)

    def _rows(self, console: Any, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> list[str]:
        """Rows under their headings, all columns as wide in each group; the columns left out for want of room."""
        from rich import box
        from rich.table import Table
        from rich.text import Text

        texts = {name: [_text(row.get(name), name) for row in rows] for name in columns}
        filled = {name: cells for name, cells in texts.items() if any(cells)}
        numeric = {name: name in _FIGURES for name in filled}
        whole = {name: name in _FIGURES | _DATES for name in filled}
        widths = fitted(filled, whole, _WIDE if self.wide else console.width, narrowest=_NARROWEST)
        place = 0
        for number, (heading, group) in enumerate(groupby(rows, key=lambda row: row.get("group"))):
            table = Table(
                box=box.SIMPLE_HEAD if heading is None else None,
                padding=(0, 1 if heading is None else 2, 0, 0),
                show_header=number == 0,
                pad_edge=False,
                show_edge=False,
                header_style="dim",
            )
            for name, room in widths.items():
                prose = name in PROSE or name in _LONG_TEXT
                table.add_column(
                    Text(name),
                    justify="right" if numeric[name] else "left",
                    no_wrap=not prose,
                    overflow="fold" if prose else "ellipsis",
                    width=room,
                )
            for _ in group:
                table.add_row(*(Text(filled[name][place]) for name in widths))
                place += 1
            console.print()
            if heading is not None:
                console.print(Text(visible(str(heading)), style="bold cyan"))
            (console_of(no_color=self.no_color, width=_WIDE) if self.wide else console).print(table)
        return [name for name in filled if name not in widths]


def _text(value: Any, column: str) -> str:
    text = cell_text(value)
    return text if column in PROSE or len(text) <= _ENDLESS else f"{text[:_ENDLESS]}…"

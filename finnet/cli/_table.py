"""An Answer on the terminal: a table, its summary, and its notes."""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from finnet.report.render import cell_text
from finnet.text import visible

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

    from finnet.report.answer import Answer

__all__ = ["PROSE", "console_of", "fitted", "print_answer", "print_query", "print_step", "use_colour"]

_PIPE_WIDTH = 4096  # nothing is cut when somebody else reads the table
_NARROWEST = 14  # of a column of words
_FEWEST = 2  # columns that are shown however narrow the terminal
_GAP = 2  # what a table puts between two columns
_LONGEST_WHOLE = 32
_STEP_ROWS = 15  # of one step of a saved query: all of them are in its run folder
_WIDE_ENOUGH = 100  # for bars beside the figures
# A figure that is cut is a wrong figure, and an id that is cut cannot be copied.
_WHOLE = frozenset({"id", "country", "code", "record", "depth", "rank"})
# Sentences, records and roles (of a payment: its sum) are read to their end: they go on in the next line.
PROSE = frozenset({"advice", "because", "cause", "meaning", "raw", "reason", "role", "statement", "value"})
_BARS = frozenset({"bite_share", "leverage_kept", "score", "share"})


def use_colour(stream: Any, *, no_color: bool) -> bool:
    """Colour only on a terminal, and not if somebody asked for none."""
    refused = no_color or os.environ.get("NO_COLOR") or os.environ.get("FINNET_NO_COLOR")
    return bool(stream.isatty()) and not refused and os.environ.get("TERM") != "dumb"


def print_answer(
    answer: Answer,
    *,
    wide: bool,
    no_color: bool,
    quiet: bool,
    picture: Callable[[Answer], RenderableType | None] | None = None,
) -> None:
    """A picture, rows and summary on stdout; nothing of it is ever read as markup.

    Columns that do not fit are named on stderr.
    """
    console = console_of(no_color=no_color)
    columns = answer.columns if wide or not answer.shown else answer.shown
    drawn = picture(answer) if picture is not None else None
    if drawn is not None:
        console.print(drawn)
        console.print()
    if answer.rows:
        table, left_out = _rows(answer, columns, width=console.width, wide=wide)
        (console_of(no_color=no_color, width=_PIPE_WIDTH) if wide else console).print(table)
        if left_out and not quiet:
            print(f"note: not shown for want of room: {', '.join(left_out)}; --wide shows them", file=sys.stderr)
    if answer.summary and not quiet:
        brief = answer.summary if wide or not answer.brief else {k: answer.summary[k] for k in answer.brief}
        _print_summary(console, brief, wide=console_of(no_color=no_color, width=_PIPE_WIDTH) if wide else console)


def console_of(*, no_color: bool, width: int | None = None) -> Console:
    from rich.console import Console

    class Pipe(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # rich would end the program as failed

    on_terminal = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Pipe(
        width=width if on_terminal else _PIPE_WIDTH,
        no_color=not use_colour(sys.stdout, no_color=no_color),
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=False,
    )


def _rows(answer: Answer, columns: Sequence[str], *, width: int, wide: bool) -> tuple[Table, list[str]]:
    """The table, and the columns left out because the terminal is too narrow for them (none if ``wide``)."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    bars = {column: _largest(answer, column) for column in columns if column in _BARS and width >= _WIDE_ENOUGH}
    texts = {column: [_shown(row.get(column), column, bars) for row in answer.rows] for column in columns}
    numeric = {
        column: all(_is_number(row.get(column)) or row.get(column) is None for row in answer.rows) for column in columns
    }
    widths = _full_widths(texts) if wide else fitted(texts, numeric, width)
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False, header_style="bold")
    for column, room in widths.items():
        table.add_column(
            Text(column),
            justify="right" if numeric[column] else "left",
            no_wrap=column not in PROSE,
            overflow="fold" if column in PROSE else "ellipsis",
            width=room,
        )
    for place in range(len(answer.rows)):
        table.add_row(*(Text(texts[column][place]) for column in widths))
    return table, [column for column in columns if column not in widths]


def _full_widths(texts: Mapping[str, list[str]]) -> dict[str, int]:
    from rich.cells import cell_len

    return {column: max(map(cell_len, [column, *cells])) for column, cells in texts.items()}


def fitted(
    texts: Mapping[str, list[str]], numeric: Mapping[str, bool], width: int, *, narrowest: int = _NARROWEST
) -> dict[str, int]:
    """What each column gets: figures and ids whole, the widest words cut; what then does not fit is left out.

    Words are cut to ``narrowest`` characters and not further. Left out first are columns without a value, then those of
    noughts alone, then the last ones.
    """
    full = _full_widths(texts)
    kept = list(full)
    while True:
        widths = _shrunk({column: full[column] for column in kept}, numeric, width, narrowest)
        if _total(widths) <= width or len(kept) <= _FEWEST:
            return widths
        kept.remove(_least_telling(kept, texts))


def _shrunk(widths: dict[str, int], numeric: Mapping[str, bool], width: int, narrowest: int) -> dict[str, int]:
    words = [
        column
        for column, room in widths.items()
        if not numeric[column] and (column not in _WHOLE or room > _LONGEST_WHOLE)
    ]
    while words and _total(widths) > width:
        widest = max(words, key=lambda column: (widths[column], column))
        if widths[widest] <= narrowest:
            break
        widths[widest] -= 1
    return widths


def _total(widths: Mapping[str, int]) -> int:
    return sum(widths.values()) + _GAP * (len(widths) - 1)


def _least_telling(kept: Sequence[str], texts: Mapping[str, list[str]]) -> str:
    later = kept[:0:-1]  # the first column always stays
    for silent in ({""}, {"", "0"}):
        for column in later:
            if set(texts[column]) <= silent:
                return column
    return later[0]


def _shown(value: Any, column: str, bars: Mapping[str, float]) -> str:
    is_share = column.endswith("_share") or column == "leverage_kept"
    text = f"{float(value):.1%}" if is_share and _is_number(value) else cell_text(value)
    largest = bars.get(column)
    if largest and _is_number(value) and float(value) >= 0:
        text = f"{text} {'█' * round(8 * float(value) / largest):<8}"
    return text


def _largest(answer: Answer, column: str) -> float:
    """What the longest bar stands for; 0, no bars, where amounts are in several currencies."""
    if column == "score" and len({row["currency"] for row in answer.rows if "currency" in row}) > 1:
        return 0.0
    values = [float(row[column]) for row in answer.rows if _is_number(row.get(column))]
    return max(values, default=0.0)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _print_summary(console: Console, summary: Mapping[str, Any], *, wide: Console) -> None:
    """Single values line by line; what is a table of its own (one entry per name) as a table."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column(overflow="fold")
    tables = []
    for key, value in summary.items():
        if value is None or value in ({}, [], ()):
            continue
        if isinstance(value, Mapping) and all(isinstance(item, Mapping) for item in value.values()):
            tables.append((key, value))
        elif (named := _by_first(value)) is not None:
            tables.append((key, named))
        else:
            grid.add_row(Text(visible(key)), Text(_summary_text(key, value)))
    console.print()
    console.print(grid)
    for key, value in tables:
        console.print()
        table, left_out = _nested(key, value, wide.width)
        wide.print(table)
        if left_out:
            console.print(Text(f"(not shown for want of room: {', '.join(map(visible, left_out))}; --wide shows them)"))


def _by_first(value: Any) -> Mapping[str, Mapping[str, Any]] | None:
    """A list of entries by what stands first in each of them; None for what is no such list."""
    if not isinstance(value, list | tuple) or not all(isinstance(entry, Mapping) and entry for entry in value):
        return None
    named = {cell_text(next(iter(entry.values()))): dict(list(entry.items())[1:]) for entry in value}
    return named if len(named) == len(value) else None


def _nested(key: str, value: Mapping[str, Mapping[str, Any]], width: int) -> tuple[Table, list[str]]:
    """The table, and the columns of figures left out, the last first, because it would be too wide."""
    from rich import box
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False, header_style="bold")
    columns = list(dict.fromkeys(name for entry in value.values() for name in entry))
    columns.sort(key=lambda name: any(isinstance(entry.get(name), (list, tuple)) for entry in value.values()))
    figures = [column for column in columns if all(_is_number(entry.get(column)) for entry in value.values())]
    room = {
        column: max(cell_len(visible(text)) for text in (column, *(cell_text(e.get(column)) for e in value.values())))
        if column in figures
        else _NARROWEST
        for column in columns
    }
    names = max(cell_len(visible(str(name))) for name in (key, *value))
    left_out: list[str] = []
    while len(figures) > 1 and names + sum(_GAP + room[column] for column in columns) > width:
        left_out.insert(0, figures.pop())
        columns.remove(left_out[0])
    table.add_column(Text(visible(key)), no_wrap=True)
    for column in columns:
        numeric = column in figures
        table.add_column(
            Text(visible(column)), justify="right" if numeric else "left", no_wrap=numeric, overflow="fold"
        )
    for name, entry in value.items():
        table.add_row(Text(visible(str(name))), *(Text(cell_text(entry.get(column))) for column in columns))
    return table, left_out


def _summary_text(key: str, value: Any) -> str:
    if key.endswith("_share") or key == "gap":
        return f"{float(value):.2%}"
    if key == "mapping" and isinstance(value, str):  # a proposed file, to be read as one
        return "\n".join(visible(line) for line in value.strip("\n").split("\n"))
    return cell_text(value)


def print_query(title: str, question: str) -> None:
    """What a saved query is about, before its steps."""
    from rich.text import Text

    console = console_of(no_color=False)
    console.print()
    console.print(Text(visible(title), style="bold"))
    console.print(Text(visible(question)))


def print_step(title: str, answer: Answer, *, file: str) -> None:
    """One step of a saved query, under its title; of a long answer the beginning."""
    from rich.text import Text

    console = console_of(no_color=False)
    console.print()
    console.rule(Text(visible(title)), align="left", style="dim") if sys.stdout.isatty() else console.print(
        Text(f"── {visible(title)} ──")
    )
    more = len(answer.rows) - _STEP_ROWS
    shown = answer if more <= 0 else dataclasses.replace(answer, rows=answer.rows[:_STEP_ROWS])
    print_answer(shown, wide=False, no_color=False, quiet=False)
    if more > 0:
        console.print(Text(f"… and {more:,} more rows in {file}"))

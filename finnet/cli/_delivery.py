"""How an answer leaves: data to stdout or to a file, sentences to stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from finnet.cli._options import Format
from finnet.errors import UsageError

if TYPE_CHECKING:
    from finnet.report.answer import Answer

__all__ = ["deliver"]


def deliver(
    answer: Answer,
    *,
    picture: Callable[[Answer], Any] | None = None,
    format: Format,
    json: bool,
    output: Path | None,
    wide: bool,
    raw_csv: bool,
    no_color: bool,
    quiet: bool,
    verbose: int,
) -> None:
    """Write the answer: data to stdout or the file, sentences to stderr."""
    from finnet.report import render

    chosen = Format.json if json else format
    if output is not None and chosen is Format.table:
        chosen = _format_of(output)
    if chosen is Format.table:
        from finnet.cli._table import print_answer

        print_answer(answer, wide=wide, no_color=no_color, quiet=quiet, picture=picture)
    else:
        text = {
            Format.json: render.to_json,
            Format.jsonl: render.to_jsonl,
            Format.csv: lambda a: render.to_csv(a, raw=raw_csv),
            Format.md: render.to_markdown,
        }[chosen](answer)
        _write(text, output)
    if not quiet:
        _say(answer, output, verbose=bool(verbose))


def _format_of(output: Path) -> Format:
    endings = {".json": Format.json, ".jsonl": Format.jsonl, ".csv": Format.csv, ".md": Format.md}
    if output.suffix.lower() not in endings:
        raise UsageError(f"-o {output.name}: cannot tell the format from the file's ending", hint="give --format")
    return endings[output.suffix.lower()]


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.flush()
        return
    from finnet.report.files import write_atomically

    write_atomically(output, text.encode("utf-8", "backslashreplace"))


def _say(answer: Answer, output: Path | None, *, verbose: bool) -> None:
    from finnet.report.render import cell_text
    from finnet.text import visible

    if verbose and answer.params:
        typer.echo(f"asked: {answer.command} {cell_text(answer.params)}", err=True)

    for note in answer.notes:
        typer.echo(f"note: {visible(note)}", err=True)
    if answer.truncated:
        of = f" of {answer.total:,}" if answer.total is not None else ""
        typer.echo(f"note: TRUNCATED: {len(answer.rows):,}{of} rows are shown; raise --limit to see more", err=True)
    if output is not None:
        typer.echo(f"written: {visible(str(output))}", err=True)

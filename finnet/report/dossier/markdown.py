"""A report as Markdown, in which no name is a mark: everything from the data is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from finnet.report.dossier.document import Bars, Block, Dossier, Picture, Sentence, Table
from finnet.report.dossier.notes import note_lines, stamp_line
from finnet.report.dossier.values import cell_words, column_words
from finnet.report.render import markdown_text

__all__ = ["to_markdown"]

_START = re.compile(r"^([0-9]*)([-+=.)])")
_WIDTH = 40  # of the longest bar


def to_markdown(dossier: Dossier) -> str:
    """The report as text. The same report gives the same bytes."""
    numbers = dossier.records
    lines = [f"# {markdown_text(dossier.title)}", ""]
    if (stamp := stamp_line(dossier)) is not None:
        lines += [f"**{markdown_text(stamp)}**", ""]
    lines += [f"> {markdown_text(dossier.question)}", ""]
    for section in dossier.sections:
        lines += [f"## {markdown_text(section.title)}", ""]
        for block in section.blocks:
            lines += [*_block(block, numbers), ""]
    lines += ["## Records", ""]
    lines += [f"{number}. {markdown_text(text)}" for number, text in note_lines(dossier)] or ["No record is cited."]
    return "\n".join(lines).rstrip() + "\n"


def _block(block: Block, numbers: Mapping[tuple[str, str, int, int], int]) -> Iterator[str]:
    match block:
        case Sentence():
            cited = "".join(f" \\[{numbers[record.place]}\\]" for record in block.records)
            computed = f" \\[computed: {markdown_text(block.computed)}\\]" if block.computed else ""
            yield f"{_line(block.text)}.{cited}{computed}"
        case Table():
            if block.title:
                yield f"*{markdown_text(block.title)}*"
                yield ""
            yield _row([column_words(name) for name in block.columns])
            yield _row(["---"] * len(block.columns))
            for row in block.rows:
                yield _row([markdown_text(cell_words(name, row.get(name))) for name in block.columns])
            if block.cut is not None:
                yield ""
                yield f"{len(block.rows)} of {block.cut:,} rows are shown."
        case Bars():
            yield f"*{markdown_text(block.title)}*"
            yield ""
            longest = max((length for _, length, _ in block.items), default=0.0) or 1.0
            yield _row(["", "", ""])
            yield _row(["---", "---", "--:"])
            for label, length, written in block.items:
                bar = "█" * round(_WIDTH * max(0.0, length) / longest)
                yield _row([markdown_text(label), bar, markdown_text(written)])
        case Picture():
            yield f"*Drawn in the HTML form of this report: {markdown_text(block.title)}*"
        case _:
            yield _line(block.text)


def _line(text: str) -> str:
    """A paragraph of one line: a name at its beginning makes no list and no code of it."""
    return _START.sub(lambda found: f"{found[1]}\\{found[2]}", markdown_text(text.strip()))


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"

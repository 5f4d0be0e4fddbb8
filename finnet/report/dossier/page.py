"""A report as one HTML page: no script, no request, readable in light and dark and on paper."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from finnet.report.dossier.document import Bars, Block, Dossier, Picture, Sentence, Table
from finnet.report.dossier.notes import note_lines, stamp_line
from finnet.report.dossier.values import cell_words, column_words, is_figure
from finnet.text import one_line, visible

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["to_html"]

_STYLE = Path(__file__).parent / "page.css"
_ROW, _LABEL, _BAR, _LABEL_LETTERS = 26, 230, 330, 32  # of the bars, in pixels and letters


def to_html(dossier: Dossier) -> str:
    """The page's text. The same report gives the same bytes: no clock, no host, no path in it.

    Everything from the data passes through markupsafe; a content security policy forbids scripts and requests.
    """
    from markupsafe import Markup, escape

    style = _style()
    hashed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{hashed}'; img-src data:; base-uri 'none'; form-action 'none'"
    stamp = stamp_line(dossier)
    numbers = dossier.records
    parts = [
        Markup('<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'),
        Markup('<meta http-equiv="Content-Security-Policy" content="{}">\n').format(policy),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">\n'),
        Markup('<meta name="referrer" content="no-referrer">\n'),
        Markup("<title>{}</title>\n<style>").format(visible(dossier.title)),
        Markup(style),
        Markup("</style>\n</head>\n<body>\n"),
        Markup('<p class="stamp">{}</p>\n').format(stamp) if stamp is not None else Markup(),
        Markup('<main>\n<h1>{}</h1>\n<p class="question">{}</p>\n').format(
            visible(dossier.title), visible(dossier.question)
        ),
        _contents(dossier),
    ]
    for place, section in enumerate(dossier.sections, start=1):
        parts.append(Markup('<section id="s{}" class="{}">\n<h2>{}</h2>\n').format(
            place, "answer" if place == 1 else "part", visible(section.title)
        ))  # fmt: skip
        parts += [_block(block, numbers) for block in section.blocks]
        parts.append(Markup("</section>\n"))
    parts.append(Markup('<section id="records">\n<h2>Records</h2>\n<ol class="records">\n'))
    for number, text in note_lines(dossier):
        parts.append(Markup('<li id="r{}" value="{}">{}</li>\n').format(number, number, text))
    parts.append(Markup("</ol>\n</section>\n</main>\n</body>\n</html>\n"))
    return str(Markup().join(escape(part) for part in parts))


def _contents(dossier: Dossier) -> Markup:
    from markupsafe import Markup

    links = [
        Markup('<a href="#s{}">{}</a>').format(place, visible(section.title))
        for place, section in enumerate(dossier.sections, start=1)
    ]
    links.append(Markup('<a href="#records">Records</a>'))
    return Markup('<nav aria-label="Contents">{}</nav>\n').format(Markup(" · ").join(links))


def _block(block: Block, numbers: Mapping[tuple[str, str, int, int], int]) -> Markup:
    from markupsafe import Markup

    match block:
        case Sentence():
            cited = [numbers[record.place] for record in block.records]
            marks = [Markup('<a class="cited" href="#r{}">[{}]</a>').format(number, number) for number in cited]
            if block.computed:
                marks.append(Markup('<span class="computed">[computed: {}]</span>').format(visible(block.computed)))
            return Markup('<p class="sentence" id="c{}">{}. {}</p>\n').format(
                block.id, visible(block.text), Markup(" ").join(marks)
            )
        case Table():
            return _table(block)
        case Bars():
            return _bars(block)
        case Picture():
            # As an image it can neither run nor fetch anything, and the page's style does not reach into it.
            drawn = base64.b64encode(block.svg.encode("utf-8", "backslashreplace")).decode()
            return Markup(
                '<figure class="picture"><figcaption>{}</figcaption>\n<img alt="{}" src="data:image/svg+xml;base64,{}">'
                "</figure>\n"
            ).format(visible(block.title), visible(block.title), drawn)
        case _:
            return Markup('<p class="words">{}</p>\n').format(visible(block.text))


def _table(table: Table) -> Markup:
    from markupsafe import Markup

    head = Markup().join(Markup("<th>{}</th>").format(column_words(name)) for name in table.columns)
    rows = [
        Markup().join(
            Markup('<td class="{}">{}</td>').format(
                "figure" if is_figure(name, row.get(name)) else "text", cell_words(name, row.get(name))
            )
            for name in table.columns
        )
        for row in table.rows
    ]
    body = Markup("\n").join(Markup("<tr>{}</tr>").format(row) for row in rows)
    cut = f"{len(table.rows)} of {table.cut:,} rows are shown." if table.cut is not None else ""
    return Markup(
        '<div class="scroll"><table>\n<caption>{} {}</caption>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}\n</tbody>'
        "</table></div>\n"
    ).format(visible(table.title), cut, head, body)


def _bars(bars: Bars) -> Markup:
    """A drawing without a script or a style of its own: what the policy lets through, and what prints."""
    from markupsafe import Markup

    longest = max((length for _, length, _ in bars.items), default=0.0) or 1.0
    height = _ROW * len(bars.items)
    drawn = []
    for place, (label, length, written) in enumerate(bars.items):
        top, wide = place * _ROW, max(0.0, length) / longest * _BAR
        drawn.append(
            Markup(
                '<text class="label" x="{}" y="{}" text-anchor="end">{}</text>'
                '<rect class="bar" x="{}" y="{}" width="{:.1f}" height="{}"/>'
                '<text class="written" x="{:.1f}" y="{}">{}</text>'
            ).format(
                _LABEL - 8, top + 17, one_line(label, _LABEL_LETTERS), _LABEL, top + 4, wide, _ROW - 8,
                _LABEL + wide + 8, top + 17, written,
            )
        )  # fmt: skip
    return Markup(
        '<figure><figcaption>{}</figcaption>\n<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg></figure>\n'
    ).format(visible(bars.title), _LABEL + _BAR + 200, height, visible(bars.title), Markup().join(drawn))


@cache
def _style() -> str:
    return _STYLE.read_text(encoding="utf-8")

"""An Answer as text: JSON, JSON lines, CSV, Markdown. Tables for the terminal are the command line's matter."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from finnet.report.answer import Answer, Cell
from finnet.text import csv_safe, visible

__all__ = ["cell_text", "markdown_text", "to_csv", "to_json", "to_jsonl", "to_markdown"]

_UNSEEN = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_LINES = re.compile("([\n\t])")
_MARKDOWN = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "@": "&#64;", **{mark: f"\\{mark}" for mark in "\\`*_{}[]|#~"}}
# What readers of Markdown turn into links by themselves: a scheme, and www.
_BARE_LINK = re.compile(r"(?<=[A-Za-z]):(?=//)|(?<=www)\.", re.IGNORECASE)


def to_json(answer: Answer) -> str:
    """One JSON document, indented, keys in their order; money and dates as text."""
    import orjson

    options = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY
    return _escaped(orjson.dumps(_plain(answer.document()), option=options)) + "\n"


def to_jsonl(answer: Answer) -> str:
    """One JSON object per row."""
    import orjson

    rows = (orjson.dumps(_plain({column: row.get(column) for column in answer.columns})) for row in answer.rows)
    return "".join(_escaped(row) + "\n" for row in rows)


def to_csv(answer: Answer, *, raw: bool = False) -> str:
    """Comma separated, all columns; text that a spreadsheet would run is made inert unless ``raw``."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(answer.columns)
    for row in answer.rows:
        writer.writerow([_csv_cell(row.get(column), raw=raw) for column in answer.columns])
    return buffer.getvalue()


def to_markdown(answer: Answer) -> str:
    """A pipe table and the summary as a list; names cannot break out of their cell."""
    lines = [_markdown_row(answer.columns), _markdown_row("---" for _ in answer.columns)]
    lines += [_markdown_row(cell_text(row.get(column)) for column in answer.columns) for row in answer.rows]
    lines += [
        "",
        *(f"- {markdown_text(key)}: {markdown_text(cell_text(value))}" for key, value in answer.summary.items()),
    ]
    return "\n".join(lines) + "\n"


def cell_text(value: Cell) -> str:
    """A cell in words: nothing for null, yes or no, lists with semicolons, numbers short but not rounded away.

    >>> cell_text(Decimal("1234.50")), cell_text(True), cell_text(["a", "b"]), cell_text(None), cell_text(0.123456789)
    ('1,234.50', 'yes', 'a; b', '', '0.123457')
    """
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | Decimal():
            return f"{value:,}"
        case float():
            return f"{value:,.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:,.6g}"
        case str():
            return visible(value)
        case Mapping():
            return "; ".join(f"{visible(str(key))}: {cell_text(item)}" for key, item in value.items())
        case Iterable():
            return "; ".join(cell_text(item) for item in value)
        case _:
            return visible(str(value))


def _escaped(document: bytes) -> str:
    # JSON may write any character as \uXXXX: what a terminal would obey or a line reader would break at is so written.
    return _UNSEEN.sub(lambda found: f"\\u{ord(found.group()):04x}", document.decode())


def _csv_cell(value: Cell, *, raw: bool) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return str(value)
        case float():
            return repr(value)
        case str():
            text = value
        case Mapping():
            text = "; ".join(f"{key}: {_csv_cell(item, raw=True)}" for key, item in value.items())
        case Iterable():
            text = "; ".join(_csv_cell(item, raw=True) for item in value)
        case _:
            text = str(value)
    return text if raw else csv_safe(_inert(text))


def _inert(text: str) -> str:
    """What a terminal would obey is shown instead; lines and tabs stay, since a cell may have several lines."""
    return "".join(part if part in {"\n", "\t"} else visible(part) for part in _LINES.split(text))


def _markdown_row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(markdown_text(cell) for cell in cells) + " |"


def markdown_text(text: str) -> str:
    """Untrusted text as it may stand in a line of Markdown or a cell of its tables: nothing in it is a mark or a link.

    >>> markdown_text("<b> [x](https://example.invalid)")
    '&lt;b&gt; \\\\[x\\\\](https&#58;//example.invalid)'
    """
    escaped = "".join(_MARKDOWN.get(character, character) for character in visible(text))
    return _BARE_LINK.sub(lambda found: f"&#{ord(found.group())};", escaped)


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return str(value)
        case datetime.date() | datetime.datetime():
            return value.isoformat()
        case float():
            return value if value == value and abs(value) != float("inf") else None
        case str():
            return value.encode("utf-8", "backslashreplace").decode() if _has_surrogate(value) else value
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(item) for item in (sorted(value) if isinstance(value, (set, frozenset)) else value)]
        case _:
            return value.item() if hasattr(value, "item") else value


def _has_surrogate(text: str) -> bool:
    return any(0xD800 <= ord(character) <= 0xDFFF for character in text)

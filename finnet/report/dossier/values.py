"""Cells of a report's tables in words."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from finnet.report.dossier.findings import FIGURES
from finnet.report.render import cell_text
from finnet.text import one_line

__all__ = ["cell_words", "column_words", "is_figure"]

_LONGEST = 200


def column_words(name: str) -> str:
    """A column's name as a heading.

    >>> column_words("bite_share")
    'bite share'
    """
    return name.replace("_", " ")


def is_figure(name: str, value: Any) -> bool:
    """Whether a cell is a number, to be set to the right."""
    return not isinstance(value, bool) and (
        isinstance(value, int | float | Decimal) or (name in FIGURES and _is_number(value))
    )


def cell_words(name: str, value: Any) -> str:
    """A cell as text: exact numbers with their separators, shares as percentages, endless texts cut.

    >>> cell_words("after", "124644821.21"), cell_words("bite_share", 0.256), cell_words("id", "0012")
    ('124,644,821.21', '25.6 %', '0012')
    """
    if name.endswith("_share") and isinstance(value, float):
        return f"{value * 100:.1f} %"
    if name in FIGURES and isinstance(value, str) and _is_number(value):
        return cell_text(Decimal(value))
    return one_line(cell_text(value), _LONGEST)


def _is_number(value: Any) -> bool:
    try:
        return Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False

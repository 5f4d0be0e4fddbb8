"""Cells of a report's tables in words."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from finnet.report.dossier.figures import FIGURES
from finnet.report.render import cell_text
from finnet.text import one_line

__all__ = ["cell_words", "column_words", "is_figure"]

_LONGEST = 200
_AMOUNT = re.compile(r"-?[0-9]+\.[0-9]{2,4}")


def column_words(name: str) -> str:
    """A column's name as a heading.

    >>> column_words("bite_share")
    'bite share'
    """
    return name.replace("_", " ")


def is_figure(name: str, value: Any) -> bool:
    """Whether a cell is a number, to be set to the right."""
    return not isinstance(value, bool) and (isinstance(value, int | float | Decimal) or (_is_exact(name, value)))


def cell_words(name: str, value: Any) -> str:
    """A cell as text: exact numbers with their separators, shares as percentages, endless texts cut.

    >>> cell_words("after", "124644821.21"), cell_words("bite_share", 0.256), cell_words("id", "0012")
    ('124,644,821.21', '25.6 %', '0012')
    """
    if (name.endswith("_share") or name == "leverage_kept") and isinstance(value, float):
        return f"{value * 100:.1f} %"
    if _is_exact(name, value):
        return cell_text(Decimal(value))
    return one_line(cell_text(value), _LONGEST)


def _is_exact(name: str, value: Any) -> bool:
    """Whether text is an exact number: of a column that holds such, or written like an amount with its cents."""
    if not isinstance(value, str) or not (name in FIGURES or _AMOUNT.fullmatch(value)):
        return False
    try:
        return Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False

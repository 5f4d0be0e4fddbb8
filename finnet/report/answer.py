"""What every verb returns: rows under the table's column names, a summary, notes, and whether something was cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas

__all__ = ["Answer", "Cell", "Row"]

# What a cell may hold. Money is Decimal, dates are ISO text, ids and names are untrusted text; lists hold ids or codes.
Cell = Any
Row = dict[str, Cell]

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The rows of one verb with all that a reader needs to judge them.

    ``columns`` fixes the order and is there even when no row is; every row has every column (null where it was not
    computed). ``shown`` names the columns, ``brief`` the parts of the summary, that the
    terminal shows without ``--wide`` (all if empty). ``summary`` is
    computed, ``notes`` are sentences. ``outcome`` is the exit code this answer asks for: 0, or 3 where it was done but
    with rejects, a failed expectation or a mismatch.

    >>> answer = Answer(command="rank", columns=("id", "score"), rows=[{"id": "a", "score": 1.0}])
    >>> answer.frame["score"].tolist()
    [1.0]
    """

    command: str
    columns: tuple[str, ...]
    rows: Sequence[Row]
    summary: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    params: dict[str, Any] = field(default_factory=dict)
    truncated: bool = False
    total: int | None = None  # how many rows there are before the cut, where that is known
    shown: tuple[str, ...] = ()
    brief: tuple[str, ...] = ()
    outcome: int = 0

    @property
    def frame(self) -> pandas.DataFrame:
        """The rows as a pandas DataFrame, columns in order."""
        import pandas

        return pandas.DataFrame(list(self.rows), columns=list(self.columns))

    def document(self) -> dict[str, Any]:
        """The one JSON document of this answer, as a dictionary."""
        return {
            "schema_version": SCHEMA_VERSION,
            "command": self.command,
            "params": self.params,
            "summary": self.summary,
            "rows": [{column: row.get(column) for column in self.columns} for row in self.rows],
            "notes": list(self.notes),
            "truncated": self.truncated,
        }

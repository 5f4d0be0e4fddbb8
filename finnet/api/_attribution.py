"""Whose data an output rests on, of which day, and under which licence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from finnet.errors import UsageError, quoted
from finnet.graph.selection import Queries
from finnet.report.answer import Row
from finnet.report.sheets import write_sheet
from finnet.text import csv_safe

__all__ = ["SOURCES", "check_licences", "is_non_commercial", "sources_of", "write_sources"]

SOURCES = ("dataset", "title", "list_date", "file", "sha256", "format", "records", "loaded", "rejected", "skipped",
           "grade", "licence")  # fmt: skip
_NON_COMMERCIAL = re.compile(r"non[- ]?commercial|\bNC\b", re.IGNORECASE)
_USES = ("commercial",)


def sources_of(case: Queries, *, datasets: Sequence[str] | None = None) -> list[Row]:
    """One row per file that the case's data come from, in the columns of ``SOURCES``."""
    rows = case.rows(f"select {', '.join(SOURCES)} from v1_source order by dataset, file, sha256", {})  # noqa: S608
    return [row for row in rows if datasets is None or row["dataset"] in datasets]


def is_non_commercial(licence: str | None) -> bool:
    """Whether a licence, as it is stated, keeps commercial use out.

    >>> is_non_commercial("CC BY-NC 4.0"), is_non_commercial("public domain"), is_non_commercial(None)
    (True, False, False)
    """
    return bool(licence and _NON_COMMERCIAL.search(licence))


def check_licences(sources: Sequence[Row], use: str | None) -> tuple[str, ...]:
    """Notes on licences; nothing where no use is named.

    Raises: UsageError if the use is not known, or a dataset's licence keeps it out.
    """
    if use is None:
        return ()
    if use not in _USES:
        raise UsageError(f"--licence {quoted(use)} is not known", hint="there is: commercial")
    refused = sorted({f"{row['dataset']} ({row['licence']})" for row in sources if is_non_commercial(row["licence"])})
    if refused:
        raise UsageError(
            f"--licence commercial: {', '.join(map(quoted, refused))} may not be used commercially",
            hint="leave the dataset out of the case, or get a licence from its publisher",
        )
    silent = sorted({str(row["dataset"]) for row in sources if not row["licence"]})
    return tuple(f"nobody says under which licence {quoted(name)} is: ask before you use it" for name in silent)


def write_sources(path: Path, sources: Sequence[Row], *, stamp: str | None) -> Path:
    """Beside an export: ``NAME-sources.csv``, with the licence of each file that it rests on."""
    place = path.with_name(f"{path.stem}-sources.csv")

    def cell(value: Any) -> str:
        return "" if value is None else csv_safe(value) if isinstance(value, str) else str(value)

    head = [*SOURCES, "stamp"] if stamp else list(SOURCES)
    write_sheet(place, head, ([cell({**row, "stamp": stamp}[name]) for name in head] for row in sources))
    return place

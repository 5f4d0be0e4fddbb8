"""An answer beside the one that was expected, compared cell by cell: what moved, not only that something did."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

from finnet.errors import QueryError

__all__ = ["differences"]

_TOLERANCE = 1e-9  # relative; the last bits of a float may differ between processors


def differences(expected: Path, got: str) -> list[str]:
    """Where the CSV text ``got`` differs from the file ``expected``, in words; empty if it does not.

    Cells that are numbers on both sides are equal within one part in 10⁹; all others must be equal to the letter. The
    expected file may leave out columns; those it has must be there.

    Raises: QueryError if the file is missing.
    """
    if not expected.is_file():
        raise QueryError(f"{expected.name}: the expected answer is missing beside the query")
    wanted = list(csv.DictReader(io.StringIO(expected.read_text(encoding="utf-8"))))
    reader = csv.DictReader(io.StringIO(got))
    found = list(reader)
    columns = csv.DictReader(io.StringIO(expected.read_text(encoding="utf-8"))).fieldnames or []
    missing = [column for column in columns if column not in (reader.fieldnames or [])]
    if missing:
        return [f"the answer has no column {column}" for column in missing]
    found_differences = [
        f"row {place}, {column}: expected {want[column]!r}, got {have[column]!r}"
        for place, (want, have) in enumerate(zip(wanted, found, strict=False), start=1)
        for column in columns
        if not _same(want[column], have[column])
    ]
    if len(wanted) != len(found):
        found_differences.append(f"expected {len(wanted)} rows, got {len(found)}")
    return found_differences


def _same(left: str, right: str) -> bool:
    if left == right:
        return True
    try:
        return math.isclose(float(left), float(right), rel_tol=_TOLERANCE, abs_tol=1e-12)
    except ValueError:
        return False

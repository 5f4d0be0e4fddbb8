"""The checks of a bulk scan as SQL: which one a record fails first, and what is then said of it."""
# ruff: noqa: S608  # what is pasted into SQL is ours

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from finnet.model.scan import BulkScan

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["REFUSED", "failed", "refused_records", "run"]

_PARAMETER = re.compile(r"\$([a-z_][a-z_0-9]*)")

REFUSED = {
    "record": "bigint",
    "byte_offset": "bigint",
    "byte_length": "bigint",
    "failed": "integer",
    "reason": "varchar",
}


def failed(scan: BulkScan) -> str:
    """SQL over a row of ``raw``: the place of the first check that it fails, null if it fails none."""
    cases = " ".join(f"when {check.bad} then {place}" for place, check in enumerate(scan.checks))
    return f"case {cases} end"


def refused_records(scan: BulkScan) -> str:
    """SQL: the records of ``raw`` that fail a check, with the columns of ``REFUSED``."""
    reasons = " ".join(f"when {place} then {check.reason}" for place, check in enumerate(scan.checks))
    return (
        f"select record, byte_offset, byte_length, failed, case failed {reasons} end as reason "
        f"from (select *, {failed(scan)} as failed from raw) where failed is not null"
    )


def run(connection: DuckDBPyConnection, scan: BulkScan, sql: str) -> DuckDBPyConnection:
    """Execute with those of the scan's values that the statement names."""
    return connection.execute(sql, {name: scan.values[name] for name in sorted(set(_PARAMETER.findall(sql)))})

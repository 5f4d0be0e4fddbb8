"""What became of each record of each file: loaded, rejected or skipped, and never anything else."""

# ruff: noqa: S608 -- SQL is put together from table names of our own.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from finnet.errors import InputError, TooManyRejectsError, quoted
from finnet.store.tables import TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["Account", "accounts_of_statements", "counts_by_file", "limit_rejects", "one_number"]

_FREE_REJECTS = 20
_COUNTED = ("entities", "links", "payments", "listings")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The records of one file: ``records = loaded + rejected + skipped``.

    Raises: InputError if that does not hold: a mistake of the reader, and nothing may be stored.
    """

    file: str
    records: int
    loaded: int = 0
    rejected: int = 0
    skipped: int = 0

    def __post_init__(self) -> None:
        if self.records != self.loaded + self.rejected + self.skipped:
            raise _does_not_add_up(self.file, self.records, self.loaded, self.rejected, self.skipped)


def _does_not_add_up(file: str | None, records: int, loaded: int, rejected: int, skipped: int) -> InputError:
    return InputError(
        f"{quoted(file)}: {records} records, but {loaded} loaded, {rejected} rejected and {skipped} skipped: "
        "the reader did not account for each of them; nothing was stored"
    )


def accounts_of_statements(connection: DuckDBPyConnection, counted: Mapping[str, int]) -> dict[str, Account]:
    """The account of each file by the staged statements that name its records; ``counted`` is what the reader counted.

    Raises: InputError if a record is in two states, in none, beyond the last, or of a file that was not counted.
    """
    loaded_from = " union ".join(f"select file, record from stage_{table}" for table in TABLES)
    rows = connection.execute(f"""
        with said as (
            select file, record, 1 as l, 0 as r, 0 as s from ({loaded_from})
            union all select distinct file, record, 0, 1, 0 from stage_rejects
            union all select distinct file, record, 0, 0, 1 from stage_skips
        ),
        each as (select file, record, sum(l) as l, sum(r) as r, sum(s) as s from said group by file, record)
        select file, sum(l)::bigint, sum(r)::bigint, sum(s)::bigint,
            bool_and(l + r + s = 1) and min(record) >= 1 and max(record) <= sum(l + r + s)
        from each group by file order by file
    """).fetchall()
    found: dict[str, tuple[int, int, int]] = {}
    for file, loaded, rejected, skipped, once in rows:
        if file not in counted or not once:
            raise _does_not_add_up(file, counted.get(file, 0), loaded, rejected, skipped)
        found[file] = (loaded, rejected, skipped)
    accounts = {}
    for file, records in counted.items():
        loaded, rejected, skipped = found.get(file, (0, 0, 0))
        accounts[file] = Account(file=file, records=records, loaded=loaded, rejected=rejected, skipped=skipped)
    return accounts


def limit_rejects(accounts: Sequence[Account], max_rejects: int | None) -> None:
    """Refuse a file with more rejects than are allowed: 1 % of its records and more than 20, unless said otherwise.

    Raises: TooManyRejectsError.
    """
    for one in accounts:
        allowed = max(_FREE_REJECTS, one.records // 100) if max_rejects is None else max_rejects
        if one.rejected > allowed:
            raise TooManyRejectsError(
                f"{quoted(one.file)}: {one.rejected} of {one.records} records are bad, more than the {allowed} "
                "allowed; nothing was stored",
                hint=f"mend the mapping (finnet sniff), or allow it with --max-rejects {one.rejected}",
            )


def counts_by_file(connection: DuckDBPyConnection) -> dict[str, dict[str, int]]:
    """Per file, what its records state: entities that are described, links, payments, listings."""
    counts: dict[str, dict[str, int]] = {}
    for table in _COUNTED:
        described = "where not coalesce(missing, false)" if table == "entities" else ""
        for file, rows in connection.execute(
            f"select file, count(*) from stage_{table} {described} group by file order by file"
        ).fetchall():
            counts.setdefault(file, {})[table] = int(rows)
    return counts


def one_number(connection: DuckDBPyConnection, sql: str) -> int:
    """The result of a query that gives one number."""
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0

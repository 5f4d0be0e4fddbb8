"""The records of a bulk scan that were refused or skipped, with their bytes as they stand in the file."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from finnet.model.delimited import flaw_words
from finnet.model.scan import BulkScan
from finnet.store.batches import FlawedRecord
from finnet.store.bulk_tables import insert_rows
from finnet.store.staging import REJECTS, SKIPS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["store_refusals"]

_RAW_WHOLE = 1 << 20
_RAW_CUT = 1 << 16


@dataclass(frozen=True, slots=True)
class _Refused:
    record: int
    byte_offset: int
    byte_length: int
    column: str | None
    code: str | None
    reason: str


def store_refusals(
    connection: DuckDBPyConnection,
    scan: BulkScan,
    flawed: Sequence[FlawedRecord],
    stream: BinaryIO | None,
    *,
    by_check: bool,
) -> tuple[int, int]:
    """Put them into stage_rejects and stage_skips: how many of each.

    ``by_check`` says whether the temporary table ``refused`` holds records that failed one of the scan's checks.
    """
    found = [*_flawed(scan, flawed), *(_failed(connection, scan) if by_check else ())]
    skips = [(scan.name, one.record, _offset(one), one.reason) for one in found if one.code is None]
    rejects = [_reject(scan, one, stream) for one in found if one.code is not None]
    insert_rows(connection, "stage_rejects", list(REJECTS.values()), rejects)
    insert_rows(connection, "stage_skips", list(SKIPS.values()), skips)
    return len(rejects), len(skips)


def _flawed(scan: BulkScan, flawed: Sequence[FlawedRecord]) -> Iterator[_Refused]:
    titles = {column.field: column.title for column in scan.columns}
    for one in flawed:
        code, reason = flaw_words(one.flaw, detail=one.detail, length=one.byte_length, width=scan.width)
        column = titles.get(one.detail) if code != "E1200" else None  # there the detail is a number of fields
        yield _Refused(one.record, one.byte_offset, one.byte_length, column, code, reason)


def _failed(connection: DuckDBPyConnection, scan: BulkScan) -> Iterator[_Refused]:
    rows = connection.execute(
        "select record, byte_offset, byte_length, failed, reason from refused order by record"
    ).fetchall()
    for record, offset, length, failed, reason in rows:
        check = scan.checks[failed]
        yield _Refused(record, -1 if offset is None else offset, length, check.column, check.code, reason)


def _reject(scan: BulkScan, one: _Refused, stream: BinaryIO | None) -> tuple[object, ...]:
    raw, reason = None, one.reason
    if one.byte_offset >= 0 and stream is not None:
        stream.seek(one.byte_offset)
        if one.byte_length <= _RAW_WHOLE:
            text = stream.read(one.byte_length).rstrip(b"\r\n")
        else:
            text = stream.read(_RAW_CUT)
            reason += f"; the first {_RAW_CUT:,} bytes are kept here"
        raw = base64.b64encode(text).decode()
    return (scan.name, one.record, _offset(one), one.column, one.code, reason, raw)


def _offset(one: _Refused) -> int | None:
    return None if one.byte_offset < 0 else one.byte_offset

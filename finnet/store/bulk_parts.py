"""A long file written part by part: one is read and coded while the engine checks and writes those before it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from finnet.model.scan import BulkScan, Lookup, PlainAmount, PlainDay, State
from finnet.store.arrow_stream import Batch
from finnet.store.bulk_lookups import make_lookup
from finnet.store.bulk_tables import Parts
from finnet.store.coded_parts import Part, parts_of
from finnet.store.connection import connect, thread_count
from finnet.store.part_writer import PartWriter

__all__ = ["Written", "write_parts"]

_MOST_WRITERS = 4  # one reader gives no more of them work


@dataclass(slots=True)
class Written:
    """The files of a table in order, the rows in them, and the records that were refused (columns of ``REFUSED``)."""

    paths: list[Path] = field(default_factory=list)
    rows: int = 0
    refused: list[Sequence[Any]] = field(default_factory=list)

    def add(self, path: Path, rows: int, refused: list[Sequence[Any]]) -> None:
        """One more file, which may be empty."""
        self.paths += [path] if rows else []
        self.rows += rows
        self.refused += refused


def write_parts(
    batches: Iterator[Batch],
    scan: BulkScan,
    state: State,
    *,
    lookups: Sequence[tuple[Lookup, Sequence[Sequence[object]]]] = (),
    to: Parts,
    name: str,
) -> Written:
    """What the state makes of the good records, as files ``<name>-0001.parquet`` and so on in the folder of ``to``.

    The batches have the columns of the scan, without those of plain days; ``lookups`` go with what was found of them.
    The same batches make the same files.
    """
    written = Written()
    told = {"file": scan.name, "basis": "stated", **to.told}
    parts = parts_of(
        batches,
        [column.name for column in scan.columns],
        amounts={column.name for column in scan.columns if isinstance(column.plain, PlainAmount)},
        days={column.name: column.plain for column in scan.columns if isinstance(column.plain, PlainDay)},
    )
    with ExitStack() as stack:
        count = min(thread_count(), _MOST_WRITERS)
        writers: SimpleQueue[PartWriter] = SimpleQueue()
        for _ in range(count):
            # One thread each: with several the engine gives the words in an order that depends on their speed.
            # What they join are tables of one row, many of them.
            connection = connect([to.folder], temporary=to.folder / "spill", threads=1, joins_as_written=True)
            stack.callback(connection.close)
            for lookup, found in lookups:
                make_lookup(connection, lookup, found)
            writers.put(PartWriter(connection, scan, state))

        def write(number: int, part: Part) -> tuple[Path, int, list[Sequence[Any]]]:
            path, writer = to.folder / f"{name}-{number:04}.parquet", writers.get()
            try:
                return path, *writer.write(part, told, path)
            finally:
                writers.put(writer)

        pool = ThreadPoolExecutor(count, "finnet-writer")
        stack.callback(pool.shutdown, cancel_futures=True)
        pending: deque[Future[tuple[Path, int, list[Sequence[Any]]]]] = deque()
        for number, part in enumerate(parts, 1):
            pending.append(pool.submit(write, number, part))
            if len(pending) > count:
                written.add(*pending.popleft().result())
        for future in pending:
            written.add(*future.result())
    return written

"""A long file written part by part: one is read and coded while the engine checks and writes those before it."""
# ruff: noqa: S608  # what is pasted into SQL is ours; names are quoted, values bound

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import numpy as np

from finnet.model.scan import BulkScan, Lookup, PlainAmount, State
from finnet.store.arrow_stream import ArrowStream, Batch
from finnet.store.batches import NUMBERS
from finnet.store.bulk_checks import failed, refused_records, run
from finnet.store.bulk_lookups import make_lookup
from finnet.store.bulk_raw import raw_rows
from finnet.store.bulk_tables import PARQUET, Parts, column_name, staged_rows, text_literal
from finnet.store.coded_parts import Part, parts_of
from finnet.store.connection import connect, thread_count

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["Written", "write_parts"]

_MOST_WRITERS = 4  # one reader gives no more of them work
_SOURCE = "finnet_part_source"
_STREAM = "finnet_part_stream"
_STREAM_OF_WORDS = "finnet_part_word_stream"
_WORD = "finnet_part_word"
_WORDS = "finnet_part_words"


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
    texts: Sequence[str],
    decimals: Sequence[str],
    lookups: Sequence[tuple[Lookup, Sequence[Sequence[object]]]] = (),
    to: Parts,
    name: str,
) -> Written:
    """What the state makes of the good records, as files ``<name>-0001.parquet`` and so on in the folder of ``to``.

    ``texts`` and ``decimals`` name the columns of the batches; ``lookups`` go with what was found of them. The
    same batches make the same files.
    """
    written = Written()
    told = {"file": scan.name, "basis": "stated", **to.told}
    amounts = {column.name for column in scan.columns if isinstance(column.plain, PlainAmount)}
    parts = enumerate(parts_of(batches, texts, amounts=amounts), 1)
    with ExitStack() as stack:
        count = min(thread_count(), _MOST_WRITERS)
        writers: SimpleQueue[DuckDBPyConnection] = SimpleQueue()
        for _ in range(count):
            # One thread each: with several the engine gives the words in an order that depends on their speed.
            one = connect([to.folder], temporary=to.folder / "spill", threads=1)
            stack.callback(one.close)
            for lookup, found in lookups:
                make_lookup(one, lookup, found)
            writers.put(one)

        def write(number: int, part: Part) -> tuple[Path, int, list[Sequence[Any]]]:
            path, connection = to.folder / f"{name}-{number:04}.parquet", writers.get()
            with closing(_Engine(connection, scan, part, decimals)) as engine:
                rows = engine.write(state, told, path)
                refused = engine.refused() if rows < part.rows else []
            writers.put(connection)
            return path, rows, refused

        pool = stack.enter_context(ThreadPoolExecutor(count, "finnet-writer"))
        pending: deque[Future[tuple[Path, int, list[Sequence[Any]]]]] = deque()
        for number, part in parts:
            pending.append(pool.submit(write, number, part))
            if len(pending) > count:
                written.add(*pending.popleft().result())
        for future in pending:
            written.add(*future.result())
    return written


class _Engine:
    """A part as the relation ``raw`` of an engine; its codes are values of enumerations, which are written as such."""

    def __init__(self, connection: DuckDBPyConnection, scan: BulkScan, part: Part, decimals: Sequence[str]) -> None:
        self._connection, self._scan, self._part = connection, scan, part
        connection.register(
            _STREAM,
            ArrowStream(
                numbers=NUMBERS, texts=part.texts, decimals=decimals, codes=list(part.words),
                batches=lambda: iter(part.batches),
            ),
        )  # fmt: skip
        columns = [f"s.{column_name(name)}" for name in (*NUMBERS, *part.texts, *decimals)]
        listed = self._make_words()
        columns += [f"w.{column_name(name)}[s.{column_name(name)}] as {column_name(name)}" for name in part.words]
        connection.execute(f"create temp view {_SOURCE} as select {', '.join(columns)} from {_STREAM} s{listed}")
        connection.execute(f"create temp view raw as {raw_rows(scan, _SOURCE, reads_plain=True)}")

    def _make_words(self) -> str:
        """One row of lists, the words of each coded column; SQL that joins it."""
        if not self._part.words:
            return ""
        execute = self._connection.execute
        counted = enumerate(self._part.words.values())
        words = [Batch(count, [np.full(count, place)], [text]) for place, (count, text) in counted]
        self._connection.register(
            _STREAM_OF_WORDS, ArrowStream(numbers=["place"], texts=["word"], batches=lambda: iter(words))
        )
        execute(f"create temp table {_WORD} as select * from {_STREAM_OF_WORDS}")
        lists = []
        for place, name in enumerate(self._part.words):
            chosen = f"from {_WORD} where place = {place}"
            # At least one value: an enumeration cannot be empty.
            none = "" if words[place].rows else "union all select ''"
            execute(f"create type finnet_part_{place} as enum (select word {chosen} {none})")
            lists.append(
                f"(select list(cast(word as finnet_part_{place}) order by rowid) {chosen}) as {column_name(name)}"
            )
        execute(f"create temp table {_WORDS} as select {', '.join(lists)}")
        return f", {_WORDS} w"

    def write(self, state: State, told: Mapping[str, str | None], path: Path) -> int:
        """Write what the state makes of the good records; how many rows that is."""
        where = f"where ({failed(self._scan)}) is null" if self._scan.checks else ""
        made = f"(with good as (select * from raw {where}) {state.select})"
        described = run(self._connection, self._scan, f"describe select * from {made}").fetchall()
        rows = staged_rows(made, {row[0]: row[1] for row in described}, state, told)
        copied = run(self._connection, self._scan, f"copy ({rows}) to {text_literal(str(path))} ({PARQUET})")
        return int(copied.fetchall()[0][0])

    def refused(self) -> list[Sequence[Any]]:
        """The records that fail a check, with the columns of ``REFUSED``."""
        if not self._scan.checks:
            return []
        return list(run(self._connection, self._scan, f"{refused_records(self._scan)} order by record").fetchall())

    def close(self) -> None:
        """Make room for the next part."""
        drop = self._connection.execute
        for view in ("raw", _SOURCE):
            drop(f"drop view if exists {view}")
        for table in (_WORDS, _WORD):
            drop(f"drop table if exists {table}")
        for place in range(len(self._part.words)):
            drop(f"drop type if exists finnet_part_{place}")
        for stream in (_STREAM, _STREAM_OF_WORDS):
            self._connection.unregister(stream)

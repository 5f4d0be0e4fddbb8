"""Parts of a long file through the engine: codes become values of enumerations, which are written as they are."""
# ruff: noqa: S608  # what is pasted into SQL is ours; names are quoted, values bound

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from finnet.model.scan import BulkScan, PlainAmount, State
from finnet.store.arrow_stream import ArrowStream, Batch
from finnet.store.batches import NUMBERS
from finnet.store.bulk_checks import failed, refused_records, run
from finnet.store.bulk_raw import raw_rows
from finnet.store.bulk_tables import PARQUET, column_name, staged_rows, text_literal
from finnet.store.coded_parts import Part, Words

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["PartWriter"]

_SOURCE = "finnet_part_source"
_STREAM = "finnet_part_stream"
_WORDS = "finnet_part_words"


class PartWriter:
    """Writes parts of a scan, one after the other; words that stay the same from part to part are kept."""

    def __init__(self, connection: DuckDBPyConnection, scan: BulkScan, state: State) -> None:
        self._connection, self._scan, self._state = connection, scan, state
        self._amounts = [f"{one.name}_plain" for one in scan.columns if isinstance(one.plain, PlainAmount)]
        # What follows from a column's text alone is worked out word by word: its name, its SQL, the column.
        counted = enumerate(sorted(scan.facts.items()))
        self._facts = [(f"{column}_fact{place}", sql, column) for place, (sql, column) in counted]
        self._described: dict[frozenset[str], Mapping[str, str]] = {}  # by the columns that are enumerations
        self._held: dict[str, tuple[int, int]] = {}  # which words there are of a column: edition and count

    def write(self, part: Part, told: Mapping[str, str | None], path: Path) -> tuple[int, list[Sequence[Any]]]:
        """Write what the state makes of the good records: how many rows, and the records that fail a check."""
        stream = ArrowStream(
            numbers=NUMBERS, texts=part.texts, decimals=self._amounts, codes=part.codes,
            batches=lambda: iter(part.batches),
        )  # fmt: skip
        self._connection.register(_STREAM, stream)
        self._connection.execute(f"create or replace temp view {_SOURCE} as {self._read(part)}")
        facts = [fact for fact, _, column in self._facts if column in part.words]
        raw = raw_rows(self._scan, _SOURCE, reads_plain=True, clean=part.words, more=facts)
        self._connection.execute(f"create or replace temp view raw as {raw}")
        where = f"where ({self._by_facts(part, failed(self._scan))}) is null" if self._scan.checks else ""
        made = f"(with good as (select * from raw {where}) {self._by_facts(part, self._select(part))})"
        rows = staged_rows(made, self._columns(made, frozenset(part.words)), self._state, told, lean=True)
        copy = f"copy ({rows}) to {text_literal(str(path))} ({PARQUET})"
        count = int(run(self._connection, self._scan, copy).fetchall()[0][0])
        refused: list[Sequence[Any]] = []
        if count < part.rows and self._scan.checks:
            sql = self._by_facts(part, refused_records(self._scan))
            refused += run(self._connection, self._scan, f"{sql} order by record").fetchall()
        self._connection.unregister(_STREAM)
        return count, refused

    def _columns(self, made: str, coded: frozenset[str]) -> Mapping[str, str]:
        """The types of the columns; but of an enumeration only that it is one."""
        if coded not in self._described:
            rows = run(self._connection, self._scan, f"describe select * from {made}").fetchall()
            self._described[coded] = {row[0]: row[1] for row in rows}
        return self._described[coded]

    def _read(self, part: Part) -> str:
        """SQL: the columns of the part as text, or as values of an enumeration."""
        columns = [f"s.{column_name(name)}" for name in (*NUMBERS, *part.texts, *self._amounts)]
        joined = [f"{_STREAM} s"]
        for place, (name, (codes, words)) in enumerate(part.words.items()):
            table = f"{_WORDS}_{name}"
            self._keep(name, table, words)
            columns.append(f"w{place}.words[s.{column_name(codes)}] as {column_name(name)}")
            for fact, _, column in self._facts:
                if column == name:
                    columns.append(f"w{place}.{column_name(fact)}[s.{column_name(codes)} + 1] as {column_name(fact)}")
            joined.append(f"{table} w{place}")
        return f"select {', '.join(columns)} from {', '.join(joined)}"

    def _keep(self, name: str, table: str, words: Words) -> None:
        """A table of one row, the list of the words; unless it is there already."""
        if self._held.get(name) == (words.edition, words.count):
            return
        execute = self._connection.execute
        execute(f"drop table if exists {table}")
        execute(f"drop type if exists {table}_type")
        batch = Batch(words.count, [np.arange(words.count)], [words.texts])
        self._connection.register(
            f"{table}_stream", ArrowStream(numbers=["place"], texts=["word"], batches=lambda: iter([batch]))
        )
        execute(f"create or replace temp table {table}_word as select * from {table}_stream")
        self._connection.unregister(f"{table}_stream")
        # At least one value, since an enumeration cannot be empty; and two words may mean the same day.
        execute(
            f"create type {table}_type as enum (select coalesce(word, '') from (select word, min(place) as place "
            f"from (select word, place from {table}_word union all select null, -1) group by word) order by place)"
        )
        nothing = ", ".join(text_literal(word) for word in self._scan.null_words if word)
        meaning = f"case when word in ({nothing}) then null else word end" if nothing else "word"
        # Facts come first of the word that is none.
        with_none = f"(select place, {meaning} as {column_name(name)} from {table}_word union all select -1, null)"
        facts = "".join(
            f", (select list({sql} order by place) from {with_none}) as {column_name(fact)}"
            for fact, sql, column in self._facts
            if column == name
        )
        execute(
            f"create temp table {table} as select list(cast({meaning} as {table}_type) order by place) as words{facts} "
            f"from {table}_word"
        )
        self._held[name] = (words.edition, words.count)

    def _select(self, part: Part) -> str:
        """The state's select; a day is taken as it is read where all of the column's words are plainly days."""
        select = self._state.select
        for read, column in self._scan.days.items():
            codes, days = part.words.get(f"{column}_plain", (None, None))
            if codes is not None and days is not None and self._is_plain(part.words[codes][1], days):
                select = select.replace(read, column_name(f"{column}_plain"))
        return select

    def _by_facts(self, part: Part, sql: str) -> str:
        for fact, said, column in self._facts:
            if column in part.words:
                sql = sql.replace(said, column_name(fact))
        return sql

    def _is_plain(self, words: Words, days: Words) -> bool:
        meaningless = {word.encode() for word in self._scan.null_words}
        there = np.unpackbits(days.texts.valid, bitorder="little", count=days.count)
        data, ends = words.texts.data.tobytes(), words.texts.offsets.tolist()
        return all(data[ends[place] : ends[place + 1]] in meaningless for place in np.flatnonzero(there == 0).tolist())

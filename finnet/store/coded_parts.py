"""A long table in parts, whose text columns are codes and words wherever values repeat: quicker to check and to write.

A part is a few row groups of the file that it becomes. However long the table, only a few parts are held at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from finnet.model.scan import PlainDay
from finnet.store.arrow_stream import Batch, TextColumn
from finnet.store.bulk_tables import ROW_GROUP
from finnet.store.plain_values import plain_days
from finnet.store.word_codes import WordCodes

__all__ = ["Part", "Words", "parts_of"]

_PART = 4 * ROW_GROUP  # rows; the first parts are shorter, so that there is something to write soon
_TRIED = ROW_GROUP // 2  # rows after which a column is either worth coding or not
# The engine writes all words of a column into each of its row groups.
_MOST_WORDS = ROW_GROUP


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of a column in the order of their codes; null where a word means nothing.

    Words of one column with equal ``edition`` and ``count`` are the same words.
    """

    count: int
    texts: TextColumn
    edition: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Batches whose ``texts`` and ``codes`` are the columns of those names.

    ``words`` says of each column that is no text how it reads: the column of its codes, and what they stand for.
    """

    batches: Sequence[Batch]
    rows: int
    texts: Sequence[str]
    codes: Sequence[str]
    words: Mapping[str, tuple[str, Words]]


def parts_of(
    batches: Iterator[Batch],
    texts: Sequence[str],
    *,
    amounts: Collection[str] = (),
    days: Mapping[str, PlainDay] | None = None,
) -> Iterator[Part]:
    """The batches, which may be passing ones, in parts; ``texts`` names their text columns.

    ``amounts`` are columns that are not worth coding. For each column of ``days`` there is another, ``<name>_plain``,
    with the days that are written plainly. The same batches make the same parts.
    """
    columns = [_Column(name, is_coded=name not in amounts, day=(days or {}).get(name)) for name in texts]
    held: list[Batch] = []
    rows, most = 0, _PART // 4
    for batch in batches:
        held.append(Batch(batch.rows, [one.copy() for one in batch.numbers], (), batch.decimals))
        rows += batch.rows
        for column, text in zip(columns, batch.texts, strict=True):
            column.add(text, batch.rows)
        if rows >= most:
            yield _part(columns, held, rows)
            held, rows, most = [], 0, min(2 * most, _PART)
            for column in columns:
                column.begin()
    if rows:
        yield _part(columns, held, rows)


def _part(columns: Sequence[_Column], held: Sequence[Batch], rows: int) -> Part:
    for column in columns:
        column.settle(rows)
    texts: dict[str, Sequence[TextColumn]] = {}
    codes: dict[str, Sequence[NDArray[np.int32]]] = {}
    words: dict[str, tuple[str, Words]] = {}
    for column in columns:
        read = column.read_days([batch.rows for batch in held])
        if column.codes is None:
            texts |= {column.name: column.texts} | {name: made for name, made in read.items() if isinstance(made, list)}
        else:
            codes[column.name] = column.codes
            words[column.name] = (column.name, column.words)
            words |= {name: (column.name, made) for name, made in read.items() if isinstance(made, Words)}
    return Part(
        batches=[
            Batch(
                one.rows, one.numbers, [made[place] for made in texts.values()], one.decimals,
                [made[place] for made in codes.values()],
            )
            for place, one in enumerate(held)
        ],
        rows=rows,
        texts=list(texts),
        codes=list(codes),
        words=words,
    )  # fmt: skip


class _Column:
    """One text column: in each part codes as long as its values repeat, texts from when they do not."""

    def __init__(self, name: str, *, is_coded: bool, day: PlainDay | None) -> None:
        self.name = name
        self._is_coded, self._day = is_coded, day
        self._edition = 0
        self._codes = WordCodes()
        self.begin()

    def begin(self) -> None:
        """Go on with the next part; with the words so far, as long as they are not many."""
        self.codes: list[NDArray[np.int32]] | None = [] if self._is_coded else None
        self.texts: list[TextColumn] = []
        self._rows = 0
        if 2 * self._codes.count > _MOST_WORDS:
            self._forget()
        self._before = self._codes.count

    def _forget(self) -> None:
        self._codes = WordCodes()
        self._edition += 1

    def add(self, text: TextColumn, rows: int) -> None:
        """Some more rows."""
        self._rows += rows
        if self.codes is None:
            self.texts.append(text.copy())
            return
        self.codes.append(self._codes.add(text, rows))
        if self._codes.count > _MOST_WORDS or (
            self._rows >= _TRIED and 2 * (self._codes.count - self._before) > self._rows
        ):
            self._spell()

    def settle(self, rows: int) -> None:
        """At the end of a part of so many rows: texts, if there are more words than one in four rows."""
        if 4 * self._codes.count > rows:
            self._spell()

    def _spell(self) -> None:
        if self.codes is not None:
            self.texts = [self._codes.texts(codes) for codes in self.codes]
            self.codes = None
            self._forget()

    @property
    def words(self) -> Words:
        """The words so far."""
        count, texts = self._codes.words()
        return Words(count=count, texts=texts, edition=self._edition)

    def read_days(self, rows: Sequence[int]) -> dict[str, list[TextColumn] | Words]:
        """The column of plain days, if there is one: texts for these batches of rows, or words."""
        if self._day is None:
            return {}
        if self.codes is None:
            made = [plain_days(text, count, self._day) for text, count in zip(self.texts, rows, strict=True)]
            return {f"{self.name}_plain": made}
        words = self.words
        days = plain_days(words.texts, words.count, self._day)
        return {f"{self.name}_plain": Words(count=words.count, texts=days, edition=words.edition)}

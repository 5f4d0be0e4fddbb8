"""A long table in parts, whose text columns are codes and words wherever values repeat: quicker to check and to write.

A part is a few row groups of the file that it becomes. Its words are its own: however long the table, no more than two
parts are held.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from finnet.store.arrow_stream import Batch, TextColumn
from finnet.store.bulk_tables import ROW_GROUP
from finnet.store.word_codes import WordCodes

__all__ = ["Part", "parts_of"]

_PART = 4 * ROW_GROUP  # rows
_TRIED = ROW_GROUP // 2  # rows after which a column is either worth coding or not
# The engine writes all words of a column into each of its row groups.
_MOST_WORDS = ROW_GROUP


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Batches whose ``texts`` are the columns of those names; the others are ``codes``, by name, into their words.

    The words of a column are as many texts, none of them null, in the order of their codes.
    """

    batches: Sequence[Batch]
    rows: int
    texts: Sequence[str]
    words: Mapping[str, tuple[int, TextColumn]]


def parts_of(batches: Iterator[Batch], texts: Sequence[str], *, amounts: Collection[str] = ()) -> Iterator[Part]:
    """The batches in parts; ``texts`` names their text columns, of which ``amounts`` are not worth coding.

    The same batches make the same parts.
    """
    held = _Held(texts, amounts)
    for batch in batches:
        held.add(batch)
        if held.rows >= _PART:
            yield held.part()
            held = _Held(texts, amounts)
    if held.rows:
        yield held.part()


class _Held:
    """A part in the making."""

    def __init__(self, texts: Sequence[str], amounts: Collection[str]) -> None:
        self.rows = 0
        self._names = texts
        self._batches: list[Batch] = []
        self._columns = [_Column(is_coded=name not in amounts) for name in texts]

    def add(self, batch: Batch) -> None:
        self._batches.append(Batch(batch.rows, batch.numbers, (), batch.decimals))
        self.rows += batch.rows
        for column, text in zip(self._columns, batch.texts, strict=True):
            column.add(text, batch.rows)

    def part(self) -> Part:
        for column in self._columns:
            column.settle(self.rows)
        named = list(zip(self._names, self._columns, strict=True))
        plain = [column.texts for column in self._columns if column.codes is None]
        coded = [column.codes for column in self._columns if column.codes is not None]
        return Part(
            batches=[
                Batch(one.rows, one.numbers, [texts[place] for texts in plain], one.decimals, [c[place] for c in coded])
                for place, one in enumerate(self._batches)
            ],
            rows=self.rows,
            texts=[name for name, column in named if column.codes is None],
            words={name: column.words.words() for name, column in named if column.codes is not None},
        )


class _Column:
    """One text column of a part: codes as long as its values repeat, texts from when they do not."""

    def __init__(self, *, is_coded: bool) -> None:
        self.words = WordCodes()
        self.codes: list[NDArray[np.int32]] | None = [] if is_coded else None
        self.texts: list[TextColumn] = []
        self._rows = 0

    def add(self, text: TextColumn, rows: int) -> None:
        self._rows += rows
        if self.codes is None:
            self.texts.append(text)
            return
        self.codes.append(self.words.add(text, rows))
        if self._rows >= _TRIED:
            self.settle(2 * self._rows)

    def settle(self, rows: int) -> None:
        """Go back to texts where words are many, or more than one in four of so many rows."""
        if self.codes is not None and (self.words.count > _MOST_WORDS or 4 * self.words.count > rows):
            self.texts = [self.words.texts(codes) for codes in self.codes]
            self.codes = None

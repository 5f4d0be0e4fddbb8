"""A column of text as codes and words is the same column."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.store.arrow_stream import TextColumn
from finnet.store.batches import text_column
from finnet.store.word_codes import WordCodes

TEXTS = st.text("ab\u00e9", max_size=20) | st.sampled_from(
    ["a" * 7, "a" * 8, "a" * 9, "a" * 16, "a" * 17, "b" + "a" * 15]
)


def values(column: TextColumn, rows: int) -> list[bytes]:
    return [bytes(column.data[begin:end]) for begin, end in pairwise(column.offsets[: rows + 1].tolist())]


@settings(deadline=None)
@given(batches=st.lists(st.lists(TEXTS, max_size=40), max_size=6))
def test_codes_number_the_words_by_their_first_row_and_spell_the_column_again(batches: list[list[str]]) -> None:
    codes, number = WordCodes(), dict[str, int]()
    for texts in batches:
        found = codes.add(text_column([text.encode() for text in texts]), len(texts))
        assert found.tolist() == [number.setdefault(text, len(number) + 1) if text else 0 for text in texts]
        spelt = codes.texts(found)
        assert values(spelt, len(texts)) == [text.encode() for text in texts]
        present = np.unpackbits(spelt.valid, bitorder="little", count=len(texts))
        assert present.astype(bool).tolist() == [bool(text) for text in texts]
    count, words = codes.words()
    assert values(words, count) == [word.encode() for word in number]


def test_words_that_differ_in_their_last_bytes_only_are_told_apart_at_once() -> None:
    # 200,000 words: the table of slots grows six times. Were their hashes alike, this would take minutes.
    texts = [f"acct-{number:09}".encode() for number in range(200_000)]
    codes = WordCodes()
    found = np.concatenate(
        [codes.add(text_column(texts[low : low + 10_000]), 10_000) for low in range(0, len(texts), 10_000)]
    )
    assert found.tolist() == list(range(1, len(texts) + 1))
    assert codes.add(text_column(texts[::-1]), len(texts)).tolist() == list(range(len(texts), 0, -1))

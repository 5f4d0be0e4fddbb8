"""How text falls into records: against Python's csv where nothing is wrong, by hand where something is."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.model.delimited import Cut, Flaw, cut_records

CELLS = st.text(alphabet='ab,;"\n\r é\x00', max_size=5)


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=6),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    chunk=st.integers(1, 40),
)
def test_what_csv_writes_is_cut_as_csv_reads_it(rows: list[list[str]], ending: str, chunk: int) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=ending, quoting=csv.QUOTE_ALL).writerows(rows)
    raw = text.getvalue().encode()
    cuts = list(cut_records(io.BytesIO(raw), width=2, chunk=chunk))
    read = list(csv.reader(io.StringIO(raw.decode(), newline=""), strict=True))
    assert [list(map(bytes.decode, cut.fields)) if cut.flaw is None else ["", ""] for cut in cuts] == read
    assert all(
        next(csv.reader(io.StringIO(raw[cut.byte_offset : cut.byte_offset + cut.byte_length].decode(), newline="")))
        == row
        for cut, row in zip(cuts, read, strict=True)
    )


@pytest.mark.parametrize(
    ("raw", "cuts"),
    [
        (b"", []),
        (b"a,b", [(0, 3, None)]),
        (b"a,b\n\nc,d\n", [(0, 3, None), (4, 0, Flaw.BLANK), (5, 3, None)]),
        (b"a,b\r\nc,d\ne,f\rg,h", [(0, 3, None), (5, 3, None), (9, 3, None), (13, 3, None)]),
        (b"a\na,b,c\n", [(0, 1, Flaw.RAGGED), (2, 5, Flaw.RAGGED)]),
        (b'a,"b\nc,d\n', [(0, 4, Flaw.UNCLOSED), (5, 3, None)]),
        (b'"a"x,b\nc,d', [(0, 6, Flaw.BROKEN_QUOTE), (7, 3, None)]),
        (b'"a\n"x,b\nc,d', [(0, 2, Flaw.BROKEN_QUOTE), (3, 4, Flaw.UNCLOSED), (8, 3, None)]),
        (b'a"b,c""d\n', [(0, 8, None)]),
        (b",\n", [(0, 1, Flaw.ALL_EMPTY)]),
        (b"a,b\n\x1a", [(0, 3, None), (4, 1, Flaw.END_MARK)]),
        (b"a,\xff\nc,d", [(0, 3, Flaw.BAD_TEXT), (4, 3, None)]),
        (b"a," + b"x" * 50 + b"\nc,d", [(0, 52, Flaw.TOO_LONG), (53, 3, None)]),
        (b"a," + b"x" * 500 + b"\nc,d", [(0, 502, Flaw.TOO_LONG), (503, 3, None)]),
    ],
)
def test_each_record_has_its_place_and_its_flaw(raw: bytes, cuts: list[tuple[int, int, Flaw | None]]) -> None:
    found = list(cut_records(io.BytesIO(raw), width=2, max_field=40, max_record=200))
    assert [(cut.byte_offset, cut.byte_length, cut.flaw) for cut in found] == cuts


def test_without_a_quote_character_quotes_are_text() -> None:
    assert list(cut_records(io.BytesIO(b'"a\tb"\n'), delimiter="\t", quote="", width=2)) == [
        Cut(1, 0, 5, (b'"a', b'b"'))
    ]

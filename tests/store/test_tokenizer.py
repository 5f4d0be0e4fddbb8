"""The compiled reader accounts for every file as the plain one does, wherever the chunks are cut."""

from __future__ import annotations

import io

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from finnet.model.delimited import cut_records
from finnet.store.tokenizer import tokenize, valid_utf8

Found = tuple[int, int, int, tuple[bytes, ...], int | None, int]
PIECES = st.sampled_from(
    [
        b"a",
        b"b,",
        b'"',
        b'""',
        b"\n",
        b"\r\n",
        b"\r",
        b",",
        "é".encode(),
        b"\xc3",
        b"xxxxx",
        b"\x1a",
        b"\x00",
        b'",',
        b',"',
    ]
)


@example(pieces=[b'"', b"a", b"\n", b'",', b',"'], width=1, limits=(4, 5), chunks=(1, 1))
@settings(max_examples=600, deadline=None)
@given(
    pieces=st.lists(PIECES, max_size=30),
    width=st.integers(1, 3),
    limits=st.sampled_from([(4, 5), (4, 12), (100, 5), (100, 6), (100, 12), (100, 1000)]),
    chunks=st.tuples(st.integers(1, 20), st.integers(1, 20)),
)
def test_both_readers_agree(pieces: list[bytes], width: int, limits: tuple[int, int], chunks: tuple[int, int]) -> None:
    raw = b"".join(pieces)
    plain = [
        (cut.record, cut.byte_offset, cut.byte_length, cut.fields, cut.flaw, cut.detail)
        for cut in cut_records(io.BytesIO(raw), width=width, max_field=limits[0], max_record=limits[1], chunk=chunks[0])
    ]
    assert _compiled(raw, width, limits, chunks[1]) == plain


@given(raw=st.binary(max_size=12))
def test_text_is_valid_where_python_says_so(raw: bytes) -> None:
    try:
        raw.decode()
    except UnicodeDecodeError:
        is_valid = False
    else:
        is_valid = True
    assert valid_utf8(np.frombuffer(raw, np.uint8), 0, len(raw)) == is_valid


def _compiled(raw: bytes, width: int, limits: tuple[int, int], chunk: int) -> list[Found]:
    found: list[Found] = []
    stream, at, left, record, final = io.BytesIO(raw), 0, b"", 0, False
    state = np.array([0, 0, 0, 0, 0, -1], np.int64)
    while not final:
        read = stream.read(chunk)
        final = len(read) < chunk
        text, start = np.frombuffer(left + read, np.uint8), 0
        while True:
            room = 3  # so that full outputs are met too
            offsets, data = np.empty((width, room + 1), np.int32), np.empty((width, len(text) + 1), np.uint8)
            valid, numbers = np.zeros((width, 1), np.uint8), np.empty((3, room), np.int64)
            flaws, scratch = np.empty((2, 5), np.int64), np.empty((2, width + 1), np.int64)
            tokenize(
                text, start, len(text), final, at, record, 44, 34, width, np.arange(width, dtype=np.int32), False,
                *limits, offsets, data, valid, numbers, flaws, scratch[0], scratch[1], state,
            )  # fmt: skip
            rows, flawed, record, start = (int(value) for value in state[:4])
            for row in range(rows):
                fields = tuple(data[k, offsets[k, row] : offsets[k, row + 1]].tobytes() for k in range(width))
                found.append((*(int(number) for number in numbers[:, row]), fields, None, -1))  # type: ignore[arg-type]
                assert [bool(valid[k, 0] >> row & 1) for k in range(width)] == [bool(field) for field in fields]
            found += [(r, o, n, (), kind, detail) for kind, r, o, n, detail in flaws[:flawed].tolist()]
            if not rows and not flawed:
                break
        left, at = text[start:].tobytes(), at + start
    return sorted(found)

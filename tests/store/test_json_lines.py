"""Lines that are taken apart say the same as the engine's own reader of JSON, and whatever is odd is left to it."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.model.scan import JsonKeys
from finnet.store.arrow_stream import Batch, TextColumn
from finnet.store.batches import text_column
from finnet.store.json_lines import taken_apart

KEYS = JsonKeys(needed=("id", "schema"), texts=("caption",), lists="properties")


def columns(*lines: bytes) -> list[list[bytes | None]]:
    batch = taken_apart(Batch(len(lines), [], [text_column(lines)]), KEYS)
    return [list(row) for row in zip(*(_values(text, len(lines)) for text in batch.texts), strict=True)]


def _values(text: TextColumn, rows: int) -> list[bytes | None]:
    held = np.unpackbits(text.valid, bitorder="little")
    return [
        text.data[text.offsets[row] : text.offsets[row + 1]].tobytes() if held[row] else None for row in range(rows)
    ]


def test_a_plain_line_gives_its_values_and_no_line() -> None:
    line = '{"id": "q1", "caption": "", "target": true, "n": [1, -2.50, null], "schema":"Person",\t"properties": '
    line += '{ "name" : [ "Ann Inventé" , "B, [c]: {d}" ] , "alias":[] } } \r\n'
    properties = '{"name":["Ann Inventé","B, [c]: {d}"],"alias":[]}'
    assert columns(line.encode()) == [[None, b"q1", b"Person", b"", properties.encode()]]


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b" \r\n",
        b"{",
        b"{}",
        b"[]",
        b'{"id":"a","schema":"Person"}',
        b'{"id":"a","properties":{}}',
        b'{"id":"","schema":"Person","properties":{}}',
        b'{"id":"a","schema":7,"properties":{}}',
        b'{"id":"a","schema":"Person","properties":null}',
        b'{"id":"a","schema":"Person","caption":null,"properties":{}}',
        b'{"id":"a","id":"b","schema":"Person","properties":{}}',
        b'{"id":"a\\u0041","schema":"Person","properties":{}}',
        b'{"id":"a\x01","schema":"Person","properties":{}}',
        b'{"id":"a","schema":"Person","properties":{}',
        b'{"id":"a","schema":"Person","properties":{}}}',
        b'{"id":"a","schema":"Person","properties":{},}',
        b'{"id":"a","schema":"Person","properties":{"name":"Ann"}}',
        b'{"id":"a","schema":"Person","properties":{"name":[1]}}',
        b'{"id":"a","schema":"Person","properties":{"name":["Ann",]}}',
        b'{"id":"a","schema":"Person","properties":{"name":["Ann"],}}',
        b'{"id":"a","schema":"Person","properties":{"name":[,"Ann"]}}',
        b'{"id":"a","schema":"Person","properties":{"name":["Ann" "Ben"]}}',
        b'{"id":"a","schema":"Person","properties":{"name":["Ann"] "alias":[]}}',
        b'{"id":"a","schema":"Person","properties":{"name"}}',
        b'{"id":"a","schema":"Person","properties":{},"n":01}',
        b'{"id":"a","schema":"Person","properties":{},"n":1.}',
        b'{"id":"a","schema":"Person","properties":{},"n":-}',
        b'{"id":"a","schema":"Person","properties":{},"n":NaN}',
        b'{"id":"a","schema":"Person","properties":{},"n":1e999}',
        b'{"id":"a","schema":"Person","properties":{},"n":nul}',
        b'{"id":"a","schema":"Person","properties":{},"n":[1,]}',
        b'{"id":"a","schema":"Person","properties":{},"n":{"deep":1}}',
        b'{"id":"a","schema":"Person","properties":{},"n":',
        b'{"id":"a","schema":"Person","properties":{},"n',
    ],
)
def test_an_odd_line_is_left_as_it_is(line: bytes) -> None:
    plain = b'{"id":"z","schema":"Person","properties":{}}'
    kept = [None, b"z", b"Person", None, b"{}"]
    assert columns(plain, line, plain) == [kept, [line, None, None, None, None], kept]


_VALUES = st.text(max_size=6) | st.integers(-9, 9) | st.booleans() | st.none()


@settings(max_examples=200, deadline=None)
@given(
    objects=st.lists(
        st.dictionaries(
            st.sampled_from(["id", "schema", "caption", "other"]), _VALUES | st.lists(_VALUES, max_size=2)
        ).flatmap(
            lambda said: st.dictionaries(
                st.text(max_size=4), st.lists(st.text(max_size=5), max_size=3), max_size=3
            ).map(lambda lists: {**said, "properties": lists})
        ),
        min_size=1,
        max_size=12,
    ),
    spaced=st.booleans(),
    cut=st.integers(0, 3),
)
def test_whatever_is_taken_apart_is_what_json_says(objects: list[dict[str, Any]], spaced: bool, cut: int) -> None:
    written = [json.dumps(one, ensure_ascii=False) if spaced else orjson.dumps(one).decode() for one in objects]
    lines = [line.encode()[: -cut or None] + b"\n" for line in written]
    for line, one, found in zip(lines, objects, columns(*lines), strict=True):
        if found[0] is not None:
            assert found == [line, None, None, None, None]
        else:
            assert orjson.loads(line) == one
            values = [one["id"], one["schema"], one.get("caption")]
            assert [None if value is None else value.decode() for value in found[1:4]] == values
            assert found[4] == orjson.dumps(one["properties"])

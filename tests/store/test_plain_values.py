"""What the fast reader makes of amounts and days is what the declared format makes of them, or nothing."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.model.dates import DateFormat
from finnet.model.money import AmountFormat
from finnet.model.refusal import Refusal
from finnet.model.scan import PlainDay
from finnet.store.batches import text_column
from finnet.store.plain_values import plain_amounts, plain_days

FORMATS = (
    AmountFormat(),
    AmountFormat(decimal=",", thousands="."),
    AmountFormat(thousands=","),
    AmountFormat(thousands="'", exponent=True),
)
LAYOUTS = ("iso", "%d.%m.%Y", "%m/%d/%Y", "%Y%m%d")


def _amounts(texts: list[str], how: AmountFormat) -> list[Decimal | None]:
    assert how.plain is not None
    read = plain_amounts(text_column([text.encode() for text in texts]), len(texts), how.plain)
    present = np.unpackbits(read.valid, bitorder="little", count=len(texts))
    return [Decimal(int(value)) / 10_000 if there else None for value, there in zip(read.values, present, strict=True)]


def _days(texts: list[str], how: DateFormat) -> list[str | None]:
    assert how.layout is not None
    read = plain_days(text_column([text.encode() for text in texts]), len(texts), PlainDay(how.layout))
    present = np.unpackbits(read.valid, bitorder="little", count=len(texts))
    ends = list(zip(read.offsets[:-1], read.offsets[1:], strict=True))
    return [bytes(read.data[a:b]).decode() if there else None for (a, b), there in zip(ends, present, strict=True)]


def _by_format(text: str, how: AmountFormat) -> Decimal | None:
    try:
        return how.read(text, "CLF")  # four decimals, as many as are kept
    except Refusal:
        return None


@settings(deadline=None)
@given(texts=st.lists(st.text("0123456789.,'-+eE ", max_size=22), max_size=20), how=st.sampled_from(FORMATS))
def test_a_plain_amount_is_what_its_format_reads(texts: list[str], how: AmountFormat) -> None:
    for text, amount in zip(texts, _amounts(texts, how), strict=True):
        assert amount is None or amount == _by_format(text, how), text


@settings(deadline=None)
@given(
    amounts=st.lists(
        st.decimals(Decimal(-(10**13)), Decimal(10**13), places=4, allow_nan=False, allow_infinity=False), max_size=20
    ),
    places=st.integers(0, 4),
)
def test_amounts_written_plainly_are_all_read(amounts: list[Decimal], places: int) -> None:
    shown = [f"{amount:,.{places}f}" for amount in amounts]
    read = [Decimal(text.replace(",", "")) for text in shown]
    assert _amounts(shown, AmountFormat(thousands=",")) == read
    assert _amounts([text.replace(",", "") for text in shown], AmountFormat()) == read


@pytest.mark.parametrize(
    "text",
    ["", "-", "--1", "1-", "+1", "1e5", "NaN", ".", "-.", "1.", "1.23456", "123456789012345", "1,23.00", "١٢", "1 000"],
)
def test_what_is_no_plain_amount_is_left_to_the_format(text: str) -> None:
    assert _amounts([text, "1,000.5"], AmountFormat(thousands=",")) == [None, Decimal("1000.5")]


@settings(deadline=None)
@given(
    day=st.dates(
        min_value=np.datetime64("1000-01-01").astype(object), max_value=np.datetime64("2999-12-31").astype(object)
    ),
    pattern=st.sampled_from(LAYOUTS),
)
def test_every_day_of_the_calendar_is_read(day, pattern: str) -> None:
    text = f"{day.year:04}-{day.month:02}-{day.day:02}"
    written = (
        text if pattern == "iso" else pattern.replace("%Y", text[:4]).replace("%m", text[5:7]).replace("%d", text[8:])
    )
    assert _days([written], DateFormat(pattern)) == [text]


@settings(deadline=None)
@given(
    texts=st.lists(st.from_regex(r"[0-9]{2,4}[-./]?[0-9]{2}[-./]?[0-9]{2,4}", fullmatch=True), max_size=20),
    pattern=st.sampled_from(LAYOUTS),
)
def test_a_plain_day_is_what_its_format_reads(texts: list[str], pattern: str) -> None:
    how = DateFormat(pattern)
    for text, day in zip(texts, _days(texts, how), strict=True):
        assert day is None or day == how.read(text), text


@pytest.mark.parametrize(
    "text", ["2021-02-29", "2019-02-30", "2019-13-01", "2019-00-10", "0000-00-00", "2019-1-01", "19-01-001"]
)
def test_a_day_that_does_not_exist_is_left_to_the_format(text: str) -> None:
    assert _days([text, "2020-02-29"], DateFormat("iso")) == [None, "2020-02-29"]


@pytest.mark.parametrize("pattern", ["%d %b %Y", "%-d.%-m.%Y", "%Y-%m", "%Y-%m-%d %H:%M", "Day %d %m %Y"])
def test_only_patterns_of_one_width_have_a_layout(pattern: str) -> None:
    assert DateFormat(pattern).layout is None

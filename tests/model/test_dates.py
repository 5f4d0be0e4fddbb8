"""Dates: only in the declared format, only if they exist; Python and the engine agree."""

from __future__ import annotations

import datetime

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.errors import MappingError
from finnet.model.dates import DateFormat, is_iso_date
from finnet.model.refusal import Refusal

FORMATS = [
    "iso", "%d.%m.%Y", "%m/%d/%Y", "%Y%m%d", "%b %d, %Y", "%d %B %Y", "%m/%Y", "%Y", "%d.%m.%Y %H:%M",
    "%m/%d/%Y %I:%M:%S %p", "%-d.%-m.%Y",
]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "text", "day"),
    [
        ("iso", "2019", "2019"),
        ("iso", "2019-03", "2019-03"),
        ("iso", "2019-03-05", "2019-03-05"),
        ("iso", "2021-02-16T21:48:52", "2021-02-16"),
        ("iso", "2021-02-16 21:48:52.123+09:00", "2021-02-16"),
        ("iso", "2020-02-29", "2020-02-29"),
        ("%d.%m.%Y", "05.03.2019", "2019-03-05"),
        ("%d.%m.%Y", "5.3.2019", "2019-03-05"),
        ("%b %d, %Y", "Jul 5, 2012", "2012-07-05"),
        ("%b %d, %Y", "JUL 05, 2012", "2012-07-05"),
        ("%d %B %Y", "5 march 2019", "2019-03-05"),
        ("%Y%m%d", "20190305", "2019-03-05"),
        ("%m/%Y", "3/2019", "2019-03"),
        ("%Y", "2019", "2019"),
        ("%d.%m.%Y %H:%M", "05.03.2019 23:59", "2019-03-05"),
    ],
)
def test_a_date_keeps_the_precision_it_was_given(form: str, text: str, day: str) -> None:
    assert DateFormat(form).read(text) == day
    assert _engine(form, text)[0] == day


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("iso", "2019-02-30"), ("iso", "2019-13"), ("iso", "2019-13-01"), ("iso", "0000-00-00"), ("iso", "1900-02-29"),
        ("iso", "05/03/2019"), ("iso", "2019-3-5"), ("iso", "20190305"), ("iso", "43529"), ("iso", "2019-03-05T25:00"),
        ("iso", "infinity"), ("iso", "today"), ("iso", "２０１９"), ("iso", " 2019"), ("iso", ""),
        ("%d.%m.%Y", "31.02.2019"), ("%d.%m.%Y", "03/04/2024"), ("%d.%m.%Y", "2019-03-05"), ("%d.%m.%Y", "5.3.19"),
        ("%d.%m.%Y", "05.03.2019 "), ("%m/%d/%Y", "13/04/2024"), ("%b %d, %Y", "Juli 5, 2012"),
        ("%Y%m%d", "2019035"), ("%d.%m.%Y %H:%M", "05.03.2019 24:00"), ("%m/%d/%Y %I:%M:%S %p", "3/5/2019 13:00:00 PM"),
    ],
)  # fmt: skip
def test_what_is_no_date_in_the_format_is_refused(form: str, text: str) -> None:
    with pytest.raises(Refusal) as caught:
        DateFormat(form).read(text)
    assert caught.value.code == "E1204"
    assert _engine(form, text) == (None, None)


def test_times_are_kept_as_written() -> None:
    assert DateFormat("iso").read_time("2021-02-16 21:48:52+09:00") == "2021-02-16T21:48:52+09:00"
    assert DateFormat("%m/%d/%Y %I:%M:%S %p").read_time("3/5/2019 12:00:01 AM") == "2019-03-05T00:00:01"
    assert _engine("%m/%d/%Y %I:%M:%S %p", "3/5/2019 12:00:01 AM")[1] == "2019-03-05T00:00:01"


@settings(max_examples=150, deadline=None)
@given(day=st.dates(datetime.date(1000, 1, 1), datetime.date(9999, 12, 31)), form=st.sampled_from(FORMATS))
def test_what_strftime_writes_is_read_again(day: datetime.date, form: str) -> None:
    moment = datetime.datetime(day.year, day.month, day.day, 21, 5, 9)
    written = day.isoformat() if form == "iso" else moment.strftime(form)
    expected = day.isoformat()[: {"%m/%Y": 7, "%Y": 4}.get(form, 10)]
    assert DateFormat(form).read(written) == expected
    assert _engine(form, written)[0] == expected


@settings(max_examples=300, deadline=None)
@given(text=st.text(alphabet="0123456789-./: TZJulmarch,", max_size=12), form=st.sampled_from([*FORMATS, "%d.%m.%y"]))
def test_python_and_the_engine_agree_on_every_text(text: str, form: str) -> None:
    try:
        read: str | None = DateFormat(form).read(text)
    except Refusal:
        read = None
    assert _engine(form, text)[0] == read


@pytest.mark.parametrize(
    "form", ["%d.%m.%y %Y", "%q", "%d.%Y", "%m", "%d.%m.%Y %I:%M", "%d.%m.%Y %d", "dd.mm.yyyy", "%j %Y"]
)
def test_a_format_that_gives_no_single_date_is_a_mistake_in_the_mapping(form: str) -> None:
    with pytest.raises(MappingError):
        DateFormat(form)


@pytest.mark.parametrize(
    ("text", "day"),
    [("28.02.19", "2019-02-28"), ("31.12.68", "2068-12-31"), ("1.1.69", "1969-01-01"), ("30.02.19", None)],
)
def test_years_of_two_digits_are_1969_to_2068_in_python_and_in_the_engine(text: str, day: str | None) -> None:
    assert _engine("%d.%m.%y", text)[0] == day
    if day is not None:
        assert DateFormat("%d.%m.%y").read(text) == day


def test_iso_dates_exist() -> None:
    assert [is_iso_date(text) for text in ("2019", "2019-02", "2019-02-28", "2019-02-29", "19")] == [True] * 3 + [
        False
    ] * 2


_connection = duckdb.connect()


def _engine(form: str, text: str) -> tuple[str | None, str | None]:
    declared = DateFormat(form)
    day, time = _connection.execute(
        f"select case when {declared.unread('c')} then null else {declared.day('c')} end, "
        f"case when {declared.unread('c')} then null else {declared.time('c')} end "
        "from (select cast($1 as varchar) as c)",
        [text],
    ).fetchall()[0]
    return day, time

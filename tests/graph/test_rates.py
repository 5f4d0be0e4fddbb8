"""Dated rate tables: which rate applies, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from finnet.errors import FinnetError, InputError
from finnet.graph.rates import RateTable

_TABLE = """date,currency,base,rate
2019-01-01,EUR,USD,1.10
2019-03-01,EUR,USD,1.20
2019-03-01,JPY,USD,0.009
"""


def _read(tmp_path: Path, text: str) -> RateTable:
    path = tmp_path / "rates.csv"
    path.write_text(text, encoding="utf-8")
    return RateTable.read(path)


@pytest.mark.parametrize(
    ("date", "rate"),
    [
        ("2019-01-01", "1.10"),
        ("2019-02-28", "1.10"),
        ("2019-03-01", "1.20"),
        ("2021-06-30", "1.20"),
        ("2019-02", "1.10"),
        ("2019-03", "1.20"),  # a month takes its own latest rate
        ("2019", "1.20"),
    ],
)
def test_the_latest_rate_on_or_before_the_date_applies(tmp_path: Path, date: str, rate: str) -> None:
    assert _read(tmp_path, _TABLE).rate("EUR", date) == Decimal(rate)


def test_the_base_needs_no_rate_and_no_date(tmp_path: Path) -> None:
    assert _read(tmp_path, _TABLE).convert(Decimal("1.25"), "USD", None) == Decimal("1.25")


@pytest.mark.parametrize(
    ("currency", "date"), [("EUR", "2018-12-31"), ("EUR", "2018"), ("JPY", "2019-02"), ("GBP", "2019-05-01")]
)
def test_a_missing_rate_names_currency_and_date(tmp_path: Path, currency: str, date: str) -> None:
    with pytest.raises(FinnetError, match=f"{currency}.*{date}") as caught:
        _read(tmp_path, _TABLE).rate(currency, date)
    assert caught.value.code == "E2002"


def test_a_payment_without_a_date_has_no_rate(tmp_path: Path) -> None:
    with pytest.raises(FinnetError, match="without a date"):
        _read(tmp_path, _TABLE).rate("EUR", None)


def test_results_are_rounded_half_to_even(tmp_path: Path) -> None:
    table = _read(tmp_path, "date,currency,base,rate\n2019-01-01,EUR,USD,0.5\n")
    # 0.05 · 0.5 = 0.025 and 0.07 · 0.5 = 0.035: both lie halfway, both go to the even cent.
    assert [table.convert(Decimal(text), "EUR", "2019-01-01") for text in ("0.05", "0.07", "-0.05")] == [
        Decimal("0.02"),
        Decimal("0.04"),
        Decimal("-0.02"),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("date,currency,rate\n", "line 1: the columns have to be date, currency, base, rate"),
        ("date,currency,base,rate\n01.03.2019,EUR,USD,1\n", "line 2: date '01.03.2019' is not a day"),
        ("date,currency,base,rate\n2021-02-30,EUR,USD,1\n", "line 2: date '2021-02-30' is not a day"),
        ("date,currency,base,rate\n2019-03,EUR,USD,1\n", "line 2: date '2019-03' is not a day"),
        ("date,currency,base,rate\n2019-03-01,EUR,USD,1e3\n", "line 2: rate '1e3' is not a number"),
        ("date,currency,base,rate\n2019-03-01,EUR,USD,0\n", "line 2: rate '0' is not a number"),
        ("date,currency,base,rate\n2019-03-01,EUR,USD,1\n2019-03-01,GBP,CHF,1\n", "line 3: a second base 'CHF'"),
        ("date,currency,base,rate\n2019-03-01,EUR,USD,1\n2019-03-01,EUR,USD,2\n", "line 3: a second, different rate"),
        ("date,currency,base,rate\n2019-03-01,EUR,USD\n", "line 2: 3 fields instead of 4"),
        ("date,currency,base,rate\n", "no rates in it"),
        ("date,currency,base,rate\n2019-03-01,USD,USD,1.1\n", "line 2: USD in USD is 1"),
    ],
)
def test_a_bad_table_is_refused_with_file_and_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        _read(tmp_path, text)
    assert says in str(caught.value)
    assert "rates.csv" in str(caught.value)

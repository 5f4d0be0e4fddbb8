"""Amounts: the same text gives the same amount, or the same refusal, in Python and in the engine."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.errors import MappingError
from finnet.model.currency import CURRENCIES
from finnet.model.money import AmountFormat, check_currency, digits_of, unknown_currency
from finnet.model.refusal import Refusal

PLAIN = AmountFormat()
GERMAN = AmountFormat(decimal=",", thousands=".")
ENGLISH = AmountFormat(thousands=",")
SWISS = AmountFormat(thousands="'")
SCIENTIFIC = AmountFormat(exponent=True)
EXCEL = AmountFormat(rounds=True)
FORMATS = {"plain": PLAIN, "german": GERMAN, "english": ENGLISH, "swiss": SWISS, "e": SCIENTIFIC, "excel": EXCEL}


@pytest.mark.parametrize(
    ("form", "text", "amount"),
    [
        ("plain", "1234.56", "1234.56"),
        ("plain", "-0.5", "-0.5"),
        ("plain", ".5", "0.5"),
        ("plain", "007", "7"),
        ("plain", "-0.00", "0"),
        ("plain", "10.5000", "10.5"),
        ("german", "1.234,56", "1234.56"),
        ("german", "1234,56", "1234.56"),
        ("german", "1.234", "1234"),
        ("english", "1,234,567.89", "1234567.89"),
        ("swiss", "1'234.50", "1234.5"),
        ("e", "5.689852347E7", "56898523.47"),
        ("e", "1.1623836125E8", "116238361.25"),
        ("e", "5000", "5000"),
        ("e", "1500e-2", "15"),
        ("e", "0.0E-5", "0"),
        ("excel", "12.345", "12.35"),
        ("excel", "-12.345", "-12.35"),
        ("excel", "0.30000000000000004", "0.3"),
    ],
)
def test_an_amount_in_its_format_is_read_exactly(form: str, text: str, amount: str) -> None:
    assert FORMATS[form].read(text, "USD") == Decimal(amount)
    assert _engine(FORMATS[form], text, "USD") == Decimal(amount)


# RELIABILITY's list of what people write, none of which is a number in the format 1234.56.
@pytest.mark.parametrize(
    "text",
    [
        "1.234,56", "1,234.56", "1 234,56", "1'234.56", "(12.50)", "12.50-", "12.50 CR", "١٢", "−5", "NaN", "inf",
        "-inf", "Infinity", "1e5", "1E400", "0x10", "1_000", "5.", ".", "-", "+5", "--5", "$5", "5 USD", "½", "１２",
        " 5", "5 ", "5\n", "1,5", "1.2.3", "", "null", "1\x00", "9" * 61, "①", "1.5e", "٣.١",
    ],
)  # fmt: skip
def test_what_is_not_in_the_format_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        PLAIN.read(text, "USD")
    assert caught.value.code == "E1203"
    assert _engine(PLAIN, text, "USD") == "E1203"


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("1.005", "USD"),
        ("1.5", "JPY"),
        ("1.2345", "KWD"),
        ("0.00001", "CLF"),
        ("100000000000000", "USD"),
        ("1234567890123456789012345", "USD"),
    ],
)
def test_more_digits_than_are_kept_are_refused_not_rounded(text: str, currency: str) -> None:
    with pytest.raises(Refusal) as caught:
        PLAIN.read(text, currency)
    assert caught.value.code == "E1207"
    assert _engine(PLAIN, text, currency) == "E1207"


def test_too_many_decimals_behind_an_exponent_are_refused() -> None:
    for text in ("1.2345E1", "1E-3", "12E-4", "1.23456789E5"):
        with pytest.raises(Refusal):
            SCIENTIFIC.read(text, "USD")
        assert _engine(SCIENTIFIC, text, "USD") == "E1207", text


_NUMERALS = st.text(alphabet="0123456789.,-' eE+", min_size=1, max_size=14)


@settings(max_examples=300, deadline=None)
@given(text=_NUMERALS, form=st.sampled_from(sorted(FORMATS)), currency=st.sampled_from(["USD", "JPY", "KWD", "CLF"]))
def test_python_and_the_engine_agree_on_every_text(text: str, form: str, currency: str) -> None:
    assert _engine(FORMATS[form], text, currency) == _python(FORMATS[form], text, currency)


@settings(max_examples=100, deadline=None)
@given(cents=st.integers(-(10**15), 10**15), form=st.sampled_from(["plain", "german", "english", "swiss"]))
def test_what_a_format_writes_it_reads_again(cents: int, form: str) -> None:
    chosen = FORMATS[form]
    written = f"{abs(cents) // 100:,}".replace(",", chosen.thousands) + f"{chosen.decimal}{abs(cents) % 100:02}"
    assert chosen.read("-" * (cents < 0) + written, "USD") == Decimal(cents).scaleb(-2)


def test_separators_that_cannot_be_told_apart_are_a_mistake_in_the_mapping() -> None:
    with pytest.raises(MappingError):
        AmountFormat(decimal=",", thousands=",")
    with pytest.raises(MappingError):
        AmountFormat(decimal=";")


def test_currencies_are_codes_of_iso_4217_in_capitals() -> None:
    assert check_currency("KPW") == "KPW"
    for text in ("usd", "US", "USDT", "XXX", "ABC", "€", ""):
        with pytest.raises(Refusal):
            check_currency(text)
    connection = duckdb.connect()
    for code in [*CURRENCIES, "usd", "ABC", "USDX"]:
        found = connection.execute(f"select {unknown_currency('c')}, {digits_of('c')} from (select $1 as c)", [code])
        unknown, digits = found.fetchall()[0]
        assert unknown == (code not in CURRENCIES)
        assert unknown or digits == CURRENCIES[code]
    connection.close()


def _python(form: AmountFormat, text: str, currency: str) -> Decimal | str:
    try:
        return form.read(text, currency)
    except Refusal as refusal:
        return refusal.code


_connection = duckdb.connect()


def _engine(form: AmountFormat, text: str, currency: str) -> Decimal | str:
    digits = str(CURRENCIES[currency])
    found = _connection.execute(
        f"select case when {form.unread('c')} then 'E1203' when {form.too_fine('c', digits)} then 'E1207' end, "
        f"case when {form.unread('c')} then null when {form.too_fine('c', digits)} then null "
        f"else {form.value('c', digits)} end from (select cast($1 as varchar) as c)",
        [text],
    ).fetchall()
    code, amount = found[0]
    return code or amount

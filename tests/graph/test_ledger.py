"""Payments in the order of time: what stands where, what is left out and said, whatever the row order."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finnet.errors import FinnetError, UsageError
from finnet.graph import payments
from finnet.graph.ledger import NO_DAY, Ledger
from finnet.graph.payments import ledger_of
from finnet.graph.rates import RateTable


def _legs(ledger: Ledger) -> list[tuple[str | None, str | None, Decimal, str]]:
    """Each leg in words: payer, beneficiary, amount, time."""
    name = (*ledger.ids, None)
    return [
        (name[payer], name[beneficiary], ledger.amount(minor), ledger.when(time))
        for payer, beneficiary, minor, time in zip(
            ledger.payer, ledger.beneficiary, ledger.minor, ledger.time, strict=True
        )
    ]


def test_payments_stand_in_the_order_of_their_days(memory_case: Any) -> None:
    memory_case.pay("b", "c", "2.50", booked_on="2019-03-05").pay("a", "b", "1", booked_on="2018-12-31")
    ledger = ledger_of(memory_case)
    assert _legs(ledger) == [
        ("a", "b", Decimal("1.00"), "2018-12-31"),
        ("b", "c", Decimal("2.50"), "2019-03-05"),
    ]
    assert (ledger.currency, ledger.scale, ledger.time_unit, list(ledger.payment_ids)) == (
        "USD",
        100,
        "days",
        ["p2", "p1"],
    )


def test_days_count_from_1970(memory_case: Any) -> None:
    memory_case.pay("a", "b", "1", booked_on="1969-12-31").pay("a", "b", "1", booked_on="2000-03-01")
    assert ledger_of(memory_case).time.tolist() == [-1, (date(2000, 3, 1) - date(1970, 1, 1)).days]


def test_equal_times_keep_the_order_of_the_file(memory_case: Any) -> None:
    for payer in "cabd":
        memory_case.pay(payer, "x", "1", booked_on="2019-01-01")
    ledger = ledger_of(memory_case)
    assert [ledger.ids[payer] for payer in ledger.payer] == ["c", "a", "b", "d"]
    assert ledger.shared_times == 4


def test_two_legs_of_one_payment_share_no_time_with_another(memory_case: Any) -> None:
    memory_case.pay("a", "b", "1", booked_on="2019-01-01", intermediary_id="bank")
    memory_case.pay("a", "b", "1", booked_on="2019-01-02")
    assert ledger_of(memory_case).shared_times == 0


def test_an_intermediary_receives_before_it_pays_on(memory_case: Any) -> None:
    memory_case.pay("z", "a", "7", booked_on="2019-01-01", intermediary_id="m")
    ledger = ledger_of(memory_case)
    assert [leg[:2] for leg in _legs(ledger)] == [("z", "m"), ("m", "a")]
    assert (ledger.leg.tolist(), list(ledger.payment_ids)) == ([0, 1], ["p1", "p1"])


def test_a_reversal_of_nothing_on_record_runs_back_through_its_intermediary(memory_case: Any) -> None:
    memory_case.pay("z", "a", "-7", booked_on="2019-01-01", intermediary_id="m")
    ledger = ledger_of(memory_case)
    assert [leg[:3] for leg in _legs(ledger)] == [("m", "a", Decimal("-7.00")), ("z", "m", Decimal("-7.00"))]
    assert [leg[:3] for leg in _legs(ledger.settled)] == [("a", "m", Decimal("7.00")), ("m", "z", Decimal("7.00"))]
    assert "1 payments are reversals (amounts below zero): they cancel earlier payments" in ledger.notes


def _moved(*payments: tuple[str, str, int, int]) -> list[tuple[str, str, int, int]]:
    ledger = Ledger.of(*payments).settled
    columns = zip(ledger.payer, ledger.beneficiary, ledger.minor // 100, ledger.time, strict=True)
    return [(ledger.ids[x], ledger.ids[y], int(amount), int(time)) for x, y, amount, time in columns]


def test_a_reversal_cancels_the_latest_earlier_payment_of_just_its_amount() -> None:
    rows = [("a", "b", 5, 1), ("a", "b", 5, 2), ("a", "b", 7, 3), ("a", "b", -5, 4), ("a", "b", 5, 5)]
    assert _moved(*rows) == [("a", "b", 5, 1), ("a", "b", 7, 3), ("a", "b", 5, 5)]


def test_else_it_cancels_the_latest_ones_as_far_as_it_reaches() -> None:
    assert _moved(("a", "b", 5, 1), ("a", "b", 4, 2), ("a", "b", -6, 3)) == [("a", "b", 3, 1)]


def test_what_no_earlier_payment_explains_is_a_payment_back() -> None:
    rows = [("a", "b", 5, 1), ("b", "a", 9, 1), ("a", "b", -8, 2), ("a", "b", 9, 3)]
    assert _moved(*rows) == [("b", "a", 9, 1), ("b", "a", 3, 2), ("a", "b", 9, 3)]


def test_a_reversal_through_an_intermediary_cancels_both_legs_of_that_way(memory_case: Any) -> None:
    memory_case.pay("z", "a", "7", booked_on="2019-01-01", intermediary_id="m")
    memory_case.pay("z", "b", "7", booked_on="2019-01-02", intermediary_id="m")
    memory_case.pay("z", "m", "7", booked_on="2019-01-03")
    memory_case.pay("z", "a", "-7", booked_on="2019-01-04", intermediary_id="m")
    assert [leg[:2] for leg in _legs(ledger_of(memory_case).settled)] == [("z", "m"), ("m", "b"), ("z", "m")]


@pytest.mark.parametrize("intermediary", ["a", "b"])
def test_an_intermediary_that_is_an_end_itself_makes_one_leg(memory_case: Any, intermediary: str) -> None:
    memory_case.pay("a", "b", "7", booked_on="2019-01-01", intermediary_id=intermediary)
    assert ledger_of(memory_case).size == 1


def test_a_payment_without_a_date_is_left_out_and_counted(memory_case: Any) -> None:
    memory_case.pay("a", "b", "1", booked_on="2019-01-01").pay("a", "b", "1", intermediary_id="m")
    ledger = ledger_of(memory_case)
    assert (ledger.size, ledger.undated) == (1, 1)
    assert ledger.notes == ("1 payments have no date and no place in time: they are left out",)


def test_a_month_stands_at_its_first_day_and_says_so(memory_case: Any) -> None:
    memory_case.pay("a", "b", "1", booked_on="2019-03").pay("a", "b", "1", booked_on="2019")
    ledger = ledger_of(memory_case)
    assert [ledger.when(time) for time in ledger.time] == ["2019-01-01", "2019-03-01"]
    assert ledger.notes == ("2 payments are dated to a month or a year: they stand at its first day",)


def test_a_period_stands_at_its_begin_and_says_so(memory_case: Any) -> None:
    memory_case.pay("a", "b", "1", booked_on="2019-03-01", booked_until="2019-03-31")
    assert ledger_of(memory_case).notes == ("1 payments cover a period: they stand at its first day",)


def test_times_of_day_order_a_day(memory_case: Any) -> None:
    memory_case.pay("b", "c", "1", booked_on="2019-03-01", booked_at="2019-03-01T12:30:00")
    memory_case.pay("a", "b", "1", booked_on="2019-03-01", booked_at="2019-03-01T08:00:00")
    memory_case.pay("x", "a", "1", booked_on="2019-03-01")
    ledger = ledger_of(memory_case)
    assert ledger.time_unit == "seconds"
    assert [leg[3] for leg in _legs(ledger)] == ["2019-03-01T00:00:00", "2019-03-01T08:00:00", "2019-03-01T12:30:00"]
    assert ledger.notes == ("1 payments have no time of day: they stand at the begin of their day",)


def test_an_integer_clock_orders_where_nothing_is_dated(memory_case: Any) -> None:
    memory_case.pay("b", "c", "1", step=12).pay("a", "b", "1", step=3)
    ledger = ledger_of(memory_case)
    assert (ledger.time_unit, ledger.time.tolist(), ledger.when(3)) == ("steps", [3, 12], "3")


def test_one_end_only_is_left_out_or_kept_as_unknown(memory_case: Any) -> None:
    memory_case.pay(None, "b", "1", booked_on="2019-01-01").pay("b", None, "1", booked_on="2019-01-02")
    assert ledger_of(memory_case).size == 0
    kept = ledger_of(memory_case, one_ended=True)
    assert [leg[:2] for leg in _legs(kept)] == [(None, "b"), ("b", None)]
    assert kept.notes == ("2 payments have one end only on record: the other is taken for outside",)


def test_accounts_can_stand_for_themselves(memory_case: Any) -> None:
    memory_case.pay("a", None, "1", booked_on="2019-01-01", payer_account="IBAN1", beneficiary_account="IBAN2")
    memory_case.pay("a", "b", "1", booked_on="2019-01-02")
    assert ledger_of(memory_case).ids == ("IBAN2", "a", "b")
    assert ledger_of(memory_case, by="account").ids == ("IBAN1", "IBAN2", "a", "b")


def test_several_currencies_exit_2_naming_them(memory_case: Any) -> None:
    memory_case.pay("a", "b", "1", booked_on="2019-01-01").pay("a", "b", "1", booked_on="2019-01-01", currency="EUR")
    with pytest.raises(UsageError, match=r"EUR \(1 payment\), USD \(1 payment\).*--currency EUR, or --rates") as raised:
        ledger_of(memory_case)
    assert (raised.value.exit_code, raised.value.code) == (2, "E2001")
    assert ledger_of(memory_case, currency="EUR").size == 1


def test_rates_convert_each_payment_by_its_day_and_undated_ones_need_none(memory_case: Any, tmp_path: Path) -> None:
    memory_case.pay("a", "b", "10", booked_on="2019-01-01", currency="EUR").pay("a", "b", "3", booked_on="2019-01-02")
    memory_case.pay("a", "b", "5", currency="EUR")
    path = tmp_path / "rates.csv"
    path.write_text("date,currency,base,rate\n2019-01-01,EUR,USD,1.1234\n", encoding="utf-8")
    ledger = ledger_of(memory_case, rates=RateTable.read(path))
    # 10 EUR at 1.1234 is 11.234 USD, to the cent 11.23.
    assert [leg[2] for leg in _legs(ledger)] == [Decimal("11.23"), Decimal("3.00")]


def test_amounts_finer_than_the_currency_stay_exact(memory_case: Any) -> None:
    memory_case.pay("a", "b", "0.0001", booked_on="2019-01-01").pay("a", "b", "2", booked_on="2019-01-01")
    ledger = ledger_of(memory_case)
    assert (ledger.minor.tolist(), ledger.scale) == ([1, 20_000], 10_000)


def test_amounts_that_no_sum_holds_are_refused(memory_case: Any) -> None:
    for _ in range(6):
        memory_case.pay("a", "b", "99999999999999.0001", booked_on="2019-01-01")
    with pytest.raises(FinnetError, match="more than can be counted exactly"):
        ledger_of(memory_case)


def test_as_of_and_grades_choose(memory_case: Any) -> None:
    memory_case.pay("a", "b", "1", booked_on="2019-01-01").pay("a", "b", "1", booked_on="2020-01-01")
    memory_case.pay("a", "b", "1", booked_on="2019-01-01", reliability="E")
    assert ledger_of(memory_case, as_of="2019").size == 2
    assert ledger_of(memory_case, min_grade="B2").size == 2


def test_a_case_without_payments_has_an_empty_ledger(memory_case: Any) -> None:
    ledger = ledger_of(memory_case)
    assert (ledger.size, ledger.ids, ledger.notes, ledger.shared_times, ledger.settled.size) == (0, (), (), 0, 0)


def test_parties_bring_what_is_known_of_them(memory_case: Any) -> None:
    memory_case.party("a", caption="Aurum", country="cy").pay("a", "b", "1", booked_on="2019-01-01")
    assert ledger_of(memory_case).vertices["caption"] == ["Aurum", "b"]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from("abcd"), min_size=2, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(new_case: Any, parties: list[str], chance: random.Random) -> None:
    rows = [
        {
            "payer": one, "beneficiary": parties[place - 1], "amount": str(place), "payment_id": f"p{place}",
            "record": place, "booked_on": f"2019-01-0{place % 3 + 1}", "intermediary_id": "m" if place % 2 else None,
        }
        for place, one in enumerate(parties)
    ]  # fmt: skip
    straight, shuffled = new_case(), new_case()
    for row in rows:
        straight.pay(**row)
    chance.shuffle(rows)
    for row in rows:
        shuffled.pay(**row)
    ours, theirs = ledger_of(straight), ledger_of(shuffled)
    for name in ("payer", "beneficiary", "minor", "time", "leg", "record"):
        assert np.array_equal(getattr(ours, name), getattr(theirs, name))
    assert ours.payment_ids == theirs.payment_ids


@pytest.mark.parametrize("files", [1, 2], ids=["one file", "two files with the same record numbers"])
def test_few_legs_of_a_large_ledger_are_called_what_they_are_called_in_a_small_one(
    new_case: Any, monkeypatch: pytest.MonkeyPatch, files: int
) -> None:
    case = new_case()
    for place in range(24):
        case.pay(
            "abcd"[place % 4], "dabc"[place % 4], "-3" if place % 7 == 6 else str(place + 1),
            booked_on=f"2019-01-0{place % 3 + 1}", intermediary_id="m" if place % 2 else None,
            record=place // files, dataset="xy"[place % 5 == 0], byte_offset=None if place == 3 else 100 * place,
        )  # fmt: skip
    small = ledger_of(case)
    monkeypatch.setattr(payments, "_EAGER", 10)
    large = ledger_of(case)
    assert [large.payer.tolist(), large.record.tolist()] == [small.payer.tolist(), small.record.tolist()]
    few = np.array([0, 5, 6, 7, 20, 30])
    again = large.taken(np.arange(0, large.size)).taken(few)
    for name in ("payment_id", "byte_offset"):
        expected = [small.payments[name][place] for place in few.tolist()]
        assert list(large.taken(few).payments[name]) == expected
        assert list(again.payments[name]) == expected
    assert list(large.payment_ids) == list(small.payment_ids)


def test_legs_taken_keep_ends_and_ids() -> None:
    ledger = Ledger.of(("a", "b", 1, 1), ("b", "c", 2, 2), ("c", "a", 3, 3))
    part = ledger.taken(np.array([0, 2]))
    assert (part.ids, part.payer.tolist(), part.payment_ids) == (("a", "b", "c"), [0, 2], ["p1", "p3"])


def test_times_that_run_backwards_are_refused() -> None:
    ledger = Ledger.of(("a", "b", 1, 1), ("b", "c", 2, 2))
    with pytest.raises(ValueError, match="times run backwards"):
        ledger.taken(np.array([1, 0]))


def test_the_fincen_files_count_as_adding_row_by_row(new_case: Any, shared_data: Path) -> None:
    import csv

    case, total, dated = new_case(), Decimal(0), 0
    with (shared_data / "fincen" / "download_transactions_map.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            amount = Decimal(row["amount_transactions"])
            has_day = bool(row["begin_date"])
            total, dated = total + amount * has_day, dated + has_day
            case.pay(
                row["originator_bank_id"], row["beneficiary_bank_id"], str(amount),
                booked_on=f"{row['begin_date'][-4:]}-01-01" if has_day else None,
            )  # fmt: skip
    ledger = ledger_of(case)
    assert (ledger.size, ledger.undated, ledger.amount(ledger.minor.sum())) == (dated, 4507 - dated, total)


_MINUTES = st.integers(-14 * 60 - 59, 14 * 60 + 59)
_INSTANTS = st.integers(-3_000_000_000, 4_000_000_000)  # milliseconds from 2019-03-31 on, five weeks each way


def _written(instant: int, minutes: int | None) -> str:
    """The instant as it is written where clocks are ``minutes`` ahead of UTC; None: in UTC, with a Z."""
    moment = datetime(2019, 3, 31, tzinfo=UTC) + timedelta(milliseconds=instant, minutes=minutes or 0)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}"
    if minutes is None:
        return f"{text}Z"
    hours, rest = divmod(abs(minutes), 60)
    return f"{text}{'-' if minutes < 0 else '+'}{hours:02}{':' if minutes % 2 else ''}{rest:02}"


@given(
    st.lists(st.tuples(_INSTANTS, st.one_of(st.none(), _MINUTES)), min_size=1, max_size=12, unique_by=lambda x: x[0])
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_payments_stand_in_the_order_of_instants_wherever_their_clocks_are(
    memory_case: Any, stated: list[tuple[int, int | None]]
) -> None:
    case = type(memory_case)()  # another one for each example
    for instant, minutes in stated:
        text = _written(instant, minutes)
        case.pay("a", "b", "1", booked_on=text[:10], booked_at=text, payment_id=str(instant))
    ledger = ledger_of(case)
    assert [int(label) for label in ledger.payment_ids] == sorted(instant for instant, _ in stated)
    epoch = datetime(2019, 3, 31, tzinfo=UTC)
    assert [ledger.when(time) for time in ledger.time] == [
        (epoch + timedelta(milliseconds=instant)).strftime("%Y-%m-%dT%H:%M:%S") for instant, _ in sorted(stated)
    ]


def test_a_time_with_an_offset_is_that_instant_and_its_day_stays_as_written(memory_case: Any) -> None:
    # 00:30 in Helsinki is 22:30 of the day before in UTC, and so before 23:00 in London.
    memory_case.pay("b", "c", "1", booked_on="2019-02-28", booked_at="2019-02-28T23:00:00Z", record=1)
    memory_case.pay("a", "b", "1", booked_on="2019-03-01", booked_at="2019-03-01T00:30:00+02:00", record=2)
    ledger = ledger_of(memory_case)
    assert [leg[3] for leg in _legs(ledger)] == ["2019-02-28T22:30:00", "2019-02-28T23:00:00"]
    assert ledger.notes == ("2 payments have a time with its offset from UTC: they stand at that instant, in UTC",)
    assert ledger_of(memory_case, as_of="2019-02-28").size == 1
    written = [(date(2019, month, day) - date(1970, 1, 1)).days for month, day in ((3, 1), (2, 28))]
    assert ledger.day.tolist() == written
    assert ledger.taken(np.array([1])).day.tolist() == written[1:]


def test_sums_periods_and_months_have_no_day(memory_case: Any) -> None:
    memory_case.pay("a", "b", "1", booked_on="2019-03-05", record=1)
    memory_case.pay("a", "b", "1", booked_on="2019-03-06", count=3, record=2)
    memory_case.pay("a", "b", "1", booked_on="2019-03-07", booked_until="2019-03-08", record=3)
    memory_case.pay("a", "b", "1", booked_on="2019-04", record=4)
    day = (date(2019, 3, 5) - date(1970, 1, 1)).days
    assert ledger_of(memory_case).day.tolist() == [day, NO_DAY, NO_DAY, NO_DAY]


def test_times_with_and_without_an_offset_are_told_apart(memory_case: Any) -> None:
    memory_case.pay("a", "b", "1", booked_on="2019-03-01", booked_at="2019-03-01T09:00:00")
    memory_case.pay("b", "c", "1", booked_on="2019-03-01", booked_at="2019-03-01T10:00:00+02:00")
    notes = ledger_of(memory_case).notes
    assert "1 payments have a time with its offset from UTC: they stand at that instant, in UTC" in notes
    assert any(note.startswith("1 payments have a time without an offset, taken as it is written") for note in notes)

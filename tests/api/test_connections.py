"""path: what the records behind each step say, and that a cut among them is told."""

from __future__ import annotations

import runpy
from pathlib import Path

import finnet

make_case = runpy.run_path(str(Path(__file__).with_name("small_case.py")))["make_case"]


def test_a_step_of_money_says_the_sum_of_each_payment_in_its_currency(tmp_path):
    parties = {"a": "cn", "b": "sg", "c": "my"}
    paid = [("a", "b", 100, "USD"), ("a", "b", 7, "JPY"), ("b", "c", 5, "EUR")]
    with finnet.open_case(make_case(tmp_path, parties=parties, payments=paid)) as case:
        answer = finnet.path(case, "a", "c")
    told = sorted((row["step"], row["class"], row["role"]) for row in answer.rows)
    assert told == [(1, "money", "100.00 USD"), (1, "money", "7 JPY"), (2, "money", "5.00 EUR")]
    assert answer.notes == ()


def test_a_step_with_more_than_five_records_says_that_it_is_cut(tmp_path):
    paid = [("a", "b", number, "USD") for number in range(1, 8)]
    with finnet.open_case(make_case(tmp_path, parties={"a": "cn", "b": "sg"}, payments=paid)) as case:
        answer = finnet.path(case, "a", "b")
    assert len(answer.rows) == 5
    assert answer.notes == ("of a tie with more records the first 5 are shown, each way",)

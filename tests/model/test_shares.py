"""Shares as written, read into parts per million."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finnet.model.refusal import Refusal
from finnet.model.shares import ShareUnit, read_share


@pytest.mark.parametrize(
    ("text", "unit", "share"),
    [
        ("50%", None, (500_000, 500_000)),
        ("50", None, (500_000, 500_000)),
        ("33.3333 %", None, (333_333, 333_333)),
        ("0.5%", None, (5_000, 5_000)),
        ("0", None, (0, 0)),
        ("100", None, (1_000_000, 1_000_000)),
        ("25-50", None, (250_000, 500_000)),
        ("25–50 %", None, (250_000, 500_000)),
        ("25% to 50%", None, (250_000, 500_000)),
        ("0.5-5", None, (5_000, 50_000)),
        (">75", None, (750_001, 1_000_000)),
        ("more than 25 percent", None, (250_001, 1_000_000)),
        ("75+", None, (750_000, 1_000_000)),
        (">=75", None, (750_000, 1_000_000)),
        ("up to 5%", None, (0, 50_000)),
        ("<5%", None, (0, 49_999)),
        ("12,5", None, (125_000, 125_000)),
        ("0.5", "fraction", (500_000, 500_000)),
        ("1", "fraction", (1_000_000, 1_000_000)),
        ("0.25-0.5", "fraction", (250_000, 500_000)),
        ("0.5", "percent", (5_000, 5_000)),
        ("50%", "fraction", (500_000, 500_000)),
    ],
)
def test_a_share_is_an_interval(text: str, unit: ShareUnit | None, share: tuple[int, int]) -> None:
    assert read_share(text, unit) == share


@pytest.mark.parametrize(
    "text", ["0.5", "1", "0.25-0.5", "101", "150%", "50-25", "half", "", "-5", "25--50", "NaN", "50%%"]
)
def test_what_is_ambiguous_or_no_share_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_share(text)
    assert caught.value.code == "E1208"


@given(ppm=st.integers(0, 1_000_000))
def test_every_percentage_to_four_decimals_is_exact(ppm: int) -> None:
    assert read_share(f"{ppm // 10_000}.{ppm % 10_000:04}%") == (ppm, ppm)

"""Reporting thresholds as data: from which amount a payment has to be reported, where, by which text."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Threshold", "load_thresholds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """``amount`` is in whole units of ``currency``; ``jurisdiction`` a country code in lower case, or eu."""

    jurisdiction: str
    currency: str
    amount: int
    source: str

    @property
    def words(self) -> str:
        """As a reader says it: "10,000 USD (us)"."""
        return f"{self.amount:,} {self.currency} ({self.jurisdiction})"


def load_thresholds() -> tuple[Threshold, ...]:
    """Those of ``reporting_thresholds.toml``, by currency and jurisdiction.

    >>> [threshold.words for threshold in load_thresholds() if threshold.currency == "USD"]
    ['10,000 USD (us)']
    """
    text = Path(__file__).with_name("reporting_thresholds.toml").read_text(encoding="utf-8")
    rows = [Threshold(**row) for row in tomllib.loads(text)["threshold"]]
    return tuple(sorted(rows, key=lambda row: (row.currency, row.jurisdiction, row.amount)))

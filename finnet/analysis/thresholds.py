"""Reporting thresholds as data: from which amount a payment has to be reported, where, by which text."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Threshold", "load_thresholds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """``amount`` is in whole units of ``currency``; ``jurisdiction`` a country code in lower case, or eu.

    What is reported is the amount ``or more``, or only ``above`` it; ``what`` says of which payments, ``source`` by
    which text, ``checked`` where that was read; None: nowhere, the row is from memory. ``since`` is the first day
    (None: of all that is recorded). A threshold in a ``foreign`` currency counts for those alone whose country is on
    record; one on payments ``abroad`` not for those between two ends that both are.
    """

    jurisdiction: str
    currency: str
    amount: int
    what: str
    source: str
    checked: str | None = None
    above: bool = False
    since: str | None = None
    foreign: bool = False
    abroad: bool = False

    def reported_from(self, scale: int) -> int:
        """The smallest amount that is reported, in minor units, of which ``scale`` make one unit."""
        return self.amount * scale + self.above

    @property
    def words(self) -> str:
        """As a reader says it: "more than 10,000 USD (us)"."""
        amount = f"{self.amount:,} {self.currency}"
        return f"more than {amount} ({self.jurisdiction})" if self.above else f"{amount} or more ({self.jurisdiction})"


def load_thresholds() -> tuple[Threshold, ...]:
    """Those of ``reporting_thresholds.toml``, by currency and jurisdiction.

    >>> [threshold.words for threshold in load_thresholds() if threshold.currency == "USD"]
    ['more than 10,000 USD (us)']
    """
    text = Path(__file__).with_name("reporting_thresholds.toml").read_text(encoding="utf-8")
    rows = [Threshold(**row) for row in tomllib.loads(text)["threshold"]]
    return tuple(sorted(rows, key=lambda row: (row.currency, row.jurisdiction, row.amount)))

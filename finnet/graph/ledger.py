"""Payments in the order of time, in arrays: what tracing, patterns and flows through time take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from finnet.graph.network import Column, IntArray, LazyColumns, taken
from finnet.graph.reversals import settled
from finnet.model.currency import minor_digits

__all__ = ["NO_DAY", "UNKNOWN", "BoolArray", "Ledger", "TimeUnit"]

BoolArray = NDArray[np.bool_]
TimeUnit = Literal["days", "seconds", "steps"]

# The number of an end that no record names.
UNKNOWN = -1
# The day of what is no single payment of one day.
NO_DAY = -(2**31)

_EPOCH = date(1970, 1, 1)
_DAY = 86_400  # seconds


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """Legs of payments in one currency, sorted by time, then data set, record, payment id and leg.

    A payment is one leg; one through an intermediary is two legs of the same time, payer to intermediary and on to the
    beneficiary. ``payer`` and ``beneficiary`` are vertex numbers (vertex i is ``ids[i]``; ids are sorted), or UNKNOWN
    where the record names nobody and the ledger was asked to keep those. ``minor`` is the amount in minor units,
    ``scale`` of which make one unit of ``currency``; a reversal's is negative (``settled`` is without). ``time`` is
    days or seconds since 1970-01-01, or the steps of an integer clock, as ``time_unit`` says. ``leg`` is 1 on the way
    from an intermediary, else 0.

    ``day`` is the day that the record gives, in days since 1970-01-01 (the step on an integer clock): half past
    midnight in Riga is that day, though in UTC still the day before. It is NO_DAY where a record adds several payments
    up, covers a period, or names no day. ``days`` has these where ``time`` does not give them.

    ``dataset`` (a number into ``datasets``) and ``record`` say where a leg is stated; ``payments`` has payment_id and
    byte_offset (None where the file has none), ``vertices`` what a case knows of the ends: both may be read only when
    first asked for, while the case is open. ``undated`` payments have no place in time and are in no leg.

    >>> ledger = Ledger.of(("Mule", "Shell", 190, "2019-03-02"), ("Acme", "Mule", 200, "2019-03-01"), currency="EUR")
    >>> ledger.ids, ledger.payer.tolist(), ledger.minor.tolist(), ledger.when(ledger.time[0])
    (('Acme', 'Mule', 'Shell'), [0, 1], [20000, 19000], '2019-03-01')

    Raises: ValueError if columns differ in length, an end is nowhere, or times run backwards.
    """

    ids: tuple[str, ...]
    payer: IntArray
    beneficiary: IntArray
    minor: IntArray
    time: IntArray
    leg: IntArray
    dataset: IntArray
    record: IntArray
    currency: str
    scale: int = 100
    time_unit: TimeUnit = "days"
    datasets: tuple[str, ...] = ()
    payments: Mapping[str, Column] = field(default_factory=dict)
    vertices: Mapping[str, Column] = field(default_factory=dict)
    undated: int = 0
    choices: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    days: IntArray | None = None

    def __post_init__(self) -> None:
        columns = [self.payer, self.beneficiary, self.minor, self.time, self.leg, self.dataset, self.record]
        columns += [] if self.days is None else [self.days]
        if len({len(column) for column in columns}) > 1:
            raise ValueError(f"columns of different lengths: {[len(column) for column in columns]}")
        if self.size:
            ends = min(self.payer.min(), self.beneficiary.min()), max(self.payer.max(), self.beneficiary.max())
            if ends[0] < UNKNOWN or ends[1] >= len(self.ids):
                raise ValueError(f"a payment ends at a vertex that is not there: there are {len(self.ids)}")
            if np.any(self.time[1:] < self.time[:-1]):
                raise ValueError("times run backwards")

    @classmethod
    def of(
        cls, *payments: tuple[str | None, str | None, str | int | Decimal, str | int], currency: str = "USD"
    ) -> Ledger:
        """A small ledger from tuples (payer, beneficiary, amount, time), for examples and tests; None is nobody named.

        Times are ISO days or, all of them, integers: steps. Equal times keep the order given.
        """
        digits = minor_digits(currency)
        ids = tuple(
            sorted({end for payer, beneficiary, *_ in payments for end in (payer, beneficiary) if end is not None})
        )
        number: dict[str | None, int] = {None: UNKNOWN, **{label: place for place, label in enumerate(ids)}}
        is_dated = any(isinstance(time, str) for *_, time in payments)
        times = [(date.fromisoformat(str(time)) - _EPOCH).days if is_dated else int(time) for *_, time in payments]
        order = np.argsort(np.array(times, np.int64), kind="stable")
        nothing = np.zeros(len(payments), np.int64)
        return cls(
            ids=ids,
            payer=np.array([number[payer] for payer, *_ in payments], np.int64)[order],
            beneficiary=np.array([number[beneficiary] for _, beneficiary, *_ in payments], np.int64)[order],
            minor=np.array([int(Decimal(amount).scaleb(digits)) for *_, amount, _ in payments], np.int64)[order],
            time=np.array(times, np.int64)[order],
            leg=nothing,
            dataset=nothing,
            record=order + 1,
            currency=currency,
            scale=10**digits,
            time_unit="days" if is_dated else "steps",
            datasets=("example",),
            payments={
                "payment_id": [f"p{place + 1}" for place in order.tolist()],
                "byte_offset": [None] * len(payments),
            },
        )

    @property
    def size(self) -> int:
        """How many legs."""
        return len(self.payer)

    @cached_property
    def number(self) -> dict[str, int]:
        """Vertex number by id."""
        return {label: place for place, label in enumerate(self.ids)}

    @property
    def payment_ids(self) -> Column:
        """The id of each leg's payment: two legs of one payment have the same."""
        return self.payments["payment_id"]

    @property
    def day(self) -> IntArray:
        """The day of each leg as its record gives it; the step where an integer clock orders them."""
        if self.days is not None:
            return self.days
        return self.time // _DAY if self.time_unit == "seconds" else self.time

    @cached_property
    def shared_times(self) -> int:
        """How many payments have the time of another: only the order in the file says which of them came first."""
        if self.size == 0:
            return 0
        starts = np.flatnonzero(np.concatenate([[True], self.time[1:] != self.time[:-1]]))
        payments = np.add.reduceat((self.leg == 0).astype(np.int64), starts)
        return int(payments[payments > 1].sum())

    def amount(self, minor: int) -> Decimal:
        """A number of minor units as an exact amount in ``currency``.

        >>> Ledger.of(currency="EUR").amount(1999)
        Decimal('19.99')
        """
        return (Decimal(int(minor)) / self.scale).quantize(Decimal(1) / self.scale)

    def when(self, time: int) -> str:
        """A time as text: an ISO day, an ISO day with the time of day, or the number of the step.

        >>> Ledger.of(("a", "b", 1, 7)).when(7)
        '7'
        """
        if self.time_unit == "steps":
            return str(int(time))
        if self.time_unit == "days":
            return (_EPOCH + timedelta(days=int(time))).isoformat()
        return datetime.fromtimestamp(int(time), UTC).replace(tzinfo=None).isoformat()

    def taken(self, places: IntArray) -> Ledger:
        """The legs at these places, which have to ascend; ends keep their numbers."""
        payments = self.payments
        return replace(
            self,
            **{name: getattr(self, name)[places] for name in _ARRAYS},
            payments=payments.taken(places)
            if isinstance(payments, LazyColumns)
            else {name: taken(column, places) for name, column in payments.items()},
            days=None if self.days is None else self.days[places],
        )

    @cached_property
    def goes_on(self) -> BoolArray:
        """Which legs belong to the payment of the leg before them."""
        later = np.zeros(self.size, bool)
        back = self.minor[1:] < 0  # a reversal's second leg stands first
        later[1:] = (
            (self.leg[1:] != self.leg[:-1])
            & (self.record[1:] == self.record[:-1])
            & (self.dataset[1:] == self.dataset[:-1])
            & (self.time[1:] == self.time[:-1])
            & (
                np.where(back, self.payer[:-1], self.payer[1:])
                == np.where(back, self.beneficiary[1:], self.beneficiary[:-1])
            )
        )
        return later

    @cached_property
    def settled(self) -> Ledger:
        """What moved, every amount above zero: reversals cancel what they reverse (finnet.graph.reversals).

        >>> Ledger.of(("Acme", "Mule", 200, 1), ("Acme", "Mule", -50, 2)).settled.minor.tolist()
        [15000]
        """
        return settled(self)


_ARRAYS = ("payer", "beneficiary", "minor", "time", "leg", "dataset", "record")

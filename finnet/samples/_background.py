"""The innocent payments of the sample: many, large, and never on a way from a seed to an exit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from finnet.samples._calendar import DAYS
from finnet.samples._dice import Dice, Integers

__all__ = ["BANKS", "Background", "make_background"]

BANKS = ("ch-bank-1", "ch-bank-2", "ch-bank-3")

# Who pays whom. Customers are never paid by anybody but customers and suppliers pay nobody but suppliers: a payment of
# either lies on no way from a seed to an exit, however it runs through banks, shells and brokers in between.
_CUSTOMER_TO_SUPPLIER_BY_BANK, _CUSTOMER_TO_SUPPLIER, _CUSTOMERS, _SUPPLIERS, _INTO_CORE, _OUT_OF_CORE = range(6)
_KIND_WEIGHTS = (57, 12, 8, 10, 7, 6)
_BANK_WEIGHTS = (50, 30, 20)
_CURRENCY_WEIGHTS = (50, 30, 20)
_DECADE_WEIGHTS = (30, 35, 27, 8)  # amounts of hundreds, thousands, ten thousands, hundred thousands
_CENTS_OF_DECADE = (1_000, 10_000, 100_000, 1_000_000)  # to be multiplied by 10.00 to 99.99


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """Payments as columns: places in ``names`` (-1: no intermediary), cents, places in CURRENCIES, days."""

    names: tuple[str, ...]
    payer: Integers
    intermediary: Integers
    beneficiary: Integers
    amount: Integers
    currency: Integers
    day: Integers


def make_background(
    customers: Sequence[str], suppliers: Sequence[str], core: Sequence[str], dice: Dice, count: int
) -> Background:
    """``count`` payments. A few customers and suppliers have most of them, as a few banks have."""
    names = (*customers, *suppliers, *core, *BANKS)
    kind = dice.weighted(_KIND_WEIGHTS, count)
    first_supplier, first_core = len(customers), len(customers) + len(suppliers)
    first_bank = first_core + len(core)
    customer, other_customer = (_popular(dice, len(customers), count) for _ in range(2))
    supplier, other_supplier = (first_supplier + _popular(dice, len(suppliers), count) for _ in range(2))
    insider = first_core + dice.below(len(core), count)
    payer = np.select([kind == _SUPPLIERS, kind == _OUT_OF_CORE], [supplier, insider], customer)
    beneficiary = np.select([kind == _CUSTOMERS, kind == _INTO_CORE], [other_customer, insider], other_supplier)
    # Nobody pays himself: the next in line instead.
    beneficiary = np.where(
        beneficiary == payer,
        np.where(
            kind == _CUSTOMERS,
            (payer + 1) % len(customers),
            first_supplier + (payer + 1 - first_supplier) % len(suppliers),
        ),
        beneficiary,
    )
    bank = first_bank + dice.weighted(_BANK_WEIGHTS, count)
    scale = np.array(_CENTS_OF_DECADE, np.int64)[dice.weighted(_DECADE_WEIGHTS, count)]
    return Background(
        names=names,
        payer=payer,
        intermediary=np.where(kind == _CUSTOMER_TO_SUPPLIER_BY_BANK, bank, -1),
        beneficiary=beneficiary,
        amount=scale * (1_000 + dice.below(9_000, count)) // 100,
        currency=dice.weighted(_CURRENCY_WEIGHTS, count),
        day=dice.below(DAYS, count),
    )


def _popular(dice: Dice, size: int, count: int) -> Integers:
    """Places below ``size``, the first ones more often: place i about in proportion to 1 / (i + 20)."""
    return dice.weighted(1_000_000 // (np.arange(size, dtype=np.int64) + 20), count)

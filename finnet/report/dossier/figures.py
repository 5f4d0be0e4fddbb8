"""Figures of an answer in words, read back from the text that JSON keeps exact numbers as."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from finnet.report.render import cell_text

__all__ = ["FIGURES", "figure", "number", "percent"]

# Columns and parts of summaries that hold exact numbers; JSON keeps those as text.
FIGURES = frozenset(
    {
        "after", "amount", "at_once", "before", "bite", "bound", "collateral", "cumulative", "lasting",
        "leverage_kept", "limit", "received", "remaining", "score", "sent", "snap_back", "tainted", "total", "value",
    }
)  # fmt: skip


def figure(value: Decimal | None, unit: str) -> str:
    """A value with its unit; cents are kept, a float's ``.0`` is not.

    >>> figure(Decimal("1234567.50"), "USD"), figure(Decimal("3414.0"), ""), figure(None, "USD")
    ('1,234,567.50 USD', '3,414', 'no figure')
    """
    if value is None:
        return "no figure"
    if value.as_tuple().exponent == -1 and value == value.to_integral_value():
        value = value.quantize(Decimal(1))  # a float's .0; cents are kept
    text = cell_text(value) if value == value.to_integral_value() or abs(value) >= 1 else f"{value:.4g}"
    return f"{text} {unit}".strip() if unit else text


def percent(share: float) -> str:
    """A share of one as a percentage with one decimal."""
    return f"{share * 100:.1f} %"


def number(value: object) -> Decimal | None:
    """What JSON holds as text or number; None for anything else."""
    if value is None or isinstance(value, bool):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None

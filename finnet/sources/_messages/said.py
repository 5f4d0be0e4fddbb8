"""What a message says beside the columns of a payment, as its properties."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from finnet.model.statement import Properties

__all__ = ["stated"]


def stated(**said: Iterable[str | None]) -> Properties:
    """The properties that have a value, sorted by name.

    >>> dict(stated(reference=["R1", None], note=[""]))
    {'reference': ('R1',)}
    """
    kept = {name: tuple(value for value in values if value) for name, values in sorted(said.items())}
    return MappingProxyType({name: values for name, values in kept.items() if values})

"""Loops that take long, told to whoever listens: the command line does, a notebook need not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

__all__ = ["Listener", "listening", "watched"]

Item = TypeVar("Item")

# What is counted, how many of them are done, how many there are.
Listener = Callable[[str, int, int], None]

_LISTENER: ContextVar[Listener | None] = ContextVar("listener", default=None)


def watched(items: Sequence[Item], what: str) -> Iterator[Item]:
    """The items, one by one; after each the listener, if there is one, is told how many are done.

    >>> with listening(lambda what, done, of: print(what, done, "of", of)):
    ...     numbers = list(watched([5, 6], "worlds"))
    worlds 1 of 2
    worlds 2 of 2
    """
    listener = _LISTENER.get()
    for done, item in enumerate(items, 1):
        yield item
        if listener is not None:
            listener(what, done, len(items))


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Within this, ``listener`` is told."""
    token = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(token)

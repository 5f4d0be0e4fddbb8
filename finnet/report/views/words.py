"""Untrusted texts on their way into a page: made visible, cut to a length, each stored once."""

from __future__ import annotations

from collections.abc import Iterable

from finnet.text import visible

__all__ = ["LONGEST", "Words", "shown"]

LONGEST = 2000


def shown(value: object) -> str:
    """Untrusted text as it may stand on a page: nothing invisible, and no more than ``LONGEST`` characters of it."""
    text = str(value)
    if len(text) <= LONGEST:
        return visible(text)
    return f"{visible(text[:LONGEST])}… ({len(text):,} characters)"


class Words:
    """Texts that many parties share, each stored once and named by its number; None is -1."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._place: dict[str, int] = {}

    def number(self, value: object) -> int:
        """The number of a text; -1 for None and for nothing."""
        if value is None or value == "":
            return -1
        text = shown(value)
        if text not in self._place:
            self._place[text] = len(self.all)
            self.all.append(text)
        return self._place[text]

    def numbers(self, values: Iterable[object] | None) -> list[int]:
        """The numbers of several texts, in their order."""
        return [self.number(value) for value in values or ()]

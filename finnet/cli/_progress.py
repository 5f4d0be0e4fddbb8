"""How far a long computation is, on stderr: a line that moves on a terminal, one line every half minute elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TextIO

from finnet.progress import listening

__all__ = ["progress_shown"]

_SILENT = 2.0  # seconds: what is over sooner needs no word
_MOVES = 0.2  # seconds between two moves of the line
_LINES = 30.0  # seconds between two lines where nobody watches


@contextmanager
def progress_shown(
    *, quiet: bool, stream: TextIO | None = None, clock: Callable[[], float] = monotonic
) -> Iterator[None]:
    """Within this, loops that take more than two seconds say how far they are and how long it may still take."""
    if quiet:
        yield
        return
    shown = _Shown(sys.stderr if stream is None else stream, clock)
    try:
        with listening(shown):
            yield
    finally:
        shown.wipe()


class _Shown:
    def __init__(self, stream: TextIO, clock: Callable[[], float]) -> None:
        self.stream, self.clock = stream, clock
        self.moving = stream.isatty()
        self.what, self.started, self.said, self.width = "", 0.0, 0.0, 0

    def __call__(self, what: str, done: int, of: int) -> None:
        now = self.clock()
        if what != self.what or done <= 1:
            # The first one is over already: how long it took is not known, and it is one of many.
            self.what, self.started, self.said = what, now, now
            return
        passed = now - self.started
        if passed < _SILENT or now - self.said < (_MOVES if self.moving else _LINES):
            return
        self.said = now
        left = passed / (done - 1) * (of - done)
        text = f"finnet: {done:,} of {of:,} {what}, {_time(left)} left"
        if self.moving:
            self.stream.write(f"\r{text.ljust(self.width)}")
            self.width = len(text)
        else:
            self.stream.write(f"{text}\n")
        self.stream.flush()

    def wipe(self) -> None:
        if self.width:
            self.stream.write(f"\r{' ' * self.width}\r")
            self.stream.flush()


def _time(seconds: float) -> str:
    """About how long, as 40 s or 2 min."""
    return f"about {seconds:.0f} s" if seconds < 100 else f"about {seconds / 60:.0f} min"

"""Where a session of looking round stands: the way walked, what numbers stand for, who is marked, what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from finnet.api._exploration_ties import Choice, Ties
from finnet.errors import UsageError
from finnet.report.answer import Row

__all__ = ["Block", "Listing", "Reply", "Session", "Stop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of what a command shows: a heading, lines of label and text, and rows under columns.

    Rows of the same ``group`` stand together under it. ``notes`` are sentences about what is shown.
    """

    heading: str | None = None
    lines: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()
    rows: Sequence[Row] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A party on the way, how one came to it, and the record of the tie that was followed, if one was."""

    id: str
    caption: str
    how: str
    item: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The rows that numbers stand for until the next list, and how many of them have been shown."""

    kind: str = "nothing"
    columns: tuple[str, ...] = ()
    rows: Sequence[Row] = ()
    shown: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session, never changed: each command makes the next one.

    ``page`` is how many rows are shown at once; ``known_at`` is set where the case is one of the past, which nobody can
    write to; ``ties`` are those of the party one is at; ``lines`` are the commands that repeat the session, from the
    choice of ties it began with (``begun``, where ``only`` has changed it since).
    """

    choice: Choice = field(default_factory=Choice)
    begun: Choice | None = None
    page: int = 20
    known_at: str | None = None
    trail: tuple[Stop, ...] = ()
    marked: tuple[str, ...] = ()
    listing: Listing = field(default_factory=Listing)
    ties: Ties = field(default_factory=lambda: Ties(rows=[]))
    lines: tuple[str, ...] = ()
    is_over: bool = False

    @property
    def here(self) -> Stop:
        """The party one is at.

        Raises: UsageError before the first one.
        """
        if not self.trail:
            raise UsageError("you are at no party yet", hint="find TEXT, then go N")
        return self.trail[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a command did: the session after it, what it shows, and the line that repeats it, if it is to be repeated.

    Where it ``wrote``, the case has to be opened again to see it.
    """

    session: Session
    blocks: tuple[Block, ...] = ()
    line: str | None = None
    wrote: bool = False

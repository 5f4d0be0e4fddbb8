"""The words of a question about choke points, and how they were read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from finnet.analysis.interdiction.situation import Situation

if TYPE_CHECKING:
    from finnet.analysis.interdiction.cascade import Cascade

__all__ = ["Asked", "Found"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The words of the question that say who is meant, who acts, by which rule, how long, and how sure."""

    from_: str | None = None
    to: str | None = None
    by: str = "entity"
    candidates: str | None = None
    exclude: str | None = None
    forced: str | None = None
    in_force: str | None = None
    target_state: str | None = None
    cost: str | None = None
    enforcers: str = "all"
    without: str | None = None
    only: str | None = None
    regime: str = "none"
    levers: str | None = None
    scope: str | None = None
    horizon: str = "0d"
    rewiring: str | None = None
    worlds: int = 0
    grades: str | None = None
    ablate: bool = False


@dataclass(slots=True, kw_only=True)
class Found:
    """The situation, and what the summary says about how it was read."""

    situation: Situation
    enforcers: str
    target_state: str | None
    regime: str = "none"
    cascade: Cascade | None = None
    warnings: list[str] = field(default_factory=list)

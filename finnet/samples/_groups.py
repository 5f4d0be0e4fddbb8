"""The sample's four groups of companies, and the nominees who tie them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from finnet.samples._dice import Dice

__all__ = ["NOMINEES", "PARENTS_PER_GROUP", "SEATS", "Directorship", "Group", "Holding", "make_groups", "make_ties"]

PARENTS_PER_GROUP = 4
SEATS = 4  # of a nominee, in each of the two groups

# Which groups each nominee ties together. North and south have two nominees between them, who matter only together.
NOMINEES: dict[str, tuple[str, str]] = {
    "ch-nominee-1": ("north", "south"),
    "ch-nominee-2": ("north", "south"),
    "ch-nominee-3": ("east", "north"),
    "ch-nominee-4": ("west", "south"),
}

# How the shares of one company are spread over its four parents: numbers, bands, and shares that nobody disclosed.
_SPREADS = (
    ("25", "25", "25", "25"),
    ("40", "30", "20", "10"),
    ("25-50", "20", "15", "10"),
    ("", "30", "20", "10"),
    ("24.9", "24.9", "", "25-50"),
    ("10", "10", "10", "10"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Four parents who each hold a part of every one of the companies."""

    name: str
    parents: tuple[str, ...]
    companies: tuple[str, ...]

    @property
    def size(self) -> int:
        """Parties of the group, without nominees."""
        return len(self.parents) + len(self.companies)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A line of the register: the share is text, as registers write it, and may be missing."""

    owner: str
    owned: str
    share: str
    start: str
    end: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directorship:
    """A seat on a board."""

    director: str
    organization: str


def make_groups(companies: Sequence[str], sizes: tuple[int, int, int, int]) -> list[Group]:
    """Groups of ``sizes`` companies: those named, in turns, and others of their own where the names run out."""
    names = ("north", "south", "east", "west")
    members: dict[str, list[str]] = {name: [] for name in names}
    supply = iter(companies)
    for place in range(max(sizes)):
        for name, size in zip(names, sizes, strict=True):
            if place < size:
                members[name].append(next(supply, f"ch-{name}-{place + 1:02}"))
    return [
        Group(
            name=name,
            parents=tuple(f"ch-holding-{name}-{place}" for place in range(1, PARENTS_PER_GROUP + 1)),
            companies=tuple(members[name]),
        )
        for name in names
    ]


def make_ties(groups: Sequence[Group], dice: Dice) -> tuple[list[Holding], list[Directorship]]:
    """Who holds what in the groups, and on which boards the nominees sit."""
    holdings = []
    for group in groups:
        for company in group.companies:
            spread = _SPREADS[dice.between(0, len(_SPREADS) - 1)]
            since = 2009 + dice.between(0, 9)
            holdings += [
                Holding(owner=parent, owned=company, share=share, start=f"{since}-{1 + place * 3:02}-01")
                for place, (parent, share) in enumerate(zip(group.parents, spread, strict=True))
            ]
    by_name = {group.name: group for group in groups}
    seats = []
    for nominee, tied in NOMINEES.items():
        for name in tied:
            companies = by_name[name].companies
            first = dice.between(0, len(companies) - 1)
            seats += [
                Directorship(director=nominee, organization=companies[(first + step) % len(companies)])
                for step in range(SEATS)
            ]
    return holdings, seats

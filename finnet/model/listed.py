"""Who counts as listed, by whom and on which date: one definition for selectors, rules, counts and pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable

__all__ = ["SANCTIONED", "UNSPECIFIED", "is_listed", "listing_authorities"]

SANCTIONED = "sanction"  # FollowTheMoney's topic
UNSPECIFIED = (
    "unspecified"  # who lists a party that is said to be sanctioned where nobody says by whom; counts as any authority
)


def listing_authorities(authorities: Iterable[str], topics: Collection[str]) -> tuple[str, ...]:
    """Who lists a party now, sorted: ``authorities`` of its active listings, else ``unspecified`` by its topics alone.

    >>> listing_authorities(["UN", "OFAC", "UN"], ["sanction"]), listing_authorities([], ["sanction"])
    (('OFAC', 'UN'), ('unspecified',))
    >>> listing_authorities([], ["role.pep"])
    ()
    """
    active = tuple(sorted(set(authorities)))
    return active or ((UNSPECIFIED,) if SANCTIONED in topics else ())


def is_listed(listed_on: str | None, delisted_on: str | None, as_of: str | None) -> bool:
    """Whether a listing with these dates is active on a date; without one: whether it has no end.

    A missing date of listing means always.

    >>> is_listed("2017-06-01", None, "2017"), is_listed(None, "2020-01-01", "2020-01-01")
    (True, False)
    """
    if as_of is None:
        return delisted_on is None
    return (listed_on is None or listed_on[: len(as_of)] <= as_of) and (delisted_on is None or as_of < delisted_on)

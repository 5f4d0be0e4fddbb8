"""A case's shareholdings and listings as the ownership analysis wants them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from finnet.analysis.ownership.register import Register, Stake

if TYPE_CHECKING:
    from finnet.analysis.ownership.regime import Regime
    from finnet.api.open import Case

__all__ = ["Parties", "listed_by", "parties", "register_of"]

# A stake that is stated as indirect rests on others that are usually stated too; it must not count twice.
_STAKES = """
select link_id, source_id, target_id, share_min_ppm, share_max_ppm, dataset, record, start_date, end_date,
    list_contains(coalesce(flags, []), 'indirect') as indirect
from v1_link
where class = 'ownership' and source_id is not null and target_id is not null and basis is distinct from 'inferred'
order by target_id, source_id, link_id, dataset, record
"""

_LISTINGS = """
select p.canonical_id as entity_id, l.authority, l.listed_on, l.delisted_on
from v1_listing l join (select distinct entity_id, canonical_id from v1_entity) p on p.entity_id = l.entity_id
order by 1, 2, 3
"""

_PARTIES = """
select canonical_id, caption, schema, country, topics, authorities, missing
from v1_party
order by canonical_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Which record states a stake."""

    link: str
    dataset: str
    record: int
    indirect: bool


@dataclass(frozen=True, slots=True)
class Parties:
    """What the case knows of each party, by canonical id."""

    by_id: Mapping[str, Mapping[str, Any]]

    def cells(self, party: str) -> dict[str, Any]:
        """id, caption, schema and country of a party; an id nobody describes is its own caption."""
        known = self.by_id.get(party, {})
        return {
            "id": party,
            "caption": known.get("caption") or party,
            "schema": known.get("schema"),
            "country": known.get("country"),
        }


def parties(case: Case) -> Parties:
    """All parties of the case."""
    return Parties({row["canonical_id"]: row for row in case.rows(_PARTIES)})


def register_of(
    case: Case, *, as_of: str | None = None, extra: Sequence[str] = ()
) -> tuple[Register, dict[str, Statement]]:
    """The direct shareholdings in force on a date, and which record states each of them.

    Without a date: those that have no end. What is stated as an indirect holding counts only if no direct stake of
    that owner in the same entity and no component of it is known; then it is an upper bound, not a certainty.
    ``extra`` adds parties that neither hold nor are held.
    """
    stakes, statements = [], {}
    for row in case.rows(_STAKES):
        if not _in_force(row["start_date"], row["end_date"], as_of):
            continue
        statements[row["link_id"]] = Statement(
            link=row["link_id"], dataset=row["dataset"], record=row["record"], indirect=row["indirect"]
        )
        if row["indirect"]:
            continue
        stakes.append(
            Stake(
                owner=row["source_id"],
                owned=row["target_id"],
                minimum=row["share_min_ppm"],
                maximum=row["share_max_ppm"],
                statement=row["link_id"],
            )
        )
    return Register.build(stakes, entities=extra), statements


def listed_by(case: Case, regime: Regime, *, as_of: str | None = None) -> list[str]:
    """The canonical ids of those whom an authority of the regime lists on that date, sorted.

    A missing date means always. ``topics: sanction`` without a listing is authority ``unspecified``.
    """
    wanted = {authority.casefold() for authority in regime.authorities}
    found = {
        row["entity_id"]
        for row in case.rows(_LISTINGS)
        if str(row["authority"]).casefold() in wanted and _listed(row["listed_on"], row["delisted_on"], as_of)
    }
    if "unspecified" in wanted:
        found |= {
            row["canonical_id"]
            for row in case.rows(_PARTIES)
            if "sanction" in (row["topics"] or ()) and not row["authorities"]
        }
    return sorted(found)


def _listed(listed_on: str | None, delisted_on: str | None, as_of: str | None) -> bool:
    if as_of is None:
        return delisted_on is None
    return (listed_on is None or listed_on[: len(as_of)] <= as_of) and (delisted_on is None or as_of < delisted_on)


def _in_force(start: str | None, end: str | None, as_of: str | None) -> bool:
    if as_of is None:
        return end is None
    return (start is None or start[: len(as_of)] <= as_of) and (end is None or as_of <= end)

"""A case's shareholdings and listings as the ownership analysis wants them."""

# ruff: noqa: S608 -- SQL is put together from texts of our own; values are bound.

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from finnet.analysis.ownership.register import BoolArray, Register
from finnet.model.listed import UNSPECIFIED, is_listed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from finnet.analysis.ownership.regime import Regime
    from finnet.api.open import Case
    from finnet.graph.network import IntArray

__all__ = [
    "IN_FORCE",
    "Parties",
    "Statements",
    "dated",
    "listed_by",
    "near",
    "parties",
    "register_of",
    "unspecified_note",
]

# A date of less precision than the other is compared as far as it goes. What a later statement replaced ended when
# that one began; any other end is the last day.
IN_FORCE = """
case when $as_of::varchar is null then end_date is null
else (start_date is null or left(start_date, length($as_of::varchar)) <= left($as_of::varchar, length(start_date)))
    and (
        end_date is null or left($as_of::varchar, length(end_date)) < left(end_date, length($as_of::varchar))
        or (left($as_of::varchar, length(end_date)) = left(end_date, length($as_of::varchar))
            and not list_contains(coalesce(flags, []), 'superseded'))
    )
end
"""

_STAKES = f"""
select source_id as owner, target_id as owned, coalesce(share_min_ppm, -1) as minimum,
    coalesce(share_max_ppm, -1) as maximum, dataset, record,
    coalesce(reliability, 'F') || coalesce(credibility, '6') as grade,
    list_contains(coalesce(flags, []), 'indirect') as indirect,
    list_contains(coalesce(flags, []), 'chain_on_record') as explained
from v1_link
where class = 'ownership' and source_id is not null and target_id is not null and basis is distinct from 'inferred'
    and ({IN_FORCE}) and (not $narrowed or target_id in (select unnest($owned)))
order by target_id, source_id, dataset, record, link_id
"""
_REACH = 5_000  # parties that are looked up one by one; beyond, reading all stakes is the shorter way

_LISTINGS = """
select distinct p.canonical_id as entity_id, l.authority, l.listed_on, l.delisted_on
from v1_listing l join (select distinct entity_id, canonical_id from v1_entity) p on p.entity_id = l.entity_id
order by 1, 2, 3, 4
"""

_UNSPECIFIED = "select canonical_id from v1_party where list_contains(authorities, $unspecified) order by canonical_id"

# Whoever may be owned or may own; addresses, accounts and documents are not asked about.
_UNIVERSE = """
select canonical_id as party, bool_or(schema = 'Person') as is_person
from v1_entity
where list_contains($schemata, schema)
group by canonical_id
order by canonical_id
"""

_PARTIES = """
select canonical_id, caption, schema, country
from v1_party
where canonical_id in (select unnest($ids))
order by canonical_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """The statements that a register was made of, by their number: who says so, and what is said to be indirect.

    ``indirect`` ones whose chain is on record (``explained``) are not in the register: what they rest on is.
    """

    owner: NDArray[np.object_]
    owned: NDArray[np.object_]
    minimum: IntArray
    maximum: IntArray
    dataset: NDArray[np.object_]
    record: IntArray
    grade: NDArray[np.object_]
    indirect: BoolArray
    explained: BoolArray
    counted: IntArray  # number in the register -> number here

    def records(self, register: Register, stakes: Iterable[int]) -> list[str]:
        """``dataset:record`` of all that is said about these stakes, sorted."""
        numbers = [self.counted[one] for stake in stakes for one in register.statements_of(int(stake))]
        return [
            f"{dataset}:{record}"
            for dataset, record in sorted({(self.dataset[n], int(self.record[n])) for n in numbers})
        ]

    def stated(self, register: Register) -> Iterator[tuple[tuple[str, str], ...]]:
        """For each stake of the register who states it: pairs (dataset, grade), sorted, none twice."""
        for stake in range(len(register.owner)):
            numbers = [self.counted[one] for one in register.statements_of(stake)]
            yield tuple(sorted({(str(self.dataset[n]), str(self.grade[n])) for n in numbers}))

    def stated_indirectly(
        self, *, owner: str | None = None, owned: str | None = None
    ) -> dict[str, tuple[int, int, str]]:
        """What is stated as an indirect share of ``owned`` by holder, or of ``owner`` by entity: ppm, and the record.

        Of several the one with the larger bounds; a bound that is not stated is 0 or the whole.
        """
        ends, mine, wanted = (self.owner, self.owned, owned) if owner is None else (self.owned, self.owner, owner)
        found: dict[str, tuple[int, int, str]] = {}
        for number in np.flatnonzero(self.indirect & (mine == wanted)).tolist():
            low, high = int(self.minimum[number]), int(self.maximum[number])
            stated = (max(low, 0), 1_000_000 if high < 0 else high, f"{self.dataset[number]}:{self.record[number]}")
            found[str(ends[number])] = max(found.get(str(ends[number]), stated), stated)
        return found


class Parties:
    """What the case knows of its parties, by canonical id, fetched when it is asked for."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._known: dict[str, Mapping[str, Any]] = {}

    def fetch(self, ids: Iterable[str]) -> Parties:
        """Look all of these up at once."""
        missing = sorted(set(ids) - self._known.keys())
        if missing:
            found = {row["canonical_id"]: row for row in self._case.rows(_PARTIES, {"ids": missing})}
            self._known |= {one: found.get(one, {}) for one in missing}
        return self

    def cells(self, party: str) -> dict[str, Any]:
        """id, caption, schema and country of a party; an id nobody describes is its own caption."""
        if party not in self._known:
            self.fetch([party])
        known = self._known[party]
        return {
            "id": party,
            "caption": known.get("caption") or party,
            "schema": known.get("schema"),
            "country": known.get("country"),
        }

    def caption(self, party: str) -> str:
        """What the party is called."""
        return str(self.cells(party)["caption"])


def parties(case: Case) -> tuple[list[str], list[str]]:
    """The canonical ids of whoever may own or be owned, and of those among them who are natural persons; sorted."""
    from finnet.model.schema import descendants

    schemata = sorted(descendants("LegalEntity") | descendants("Asset"))
    found = case.columns(_UNIVERSE, {"schemata": schemata})
    everyone = found["party"].tolist()
    return everyone, np.asarray(found["party"])[np.asarray(found["is_person"], bool)].tolist()


def register_of(
    case: Case, *, as_of: str | None = None, extra: Sequence[str] = (), owned: Sequence[str] | None = None
) -> tuple[Register, Statements]:
    """The shareholdings in force on a date, and the statements that they rest on.

    Without a date: those that have no end. What is stated as an indirect holding does not count where the record gives
    its chain: the chain does. Where it does not, the holding is no certainty and no bound either: a rule counts an
    intermediary's whole holding, so it may end anywhere from nothing to everything.
    ``extra`` adds parties that neither hold nor are held; ``owned`` narrows it to stakes in these parties.
    """
    narrowed = {"narrowed": owned is not None, "owned": list(owned or ())}
    found = case.columns(_STAKES, {**dated(as_of), **narrowed})
    indirect, explained = (np.asarray(found[name], bool) for name in ("indirect", "explained"))
    counted = np.flatnonzero(~(indirect & explained))
    minimum, maximum = (np.asarray(found[name], np.int64) for name in ("minimum", "maximum"))
    statements = Statements(
        owner=found["owner"].astype(object),
        owned=found["owned"].astype(object),
        minimum=minimum,
        maximum=maximum,
        dataset=found["dataset"].astype(object),
        record=np.asarray(found["record"], np.int64),
        grade=found["grade"].astype(object),
        indirect=indirect,
        explained=explained,
        counted=counted,
    )
    register = Register.from_columns(
        owner=found["owner"][counted].tolist(),
        owned=found["owned"][counted].tolist(),
        minimum=minimum[counted],
        maximum=maximum[counted],
        indirect=indirect[counted],
        entities=extra,
    )
    return register, statements


def near(case: Case, party: str, *, upward: bool) -> list[str] | None:
    """The party and all upstream (or downstream) of it at any time, sorted; None if they are too many to look up."""
    most = 10_000
    seen, waiting = {party}, [party]
    mine, other = ("target_id", "source_id") if upward else ("source_id", "target_id")
    for current in waiting:
        links = case.lookup.links(current, most)
        if len(links) == most:
            return None
        for link in links:
            further = link[other]
            if link["class"] == "ownership" and link[mine] == current and further and further not in seen:
                seen.add(further)
                waiting.append(further)
        if len(seen) > _REACH:
            return None
    return sorted(seen)


def dated(as_of: str | None) -> dict[str, str | None]:
    """The value that ``IN_FORCE`` is asked with.

    Raises: UsageError for what is no date.
    """
    from finnet.errors import UsageError, quoted
    from finnet.model.dates import is_iso_date

    if as_of is not None and not is_iso_date(as_of):
        raise UsageError(f"--as-of {quoted(as_of)}: should be a date as in 2019, 2019-03 or 2019-03-05")
    return {"as_of": as_of}


def listed_by(case: Case, regime: Regime, *, as_of: str | None = None) -> list[str]:
    """The canonical ids of those whom an authority of the regime lists on that date, sorted.

    Whom nobody in particular lists (finnet/model/listed.py) counts if the regime's file names that authority too.
    """
    wanted = {authority.casefold() for authority in regime.authorities}
    found = {
        row["entity_id"]
        for row in case.rows(_LISTINGS)
        if str(row["authority"]).casefold() in wanted and is_listed(row["listed_on"], row["delisted_on"], as_of)
    }
    return sorted(found.union(_by_nobody_in_particular(case, regime)))


def unspecified_note(case: Case, regime: Regime) -> tuple[str, ...]:
    """That some count as listed though no authority is recorded, where some do."""
    count = len(_by_nobody_in_particular(case, regime))
    if not count:
        return ()
    parties, it = ("party is", "it counts") if count == 1 else ("parties are", "they count")
    said = f"{count:,} {parties} recorded as sanctioned and nobody says by whom"
    return (f"{said}: {it} as listed by every authority (list:unspecified)",)


def _by_nobody_in_particular(case: Case, regime: Regime) -> list[str]:
    if UNSPECIFIED not in (authority.casefold() for authority in regime.authorities):
        return []
    return [row["canonical_id"] for row in case.rows(_UNSPECIFIED, {"unspecified": UNSPECIFIED})]

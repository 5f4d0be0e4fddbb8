"""The profiles of the parties of a case, for comparing them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from finnet.analysis.identity.profile import Profile, profile_of

if TYPE_CHECKING:
    from finnet.store.case import Case

__all__ = ["profiles"]

# What is no party of its own cannot be the same as another: addresses, documents, notes. Who points at a party that
# somebody describes says nothing about it.
_STATEMENTS = """
select canonical_id, schema, dataset, caption, countries, properties, file, record
from v1_entity
where schema not in ('Address', 'Identification', 'Passport', 'Note', 'Sanction', 'BankAccount')
    and ($ids is null or list_contains($ids, canonical_id))
    and (not missing or canonical_id not in (select canonical_id from v1_entity where not missing))
order by canonical_id, missing, caption = entity_id, dataset, file, record
"""


def profiles(
    case: Case, ids: Iterable[str] | None = None, *, each_record: bool = False, of_any_kind: bool = False
) -> list[Profile]:
    """One profile per party, sorted by id; of these ids only, if given.

    A party that only a reference names (a stub) is one too: that is how it may find who it is. With ``each_record``
    each record is a party of its own, called by its number, in the order of the files. With ``of_any_kind`` nothing is
    known of whether a party is a person or a company.
    """
    import orjson

    def by_party(row: dict[str, Any]) -> Any:
        return row["canonical_id"]

    def by_record(row: dict[str, Any]) -> Any:
        return (row["file"], row["record"])

    key: Callable[[dict[str, Any]], Any] = by_record if each_record else by_party
    found: dict[Any, list[tuple[str, str, dict[str, list[str]]]]] = defaultdict(list)
    captions: dict[Any, str] = {}
    countries: dict[Any, set[str]] = defaultdict(set)
    for row in case.rows(_STATEMENTS, {"ids": None if ids is None else sorted(set(ids))}):
        party = key(row)
        facts = orjson.loads(row["properties"] or b"{}")
        found[party].append(("LegalEntity" if of_any_kind else row["schema"] or "Thing", row["dataset"], facts))
        captions.setdefault(party, row["caption"] or row["canonical_id"])
        countries[party] |= set(row["countries"] or ())
    return [
        profile_of(str(party[1]) if each_record else party, captions[party], told, countries[party])
        for party, told in sorted(found.items())
    ]

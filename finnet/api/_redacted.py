"""A case as it may be shown to others: its parties under other names, what leads back to them left out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from finnet.graph.network import Network
from finnet.graph.selection import Queries
from finnet.report.redaction import Party, Redaction, redacted_network

__all__ = ["RedactedCase", "redaction_of"]

# Ids of other tables may name somebody whom no entity describes: such a party has no schema and may be a person.
_PARTIES = """
select canonical_id, min(schema) filter (not missing) as schema,
    coalesce(bool_and(list_contains($apart::varchar[], s.format)) filter (not missing), false) as knows_persons,
    list_sort(list_distinct(list(entity_id))) as ids,
    list_sort(list_distinct(list(caption) filter (caption is not null))) as captions,
    list_sort(list_distinct(flatten(list(cast(from_json(coalesce(properties, '{}')->'$.name', '["VARCHAR"]')
        as varchar[]))))) as names,
    list_sort(list_distinct(flatten(list(cast(from_json(coalesce(properties, '{}')->'$.alias', '["VARCHAR"]')
        as varchar[]))))) as aliases
from v1_entity
left join (select dataset, min(format) as format from v1_source group by dataset) s using (dataset)
group by canonical_id order by canonical_id
"""
# Formats that say of each party whether it is a person: their LegalEntity is none. In FollowTheMoney it may be one.
_PERSONS_APART = ("bods", "gleif", "ofac_sdn", "uk_psc", "un_consolidated")
_REFERENCES = """
select distinct canonical_id, authority, reference from v1_listing where reference is not null
order by canonical_id, authority, reference
"""


def redaction_of(subject: Queries | Network) -> Redaction:
    """How the parties of a whole case, or of a network, are shown: the same in every output made of it."""
    if isinstance(subject, Network):
        return redacted_network(subject)[1]
    best = {row["canonical_id"]: row["caption"] for row in subject.rows(
        "select canonical_id, caption from v1_party order by canonical_id", {}
    )}  # fmt: skip
    references: dict[str, list[str]] = {}
    for row in subject.rows(_REFERENCES, {}):
        references.setdefault(row["canonical_id"], []).append(f"{row['authority']} {row['reference']}")
        if not row["reference"].isdecimal():  # a bare number may be anything
            references[row["canonical_id"]].append(row["reference"])
    return Redaction(
        Party(
            id=row["canonical_id"],
            names=_names(best.get(row["canonical_id"]), row),
            schema="Organization" if row["schema"] == "LegalEntity" and row["knows_persons"] else row["schema"],
            others=[one for one in row["ids"] if one != row["canonical_id"]],
            references=references.get(row["canonical_id"], ()),
        )
        for row in subject.rows(_PARTIES, {"apart": list(_PERSONS_APART)})
    )


def _names(best: str | None, row: Mapping[str, Any]) -> list[str]:
    names = [best, *(row["captions"] or ()), *(row["names"] or ()), *(row["aliases"] or ())]
    return list(dict.fromkeys(name for name in names if name))


class RedactedCase:
    """Answers queries like the case, with every row redacted. For exports that write a whole case."""

    def __init__(self, case: Queries, redaction: Redaction) -> None:
        self._case, self._redaction = case, redaction

    def rows(self, sql: str, values: Mapping[str, Any] | None = None, /) -> list[dict[str, Any]]:
        """The result of read-only SQL, row by row, as it may be shown."""
        return [self._row(row) for row in self._case.rows(sql, values)]

    def _row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        made = self._redaction.row(row)
        if isinstance(row.get("properties"), str):
            party = row.get("entity_id", row.get("canonical_id"))
            stated = self._redaction.properties(json.loads(row["properties"]), of=party)
            made["properties"] = json.dumps(stated, ensure_ascii=False)
        return made

"""Beneficial ownership data, version 0.4: who owns or controls which firms, as the case has it on record."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from finnet.model.schema import is_schema, schema
from finnet.report.files import atomic_file

__all__ = ["SUBJECT", "SUFFIX", "TITLE", "write"]

TITLE = "Beneficial Ownership Data Standard 0.4"
SUFFIX = ".bods.json"
SUBJECT = "case"

# Codelist interestType by edge class; a link whose role is one of them keeps it, else it is the first.
_INTERESTS = {
    "ownership": ("shareholding",),
    "control": (
        "otherInfluenceOrControl", "votingRights", "appointmentOfBoard", "controlViaCompanyRulesOrArticles",
        "controlByLegalFramework", "rightsGrantedByContract", "conditionalRightsGrantedByContract", "trustee",
        "protector", "settlor", "nominator",
    ),
    "governance": ("boardMember", "boardChair", "seniorManagingOfficial"),
}  # fmt: skip
_GOVERNING = "Directorship"  # an employee or a member of a club has no interest in the sense of the standard
_SPACE = uuid.UUID("7c8c8a0e-6b0e-5c39-9d5e-1f2f0f4a5b10")  # of our own: statement ids are made from record ids
_ENTITY_TYPES = {"Company": "registeredEntity", "PublicBody": "stateBody"}


class Queries(Protocol):
    """What this asks of a case."""

    def rows(self, sql: str, values: Mapping[str, Any] | None = None, /) -> list[dict[str, Any]]:
        """The result of read-only SQL, row by row."""
        ...


def write(case: Queries, path: Path) -> tuple[Path, ...]:
    """Parties first, then their interests; one relationship for each link of ownership, control or directorship.

    Record ids are canonical ids (without ``bods-`` in front, where the case had them from such data) and link ids. What
    the standard has no place for is left out: links to what is no entity (a vessel, an account), employees, and links
    that only say that two are linked. Whom nobody describes is an unknown entity. Dates of publication are the lists';
    where a list has none, none is stated.

    Source: Open Ownership, Beneficial Ownership Data Standard 0.4.
    """
    links = [link for link in case.rows(_LINKS, {}) if _can_be_stated(link)]
    ends = sorted({link[side] for link in links for side in ("source_id", "target_id")})
    parties = _parties(case, ends)
    links = [link for link in links if _is_entity(parties, link["target_id"])]
    named = {link[side] for link in links for side in ("source_id", "target_id")}
    with atomic_file(path) as file:
        separator = b"[\n"
        for statement in _statements([parties[label] for label in ends if label in named], links):
            file.write(separator + json.dumps(statement, ensure_ascii=True, separators=(",", ":")).encode())
            separator = b",\n"
        file.write(b"\n]\n" if separator != b"[\n" else b"[]\n")
    return (path,)


_LINKS = """
select l.link_id, l.class, l.schema, l.source_id, l.target_id, l.role, l.share_min_ppm, l.share_max_ppm, l.start_date,
    l.end_date, l.flags, l.properties, l.dataset, l.file, l.record, s.list_date
from v1_link l
left join (select dataset, max(list_date) as list_date from v1_source group by dataset) s using (dataset)
where l.class in ('ownership', 'control', 'governance') and l.source_id is not null and l.target_id is not null
order by l.link_id, l.dataset, l.file, l.record
"""
_PARTIES = """
select e.canonical_id, e.schema, e.caption, e.country, e.missing, e.flags, e.properties, s.list_date
from v1_entity e
left join (select dataset, max(list_date) as list_date from v1_source group by dataset) s using (dataset)
where e.canonical_id in (select unnest($ids::varchar[]))
order by e.canonical_id, e.missing, e.dataset, e.file, e.record
"""


def _can_be_stated(link: Mapping[str, Any]) -> bool:
    return bool(link["class"] != "governance" or link["schema"] == _GOVERNING)


def _parties(case: Queries, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """One party per canonical id: the first statement's facts, with the properties of all."""
    found: dict[str, dict[str, Any]] = {}
    for row in case.rows(_PARTIES, {"ids": list(ids)}):
        stated = json.loads(row["properties"]) if row["properties"] else {}
        held = found.setdefault(row["canonical_id"], {**row, "properties": {}})
        for name, values in stated.items():
            known = held["properties"].setdefault(name, [])
            known += [value for value in values if value not in known]
    for label in ids:
        found.setdefault(label, {"canonical_id": label, "schema": None, "caption": label, "country": None,
                                 "missing": True, "flags": [], "properties": {}, "list_date": None})  # fmt: skip
    return found


def _is_entity(parties: Mapping[str, Mapping[str, Any]], label: str) -> bool:
    kind = parties[label]["schema"]
    return kind is None or not is_schema(kind) or (schema(kind).is_a("LegalEntity") and kind != "Person")


def _statements(parties: Sequence[Mapping[str, Any]], links: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for party in parties:
        record = _record(party["canonical_id"])
        kind = "person" if party["schema"] == "Person" else "entity"
        details = _person(party) if kind == "person" else _entity(party)
        yield _statement(record, kind, details, subject=record, published=party["list_date"])
    taken: dict[str, int] = {}
    for link in links:
        stem = _record(link["link_id"])
        taken[stem] = taken.get(stem, 0) + 1
        record = stem if taken[stem] == 1 else f"{stem}~{taken[stem]}"
        yield _statement(
            record,
            "relationship",
            {
                "isComponent": "component" in (link["flags"] or ()),
                "subject": _record(link["target_id"]),
                "interestedParty": _record(link["source_id"]),
                "interests": [_interest(link)],
            },
            subject=_record(link["target_id"]),
            published=link["list_date"],
        )


def _statement(record: str, kind: str, details: Mapping[str, Any], *, subject: str, published: Any) -> dict[str, Any]:
    publication: dict[str, Any] = {"bodsVersion": "0.4", "publisher": {"name": "compiled by an analyst with finnet"}}
    dated: dict[str, Any] = {}
    if published:
        publication = {"publicationDate": str(published)[:10], **publication}
        dated = {"statementDate": str(published)[:10]}
    return {
        "statementId": str(uuid.uuid5(_SPACE, f"{kind}\0{record}")),
        "declarationSubject": subject,
        **dated,
        "publicationDetails": publication,
        "recordId": record,
        "recordStatus": "new",
        "recordType": kind,
        "recordDetails": details,
    }


def _record(label: str) -> str:
    return label.removeprefix("bods-")


def _person(party: Mapping[str, Any]) -> dict[str, Any]:
    stated = party["properties"]
    names = stated.get("name") or [party["caption"]]
    others = [*names[1:], *stated.get("alias", ())]
    return {
        "isComponent": False,
        "personType": "unknownPerson" if party["missing"] else "knownPerson",
        "names": [
            {"type": "legal", "fullName": names[0]},
            *({"type": "alternative", "fullName": name} for name in others),
        ],
        **_first("birthDate", stated),
        **_first("deathDate", stated),
        **_several("nationalities", [_country(code) for code in stated.get("nationality", ())]),
        **_several("identifiers", [{"id": one} for one in stated.get("idNumber", ())]),
        **_several("addresses", [{"type": "service", "address": one} for one in stated.get("address", ())]),
    }


def _entity(party: Mapping[str, Any]) -> dict[str, Any]:
    stated = party["properties"]
    is_unknown = party["missing"] or "unspecified" in (party["flags"] or ())
    kind = "unknownEntity" if is_unknown else _ENTITY_TYPES.get(party["schema"] or "", "legalEntity")
    names = stated.get("name") or [party["caption"]]
    details: dict[str, Any] = {"isComponent": False, "entityType": {"type": kind}, "name": names[0]}
    if is_unknown:
        said = {"reason": "informationUnknownToPublisher", "description": "nobody in the data describes this party"}
        details["unspecifiedEntityDetails"] = said
    jurisdiction = next(iter(stated.get("jurisdiction", ())), None) or party["country"]
    details |= {} if jurisdiction is None else {"jurisdiction": _country(jurisdiction)}
    return {
        **details,
        **_several("alternateNames", [*names[1:], *stated.get("alias", ())]),
        **_first("incorporationDate", stated, called="foundingDate"),
        **_first("dissolutionDate", stated),
        **_several("identifiers", [{"id": one} for one in stated.get("registrationNumber", ())]),
        **_several("addresses", [{"type": "registered", "address": one} for one in stated.get("address", ())]),
    }


def _interest(link: Mapping[str, Any]) -> dict[str, Any]:
    role = str(link["role"] or "")
    stated = json.loads(link["properties"]) if link["properties"] else {}
    known = _INTERESTS[link["class"]]
    name = role.removeprefix("indirect ")
    indirect = "indirect" in (link["flags"] or ()) or role.startswith("indirect ")
    interest: dict[str, Any] = {
        "type": name if name in known else known[0],
        "directOrIndirect": "indirect" if indirect else "direct",
    }
    words = [*stated.get("description", ()), *([] if name in known or not role else [role])]
    interest |= {"details": "; ".join(words)} if words else {}
    if "beneficial ownership or control" in stated.get("summary", ()):
        interest["beneficialOwnershipOrControl"] = True
    elif "not beneficial ownership or control" in stated.get("summary", ()):
        interest["beneficialOwnershipOrControl"] = False
    share = _share(link["share_min_ppm"], link["share_max_ppm"])
    interest |= {"share": share} if share else {}
    dates = {"startDate": link["start_date"], "endDate": link["end_date"]}
    return interest | {name: str(day)[:10] for name, day in dates.items() if day}


def _share(least: int | None, most: int | None) -> dict[str, float] | None:
    """Parts per million as the standard's percentages.

    >>> _share(500_000, 500_000), _share(250_001, 499_999), _share(250_000, None), _share(None, None)
    ({'exact': 50.0}, {'minimum': 25.0001, 'maximum': 49.9999}, {'minimum': 25.0, 'maximum': 100.0}, None)
    """
    if least is None and most is None:
        return None
    low, high = (
        float(Decimal(ppm).scaleb(-4)) for ppm in (0 if least is None else least, 1_000_000 if most is None else most)
    )
    return {"exact": low} if low == high else {"minimum": low, "maximum": high}


def _country(code: str) -> dict[str, str]:
    return {"code": code.upper(), "name": code.upper()}


def _first(name: str, stated: Mapping[str, Sequence[str]], *, called: str | None = None) -> dict[str, str]:
    values = stated.get(name)
    return {called or name: values[0]} if values else {}


def _several(name: str, values: Sequence[Any]) -> dict[str, list[Any]]:
    return {name: list(values)} if values else {}

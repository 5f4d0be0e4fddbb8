"""Entities and persons of beneficial ownership data, as their latest statement has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from finnet.model.countries import alpha2
from finnet.model.statement import Detail, Entity, Statement
from finnet.sources._registers.bods_versions import Version, parts

__all__ = ["party_statements", "unspecified_party"]

_SCHEMATA = {
    "registeredEntity": "Company",
    "registered-entity": "Company",
    "legalEntity": "LegalEntity",
    "legal-entity": "LegalEntity",
    "arrangement": "LegalEntity",
    "state": "PublicBody",
    "stateBody": "PublicBody",
    "state-body": "PublicBody",
}


def party_statements(history: Sequence[Version]) -> Iterator[Statement]:
    """The party as its latest version has it; earlier ones add their names."""
    latest = next((version for version in reversed(history) if version.status != "closed"), history[-1])
    for version in history:
        properties, is_unspecified = _properties(version.details)
        if version is not latest:
            names = tuple(properties.get("name", ())) or (_unnamed(version.details),)
            yield Detail(entity=f"bods-{version.record}", property="name", values=names, origin=version.origin)
            continue
        countries = _countries(version.details)
        named = properties.get("name", ())
        exposure = version.details.get("politicalExposure")
        yield Entity(
            id=f"bods-{version.record}",
            schema="Person" if version.kind == "person" else _SCHEMATA.get(_kind(version.details), "LegalEntity"),
            caption=named[0] if named else _unnamed(version.details),
            origin=version.origin,
            country=countries[0] if countries else None,
            countries=countries,
            topics=("role.pep",) if isinstance(exposure, dict) and exposure.get("status") == "isPep" else (),
            flags=("unspecified",) if is_unspecified else (),
            first_seen=history[0].date or None,
            last_seen=history[-1].date or None,
            properties=properties,
        )


def unspecified_party(holder: str, version: Version) -> Entity:
    """The party at the end of a relationship that names none, with the reason: never taken for another one."""
    party = version.details.get("interestedParty")
    given = party if isinstance(party, dict) else {}
    reason = str(given.get("reason") or "no reason given")
    return Entity(
        id=holder,
        schema="LegalEntity",
        caption=f"Unnamed party ({reason})",
        origin=version.origin,
        flags=("unspecified",),
        missing=True,
        properties={"notes": [str(text) for text in (reason, given.get("description")) if text]},
    )


def _kind(details: Mapping[str, Any]) -> str:
    kind = details.get("entityType")
    return str(kind.get("type")) if isinstance(kind, dict) else str(kind)


def _reasons(details: Mapping[str, Any]) -> list[str]:
    # The last of these is how 0.2 says it.
    for key in ("unspecifiedPersonDetails", "unspecifiedEntityDetails", "unspecified"):
        if isinstance(given := details.get(key), dict):
            return [str(given[part]) for part in ("reason", "description") if given.get(part)]
    missing = details.get("missingInfoReason")
    return [str(missing)] if missing else []


def _unnamed(details: Mapping[str, Any]) -> str:
    reasons = _reasons(details)
    return f"Unnamed party ({reasons[0]})" if reasons else "Unnamed party"


def _properties(details: Mapping[str, Any]) -> tuple[dict[str, list[str]], bool]:
    """The party's properties, and whether it is one that the register does not name."""
    found: dict[str, list[str]] = {}

    def add(name: str, *values: Any) -> None:
        kept = [str(value) for value in values if isinstance(value, str | int) and value != ""]
        if kept:
            found[name] = list(dict.fromkeys([*found.get(name, ()), *kept]))

    others = details.get("alternateNames")
    addresses = parts(details, "addresses")
    add("name", details.get("name"), *(one.get("fullName") for one in parts(details, "names")))
    add("alias", *(others if isinstance(others, list) else ()))
    add("birthDate", details.get("birthDate"))
    add("deathDate", details.get("deathDate"))
    add("incorporationDate", details.get("foundingDate"))
    add("dissolutionDate", details.get("dissolutionDate"))
    add("nationality", *(_code(one) for one in parts(details, "nationalities")))
    add("jurisdiction", _code(details.get("jurisdiction")))
    add("registrationNumber", *(one.get("id") for one in parts(details, "identifiers")))
    add("address", *(one.get("address") for one in addresses))
    add("country", *(_code(one.get("country")) for one in addresses))
    kind = details.get("entityType")
    if isinstance(kind, dict):
        add("legalForm", kind.get("subtype"), kind.get("details"))
    add("notes", *_reasons(details))
    return found, bool(_reasons(details)) or details.get("personType") in {"anonymousPerson", "unknownPerson"}


def _countries(details: Mapping[str, Any]) -> tuple[str, ...]:
    places = [details.get("jurisdiction"), *(one.get("country") for one in parts(details, "addresses"))]
    return tuple(dict.fromkeys(code for code in map(_code, places) if code))


def _code(place: Any) -> str | None:
    if not isinstance(place, dict):
        return alpha2(place) if isinstance(place, str) else None
    code = str(place.get("code") or "")[:2]  # US-DE is a part of US
    return alpha2(code) or alpha2(str(place.get("name") or ""))

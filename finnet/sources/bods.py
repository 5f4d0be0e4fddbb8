"""Beneficial ownership data (BODS 0.2 to 0.4): entities, persons and the interests between them, version by version."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from finnet.errors import InputError
from finnet.model.countries import alpha2
from finnet.model.reading import Head, Reading, ReadOptions, SourceFile
from finnet.model.statement import Counted, Detail, Entity, Link, Origin, Reject, Skip, Statement
from finnet.sources._registers.interests import interval, kind_of

__all__ = ["GRADE", "IS_LIST", "TITLE", "TOGETHER", "read", "sniff"]

TITLE = "Beneficial Ownership Data Standard, 0.2 to 0.4"
GRADE = "B3"  # what a register publishes is what owners declared of themselves
IS_LIST = True
TOGETHER = True

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


@dataclass(frozen=True, slots=True)
class _Version:
    """One statement of the package, in the words of version 0.4."""

    record: str
    kind: str  # entity, person or relationship
    status: str  # new, updated or closed
    date: str
    details: Mapping[str, Any]
    origin: Origin
    replaces: tuple[str, ...] = ()


def sniff(head: Head) -> bool:
    """Whether the file opens like a package, or like JSON lines, of BODS statements."""
    start = head.start.lstrip()
    marks = (b'"recordDetails"', b'"ownershipOrControlStatement"', b'"entityStatement"', b'"personStatement"')
    return start[:1] in {b"[", b"{"} and any(mark in head.start for mark in marks)


def read(files: Sequence[SourceFile], options: ReadOptions) -> Reading:
    """The package's statements. Ids are ``bods-<recordId>`` (before 0.4 the id of the first statement).

    A later version of a relationship ends the one before it; a party that is not named stays a party of its own.
    A direct shareholding is ownership. An indirect one is kept with the role ``indirect shareholding``: what it rests
    on is usually stated beside it and must not count twice.
    """
    return Reading(
        dataset=options.dataset or files[0].path.stem,
        title=TITLE,
        list_date=options.retrieved_on,
        statements=_statements(files),
    )


def _statements(files: Sequence[SourceFile]) -> Iterator[Statement]:
    versions: list[_Version] = []
    counted = []
    for file in files:
        records = 0
        for number, offset, element in _elements(file):
            records = number
            origin = Origin(file.name, number, offset)
            version = _version(element, origin)
            if isinstance(version, _Version):
                versions.append(version)
            else:
                yield version
        counted.append(Counted(file=file.name, records=records))
    by_record: dict[str, list[_Version]] = {}
    for version in _same_record(versions):
        by_record.setdefault(version.record, []).append(version)
    for record in sorted(by_record):
        history = sorted(
            by_record[record], key=lambda version: (version.date, version.origin.file, version.origin.record)
        )
        if history[0].kind == "relationship":
            yield from _relationship(history)
        else:
            yield from _party(history)
    yield from counted


def _elements(file: SourceFile) -> Iterator[tuple[int, int, Any]]:
    """(number, byte offset, element) of a JSON array or of JSON lines."""
    content = file.path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{file.name}: not valid UTF-8 at byte {error.start}", code="E1103") from error
    lead = 3 if content.startswith(b"\xef\xbb\xbf") else 0
    decoder = json.JSONDecoder()
    place = _skip(text, 0, " \t\r\n[")
    offset, counted = lead + len(text[:place].encode()), place
    number = 0
    while place < len(text) and text[place] != "]":
        number += 1
        offset, counted = offset + len(text[counted:place].encode()), place
        try:
            element, place = decoder.raw_decode(text, place)
        except (json.JSONDecodeError, RecursionError) as error:
            raise InputError(f"{file.name} record {number}: not valid JSON: {error}", code="E1201") from error
        yield number, offset, element
        place = _skip(text, place, " \t\r\n,")
    if text.lstrip()[:1] == "[" and not text.rstrip().endswith("]"):
        raise InputError(f"{file.name}: the JSON array is not closed: the file ends too early", code="E1102")


def _skip(text: str, place: int, characters: str) -> int:
    while place < len(text) and text[place] in characters:
        place += 1
    return place


def _version(element: Any, origin: Origin) -> _Version | Reject:
    if not isinstance(element, dict):
        return Reject(origin=origin, code="E1201", reason="the element is not an object")
    if "recordType" in element:
        details = element.get("recordDetails")
        if not element.get("recordId") or not isinstance(details, dict):
            return Reject(origin=origin, code="E1205", reason="recordId or recordDetails is missing")
        kind, record = str(element["recordType"]), str(element["recordId"])
        status, replaces = str(element.get("recordStatus", "new")), ()
    elif "statementType" in element:
        kind = {"entityStatement": "entity", "personStatement": "person"}.get(element["statementType"], "relationship")
        record = str(element.get("statementID") or element.get("statementId") or "")
        if not record:
            return Reject(origin=origin, code="E1205", reason="statementID is missing")
        details, status = _as_present(element, kind), "new"
        replaces = tuple(str(one) for one in element.get("replacesStatements", ()))
    else:
        return Reject(origin=origin, code="E1201", reason="neither recordType nor statementType: not a BODS statement")
    if kind not in {"entity", "person", "relationship"}:
        return Reject(origin=origin, code="E1212", reason=f"the recordType {kind[:80]!r} is unknown")
    if kind == "relationship" and not isinstance(details.get("subject"), str):
        return Reject(origin=origin, code="E1205", reason="the relationship has no subject")
    date = str(element.get("statementDate") or "")
    return _Version(record, kind, status, date, details, origin, replaces)


def _as_present(element: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """A statement of version 0.2 or 0.3 with the details as version 0.4 has them."""
    details = dict(element)
    if kind == "entity":
        jurisdiction = element.get("incorporatedInJurisdiction") or element.get("jurisdiction")
        details |= {"entityType": {"type": element.get("entityType")}, "jurisdiction": jurisdiction}
    if kind == "relationship":
        subject, party = element.get("subject") or {}, element.get("interestedParty") or {}
        details["subject"] = subject.get("describedByEntityStatement")
        details["interestedParty"] = (
            party.get("describedByEntityStatement")
            or party.get("describedByPersonStatement")
            or party.get("unspecified")
        )
        details["interests"] = [
            {**one, "directOrIndirect": one.get("directOrIndirect") or one.get("interestLevel")}
            for one in element.get("interests", ())
        ]
    return details


def _same_record(versions: Sequence[_Version]) -> Iterator[_Version]:
    # Before 0.4 a new version has a new id and names the one it replaces: the first id stands for the record.
    first: dict[str, str] = {}
    for version in sorted(versions, key=lambda one: (one.date, one.origin.record)):
        record = version.record
        for replaced in version.replaces:
            record = first.get(replaced, replaced)
        first[version.record] = record
        yield replace(version, record=record)


def _party(history: Sequence[_Version]) -> Iterator[Statement]:
    latest = next((version for version in reversed(history) if version.status != "closed"), history[-1])
    for version in history:
        properties, flags = _properties(version)
        if version is not latest:
            names = tuple(properties.get("name", ())) or ("",)
            yield Detail(entity=f"bods-{version.record}", property="name", values=names, origin=version.origin)
            continue
        details = version.details
        countries = _countries(details)
        named = properties.get("name", ())
        schema = "Person" if version.kind == "person" else _SCHEMATA.get(_kind(details), "LegalEntity")
        yield Entity(
            id=f"bods-{version.record}",
            schema=schema,
            caption=named[0] if named else _unnamed(details),
            origin=version.origin,
            country=countries[0] if countries else None,
            countries=countries,
            topics=("role.pep",) if (details.get("politicalExposure") or {}).get("status") == "isPep" else (),
            flags=tuple(flags),
            first_seen=history[0].date or None,
            last_seen=history[-1].date or None,
            properties=properties,
        )


def _kind(details: Mapping[str, Any]) -> str:
    kind = details.get("entityType")
    return str(kind.get("type")) if isinstance(kind, dict) else str(kind)


def _unnamed(details: Mapping[str, Any]) -> str:
    reason = (details.get("unspecifiedPersonDetails") or details.get("unspecifiedEntityDetails") or {}).get("reason")
    return f"Unnamed party ({reason})" if reason else "Unnamed party"


def _properties(version: _Version) -> tuple[dict[str, list[str]], list[str]]:
    details = version.details
    found: dict[str, list[str]] = {}

    def add(name: str, *values: Any) -> None:
        kept = [str(value) for value in values if value not in (None, "")]
        if kept:
            found[name] = [*found.get(name, ()), *(value for value in kept if value not in found.get(name, ()))]

    add("name", details.get("name"), *(one.get("fullName") for one in details.get("names", ())))
    add("alias", *details.get("alternateNames", ()))
    add("birthDate", details.get("birthDate"))
    add("deathDate", details.get("deathDate"))
    add("incorporationDate", details.get("foundingDate"))
    add("dissolutionDate", details.get("dissolutionDate"))
    add("nationality", *(_code(one) for one in details.get("nationalities", ())))
    add("jurisdiction", _code(details.get("jurisdiction")))
    add("registrationNumber", *(one.get("id") for one in details.get("identifiers", ())))
    add("address", *(one.get("address") for one in details.get("addresses", ())))
    add("country", *(_code(one.get("country")) for one in details.get("addresses", ())))
    kind = details.get("entityType")
    if isinstance(kind, dict):
        add("legalForm", kind.get("subtype"), kind.get("details"))
    unspecified = details.get("unspecifiedPersonDetails") or details.get("unspecifiedEntityDetails") or {}
    add("notes", unspecified.get("reason"), unspecified.get("description"))
    flags = ["unspecified"] if unspecified or details.get("personType") in {"anonymousPerson", "unknownPerson"} else []
    return found, flags


def _countries(details: Mapping[str, Any]) -> tuple[str, ...]:
    jurisdiction = _code(details.get("jurisdiction"))
    addresses = [_code(one.get("country")) for one in details.get("addresses", ())]
    return tuple(dict.fromkeys(code for code in (jurisdiction, *addresses) if code))


def _code(place: Any) -> str | None:
    if not isinstance(place, dict):
        return alpha2(place) if isinstance(place, str) else None
    code = str(place.get("code") or "")[:2]  # US-DE is a part of US
    return alpha2(code) or alpha2(str(place.get("name") or ""))


def _relationship(history: Sequence[_Version]) -> Iterator[Statement]:
    described: set[str] = set()
    for place, version in enumerate(history):
        if version.status == "closed":
            yield Skip(origin=version.origin, reason="closes a relationship: its end date is on the version before it")
            continue
        later = history[place + 1] if place + 1 < len(history) else None
        yield from _interests(version, _start(later) if later else None, described)


def _start(later: _Version) -> str | None:
    starts = [str(one["startDate"]) for one in later.details.get("interests", ()) if one.get("startDate")]
    return max(starts) if starts and later.status != "closed" else later.date or None


def _interests(version: _Version, ended: str | None, described: set[str]) -> Iterator[Statement]:
    details, subject = version.details, f"bods-{version.details['subject']}"
    party = details.get("interestedParty")
    named = isinstance(party, str) and bool(party)
    holder = f"bods-{party}" if named else f"bods-unspecified-{version.record}"
    flags = [
        name for name, key in (("component", "isComponent"), ("has_components", "componentRecords")) if details.get(key)
    ]
    if ended:
        flags.append("superseded")
    links = []
    for number, interest in enumerate(details.get("interests") or [{}], start=1):
        edge_class, schema, name = kind_of(interest.get("type"))
        try:
            share = interval(interest.get("share"))
        except ValueError as error:
            yield Reject(origin=version.origin, code="E1208", reason=str(error), column="share")
            return
        indirect = interest.get("directOrIndirect") == "indirect"
        links.append(
            Link(
                id=f"{version.record}-{version.origin.record}-{number}",
                edge_class=edge_class,
                schema=schema,
                source=holder,
                target=subject,
                origin=version.origin,
                role=f"indirect {name}" if indirect else name,
                share_min_ppm=share[0] if share else None,
                share_max_ppm=share[1] if share else None,
                start_date=interest.get("startDate"),
                end_date=interest.get("endDate") or ended,
                flags=(*flags, "indirect") if indirect else tuple(flags),
                properties=_interest_properties(interest),
            )
        )
    if not named and holder not in described:
        described.add(holder)
        yield _unspecified(holder, party if isinstance(party, dict) else {}, version.origin)
    yield from links


def _unspecified(holder: str, party: Mapping[str, Any], origin: Origin) -> Entity:
    reason = str(party.get("reason") or "no reason given")
    notes = [text for text in (reason, party.get("description")) if text]
    return Entity(
        id=holder,
        schema="LegalEntity",
        caption=f"Unnamed party ({reason})",
        origin=origin,
        flags=("unspecified",),
        missing=True,
        properties={"notes": [str(text) for text in notes]},
    )


def _interest_properties(interest: Mapping[str, Any]) -> dict[str, list[str]]:
    found = {"description": interest.get("details"), "status": interest.get("directOrIndirect")}
    owner = interest.get("beneficialOwnershipOrControl")
    if owner is not None:
        found["summary"] = "beneficial ownership or control" if owner else "not beneficial ownership or control"
    return {name: [str(value)] for name, value in found.items() if value}

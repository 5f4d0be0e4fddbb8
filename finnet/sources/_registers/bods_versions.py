"""Statements of the Beneficial Ownership Data Standard, 0.2 to 0.4, in the words of 0.4, one record's together."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from finnet.errors import InputError, quoted
from finnet.model.reading import SourceFile
from finnet.model.statement import Origin, Reject

__all__ = ["Version", "elements", "histories", "parts", "version_of"]

_KINDS = {"entityStatement": "entity", "personStatement": "person", "ownershipOrControlStatement": "relationship"}


@dataclass(frozen=True, slots=True)
class Version:
    """One statement about a record: ``kind`` is entity, person or relationship, ``status`` new, updated or closed."""

    record: str
    kind: str
    status: str
    date: str  # ISO day, or empty
    details: Mapping[str, Any]
    origin: Origin
    replaces: tuple[str, ...] = field(default=())


def elements(file: SourceFile) -> Iterator[tuple[int, int, Any]]:
    """(number, byte offset, element) of a JSON array or of JSON lines; None for an element that is not valid JSON.

    Raises: InputError for a file that is not UTF-8, or whose array cannot be read to its end.
    """
    with file.path.open("rb") as stream:
        lead = stream.read(3) == b"\xef\xbb\xbf"
        stream.seek(3 if lead else 0)
        first = stream.read(65_536).lstrip()[:1]
    if first == b"{":
        yield from _lines(file, 3 if lead else 0)
    else:
        yield from _array(file, 3 if lead else 0)


def version_of(element: Any, origin: Origin) -> Version | Reject:
    """The element as a version of a record, or why it is none."""
    if not isinstance(element, dict):
        return Reject(origin=origin, code="E1201", reason="the element is not a JSON object")
    replaces: tuple[str, ...] = ()
    if "recordType" in element:
        details = element.get("recordDetails")
        if not isinstance(element.get("recordId"), str) or not isinstance(details, dict):
            return Reject(origin=origin, code="E1205", reason="recordId or recordDetails is missing")
        kind, record = str(element["recordType"]), element["recordId"]
        status = str(element.get("recordStatus") or "new")
    elif "statementType" in element:
        kind = _KINDS.get(str(element["statementType"]), str(element["statementType"]))
        record = str(element.get("statementID") or element.get("statementId") or "")
        if not record:
            return Reject(origin=origin, code="E1205", reason="statementID is missing")
        details, status = _as_present(element, kind), "new"
        replaces = tuple(str(one) for one in element.get("replacesStatements") or ())
    else:
        return Reject(origin=origin, code="E1201", reason="neither recordType nor statementType: not a BODS statement")
    if kind not in {"entity", "person", "relationship"}:
        return Reject(origin=origin, code="E1212", reason=f"the kind of statement {quoted(kind)} is unknown")
    if kind == "relationship" and not (isinstance(details.get("subject"), str) and details["subject"]):
        return Reject(origin=origin, code="E1205", reason="the relationship has no subject")
    return Version(record, kind, status, str(element.get("statementDate") or "")[:10], details, origin, replaces)


def histories(versions: Sequence[Version]) -> dict[str, list[Version]]:
    """The versions of each record, oldest first, by record in order.

    Before 0.4 each version has an id of its own and names the one it replaces: the id of the first of them stands for
    the record, also where others refer to it.
    """
    replaced = {version.record: version.replaces[0] for version in versions if version.replaces}

    def first(record: str) -> str:
        seen = set()
        while record in replaced and record not in seen:
            seen.add(record)
            record = replaced[record]
        return record

    found: dict[str, list[Version]] = {}
    for version in sorted(versions, key=lambda one: (one.date, one.origin.file, one.origin.record)):
        details = version.details
        if replaced and version.kind == "relationship":
            party = details.get("interestedParty")
            details = {
                **details,
                "subject": first(details["subject"]),
                "interestedParty": first(party) if isinstance(party, str) else party,
                "componentRecords": [first(str(one)) for one in details.get("componentRecords") or ()],
            }
        found.setdefault(first(version.record), []).append(
            replace(version, record=first(version.record), details=details)
        )
    return dict(sorted(found.items()))


def parts(details: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The objects in a list of objects; what is none is left out."""
    found = details.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _as_present(element: Mapping[str, Any], kind: str) -> dict[str, Any]:
    details = dict(element)
    if kind == "entity":
        jurisdiction = element.get("incorporatedInJurisdiction") or element.get("jurisdiction")
        details |= {"entityType": {"type": element.get("entityType")}, "jurisdiction": jurisdiction}
    if kind == "relationship":
        subject, party = _object(element.get("subject")), _object(element.get("interestedParty"))
        details["subject"] = subject.get("describedByEntityStatement")
        details["interestedParty"] = (
            party.get("describedByEntityStatement")
            or party.get("describedByPersonStatement")
            or party.get("unspecified")
        )
        details["componentRecords"] = element.get("componentStatementIDs")
        details["interests"] = [
            {**one, "directOrIndirect": one.get("directOrIndirect") or one.get("interestLevel")}
            for one in parts(element, "interests")
        ]
    return details


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _lines(file: SourceFile, offset: int) -> Iterator[tuple[int, int, Any]]:
    import orjson

    number = 0
    with file.path.open("rb") as stream:
        stream.seek(offset)
        for line in stream:
            start, offset = offset, offset + len(line)
            if not line.strip():
                continue
            number += 1
            try:
                yield number, start, orjson.loads(line)
            except orjson.JSONDecodeError:
                if not line.endswith(b"\n"):
                    raise InputError(
                        f"{quoted(file.name)} record {number}: not valid JSON: the file ends too early",
                        code="E1102",
                    ) from None
                yield number, start, None


def _array(file: SourceFile, lead: int) -> Iterator[tuple[int, int, Any]]:
    content = file.path.read_bytes()[lead:]
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise InputError(f"{quoted(file.name)}: not valid UTF-8 at byte {lead + error.start}", code="E1103") from error
    decoder = json.JSONDecoder()
    place = _skip(text, 0, " \t\r\n")
    if text[place : place + 1] != "[":
        raise InputError(f"{quoted(file.name)}: neither a JSON array nor JSON lines", code="E1100")
    place = _skip(text, place + 1, " \t\r\n")
    offset, measured, number = lead, 0, 0
    while place < len(text) and text[place] != "]":
        number += 1
        offset, measured = offset + len(text[measured:place].encode()), place
        try:
            element, place = decoder.raw_decode(text, place)
        except (json.JSONDecodeError, RecursionError) as error:
            raise InputError(f"{quoted(file.name)} record {number}: not valid JSON: {error}", code="E1201") from error
        yield number, offset, element
        place = _skip(text, place, " \t\r\n,")
    if place >= len(text):
        raise InputError(f"{quoted(file.name)}: the JSON array is not closed: the file ends too early", code="E1102")


def _skip(text: str, place: int, characters: str) -> int:
    while place < len(text) and text[place] in characters:
        place += 1
    return place

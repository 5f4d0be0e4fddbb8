"""One record of the UN consolidated list as a party: names, dates, documents, addresses, as the list has them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from finnet.model.countries import alpha2
from finnet.sources._lists.names import ALIAS, OWN_WORDS, PRIMARY, WEAK, key_of
from finnet.sources._lists.un_xml import Node, Record

__all__ = ["UnEntry", "entry_of", "name_of"]

_NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_QUALITY = {
    "good": ("alias", ALIAS),
    "low": ("weakAlias", WEAK),
    "a.k.a.": ("alias", ALIAS),
    "f.k.a.": ("previousName", ALIAS),
    "": ("alias", ALIAS),
}
_PASSPORT = re.compile(r"pass?e?port|pasaporte", re.IGNORECASE)
_EARLIER = re.compile(r"\b(?:previous(?:ly)?|former(?:ly)?|until)\b", re.IGNORECASE)
_DATE = re.compile(r"^\d{4}(?:-\d{2}(?:-\d{2})?)?")
_GENDER = re.compile(r"\bGender:\s*(male|female)\b", re.IGNORECASE)
_SWIFT = re.compile(r"\bSWIFT(?:/BIC)?\s*:?\s*([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\b")
_IMO = re.compile(r"\bIMO(?:\s+number)?:?\s*(\d{7})\b", re.IGNORECASE)
_SUBJECT = re.compile(r"^(?:The\s+)?(?P<subject>[A-Z][^.,;()]{2,60}?)(?:,\s+which)?\s+(?:is|was|has|acts|operates)\b")
_EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")


@dataclass(slots=True, kw_only=True)
class UnEntry:
    """A party of the list; ``names`` says how strongly each name stands for it."""

    id: str
    schema: str
    name: str
    record: Record
    reference: str
    program: str
    listed_on: str | None
    amended_on: tuple[str, ...]
    comment: str
    titles: tuple[str, ...]
    names: list[tuple[str, int]] = field(default_factory=list)
    properties: dict[str, list[str]] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)

    def add(self, name: str, *values: str | None) -> None:
        """Keep the values that are there, each once."""
        for value in values:
            if value and value not in self.properties.get(name, ()):
                self.properties.setdefault(name, []).append(value)


def entry_of(record: Record, number: str, name: str) -> UnEntry:
    """The party that the record describes."""
    node, is_person = record.node, record.node.name == "INDIVIDUAL"
    entry = UnEntry(
        id=f"un-{number}",
        schema="Person" if is_person else "Organization",
        name=name,
        record=record,
        reference=node.value("REFERENCE_NUMBER"),
        program=node.value("UN_LIST_TYPE"),
        listed_on=_iso(node.value("LISTED_ON")),
        amended_on=tuple(date for value in node.values("LAST_DAY_UPDATED", "VALUE") if (date := _iso(value))),
        comment=node.paragraphs("COMMENTS1"),
        titles=node.values("DESIGNATION", "VALUE"),
    )
    entry.names.append((name, PRIMARY))
    entry.add("name", name, node.value("NAME_ORIGINAL_SCRIPT"))
    entry.add("notes", entry.comment)
    _aliases(entry, node, f"{node.name}_ALIAS")
    _addresses(entry, node, f"{node.name}_ADDRESS")
    if is_person:
        _person(entry, node)
    _from_comment(entry, is_person=is_person)
    return entry


def name_of(node: Node) -> str:
    """The parts of the name in the list's order."""
    return " ".join(part for name in _NAMES if (part := node.value(name)))


def _aliases(entry: UnEntry, node: Node, tag: str) -> None:
    for alias in node.all(tag):
        name = alias.value("ALIAS_NAME")
        if not name:
            continue
        property_name, strength = _QUALITY.get(alias.value("QUALITY").lower(), ("alias", ALIAS))
        entry.add(property_name, name)
        entry.names.append((name, strength))
        about = [f"{label} {alias.value(tag)}" for label, tag in _ABOUT_ALIAS if alias.value(tag)]
        if about:
            entry.add("notes", f"{name}: {'; '.join(about)}")


_ABOUT_ALIAS = (
    ("date of birth", "DATE_OF_BIRTH"),
    ("city of birth", "CITY_OF_BIRTH"),
    ("country of birth", "COUNTRY_OF_BIRTH"),
    ("note", "NOTE"),
)


def _addresses(entry: UnEntry, node: Node, tag: str) -> None:
    for address in node.all(tag):
        parts = [address.value(part) for part in ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")]
        full, note = ", ".join(part for part in parts if part), address.value("NOTE")
        entry.add("address", full)
        if note:
            entry.add("notes", f"Address {full}: {note}" if full else f"Address: {note}")
        code = alpha2(parts[-1]) if parts[-1] else None
        if code and not _EARLIER.search(note):  # where somebody no longer is, nobody can act
            entry.add("country", code)
            if code not in entry.addresses:
                entry.addresses.append(code)


def _person(entry: UnEntry, node: Node) -> None:
    entry.add("firstName", node.value("FIRST_NAME"))
    entry.add("secondName", node.value("SECOND_NAME"))
    entry.add("title", *node.values("TITLE", "VALUE"))
    entry.add("position", *entry.titles)
    entry.add("gender", node.value("GENDER").lower())
    entry.add("nationality", *(alpha2(value) for value in node.values("NATIONALITY", "VALUE")))
    for born in node.all("INDIVIDUAL_DATE_OF_BIRTH"):
        dates, words = _birth(born)
        entry.add("birthDate", *dates)
        entry.add("notes", words)
    for place in node.all("INDIVIDUAL_PLACE_OF_BIRTH"):
        parts = [place.value(part) for part in ("STREET", "CITY", "STATE_PROVINCE", "COUNTRY")]
        entry.add("birthPlace", ", ".join(part for part in parts if part))
        entry.add("birthCountry", alpha2(parts[-1]) if parts[-1] else None)
        entry.add("notes", f"Place of birth: {note}" if (note := place.value("NOTE")) else None)
    for document in node.all("INDIVIDUAL_DOCUMENT"):
        _document(entry, document)


def _birth(born: Node) -> tuple[tuple[str, ...], str | None]:
    """The dates, and the list's words where they are not exact: both ends of a range, the year that is about right."""
    kind, note = born.value("TYPE_OF_DATE"), born.value("NOTE")
    ends = [_iso(born.value("FROM_YEAR")), _iso(born.value("TO_YEAR"))]
    dates = [_iso(born.value("DATE")) or _iso(born.value("YEAR")), *ends]
    kept = tuple(dict.fromkeys(date for date in dates if date))
    if kind in {"", "EXACT"} and not note:
        return kept, None
    words = " to ".join(kept)
    about = "; ".join(part for part in (kind.lower() if kind != "EXACT" else "", words, note) if part)
    return kept, f"Date of birth: {about}" if about else None


def _document(entry: UnEntry, document: Node) -> None:
    kind = " ".join(part for tag in ("TYPE_OF_DOCUMENT", "TYPE_OF_DOCUMENT2") if (part := document.value(tag)))
    number = document.value("NUMBER")
    if number:
        entry.add("passportNumber" if _PASSPORT.search(kind) else "idNumber", number)
    details = [
        document.value(tag) for tag in ("ISSUING_COUNTRY", "COUNTRY_OF_ISSUE", "CITY_OF_ISSUE", "DATE_OF_ISSUE", "NOTE")
    ]
    words = "; ".join(part for part in (kind, number, *details) if part)
    if any(details) or (kind and not number):
        entry.add("notes", f"Document: {words}")


def _from_comment(entry: UnEntry, *, is_person: bool) -> None:
    """What has a form of its own in the comments; the comment itself is kept whole."""
    if is_person:
        if "gender" not in entry.properties and (match := _GENDER.search(entry.comment)):
            entry.add("gender", match[1].lower())
        return
    # "Daesong Bank is owned by …" in the entry of Korea Daesong Bank: a short name, as the long one holds its words.
    if (match := _SUBJECT.match(entry.comment)) is not None:
        words = f" {key_of(match['subject'])} "
        if any(words in f" {key_of(name)} " for name, _ in entry.names):
            entry.names.append((match["subject"], OWN_WORDS))
    entry.add("swiftBic", *_SWIFT.findall(entry.comment))
    entry.add("registrationNumber", *(f"IMO {number}" for number in _IMO.findall(entry.comment)))
    entry.add("email", *_EMAIL.findall(entry.comment))


def _iso(text: str) -> str | None:
    match = _DATE.match(text.strip())
    return match[0] if match else None

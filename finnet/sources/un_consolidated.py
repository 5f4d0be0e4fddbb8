"""The UN Security Council's consolidated list as XML: individuals and entities of all its sanctions committees."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from types import MappingProxyType

from finnet.errors import InputError, quoted
from finnet.model.reading import Head, Reading, ReadOptions, SourceFile
from finnet.model.statement import Counted, Entity, Link, Listing, Origin, Reject, Skip, Statement
from finnet.sources._lists.names import NameIndex, Stubs
from finnet.sources._lists.ties import Side, Ties, Title
from finnet.sources._lists.un_comments import offices_in, ties_in
from finnet.sources._lists.un_entries import UnEntry, entry_of, name_of
from finnet.sources._lists.un_xml import ROOT, Document, Record, parse

__all__ = ["GRADE", "IS_LIST", "TITLE", "TOGETHER", "read", "sniff"]

TITLE = "UN Security Council consolidated list, XML"
GRADE = "A1"
IS_LIST = True
TOGETHER = False

AUTHORITY = "UN"
LICENCE = "UN terms of use"


def sniff(head: Head) -> bool:
    """Whether the root element, or a document type before it, is the list's."""
    return re.search(rb"<(?:!DOCTYPE\s+|[\w.-]+:)?" + ROOT.encode() + rb"[\s>\[]", head.start) is not None


def read(files: Sequence[SourceFile], options: ReadOptions) -> Reading:
    """The list as statements; DATAID gives a party's id, ``un-<DATAID>``.

    Raises: InputError with file and line if the file is not the whole list, or holds what no list needs.
    """
    if len(files) != 1:
        names = ", ".join(quoted(file.name) for file in files)
        raise InputError(f"{names}: the consolidated list is one file; give one version of it")
    file = files[0]
    document = parse(file.path, file.name)
    dated = document.generated[:10] if re.match(r"\d{4}-\d{2}-\d{2}", document.generated) else None
    return Reading(
        dataset=options.dataset or "un_consolidated",
        title=TITLE,
        list_date=dated or options.retrieved_on,
        licence=LICENCE,
        statements=_statements(file, document, dated or options.retrieved_on),
    )


def _statements(file: SourceFile, document: Document, seen_on: str | None) -> Iterator[Statement]:
    entries: list[UnEntry] = []
    seen: dict[str, list[UnEntry]] = {}
    for record in document.records:
        number, name = record.node.value("DATAID"), name_of(record.node)
        twin = next((held for held in seen.get(number, ()) if held.record.node == record.node), None)
        if not number or not name:
            column = "FIRST_NAME" if number else "DATAID"
            reason = f"{column} is missing; a party needs {'a name' if number else 'its number on the list'}"
            yield Reject(
                origin=_origin(file, record), code="E1205", reason=reason, column=column, raw=_raw(file, record)
            )
        elif twin is not None:
            reason = f"duplicate: the same as record {twin.record.number}"
            yield Skip(origin=_origin(file, record), reason=reason)
        else:
            entries.append(entry_of(record, number, name))
            seen.setdefault(number, []).append(entries[-1])
    names, stubs = NameIndex(), Stubs("un")
    for entry in entries:
        for name, strength in entry.names:
            names.add(name, entry.id, strength)
    ties = Ties(
        names=names,
        stubs=stubs,
        countries={entry.id: tuple(entry.addresses) for entry in entries},
        bodies=frozenset(entry.id for entry in entries if entry.schema == "Organization"),
    )
    references = {entry.reference.lower(): entry.id for entry in entries if entry.reference}
    links: list[Link] = []
    for entry in entries:
        origin = _origin(file, entry.record)
        links.extend(_links(entry, origin, ties, references))
        yield _entity(entry, origin, seen_on)
        yield _listing(entry, origin)
    yield from stubs.made.values()
    yield from links
    yield Counted(file=file.name, records=len(document.records))


def _links(entry: UnEntry, origin: Origin, ties: Ties, references: dict[str, str]) -> Iterator[Link]:
    side = Side(
        entity=entry.id,
        origin=origin,
        addresses=tuple(entry.addresses),
        nationalities=tuple(entry.properties.get("nationality", ())),
    )
    represented: set[str] = set()
    if entry.schema == "Person":
        held = tuple(Title(text=title) for title in entry.titles)
        worded = (Title(text=text, basis="derived", flags=("from_comments",)) for text in offices_in(entry.comment))
        for link in ties.representations(side, (*held, *worded)):
            represented.add(link.target)
            yield link
        for link in ties.posts(side, held):
            represented.add(link.target)
            yield link
    for tie in ties_in(entry.comment, ties.names, references, entry.id):
        if tie.role or tie.entity not in represented:
            yield ties.worded(side, tie.entity, role=tie.role, text=tie.text)


def _entity(entry: UnEntry, origin: Origin, seen_on: str | None) -> Entity:
    return Entity(
        id=entry.id,
        schema=entry.schema,
        caption=entry.name,
        origin=origin,
        country=entry.addresses[0] if entry.addresses else None,
        countries=tuple(entry.addresses),
        first_seen=seen_on,
        last_seen=seen_on,
        properties=MappingProxyType({name: tuple(values) for name, values in sorted(entry.properties.items())}),
    )


def _listing(entry: UnEntry, origin: Origin) -> Listing:
    return Listing(
        entity=entry.id,
        authority=AUTHORITY,
        origin=origin,
        program=entry.program or None,
        reference=entry.reference or None,
        listed_on=entry.listed_on,
        properties=MappingProxyType({"modifiedAt": entry.amended_on} if entry.amended_on else {}),
    )


def _origin(file: SourceFile, record: Record) -> Origin:
    return Origin(file.name, record.number, record.byte_offset)


def _raw(file: SourceFile, record: Record) -> bytes:
    with file.path.open("rb") as stream:
        stream.seek(record.byte_offset)
        return stream.read(record.end - record.byte_offset)

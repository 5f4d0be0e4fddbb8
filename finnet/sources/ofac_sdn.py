"""OFAC's SDN list in its legacy CSV form: sdn, alt, add and sdn_comments together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from finnet.errors import InputError, quoted
from finnet.model.reading import Head, Reading, ReadOptions, SourceFile
from finnet.model.statement import Entity, Link, Listing, Statement
from finnet.sources._lists.legacy_csv import LONGEST_LINE, role_of
from finnet.sources._lists.names import Stubs
from finnet.sources._lists.ofac_entries import Entries, Entry
from finnet.sources._lists.ties import Side, Ties, Title

__all__ = ["GRADE", "IS_LIST", "TITLE", "TOGETHER", "read", "sniff"]

TITLE = "OFAC SDN list, legacy CSV"
GRADE = "A1"
IS_LIST = True
TOGETHER = True

AUTHORITY = "OFAC"
LICENCE = "US public domain"


def sniff(head: Head) -> bool:
    """Whether the first line has the columns of one of the four files, none of which has a header."""
    role = role_of(head.start.partition(b"\n")[0])
    # A number and a text, or two numbers and four more fields, are too common to go by without the name.
    return (
        role in {"sdn", "alt"} or (role == "add" and "add" in head.name) or (role == "comments" and role in head.name)
    )


def read(files: Sequence[SourceFile], options: ReadOptions) -> Reading:
    """The list as statements; a party's number on the list gives its id, ``ofac-<ent_num>``.

    Raises: InputError if there is no sdn file, two of one kind, or one of another format.
    """
    by_role = _by_role(files)
    is_consolidated = by_role["sdn"].name.lower().startswith("cons_")  # OFAC's other lists come in the same form
    return Reading(
        dataset=options.dataset or ("ofac_cons" if is_consolidated else "ofac_sdn"),
        title=TITLE,
        list_date=options.retrieved_on,
        licence=LICENCE,
        statements=_statements(by_role, options.retrieved_on),
    )


def _by_role(files: Sequence[SourceFile]) -> dict[str, SourceFile]:
    found: dict[str, SourceFile] = {}
    for file in files:
        with file.path.open("rb") as stream:
            first = stream.readline(LONGEST_LINE + 1).removeprefix(b"\xef\xbb\xbf")
        if not first:
            raise InputError(f"{quoted(file.name)}: the file is empty; give the list as it was published", code="E1108")
        role = role_of(first)
        if role is None:
            raise InputError(
                f"{quoted(file.name)} record 1: no line of an sdn (12 columns), add (6), alt (5) or sdn_comments (2) "
                "file; these have no header, and a number stands in front"
            )
        if role in found:
            other = quoted(found[role].name)
            raise InputError(f"{quoted(file.name)}: a second {role} file beside {other}; give one version of the list")
        found[role] = file
    if "sdn" not in found:
        names = ", ".join(quoted(file.name) for file in files)
        raise InputError(f"{names}: adds to parties that are not here; give the sdn file in the same command")
    return found


def _statements(files: Mapping[str, SourceFile], seen_on: str | None) -> Iterator[Statement]:
    entries = Entries(files)
    yield from entries.read()
    stubs = Stubs("ofac")
    ties = Ties(
        names=entries.names,
        stubs=stubs,
        countries={entry.id: tuple(entry.addresses) for entry in entries.all},
        bodies=frozenset(entry.id for entry in entries.all if entry.schema == "LegalEntity"),
    )
    links: list[Link] = []
    for entry in entries.all:
        links.extend(_links(entry, ties))
        yield _entity(entry, seen_on)
        yield from _listings(entry)
    yield from stubs.made.values()
    yield from links


def _entity(entry: Entry, seen_on: str | None) -> Entity:
    # A ship is counted under its flag, a party under its first address that has a country; never under a nationality.
    countries = tuple(dict.fromkeys((*entry.addresses, *entry.properties.get("flag", ()))))
    return Entity(
        id=entry.id,
        schema=entry.schema,
        caption=entry.name,
        origin=entry.row.origin,
        country=countries[0] if countries else None,
        countries=countries,
        flags=tuple(entry.flags),
        first_seen=seen_on,
        last_seen=seen_on,
        properties=MappingProxyType({name: tuple(values) for name, values in sorted(entry.properties.items())}),
    )


def _listings(entry: Entry) -> Iterator[Listing]:
    provisions = entry.remarks.provisions
    for program in entry.programs or (None,):
        yield Listing(
            entity=entry.id,
            authority=AUTHORITY,
            origin=entry.row.origin,
            program=program,
            reference=entry.row.entry,
            properties=MappingProxyType({"provisions": provisions} if provisions else {}),
        )


def _links(entry: Entry, ties: Ties) -> Iterator[Link]:
    named = entry.remarks.linked_to
    side = Side(
        entity=entry.id,
        origin=entry.row.origin,
        addresses=tuple(entry.addresses),
        nationalities=(*entry.properties.get("nationality", ()), *entry.properties.get("citizenship", ())),
        principals=named,
    )
    for place, name in enumerate(named, start=1):
        is_cut = entry.remarks.is_cut and place == len(named)
        yield ties.linked(side, name, is_cut=is_cut)
    if entry.schema == "Person":
        titles = tuple(Title(text=title) for title in entry.titles)
        yield from ties.representations(side, titles)
        yield from ties.posts(side, titles)
    if entry.schema == "Vessel" and (owner := entry.row.fields[10]):
        yield ties.owner(side, owner)

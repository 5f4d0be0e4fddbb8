"""Derive the rows of the sample ``dprk`` from the OFAC and UN lists, and compare them with the rows that ship.

    python tools/dprk_sample.py ../shared/data            # what differs from the shipped rows
    python tools/dprk_sample.py ../shared/data --write    # write them anew, for a person to review before committing

The rule: every representative of a bank or trading company of the DPRK whom the UN or OFAC lists, the principal, and
the parties that the same entries (the representative's and the principal's) link. Facts only: who, for whom, where,
since when listed, which entry says so. No birth dates, no document numbers, no payments.

Two entries, one of each list, are one party only if an identifier agrees (passport, SWIFT/BIC) or two attributes do
(name and birth date, name and country, name and alias); the column ``same_because`` says which.

A principal that a list names in other words than its own entry ("Daesong Bank") is that entry if the words stand in its
name and the same agent's entry on the other list names it; the column ``principal_as`` has the words.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from finnet.model.reading import ReadOptions, SourceFile
from finnet.model.statement import Entity, Link, Listing
from finnet.sources import ofac_sdn, un_consolidated
from finnet.sources._lists.names import key_of

FACTS = Path(__file__).resolve().parent.parent / "finnet" / "samples" / "dprk_facts"
TABLES: Mapping[str, tuple[str, ...]] = {
    "parties.csv": (
        "id", "schema", "name", "country", "part", "un_reference", "un_listed_on", "un_amended_on", "ofac_uid",
        "ofac_programs", "same_because",
    ),
    "representations.csv": (
        "agent", "principal", "principal_as", "role", "host", "host_from", "tense", "basis", "said_by",
    ),
    "links.csv": ("source", "target", "words", "basis", "said_by"),
}  # fmt: skip

# A bank or trading company by its own name; ministries and offices are neither.
_TRADES = re.compile(r"\b(?:bank|banking|trading|corporation|corp|company|co)\b", re.IGNORECASE)
_HOSTS = {"host_from_address": "address", "host_unknown": "", "host_unresolved": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """One list as read: its entities, listings and links."""

    authority: str
    entities: Mapping[str, Entity]
    listings: Mapping[str, Sequence[Listing]]
    links: Sequence[Link]

    def is_korean(self, entity: str) -> bool:
        """Whether the entry is under a DPRK programme, or its text speaks of North Korea."""
        notes = " ".join(self.entities[entity].properties.get("notes", ()))
        programs = " ".join(listing.program or "" for listing in self.listings.get(entity, ()))
        return "DPRK" in programs or "North Korea" in notes


@dataclass(slots=True)
class Party:
    """A row of parties.csv while it is put together."""

    entities: list[tuple[List, Entity]] = field(default_factory=list)
    parts: set[str] = field(default_factory=set)
    same_because: str = ""

    @property
    def id(self) -> str:
        """The UN's reference number, else OFAC's uid, else the folded name of a party that no entry describes."""
        return next((self.of(authority) for authority in ("UN", "OFAC") if self.of(authority)), self._unlisted())

    def of(self, authority: str) -> str:
        """The reference in that authority's list, ``OFAC-`` in front of a bare number."""
        for listed, entity in self.entities:
            listings = listed.listings.get(entity.id, ())
            if listed.authority == authority and listings and listings[0].reference:
                return listings[0].reference if authority == "UN" else f"OFAC-{listings[0].reference}"
        return ""

    @property
    def is_listed(self) -> bool:
        """Whether any list has an entry for the party."""
        return bool(self.of("UN") or self.of("OFAC"))

    def _unlisted(self) -> str:
        return "unlisted-" + key_of(self.entities[0][1].caption).replace(" ", "-")

    def row(self) -> dict[str, str]:
        """The row, facts of the UN's entry first."""
        by_authority = {listed.authority: (listed, entity) for listed, entity in self.entities}
        first = by_authority.get("UN") or by_authority["OFAC"]
        un = [listing for listed, entity in self.entities for listing in listed.listings.get(entity.id, ())
              if listed.authority == "UN"]  # fmt: skip
        ofac = [listing for listed, entity in self.entities for listing in listed.listings.get(entity.id, ())
                if listed.authority == "OFAC"]  # fmt: skip
        countries = [entity.country for _, entity in self.entities if entity.country]
        is_person = any(entity.schema == "Person" for _, entity in self.entities)
        parts = [part for part in ("representative", "principal", "linked") if part in self.parts]
        return {
            "id": self.id,
            "schema": "Person" if is_person else "Company" if "principal" in self.parts else "Organization",
            "name": first[1].caption,
            "country": "" if is_person or not countries else countries[0],
            "part": parts[0],
            "un_reference": un[0].reference or "" if un else "",
            "un_listed_on": un[0].listed_on or "" if un else "",
            "un_amended_on": max(un[0].properties.get("modifiedAt", ()), default="") if un else "",
            "ofac_uid": ofac[0].reference or "" if ofac else "",
            "ofac_programs": ";".join(listing.program or "" for listing in ofac),
            "same_because": self.same_because,
        }


def read_list(authority: str, paths: Sequence[Path]) -> List:
    """Read a list with finnet's own source."""
    files = [SourceFile(path=path, name=path.name) for path in paths]
    source = ofac_sdn if authority == "OFAC" else un_consolidated
    entities: dict[str, Entity] = {}
    listings: dict[str, list[Listing]] = {}
    links: list[Link] = []
    for statement in source.read(files, ReadOptions()).statements:
        if isinstance(statement, Entity):
            entities[statement.id] = statement
        elif isinstance(statement, Listing):
            listings.setdefault(statement.entity, []).append(statement)
        elif isinstance(statement, Link):
            links.append(statement)
    return List(authority=authority, entities=entities, listings=listings, links=links)


def derive(un: List, ofac: List) -> dict[str, list[dict[str, str]]]:
    """The three tables, rows in order of their ids."""
    parties: dict[str, Party] = {}
    representations: list[tuple[List, Link]] = []
    links: list[tuple[List, Link]] = []
    for listed in (un, ofac):
        chosen = [link for link in listed.links if _is_in_scope(listed, link)]
        representations += [(listed, link) for link in chosen]
        entries = {end for link in chosen for end in (link.source, link.target)}
        links += [(listed, link) for link in listed.links if link.edge_class == "linked" and link.source in entries]
    for listed, link in representations:
        _party(parties, listed, link.source).parts.add("representative")
        _party(parties, listed, link.target).parts.add("principal")
    for listed, link in links:
        _party(parties, listed, link.source)
        _party(parties, listed, link.target).parts.add("linked")
    _join(parties)
    _join_by_agent(parties, [link for _, link in representations])
    return {
        "parties.csv": _sorted(party.row() for party in {id(party): party for party in parties.values()}.values()),
        "representations.csv": _sorted(_representation(parties, listed, link) for listed, link in representations),
        "links.csv": _sorted(_link(parties, listed, link) for listed, link in links),
    }


def _is_in_scope(listed: List, link: Link) -> bool:
    if link.edge_class != "representation":
        return False
    principal = listed.entities[link.target]
    return listed.is_korean(link.source) and _TRADES.search(principal.caption) is not None


def _party(parties: dict[str, Party], listed: List, entity: str) -> Party:
    return parties.setdefault(entity, Party(entities=[(listed, listed.entities[entity])]))


def _join(parties: dict[str, Party]) -> None:
    """Make one party of two entries, one of each list, where the entries agree in enough."""
    un = [key for key, party in parties.items() if party.entities[0][0].authority == "UN"]
    ofac = [key for key, party in parties.items() if party.entities[0][0].authority == "OFAC"]
    reasons = {(a, b): why for a in un for b in ofac if (why := agreement(_first(parties, a), _first(parties, b)))}
    for (a, b), why in sorted(reasons.items()):
        if sum(a in pair for pair in reasons) == sum(b in pair for pair in reasons) == 1:  # never one of several
            one, other = parties[a], parties[b]
            one.entities += other.entities
            one.parts |= other.parts
            one.same_because = why
            parties[b] = one


def _join_by_agent(parties: dict[str, Party], representations: Sequence[Link]) -> None:
    """Let a stub be the principal that the same agent's other entry names, if the stub's words stand in its name."""
    for link in representations:
        stub = _first(parties, link.target)
        if not stub.missing:
            continue
        others = {
            id(parties[o.target]): o.target
            for o in representations
            if o is not link and parties[o.source] is parties[link.source] and not _first(parties, o.target).missing
        }
        if len(others) == 1:
            other = parties[next(iter(others.values()))]
            words = f" {key_of(stub.caption)} "
            names = [key for _, entity in other.entities for name in ("name", "alias") for key in
                     (f" {key_of(text)} " for text in entity.properties.get(name, ()))]  # fmt: skip
            if any(words in name for name in names):
                parties[link.target] = other


def _first(parties: Mapping[str, Party], key: str) -> Entity:
    return parties[key].entities[0][1]


def agreement(one: Entity, other: Entity) -> str:
    """Why two entries are about one party: an identifier, or two attributes; empty if that is not shown."""
    if (one.schema == "Person") != (other.schema == "Person") or one.missing or other.missing:
        return ""

    def shared(*names: str) -> bool:
        left, right = (
            {value for name in names for value in entity.properties.get(name, ())} for entity in (one, other)
        )
        return bool(left & right)

    names, aliases = _keys(one, "name") & _keys(other, "name"), _all_keys(one) & _all_keys(other)
    if one.schema == "Person":
        if shared("passportNumber"):
            return "passport"
        return "name and birth date" if aliases and shared("birthDate") else ""
    if shared("swiftBic"):
        return "SWIFT/BIC"
    if aliases and shared("country"):
        return "name and country"
    return "name and alias" if names and len(aliases) > 1 else ""


def _keys(entity: Entity, *properties: str) -> set[str]:
    """Names in any order of their words: lists disagree on where the family name stands."""
    texts = (re.sub(r"\s*\([^()]*\)$", "", text) for name in properties for text in entity.properties.get(name, ()))
    return {" ".join(sorted(key_of(text).split())) for text in texts}


def _all_keys(entity: Entity) -> set[str]:
    return _keys(entity, "name", "alias", "previousName", "weakAlias")


def _representation(parties: Mapping[str, Party], listed: List, link: Link) -> dict[str, str]:
    flags, named = set(link.flags), listed.entities[link.target]
    said = "comments" if "from_comments" in flags else "title"
    return {
        "agent": parties[link.source].id,
        "principal": parties[link.target].id,
        "principal_as": "" if not named.missing or not parties[link.target].is_listed else named.caption,
        "role": (link.role or "").lower(),
        "host": link.country or "",
        "host_from": next((where for flag, where in _HOSTS.items() if flag in flags), said),
        "tense": "former" if "former" in flags else "served" if "served_as" in flags else "present",
        "basis": link.basis,
        "said_by": _reference(listed, link.source),
    }


def _link(parties: Mapping[str, Party], listed: List, link: Link) -> dict[str, str]:
    return {
        "source": parties[link.source].id,
        "target": parties[link.target].id,
        "words": link.role or "",
        "basis": link.basis,
        "said_by": _reference(listed, link.source),
    }


def _reference(listed: List, entity: str) -> str:
    return f"{listed.authority} {listed.listings[entity][0].reference}"


def _sorted(rows: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(rows, key=lambda row: tuple(row.values()))


def rendered(name: str, rows: Sequence[Mapping[str, str]]) -> str:
    """The table as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, TABLES[name], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def differences(tables: Mapping[str, Sequence[Mapping[str, str]]]) -> Iterator[str]:
    """The lines that are only in the shipped tables (-) or only in those given (+)."""
    for name, rows in tables.items():
        path = FACTS / name
        shipped = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        given = rendered(name, rows).splitlines()
        yield from (f"- {name}: {line}" for line in shipped if line not in set(given))
        yield from (f"+ {name}: {line}" for line in given if line not in set(shipped))


def lists_in(folder: Path) -> tuple[List, List]:
    """The UN's and OFAC's list from a folder laid out like the shared data."""
    un = read_list("UN", [folder / "un" / "UN_consolidated.xml"])
    names = ("sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv")
    return un, read_list("OFAC", [path for name in names if (path := folder / "ofac" / name).is_file()])


def main() -> int:
    """Print the differences; 0 if there are none or they were written, else 3."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("lists", type=Path, help="folder with ofac/ and un/")
    parser.add_argument("--write", action="store_true", help="write the tables into the package")
    arguments = parser.parse_args()
    tables = derive(*lists_in(arguments.lists))
    if arguments.write:
        FACTS.mkdir(exist_ok=True)
        for name, rows in tables.items():
            (FACTS / name).write_text(rendered(name, rows), encoding="utf-8")
        return 0
    found = list(differences(tables))
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return 3 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())

"""The four files of an OFAC list, put together: every party with its aliases, addresses and whole remarks."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field

from finnet.model.countries import alpha2
from finnet.model.reading import SourceFile
from finnet.model.statement import Counted, Detail, Reject, Skip, Statement
from finnet.sources._lists.legacy_csv import Row, rows
from finnet.sources._lists.names import ALIAS, PRIMARY, WEAK, NameIndex
from finnet.sources._lists.remarks import Remarks, is_cut, remarks

__all__ = ["Entries", "Entry"]

_SCHEMATA = {
    "individual": "Person",
    "vessel": "Vessel",
    "aircraft": "Airplane",
    "entity": "LegalEntity",
    "": "LegalEntity",
}
_ALIASES = {"aka": "alias", "fka": "previousName", "nka": "alias"}
_NO_FLAG = "None Identified"


@dataclass(slots=True, kw_only=True)
class Entry:
    """One party of the list, with what the other files add to it."""

    id: str
    schema: str
    row: Row
    text: str  # the remarks, joined with their continuation
    remarks: Remarks
    properties: dict[str, list[str]] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)  # countries, in the list's order
    flags: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The list's primary name."""
        return self.row.fields[1]

    @property
    def programs(self) -> tuple[str, ...]:
        """The programmes: the list joins several with ``] [``."""
        parts = (part.strip(" []") for part in self.row.fields[3].split("] ["))
        return tuple(dict.fromkeys(part for part in parts if part))

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of the title column and of the remarks, each once."""
        found = [part.strip() for part in self.row.fields[4].split(";")] + list(self.remarks.others)
        return tuple(dict.fromkeys(title for title in found if title))

    def add(self, name: str, *values: str | None) -> None:
        """Keep the values that are there, each once."""
        for value in values:
            if value and value not in self.properties.get(name, ()):
                self.properties.setdefault(name, []).append(value)


class Entries:
    """All parties of a list, in its order. Reading yields what is not a party: details, rejects, skips, counts."""

    def __init__(self, files: Mapping[str, SourceFile]) -> None:
        self._files = files
        self._by_number: dict[str, list[Entry]] = {}
        self.all: list[Entry] = []
        self.names = NameIndex()

    def read(self) -> Iterator[Statement]:
        """Read the files; afterwards ``all`` and ``names`` are complete."""
        comments = yield from self._comments()
        yield from self._parties(comments)
        yield from self._continued(comments)
        yield from self._aliases()
        yield from self._addresses()

    def _rows(self, role: str) -> Iterator[Row | Reject | Skip | Counted]:
        return rows(self._files[role], role) if role in self._files else iter(())

    def _comments(self) -> Generator[Statement, None, dict[str, Row]]:
        found: dict[str, Row] = {}
        for row in self._rows("comments"):
            if not isinstance(row, Row):
                yield row
            elif row.entry in found:
                reason = f"a second continuation of the remarks of {row.entry}"
                yield Reject(origin=row.origin, code="E1213", reason=reason, column="ent_num", raw=row.raw)
            else:
                found[row.entry] = row
        return found

    def _parties(self, comments: Mapping[str, Row]) -> Iterator[Statement]:
        for row in self._rows("sdn"):
            if not isinstance(row, Row):
                yield row
            elif not row.fields[1]:
                reason = "sdn_name is missing; a party needs a name"
                yield Reject(origin=row.origin, code="E1205", reason=reason, column="sdn_name", raw=row.raw)
            elif twin := next(
                (held for held in self._by_number.get(row.entry, ()) if held.row.fields == row.fields), None
            ):
                yield Skip(origin=row.origin, reason=f"duplicate: the same line as record {twin.row.origin.record}")
            else:
                self._party(row, comments.get(row.entry))

    def _party(self, row: Row, more: Row | None) -> None:
        kind, text = row.fields[2].lower(), row.fields[11]
        schema = _SCHEMATA.get(kind, "LegalEntity")
        if more is not None and is_cut(text):
            text += more.fields[1]
        entry = Entry(id=f"ofac-{row.entry}", schema=schema, row=row, text=text, remarks=remarks(text, schema))
        if kind not in _SCHEMATA:
            entry.flags.append("unknown_type")
        if entry.remarks.is_cut:
            entry.flags.append("remarks_cut_off")
        self.all.append(entry)
        self._by_number.setdefault(row.entry, []).append(entry)
        self.names.add(entry.name, entry.id, PRIMARY)
        entry.add("name", entry.name)
        entry.add("notes", text)
        for name, alias in entry.remarks.aliases:
            entry.add(name, alias)
            self.names.add(alias, entry.id, WEAK)
        for name, value in entry.remarks.properties:
            entry.add(name, value)
        if schema == "Person":
            last, comma, first = entry.name.partition(",")
            entry.add("lastName", last.strip() if comma else None)
            entry.add("firstName", first.strip() or None)
            entry.add("position", *(part.strip() for part in row.fields[4].split(";")))
        elif schema in {"Vessel", "Airplane"}:
            _, _, _, _, _, call_sign, kind, tonnage, gross, flag, _, _ = row.fields
            entry.add("type", kind)
            if schema == "Vessel":
                entry.add("callSign", call_sign)
                entry.add("tonnage", tonnage)
                entry.add("grossRegisteredTonnage", gross.replace(",", ""))
                entry.add("flag", None if flag in {"", _NO_FLAG} else alpha2(flag))

    def _continued(self, comments: Mapping[str, Row]) -> Iterator[Statement]:
        for number, row in comments.items():
            entries = self._by_number.get(number, [])
            if not entries:
                yield _dangling(row)
            for entry in entries:
                if not entry.text.endswith(row.fields[1]):
                    entry.add("notes", row.fields[1])
                yield Detail(entity=entry.id, property="notes", values=(row.fields[1],), origin=row.origin)

    def _aliases(self) -> Iterator[Statement]:
        for row in self._rows("alt"):
            if not isinstance(row, Row):
                yield row
                continue
            entries, (_, _, kind, alias, _) = self._by_number.get(row.entry, []), row.fields
            if not entries:
                yield _dangling(row)
            elif not alias:
                reason = "alt_name is missing; an alias needs a name"
                yield Reject(origin=row.origin, code="E1205", reason=reason, column="alt_name", raw=row.raw)
            elif kind not in _ALIASES:
                reason = "alt_type is none of aka, fka, nka"
                yield Reject(origin=row.origin, code="E1212", reason=reason, column="alt_type", raw=row.raw)
            else:
                for entry in entries:
                    entry.add(_ALIASES[kind], alias)
                self.names.add(alias, entries[0].id, ALIAS)
                yield Detail(entity=entries[0].id, property=_ALIASES[kind], values=(alias,), origin=row.origin)

    def _addresses(self) -> Iterator[Statement]:
        for row in self._rows("add"):
            if not isinstance(row, Row):
                yield row
                continue
            entries, (_, _, street, city, country, remark) = self._by_number.get(row.entry, []), row.fields
            full = ", ".join(part for part in (street, city, country) if part)
            if not entries:
                yield _dangling(row)
            elif not full and not remark:
                yield Skip(origin=row.origin, reason="the address record is empty")
            else:
                code = alpha2(country) if country else None
                for entry in entries:
                    entry.add("address", full)
                    entry.add("notes", remark)
                    entry.add("country", code)
                    if code and code not in entry.addresses:
                        entry.addresses.append(code)
                name = "address" if full else "notes"
                yield Detail(entity=entries[0].id, property=name, values=(full or remark,), origin=row.origin)
                if code:
                    yield Detail(entity=entries[0].id, property="country", values=(code,), origin=row.origin)


def _dangling(row: Row) -> Reject:
    reason = f"ent_num {row.entry} is not in the sdn file; the files are of different versions of the list"
    return Reject(origin=row.origin, code="E1300", reason=reason, column="ent_num", raw=row.raw)

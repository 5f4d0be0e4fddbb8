"""GLEIF as CSV: legal entities (level 1), parents by group accounts (level 2), why a parent is not reported."""

# ruff: noqa: S608 -- SQL is put together from texts of our own; the file's are columns.

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence

from finnet.errors import InputError, quoted
from finnet.model.reading import Head, Reading, ReadOptions, SourceFile
from finnet.model.scan import BulkScan, Check, RawColumn, State

__all__ = ["GRADE", "IS_LIST", "TITLE", "TOGETHER", "read", "sniff"]

TITLE = "GLEIF golden copy (level 1, level 2, reporting exceptions), CSV"
GRADE = "B2"  # validated against registers by the issuers of LEIs
IS_LIST = True
TOGETHER = True

LICENCE = "CC0 1.0"

_LONGEST_HEADER = 1 << 20
_MARKS = {
    "entities": "Entity.LegalName",
    "relationships": "Relationship.StartNode.NodeID",
    "exceptions": "Exception.Category",
}
_LEI = "[0-9A-Z]{18}[0-9]{2}"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T.*)?"
_SLOTS = range(1, 6)  # of names, periods, reasons: the golden copy has five columns of each

# EntityCategory -> FtM schema; a branch and a fund are legal entities, though not companies.
_SCHEMATA = {
    "GENERAL": "Company",
    "BRANCH": "LegalEntity",
    "FUND": "LegalEntity",
    "SOLE_PROPRIETOR": "LegalEntity",
    "RESIDENT_GOVERNMENT_ENTITY": "PublicBody",
    "INTERNATIONAL_ORGANIZATION": "PublicBody",
}
# RelationshipType -> class, FtM schema, whether the end node acts on the start node.
_RELATIONSHIPS = {
    "IS_DIRECTLY_CONSOLIDATED_BY": ("consolidation", "UnknownLink", True),
    "IS_ULTIMATELY_CONSOLIDATED_BY": ("consolidation", "UnknownLink", True),
    "IS_INTERNATIONAL_BRANCH_OF": ("control", "Control", True),
    "IS_FUND-MANAGED_BY": ("control", "Control", True),
    "IS_SUBFUND_OF": ("linked", "UnknownLink", False),
    "IS_FEEDER_TO": ("linked", "UnknownLink", False),
}


def sniff(head: Head) -> bool:
    """Whether the first line has the dotted column names of one of the three files."""
    first = head.start.partition(b"\n")[0]
    return any(mark.encode() in first for mark in _MARKS.values()) and (b"LEI" in first or b"NodeID" in first)


def read(files: Sequence[SourceFile], options: ReadOptions) -> Reading:
    """Entities ``lei-<LEI>``, and links between them in the direction in which one acts on the other.

    A parent that takes a company into its accounts is a link of class ``consolidation``: it says nothing of shares, and
    its percentages are those of the accounts. Fund managers and head offices are ``control``. A reason why no parent
    is reported stands with the entity, for ``show``.

    Raises: InputError for a file with none of the three headers.
    """
    return Reading(
        dataset=options.dataset or "gleif",
        title=TITLE,
        list_date=options.retrieved_on,
        licence=LICENCE,
        scans=tuple(_scan(file) for file in files),
    )


class _Header:
    """The columns of one file: which are there, and how a select names them."""

    def __init__(self, file: SourceFile) -> None:
        with file.path.open("rb") as stream:
            start = stream.readline(_LONGEST_HEADER)
        self.begins_at = len(start)
        try:
            text = start.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputError(f"{quoted(file.name)}: not valid UTF-8 at byte {error.start}", code="E1103") from error
        self.titles = next(csv.reader([text.rstrip("\r\n")]), [])
        self.used: dict[str, RawColumn] = {}
        self.kind = next((kind for kind, mark in _MARKS.items() if mark in self.titles), None)

    def column(self, title: str) -> str:
        """The column's name in the raw relation; null for one that the file does not have."""
        if title not in self.titles:
            return "cast(null as varchar)"
        if title not in self.used:
            self.used[title] = RawColumn(name=f"c{len(self.used)}", field=self.titles.index(title), title=title)
        return self.used[title].name


def _scan(file: SourceFile) -> BulkScan:
    header = _Header(file)
    made = {"entities": _entities, "relationships": _relationships, "exceptions": _exceptions}
    if header.kind is None:
        raise InputError(f"{quoted(file.name)}: not a CSV file of GLEIF", hint="it should have the dotted column names")
    checks, states = made[header.kind](header)
    return BulkScan(
        path=file.path,
        name=file.name,
        layout="delimited",
        columns=tuple(header.used.values()),
        states=states,
        checks=checks,
        width=len(header.titles),
        begins_at=header.begins_at,
    )


def _entities(header: _Header) -> tuple[tuple[Check, ...], tuple[State, ...]]:
    lei, name = header.column("LEI"), header.column("Entity.LegalName")
    jurisdiction = f"lower(left({header.column('Entity.LegalJurisdiction')}, 2))"  # US-DE is a part of US
    places = [
        jurisdiction,
        *(f"lower({header.column(f'Entity.{kind}Address.Country')})" for kind in ("Legal", "Headquarters")),
    ]
    address = "concat_ws(', ', " + ", ".join(
        header.column(f"Entity.LegalAddress.{part}")
        for part in ("FirstAddressLine", "AdditionalAddressLine.1", "City", "Region", "PostalCode", "Country")
    ) + ")"  # fmt: skip
    others = [
        header.column(f"Entity.{kind}s.{kind.removesuffix('s')}.{slot}")
        for kind in ("OtherEntityName", "TransliteratedOtherEntityName")
        for slot in _SLOTS
    ]
    statuses = [header.column(title) for title in ("Entity.EntityStatus", "Registration.RegistrationStatus")]
    values = {
        "address": f"[nullif({address}, '')]",
        "alias": f"list_sort(list_distinct([{', '.join(others)}]))",
        "country": f"list_sort(list_distinct([{', '.join(places[1:])}]))",
        "incorporationDate": f"[left({header.column('Entity.EntityCreationDate')}, 10)]",
        "jurisdiction": f"[{jurisdiction}]",
        "legalForm": f"[{header.column('Entity.LegalForm.EntityLegalFormCode')}]",
        "leiCode": f"[{lei}]",
        "name": f"[{name}]",
        "registrationNumber": f"[{header.column('Entity.RegistrationAuthority.RegistrationAuthorityEntityID')}]",
        "status": f"list_sort(list_distinct([{', '.join(statuses)}]))",
    }
    parts = ", ".join(
        f"case when len(list_filter({value}, lambda x: x is not null)) > 0 "
        f"then '\"{word}\":' || to_json(list_filter({value}, lambda x: x is not null)) end"
        for word, value in values.items()
    )
    category = header.column("Entity.EntityCategory")
    schema = _case(f"coalesce({category}, 'GENERAL')", _SCHEMATA, "LegalEntity")
    select = (
        f"select {lei} as entity_id, {schema} as schema, "
        f"coalesce({name}, {lei}) as caption, coalesce({', '.join(places)}) as country, "
        f"list_filter(list_sort(list_distinct([{', '.join(places)}])), lambda x: x is not null) as countries, "
        f"'{{' || concat_ws(',', {parts}) || '}}' as properties, record, byte_offset from good"
    )
    state = State(table="entities", select=select, constants={"missing": 0}, prefixes={"entity_id": "lei-"})
    return (*_is_lei(header, "LEI"),), (state,)


def _relationships(header: _Header) -> tuple[tuple[Check, ...], tuple[State, ...]]:
    ends = ("Relationship.StartNode.NodeID", "Relationship.EndNode.NodeID")
    start, end = (header.column(title) for title in ends)
    kind, status = (header.column(f"Relationship.Relationship{word}") for word in ("Type", "Status"))
    since, until = (_period(header, word) for word in ("startDate", "endDate"))
    dates = [f"Relationship.Period.{slot}.{word}" for slot in _SLOTS for word in ("startDate", "endDate")]
    updated = "Registration.LastUpdateDate"
    acts = ", ".join(f"'{word}'" for word, (_, _, backward) in _RELATIONSHIPS.items() if backward)
    classes = _case(kind, {word: edge_class for word, (edge_class, _, _) in _RELATIONSHIPS.items()}, "linked")
    schemata = _case(kind, {word: schema for word, (_, schema, _) in _RELATIONSHIPS.items()}, "UnknownLink")
    # An inactive relationship without an end was over when the record was last touched.
    over = f"coalesce({until}, case when {status} = 'INACTIVE' then left({header.column(updated)}, 10) end)"
    percent = header.column("Relationship.Quantifiers.1.QuantifierAmount")
    method = header.column("Relationship.Quantifiers.1.MeasurementMethod")
    select = (
        f"select {start} || '-' || lower({kind}) || '-' || {end} as link_id, {classes} as class, {schemata} as schema, "
        f"case when {kind} in ({acts}) then {end} else {start} end as source_id, "
        f"case when {kind} in ({acts}) then {start} else {end} end as target_id, {kind} as role, "
        f"{since} as start_date, {over} as end_date, "
        f"case when {percent} is not null then '{{\"description\":' || "
        f"to_json([concat_ws(' ', {percent}, {method})]) || '}}' end as properties, record, byte_offset from good"
    )
    state = State(
        table="links", select=select, prefixes={"link_id": "gleif-", "source_id": "lei-", "target_id": "lei-"}
    )
    checks = [
        *(check for title in ends for check in _is_lei(header, title)),
        Check(
            bad=f"{kind} is null",
            code="E1205",
            reason="'RelationshipType is missing'",
            column="Relationship.RelationshipType",
        ),
        *(_is_day(header, title) for title in (*dates, updated) if title in header.titles),
    ]
    return tuple(checks), (state,)


def _exceptions(header: _Header) -> tuple[tuple[Check, ...], tuple[State, ...]]:
    reasons = ", ".join(
        header.column(f"Exception.{word}.{slot}") for word in ("Reason", "Reference") for slot in _SLOTS
    )
    category = header.column(_MARKS["exceptions"])
    select = (
        f"select {header.column('LEI')} as entity_id, 'notes' as property, "
        f"concat_ws(', ', 'no ' || lower(replace({category}, '_', ' ')) || ' is reported', {reasons}) as value, "
        "record, byte_offset from good"
    )
    category_check = Check(
        bad=f"{category} is null",
        code="E1205",
        reason="'Exception.Category is missing'",
        column=_MARKS["exceptions"],
    )
    state = State(table="details", select=select, prefixes={"entity_id": "lei-"})
    return (*_is_lei(header, "LEI"), category_check), (state,)


def _period(header: _Header, word: str) -> str:
    # The first slot is usually the accounting year, whose end says nothing about the relationship's.
    found = (
        f"case when {header.column(f'Relationship.Period.{slot}.periodType')} = 'RELATIONSHIP_PERIOD' "
        f"then left({header.column(f'Relationship.Period.{slot}.{word}')}, 10) end"
        for slot in _SLOTS
    )
    return f"coalesce({', '.join(found)})"


def _is_lei(header: _Header, title: str) -> tuple[Check, Check]:
    column = header.column(title)
    return (
        Check(bad=f"{column} is null", code="E1205", reason=f"'{title} is missing'", column=title),
        Check(
            bad=f"not regexp_full_match({column}, '{_LEI}')",
            code="E1212",
            reason=f"'''' || left({column}, 80) || ''' is not a legal entity identifier'",
            column=title,
        ),
    )


def _is_day(header: _Header, title: str) -> Check:
    column = header.column(title)
    return Check(
        bad=f"{column} is not null and not (regexp_full_match({column}, '{_DAY}') "
        f"and try_cast(left({column}, 10) as date) is not null)",
        code="E1204",
        reason=f"'''' || left({column}, 80) || ''' is not an ISO date'",
        column=title,
    )


def _case(column: str, cases: Mapping[str, str], otherwise: str) -> str:
    said = " ".join(f"when '{word}' then '{result}'" for word, result in cases.items())
    return f"case {column} {said} else '{otherwise}' end"

"""Beneficial ownership data (BODS 0.2 to 0.4): entities, persons and the interests between them, version by version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from finnet.errors import quoted
from finnet.model.dates import is_iso_date
from finnet.model.reading import Head, Reading, ReadOptions, SourceFile
from finnet.model.refusal import Refusal
from finnet.model.statement import Counted, Link, Origin, Reject, Skip, Statement
from finnet.sources._registers.bods_parties import party_statements, unspecified_party
from finnet.sources._registers.bods_versions import Version, elements, histories, parts, version_of
from finnet.sources._registers.interests import interval, kind_of

__all__ = ["GRADE", "IS_LIST", "TITLE", "TOGETHER", "read", "sniff"]

TITLE = "Beneficial Ownership Data Standard, 0.2 to 0.4"
GRADE = "B3"  # what a register publishes is what owners declared of themselves
IS_LIST = True
TOGETHER = True

_UNCLEAR = frozenset({"unspecified interest", "unknownInterest", "unpublishedInterest"})


def sniff(head: Head) -> bool:
    """Whether the file opens like a package, or like JSON lines, of BODS statements."""
    start = head.start.lstrip()
    marks = (b'"recordDetails"', b'"ownershipOrControlStatement"', b'"entityStatement"', b'"personStatement"')
    return start[:1] in {b"[", b"{"} and any(mark in head.start for mark in marks)


def read(files: Sequence[SourceFile], options: ReadOptions) -> Reading:
    """The package's statements. Ids are ``bods-<recordId>`` (before 0.4 the id of the first statement).

    A later version of a relationship ends the one before it; a party that is not named stays a party of its own.
    A direct shareholding is ownership. An indirect one has the flag ``indirect``, and ``chain_on_record`` where all it
    rests on is in the package and is made of shareholdings. A component of such a chain whose kind is not stated is a
    shareholding of undisclosed size.
    """
    return Reading(
        dataset=options.dataset or files[0].path.stem,
        title=TITLE,
        list_date=options.retrieved_on,
        statements=_statements(files),
    )


def _statements(files: Sequence[SourceFile]) -> Iterator[Statement]:
    versions: list[Version] = []
    counted = []
    for file in files:
        records = 0
        for records, offset, element in elements(file):
            version = version_of(element, Origin(file.name, records, offset))
            if isinstance(version, Version):
                versions.append(version)
            else:
                yield version
        counted.append(Counted(file=file.name, records=records))
    by_record = histories(versions)
    chains = _Chains(by_record)
    for history in by_record.values():
        if history[0].kind == "relationship":
            yield from _relationship(history, chains)
        else:
            yield from party_statements(history)
    yield from counted


class _Chains:
    """Which indirect shareholdings are explained by what else is in the package, and by which relationships."""

    def __init__(self, by_record: Mapping[str, Sequence[Version]]) -> None:
        self._by_record = by_record
        self.members: set[str] = set()  # relationships that are part of an indirect shareholding
        for history in by_record.values():
            if history[0].kind == "relationship" and any(_is_indirect_share(i) for i in _interests_of(history[-1])):
                self.members.update(self._components(history[-1]))

    def explain(self, version: Version) -> bool:
        """Whether all components of the relationship are on record and each of them is, or may be, a shareholding."""
        named = [str(one) for one in version.details.get("componentRecords") or ()]
        relations = self._components(version)
        return (
            bool(relations)
            and all(one in self._by_record for one in named)
            and all(
                any(
                    kind_of(i.get("type"))[2] in _UNCLEAR | {"shareholding"}
                    for i in _interests_of(self._by_record[one][-1])
                )
                for one in relations
            )
        )

    def _components(self, version: Version) -> list[str]:
        named = [str(one) for one in version.details.get("componentRecords") or ()]
        return [one for one in named if one in self._by_record and self._by_record[one][0].kind == "relationship"]


def _interests_of(version: Version) -> Sequence[Mapping[str, Any]]:
    return parts(version.details, "interests") or ({},)


def _is_indirect_share(interest: Mapping[str, Any]) -> bool:
    return interest.get("directOrIndirect") == "indirect" and kind_of(interest.get("type"))[0] == "ownership"


def _relationship(history: Sequence[Version], chains: _Chains) -> Iterator[Statement]:
    is_described = False
    for place, version in enumerate(history):
        if version.status == "closed" and place:
            yield Skip(origin=version.origin, reason="closes a relationship: the version before it has the end date")
            continue
        try:
            links = [_link(history, place, number, chains) for number in range(len(_interests_of(version)))]
        except Refusal as refusal:
            yield Reject(origin=version.origin, code=refusal.code, reason=refusal.reason, column="interests")
            continue
        if not isinstance(version.details.get("interestedParty"), str) and not is_described:
            is_described = True
            yield unspecified_party(_holder(version), version)
        yield from links


def _holder(version: Version) -> str:
    party = version.details.get("interestedParty")
    return f"bods-{party}" if isinstance(party, str) and party else f"bods-unspecified-{version.record}"


def _link(history: Sequence[Version], place: int, number: int, chains: _Chains) -> Link:
    version = history[place]
    interest = _interests_of(version)[number]
    edge_class, schema, name = kind_of(interest.get("type"))
    if name in _UNCLEAR and version.record in chains.members:
        edge_class, schema = "ownership", "Ownership"
    try:
        share = interval(interest.get("share"))
    except ValueError as error:
        raise Refusal("E1208", str(error)) from error
    indirect = interest.get("directOrIndirect") == "indirect"
    start, end, is_superseded = _span(history, place, interest)
    flags = [
        ("component", version.details.get("isComponent") is True),
        ("indirect", indirect),
        ("chain_on_record", indirect and edge_class == "ownership" and chains.explain(version)),
        ("superseded", is_superseded),
    ]
    return Link(
        id=f"bods-{version.record}-{place + 1}-{number + 1}",
        edge_class=edge_class,
        schema=schema,
        source=_holder(version),
        target=f"bods-{version.details['subject']}",
        origin=version.origin,
        role=f"indirect {name}" if indirect else name,
        share_min_ppm=share[0] if share else None,
        share_max_ppm=share[1] if share else None,
        start_date=start,
        end_date=end,
        flags=tuple(flag for flag, holds in flags if holds),
        properties=_interest_properties(interest),
    )


def _span(history: Sequence[Version], place: int, interest: Mapping[str, Any]) -> tuple[str | None, str | None, bool]:
    """From when to when a version of an interest holds, and whether a later version took its place.

    A start date is that of the interest: where a later version changes the share and not the date, the new share is
    taken from the date of the statement, until which the old one stood.
    """
    version = history[place]
    start, end = _day(interest, "startDate"), _day(interest, "endDate")
    before = _same(history[place - 1], interest) if place else None
    if before is not None and before.get("share") != interest.get("share") and _day(before, "startDate") == start:
        start = max(version.date, start or "") or None
    if version.status == "closed":
        return start, end or version.date or None, False
    if place + 1 == len(history):
        return start, end, False
    later = history[place + 1]
    after = _same(later, interest)
    if later.status == "closed":
        return start, end or (_day(after, "endDate") if after else None) or later.date or None, False
    began = _day(after, "startDate") if after else None
    replaced = began if began is not None and began > (start or "") else later.date or began
    if end is not None and (replaced is None or end < replaced):
        return start, end, False
    return start, replaced, True


def _same(version: Version, interest: Mapping[str, Any]) -> Mapping[str, Any] | None:
    wanted = (interest.get("type"), interest.get("directOrIndirect"))
    found = (i for i in _interests_of(version) if (i.get("type"), i.get("directOrIndirect")) == wanted)
    return next(found, None)


def _day(interest: Mapping[str, Any], name: str) -> str | None:
    date = interest.get(name)
    if date is None or date == "":
        return None
    if not isinstance(date, str) or not is_iso_date(date[:10]):
        raise Refusal("E1204", f"{name} {quoted(date)} is not an ISO date")
    return date[:10]


def _interest_properties(interest: Mapping[str, Any]) -> dict[str, list[str]]:
    found = {"description": interest.get("details"), "status": interest.get("directOrIndirect")}
    owner = interest.get("beneficialOwnershipOrControl")
    if isinstance(owner, bool):
        found["summary"] = "beneficial ownership or control" if owner else "not beneficial ownership or control"
    return {name: [str(value)] for name, value in found.items() if value}

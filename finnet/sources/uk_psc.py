"""UK register of persons with significant control: the snapshot as JSON lines, bands as share intervals."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from finnet.errors import quoted
from finnet.model.countries import alpha2
from finnet.model.reading import Head, Reading, ReadOptions, SourceFile
from finnet.model.statement import Counted, Entity, Link, Origin, Reject, Skip, Statement

__all__ = ["GRADE", "IS_LIST", "TITLE", "TOGETHER", "natures", "read", "sniff"]

TITLE = "UK persons with significant control, snapshot"
GRADE = "B3"  # companies declare it of themselves; the register publishes it
IS_LIST = True
TOGETHER = True

LICENCE = "Open Government Licence 3.0"

# Companies Act 2006, Schedule 1A: over 25 up to 50, over 50 and under 75, 75 or more. Parts per million.
_BANDS = {
    "25-to-50-percent": (250_001, 500_000),
    "50-to-75-percent": (500_001, 749_999),
    "75-to-100-percent": (750_000, 1_000_000),
    "more-than-25-percent": (250_001, 1_000_000),
}
# What the person decides over is the holder, a trust or a firm, which is not itself in the register.
_THROUGH = ("-as-trust", "-as-firm", "-as-control-over-trust", "-as-control-over-firm")


def sniff(head: Head) -> bool:
    """Whether the first line is a company number with a person's data."""
    first = head.start.partition(b"\n")[0]
    return b'"company_number"' in first and b'"kind"' in first


def read(files: Sequence[SourceFile], options: ReadOptions) -> Reading:
    """One entity per person and company, one link per nature of control.

    Persons get the id of their register entry; ``super-secure`` persons are parties of their own without a name; a
    statement without a person (nobody has control, not yet identified …) is a note on the company, not a link.
    """
    return Reading(
        dataset=options.dataset or "uk_psc",
        title=TITLE,
        list_date=options.retrieved_on,
        licence=LICENCE,
        statements=_statements(files),
    )


def _statements(files: Sequence[SourceFile]) -> Iterator[Statement]:
    companies: set[str] = set()
    for file in files:
        number, offset = 0, 0
        with file.path.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                yield from _record(line, Origin(file.name, number, offset), companies)
                offset += len(line)
        yield Counted(file=file.name, records=number)


def _record(line: bytes, origin: Origin, companies: set[str]) -> Iterator[Statement]:
    if not line.strip():
        yield Skip(origin=origin, reason="blank line")
        return
    try:
        record = json.loads(line)
        company, data = record.get("company_number"), record["data"]
        kind = str(data.get("kind", ""))
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        yield Reject(
            origin=origin, code="E1201", reason="not a JSON object with company_number and data", raw=line.rstrip()
        )
        return
    if kind.startswith("totals#"):
        yield Skip(origin=origin, reason="the snapshot's own totals")
        return
    if not company:
        yield Reject(origin=origin, code="E1205", reason="company_number is missing", raw=line.rstrip())
        return
    target = f"gb-coh-{str(company).lower()}"
    if kind.startswith(("persons-with-significant-control-statement", "exemptions")):
        companies.add(target)
        yield _company(target, str(company), origin, note=str(data.get("statement") or kind))
        return
    try:
        links = list(_links(data, target, origin))
    except ValueError as error:
        yield Reject(origin=origin, code="E1212", reason=str(error), column="natures_of_control", raw=line.rstrip())
        return
    if target not in companies:
        companies.add(target)
        yield _company(target, str(company), origin)
    yield _person(data, kind, target, origin)
    yield from links


def _company(target: str, number: str, origin: Origin, note: str | None = None) -> Entity:
    properties = {"registrationNumber": [number], **({"notes": [note]} if note else {})}
    return Entity(
        id=target,
        schema="Company",
        caption=f"Company {number}",
        origin=origin,
        country="gb",
        countries=("gb",),
        flags=("number_only",),
        properties=properties,
    )


def _holder(data: Mapping[str, Any], target: str, origin: Origin) -> str:
    link = str((data.get("links") or {}).get("self") or "").rstrip("/")
    return f"gb-psc-{link.rsplit('/', 1)[-1]}" if link else f"gb-psc-{target.removeprefix('gb-coh-')}-{origin.record}"


def _person(data: Mapping[str, Any], kind: str, target: str, origin: Origin) -> Entity:
    secure = kind.startswith("super-secure")
    birth, address = data.get("date_of_birth") or {}, data.get("address") or {}
    identification = data.get("identification") or {}
    found = {
        "name": data.get("name"),
        "birthDate": f"{birth['year']:04}-{birth['month']:02}" if {"year", "month"} <= set(birth) else None,
        "nationality": data.get("nationality"),
        "address": ", ".join(str(value) for _, value in sorted(address.items()) if value) or None,
        "registrationNumber": identification.get("registration_number"),
        "legalForm": identification.get("legal_form"),
        "notes": "super-secure: the register withholds who it is" if secure else None,
    }
    place = identification.get("country_registered") or address.get("country") or data.get("country_of_residence")
    country = alpha2(str(place)) if place else None
    schema = "Person" if kind.startswith("individual") else "LegalEntity" if secure else "Company"
    return Entity(
        id=_holder(data, target, origin),
        schema=schema,
        caption=str(data.get("name") or "Unnamed party (super-secure)"),
        origin=origin,
        country=country,
        countries=(country,) if country else (),
        flags=("unspecified",) if secure else (),
        properties={name: [str(value)] for name, value in found.items() if value},
    )


def _links(data: Mapping[str, Any], target: str, origin: Origin) -> Iterator[Link]:
    stated = data.get("natures_of_control") or ["not-stated"]
    if not isinstance(stated, list):
        raise ValueError(f"natures_of_control {quoted(stated)} is not a list")
    for number, nature in enumerate(stated, start=1):
        edge_class, schema, share = natures(str(nature))
        yield Link(
            id=f"{_holder(data, target, origin)}-{origin.record}-{number}",
            edge_class=edge_class,
            schema=schema,
            source=_holder(data, target, origin),
            target=target,
            origin=origin,
            role=str(nature),
            share_min_ppm=share[0] if share else None,
            share_max_ppm=share[1] if share else None,
            start_date=data.get("notified_on"),
            end_date=data.get("ceased_on"),
        )


def natures(nature: str) -> tuple[str, str, tuple[int, int] | None]:
    """(edge class, schema, share interval in ppm) of one nature of control.

    What is held through a trust or a firm that the person decides over is control, not the person's own share.

    >>> natures("ownership-of-shares-25-to-50-percent")
    ('ownership', 'Ownership', (250001, 500000))
    >>> natures("voting-rights-75-to-100-percent-as-trust"), natures("right-to-appoint-and-remove-directors")
    (('control', 'Control', (750000, 1000000)), ('control', 'Control', None))

    Raises: ValueError for a nature that is none of the register's.
    """
    share = next((bounds for band, bounds in _BANDS.items() if band in nature), None)
    if nature.startswith("ownership-of-shares"):
        return (
            ("control", "Control", share)
            if any(way in nature for way in _THROUGH)
            else ("ownership", "Ownership", share)
        )
    if nature.startswith(("right-to-share-surplus-assets", "part-right-to-share-surplus-assets", "not-stated")):
        return "linked", "UnknownLink", None
    if nature.startswith(("voting-rights", "right-to-appoint-and-remove", "significant-influence-or-control")):
        return "control", "Control", share
    raise ValueError(f"the nature of control {quoted(nature)} is unknown")

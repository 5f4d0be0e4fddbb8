"""UK register of persons with significant control: the snapshot as JSON lines, bands as share intervals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson

from finnet.errors import quoted
from finnet.model.countries import alpha2
from finnet.model.dates import is_iso_date
from finnet.model.reading import Head, Reading, ReadOptions, SourceFile
from finnet.model.refusal import Refusal
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
_CONTROL = ("voting-rights", "right-to-appoint-and-remove", "significant-influence-or-control")
_NOMINEE = "registered-owner-as-nominee"
# A number of Companies House: eight digits, or two letters and six; England's are often given without their noughts.
_NUMBER = re.compile(r"(?:[A-Z]{2}[0-9]{6}|[0-9]{4,8})")
_UK = re.compile(
    r"\b(?:united kingdom|great britain|england|wales|scotland|northern ireland|uk|gb|companies house)\b", re.IGNORECASE
)


# A snapshot has millions of records and few different places, dates and natures.
_country = lru_cache(65_536)(alpha2)
_is_date = lru_cache(65_536)(is_iso_date)


def sniff(head: Head) -> bool:
    """Whether the first line is a company number with a person's data."""
    first = head.start.partition(b"\n")[0]
    return b'"company_number"' in first and b'"kind"' in first


def read(files: Sequence[SourceFile], options: ReadOptions) -> Reading:
    """One entity per person and company, one link per nature of control.

    Companies are ``gb-coh-<number>``; so is a corporate holder that states a number of Companies House, which makes
    chains of it. Other persons get the id of their register entry. ``super-secure`` persons are parties of their own
    without a name; a statement without a person (nobody has control, not yet identified …) and an exemption are notes
    on the company, not links. The register does not say whether shares are held directly.
    """
    return Reading(
        dataset=options.dataset or "uk_psc",
        title=TITLE,
        list_date=options.retrieved_on,
        licence=LICENCE,
        statements=_statements(files),
    )


def _statements(files: Sequence[SourceFile]) -> Iterator[Statement]:
    described: set[str] = set()
    for file in files:
        number, offset = 0, 0
        with file.path.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                yield from _record(line, Origin(file.name, number, offset), described)
                offset += len(line)
        yield Counted(file=file.name, records=number)


def _record(line: bytes, origin: Origin, described: set[str]) -> Iterator[Statement]:
    if not line.strip():
        yield Skip(origin=origin, reason="blank line")
        return
    try:
        record = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        record = None
    data = record.get("data") if isinstance(record, dict) else None
    if not isinstance(data, dict):
        reason = "not a JSON object with company_number and data"
        yield Reject(origin=origin, code="E1201", reason=reason, raw=line.rstrip())
        return
    kind = str(data.get("kind") or "")
    if kind.startswith("totals#"):
        yield Skip(origin=origin, reason="the snapshot's own totals")
        return
    number = record.get("company_number")
    if not isinstance(number, str) or not number.strip():
        yield Reject(origin=origin, code="E1205", reason="company_number is missing", raw=line.rstrip())
        return
    try:
        yield from _stated(data, kind, number.strip().upper().zfill(8), origin, described)
    except Refusal as refusal:
        yield Reject(origin=origin, code=refusal.code, reason=refusal.reason, raw=line.rstrip())


def _stated(
    data: Mapping[str, Any], kind: str, number: str, origin: Origin, described: set[str]
) -> Iterator[Statement]:
    company = f"gb-coh-{number.lower()}"
    if kind.startswith("persons-with-significant-control-statement"):
        named = str(data.get("statement") or "statement")
        ceased = f", until {data['ceased_on']}" if data.get("ceased_on") else ""
        described.add(company)
        yield _company(company, number, origin, note=f"{named}{ceased}")
        return
    if kind.startswith("exemptions"):
        described.add(company)
        yield _company(
            company, number, origin, note=f"exempt: {', '.join(sorted(_object(data, 'exemptions'))) or 'yes'}"
        )
        return
    holder, is_company = _holder(data, kind, number, origin)
    links = [
        _link(data, nature, place, holder, company, origin) for place, nature in enumerate(_natures(data), start=1)
    ]
    if company not in described:
        described.add(company)
        yield _company(company, number, origin)
    yield _person(data, kind, holder, origin, is_company=is_company)
    yield from links


def _company(label: str, number: str, origin: Origin, note: str | None = None) -> Entity:
    properties = {"registrationNumber": [number], **({"notes": [note]} if note else {})}
    return Entity(
        id=label,
        schema="Company",
        caption=f"Company {number}",
        origin=origin,
        country="gb",
        countries=("gb",),
        flags=("number_only",),
        properties=properties,
    )


def _holder(data: Mapping[str, Any], kind: str, number: str, origin: Origin) -> tuple[str, bool]:
    """The holder's id, and whether it is that of a company of the same register."""
    stated = _object(data, "identification")
    place = " ".join(str(stated.get(name) or "") for name in ("country_registered", "place_registered"))
    given = str(stated.get("registration_number") or "").strip().upper().replace(" ", "")
    if kind.startswith(("corporate-entity", "legal-person")) and _NUMBER.fullmatch(given) and _UK.search(place):
        return f"gb-coh-{given.zfill(8).lower()}", True
    entry = str(_object(data, "links").get("self") or "").rstrip("/").rsplit("/", 1)[-1]
    return f"gb-psc-{entry or f'{number.lower()}-{origin.record}'}", False


def _person(data: Mapping[str, Any], kind: str, holder: str, origin: Origin, *, is_company: bool) -> Entity:
    secure = kind.startswith("super-secure")
    address, stated = _object(data, "address"), _object(data, "identification")
    # Overseas entities state a principal office as well.
    country = next(
        (
            code
            for place in (
                "gb" if is_company else None,
                stated.get("country_registered"),
                address.get("country"),
                data.get("country_of_residence"),
            )
            if place and (code := _country(str(place)))
        ),
        None,
    )
    found = {
        "name": data.get("name"),
        "birthDate": _birth(data),
        "nationality": _country(str(data["nationality"])) or data["nationality"] if data.get("nationality") else None,
        "address": ", ".join(str(value) for _, value in sorted(address.items()) if value) or None,
        "registrationNumber": stated.get("registration_number"),
        "legalForm": stated.get("legal_form"),
        "notes": "super-secure: the register withholds who it is" if secure else None,
    }
    individual = kind.startswith("individual")
    return Entity(
        id=holder,
        schema="Person" if individual else "LegalEntity" if secure or "legal-person" in kind else "Company",
        caption=str(data.get("name") or ("Unnamed party (super-secure)" if secure else "Unnamed party")),
        origin=origin,
        country=country,
        countries=(country,) if country else (),
        topics=("sanction",) if data.get("is_sanctioned") is True else (),
        flags=("unspecified",) if secure or not data.get("name") else (),
        properties={name: [str(value)] for name, value in found.items() if value},
    )


def _birth(data: Mapping[str, Any]) -> str | None:
    stated = _object(data, "date_of_birth")
    year, month = stated.get("year"), stated.get("month")
    if not isinstance(year, int) or not isinstance(month, int):
        return None
    date = f"{year:04}-{month:02}"
    return date if _is_date(date) else None


def _natures(data: Mapping[str, Any]) -> list[str]:
    stated = data.get("natures_of_control") or ["not-stated"]
    if not isinstance(stated, list) or not all(isinstance(one, str) for one in stated):
        raise Refusal("E1212", f"natures_of_control {quoted(stated)} is not a list of texts")
    return stated


def _link(data: Mapping[str, Any], nature: str, place: int, holder: str, company: str, origin: Origin) -> Link:
    edge_class, schema, share = natures(nature)
    entry = str(_object(data, "links").get("self") or "").rstrip("/").rsplit("/", 1)[-1] or f"record-{origin.record}"
    return Link(
        id=f"gb-psc-{company.removeprefix('gb-coh-')}-{entry}-{place}",
        edge_class=edge_class,
        schema=schema,
        source=holder,
        target=company,
        origin=origin,
        role=nature,
        share_min_ppm=share[0] if share else None,
        share_max_ppm=share[1] if share else None,
        start_date=_date(data, "notified_on"),
        end_date=_date(data, "ceased_on"),
        flags=("unknown_nature",)
        if edge_class == "linked" and "surplus" not in nature and nature != "not-stated"
        else (),
    )


def _date(data: Mapping[str, Any], name: str) -> str | None:
    date = data.get(name)
    if not date:
        return None
    if not isinstance(date, str) or not _is_date(date):
        raise Refusal("E1204", f"{name} {quoted(date)} is not an ISO date")
    return date


def _object(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}


@lru_cache(4_096)
def natures(nature: str) -> tuple[str, str, tuple[int, int] | None]:
    """(edge class, schema, share interval in ppm) of one nature of control.

    What is held through a trust or a firm that the person decides over is control, not the person's own share. A
    nature that the register did not have when this was written is kept as a link under its own name.

    >>> natures("ownership-of-shares-25-to-50-percent")
    ('ownership', 'Ownership', (250001, 500000))
    >>> natures("voting-rights-75-to-100-percent-as-trust"), natures("right-to-appoint-and-remove-directors")
    (('control', 'Control', (750000, 1000000)), ('control', 'Control', None))
    """
    share = next((bounds for band, bounds in _BANDS.items() if band in nature), None)
    if nature.startswith("ownership-of-shares"):
        through = any(way in nature for way in _THROUGH)
        return ("control", "Control", share) if through else ("ownership", "Ownership", share)
    if nature.startswith(_CONTROL):
        return "control", "Control", share
    if nature.startswith(_NOMINEE):
        return "representation", "Representation", None
    return "linked", "UnknownLink", None

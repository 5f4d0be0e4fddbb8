"""OFAC's remarks: a list of labelled values in one field, read into FollowTheMoney properties."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from finnet.model.countries import alpha2

__all__ = ["Remarks", "partial_dates", "parts", "remarks"]

LIMIT = 1000  # the field ends here, in the middle of a word if need be; sdn_comments has the rest

_MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}
_DATE = re.compile(r"^(?:(?:(?P<day>\d{1,2}) )?(?P<month>[A-Z][a-z]{2}) )?(?P<year>\d{4})$")
_AFTER_NUMBER = re.compile(r" (?:\(|issued\b|expires\b)")
_ALIAS = re.compile(r"^(?P<kind>[afn]\.k\.a\.)\s+'?(?P<name>.+?)'?$")
_LINKED = "Linked To: "

_PERSON, _BODY, _VESSEL, _AIRCRAFT = "Person", "LegalEntity", "Vessel", "Airplane"
_PARTIES = (_PERSON, _BODY)

# label -> property, for which schemata, and whether the value is a number that country and dates may follow. The
# longest label that fits is taken.
_LABELS: dict[str, tuple[str, tuple[str, ...], bool]] = {
    "Gender": ("gender", (_PERSON,), False),
    "Email Address": ("email", _PARTIES, False),
    "Website": ("website", _PARTIES, False),
    "SWIFT/BIC": ("swiftBic", _PARTIES, True),
    "D-U-N-S Number": ("dunsCode", _PARTIES, True),
    "V.A.T. Number": ("vatCode", _PARTIES, True),
    **dict.fromkeys(
        ("Telephone No.", "Telephone:", "Telephone", "Phone Number", "Phone No.", "PHONE"), ("phone", _PARTIES, True)
    ),
    **dict.fromkeys(
        (
            "Passport Booklet:", "Passport Booklet", "Passport", "Diplomatic Passport", "Stateless Person Passport",
            "British National Overseas Passport",
        ),
        ("passportNumber", (_PERSON,), True),
    ),
    **dict.fromkeys(
        (
            "National ID No.", "Cedula No.", "Personal ID Card", "Identification Number", "D.N.I.", "C.U.R.P.",
            "C.U.R.P. #", "C.U.I.P.", "Driver's License No.", "Electoral Registry No.", "Residency Number", "SSN",
            "Credencial electoral", "Cartilla de Servicio Militar Nacional", "National Foreign ID Number", "I.F.E.",
            "LE Number", "Numero de Identidad", "Travel Document Number", "Citizen's Card Number",
            "Birth Certificate Number", "Cedula de Residencia", "Kenyan ID No.", "Tazkira National ID Card",
        ),
        ("idNumber", _PARTIES, True),
    ),
    **dict.fromkeys(
        (
            "Tax ID No.", "NIT #", "RUC #", "RIF #", "R.F.C.", "R.F.C. #", "RFC", "RTN", "C.U.I.T.", "C.I.F.",
            "Italian Fiscal Code:", "Italian Fiscal Code", "US FEIN", "Numero Unico de Identificacao Tributaria (NUIT)",
        ),
        ("taxNumber", _PARTIES, True),
    ),
    **dict.fromkeys(
        (
            "Registration ID", "Registration Number", "Company Number", "Commercial Registry Number",
            "Matricula Mercantil No", "Folio Mercantil No.", "Trade License No.", "Business Registration Document #",
            "Business Registration Number", "UK Company Number", "Public Registration Number", "C.R. No.",
            "Government Gazette Number", "Chamber of Commerce Number", "Certificate of Incorporation Number",
            "Registered Charity No.", "Legal Entity Number", "Business Number", "Branch Unit Number",
            "Enterprise Number", "Vessel Registration Identification",
        ),
        ("registrationNumber", (_BODY,), True),
    ),
    "Vessel Registration Identification IMO": ("imoNumber", (_VESSEL,), True),
    "MMSI": ("mmsi", (_VESSEL,), True),
    "Vessel Call Sign": ("callSign", (_VESSEL,), True),
    "Vessel Type": ("type", (_VESSEL,), False),
    "Aircraft Manufacturer's Serial Number (MSN)": ("serialNumber", (_AIRCRAFT,), True),
    "Aircraft Construction Number (also called L/N or S/N or F/N)": ("serialNumber", (_AIRCRAFT,), True),
    "Aircraft Tail Number": ("registrationNumber", (_AIRCRAFT,), True),
    "Aircraft Model": ("model", (_AIRCRAFT,), False),
}  # fmt: skip
_BY_LENGTH = sorted(_LABELS, key=len, reverse=True)
_DATES: dict[str, tuple[str, tuple[str, ...]]] = {
    "DOB": ("birthDate", (_PERSON,)),
    "Aircraft Manufacture Date": ("buildDate", (_AIRCRAFT,)),
    "Vessel Year of Build": ("buildDate", (_VESSEL,)),
    "Organization Established Date": ("incorporationDate", (_BODY,)),
}
_COUNTRIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "nationality": ("nationality", (_PERSON,)),
    "citizen": ("citizenship", (_PERSON,)),
    "Former Vessel Flag": ("pastFlags", (_VESSEL,)),
    "Vessel Flag": ("flag", (_VESSEL,)),
}
_PROVISIONS = (
    "Secondary sanctions risk:",
    "Additional Sanctions Information",
    "Transactions Prohibited For Persons Owned or Controlled By U.S. Financial Institutions:",
    "CAATSA Section",
    "Executive Order",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarks:
    """What remarks hold: properties, whom they link to, aliases, and the provisions of the listing."""

    properties: tuple[tuple[str, str], ...] = ()
    linked_to: tuple[str, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()  # (property, name)
    provisions: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    is_cut: bool = False  # the last part, be it a name, is incomplete


def parts(text: str) -> tuple[str, ...]:
    """The parts of a remark; the full stop that ends the whole is not part of the last one.

    >>> parts("DOB 1946; Linked To: INVENTED BANK CO.; POB Nowhere.")
    ('DOB 1946', 'Linked To: INVENTED BANK CO.', 'POB Nowhere')
    """
    whole = text[:-1] if text.endswith(".") else text
    return tuple(part.strip() for part in whole.split(";") if part.strip())


def remarks(text: str, schema: str) -> Remarks:
    """The parts of a remark by label; what no label fits is in ``others``.

    A name in single quotes after ``a.k.a.`` is what OFAC calls a weak alias.
    """
    properties: list[tuple[str, str]] = []
    linked_to: list[str] = []
    aliases: list[tuple[str, str]] = []
    provisions: list[str] = []
    others: list[str] = []
    for part in parts(text):
        plain = re.sub(r"^alt\.\s+", "", part, flags=re.IGNORECASE)
        if plain.startswith(_LINKED):
            linked_to.append(plain[len(_LINKED) :].strip())
        elif (match := _ALIAS.match(plain)) is not None:
            kinds = {"f.k.a.": "previousName", "n.k.a.": "alias", "a.k.a.": "weakAlias"}
            aliases.append((kinds[match["kind"]], match["name"]))
        elif plain.startswith(_PROVISIONS):
            provisions.append(plain)
        elif found := tuple(_labelled(plain, schema)):
            properties.extend(found)
        else:
            others.append(plain)
    return Remarks(
        properties=tuple(properties),
        linked_to=tuple(linked_to),
        aliases=tuple(aliases),
        provisions=tuple(provisions),
        others=tuple(others),
        is_cut=is_cut(text),
    )


def is_cut(text: str) -> bool:
    """Whether the field was too short for the remark: it is full, and does not end in a full stop."""
    return len(text) >= LIMIT and not text.endswith(".")


def partial_dates(text: str) -> tuple[str, ...]:
    """The list's dates in ISO form, as precise as they are; a range gives the years of its ends.

    ``circa`` is not kept here: FollowTheMoney has no place for it, the raw remark has it.

    >>> partial_dates("15 Jan 1955"), partial_dates("Jan 1957"), partial_dates("circa 1951")
    (('1955-01-15',), ('1957-01',), ('1951',))
    >>> partial_dates("1929 to 1930"), partial_dates("01 Jan 1970 to 31 Dec 1970"), partial_dates("31 Feb 1970")
    (('1929', '1930'), ('1970',), ())
    """
    ends = [_iso(end.removeprefix("circa ").strip()) for end in text.split(" to ")]
    dates = [end for end in ends if end]
    if len(ends) != len(dates) or len(ends) > 2:
        return ()
    return tuple(dates) if len(dates) == 1 else tuple(dict.fromkeys(date[:4] for date in dates))


def _iso(text: str) -> str | None:
    from datetime import date

    match = _DATE.match(text)
    if match is None or (match["month"] and match["month"] not in _MONTHS):
        return None
    if not match["month"]:
        return match["year"]
    month = _MONTHS[match["month"]]
    if not match["day"]:
        return f"{match['year']}-{month:02d}"
    try:
        return date(int(match["year"]), month, int(match["day"])).isoformat()
    except ValueError:
        return None


def _labelled(part: str, schema: str) -> Iterator[tuple[str, str]]:
    for label, (name, schemata) in _DATES.items():
        if part.startswith(label + " ") and schema in schemata:
            yield from ((name, date) for date in partial_dates(part[len(label) + 1 :]))
            return
    for label, (name, schemata) in _COUNTRIES.items():
        if part.startswith(label + " ") and schema in schemata:
            country = alpha2(part[len(label) + 1 :].strip())
            if country:
                yield name, country
            return
    if part.startswith("POB ") and schema == _PERSON:
        place = part[4:].strip()
        yield "birthPlace", place
        country = alpha2(place.rpartition(",")[2].strip())
        if country:
            yield "birthCountry", country
        return
    for label in _BY_LENGTH:
        name, schemata, is_number = _LABELS[label]
        if part.startswith(label + " ") and schema in schemata:
            value = " ".join(part[len(label) :].split())
            if is_number:
                value = _AFTER_NUMBER.split(value, maxsplit=1)[0]
            if value:
                yield name, value.lower() if name == "gender" else value
            return

"""The UK register of persons with significant control: all kinds of record, bands, chains, and what is refused."""

from __future__ import annotations

import json

import pytest

from finnet import api
from finnet.model.reading import Head, ReadOptions, SourceFile
from finnet.model.statement import Counted, Entity, Link, Reject, Skip
from finnet.sources import uk_psc


def record(number, kind, **data):
    links = {"self": f"/company/{number}/persons-with-significant-control/{kind}/id-{data.pop('entry', 'x')}"}
    return {"company_number": number, "data": {"kind": kind, "links": links, **data}}


INDIVIDUAL = record(
    "01234567", "individual-person-with-significant-control", entry="ann", name="Ms Ann Invented",
    natures_of_control=["ownership-of-shares-25-to-50-percent", "voting-rights-50-to-75-percent"],
    notified_on="2016-04-06", nationality="French", country_of_residence="England",
    date_of_birth={"month": 5, "year": 1970}, address={"address_line_1": "1 Invented Road", "country": "England"},
)  # fmt: skip
CORPORATE = record(
    "7654321", "corporate-entity-person-with-significant-control", entry="corp", name="INVENTED HOLDINGS LIMITED",
    natures_of_control=["ownership-of-shares-75-to-100-percent"], notified_on="2017-01-01",
    identification={"legal_form": "Limited Company", "country_registered": "England And Wales",
                    "place_registered": "Companies House", "registration_number": "1234567"},
)  # fmt: skip
FOREIGN = record(
    "SC000001", "corporate-entity-person-with-significant-control", entry="foreign", name="INVENTED S.A.",
    natures_of_control=["ownership-of-shares-50-to-75-percent"],
    identification={"country_registered": "Luxembourg", "place_registered": "Luxembourg",
                    "registration_number": "12345"},
)  # fmt: skip
LEGAL_PERSON = record(
    "01234567", "legal-person-person-with-significant-control", entry="state", name="Invented Ministry",
    natures_of_control=["significant-influence-or-control"], identification={"legal_form": "Government department"},
)  # fmt: skip
SECURE = record(
    "01234567", "super-secure-person-with-significant-control", entry="secret",
    description="super-secure-persons-with-significant-control",
)  # fmt: skip
STATEMENT = record(
    "00000009", "persons-with-significant-control-statement", entry="none",
    statement="no-individual-or-entity-with-signficant-control", notified_on="2018-01-01",
)  # fmt: skip
ENDED_STATEMENT = record(
    "00000009", "persons-with-significant-control-statement", entry="none2", statement="psc-exists-but-not-identified",
    ceased_on="2017-12-31",
)  # fmt: skip
EXEMPT = {"company_number": "00000010", "data": {"kind": "exemptions", "exemptions": {"disclosure_transparency_rules_chapter_five_applies": {}}}}  # fmt: skip # noqa: E501
CEASED = record(
    "01234567", "individual-person-with-significant-control", entry="gone", name="Mr Bob Invented",
    natures_of_control=["ownership-of-shares-75-to-100-percent"], notified_on="2016-04-06", ceased_on="2020-02-02",
)  # fmt: skip
OWNER = record(
    "OE000001", "individual-beneficial-owner", entry="oe", name="Cyd Invented",
    natures_of_control=["ownership-of-shares-more-than-25-percent-registered-overseas-entity",
                        "registered-owner-as-nominee-person-england-wales-registered-overseas-entity"],
)  # fmt: skip
TRUST = record(
    "00000011", "individual-person-with-significant-control", entry="trust", name="Dee Invented",
    natures_of_control=["ownership-of-shares-75-to-100-percent-as-trust",
                        "right-to-appoint-and-remove-directors-as-firm",
                        "right-to-share-surplus-assets-25-to-50-percent-limited-liability-partnership",
                        "something-that-parliament-will-invent"],
)  # fmt: skip
TOTALS = {"data": {"kind": "totals#persons-of-significant-control-snapshot", "persons_of_significant_control_count": 9}}


def read(tmp_path, *records) -> list:
    path = tmp_path / "persons-with-significant-control-snapshot-2026-01-01.txt"
    path.write_bytes(b"".join((r if isinstance(r, bytes) else json.dumps(r).encode()) + b"\n" for r in records))
    assert uk_psc.sniff(Head(path)) or isinstance(records[0], bytes)
    return list(uk_psc.read([SourceFile(path=path, name=path.name)], ReadOptions()).statements)


def of(kind, found) -> list:
    return [one for one in found if isinstance(one, kind)]


def test_an_individual_is_a_person_with_a_link_per_nature(tmp_path):
    found = read(tmp_path, INDIVIDUAL)
    person = next(one for one in of(Entity, found) if one.schema == "Person")
    assert (person.id, person.caption, person.country, person.properties["birthDate"]) == (
        "gb-psc-id-ann",
        "Ms Ann Invented",
        "gb",
        ["1970-05"],
    )
    assert [
        (one.edge_class, one.source, one.target, one.share_min_ppm, one.share_max_ppm) for one in of(Link, found)
    ] == [
        ("ownership", "gb-psc-id-ann", "gb-coh-01234567", 250_001, 500_000),
        ("control", "gb-psc-id-ann", "gb-coh-01234567", 500_001, 749_999),
    ]


# Companies Act 2006, Schedule 1A, paragraphs 2 and 3: more than 25 up to 50, more than 50 and less than 75, 75 or more.
@pytest.mark.parametrize(
    ("band", "expected"),
    [
        ("25-to-50-percent", (250_001, 500_000)),
        ("50-to-75-percent", (500_001, 749_999)),
        ("75-to-100-percent", (750_000, 1_000_000)),
        ("more-than-25-percent-registered-overseas-entity", (250_001, 1_000_000)),
    ],
)
def test_bands_are_intervals_with_the_law_s_ends(band, expected):
    assert uk_psc.natures(f"ownership-of-shares-{band}") == ("ownership", "Ownership", expected)


def test_a_corporate_holder_with_a_number_of_the_register_makes_a_chain(tmp_path):
    (link,) = of(Link, read(tmp_path, CORPORATE))
    assert (link.source, link.target) == ("gb-coh-01234567", "gb-coh-07654321")


def test_a_foreign_number_is_not_taken_for_one_of_the_register(tmp_path):
    found = read(tmp_path, FOREIGN)
    (link,) = of(Link, found)
    holder = next(one for one in of(Entity, found) if one.id == link.source)
    assert (holder.id, holder.country, holder.schema) == ("gb-psc-id-foreign", "lu", "Company")


def test_a_legal_person_has_influence_and_no_share(tmp_path):
    found = read(tmp_path, LEGAL_PERSON)
    (link,) = of(Link, found)
    assert (link.edge_class, link.role, link.share_min_ppm) == ("control", "significant-influence-or-control", None)
    assert next(one.schema for one in of(Entity, found) if one.id == link.source) == "LegalEntity"


def test_two_whom_the_register_withholds_stay_two_parties(tmp_path):
    again = {**SECURE, "data": {**SECURE["data"], "links": {"self": "/company/01234567/x/super-secure/id-other"}}}
    unnamed = [one for one in of(Entity, read(tmp_path, SECURE, again)) if "unspecified" in one.flags]
    assert [(one.id, one.caption) for one in unnamed] == [
        ("gb-psc-id-secret", "Unnamed party (super-secure)"),
        ("gb-psc-id-other", "Unnamed party (super-secure)"),
    ]


def test_statements_without_a_person_and_exemptions_are_notes_on_the_company(tmp_path):
    found = read(tmp_path, STATEMENT, ENDED_STATEMENT, EXEMPT)
    assert [(one.id, one.properties["notes"]) for one in of(Entity, found)] == [
        ("gb-coh-00000009", ["no-individual-or-entity-with-signficant-control"]),
        ("gb-coh-00000009", ["psc-exists-but-not-identified, until 2017-12-31"]),
        ("gb-coh-00000010", ["exempt: disclosure_transparency_rules_chapter_five_applies"]),
    ]
    assert of(Link, found) == []


def test_who_ceased_has_an_end(tmp_path):
    (link,) = of(Link, read(tmp_path, CEASED))
    assert (link.start_date, link.end_date) == ("2016-04-06", "2020-02-02")


def test_beneficial_owners_of_overseas_entities(tmp_path):
    assert [(one.edge_class, one.target, one.share_min_ppm) for one in of(Link, read(tmp_path, OWNER))] == [
        ("ownership", "gb-coh-oe000001", 250_001),
        ("representation", "gb-coh-oe000001", None),
    ]


def test_trusts_and_firms_are_control_and_unknown_natures_are_kept(tmp_path):
    assert [(one.edge_class, one.flags) for one in of(Link, read(tmp_path, TRUST))] == [
        ("control", ()),
        ("control", ()),
        ("linked", ()),
        ("linked", ("unknown_nature",)),
    ]


def test_every_line_is_loaded_skipped_or_rejected_with_its_offset(tmp_path):
    bad_date = {**CEASED, "data": {**CEASED["data"], "ceased_on": "2020-02-30"}}
    bad_natures = {**CEASED, "data": {**CEASED["data"], "natures_of_control": "all"}}
    lines = [
        INDIVIDUAL,
        b"",
        b"{broken",
        {"data": {"kind": "individual"}},
        b'{"company_number":"1"}',
        bad_date,
        bad_natures,
        TOTALS,
    ]
    found = read(tmp_path, *lines)
    assert [(one.origin.record, one.code) for one in of(Reject, found)] == [
        (3, "E1201"),
        (4, "E1205"),
        (5, "E1201"),
        (6, "E1204"),
        (7, "E1212"),
    ]
    assert [one.origin.record for one in of(Skip, found)] == [2, 8]
    assert of(Counted, found)[0].records == 8
    first = len(json.dumps(INDIVIDUAL)) + 1
    assert next(one.origin.byte_offset for one in of(Reject, found)) == first + 1


def test_through_the_register_a_listed_person_blocks_a_company_two_steps_away(tmp_path):
    majority = {
        **INDIVIDUAL,
        "data": {**INDIVIDUAL["data"], "natures_of_control": ["ownership-of-shares-75-to-100-percent"]},
    }
    read(tmp_path, majority, CORPORATE, STATEMENT, TOTALS)
    (path,) = tmp_path.iterdir()
    (row,) = api.ingest([path], case=tmp_path / "x.finnet").rows
    assert (row["format"], row["records"], row["loaded"], row["skipped"]) == ("uk_psc", 4, 3, 1)
    with api.open_case(tmp_path / "x.finnet") as case:
        verdicts = {
            r["id"]: r["verdict"] for r in api.blocked(case, regime="uk", designate="name:Ms Ann Invented").rows
        }
    assert verdicts == {"gb-psc-id-ann": "listed", "gb-coh-01234567": "blocked", "gb-coh-07654321": "blocked"}

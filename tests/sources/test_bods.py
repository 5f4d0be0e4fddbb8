"""Beneficial ownership data: every package as it states itself, versions over time, and what is refused."""

from __future__ import annotations

import json

import pytest

from finnet import api
from finnet.model.reading import Head, ReadOptions, SourceFile
from finnet.model.statement import Counted, Entity, Link, Reject, Skip
from finnet.sources import bods
from finnet.sources._registers.interests import INTERESTS, interval

PACKAGES = (
    "bods-package", "bods-package-annotations", "bods-package-entity-owning-entity", "bods-package-fi-soe",
    "bods-package-linking-annotations", "fermcat", "full-pep-declaration", "indirect-ownership", "joint-ownership",
    "levent", "listed-company-exempt-from-disclosure", "mixed-direct-and-indirect-ownership",
    "multiple-indirect-ownership", "multiple-tax-residencies", "mutilple-indirect-ownership-2", "nomination",
    "plc-entity-statement", "simple-pep-declaration", "tecido",
)  # fmt: skip


def statements(path) -> list:
    return list(bods.read([SourceFile(path=path, name=path.name)], ReadOptions()).statements)


def written(tmp_path, content, name="package.json"):
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def links(path) -> list[Link]:
    return [one for one in statements(path) if isinstance(one, Link)]


@pytest.mark.parametrize("name", PACKAGES)
def test_every_interest_in_force_is_there_with_its_share_as_stated(name, shared_data):
    path = shared_data / "bods" / f"{name}.json"
    latest = {}
    for element in json.loads(path.read_text()):
        if element["recordType"] == "relationship":
            latest[element["recordId"]] = element
    stated = []
    for record, element in latest.items():
        details = element["recordDetails"]
        party = details.get("interestedParty")
        for interest in details.get("interests", [{}]) if element["recordStatus"] != "closed" else ():
            share = interest.get("share", {})
            low = share.get("exact", share.get("minimum", share.get("exclusiveMinimum")))
            high = share.get("exact", share.get("maximum", share.get("exclusiveMaximum")))
            indirect = "indirect " if interest.get("directOrIndirect") == "indirect" else ""
            stated.append(
                (
                    f"bods-{party}" if isinstance(party, str) else f"bods-unspecified-{record}",
                    f"bods-{details['subject']}",
                    indirect + interest.get("type", "unspecified interest"),
                    None if low is None else low * 10_000 + ("exclusiveMinimum" in share),
                    None if high is None else high * 10_000 - ("exclusiveMaximum" in share),
                    interest.get("startDate"),
                )
            )
    found = [
        (one.source, one.target, one.role, one.share_min_ppm, one.share_max_ppm, one.start_date)
        for one in links(path)
        if one.end_date is None
    ]
    if name == "fermcat":  # the share went from 50 to 100 with the old start date: it counts from the statement on
        stated = [(*one[:5], "2022-01-21" if one[2] == "shareholding" else one[5]) for one in stated]
    assert sorted(found, key=str) == sorted(stated, key=str)


@pytest.mark.parametrize("name", PACKAGES)
def test_every_element_is_loaded_or_skipped(name, shared_data, tmp_path):
    path = shared_data / "bods" / f"{name}.json"
    (row,) = api.ingest([path], case=tmp_path / "x.finnet").rows
    assert (row["format"], row["records"], row["rejected"]) == ("bods", len(json.loads(path.read_text())), 0)


def test_a_history_is_read_version_by_version(shared_data):
    # tecido: 100, then 40 from 2021-09-24, then 30 from 2022-09-21, closed by a statement of 2023-03-03.
    found = [
        (one.share_min_ppm, one.start_date, one.end_date)
        for one in links(shared_data / "bods" / "tecido.json")
        if one.role == "shareholding" and one.source == "bods-018AF6B3EB"
    ]
    assert found == [
        (1_000_000, "2002-03-09", "2021-09-24"),
        (400_000, "2021-09-24", "2022-09-21"),
        (300_000, "2022-09-21", "2023-03-03"),
    ]


def test_a_closing_statement_gives_its_end_date(shared_data):
    # fermcat: the interest ended on 2021-04-03, which a statement of 2021-09-11 says.
    found = {
        one.end_date
        for one in links(shared_data / "bods" / "fermcat.json")
        if one.source == "bods-per-5faa4103dee78621" and one.role == "shareholding"
    }
    assert "2021-04-03" in found
    assert None not in found


def test_shares_of_a_day_in_the_past_add_up(shared_data, tmp_path):
    api.ingest([shared_data / "bods" / "fermcat.json"], case=tmp_path / "x.finnet")
    with api.open_case(tmp_path / "x.finnet") as case:
        rows = api.owners(case, "Fermcat Ltd", as_of="2020-06-01").rows
    assert {row["caption"]: row["direct_min"] for row in rows} == {"Riyadh Byrne-Amin": 0.5, "Patrick O'Donohue": 0.5}


def entity(label, name="Invented Ltd"):
    return {
        "recordId": label,
        "recordType": "entity",
        "recordDetails": {"name": name, "entityType": {"type": "registeredEntity"}},
    }


def relation(label, subject, party, *interests, **details):
    return {
        "recordId": label,
        "recordType": "relationship",
        "recordDetails": {"subject": subject, "interestedParty": party, "interests": list(interests), **details},
    }


INDIRECT = {"type": "shareholding", "directOrIndirect": "indirect", "share": {"exact": 30}}


def flags_of(path, label):
    return next(one.flags for one in links(path) if one.id.startswith(f"bods-{label}-"))


def test_an_indirect_share_is_explained_only_by_a_whole_chain_of_shares(tmp_path):
    first = relation("r1", "a", "b", {"type": "shareholding", "share": {"exact": 60}}, isComponent=True)
    second = relation("r2", "b", "p", {"type": "shareholding", "share": {"exact": 50}}, isComponent=True)
    by_control = relation("r2", "b", "p", {"type": "otherInfluenceOrControl"}, isComponent=True)
    whole = relation("r3", "a", "p", INDIRECT, componentRecords=["b", "r1", "r2"])
    bare = relation("r3", "a", "p", INDIRECT)
    parties = [entity("a"), entity("b"), entity("p")]
    found = [
        flags_of(written(tmp_path, [*parties, *elements]), "r3")
        for elements in ([first, second, whole], [first, whole], [first, by_control, whole], [first, second, bare])
    ]
    assert found == [("indirect", "chain_on_record"), ("indirect",), ("indirect",), ("indirect",)]


def test_a_component_of_unstated_kind_is_a_share_of_undisclosed_size_only_in_a_chain_of_shares(tmp_path):
    unclear = relation("r2", "b", "p", {"directOrIndirect": "unknown"})
    alone = links(written(tmp_path, [entity("b"), entity("p"), unclear]))
    inside = links(
        written(tmp_path, [entity("b"), unclear, relation("r3", "a", "p", INDIRECT, componentRecords=["r2"])])
    )
    assert [(one.edge_class, one.share_max_ppm) for one in (*alone, inside[0])] == [
        ("linked", None),
        ("ownership", None),
    ]


# A package of version 0.2 as registers published it: ids per statement, the newer entity statement replaces the older,
# interests refer to either.
OLDER = [
    {"statementID": "e1", "statementType": "entityStatement", "entityType": "registeredEntity", "name": "Invented Ltd",
     "statementDate": "2018-01-01", "incorporatedInJurisdiction": {"name": "Denmark", "code": "DK"},
     "identifiers": [{"scheme": "DK-CVR", "id": "000"}]},
    {"statementID": "e2", "statementType": "entityStatement", "entityType": "registeredEntity", "name": "Invented A/S",
     "statementDate": "2019-01-01", "replacesStatements": ["e1"]},
    {"statementID": "p1", "statementType": "personStatement", "personType": "knownPerson",
     "statementDate": "2018-01-01", "names": [{"type": "individual", "fullName": "Ann Invented"}],
     "birthDate": "1970-01"},
    {"statementID": "p2", "statementType": "personStatement", "personType": "unknownPerson",
     "missingInfoReason": "not yet identified", "statementDate": "2018-01-01"},
    {"statementID": "o1", "statementType": "ownershipOrControlStatement", "statementDate": "2018-01-01",
     "subject": {"describedByEntityStatement": "e1"}, "interestedParty": {"describedByPersonStatement": "p1"},
     "interests": [{"type": "shareholding", "interestLevel": "unknown", "startDate": "2017-05-05",
                    "share": {"minimum": 25, "exclusiveMinimum": True, "maximum": 50, "exclusiveMaximum": False}},
                   {"type": "voting-rights", "interestLevel": "direct", "share": {"exact": 51}}]},
    {"statementID": "o2", "statementType": "ownershipOrControlStatement", "statementDate": "2020-02-02",
     "replacesStatements": ["o1"],
     "subject": {"describedByEntityStatement": "e2"}, "interestedParty": {"describedByPersonStatement": "p1"},
     "interests": [{"type": "shareholding", "interestLevel": "unknown", "startDate": "2020-01-01",
                    "share": {"exact": 75}}]},
    {"statementID": "o3", "statementType": "ownershipOrControlStatement", "statementDate": "2020-02-02",
     "subject": {"describedByEntityStatement": "e2"},
     "interestedParty": {"unspecified": {"reason": "no-beneficial-owners", "description": "Nobody above 25 %."}},
     "interests": []},
]  # fmt: skip


@pytest.mark.parametrize("lines", [False, True])
def test_the_older_versions_keep_one_record_under_its_first_id(tmp_path, lines):
    path = written(tmp_path, "".join(json.dumps(one) + "\n" for one in OLDER) if lines else OLDER)
    assert bods.sniff(Head(path))
    found = [
        (one.source, one.target, one.role, one.share_min_ppm, one.share_max_ppm, one.start_date, one.end_date)
        for one in links(path)
    ]
    assert found == [
        ("bods-p1", "bods-e1", "shareholding", 250_001, 500_000, "2017-05-05", "2020-01-01"),
        ("bods-p1", "bods-e1", "votingRights", 510_000, 510_000, None, "2020-02-02"),
        ("bods-p1", "bods-e1", "shareholding", 750_000, 750_000, "2020-01-01", None),
        ("bods-unspecified-o3", "bods-e1", "unspecified interest", None, None, None, None),
    ]


def test_the_latest_version_of_a_party_speaks_and_the_unnamed_stay_apart(tmp_path):
    parties = {one.id: one for one in statements(written(tmp_path, OLDER)) if isinstance(one, Entity)}
    assert {label: (one.caption, one.flags) for label, one in parties.items()} == {
        "bods-e1": ("Invented A/S", ()),
        "bods-p1": ("Ann Invented", ()),
        "bods-p2": ("Unnamed party (not yet identified)", ("unspecified",)),
        "bods-unspecified-o3": ("Unnamed party (no-beneficial-owners)", ("unspecified",)),
    }


@pytest.mark.parametrize("kind", sorted(INTERESTS))
def test_every_kind_of_interest_is_read(tmp_path, kind):
    path = written(tmp_path, [entity("a"), relation("r", "a", "p", {"type": kind, "share": {"exact": 60}})])
    (link,) = links(path)
    assert (link.edge_class, link.role) == (INTERESTS[kind][0], kind)


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        ({"exact": 0}, (0, 0)),
        ({"exact": "23.5"}, (235_000, 235_000)),
        ({"exact": 33.3333333}, (333_333, 333_334)),  # finer than a millionth: between two parts
        ({"exact": 49.99999}, (499_999, 500_000)),  # and never rounded up to a threshold
        ({"minimum": 75, "exclusiveMaximum": 100}, (750_000, 999_999)),
        ({"exclusiveMinimum": 50}, (500_001, 1_000_000)),
        ({"maximum": 25}, (0, 250_000)),
        ({}, None),
    ],
)
def test_shares_are_intervals(share, expected):
    assert interval(share) == expected


@pytest.mark.parametrize(
    ("element", "code"),
    [
        ("text", "E1201"),
        ({"some": "thing"}, "E1201"),
        ({"recordType": "relationship", "recordId": "r", "recordDetails": {}}, "E1205"),
        ({"recordType": "entity", "recordDetails": {}}, "E1205"),
        ({"recordType": "planet", "recordId": "r", "recordDetails": {}}, "E1212"),
        (relation("r", "a", "p", {"type": "shareholding", "share": {"exact": 101}}), "E1208"),
        (relation("r", "a", "p", {"type": "shareholding", "share": {"exact": "NaN"}}), "E1208"),
        (relation("r", "a", "p", {"type": "shareholding", "share": 50}), "E1208"),
        (relation("r", "a", "p", {"type": "shareholding", "share": {"minimum": 60, "maximum": 40}}), "E1208"),
        (relation("r", "a", "p", {"type": "shareholding", "startDate": "last year"}), "E1204"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path, element, code):
    found = statements(written(tmp_path, [entity("a"), element]))
    (reject,) = [one for one in found if isinstance(one, Reject)]
    assert (reject.code, reject.origin.record) == (code, 2)
    assert Counted(file="package.json", records=2) in found


def test_a_relationship_that_is_only_known_as_closed_is_over(tmp_path):
    closed = relation("r", "a", "p", {"type": "shareholding", "share": {"exact": 60}})
    (link,) = links(written(tmp_path, [{**closed, "recordStatus": "closed", "statementDate": "2020-01-01"}]))
    assert link.end_date == "2020-01-01"


def test_details_of_the_wrong_shape_do_no_harm(tmp_path):
    odd = {"recordId": "x", "recordType": "person",
           "recordDetails": {"names": None, "addresses": [1], "nationalities": "DK", "identifiers": {"id": 1},
                             "politicalExposure": [], "alternateNames": "A"}}  # fmt: skip
    (found,) = [one for one in statements(written(tmp_path, [odd])) if isinstance(one, Entity)]
    assert (found.caption, found.schema) == ("Unnamed party", "Person")


@pytest.mark.parametrize("cut", ['[{"recordType": "entity"', '[{"recordType": "entity"}', '{"recordType": "entity", '])
def test_a_file_that_ends_too_early_is_an_error(tmp_path, cut):
    from finnet.errors import InputError

    with pytest.raises(InputError):
        statements(written(tmp_path, cut))


def test_the_byte_offset_is_where_the_element_begins(tmp_path):
    path = written(tmp_path, '\ufeff[\n  {"recordId": "\u00e9", "recordType": "entity", "recordDetails": {}},\n  5]')
    content = path.read_bytes()
    found = statements(path)
    assert [content[one.origin.byte_offset :][:1] for one in found if isinstance(one, (Entity, Reject, Skip))] == [
        b"5",
        b"{",
    ]

"""GLEIF's three CSV files in small: entities, consolidation that is never a share, exceptions, refusals."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pytest

from finnet import api
from finnet.model.edge_class import DEFAULT
from finnet.model.reading import Head
from finnet.sources import gleif

CHILD, PARENT, TOP, FUND, MANAGER = (f"5299000INVENTED{number:03}{number % 90 + 10}" for number in range(1, 6))

LEVEL1 = [
    {"LEI": CHILD, "Entity.LegalName": 'Invented "Child" GmbH,\nBerlin', "Entity.LegalName.xmllang": "de",
     "Entity.OtherEntityNames.OtherEntityName.1": "Child Invented", "Entity.LegalJurisdiction": "DE",
     "Entity.TransliteratedOtherEntityNames.TransliteratedOtherEntityName.1": "INVENTED CHILD",
     "Entity.LegalAddress.FirstAddressLine": "Invented Str. 1", "Entity.LegalAddress.City": "Berlin",
     "Entity.LegalAddress.Country": "DE", "Entity.HeadquartersAddress.Country": "AT",
     "Entity.EntityCategory": "GENERAL",
     "Entity.EntityStatus": "ACTIVE", "Registration.RegistrationStatus": "ISSUED",
     "Entity.RegistrationAuthority.RegistrationAuthorityEntityID": "HRB 0"},
    {"LEI": PARENT, "Entity.LegalName": "Invented Parent Inc", "Entity.LegalJurisdiction": "US-DE",
     "Entity.LegalAddress.Country": "US", "Entity.EntityCategory": "GENERAL"},
    {"LEI": FUND, "Entity.LegalName": "Invented Fund", "Entity.LegalJurisdiction": "LU",
     "Entity.EntityCategory": "FUND"},
    {"LEI": "not-an-lei", "Entity.LegalName": "Broken"},
]  # fmt: skip


def relation(start, kind, end, status="ACTIVE", **more):
    return {
        "Relationship.StartNode.NodeID": start, "Relationship.StartNode.NodeIDType": "LEI",
        "Relationship.EndNode.NodeID": end, "Relationship.EndNode.NodeIDType": "LEI",
        "Relationship.RelationshipType": kind, "Relationship.RelationshipStatus": status, **more,
    }  # fmt: skip


YEAR = {"Relationship.Period.1.startDate": "2021-01-01T00:00:00.000Z",
        "Relationship.Period.1.endDate": "2021-12-31T00:00:00.000Z",
        "Relationship.Period.1.periodType": "ACCOUNTING_PERIOD"}  # fmt: skip
SPAN = {"Relationship.Period.2.startDate": "2017-12-06T01:00:00+01:00",
        "Relationship.Period.2.periodType": "RELATIONSHIP_PERIOD"}  # fmt: skip
LEVEL2 = [
    relation(CHILD, "IS_DIRECTLY_CONSOLIDATED_BY", PARENT, **YEAR, **SPAN, **{
        "Relationship.Quantifiers.1.MeasurementMethod": "ACCOUNTING_CONSOLIDATION",
        "Relationship.Quantifiers.1.QuantifierAmount": "100.00"}),
    relation(CHILD, "IS_ULTIMATELY_CONSOLIDATED_BY", TOP, "INACTIVE",
             **{"Registration.LastUpdateDate": "2020-03-04T00:00:00Z"}),
    relation(FUND, "IS_FUND-MANAGED_BY", MANAGER),
    relation(FUND, "IS_FEEDER_TO", CHILD),
    relation(CHILD, "IS_DIRECTLY_CONSOLIDATED_BY", PARENT,
             **{"Relationship.Period.1.startDate": "2021-02-30T00:00:00Z"}),
    relation(CHILD, "IS_DIRECTLY_CONSOLIDATED_BY", ""),
]  # fmt: skip
EXCEPTIONS = [
    {
        "LEI": PARENT,
        "Exception.Category": "ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT",
        "Exception.Reason.1": "NATURAL_PERSONS",
    },
]


def written(folder, name, rows):
    titles = list(dict.fromkeys(title for row in rows for title in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, titles, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path = folder / name
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def ingested(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gleif")
    files = [
        written(folder, "20260101-gleif-goldencopy-lei2.csv", LEVEL1),
        written(folder, "20260101-gleif-goldencopy-rr.csv", LEVEL2),
        written(folder, "20260101-gleif-goldencopy-repex.csv", EXCEPTIONS),
    ]
    assert all(gleif.sniff(Head(file)) for file in files)
    answer = api.ingest(files, case=folder / "x.finnet")
    with api.open_case(folder / "x.finnet") as case:
        yield answer, case


def test_the_three_files_are_one_dataset_and_every_record_is_accounted_for(ingested):
    answer, _ = ingested
    assert [(row["dataset"], row["records"], row["loaded"], row["rejected"]) for row in answer.rows] == [
        ("gleif", 4, 3, 1),
        ("gleif", 6, 4, 2),
        ("gleif", 1, 1, 0),
    ]


def test_refusals_say_what_is_wrong(ingested):
    _, case = ingested
    assert [(row["record"], row["code"]) for row in api.rejects(case).rows] == [
        (4, "E1212"),
        (5, "E1204"),
        (6, "E1205"),
    ]


def test_an_entity_has_its_names_places_and_numbers(ingested):
    _, case = ingested
    (row,) = case.rows("select * from v1_entity where entity_id = $id", {"id": f"lei-{CHILD}"})
    assert (row["schema"], row["country"], list(row["countries"])) == ("Company", "de", ["at", "de"])
    assert json.loads(row["properties"]) == {
        "address": ["Invented Str. 1, Berlin, DE"],
        "alias": sorted(["Child Invented", "INVENTED CHILD"]),
        "country": sorted(["de", "at"]),
        "jurisdiction": ["de"],
        "leiCode": [CHILD],
        "name": ['Invented "Child" GmbH,\nBerlin'],
        "registrationNumber": ["HRB 0"],
        "status": sorted(["ACTIVE", "ISSUED"]),
    }


def test_a_part_of_a_state_counts_for_the_state_and_a_fund_is_no_company(ingested):
    _, case = ingested
    found = {row["canonical_id"]: (row["country"], row["schema"]) for row in case.rows("select * from v1_party")}
    assert found[f"lei-{PARENT}"] == ("us", "Company")
    assert found[f"lei-{FUND}"] == ("lu", "LegalEntity")


def test_relationships_run_from_who_acts_and_take_the_period_of_the_relationship(ingested):
    _, case = ingested
    rows = case.rows("select source_id, target_id, class, start_date, end_date from v1_link order by record")
    assert [tuple(row.values()) for row in rows] == [
        (f"lei-{PARENT}", f"lei-{CHILD}", "consolidation", "2017-12-06", None),
        (f"lei-{TOP}", f"lei-{CHILD}", "consolidation", None, "2020-03-04"),
        (f"lei-{MANAGER}", f"lei-{FUND}", "control", None, None),
        (f"lei-{FUND}", f"lei-{CHILD}", "linked", None, None),
    ]


def test_accounting_consolidation_never_counts_as_a_share(ingested):
    _, case = ingested
    (row,) = api.blocked(case, f"lei-{CHILD}", designate=f"id:lei-{PARENT}").rows
    assert (row["verdict"], row["held_max"]) == ("no_data", 0.0)
    assert api.owners(case, f"lei-{CHILD}").rows == []


def test_consolidation_touches_a_limb_of_control_under_the_eu_only(ingested):
    _, case = ingested
    rows = api.control(case, f"lei-{CHILD}").rows
    assert [(row["limb"], row["holder"], row["regime"], row["met"]) for row in rows] == [
        ("unified_management", f"lei-{PARENT}", "eu", "possibly")
    ]


def test_consolidation_is_a_default_class_of_ties(ingested):
    assert "consolidation" in DEFAULT
    _, case = ingested
    edges = case.network("everything").edges["class"]
    assert "consolidation" in set(np.asarray(edges).tolist())


def test_why_no_parent_is_reported_stands_with_the_entity(ingested):
    _, case = ingested
    rows = case.rows("select entity_id, property, value from v1_detail")
    assert rows == [
        {
            "entity_id": f"lei-{PARENT}",
            "property": "notes",
            "value": "no ultimate accounting consolidation parent is reported, NATURAL_PERSONS",
        }
    ]

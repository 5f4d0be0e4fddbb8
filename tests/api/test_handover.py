"""export: what a case hands over, with its licences, redacted where that is asked for."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import finnet
from finnet.errors import UsageError
from finnet.model.reading import ReadOptions, SourceFile
from finnet.model.schema import edge_schemata
from finnet.model.statement import Entity, Link, Reject
from finnet.sources import bods

FTM = [
    {"id": "p", "schema": "Person", "properties": {
        "name": ["Nobody Madeup"], "alias": ["N. O. Body"], "birthDate": ["1950-05-05"], "passportNumber": ["X1234567"],
        "address": ["1 Plainly Invented Road"], "nationality": ["kp"], "notes": ["lives at 1 Plainly Invented Road"]}},
    {"id": "c", "schema": "Company", "properties": {
        "name": ["Invented Harbour </script> Ltd"], "jurisdiction": ["sg"], "registrationNumber": ["HRB 1"],
        "notes": ["run by Nobody Madeup"]}},
    {"id": "d", "schema": "Company", "properties": {"name": ['=HYPERLINK("x")'], "jurisdiction": ["kp"]}},
    {"id": "v", "schema": "Vessel", "properties": {"name": ["MV Paper Lantern"], "imoNumber": ["9999999"]}},
    {"id": "o1", "schema": "Ownership", "properties": {
        "owner": ["p"], "asset": ["c"], "percentage": ["25-50"], "startDate": ["2019-03"]}},
    {"id": "o2", "schema": "Ownership", "properties": {"owner": ["c"], "asset": ["d"], "percentage": ["51"]}},
    {"id": "o3", "schema": "Ownership", "properties": {"owner": ["d"], "asset": ["v"]}},
    {"id": "b", "schema": "Directorship", "properties": {"director": ["p"], "organization": ["d"], "role": ["chair"]}},
    {"id": "u", "schema": "UnknownLink", "properties": {"subject": ["p"], "object": ["d"], "role": ["friend"]}},
]  # fmt: skip
MAPPING = """
kind = "payments"
dataset = "leak"
ids = "verbatim"
licence = "CC BY-NC 4.0"
[columns]
payer = "from"
beneficiary = "to"
amount = "value"
[defaults]
currency = "USD"
"""


@pytest.fixture
def case(tmp_path):
    (tmp_path / "register.ftm.json").write_text("".join(json.dumps(one) + "\n" for one in FTM))
    finnet.ingest([tmp_path / "register.ftm.json"], case=tmp_path / "c.finnet", dataset="register")
    with finnet.open_case(tmp_path / "c.finnet") as opened:
        yield opened


@pytest.fixture
def mixed(tmp_path, case):
    (tmp_path / "leak.csv").write_text("from,to,value\nc,d,5.00\n")
    (tmp_path / "leak.toml").write_text(MAPPING)
    finnet.ingest([tmp_path / "leak.csv"], mapping=tmp_path / "leak.toml", case=tmp_path / "c.finnet")
    with finnet.open_case(tmp_path / "c.finnet") as opened:
        yield opened


def read(source, path) -> list:
    return list(source.read([SourceFile(path=path, name=path.name)], ReadOptions()).statements)


def test_finnet_reads_the_beneficial_ownership_data_it_wrote(case, tmp_path):
    finnet.export(case, "bods", output=tmp_path / "a.bods.json")
    found = read(bods, tmp_path / "a.bods.json")
    assert [one for one in found if isinstance(one, Reject)] == []
    assert sorted((one.id, one.schema, one.caption) for one in found if isinstance(one, Entity)) == [
        ("bods-c", "Company", "Invented Harbour </script> Ltd"),
        ("bods-d", "Company", '=HYPERLINK("x")'),
        ("bods-p", "Person", "Nobody Madeup"),
    ]
    # A vessel is no entity of the standard, a friend has no interest; 25-50 % is a band, its ends belong to it.
    assert sorted(
        (one.source, one.target, one.edge_class, one.role, one.share_min_ppm, one.share_max_ppm, one.start_date)
        for one in found
        if isinstance(one, Link)
    ) == [
        ("bods-c", "bods-d", "ownership", "shareholding", 510_000, 510_000, None),
        ("bods-p", "bods-c", "ownership", "shareholding", 250_000, 500_000, "2019-03"),
        ("bods-p", "bods-d", "governance", "boardMember", None, None, None),
    ]


def test_beneficial_ownership_data_has_the_shape_of_the_standards_own(case, tmp_path, shared_data):
    finnet.export(case, "bods", output=tmp_path / "a.bods.json")
    allowed: dict[str, set[str]] = {}
    keys: set[str] = set()
    for path in sorted((shared_data / "bods").glob("*.json")):
        for statement in json.loads(path.read_text(encoding="utf-8")):
            keys |= set(statement)
            allowed.setdefault(statement["recordType"], set()).update(statement["recordDetails"])
    made = json.loads((tmp_path / "a.bods.json").read_text())
    records = [one["recordId"] for one in made]
    assert len(set(records)) == len(records)
    for one in made:
        assert set(one) <= keys
        assert set(one["recordDetails"]) - allowed[one["recordType"]] == set()
        assert 32 <= len(one["statementId"]) <= 64
        if one["recordType"] == "relationship":
            assert {one["recordDetails"]["subject"], one["recordDetails"]["interestedParty"]} <= set(records)


@pytest.mark.parametrize("package", ["bods-package", "joint-ownership", "fermcat", "tecido"])
def test_published_ownership_comes_out_as_it_went_in(package, tmp_path, shared_data):
    path = shared_data / "bods" / f"{package}.json"
    finnet.ingest([path], case=tmp_path / "b.finnet")
    with finnet.open_case(tmp_path / "b.finnet") as opened:
        finnet.export(opened, "bods", output=tmp_path / "again.json")

    def stated(found: list) -> list:
        links = [one for one in found if isinstance(one, Link) and one.edge_class in {"ownership", "control"}]
        return sorted(
            (str(one.source), str(one.target), one.role, one.share_min_ppm, one.share_max_ppm, str(one.start_date))
            for one in links
        )

    assert stated(read(bods, tmp_path / "again.json")) == stated(read(bods, path)) != []


def test_followthemoney_comes_out_as_it_went_in(case, tmp_path):
    finnet.export(case, "ftm", output=tmp_path / "again.ftm.json")
    made = [json.loads(line) for line in (tmp_path / "again.ftm.json").read_text().splitlines()]
    assert {one["id"]: one["properties"] for one in made} == {one["id"]: one["properties"] for one in FTM}


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"selection": "id:c"}, "a selection"),
        ({"currency": "USD", "min_grade": "B2"}, "--currency, --min-grade"),
    ],
)
def test_a_format_of_whole_cases_names_what_it_cannot_take(
    case: finnet.Case, tmp_path: Path, options: dict[str, str], named: str
) -> None:
    with pytest.raises(UsageError, match=f"writes the whole case: it cannot take {named}; leave that out"):
        finnet.export(case, "ftm", output=tmp_path / "c.ftm.json", **options)


@pytest.mark.parametrize("name", ["ftm", "bods", "gexf", "graphml", "json_graph", "gephi_csv", "i2_csv", "cypher"])
def test_redacted_exports_hold_no_person(case, tmp_path, name):
    options = {} if name in {"ftm", "bods"} else {"graph": "everything"}
    answer = finnet.export(case, name, output=tmp_path / "out.x", redact=True, **options)
    text = "".join(Path(row["output"]).read_text(encoding="utf-8") for row in answer.rows)
    for secret in ("Madeup", "N. O. Body", "1950-05", "X1234567", "Invented Road"):
        assert secret not in text
    assert "person" in text
    assert "Invented Harbour" in text


def test_redacted_followthemoney_is_still_followthemoney(case, tmp_path):
    finnet.export(case, "ftm", output=tmp_path / "r.ftm.json", redact=True)
    found = [json.loads(line) for line in (tmp_path / "r.ftm.json").read_text().splitlines()]
    assert len(found) == len(FTM)
    edges = [one for one in found if one["schema"] in edge_schemata()]
    known = {one["id"] for one in found}
    ends = {one["properties"][side][0] for one in edges for side in ("owner", "asset") if side in one["properties"]}
    assert ends <= known
    answer = finnet.ingest([tmp_path / "r.ftm.json"], case=tmp_path / "again.finnet")
    assert (answer.rows[0]["loaded"], answer.rows[0]["rejected"]) == (len(FTM), 0)


def test_a_party_has_one_number_in_all_that_is_made_of_a_case(case, tmp_path):
    for name, options in (("ftm", {}), ("bods", {}), ("json_graph", {"graph": "ownership", "selection": "id:c"})):
        finnet.export(case, name, output=tmp_path / f"{name}.x", redact=True, **options)
        assert "person-1" in (tmp_path / f"{name}.x").read_text(encoding="utf-8")
        assert "person-2" not in (tmp_path / f"{name}.x").read_text(encoding="utf-8")


def test_what_a_list_of_persons_and_others_calls_no_person_keeps_its_name(tmp_path):
    (tmp_path / "sdn.csv").write_bytes(
        b'1,"INVENTED TRADING",-0- ,"DPRK",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
        b'2,"MADEUP, Nobody","individual","DPRK",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"Linked To: INVENTED TRADING."\r\n'
    )
    finnet.ingest([tmp_path / "sdn.csv"], case=tmp_path / "o.finnet")
    with finnet.open_case(tmp_path / "o.finnet") as opened:
        finnet.export(opened, "ftm", output=tmp_path / "o.ftm.json", redact=True)
        finnet.export(opened, "gephi_csv", graph="influence", output=tmp_path / "o.csv", redact=True)
    for name in ("o.ftm.json", "o-nodes.csv"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert "INVENTED TRADING" in text
        assert "MADEUP" not in text
        assert "(person 1)" in text


def test_licences_lie_beside_every_export(mixed, tmp_path):
    answer = finnet.export(mixed, "gexf", graph="influence", output=tmp_path / "n.gexf")
    assert [row["output"].rsplit("/", 1)[1] for row in answer.rows] == ["n.gexf", "n-sources.csv"]
    rows = csv.DictReader((tmp_path / "n-sources.csv").read_text(encoding="utf-8").splitlines())
    assert [(row["dataset"], row["licence"], row["loaded"]) for row in rows] == [
        ("leak", "CC BY-NC 4.0", "1"),
        ("register", "", "9"),
    ]
    assert answer.summary["licences"] == ["CC BY-NC 4.0", "not stated"]


def test_data_that_may_not_be_used_commercially_are_not_exported_for_it(mixed, case, tmp_path):
    with pytest.raises(UsageError, match=r"leak \(CC BY-NC 4.0\).*may not be used commercially"):
        finnet.export(mixed, "ftm", output=tmp_path / "x.ftm.json", licence="commercial")
    assert not (tmp_path / "x.ftm.json").exists()
    with pytest.raises(UsageError, match="there is: commercial"):
        finnet.export(mixed, "ftm", output=tmp_path / "x.ftm.json", licence="any")
    answer = finnet.export(case, "ftm", output=tmp_path / "x.ftm.json", licence="commercial")
    assert answer.notes == ("nobody says under which licence 'register' is: ask before you use it",)

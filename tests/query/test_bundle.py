"""bundle: everything of a run in one file, the same bytes each time, and nobody named where that is asked for."""

from __future__ import annotations

import datetime
import hashlib
import json
import zipfile
from pathlib import Path
from urllib.parse import unquote

import pytest

from finnet.errors import UsageError
from finnet.query import bundle, run

FTM = [
    {"id": "p", "schema": "Person", "properties": {"name": ["Nobody Madeup"]}},
    {"id": "c", "schema": "Company", "properties": {"name": ["Invented Harbour Ltd"]}},
    {"id": "d", "schema": "Company", "properties": {"name": ["Invented Quay Ltd"]}},
    {"id": "o1", "schema": "Ownership", "properties": {"owner": ["p"], "asset": ["c"], "percentage": ["60"]}},
    {"id": "o2", "schema": "Ownership", "properties": {"owner": ["c"], "asset": ["d"]}},
]
QUERY = """
title = "Who owns what of Nobody Madeup"
question = "Who?"
inputs = [{ name = "register", file = "register.ftm.json" }]
[[steps]]
id = "first"
do = "rank"
by = "degree"
graph = "ownership"
draw = "view"
[[steps]]
id = "who_is_nobody_madeup"
do = "find"
text = "Nobody Madeup"
"""


@pytest.fixture
def done(tmp_path):
    (tmp_path / "register.ftm.json").write_text("".join(json.dumps(one) + "\n" for one in FTM))
    (tmp_path / "own.toml").write_text(QUERY)
    return Path(run([str(tmp_path / "own.toml")], into=tmp_path / "runs").summary["run folder"])


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_bundle_holds_the_run_the_report_and_the_cited_records(done, tmp_path):
    bundle(done, output=tmp_path / "b.zip")
    files = contents(tmp_path / "b.zip")
    assert sorted(files) == [
        "datapackage.json", "records.jsonl", "report.html", "report.md", "ro-crate-metadata.json", "run/first.csv",
        "run/first.html", "run/first.json", "run/manifest.json", "run/own.toml", "run/who_is_nobody_madeup.csv",
        "run/who_is_nobody_madeup.json",
    ]  # fmt: skip
    assert files["run/manifest.json"] == (done / "manifest.json").read_bytes()
    described = json.loads(files["datapackage.json"])
    for resource in described["resources"]:
        assert resource["hash"] == f"sha256:{hashlib.sha256(files[resource['path']]).hexdigest()}"
    assert {one["path"] for one in described["resources"]} == set(files) - {"datapackage.json"}
    assert [one["dataset"] for one in described["sources"]] == ["register"]
    records = [json.loads(line) for line in files["records.jsonl"].splitlines()]
    assert [one["number"] for one in records] == list(range(1, len(records) + 1))
    assert all(json.loads(one["raw"]) == FTM[one["record"] - 1] for one in records)


@pytest.mark.parametrize("redact", [False, True])
def test_the_crate_is_as_the_specification_wants_it(done, tmp_path, redact):
    # RO-Crate 1.2, read as its text says; MUST and SHOULD are the specification's.
    bundle(done, output=tmp_path / "b.zip", redact=redact)
    files = contents(tmp_path / "b.zip")
    crate = json.loads(files["ro-crate-metadata.json"])
    assert crate["@context"] == "https://w3id.org/ro/crate/1.2/context"
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    assert len(entities) == len(crate["@graph"])  # flat, each once
    # Finding the root: the descriptor's `about`.
    descriptor = entities["ro-crate-metadata.json"]
    assert (descriptor["@type"], descriptor["conformsTo"]) == ("CreativeWork", {"@id": "https://w3id.org/ro/crate/1.2"})
    root = entities[descriptor["about"]["@id"]]
    # The root MUST have these; datePublished MUST be an ISO 8601 string, at least to the day.
    assert {"@id", "@type", "name", "description", "datePublished", "license", "hasPart"} <= set(root)
    assert (root["@id"], root["@type"]) == ("./", "Dataset")
    assert datetime.datetime.fromisoformat(root["datePublished"]).tzinfo is not None
    # Every file that is described MUST be there and be a part of the root; every one here is, but the two descriptions.
    parts = {one["@id"] for one in root["hasPart"]}
    data = {name for name, entity in entities.items() if entity["@type"] == "File" and not name.startswith("#")}
    assert data == parts
    assert {unquote(one) for one in parts} == set(files) - {"ro-crate-metadata.json", "datapackage.json"}
    for name in parts:
        content = files[unquote(name)]
        assert entities[name]["contentSize"] == str(len(content))
        assert entities[name]["sha256"] == hashlib.sha256(content).hexdigest()
    # A reference is an object with @id alone; all that are not on the web are described here.
    for entity in crate["@graph"]:
        for value in entity.values():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict):
                    assert set(one) == {"@id"}
                    assert one["@id"] in entities or one["@id"].startswith("https://")
    # Provenance: software as the instrument of a CreateAction, with what it read and what it made.
    action = entities["#run"]
    assert (action["@type"], entities[action["instrument"]["@id"]]["@type"]) == ("CreateAction", "SoftwareApplication")
    made = {unquote(one["@id"]) for one in action["result"]}
    assert made == {name for name in files if name.startswith("run/")} - {"run/manifest.json", "run/own.toml"}
    read = {one["@id"] for one in (action["object"] if isinstance(action["object"], list) else [action["object"]])}
    assert read == ({"#source-1"} if redact else {"#source-1", "run/own.toml"})


def test_the_same_run_gives_the_same_bytes(done, tmp_path):
    for name in ("one.zip", "two.zip"):
        bundle(done, output=tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_a_redacted_bundle_names_no_person_anywhere(done, tmp_path):
    bundle(done, output=tmp_path / "b.zip", redact=True)
    files = contents(tmp_path / "b.zip")
    assert [name for name, content in files.items() if b"madeup" in content.lower() or "madeup" in name] == []
    assert "run/step_2.csv" in files
    assert "records.jsonl" not in files
    assert b"Invented Harbour Ltd" in files["run/first.csv"]


def test_a_bundle_is_a_zip_file_of_a_run(done, tmp_path):
    with pytest.raises(UsageError, match="a bundle is a zip file"):
        bundle(done, output=tmp_path / "b.tar")
    with pytest.raises(UsageError, match="not a run folder"):
        bundle(tmp_path, output=tmp_path / "b.zip")

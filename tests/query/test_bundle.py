"""bundle: everything of a run in one file, the same bytes each time, and nobody named where that is asked for."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

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
        "datapackage.json", "records.jsonl", "report.html", "report.md", "run/first.csv", "run/first.html",
        "run/first.json", "run/manifest.json", "run/own.toml", "run/who_is_nobody_madeup.csv",
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

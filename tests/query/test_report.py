"""report: a run, or a query run first, written as a document; checked, redacted, with its table of claims."""

from __future__ import annotations

import csv
import json
import re
import shutil
from base64 import b64decode
from pathlib import Path

import pytest

from finnet.errors import FinnetError, InputError, UsageError
from finnet.query import report, run

FTM = [
    {"id": "p", "schema": "Person", "properties": {"name": ["Nobody Madeup"], "birthDate": ["1950-05-05"]}},
    {"id": "c", "schema": "Company", "properties": {"name": ["Invented <b>Harbour</b> Ltd"], "jurisdiction": ["sg"]}},
    {"id": "d", "schema": "Company", "properties": {"name": ["Invented Quay Ltd"], "jurisdiction": ["kp"]}},
    {"id": "e", "schema": "Company", "properties": {"name": ["Invented Pier Ltd"]}},
    {"id": "o1", "schema": "Ownership", "properties": {"owner": ["p"], "asset": ["c"], "percentage": ["60"]}},
    {"id": "o2", "schema": "Ownership", "properties": {"owner": ["c"], "asset": ["d"]}},
    {"id": "o3", "schema": "Ownership", "properties": {"owner": ["c"], "asset": ["e"]}},
]
QUERY = """
title = "Who holds it together"
question = "Without whom do the firms of Nobody Madeup fall apart?"
inputs = [{ name = "register", file = "register.ftm.json" }]

[[steps]]
id = "cut"
do = "choke"
objective = "pairs"
graph = "ownership"
budget = 1
"""


@pytest.fixture(scope="module")
def query(tmp_path_factory):
    folder = tmp_path_factory.mktemp("query")
    (folder / "register.ftm.json").write_text("".join(json.dumps(one) + "\n" for one in FTM))
    path = folder / "hold.toml"
    path.write_text(QUERY)
    return path


@pytest.fixture(scope="module")
def made(query):
    return Path(run([str(query)], into=query.parent / "runs").summary["run folder"])


@pytest.fixture
def done(made, tmp_path):
    """The run, in a copy that a test may change."""
    return shutil.copytree(made, tmp_path / "run")


def test_a_report_answers_the_question_from_the_run(done, tmp_path):
    report(str(done), output=tmp_path / "r.md", purpose="a test")
    lines = (tmp_path / "r.md").read_text(encoding="utf-8").split("\n")
    # Four parties hang together by c alone: 6 pairs, and none without it.
    assert lines[6] == (
        "Choke points: Invented &lt;b&gt;Harbour&lt;/b&gt; Ltd \\[c\\]. Acted against together, they would take the "
        "pairs in the recorded data from 6 pairs of parties still connected to 0 pairs of parties still connected, "
        "100.0 % less. \\[1\\] \\[computed: cut\\]"
    )
    assert lines[8].startswith("Proved: no other set of up to 1 among")
    text = "\n".join(lines)
    assert "Purpose of this report: a test." in text
    assert "\n1. register: register.ftm.json, record 2, byte " in text
    assert (
        "Nobody Madeup \\[p\\] is recorded as an owner of Invented &lt;b&gt;Harbour&lt;/b&gt; Ltd \\[c\\] (60 %)"
        in text
    )
    assert "| register | register.ftm.json |  | 7 | 7 | 0 | 0 |" in text


def test_the_network_of_a_choke_step_is_drawn_with_names_hidden_where_that_is_asked(done, tmp_path):
    pictures = []
    for redact in (False, True):
        report(str(done), output=tmp_path / "r.html", redact=redact)
        found = re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", (tmp_path / "r.html").read_text("utf-8"))
        pictures.append(b64decode(found[0]).decode())
        assert len(found) == 1
    assert "Nobody Madeup" in pictures[0]
    assert "Madeup" not in pictures[1]
    assert "Invented Quay Ltd" in pictures[1]


def test_each_choke_point_has_reasons_with_the_records_they_rest_on(done, tmp_path):
    answer = report(str(done), output=tmp_path / "r.md")
    text = (tmp_path / "r.md").read_text(encoding="utf-8")
    reasons = text.split("## Why these")[1].split("## ")[0]
    # Records 5 to 7 of the register state the three links, all of them through c.
    cited = {int(number) for number in re.findall(r"\\\[([0-9]+)\\\]", reasons)}
    places = dict(re.findall(r"^([0-9]+)\. register: register\.ftm\.json, record ([0-9]+),", text, re.MULTILINE))
    assert {places[str(number)] for number in cited} == {"2", "5", "6", "7"}
    assert answer.rows[0]["records"] == len(places)
    assert all("[c" in line for line in reasons.splitlines() if "computed" in line and "Harbour" not in line)


def test_a_query_is_run_first_and_its_report_is_that_of_its_run(query, done, tmp_path):
    answer = report(str(query), output=tmp_path / "a.html", into=tmp_path / "others")
    report(str(done), output=tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert any(str(tmp_path / "others") in note for note in answer.notes)


def test_a_redacted_report_names_no_person(done, tmp_path):
    report(str(done), output=tmp_path / "r.html", redact=True, claims=tmp_path / "c.csv")
    for name in ("r.html", "c.csv"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert "Madeup" not in text
        assert "1950-05" not in text
        assert "N. M. (person 1)" in text
    report(str(done), output=tmp_path / "whole.html")
    cited = [re.findall(r'href="#r([0-9]+)"', (tmp_path / name).read_text()) for name in ("r.html", "whole.html")]
    assert cited[0] == cited[1] != []
    assert "REDACTED for sharing" in (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "record withheld" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_claims_come_with_the_raw_record_and_keep_what_was_filled_in(done, tmp_path):
    claims = tmp_path / "claims.csv"
    report(str(done), output=tmp_path / "r.md", claims=claims)
    rows = list(csv.DictReader(claims.read_text(encoding="utf-8").splitlines()))
    owner = next(row for row in rows if row["sentence"].startswith("Nobody Madeup [p] is recorded as an owner"))
    assert json.loads(owner["raw_record"]) == FTM[4]
    assert (owner["living_person"], owner["dataset"], owner["record"]) == ("yes", "register", "5")
    text = claims.read_text(encoding="utf-8").replace("\n", ",\n").replace(",,,,,\n", ",,,Editor One,,\n")
    claims.write_text("".join(line.removesuffix(",") + "\n" for line in text.splitlines()), encoding="utf-8")
    report(str(done), output=tmp_path / "r.md", claims=claims)
    again = list(csv.DictReader(claims.read_text(encoding="utf-8").splitlines()))
    assert {row["cleared_by"] for row in again} == {"Editor One"}
    assert len(again) == len(rows)


def test_another_file_is_not_written_over_by_claims(done, tmp_path):
    (tmp_path / "mine.csv").write_text("name\nmine\n")
    with pytest.raises(InputError, match=r"mine\.csv.*not a table of claims"):
        report(str(done), output=tmp_path / "r.md", claims=tmp_path / "mine.csv")
    assert (tmp_path / "mine.csv").read_text() == "name\nmine\n"
    assert not (tmp_path / "r.md").exists()


@pytest.mark.parametrize("name", ["cut.json", "cut.csv", "manifest.json"])
def test_a_run_that_was_changed_is_not_reported_on(done, tmp_path, name):
    text = (done / name).read_text(encoding="utf-8")
    (done / name).write_text(text.replace("pairs", "pears", 1) if "pairs" in text else text + " ", encoding="utf-8")
    with pytest.raises(FinnetError, match=r"changed after the run|not what the run wrote"):
        report(str(done), output=tmp_path / "r.md")
    assert not (tmp_path / "r.md").exists()


def test_a_case_with_other_decisions_is_not_reported_on(done, tmp_path):
    (done / "case.finnet" / "decisions.jsonl").write_text(
        '{"do": "merge", "left": "c", "right": "d", "by": "x", "on": "2020-01-01"}\n'
    )
    with pytest.raises(FinnetError, match="other data or decisions than at the time of the run"):
        report(str(done), output=tmp_path / "r.md")


def test_a_report_is_markdown_or_html(done, tmp_path):
    with pytest.raises(UsageError, match="Markdown or HTML"):
        report(str(done), output=tmp_path / "r.pdf")


def test_traced_money_is_told_with_the_payments_that_carried_it(tmp_path):
    (tmp_path / "paid.csv").write_text(
        "payer,beneficiary,amount,currency,date\nthief,pot,300.00,USD,2019-01-01\ndonor,pot,700.00,USD,2019-01-02\n"
        "pot,shop,400.00,USD,2019-01-03\nthief,shop,50.00,USD,2019-01-09\n"
    )
    words = ("payer", "beneficiary", "amount", "currency", "date")
    (tmp_path / "paid.toml").write_text(
        'kind = "payments"\nids = "verbatim"\n[columns]\n' + "".join(f'{word} = "{word}"\n' for word in words)
    )
    (tmp_path / "q.toml").write_text(
        'title = "t"\nquestion = "q?"\ninputs = [{ name = "paid", file = "paid.csv", mapping = "paid.toml" }]\n'
        '[[steps]]\nid = "money"\ndo = "trace"\nentities = ["thief"]\n'
    )
    folder = Path(run([str(tmp_path / "q.toml")], into=tmp_path / "runs").summary["run folder"])
    report(folder, output=tmp_path / "report.md")
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    section = text.split("## How the money came there")[1].split("\n## ")[0]
    # FIFO: of the 400 to shop the first 300 are the thief's; 50 more come straight. LIFO and clean first: only the 50.
    assert (
        "shop is recorded as having received money in 2 payments from 2019-01-03 to 2019-01-09, of which fifo, a "
        "rule's choice, counts 350.00 USD as traced; five rules count 50.00 USD to 350.00 USD" in section
    )
    [numbers] = re.findall(r"350\.00 USD\. \\\[(\d+)\\\] \\\[(\d+)\\\]", section)
    for number, record in zip(numbers, ("record 3", "record 4"), strict=True):
        assert re.search(rf"^{number}\. paid: paid\.csv, {record},", text, re.MULTILINE)

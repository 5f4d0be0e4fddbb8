"""Names that would like to be commands: inert on the terminal, in tables, in CSV and on the page."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from finnet.cli import application

HOSTILE = {
    1: "Acme\x1b[31mRED\x1b[0m",
    2: "[bold]Acme[/bold] [/nothing]",
    3: "</script><script>window.__pwned=1</script>",
    4: '=HYPERLINK(""http://example.invalid"",""x"")',
    5: "\u202egnitseretni",
    6: "[link=http://example.invalid]x[/link] :bomb:",
    7: "\x9b31mC1",
    8: "<img src=x onerror=window.__pwned=1>",
    9: "@SUM(A1) | `tick`",
}
FORBIDDEN = ("\x1b", "\x9b", "\u202e")


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    lines = [
        f'{number},"{name}",-0- ,"INVENTED",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"Linked To: INVENTED HUB."'
        for number, name in HOSTILE.items()
    ]
    lines.append('50,"INVENTED HUB",-0- ,"INVENTED",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ')
    (folder / "sdn.csv").write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
    path = folder / "c.finnet"
    result = CliRunner().invoke(application(), ["ingest", str(folder / "sdn.csv"), "-c", str(path)])
    assert result.exit_code == 0, result.output
    return path


def output(case, *words: str) -> str:
    result = CliRunner().invoke(application(), [*words, "-c", str(case)])
    assert result.exit_code == 0, result.output
    return result.output


COMMANDS = [
    ("info",),
    ("find", "acme"),
    ("find", "example"),
    ("show", "ofac-50"),
    ("show", "ofac-1"),
    ("source", "ofac-1"),
    ("rank", "--by", "degree", "--limit", "20"),
    ("sql", "select caption from v1_entity order by entity_id"),
    ("choke", "-k", "2", "--candidates", "schema:LegalEntity"),
]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[:2]))
@pytest.mark.parametrize("form", ["table", "md", "json", "csv"])
def test_no_command_lets_a_name_move_the_cursor(case, words, form):
    text = output(case, *words, "--format", form)
    assert not [mark for mark in FORBIDDEN if mark in text]


def test_markup_in_a_name_is_shown_as_it_stands(case):
    assert "[bold]Acme[/bold] [/nothing]" in output(case, "sql", "select caption from v1_entity")


def test_csv_makes_formulas_inert_and_json_keeps_the_name(case):
    rows = csv.DictReader(io.StringIO(output(case, "sql", "select caption from v1_entity", "--format", "csv")))
    assert not [row["caption"] for row in rows if row["caption"][:1] in "=+-@"]
    document = json.loads(output(case, "sql", "select caption from v1_entity", "--json").split("\nnote:")[0])
    assert {HOSTILE[1], HOSTILE[5]} <= {row["caption"] for row in document["rows"]}


def test_the_page_holds_no_tag_from_a_name(case, tmp_path):
    page = tmp_path / "page.html"
    output(case, "view", "-o", str(page))
    text = page.read_text(encoding="utf-8")
    assert "<script>window.__pwned" not in text
    assert "<img src=x" not in text


@pytest.mark.parametrize("name", ["cypher", "json_graph", "bods"])
def test_scripts_and_documents_for_other_tools_are_safe_to_look_at(case, tmp_path, name):
    output(case, "export", name, "-o", str(tmp_path / "out.x"))
    text = (tmp_path / "out.x").read_text(encoding="utf-8")
    assert not [mark for mark in FORBIDDEN if mark in text]
    assert "INVENTED HUB" in text or name == "bods"  # nobody owns anything here


QUERY = """
title = "Names that would like to be commands"
question = "Who is tied to whom?"
[[steps]]
id = "most_ties"
do = "rank"
by = "degree"
limit = 20
[[steps]]
id = "names"
do = "sql"
query = "select entity_id as id, caption from v1_entity order by entity_id"
"""


@pytest.mark.parametrize("redact", [(), ("--redact",)])
def test_a_report_shows_names_and_does_nothing_they_say(case, tmp_path, redact):
    (tmp_path / "names.toml").write_text(QUERY)
    words = ("report", str(tmp_path / "names.toml"), "--into", str(tmp_path / "runs"), *redact)
    output(case, *words, "-o", str(tmp_path / "r.html"), "--claims", str(tmp_path / "c.csv"))
    output(case, *words, "-o", str(tmp_path / "r.md"))
    for name in ("r.html", "r.md", "c.csv"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert not [mark for mark in FORBIDDEN if mark in text]
        if name != "c.csv":
            assert "<script>window" not in text
            assert "<img src=x" not in text
    claims = io.StringIO((tmp_path / "c.csv").read_text(encoding="utf-8"), newline="")
    cells = [cell for row in csv.reader(claims) for cell in row]
    assert not [cell for cell in cells if cell[:1] in set("=+@")]


@pytest.mark.parametrize(("command", "code"), [("find", 0), ("show", 2), ("around", 2), ("source", 2), ("explore", 2)])
def test_bytes_that_are_no_text_name_nobody(case, command, code):
    result = CliRunner().invoke(application(), [command, "\udcff\udcfe", "-c", str(case), "--json"])
    assert result.exit_code == code, result.output
    assert "\\u{dcff}" in result.output or "\\udcff" in result.output


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_terminal_of_another_encoding_shows_what_it_lacks_as_escapes(tmp_path, encoding):
    (tmp_path / "p.csv").write_text("from,to,amount,currency\n虚构公司,Acme,1,USD\n", encoding="utf-8")
    mapping = "kind='payments'\n[columns]\npayer='from'\nbeneficiary='to'\namount='amount'\ncurrency='currency'\n"
    (tmp_path / "m.toml").write_text(mapping)
    ingest = ["ingest", str(tmp_path / "p.csv"), "--mapping", str(tmp_path / "m.toml"), "-c", str(tmp_path / "c")]
    assert CliRunner().invoke(application(), ingest).exit_code == 0
    shown = subprocess.run(
        [sys.executable, "-m", "finnet", "find", "虚构公司", "-c", str(tmp_path / "c")],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        check=False,
    )
    assert (shown.returncode, rb"\u865a\u6784\u516c\u53f8" in shown.stdout) == (0, True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_behind_the_output_is_one_line_and_exit_1(case):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "finnet", "info", "-c", str(case)], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, b"Traceback" in done.stderr) == (1, False)
    assert b"finnet: the answer cannot be written: No space left on device" in done.stderr

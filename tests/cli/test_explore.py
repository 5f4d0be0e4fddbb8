"""finnet explore: a session from a pipe, its exit code, and one view as data."""

from __future__ import annotations

import csv
import io
import json
import os
import select
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from finnet.cli import application

HOSTILE = "Acme\x1b[31mRED \u202egnitseretni [bold]x[/bold] =HYPERLINK(1)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("explore")
    rows = [
        {"id": "hub", "schema": "Company", "properties": {"name": ["Invented Hub"], "address": [HOSTILE]}},
        {"id": "evil", "schema": "Company", "properties": {"name": [HOSTILE]}},
        {"id": "long", "schema": "Company", "properties": {"name": ["Invented " + "Very Long Name " * 20]}},
        {"id": "o1", "schema": "Ownership", "properties": {"owner": ["hub"], "asset": ["evil"], "role": [HOSTILE]}},
        {"id": "o2", "schema": "Ownership", "properties": {"owner": ["long"], "asset": ["hub"], "percentage": ["30"]}},
    ]
    (folder / "x.ftm.json").write_text("".join(json.dumps(row) + "\n" for row in rows))
    result = CliRunner().invoke(application(), ["ingest", str(folder / "x.ftm.json"), "-c", str(folder / "c.finnet")])
    assert result.exit_code == 0, result.output
    return folder


def explore(folder, commands, *words, columns=None):
    environment = {} if columns is None else {"COLUMNS": str(columns)}
    return CliRunner().invoke(
        application(),
        ["explore", *words, "-c", str(folder / "c.finnet")],
        input="".join(f"{one}\n" for one in commands),
        env=environment,
    )


def test_a_piped_session_shows_each_command_and_ends_with_what_repeats_it(folder):
    result = explore(folder, ["find invented hub", "go 1", "go 1", "trail", "quit", "go nowhere"])
    assert result.exit_code == 0, result.output
    assert "\n> find invented hub\n" in result.stdout
    script = result.stdout[result.stdout.index("finnet explore") :].splitlines()
    assert script == [
        f"finnet explore -c {folder / 'c.finnet'} <<'END'",
        'find "invented hub"',
        "go hub",
        "go evil",
        "trail",
        "END",
    ]


def test_a_piped_session_ends_at_the_first_error_with_its_code(folder):
    result = explore(folder, ["go hub", "go 99", "tag suspicious"])
    assert result.exit_code == 2
    assert "99: not in the last list, which has 1 to 2" in result.stderr
    assert "the session ended at: go 99" in result.stderr
    assert not (folder / "c.finnet" / "decisions.jsonl").exists()


def test_no_commands_show_where_one_begins(folder):
    result = explore(folder, [], "hub")
    assert result.exit_code == 0
    assert "Invented Hub [hub]" in result.stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [(["nobody whosoever"], 2), (["hub", "--as-of", "soon"], 2), (["hub", "--min-grade", "Z"], 2), (["--json"], 2)],
)
def test_what_is_wrong_from_the_beginning_is_a_usage_error(folder, words, code):
    result = explore(folder, ["go hub"], *words)
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr


def test_a_case_that_is_not_there(tmp_path):
    result = CliRunner().invoke(application(), ["explore", "-c", str(tmp_path / "none")], input="quit\n")
    assert result.exit_code == 1


def test_the_view_as_data(folder):
    document = json.loads(explore(folder, [], "hub", "--json").stdout)
    assert [(row["number"], row["way"], row["id"]) for row in document["rows"]] == [
        (1, "out", "evil"),
        (2, "in", "long"),
    ]
    rows = list(csv.DictReader(io.StringIO(explore(folder, [], "hub", "--format", "csv").stdout)))
    assert [(row["share_min"], row["item"]) for row in rows] == [("", "o1"), ("0.3", "o2")]


def test_known_at_is_said_and_nothing_is_written(folder):
    result = explore(folder, ["tag x hub"], "--known-at", "2020")
    assert result.exit_code == 2
    assert "as known on 2020" in result.stderr
    assert "nothing can be written into the past" in result.stderr


@pytest.mark.parametrize("columns", [40, 80, 200])
@pytest.mark.parametrize("wide", [(), ("--wide",)])
def test_names_are_inert_and_lines_fit(folder, columns, wide):
    commands = ["find acme", "go hub", "show", "source", "go 1", "trail", "mark", "marked", "path long", "links acme"]
    result = explore(folder, commands, *wide, columns=columns)
    assert result.exit_code == 0, result.stderr
    text = result.stdout + result.stderr
    assert [mark for mark in ("\x1b", "\u202e") if mark in text] == []
    assert "[bold]x[/bold]" in text.replace("\n", "")
    if not wide:
        shown = result.stdout[: result.stdout.index("finnet explore")]
        assert max(map(len, shown.splitlines())) <= columns


def test_quiet_is_the_rows_alone(folder):
    result = explore(folder, ["go hub"], "-q")
    assert result.stderr == ""
    assert "> go hub" not in result.stdout
    assert "finnet explore" not in result.stdout


def test_on_a_terminal_an_error_does_not_end_the_session(folder):
    import pty

    here, there = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-m", "finnet", "explore", "-c", str(folder / "c.finnet")],
        stdin=there,
        stdout=there,
        stderr=there,
        env={**os.environ, "TERM": "dumb", "COLUMNS": "80"},
    )
    os.close(there)
    seen = b""
    for typed in (b"go nobody\n", b"go hub\n", b"quit\n"):
        while not seen.endswith(b"> "):
            seen += _read(here)
        os.write(here, typed)
        seen += b"|"
    while more := _read(here):
        seen += more
    assert done.wait(timeout=30) == 0
    text = seen.decode(errors="replace")
    assert "no entity with this id or name" in text
    assert "Invented Hub [hub]" in text
    assert "go hub\r\nEND" in text


def _read(here: int) -> bytes:
    ready, _, _ = select.select([here], [], [], 60)
    assert ready, "nothing more came"
    try:
        return os.read(here, 4096)
    except OSError:  # the other end is closed
        return b""


def test_ctrl_c_gives_up_the_line_and_ctrl_d_ends(folder, monkeypatch, capsys):
    """What the keyboard raises is raised by hand: a key pressed while a prompt is being made is heeded late."""
    from finnet.api.session import Session
    from finnet.cli._explore_loop import Loop
    from finnet.cli._explore_page import Page

    typed = iter([KeyboardInterrupt, "go hub", KeyboardInterrupt, "go 1", EOFError])

    def read(prompt):
        one = next(typed)
        if isinstance(one, str):
            return one
        raise one

    monkeypatch.setattr("builtins.input", read)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    page = Page(wide=False, no_color=True, quiet=False)
    loop = Loop(case=folder / "c.finnet", session=Session(), page=page)
    assert loop.run(None) == 0
    assert [stop.id for stop in loop.session.trail] == ["hub", "evil"]
    assert "\x1b" not in capsys.readouterr().out

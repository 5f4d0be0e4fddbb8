"""What every command has in common."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner

from finnet import api
from finnet.catalogue import Catalogue
from finnet.cli import application
from finnet.cli._shell import Shell

COMMANDS = Catalogue("finnet.cli", kind="command", verbs=("PANEL",))
NAMES = list(COMMANDS)
# Options that say where the answer comes from or goes to; the verb gets the opened case instead.
ABOUT_THE_SUBJECT = {"case", "network", "undirected", "context"}


@pytest.fixture(scope="module")
def shell():
    return application()


@pytest.mark.parametrize("name", NAMES)
def test_help_has_columns_and_an_example(name, shell):
    result = CliRunner().invoke(shell, [name, "--help"])
    assert result.exit_code == 0
    assert "Columns:" in result.output
    assert f"Example: finnet {name}" in result.output


@pytest.mark.parametrize("name", [name for name in NAMES if name in api.__all__])
def test_command_and_verb_say_the_same_words(name):
    command = set(inspect.signature(getattr(COMMANDS[name], name)).parameters) - ABOUT_THE_SUBJECT
    verb = set(inspect.signature(getattr(api, name)).parameters) - ABOUT_THE_SUBJECT
    first = next(iter(inspect.signature(getattr(api, name)).parameters))
    verb -= {first} if first not in command else set()
    assert command <= verb


def test_every_verb_has_a_command():
    verbs = set(api.__all__) - {"Case", "open_case", "open_network"}
    assert verbs <= set(NAMES)


def test_unknown_command_offers_the_nearest(shell):
    result = CliRunner().invoke(shell, ["chocke"])
    assert result.exit_code == 2
    assert "choke" in result.output


def test_explain_knows_every_code(shell):
    result = CliRunner().invoke(shell, ["explain", "--json"])
    document = json.loads(result.output)
    assert document["schema_version"] == 1
    assert {row["code"] for row in document["rows"]} >= {"E1203", "E3001"}


def test_explain_of_an_unknown_code_is_a_usage_error(shell):
    result = CliRunner().invoke(shell, ["explain", "E9999"])
    assert result.exit_code == 2


def test_help_imports_no_engine():
    program = (
        "import sys; sys.argv = ['finnet', '--help']\n"
        "from finnet.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'duckdb', 'pandas', 'numpy', 'scipy', 'igraph', 'networkx', 'numba', 'ortools', 'highspy', 'pyvis'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stderr.strip() == "[]"


def test_a_closed_pipe_is_no_error():
    result = subprocess.run(
        f"{sys.executable} -m finnet explain --format csv | head -1; echo ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.splitlines() == ["code,meaning", "0"]
    assert result.stderr == ""


def test_version(shell):
    result = CliRunner().invoke(shell, ["--version"])
    assert result.exit_code == 0
    assert result.output.strip().count(".") == 2


def test_an_interrupt_that_the_engine_swallowed_ends_with_130(capfd):
    """Ctrl-C inside a callback is reported to nobody; the engine then fails for another reason."""
    import ctypes

    import typer

    from finnet.cli._shell import Shell
    from finnet.errors import InputError

    def pressed() -> None:
        raise KeyboardInterrupt

    probe = typer.Typer(cls=Shell)

    @probe.callback()
    def nothing() -> None: ...

    @probe.command()
    def read() -> None:
        ctypes.CFUNCTYPE(None)(pressed)()
        raise InputError("the file could not be read to its end")

    result = CliRunner().invoke(probe, ["read"])
    assert (result.exit_code, result.stderr) == (130, "finnet: interrupted; nothing was stored\n")
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_a_reader_who_leaves_is_no_error(form):
    result = subprocess.run(
        f"{sys.executable} -m finnet doctor --format {form} | true; echo ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        text=True,
        check=True,
    )
    assert (result.stdout, result.stderr) == ("0\n", "")


def test_a_hint_shows_what_a_file_name_hides(tmp_path):
    place = tmp_path / "evil\x1b[31m.csv"
    place.write_text("a,b\n1,2\n", encoding="utf-8")
    result = CliRunner().invoke(application(), ["ingest", str(place), "-c", str(tmp_path / "c")])
    assert result.exit_code == 2
    assert "\x1b" not in result.output
    assert "evil\\u{1b}[31m.csv" in result.output


def test_an_old_list_is_mentioned_on_stderr_only(shell, tmp_path):
    line = '1,"INVENTED ONE",-0- ,"DPRK",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"Linked To: INVENTED TWO."\r\n'
    (tmp_path / "sdn.csv").write_text(line, newline="")
    case = str(tmp_path / "c.finnet")
    words = ["ingest", str(tmp_path / "sdn.csv"), "-c", case, "--retrieved-on", "2019-01-31"]
    assert CliRunner().invoke(shell, words).exit_code == 0
    result = CliRunner().invoke(shell, ["choke", "-c", case, "--json"])
    assert "ofac_sdn is of 2019-01-31, more than 30 days before today" in result.stderr
    assert "before today" not in result.stdout


@pytest.mark.parametrize(("lost", "code"), [(KeyboardInterrupt, 130), (None, 1)])
def test_a_failure_after_an_interrupt_that_was_lost_is_the_interrupt(lost, code):
    shell = typer.Typer(cls=Shell)

    @shell.callback()
    def nothing() -> None:
        pass

    @shell.command()
    def compile_() -> None:
        if lost:
            sys.unraisablehook(SimpleNamespace(exc_type=lost, exc_value=None, exc_traceback=None))
        raise RuntimeError("no compiled object yet")

    result = CliRunner().invoke(shell, ["compile-"])
    assert result.exit_code == code
    assert ("interrupted" in result.output) == bool(lost)

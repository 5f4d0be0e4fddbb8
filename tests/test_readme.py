"""What README and the pages say is true: the commands run, the links lead somewhere, every command is named."""

from __future__ import annotations

import csv
import re
import shlex
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from typer.main import get_command

from finnet.catalogue import Catalogue
from finnet.cli import application

REPOSITORY = Path(__file__).resolve().parent.parent
README = REPOSITORY / "README.md"
PAGES = [README, *sorted((REPOSITORY / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(console|python|text)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


def blocks(language: str) -> list[str]:
    found = BLOCK.findall(README.read_text(encoding="utf-8"))
    return [text for kind, text in found if kind == language]


def commands() -> list[list[str]]:
    """The words of every `$ finnet …` line; what stands behind a # is for the reader."""
    lines = [line[2:] for text in blocks("console") for line in text.splitlines() if line.startswith("$ finnet ")]
    return [shlex.split(line, comments=True) for line in lines]


def write_a_users_files(folder: Path) -> None:
    """Small invented files of the kinds and under the names that README uses."""
    (folder / "sdn.csv").write_bytes(
        b'101,"INVENTED TRADING BANK",-0- ,"DPRK",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
        b'102,"INVENTED, Person","individual","DPRK3","Invented Trading Bank Representative in Dalian, China",'
        b'-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 1970; Linked To: INVENTED TRADING BANK."\r\n'
    )
    (folder / "alt.csv").write_bytes(b'101,1,"aka","INVENTED BANK",-0- \r\n')
    (folder / "add.csv").write_bytes(b'101,1,"1 Invented Street","Pyongyang","Korea, North",-0- \r\n')
    (folder / "statement.csv").write_text(
        "payer,payer name,payer country,beneficiary,beneficiary name,beneficiary country,amount,currency,date\n"
        "ofac-101,Invented Trading Bank,KP,s1,Invented Shell,HK,1000.00,USD,2019-01-05\n"
        "s1,Invented Shell,HK,s2,Invented Supplier,CN,900.00,USD,2019-01-09\n"
        "s1,Invented Shell,HK,s3,Invented Other Supplier,CN,50.00,USD,2019-02-01\n",
        encoding="utf-8",
    )


@pytest.mark.slow
def test_every_command_of_the_readme_runs(tmp_path):
    write_a_users_files(tmp_path)
    ran = []
    for words in commands():
        done = subprocess.run(
            [sys.executable, "-m", *words], cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False
        )
        assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout[-1500:]}{done.stderr[-1500:]}"
        ran.append(words[1])
    assert "choke" in ran


def commands_of(page: Path) -> list[str]:
    """Every line of a page that calls finnet, joined where it goes on, and cut where a shell would begin another."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = re.findall(r"^(?:    |\$ )(finnet .*)$", text, re.MULTILINE)
    return [part.strip() for line in lines for part in line.split("&&")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_a_page_is_understood(page):
    # Parsed as the shell would be asked, and not run: names, options, values and the number of arguments are right.
    group = get_command(application())
    for line in commands_of(page):
        _, *words = shlex.split(line.split(" > ")[0], comments=True)
        with group.make_context("finnet", [], resilient_parsing=True) as context:
            name, command, rest = group.resolve_command(context, words)
            with command.make_context(name, rest, parent=context):
                pass


def test_the_python_of_the_readme_runs(tmp_path, monkeypatch):
    from finnet import api

    monkeypatch.chdir(tmp_path)
    api.ingest(["sample:dprk"])
    (program,) = blocks("python")
    exec(compile(program, "README.md", "exec"), {})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_to_one(page):
    links = LINK.findall(page.read_text(encoding="utf-8"))
    inward = [link.split("#", 1)[0] for link in links if "://" not in link and not link.startswith(("#", "mailto:"))]
    assert [link for link in inward if not (page.parent / link).exists()] == []


def test_every_command_is_named_in_a_page():
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    names = Catalogue("finnet.cli", kind="command", verbs=("PANEL",))
    assert [name for name in names if not re.search(rf"finnet {name}\b|`{name}[ `]", text)] == []


def test_the_readme_names_no_command_that_does_not_exist():
    names = set(Catalogue("finnet.cli", kind="command", verbs=("PANEL",)))
    named = {
        name for page in PAGES for name in re.findall(r"(?:`|\$ |^    )finnet ([a-z_]+)", page.read_text("utf-8"), re.M)
    }
    assert sorted(named - names) == []


def shown(query: str, columns: tuple[str, ...]) -> list[str]:
    """The rows of an expected answer as README prints them: these cells, in this order, with thousands and per cent."""

    def cell(name: str, value: str) -> str:
        if name == "bite_share":
            return f"{float(value):.1%}"
        return f"{Decimal(value):,}" if re.fullmatch(r"[0-9.]+", value) else value

    with (REPOSITORY / "queries" / f"{query}.csv").open(encoding="utf-8", newline="") as file:
        return [" ".join(cell(name, row[name]) for name in columns) for row in csv.DictReader(file)]


CHOSEN = ("rank", "caption", "bite", "bite_share", "remaining")


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("cold_harbour.where_to_cut", ("country", "bite")),
        ("cold_harbour.where_to_cut", ("remaining",)),
        ("representatives_abroad.panel_countries", ("country", "representatives", "verdict")),
        ("dprk_jurisdictions.with_china", CHOSEN),
        ("dprk_jurisdictions.without_china", CHOSEN),
    ],
)
def test_the_answers_that_the_readme_prints_are_the_expected_ones(query, columns):
    printed = " ".join(" ".join(blocks("text")).split())
    assert [row for row in shown(query, columns) if row not in printed] == []

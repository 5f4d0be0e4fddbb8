"""The rules of the house: one version, no machine's traces, pins that are complete, a help that is quick."""

from __future__ import annotations

import ast
import re
import resource
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from finnet.version import __version__

REPOSITORY = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
PIN = re.compile(
    r'([A-Za-z0-9][A-Za-z0-9._-]*)==[0-9][A-Za-z0-9.]*( *; *(python_version|sys_platform) *[<>=!]+ *["\'][^"\']+["\'])?'
)
# A folder of somebody's machine, a checkout's neighbours, or the place packages were fetched from.
TRACES = re.compile(
    r"/home/[a-z]|/Users/[A-Za-z]|[A-Z]:\\\\?Users|/tmp/[a-z]{2}|/opt/[a-z]|"
    r"--(?:extra-)?index-url|/simple/\b|\blocalhost:\d",
)
HELP_TIMES = 2.2  # what an application of two commands that do nothing needs for its help
SMALL_APPLICATION = """
import typer
application = typer.Typer()
for name in ("one", "two"):
    application.command(name)(lambda number=1: None)
application(["--help"])
"""


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is not a git checkout: nobody says which files belong to finnet")
    paths = [REPOSITORY / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_version_stands_in_one_place():
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert PROJECT["tool"]["hatch"]["version"]["path"] == "finnet/version.py"
    sources = [path for path in tracked() if path.suffix == ".py" and path.is_relative_to(REPOSITORY / "finnet")]
    assigned = [
        path.name
        for path in sources
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign) and [t.id for t in node.targets if isinstance(t, ast.Name)] == ["__version__"]
    ]
    assert assigned == ["version.py"]


def test_the_changelog_names_this_version_first():
    versions = re.findall(r"^## \[?([0-9]+\.[0-9]+\.[0-9]+)", (REPOSITORY / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert versions[0] == __version__


def test_no_file_names_a_machine():
    found = []
    for path in tracked():
        if path == Path(__file__).resolve():
            continue
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [f"{path.name}:{number}" for number, line in enumerate(lines, 1) if TRACES.search(line)]
    assert found == []


def test_constraints_are_names_and_versions_and_nothing_else():
    lines = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not PIN.fullmatch(line)] == []
    names = [normal(line.split("==")[0]) + line.partition(";")[2] for line in lines]
    assert len(names) == len(set(names))


def test_constraints_pin_whatever_the_project_names():
    lines = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {normal(line.split("==")[0]) for line in lines}
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["dev"]]
    assert {normal(re.split(r"[<>=~!;\s\[]", line)[0]) for line in wanted} <= pinned


def test_help_is_quick():
    """Processor time of the best of five runs, beside Typer's own in the same minutes: machines differ, and change."""

    def spent(*words: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *words], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    pairs = [(spent("-m", "finnet", "--help"), spent("-c", SMALL_APPLICATION)) for _ in range(5)]
    ours, theirs = (min(times) for times in zip(*pairs, strict=True))
    assert ours < HELP_TIMES * theirs


def test_make_says_what_it_can_make():
    text = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*## ", text, re.M))
    phony = set(re.findall(r"^\.PHONY: (.*)$", text, re.M)[0].split())
    assert targets == phony

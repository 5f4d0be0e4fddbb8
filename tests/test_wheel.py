"""What is handed on as a wheel works in an empty folder, with all that ships inside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
SHIPPED = ("graphs", "queries", "mappings", "regimes", "levers", "assumptions")
# pip's words where the build backend can be fetched from nowhere.
NOTHING_TO_BUILD_WITH = ("No matching distribution found for hatchling", "Could not find a version that satisfies")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    words = [
        "wheel",
        "--no-deps",
        "--quiet",
        "--disable-pip-version-check",
        "--wheel-dir",
        str(folder),
        str(REPOSITORY),
    ]
    done = subprocess.run([sys.executable, "-m", "pip", *words], capture_output=True, text=True, check=False)
    if any(words in done.stderr for words in NOTHING_TO_BUILD_WITH):
        pytest.skip("hatchling, which builds the wheel, is not to be had here")
    assert done.returncode == 0, done.stderr
    (path,) = folder.glob("finnet-*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    words = ["install", "--no-deps", "--quiet", "--disable-pip-version-check", "--target", str(folder), str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", *words], check=True, capture_output=True)
    return folder


@pytest.fixture
def python(installed, tmp_path):
    """Runs Python in an empty folder with the installed wheel in front of everything else."""

    def run(*words: str, timeout: int = 300) -> str:
        environment = {**os.environ, "PYTHONPATH": str(installed)}
        done = subprocess.run(
            [sys.executable, *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    return run


def tracked(*folders: str) -> set[str]:
    listed = subprocess.run(["git", "ls-files", *folders], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is not a git checkout: nobody says which files belong to finnet")
    return {name for name in listed.stdout.splitlines() if (REPOSITORY / name).is_file()}


def test_the_wheel_holds_every_file_of_the_package_and_all_that_ships(wheel):
    inside = set(zipfile.ZipFile(wheel).namelist())
    assert tracked("finnet") <= inside
    assert {f"finnet/_shipped/{name}" for name in tracked(*SHIPPED)} <= inside


def test_the_wheel_holds_nothing_but_the_package_and_its_papers(wheel):
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"finnet"}


def test_installed_it_finds_what_ships(python, installed):
    program = """
import json
import finnet
from finnet.graph.recipe import load_recipe
from finnet.model.mapping import load_mapping
from finnet.analysis.interdiction.grades import load_grades
from finnet.analysis.interdiction.rewiring import load_rewiring
from finnet.analysis.ownership.regime import load_regime
from finnet.shipped import shipped, shipped_names
print(json.dumps({
    "finnet": finnet.__file__,
    "recipes": [load_recipe(name).name for name in shipped_names("graphs")],
    "regimes": [load_regime(name).name for name in shipped_names("regimes")],
    "mappings": [load_mapping(shipped("mappings") / f"{name}.toml").kind for name in shipped_names("mappings")],
    "queries": shipped_names("queries"),
    "assumptions": sorted([load_grades().name, load_rewiring().name]),
}))
"""
    found = json.loads(python("-c", program))
    names = {folder: sorted(path.stem for path in (REPOSITORY / folder).glob("*.toml")) for folder in SHIPPED}
    assert Path(found["finnet"]).is_relative_to(installed)
    assert (found["recipes"], found["regimes"], found["queries"]) == (
        names["graphs"],
        names["regimes"],
        names["queries"],
    )
    assert len(found["mappings"]) == len(names["mappings"])
    assert found["assumptions"] == names["assumptions"]


def test_installed_it_reads_the_samples_and_answers(python, tmp_path):
    python("-m", "finnet", "ingest", "sample:dprk", "-c", "dprk.finnet")
    rows = json.loads(python("-m", "finnet", "info", "-c", "dprk.finnet", "--json"))["rows"]
    assert sum(row["listings"] for row in rows) > 0
    python("-m", "finnet", "blocked", "-c", "dprk.finnet", "--regime", "ofac", "--json")
    python("-m", "finnet", "view", "-c", "dprk.finnet", "-o", "page.html")
    assert "vis" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "E1203" in python("-m", "finnet", "explain", "--format", "csv")


@pytest.mark.slow
def test_installed_it_runs_every_query_whose_data_ship(python, tmp_path):
    python("-m", "finnet", "run", "--all", timeout=900)
    manifests = [json.loads(path.read_text(encoding="utf-8")) for path in tmp_path.glob("runs/*/manifest.json")]
    # Every query that ships but those on ICIJ's FinCEN Files, which have to be fetched by whoever asks them.
    shipped = [path.stem for path in (REPOSITORY / "queries").glob("*.toml") if not path.stem.startswith("fincen")]
    assert len(manifests) == len(shipped)

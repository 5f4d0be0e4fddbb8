"""doctor: what it looks at, and that it notices what is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from finnet import api
from finnet.version import __version__


def verdicts(answer) -> dict[str, str]:
    return {row["item"]: row["verdict"] for row in answer.rows}


def test_nothing_is_wrong_where_the_tests_run(tmp_path):
    answer = api.doctor(case=tmp_path / "c.finnet")
    assert (answer.outcome, answer.summary["wrong"]) == (0, 0)
    assert {"finnet", "python", "duckdb", "locale", "disk", "memory", "write test", "case", "network"} <= set(
        verdicts(answer)
    )
    assert next(row["value"] for row in answer.rows if row["item"] == "finnet") == __version__


def test_it_leaves_nothing_behind(tmp_path):
    api.doctor(case=tmp_path / "deep" / "c.finnet")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_case_is_wrong(tmp_path):
    case = tmp_path / "c.finnet"
    case.mkdir()
    (case / "case.json").write_text("{", encoding="utf-8")
    answer = api.doctor(case=case)
    assert (answer.outcome, verdicts(answer)["case"]) == (3, "wrong")


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs a file system on which nobody may write")
def test_a_place_where_nothing_can_be_written_is_wrong():
    answer = api.doctor(case="/proc/c.finnet")
    assert (answer.outcome, verdicts(answer)["write test"]) == (3, "wrong")


def test_an_encoding_that_cannot_hold_names_is_a_warning(tmp_path):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "finnet", "doctor", "--format", "csv"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("terminal,")]
    assert line.startswith("terminal,ascii,warning,")

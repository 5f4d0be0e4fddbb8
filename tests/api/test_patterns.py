"""The verb on patterns: each currency by itself, options that mean something, records behind rows; AMLSim's table."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import networkx
import pytest

from benchmarks import amlsim
from finnet import api
from finnet.errors import UnknownNameError, UsageError

_ROWS = """payer,beneficiary,amount,currency,date
Acme,Mule,100.00,USD,2019-01-01
Mule,<script>alert(1)</script>,95.00,USD,2019-01-02
<script>alert(1)</script>,Acme,90.00,USD,2019-01-03
Acme,Mule,100.00,EUR,2019-01-01
Mule,Acme,100.00,USD,2019-03-01
Mule,Acme,99.00,EUR,2019-01-05
"""
_MAPPING = """kind = "payments"
dataset = "invented"
[columns]
payer = "payer"
beneficiary = "beneficiary"
amount = "amount"
currency = "currency"
date = "date"
[formats]
date = "iso"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("patterns")
    (place / "p.csv").write_text(_ROWS, encoding="utf-8")
    (place / "m.toml").write_text(_MAPPING, encoding="utf-8")
    api.ingest([place / "p.csv"], case=place / "c.finnet", mapping=place / "m.toml")
    return place / "c.finnet"


def test_each_currency_is_looked_at_by_itself(folder: Path) -> None:
    answer = api.patterns(api.open_case(folder), typology="round_trip")
    assert [(row["currency"], row["amount"], row["payments"], row["first"], row["last"]) for row in answer.rows] == [
        ("EUR", Decimal("99.00"), 2, "2019-01-01", "2019-01-05"),
        ("USD", Decimal("90.00"), 3, "2019-01-01", "2019-01-03"),
    ]
    assert answer.summary["found"] == {"round_trip": {"EUR": 1, "USD": 1}}
    assert answer.rows[1]["records"] == ["invented:1", "invented:2", "invented:3"]
    assert any(note.startswith("leads, not findings") for note in answer.notes)


def test_a_note_about_payments_says_of_which_currency_they_are(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(_MAPPING, encoding="utf-8")
    rows = (
        "payer,beneficiary,amount,currency,date\na,b,2,USD,\na,b,3,EUR,\na,b,4,EUR,2019-01-01\na,b,5,USD,2019-01-01\n"
    )
    (tmp_path / "p.csv").write_text(rows, encoding="utf-8")
    api.ingest([tmp_path / "p.csv"], case=tmp_path / "c", mapping=tmp_path / "m.toml")
    with api.open_case(tmp_path / "c") as case:
        notes = [note for note in api.patterns(case, typology="fan_in").notes if "no date" in note]
        alone = [note for note in api.patterns(case, typology="fan_in", currency="EUR").notes if "no date" in note]
    assert [note.partition(" payments")[0] for note in notes] == ["EUR: 1", "USD: 1"]
    assert [note.partition(" payments")[0] for note in alone] == ["1"]


def test_all_typologies_run_at_their_defaults(folder: Path) -> None:
    answer = api.patterns(api.open_case(folder))
    assert {row["typology"] for row in answer.rows} == {"round_trip"}
    assert set(answer.summary["found"]) == set(answer.summary["definitions"]) == set(answer.summary["settings"])


def test_an_option_that_means_nothing_is_refused(folder: Path) -> None:
    with pytest.raises(UsageError, match="--least means nothing to round_trip"):
        api.patterns(api.open_case(folder), typology="round_trip", least=3)
    with pytest.raises(UnknownNameError, match="round_trip"):
        api.patterns(api.open_case(folder), typology="round_tripp")


def test_the_command_says_that_these_are_leads_and_shows_hostile_names_as_text(folder: Path) -> None:
    words = [sys.executable, "-m", "finnet", "patterns", "-t", "round_trip", "-c", str(folder)]
    done = subprocess.run([*words, "--json"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["rows"][1]["captions"] == ["Acme", "Mule", "<script>alert(1)</script>"]
    assert "leads, not findings" in done.stderr
    done = subprocess.run([*words, "--window", "1"], capture_output=True, text=True, check=True)
    assert "Acme" not in done.stdout


def test_the_page_s_table_of_amlsim_is_what_the_script_finds(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    amlsim.main(shared_data / "amlsim")
    tables = capsys.readouterr().out.split("\nNot found")[0].strip()
    page = (Path(__file__).resolve().parents[2] / "docs" / "patterns.md").read_text(encoding="utf-8")
    assert tables in page


def test_a_planted_cycle_is_closed_where_its_hops_are_one_ring(shared_data: Path) -> None:
    for one in amlsim.planted(shared_data / "amlsim"):
        graph: networkx.DiGraph[str] = networkx.DiGraph([(payer, beneficiary) for _, payer, beneficiary in one.hops])
        ring = networkx.is_strongly_connected(graph) and len(graph) == graph.number_of_edges() == len(one.hops)
        assert one.is_closed == ring


def test_a_cut_takes_as_many_of_each_typology_and_currency(folder: Path) -> None:
    case = api.open_case(folder)
    whole = api.patterns(case, least=1, window=9)
    kinds = [(row["typology"], row["currency"]) for row in whole.rows]
    assert len(kinds) > len(set(kinds)) > 2
    cut = api.patterns(case, least=1, window=9, limit=len(set(kinds)))
    assert [(row["typology"], row["currency"]) for row in cut.rows] == list(dict.fromkeys(kinds))
    assert (cut.truncated, cut.total) == (True, len(kinds))

"""diff, --known-at and purge: what a list said when, and taking a dataset out for good."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import finnet
from finnet.errors import CaseError, UsageError

NOTHING = ",".join(["-0- "] * 7)
OLD = (
    f'101,"INVENTED ONE","individual","DPRK",{NOTHING},"DOB 1960."\r\n'
    f'102,"INVENTED TWO",-0- ,"DPRK",{NOTHING},"Linked To: INVENTED ONE."\r\n'
)
NEW = (
    f'101,"INVENTED ONE","individual","DPRK2",{NOTHING},"DOB 1961."\r\n'
    f'103,"INVENTED THREE",-0- ,"DPRK",{NOTHING},-0- \r\n'
)


@pytest.fixture
def folder(tmp_path):
    for name, text, day in (("old", OLD, "2019-01-05"), ("new", NEW, "2019-03-05")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "sdn.csv").write_bytes(text.encode())
        finnet.ingest([tmp_path / name / "sdn.csv"], case=tmp_path / "c.finnet", retrieved_on=day)
    return tmp_path / "c.finnet"


def test_diff_says_who_came_who_went_and_what_is_said_otherwise(folder):
    with finnet.open_case(folder) as case:
        answer = finnet.diff(case)
    told = {(row["change"], row["id"], row["what"]): (row["before"], row["after"]) for row in answer.rows}
    assert told["added", "ofac-103", "entry"] == (None, "OFAC · DPRK · 103")
    assert told["removed", "ofac-102", "entry"] == ("OFAC · DPRK · 102", None)
    assert told["changed", "ofac-101", "birthDate"] == ("1960", "1961")
    assert {what for change, party, what in told if party == "ofac-101"} >= {"birthDate", "listing"}
    assert (answer.summary["added"], answer.summary["removed"], answer.summary["changed"]) == (1, 1, 1)
    assert "2019-01-05" in answer.summary["before"]


def test_diff_of_one_kind_of_change_and_between_dates(folder):
    with finnet.open_case(folder) as case:
        assert {row["id"] for row in finnet.diff(case, "ofac_sdn", change="added").rows} == {"ofac-103"}
        assert finnet.diff(case, before="2019-02", after="2019-03").summary["removed"] == 1
        for options, says in (
            ({"before": "2018"}, "oldest version"),
            ({"after": "2019-01"}, "no version is older"),
            ({"change": "x"}, "added"),
        ):
            with pytest.raises(UsageError, match=says):
                finnet.diff(case, **options)
        with pytest.raises(UsageError, match="there are: ofac_sdn"):
            finnet.diff(case, "nobody")


def test_a_case_as_it_was_known(folder):
    def ids(known_at):
        with finnet.open_case(folder, known_at=known_at) as case:
            return [row["entity_id"] for row in finnet.sql(case, "select entity_id from v1_entity order by 1").rows]

    assert ids("2019-02") == ["ofac-101", "ofac-102"]
    assert ids("2019-03-05") == ids(None) == ["ofac-101", "ofac-103"]
    assert ids("2018") == []
    with pytest.raises(UsageError, match="--known-at"):
        finnet.open_case(folder, known_at="yesterday")


def test_decisions_of_later_were_not_known_and_look_ups_agree(folder):
    with finnet.open_case(folder) as case:
        finnet.note(case, "ofac-101", "of April", by="A", on="2019-04-01")
    for known_at, notes in (("2019-02", 0), ("2019-05", 1)):
        with finnet.open_case(folder, known_at=known_at) as case:
            rows = finnet.show(case, "ofac-101").rows
            assert len([row for row in rows if row["property"] == "note"]) == notes


def test_the_command_line_says_as_of_when(folder):
    done = subprocess.run(
        [sys.executable, "-m", "finnet", "find", "two", "-c", str(folder), "--known-at", "2019-02", "--json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    document = json.loads(done.stdout)
    assert [row["id"] for row in document["rows"]] == ["ofac-102"]
    assert document["params"]["known_at"] == "2019-02"
    assert document["notes"][0] == "as known on 2019-02"


def test_purge_deletes_every_version_and_says_what_is_left(folder):
    with finnet.open_case(folder) as case:
        finnet.note(case, "ofac-103", "x", by="A", on="2019-04-01")
        with pytest.raises(UsageError, match="--confirm ofac_sdn"):
            finnet.purge(case, "ofac_sdn")
    assert len(list((folder / "data").iterdir())) > 0
    with finnet.open_case(folder) as case:
        answer = finnet.purge(case, "ofac_sdn", confirm="ofac_sdn")
    assert (answer.summary["ingests"], [row["status"] for row in answer.rows]) == (2, ["deleted", "deleted"])
    assert "lines 1" in answer.notes[1]
    assert list((folder / "data").iterdir()) == []
    assert not (folder / "index.sqlite").exists()
    assert b"INVENTED" not in b"".join(
        p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name != "case.json"
    )
    with finnet.open_case(folder) as case:
        assert finnet.info(case).rows == []
        with pytest.raises(UsageError, match="there are: none"):
            finnet.purge(case, "ofac_sdn", confirm="ofac_sdn")


def test_purge_of_nothing_is_no_case(tmp_path):
    with pytest.raises(CaseError):
        finnet.open_case(tmp_path / "none.finnet")

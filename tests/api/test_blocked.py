"""The ownership rule through the real commands: edge cases, the documented table, dates, joint holders, notes."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from finnet import api
from finnet.cli import application

DOCS = Path(__file__).resolve().parents[2] / "docs" / "bods.md"
MAPPING = """
kind = "links"
dataset = "register"
ids = "verbatim"
[columns]
source = "owner"
target = "owned"
share = "share"
start = "from"
end = "to"
[defaults]
class = "ownership"
"""


@pytest.fixture
def shell(tmp_path):
    """Runs commands on a case of holdings given as (owner, owned, share, from, to)."""

    def run(*arguments, code=0):
        result = CliRunner().invoke(
            application(), [*arguments, "-c", str(tmp_path / "x.finnet")], env={"COLUMNS": "200"}
        )
        assert result.exit_code == code, result.output
        return result

    def holdings(*rows):
        path = tmp_path / "holdings.csv"
        lines = [",".join((*row, "", "")[:5]) for row in rows]
        path.write_text("\n".join(["owner,owned,share,from,to", *lines]) + "\n")
        (tmp_path / "links.toml").write_text(MAPPING)
        run("ingest", str(path), "--mapping", str(tmp_path / "links.toml"))
        return run

    return holdings


def answer(result) -> dict:
    return json.loads(result.stdout)


def verdicts(result) -> dict[str, str]:
    return {row["id"]: row["verdict"] for row in answer(result)["rows"]}


def test_a_chain_of_twelve_halves_is_blocked_to_its_end(shell):
    names = ["x", *(f"n{step:02}" for step in range(1, 13))]
    run = shell(*((owner, owned, "50%") for owner, owned in itertools.pairwise(names)))
    found = answer(run("blocked", "n12", "--designate", "id:x", "--json"))
    assert found["rows"][0]["verdict"] == "blocked"
    assert [row["round"] for row in found["rows"]] == [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    # Under the UK rule exactly half is not more than half.
    assert verdicts(run("blocked", "n01", "--designate", "id:x", "--regime", "uk", "--json")) == {"n01": "possibly"}


def test_a_ring_without_an_owner_blocks_nobody_and_is_named(shell):
    run = shell(("a", "b", "100%"), ("b", "a", "100%"), ("x", "c", "10%"))
    found = answer(run("blocked", "--designate", "id:x", "--json"))
    assert {row["id"]: row["verdict"] for row in found["rows"]} == {"x": "listed", "c": "possibly"}
    assert found["summary"]["ambiguous_loops"] == [["a", "b"]]
    (loop,) = answer(run("loops", "--json"))["rows"]
    assert (loop["members"], loop["leaks"]) == (["a", "b"], False)
    owners = {row["id"]: row["integrated"] for row in answer(run("owners", "a", "--json"))["rows"]}
    assert owners == {"b": 1.0}


def test_what_a_party_holds_of_itself_never_counts_and_the_reader_is_told_when_it_matters(shell):
    run = shell(("a", "a", "60%"), ("x", "a", "40%"))
    found = answer(run("blocked", "a", "--designate", "id:x", "--json"))
    # 40 of the 40 that others can hold: the whole of the rest.
    assert (found["rows"][0]["verdict"], found["rows"][0]["held_min"]) == ("possibly", 0.4)
    assert "60 % held of itself never counts; of the other shares listed parties hold 100 %" in " ".join(found["notes"])
    (loop,) = answer(run("loops", "--json"))["rows"]
    assert loop["members"] == ["a"]


def test_shares_of_140_percent_are_taken_as_they_are_and_flagged_with_their_records(shell):
    run = shell(("x", "a", "70%"), ("n", "a", "70%"))
    found = answer(run("blocked", "a", "--designate", "id:x", "--json"))
    assert found["rows"][0]["verdict"] == "blocked"
    assert "recorded shares add up to 140 % (records register:1, register:2)" in " ".join(found["notes"])
    owners = answer(run("owners", "a", "--json"))
    # For what reaches whom each counts in proportion: half and half.
    assert {row["id"]: row["integrated"] for row in owners["rows"]} == {"n": 0.5, "x": 0.5}
    assert "140 %" in " ".join(owners["notes"])


def test_a_ring_that_outsiders_hold_a_part_of_although_it_holds_itself_wholly(shell):
    # 100 + 100 round the ring and 40 from outside: impossible, and no reason to crash or to run for ever.
    run = shell(("a", "b", "100%"), ("b", "a", "100%"), ("x", "a", "40%"))
    rows = {row["id"]: row["integrated"] for row in answer(run("holdings", "x", "--json"))["rows"]}
    assert rows == {"a": pytest.approx(1.0, abs=1e-6), "b": pytest.approx(1.0, abs=1e-6)}
    assert {row["id"] for row in answer(run("owners", "b", "--json"))["rows"]} == {"a", "x"}


@pytest.mark.parametrize(
    ("share", "ofac", "uk"),
    [
        ("25-50%", "possibly", "not"),  # a band that ends exactly at 50
        ("50%", "blocked", "not"),
        (">50%", "blocked", "blocked"),
        (">=50%", "blocked", "possibly"),
        ("<50%", "possibly", "not"),  # the sliver between may be in the hands of another listed party
        ("49.9999999%", "possibly", "not"),  # finer than a millionth: not rounded up to the threshold
        ("", "possibly", "possibly"),  # not disclosed
    ],
)
def test_shares_around_the_threshold(shell, share, ofac, uk):
    # n holds exactly half of a, so that nothing beside the share itself is open; not so for a share that is not known.
    rest = [] if not share else [("n", "a", "50%")]
    run = shell(("x", "a", share), *rest)
    found = [
        verdicts(run("blocked", "a", "--designate", "id:x", "--regime", law, "--json"))["a"] for law in ("ofac", "uk")
    ]
    assert found == [ofac, uk]


def test_no_share_on_record_is_no_data_and_no_clearance(shell):
    run = shell(("n", "b", "30%"))
    result = run("blocked", "b", "--designate", "id:n", "--delist", "id:n")
    assert "no_data" in result.stdout
    assert "no shareholding of a listed party is recorded" in result.stdout


def test_a_sale_unblocks_from_its_day_on(shell):
    # FAQ 402: 60 % until the sale, 40 % after it.
    run = shell(
        ("x", "a", "60%", "2015-01-01", "2020-06-30"), ("x", "a", "40%", "2020-07-01"), ("n", "a", "60%", "2020-07-01")
    )
    dates = ("2014", "2019", "2020-06-30", "2020-07-01")
    found = [verdicts(run("blocked", "a", "--designate", "id:x", "--as-of", date, "--json"))["a"] for date in dates]
    assert found == ["no_data", "blocked", "blocked", "not"]


def test_the_law_of_the_day_applies(shell):
    run = shell(("x", "a", "50%"), ("n", "a", "50%"))
    found = [
        verdicts(run("blocked", "a", "--designate", "id:x", "--regime", "eu", "--as-of", date, "--json"))["a"]
        for date in ("2024-07-02", "2024-07-03")
    ]
    assert found == ["not", "blocked"]


def test_the_proof_names_the_records_back_to_the_listed(shell):
    # FAQ 401, example 3.
    run = shell(("x", "a", "50%"), ("x", "b", "10%"), ("a", "b", "40%"))
    rows = answer(run("blocked", "b", "--designate", "id:x", "--json"))["rows"]
    assert [(row["id"], row["verdict"], row["records"]) for row in rows] == [
        ("b", "blocked", ["register:2", "register:3"]),
        ("a", "blocked", ["register:1"]),
        ("x", "listed", []),
    ]
    assert [(one["id"], one["min"]) for one in rows[0]["holders"]] == [("a", 0.4), ("x", 0.1)]


def test_gain_finds_single_parties_and_pairs_through_chains(shell):
    # x holds a, which holds a quarter of c; y holds another quarter of c: x and y capture c only together.
    run = shell(("x", "a", "60%"), ("a", "c", "25%"), ("y", "c", "25%"), ("c", "d", "80%"))
    rows = answer(run("blocked", "--gain", "--json"))["rows"]
    assert [(row["id"], row["with"], row["gain"]) for row in rows] == [
        ("c", None, 1),
        ("x", None, 1),
        ("a", "y", 2),
        ("x", "y", 2),
    ]


def test_joint_holders_declared_in_a_regime_file_count_as_one(shell, tmp_path):
    run = shell(("x", "a", "30%"), ("y", "a", "30%"), ("n", "a", "40%"))
    text = (Path(__file__).resolve().parents[2] / "regimes" / "uk.toml").read_text()
    (tmp_path / "mine.toml").write_text('joint = [["x", "y"]]\n' + text)
    arguments = ("blocked", "--designate", "id:x", "--json", "--regime")
    assert verdicts(run(*arguments, "uk")) == {"x": "listed"}
    # y is not listed itself, and nobody holds it.
    assert verdicts(run(*arguments, str(tmp_path / "mine.toml"))) == {"a": "blocked", "x": "listed"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--verdict", "guilty"),
        ("--as-of", "yesterday"),
        ("--gain", "--verdict", "blocked"),
        ("a", "--verdict", "blocked"),
        ("--regime", "atlantis"),
    ],
)
def test_what_cannot_be_asked_is_a_usage_error(shell, arguments):
    shell(("x", "a", "50%"))("blocked", *arguments, code=2)


# FollowTheMoney: percentages of every form become intervals, or the share counts as undisclosed and that is said.
FORMS = {
    "50%": "blocked",
    "25-50": "possibly",
    ">75": "blocked",
    "100": "blocked",
    "50,5 %": "blocked",
    "up to 49%": "possibly",  # what is undisclosed may be theirs too
    "0.5": "possibly",  # a fraction or half a per cent: not guessed
    "majority": "possibly",
}


@pytest.mark.parametrize("form", FORMS)
def test_percentages_of_followthemoney_are_read_or_left_open(tmp_path, form):
    entities = [
        {"id": "x", "schema": "Person", "properties": {"name": ["Ann Invented"]}},
        {"id": "a", "schema": "Company", "properties": {"name": ["Invented Ltd"]}},
        {"id": "o", "schema": "Ownership", "properties": {"owner": ["x"], "asset": ["a"], "percentage": [form]}},
    ]
    path = tmp_path / "invented.ftm.json"
    path.write_text("".join(json.dumps(one) + "\n" for one in entities))
    loaded = api.ingest([path], case=tmp_path / "x.finnet")
    with api.open_case(tmp_path / "x.finnet") as case:
        (row,) = case.rows("select share_min_ppm, share_max_ppm, flags from v1_link")
        verdict = api.blocked(case, "a", designate="id:x").rows[0]["verdict"]
    assert verdict == FORMS[form]
    unread = form in {"0.5", "majority"}
    assert (row["share_min_ppm"] is None, "unread_share" in (row["flags"] or ())) == (unread, unread)
    assert any("cannot be read" in note for note in loaded.notes) == unread


# docs/bods.md


def documented() -> list[tuple[str, ...]]:
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", DOCS.read_text(), re.MULTILINE)
    return [row for row in rows if row[3] in {"blocked", "possibly", "not", "no_data"}]


def test_the_table_of_the_standard_s_examples_is_what_the_commands_say(shared_data, tmp_path):
    table = documented()
    assert len(table) >= 25
    found = []
    for package in dict.fromkeys(row[0] for row in table):
        folder = tmp_path / f"{package}.finnet"
        api.ingest([shared_data / "bods" / f"{package}.json"], case=folder)
        with api.open_case(folder) as case:
            for _, listed, entity, *_ in (row for row in table if row[0] == package):
                words = [
                    api.blocked(case, entity, regime=law, designate=f'name:"{listed}"').rows[0]["verdict"]
                    for law in ("ofac", "eu", "uk")
                ]
                found.append((package, listed, entity, *words))
    assert found == table


def test_the_joint_example_is_blocked_in_the_uk_where_the_joint_holding_is_declared(shared_data, tmp_path):
    api.ingest([shared_data / "bods" / "joint-ownership.json"], case=tmp_path / "x.finnet")
    text = (Path(__file__).resolve().parents[2] / "regimes" / "uk.toml").read_text()
    (tmp_path / "mine.toml").write_text('joint = [["bods-1accb8b18b99", "bods-f040df24d9ec"]]\n' + text)
    with api.open_case(tmp_path / "x.finnet") as case:
        rows = api.blocked(case, regime=str(tmp_path / "mine.toml"), designate="id:bods-1accb8b18b99").rows
    assert {row["caption"]: row["verdict"] for row in rows} == {
        "Joint shareholding": "blocked",
        "CHRINON LTD": "blocked",
        "Natalie Coleman": "listed",
    }

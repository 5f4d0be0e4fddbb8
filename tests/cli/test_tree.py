"""Trees of holdings above the rows: shapes, repeated parties, hostile names, and only where a terminal reads."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from finnet import api
from finnet.cli import application

HOSTILE = "Evil [bold]Invented[/] \x1b[31mLtd\u202e"


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trees")
    names = {
        "x": ("Person", "Ann Invented"),
        "a": ("Company", HOSTILE),
        "b": ("Company", "Second"),
        "c": ("Company", "Third"),
    }
    edges = [("x", "a", "60%"), ("a", "b", "25-50"), ("x", "b", "50%"), ("b", "c", "100%"), ("c", "a", "40%")]
    entities = [
        {"id": one, "schema": schema, "properties": {"name": [name], "country": ["cy"]}}
        for one, (schema, name) in names.items()
    ]
    entities += [
        {"id": f"o{n}", "schema": "Ownership", "properties": {"owner": [o], "asset": [w], "percentage": [p]}}
        for n, (o, w, p) in enumerate(edges)
    ]
    path = folder / "trees.ftm.json"
    path.write_text("".join(json.dumps(one) + "\n" for one in entities))
    api.ingest([path], case=folder / "x.finnet")
    return folder / "x.finnet"


def lines(case, *arguments) -> list[str]:
    result = CliRunner().invoke(application(), [*arguments, "-c", str(case)], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    return [line.rstrip() for line in result.stdout.splitlines()]


def test_owners_hang_below_what_they_hold_and_each_is_drawn_once(case):
    shown = lines(case, "owners", "c")
    assert shown[0] == "Third"
    assert shown[1].startswith("└── Second [cy]  100 %  ██████████  in all 100 %")
    assert shown[2].startswith("    ├── Ann Invented [cy]  50 %  █████·····")
    # a holds a band of b, and is held by x and, in a circle, by c itself.
    assert shown[3].lstrip(" └─").startswith(r"Evil [bold]Invented[/] \u{1b}[31mLtd\u{202e} [cy]  25–50 %  ██▒▒▒·····")
    assert "Ann Invented [cy]  60 %" in shown[4]


def test_names_are_never_read_as_markup_nor_reach_the_terminal_raw(case):
    for arguments in (("owners", "c"), ("holdings", "x"), ("blocked", "a", "--designate", "id:x")):
        text = "\n".join(lines(case, *arguments))
        assert "[bold]" in text
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_the_proof_tree_leads_back_to_the_listed(case):
    shown = lines(case, "blocked", "c", "--designate", "id:x")
    names = [line.lstrip(" └├─│").split("  ")[0] for line in shown[:3]]
    assert names == ["Third [cy]", "Second [cy]", "Ann Invented [cy]"]
    assert "blocked (round 2)" in shown[0]
    assert shown[2].endswith("listed")


def test_holdings_hang_below_their_holder(case):
    shown = lines(case, "holdings", "x")
    assert shown[0] == "Ann Invented"
    assert next(line for line in shown if "Third" in line).lstrip(" └├─│").startswith("Third [cy]  100 %")


@pytest.mark.parametrize("form", ["json", "csv", "jsonl", "md"])
def test_no_tree_where_a_program_reads(case, form):
    assert not any("└──" in line for line in lines(case, "owners", "c", "--format", form))


def test_no_tree_without_an_entity(case):
    assert not any("└──" in line for line in lines(case, "blocked", "--designate", "id:x"))

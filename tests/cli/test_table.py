"""Tables on the terminal: figures whole or not at all, and what is left out is named."""

from __future__ import annotations

from decimal import Decimal

import pytest

from finnet.cli._table import print_answer
from finnet.report.answer import Answer

FIGURES = ("amount", "received", "sent")
ROWS = [
    {
        "id": f"invented-party-{number}",
        "caption": "Plainly Invented Holdings and Trading " * 2,
        "country": "",
        "links": 0,
        "amount": Decimal("1234567890.25") + number,
        "received": Decimal("2345678901.50"),
        "sent": Decimal("3456789012.75"),
    }
    for number in range(3)
]
ANSWER = Answer(command="rank", columns=tuple(ROWS[0]), rows=ROWS)


def printed(capsys, monkeypatch, answer=ANSWER, *, columns: int, wide: bool = False, quiet: bool = False):
    monkeypatch.setenv("COLUMNS", str(columns))
    print_answer(answer, wide=wide, no_color=True, quiet=quiet)
    return capsys.readouterr()


@pytest.mark.parametrize("columns", [40, 60, 80, 100, 120, 200])
def test_no_line_is_wider_than_the_terminal_and_no_figure_is_cut(columns, capsys, monkeypatch):
    from finnet.report.render import cell_text

    lines = printed(capsys, monkeypatch, columns=columns).out.splitlines()
    header = lines[0].split()
    assert max(map(len, lines)) <= columns
    assert all(cell_text(ROWS[1][name]) in lines[3] for name in FIGURES if name in header)
    assert "…" not in lines[0]


def test_what_does_not_fit_is_named_and_goes_in_order(capsys, monkeypatch):
    """First the column without a value, then the one of noughts, then from the right."""
    wanted = {102: [], 101: ["country"], 92: ["country", "links"], 85: ["country", "links", "sent"]}
    found = {}
    for columns in wanted:
        told = printed(capsys, monkeypatch, columns=columns).err
        names = told.partition("room: ")[2].partition(";")[0]
        found[columns] = names.split(", ") if names else []
    # id 16, caption at least 14, country 7, links 5, three figures of 16 are 90, and six gaps of two blanks; without
    # country 83 + 5 · 2, without links too 78 + 4 · 2.
    assert found == wanted


def test_wide_shows_every_column_whole(capsys, monkeypatch):
    told = printed(capsys, monkeypatch, columns=60, wide=True)
    assert told.out.splitlines()[0].split() == list(ANSWER.columns)
    assert ROWS[0]["caption"].strip() in told.out
    assert told.err == ""


def test_a_reason_is_read_to_its_end(capsys, monkeypatch):
    words = "the amount is written with a comma and the mapping declares a point " * 3
    answer = Answer(command="rejects", columns=("file", "reason"), rows=[{"file": "leak.csv", "reason": words}])
    told = printed(capsys, monkeypatch, answer, columns=60)
    read = " ".join(line.removeprefix("leak.csv").strip() for line in told.out.splitlines()[2:])
    assert read.split() == words.split()


def test_quiet_says_nothing_beside_the_table(capsys, monkeypatch):
    assert printed(capsys, monkeypatch, columns=40, quiet=True).err == ""


def test_a_table_in_the_summary_leaves_figures_out_rather_than_cutting_them(capsys, monkeypatch):
    held = {name: Decimal("1234567890.25") for name in ("held", "returned", "outside")}
    answer = Answer(command="trace", columns=("id",), rows=[], summary={"envelope": {"fifo": held, "lifo": held}})
    # Eight for the names, and two blanks and sixteen for each figure: three need 62.
    lines = printed(capsys, monkeypatch, answer, columns=61).out.splitlines()
    assert "1,234,567,890.25  1,234,567,890.25" in lines[-2]
    assert lines[-1].startswith("(not shown for want of room: outside")
    for columns, wide in ((62, False), (61, True)):
        [header, *_] = printed(capsys, monkeypatch, answer, columns=columns, wide=wide).out.strip().splitlines()
        assert header.split() == ["envelope", "held", "returned", "outside"]

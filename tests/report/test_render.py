"""Answers as JSON, CSV and Markdown; hostile text stays inert in each."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from finnet.report.answer import Answer
from finnet.report.render import to_csv, to_json, to_jsonl, to_markdown
from finnet.text import visible

HOSTILE = [
    "Acme\x1b[31mRED",
    "\x9b31m",
    "[bold]x[/bold] [/nothing]",
    "[link=http://example.invalid]x[/link]",
    "</script><script>alert(1)</script>",
    '=HYPERLINK("http://example.invalid")',
    "  +1+1",
    "@SUM(A1)",
    "＝1+1",
    "a\nb\rc\td",
    "\u202eevil",
    "zero\u200bwidth",
    "| pipe `tick` *star*",
    ":bomb:",
]


def answer(*values: object) -> Answer:
    return Answer(command="find", columns=("name", "amount"), rows=[{"name": v, "amount": None} for v in values])


def test_json_is_one_document_with_all_columns():
    got = json.loads(to_json(Answer(command="rank", columns=("id", "score"), rows=[{"id": "a"}])))
    assert got == {
        "schema_version": 1,
        "command": "rank",
        "params": {},
        "summary": {},
        "rows": [{"id": "a", "score": None}],
        "notes": [],
        "truncated": False,
    }


def test_money_keeps_its_digits_in_json_and_csv():
    row = {"name": "x", "amount": Decimal("12345678901234.10")}
    got = Answer(command="c", columns=("name", "amount"), rows=[row])
    assert json.loads(to_json(got))["rows"][0]["amount"] == "12345678901234.10"
    assert to_csv(got) == "name,amount\nx,12345678901234.10\n"


def test_numbers_that_are_not_finite_become_null():
    assert json.loads(to_json(answer(float("nan"), float("inf"))))["rows"][0]["name"] is None


def test_negative_numbers_stay_numbers_in_csv():
    assert to_csv(answer(-5, Decimal("-1.50"), -0.5)) == "name,amount\n-5,\n-1.50,\n-0.5,\n"


def test_csv_makes_formulas_inert_and_raw_does_not():
    rows = list(csv.DictReader(io.StringIO(to_csv(answer(*HOSTILE)))))
    assert [row["name"][0] == "'" for row in rows] == [text.lstrip(" \n")[0] in "=+-@\t\r＝" for text in HOSTILE]
    assert "'=HYPERLINK" not in to_csv(answer(*HOSTILE), raw=True)


def test_csv_shows_what_a_terminal_would_obey_and_raw_does_not():
    shown = to_csv(answer("Acme\x1b[31mRED", ["a\u202eb"], "two\nlines"))
    assert shown == 'name,amount\nAcme\\u{1b}[31mRED,\na\\u{202e}b,\n"two\nlines",\n'
    assert "\x1b" in to_csv(answer("Acme\x1b[31mRED"), raw=True)


def test_markdown_cells_cannot_break_out():
    lines = to_markdown(answer(*HOSTILE)).splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert len(table) == len(HOSTILE) + 2
    assert not any(mark in "".join(table) for mark in ("\x1b", "\u202e", "<script"))


@given(st.lists(st.text(), max_size=5))
def test_json_lines_hold_what_went_in(names):
    lines = to_jsonl(answer(*names)).splitlines()
    sent = [name.encode("utf-8", "backslashreplace").decode() for name in names]
    assert [json.loads(line)["name"] for line in lines] == sent


@given(st.text())
def test_visible_text_is_printable_and_one_line(text):
    shown = visible(text)
    assert "\n" not in shown
    assert "\x1b" not in shown
    assert all(
        character.isprintable() or character in "\u200c\u200d\u3000\xa0 " or character.isspace() for character in shown
    )

"""Reports: every statement cites a record or a step, no name is a mark, the same material gives the same bytes."""

from __future__ import annotations

import ast
import csv
import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from finnet.report.answer import Answer
from finnet.report.dossier.claims import FILLED_IN, claims, claims_csv, read_filled_in
from finnet.report.dossier.compose import compose, weakest_of_people
from finnet.report.dossier.document import Bars, Material, Picture, Record, Sentence, StepAnswer
from finnet.report.dossier.findings import findings
from finnet.report.dossier.markdown import to_markdown
from finnet.report.dossier.page import to_html
from finnet.report.dossier.sentences import sentence_of

PACKAGE = Path(__file__).resolve().parents[3] / "finnet"
HOSTILE = (
    "</script><script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=2>",
    '"><svg onload=window.pwned=3>',
    "[x](javascript:window.pwned) ![y](https://example.invalid/z.png)",
    "https://example.invalid www.example.invalid a@example.invalid",
    "Evil\u202eelpmaxE\u2066",
    "NUL\x00 and \x1b[31mred",
    "1. list | cell | `code` # head\n\n# head",
    "- item",
    '=HYPERLINK("http://example.invalid")',
    "W" * 10_000,
    "\ud800 alone",
)


def choke(name: str = "Plainly Invented Brokers", **summary: object) -> StepAnswer:
    rows = [
        {"rank": 1, "id": "a", "caption": name, "bite": "30.00", "collateral": "5.00", "substitutes": ["b"],
         "rank_betweenness": 7, "rank_volume": 2, "chosen_in": None},
        {"rank": 2, "id": "p", "caption": "Nobody Madeup", "bite": "20.00", "chosen_in": None},
    ]  # fmt: skip
    said = {
        "objective": "flow", "unit": "USD", "before": "100.00", "after": "50.00", "bound": "50.00", "gap": 0.0,
        "optimal": True, "budget": 2, "candidates": 9, "recorded_volume": {},
        "baselines": {"degree": {"chosen": ["b"], "after": "90.00"}, "volume": {"chosen": ["a"], "after": "70.00"}},
    }  # fmt: skip
    columns = ("rank", "id", "caption", "bite", "substitutes")
    return StepAnswer(id="cut", answer=Answer(command="choke", columns=columns, rows=rows, summary=said | summary))


def entity(label: str, caption: str, record: int, grade: str = "B2", schema: str = "Company") -> dict[str, object]:
    return {"kind": "entity", "id": label, "caption": caption, "schema": schema, "country": "kp", "dataset": "list",
            "file": "l.csv", "record": record, "byte_offset": record * 10, "basis": "stated", "reliability": grade[0],
            "credibility": grade[1]}  # fmt: skip


def material(step: StepAnswer | None = None, **changes: object) -> Material:
    told = {
        "title": "INVENTED: a report", "question": "Who?", "steps": (step or choke(),),
        "statements": [entity("a", "Plainly Invented Brokers", 1), entity("p", "Nobody Madeup", 2, "C4", "Person")],
        "sources": [{"dataset": "list", "file": "l.csv", "records": 3, "loaded": 2, "rejected": 1, "skipped": 0,
                     "grade": "B2", "licence": None, "list_date": "2020-01-01", "title": "A list"}],
        "people": {"p": ("Nobody Madeup", False)}, "stamp": "INVENTED",
    }  # fmt: skip
    return Material(**{**told, **changes})


def answer_of(made: Material) -> list[str]:
    return [block.text for block in compose(made).sections[0].blocks]


def test_the_answer_says_first_who_then_before_and_after_then_whether_it_is_proved():
    assert answer_of(material()) == [
        "Choke points: Plainly Invented Brokers [a]; Nobody Madeup [p]. Acted against together, they would take the "
        "flow in the recorded data from 100.00 USD to 50.00 USD, 50.0 % less",
        "Proved: no other set of up to 2 among 9 candidates leaves less in the recorded data",
        "The usual lists do worse: the best of them (volume) would leave 70.00 USD",
        "Without Plainly Invented Brokers [a] in the set, 30.00 USD would come back; 5.00 USD of other links of the "
        "party would be cut too; who might take its place: b; by betweenness it ranks 7, by volume 2",
        "Without Nobody Madeup [p] in the set, 20.00 USD would come back",
    ]


@pytest.mark.parametrize(
    ("summary", "said"),
    [
        ({"optimal": False, "bound": "40.00", "gap": 0.2},
         "Not proved: no set of up to 2 among 9 candidates can leave less than 40.00 USD, a gap of 20.0 %"),
        ({"optimal": False, "bound": None},
         "Not proved: a better set of up to 2 among 9 candidates may exist; no bound is known"),
    ],
)  # fmt: skip
def test_what_is_not_proved_is_called_so(summary, said):
    assert answer_of(material(choke(**summary)))[1] == said


def test_a_naive_list_that_does_as_well_is_named():
    step = choke(baselines={"volume": {"chosen": ["a"], "after": "50.00"}})
    assert answer_of(material(step))[2] == "A usual list does as well: volume would leave 50.00 USD"


def test_nothing_is_said_of_worlds_that_were_not_drawn_and_the_report_says_that():
    text = to_markdown(compose(material()))
    assert "No worlds in which records are wrong were drawn" in text
    assert "of the worlds that were drawn" not in text


def test_doubt_is_told_as_it_was_computed():
    step = choke(
        worlds={"worlds": 200, "grades": "grades", "others_chosen_in": {"b": 0.15}},
        rests_on_one_dataset={"a": ["leak"]},
        ablation=[{"dataset": "leak"}],
        lasting={"bite": "7.00", "bite_share": 0.07, "half_recovery_days": 17.0, "hydra": True, "assumptions": "mine"},
        horizon="90d",
    )
    rows = [{**row, "chosen_in": 0.4} for row in step.answer.rows[:1]] + list(step.answer.rows[1:])
    made = material(StepAnswer(id="cut", answer=replace(step.answer, rows=rows)))
    doubt = next(one for one in compose(made).sections if one.title == "Doubt")
    assert [block.text for block in doubt.blocks] == [
        "Plainly Invented Brokers [a] is in the best set in 40.0 % of 200 worlds that were drawn under assumed grades "
        "(grades); that is no probability of anything anybody did",
        "Others who are chosen in some of these worlds: b in 15.0 %",
        "That Plainly Invented Brokers [a] is chosen rests on one dataset: without leak it is not",
    ]
    assert answer_of(made)[3] == (
        "Over 90d, as the network is assumed to rewire (assumptions: mine), it takes 7.00 USD on average (7.0 %); half "
        "of what it took at once is back after 17 days; at the end there is more than before"
    )


def ladder(direction: str, name: str = "List a shell", **summary: object) -> StepAnswer:
    rows = [
        {"step": 1, "measure": "bank", "name": "Close accounts", "value": "10.00", "at_once": "10.00",
         "cumulative": "10.00", "leverage_kept": 0.625, "snap_back": "9.00", "remaining": "16.00",
         "how": "taken" if direction == "pressure" else "withdrawn"},
        {"step": 2, "measure": "shell", "name": name, "value": "8.00", "at_once": "16.00", "cumulative": "18.00",
         "leverage_kept": 1.0, "snap_back": "8.00", "remaining": "8.00"},
    ]  # fmt: skip
    said = {"direction": direction, "unit": "USD", "before": "26.00", "says": "best order of 2 steps"}
    columns = tuple(rows[0])
    return StepAnswer(id="order", answer=Answer(command="ladder", columns=columns, rows=rows, summary=said | summary))


def test_steps_of_a_ladder_are_told_one_by_one_and_drawn():
    lasting = {"horizon": "180d", "best_at_once": {"order": ["shell", "bank"], "left_on_the_way": "13.00"}}
    told = answer_of(material(ladder("pressure", **lasting)))
    assert told[0].startswith(
        "Measures in the order of the bite added up on average over 180d, as the network is assumed"
    )
    assert "Best order of 2 steps" in told
    assert "At once another order would be best, by the ids of the measures: shell; bank" in told
    assert told[-1] == (
        "Step 2, List a shell, takes away 8.00 USD on average, 16.00 USD at once; 100.0 % of the leverage of all "
        "measures is held then; if it alone lapsed after the last step, this would lose 8.00 USD"
    )
    drawn = to_html(compose(material(ladder("pressure", **lasting))))
    assert "What is left after each step, on average over 180d, in USD" in drawn
    assert drawn.count('<rect class="bar"') == 3


def test_relief_of_the_moment_is_told_without_a_word_on_time():
    told = answer_of(material(ladder("relief")))
    assert told[0] == "Relief in the order that gives away least: Close accounts (withdrawn); List a shell"
    assert told[-2] == (
        "Step 1, Close accounts (withdrawn), gives away 10.00 USD; 62.5 % of the leverage of all measures is held "
        "then; to re-impose it after the last step would regain 9.00 USD"
    )
    assert not any("average" in one for one in told)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_of_measures_are_inert(name):
    dossier = compose(material(ladder("relief", name)))
    assert "<script" not in to_html(dossier)
    assert "\x1b" not in to_markdown(dossier)


def test_every_statement_cites_a_record_or_the_step_that_computed_it():
    dossier = compose(material())
    assert [one.text for _, one in dossier.sentences if not one.records and one.computed is None] == []
    numbers = dossier.records
    assert sorted(numbers.values()) == list(range(1, len(numbers) + 1))
    text = to_markdown(dossier)
    for number in numbers.values():
        assert f"\\[{number}\\]" in text
        assert f"\n{number}. list: l.csv, record" in text


def test_a_record_says_no_more_than_it_does():
    ends = {"source_id": "p", "target_id": "a", "source_caption": "Nobody Madeup", "target_caption": "A Ltd"}
    share = {"share_min_ppm": 250_000, "share_max_ppm": 500_000, "start_date": "2019", "end_date": None, "role": None}
    origin = {"dataset": "list", "file": "l.csv", "record": 4, "basis": "inferred"}
    said = sentence_of({"kind": "link", "class": "ownership", **ends, **share, **origin})
    assert said.text == (
        "Nobody Madeup [p] is recorded as an owner of A Ltd [a] (25–50 %, from 2019) (inferred, not stated)"
    )
    assert said.about == ("p", "a")


def test_a_delisted_party_is_called_delisted():
    listed = {"authority": "OFAC", "program": "DPRK", "listed_on": "2013-03-11", "delisted_on": "2021-03-31"}
    origin = {"dataset": "l", "file": "f", "record": 1}
    assert sentence_of({"kind": "listing", "id": "p", "caption": "Nobody", **listed, **origin}).text == (
        "Nobody [p] appears on the list of OFAC, programme DPRK, listed 2013-03-11, DELISTED 2021-03-31"
    )


class Reader(HTMLParser):
    """Which tags and attributes a page has, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_are_inert_in_page_and_markdown(name):
    step = choke(name)
    dossier = compose(
        material(
            StepAnswer(id="cut", answer=step.answer, page=None), title=name, question=name, warnings=(name,),
            purpose=name,
            statements=[{**entity("a", name, 1), "file": name, "dataset": name}],
            sources=[{"dataset": name, "file": name, "licence": name, "title": name, "rejected": 0}],
            people={"a": (name, False)},
        )
    )  # fmt: skip
    page = to_html(dossier)
    reader = Reader()
    reader.feed(page)
    assert not reader.tags & {"script", "img", "iframe", "object", "link"}
    assert not [one for one in reader.attributes if one.startswith("on") or one in {"src", "style"}]
    assert [link for link in reader.links if not link.startswith("#")] == []
    assert not set(page) & set("\x00\x1b\u202e\u2066")
    text = to_markdown(dossier)
    assert not set(text) & set("\x00\x1b\u202e\u2066")
    assert not re.search(r"<[a-z!/]|(?<!\\)\]\(|https?://|www\.|(?<!\\)`", text)
    assert [line for line in text.splitlines() if line.startswith("#") and line.strip("# ") == "head"] == []
    assert [line for line in text.splitlines() if line.startswith("- ")] == []
    assert len(page) < 120_000


def test_a_picture_is_an_image_that_can_neither_run_nor_fetch():
    drawn = Picture(title="<b>", svg="<svg xmlns='x'><script>window.pwned=1</script></svg>")
    dossier = compose(material(replace(choke(), picture=drawn)))
    page = to_html(dossier)
    assert "<script" not in page
    assert page.count('src="data:image/svg+xml;base64,') == 1
    assert "img-src data:;" in page
    assert "Drawn in the HTML form of this report: &lt;b&gt;" in to_markdown(dossier)


def test_the_page_allows_no_script_no_request_and_only_its_own_style():
    page = to_html(compose(material()))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src &#39;none&#39;; style-src &#39;sha256-")
    assert "<script" not in page
    assert "INVENTED: no such party exists" in page


def test_the_same_material_gives_the_same_bytes():
    assert to_html(compose(material())) == to_html(compose(material()))
    assert to_markdown(compose(material())) == to_markdown(compose(material()))


def test_people_stand_with_the_weakest_evidence_first_and_the_dead_last():
    records = {grade: Record(dataset="l", file="f", record=place, grade=grade or None)
               for place, grade in enumerate(("A1", "C4", "B2", ""), start=1)}  # fmt: skip
    sentences = [
        Sentence(text=label, about=(label,), records=(records[grade],))
        for label, grade in (("x", "A1"), ("y", "C4"), ("z", ""), ("dead", "C4"))
    ]
    people = {label: (label.upper(), label == "dead") for label in ("x", "y", "z", "dead", "never named")}
    assert [(one[0], one[3]) for one in weakest_of_people(sentences, people)] == [
        ("z", None),
        ("y", "C4"),
        ("x", "A1"),
        ("dead", "C4"),
    ]


def rows_of(made: Material, filled_in: dict[str, dict[str, str]] | None = None) -> list[dict[str, str]]:
    rows = claims(
        compose(made), people=made.people, worst_of_data="C4", raw=lambda record: f"=raw {record.record}",
        filled_in=filled_in or {},
    )  # fmt: skip
    return list(csv.DictReader(io.StringIO(claims_csv(rows))))


def test_claims_hold_each_sentence_with_its_raw_record_and_room_to_fill_in():
    rows = rows_of(material())
    by_text = {row["sentence"]: row for row in rows}
    row = by_text["Nobody Madeup [p] is recorded as a Person in KP"]
    assert (row["grade"], row["weakest_link"], row["record"], row["raw_record"]) == ("C4", "C4", "2", "'=raw 2")
    assert (row["living_person"], row["person"]) == ("yes", "Nobody Madeup")
    assert {row[name] for row in rows for name in FILLED_IN} == {""}
    # Sentences about the living come first.
    assert [row["living_person"] for row in rows] == sorted((row["living_person"] for row in rows), reverse=True)


def test_marks_are_kept_where_words_and_records_are_the_same_and_set_aside_where_not():
    rows = rows_of(material())
    first = next(row for row in rows if row["sentence"].startswith("Nobody Madeup [p] is recorded"))
    other = next(row for row in rows if row["sentence"].startswith("Plainly Invented Brokers [a] is recorded"))
    for row, name in ((first, "Editor One"), (other, "=Editor Two")):
        row["cleared_by"] = name
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(reversed(rows))
    kept = read_filled_in("\ufeff" + buffer.getvalue())
    # The same sentence now rests on another record: it has to be cleared again.
    statements = [entity("a", "Plainly Invented Brokers", 1), entity("p", "Nobody Madeup", 3, "C4", "Person")]
    again = rows_of(material(statements=statements), kept)
    cleared = {row["sentence"]: (row["cleared_by"], row["still_in_report"]) for row in again if row["cleared_by"]}
    assert cleared == {
        "Plainly Invented Brokers [a] is recorded as a Company in KP": ("'=Editor Two", "yes"),
        "Nobody Madeup [p] is recorded as a Person in KP": ("Editor One", "no"),
    }


def test_another_table_is_not_taken_for_one_of_claims():
    with pytest.raises(ValueError, match="no column sentence_id"):
        read_filled_in("name,amount\na,1\n")


# Words that assert what no record can: RELIABILITY of what is said about people. Each in any form.
BANNED = re.compile(
    r"\b(criminals?|launderers?|crooks?|culprits?|guilty|terrorists?|fraudsters?|smugglers?|wrongdoers?|perpetrators?|"
    r"villains?|confirmed hits?|hit = confirmed|proven (?:link|owner)|dirty money)\b",
    re.IGNORECASE,
)


def spoken(path: Path) -> list[str]:
    """What a module may say: its texts without docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented
    ]


def test_no_template_calls_anybody_what_no_record_can_say():
    found = []
    for path in sorted((*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.j2"), *PACKAGE.rglob("*.js"))):
        said = spoken(path) if path.suffix == ".py" else [path.read_text(encoding="utf-8")]
        found += [f"{path.relative_to(PACKAGE)}: {word[0]}" for text in said if (word := BANNED.search(text))]
    assert found == []


def test_the_list_of_banned_words_finds_them():
    said = "He is a Launderer. A confirmed hit."
    assert [found[0] for found in BANNED.finditer(said)] == ["Launderer", "confirmed hit"]


def test_a_ranking_in_several_currencies_names_the_first_of_each_and_draws_none_beside_another() -> None:
    rows = [
        {"rank": 1, "id": "a", "caption": "Mule A", "score": "50.00", "currency": "EUR"},
        {"rank": 2, "id": "b", "caption": "Mule B", "score": "40.00", "currency": "EUR"},
        {"rank": 1, "id": "b", "caption": "Mule B", "score": "7000", "currency": "JPY"},
    ]
    said = {"metric": "in_strength", "unit": "EUR, JPY", "weights": "EUR, JPY"}
    answer = Answer(command="rank", columns=("rank", "id", "caption", "score", "currency"), rows=rows, summary=said)
    blocks = list(findings(StepAnswer(id="first", answer=answer)))
    assert [block.text for block in blocks if isinstance(block, Sentence)] == [
        "First by in strength in the recorded links, amounts in EUR, a position and nothing else: Mule A [a] "
        "(50.00 EUR); Mule B [b] (40.00 EUR)",
        "First by in strength in the recorded links, amounts in JPY, a position and nothing else: Mule B [b] "
        "(7,000 JPY)",
    ]
    assert [[score for _, score, _ in block.items] for block in blocks if isinstance(block, Bars)] == [
        [50.0, 40.0], [7000.0],
    ]  # fmt: skip

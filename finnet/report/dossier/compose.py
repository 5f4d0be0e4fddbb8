"""A report put together from what a run computed and what the records behind it say; nothing is added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from finnet.report.answer import Row
from finnet.report.dossier.document import (
    Bars,
    Block,
    Dossier,
    Material,
    Record,
    Section,
    Sentence,
    StepAnswer,
    Table,
    Words,
)
from finnet.report.dossier.doubt import doubts
from finnet.report.dossier.findings import findings, method
from finnet.report.dossier.sentences import name_of, sentence_of, weakest
from finnet.report.dossier.values import cell_words

__all__ = ["compose", "weakest_of_people"]

_FEW = 10
_ROWS = 25  # of a table in the report; the run's file has all
_COLUMNS = 8
_TOLD = ("definition", "warnings")  # parts of a summary that stand elsewhere in the report
_COVERAGE = ("dataset", "file", "list_date", "records", "loaded", "rejected", "skipped", "grade")
_LICENCES = ("dataset", "title", "licence")

# Source: ICIJ, Offshore Leaks Database, disclaimer; OCCRP's practice of proof for each sentence.
_LIMITS = (
    "Being in these data does not mean that somebody has broken a law or acted improperly.",
    "A choke point is a candidate for checking, not a finding about anybody: it is a position in the links that were "
    "recorded, and data that are missing can change it.",
    "A likeness of names is a possible match, never an identity.",
    "A record says that its source stated something at a time; it does not say that it is true today.",
)
_BEFORE = (
    "Open each record by its number and read it whole: finnet source ID shows it raw.",
    "Look up whether the list still says so today: lists are corrected and parties are delisted.",
    "Ask each person and each firm that is named for a reply, and leave time for it.",
    "Have somebody else check each sentence; the table of claims has a column for it.",
    "Check the licence of each dataset for the use you make of it.",
)


def compose(material: Material) -> Dossier:
    """The report: answer first, then each step, the records, method, data, doubt, limits and who is named."""
    statements = [sentence_of(row) for row in material.statements]
    described: dict[str, Record] = {}
    for row, sentence in zip(material.statements, statements, strict=True):
        if row["kind"] == "entity":
            described.setdefault(str(row["id"]), sentence.records[0])
    sections = [
        Section(title="Answer", blocks=list(_answer(material))),
        *([Section(title=_why(material), blocks=list(_reasons(material)))] if material.reasons else []),
        *(Section(title=f"Step: {step.id}", blocks=list(_step(step))) for step in material.steps),
        Section(title="What the records say", blocks=_records(statements)),
        Section(title="Method", blocks=list(_method(material))),
        Section(title="Data", blocks=list(_data(material))),
        Section(title="Doubt", blocks=list(_doubt(material))),
        Section(title="Limits", blocks=[*map(_words, _LIMITS)]),
        Section(title="Notes of the run", blocks=list(_notes(material))),
        Section(title="People who are named", blocks=list(_people(material, statements))),
        Section(title="Before you publish", blocks=[*map(_words, _BEFORE)]),
    ]
    return Dossier(
        title=material.title,
        question=material.question,
        sections=[replace(one, blocks=[_cited(block, described) for block in one.blocks]) for one in sections],
        stamp=material.stamp,
        is_redacted=material.is_redacted,
    )


def _cited(block: Block, described: Mapping[str, Record]) -> Block:
    """What was computed about parties cites the records that describe them, too."""
    if not isinstance(block, Sentence) or block.computed is None:
        return block
    records = [described[label] for label in block.about if label in described]
    return replace(block, records=tuple({one.place: one for one in (*block.records, *records)}.values()))


def weakest_of_people(
    sentences: Sequence[Sentence], people: dict[str, tuple[str, bool]]
) -> list[tuple[str, str, bool, str | None, int]]:
    """(id, caption, dead, worst grade of a record about them, records): weakest evidence first, the dead last.

    Who is not graded at all comes first.
    """
    found = []
    for label, (caption, is_dead) in people.items():
        records = tuple({one.place: one for told in sentences if label in told.about for one in told.records}.values())
        if records or any(label in told.about for told in sentences):
            found.append((label, caption, is_dead, weakest(records), len(records)))
    return sorted(found, key=lambda one: (one[2], one[3] is not None, _reverse(one[3]), one[0]))


def _reverse(grade: str | None) -> tuple[int, ...]:
    return tuple(-ord(letter) for letter in grade or "")


def _answer(material: Material) -> Iterator[Block]:
    chokes = [step for step in material.steps if step.answer.command == "choke"]
    told = chokes or material.steps
    blocks = [(step, block) for step in told for block in findings(step) if not isinstance(block, Bars)]
    if not blocks:
        yield from (_table(step, most=_FEW) for step in told if step.answer.rows)
        yield Words(text="The run's steps answer in tables; more of each follows.")
    named: set[str] = set()
    for step, block in blocks:
        if len(told) > 1 and step.id not in named:
            named.add(step.id)
            yield Words(text=f"Step {step.id}:")
        yield block


def _why(material: Material) -> str:
    has_choke_points = any(step.answer.command == "choke" for step in material.steps)
    return "Why these" if has_choke_points else "How the money came there"


def _reasons(material: Material) -> Iterator[Block]:
    """The sentences of ``why`` and of traced money, under the step that they are about."""
    step = None
    for reason in material.reasons:
        if reason.computed != step:
            step = reason.computed
            yield Words(text=f"Step {step}:")
        yield reason


def _step(step: StepAnswer) -> Iterator[Block]:
    answer = step.answer
    if step.expected is not None:
        yield Words(text=f"Compared with the expected answer: {step.expected}.")
    if answer.command != "choke":
        yield from (block for block in findings(step) if isinstance(block, Sentence))
    yield from (block for block in findings(step) if isinstance(block, Bars))
    if step.picture is not None:
        yield step.picture
    if answer.rows:
        yield _table(step, most=_ROWS)
    else:
        yield Words(text="No rows.")
    summed = [
        {"summary": name.replace("_", " "), "of_the_step": cell_words(name, value)}
        for name, value in answer.summary.items()
        if value not in (None, "", [], {}) and not isinstance(value, Mapping) and name not in _TOLD
    ]
    if summed and answer.command != "choke":
        yield Table(columns=("summary", "of_the_step"), rows=summed)
    if answer.truncated:
        yield Words(text="The step itself was cut by its limit: there are more rows than it gave.")
    yield from (Words(text=note) for note in dict.fromkeys(answer.notes))
    if step.page is not None:
        yield Words(text=f"Drawn as a page: {step.page} of the run.")


def _table(step: StepAnswer, *, most: int) -> Table:
    answer = step.answer
    filled = [name for name in answer.columns if any(row.get(name) is not None for row in answer.rows)]
    more = f" The first {_COLUMNS} columns of {len(filled)} are shown." if len(filled) > _COLUMNS else ""
    return Table(
        title=f"All rows and columns stand in {step.id}.csv of the run.{more}",
        columns=tuple(filled[:_COLUMNS]),
        rows=answer.rows[:most],
        cut=len(answer.rows) if len(answer.rows) > most else None,
    )


def _records(statements: Sequence[Sentence]) -> list[Block]:
    if not statements:
        return [Words(text="No party in the answers is described by a record that the case could be asked for.")]
    shown = "The records about the parties in the answers above, at most eight links and five payments of each."
    return [Words(text=shown), *statements]


def _method(material: Material) -> Iterator[Block]:
    yield from (method(step) for step in material.steps)
    yield Words(
        text=f"finnet {material.version}, seed {material.seed}. The run's result_sha256 is {material.result_sha256}, "
        f"the case's {material.case_sha256}. finnet verify RUN checks both and computes every output again."
    )


def _data(material: Material) -> Iterator[Block]:
    yield Words(text=f"Purpose of this report: {material.purpose or 'not stated (--purpose)'}.")
    dated = sorted({f"{row['dataset']}: {row['list_date']}" for row in material.sources if row.get("list_date")})
    yield Words(text=f"Days of the lists: {'; '.join(dated) if dated else 'no dataset states one'}.")
    yield Table(
        title="Coverage: records = loaded + rejected + skipped, for each file", columns=_COVERAGE, rows=material.sources
    )
    rejected = sum(int(row.get("rejected") or 0) for row in material.sources)
    if rejected:
        yield Words(text=f"{rejected:,} records were refused and are in no figure: finnet rejects names each.")
    licences: dict[tuple[object, ...], Row] = {}
    for row in material.sources:
        licences.setdefault(
            tuple(row.get(name) for name in _LICENCES),
            {**{name: row.get(name) for name in _LICENCES}, "licence": row.get("licence") or "not stated: ask"},
        )
    yield Table(title="Licences and attribution", columns=_LICENCES, rows=list(licences.values()))


def _doubt(material: Material) -> Iterator[Block]:
    told = list(doubts(material.steps))
    if not told:
        yield Words(text="No step of this run asked how far its answer holds if records are wrong.")
    yield from told


def _notes(material: Material) -> Iterator[Block]:
    notes = [note for note in dict.fromkeys(material.warnings) if ": read as " not in note]
    yield from map(_words, notes or ["None."])


def _people(material: Material, statements: Sequence[Sentence]) -> Iterator[Block]:
    blocks = [*(block for step in material.steps for block in findings(step)), *doubts(material.steps)]
    everything = [*statements, *material.reasons, *(block for block in blocks if isinstance(block, Sentence))]
    found = weakest_of_people(everything, dict(material.people))
    if not found:
        yield Words(text="No natural person is named.")
        return
    yield Words(
        text="Whoever is or may be a natural person, the weakest evidence first. Grades are Admiralty grades: A to F "
        "for the source, 1 to 6 for what it says. Somebody has to have checked every sentence about the living."
    )
    yield Table(
        columns=("person", "death_recorded", "weakest_grade", "records"),
        rows=[
            {
                "person": name_of(caption, label),
                "death_recorded": is_dead,
                "weakest_grade": grade or "none",
                "records": records,
            }
            for label, caption, is_dead, grade, records in found
        ],
    )


def _words(text: str) -> Words:
    return Words(text=text)

"""The verb on reports: a run, or a query run first, written as a document that cites a record for each statement."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from finnet import api
from finnet.api._attribution import sources_of
from finnet.api._evidence import people_among, places_of, statements_about
from finnet.api._raw_record import RawRecords
from finnet.api._redacted import redaction_of
from finnet.api.pages import stamp_of
from finnet.errors import FinnetError, InputError, UsageError, quoted
from finnet.query.run import DRAWN_BY, run
from finnet.query.stored import StoredRun, is_run, load_run
from finnet.report.answer import Answer, Row
from finnet.report.dossier import claims as tables_of_claims
from finnet.report.dossier.compose import compose
from finnet.report.dossier.document import Dossier, Material, Picture, Record, Sentence, StepAnswer
from finnet.report.dossier.markdown import to_markdown
from finnet.report.dossier.page import to_html
from finnet.report.dossier.sentences import name_of, record_of
from finnet.report.files import write_atomically
from finnet.report.redaction import Redaction

__all__ = ["material_of", "redaction_for", "report"]

_COLUMNS = ("output", "sentences", "records", "bytes", "sha256")
_ROWS = 10  # of a step's rows, whose parties are looked up
_PARTIES = 60
_DRAWN = 200  # parties in a picture; more are reduced, and the picture says how
_EXPLAINED = 5  # of a best set, whose reasons are told


def report(
    query_or_run: str,
    *,
    output: Path | str = Path("report.html"),
    claims: Path | str | None = None,
    redact: bool = False,
    purpose: str | None = None,
    case: Path | str | None = None,
    inputs: Sequence[str] = (),
    into: Path | str = "runs",
) -> Answer:
    """Write a report on a run, or run a query first and report on that: ``.md`` or ``.html`` by the file's ending.

    ``claims`` writes each sentence as a row of a CSV file with its raw record, its weakest link and columns to fill in
    (``reply_sought``, ``reply_received``, ``cleared_by``, ``comment``); if the file is there already, what was filled
    in is kept by sentence. ``redact`` hides people, accounts, addresses and numbers. ``case`` says where the case is,
    for runs that used one of the user's.

    One row per file. Raises: UsageError for another ending, or a folder that is no run; FinnetError if the run or its
    case is not what it was.
    """
    place = Path(output)
    writers = {".md": to_markdown, ".html": to_html, ".htm": to_html}
    if place.suffix.lower() not in writers:
        raise UsageError(f"-o {quoted(place.name)}: a report is Markdown or HTML", hint="end its name in .md or .html")
    notes: list[str] = []
    if not is_run(query_or_run):
        made = run([query_or_run], case=case, inputs=inputs, into=into)
        notes += [*made.notes, f"the run is in {made.summary['run folder']}"]
        query_or_run = str(made.summary["run folder"])
    stored = load_run(query_or_run)
    with api.open_case(case if stored.case is None else stored.case) as opened:
        redaction = redaction_for(opened, stored, redact=redact)
        material = material_of(stored, opened, purpose=purpose, redaction=redaction)
        dossier = compose(material)
        written = writers[place.suffix.lower()](dossier).encode("utf-8", "backslashreplace")
        write_atomically(place, written)
        rows = [_row(place, written, sentences=len(dossier.sentences), records=len(dossier.records))]
        if claims is not None:
            table = _claims(Path(claims), dossier, material, opened, notes, redact=redact)
            rows.append(_row(Path(claims), table, sentences=len(dossier.sentences), records=len(dossier.records)))
    return Answer(
        command="report",
        columns=_COLUMNS,
        rows=rows,
        summary={
            "result_sha256": material.result_sha256,
            "stamp": material.stamp,
            "people named": len(material.people),
            "licences": sorted({str(row["licence"] or "not stated") for row in material.sources}),
        },
        notes=tuple(notes),
        params={"query_or_run": query_or_run, "redact": redact, "purpose": purpose},
    )


def _row(path: Path, written: bytes, *, sentences: int, records: int) -> Row:
    sha256 = hashlib.sha256(written).hexdigest()
    return {"output": str(path), "sentences": sentences, "records": records, "bytes": len(written), "sha256": sha256}


def redaction_for(case: api.Case, stored: StoredRun, *, redact: bool) -> Redaction | None:
    """How the parties of the run's case are shown, if they are not shown as they are.

    Raises: FinnetError if the case is not what it was when the run was made.
    """
    if case.logical_sha256 != stored.manifest["predicate"]["case"]["logical_sha256"]:
        raise FinnetError(
            "the case holds other data or decisions than at the time of the run", hint="run the query again"
        )
    return redaction_of(case) if redact else None


def material_of(stored: StoredRun, case: api.Case, *, purpose: str | None, redaction: Redaction | None) -> Material:
    """What a report on the run may speak of."""
    predicate = stored.manifest["predicate"]
    ids = _parties_of(stored, case)
    statements: Sequence[Mapping[str, Any]] = statements_about(case, ids)
    named = [row.get(end) for row in statements for end in ("source_id", "target_id", "payer_id", "beneficiary_id")]
    people = people_among(case, list(dict.fromkeys([*ids, *(str(label) for label in named if label)])))
    material = Material(
        title=stored.query.title,
        question=stored.query.question,
        steps=tuple(_drawn(step, stored, case, redact=redaction is not None) for step in stored.steps),
        statements=statements,
        reasons=_reasons(stored, case),
        sources=sources_of(case),
        people=people,
        purpose=purpose,
        stamp=stamp_of(case),
        seed=int(predicate["seed"]),
        result_sha256=str(stored.manifest["result_sha256"]),
        case_sha256=str(predicate["case"]["logical_sha256"]),
        version=str(stored.manifest.get("tool", {}).get("finnet", "")),
        warnings=tuple(predicate["warnings"]),
    )
    return material if redaction is None else _redacted(material, redaction)


def _parties_of(stored: StoredRun, case: api.Case) -> list[str]:
    """The ids in the first rows of each answer that are parties of the case, choke points first."""
    steps = sorted(stored.steps, key=lambda step: step.answer.command != "choke")
    named = [
        str(value)
        for step in steps
        for row in step.answer.rows[:_ROWS]
        for name in ("id", "left", "right", "source", "target", "holder")
        if (value := row.get(name)) is not None
    ]
    about = [str(step.answer.summary["id"]) for step in steps if step.answer.summary.get("id") is not None]
    wanted = list(dict.fromkeys([*named, *about]))
    known = {
        row["canonical_id"]
        for row in case.rows(
            "select canonical_id from v1_party where canonical_id in (select unnest($ids::varchar[])) order by 1",
            {"ids": wanted},
        )
    }
    return [label for label in wanted if label in known][:_PARTIES]


def _drawn(step: StepAnswer, stored: StoredRun, case: api.Case, *, redact: bool) -> StepAnswer:
    """The step with a picture of its network, if it asked for choke points; a flow is drawn from seeds to exits."""
    asked = next((one for one in stored.query.steps if one.id == step.id), None)
    if asked is None or step.answer.command != "choke" or step.answer.params.get("by", "entity") != "entity":
        return step
    if not step.answer.rows or "bite" not in step.answer.columns:
        return step
    drawing = {name: asked.options[name] for name in DRAWN_BY if name in asked.options}
    kind = "flows" if step.answer.summary.get("objective") == "flow" else "network"
    with tempfile.TemporaryDirectory(prefix="finnet-report-") as folder:
        place = Path(folder) / "picture.svg"
        made = api.view(case, choke=stored.folder / f"{step.id}.json", kind=kind, output=place, limit=_DRAWN,
                        redact=redact, **drawing)  # fmt: skip
        shown = made.rows[0]
        said = (
            shown["reduced"] or f"{shown['vertices']:,} parties and {shown['edges']:,} links, the choke points ringed."
        )
        return replace(step, picture=Picture(title=said, svg=place.read_text(encoding="utf-8")))


def _reasons(stored: StoredRun, case: api.Case) -> list[Sentence]:
    """Why each of the first few of every best set is in it: sentence by sentence, with the records it rests on."""
    chosen = {
        str(row["id"]): str(row.get("caption") or row["id"])
        for step in stored.steps
        if step.answer.command == "choke"
        for row in step.answer.rows[:_EXPLAINED]
        if row.get("id") is not None and row.get("bite") is not None
    }
    told = [(label, row) for label in chosen for row in api.why(case, label, run=stored.folder).rows]
    places = places_of(case, [str(name) for _, row in told for name in row["records"]])
    order = {step.id: place for place, step in enumerate(stored.steps)}
    return [
        Sentence(
            text=_standing_alone(str(row["statement"]).removesuffix("."), chosen[label], label),
            records=tuple(record_of(places[name]) for name in row["records"] if name in places),
            about=(label,),
            computed=str(row["step"]),
        )
        for label, row in sorted(told, key=lambda one: order.get(str(one[1]["step"]), len(order)))
    ]


def _standing_alone(text: str, caption: str, label: str) -> str:
    """A sentence that somebody may read by itself says whom it is about."""
    return text if text.startswith(caption) else f"{name_of(caption, label)}: {text}"


def _redacted(material: Material, redaction: Redaction) -> Material:
    def captions(row: Mapping[str, Any]) -> dict[str, Any]:
        made = redaction.row(row)
        for caption, label in (("caption", "id"), ("source_caption", "source_id"), ("target_caption", "target_id"),
                               ("payer_caption", "payer_id"), ("beneficiary_caption", "beneficiary_id")):  # fmt: skip
            if caption in row and row.get(label) is not None:
                made[caption] = redaction.caption(str(row[label]), row[caption])
        return made

    places: dict[tuple[Any, ...], int] = {}
    people = {}
    for label, (caption, is_dead) in material.people.items():
        people[redaction.label(label)] = (str(redaction.caption(label, caption)), is_dead)
    return replace(
        material,
        title=redaction.text(material.title),
        question=redaction.text(material.question),
        purpose=None if material.purpose is None else redaction.text(material.purpose),
        steps=tuple(replace(step, answer=redaction.answer(step.answer), page=None) for step in material.steps),
        statements=[{**captions(row), "record": _stand_in(row, places)} for row in material.statements],
        reasons=[
            replace(
                one,
                text=redaction.text(one.text),
                about=tuple(redaction.label(label) for label in one.about),
                records=tuple(
                    replace(record, record=_nth(record.place, places), byte_offset=None) for record in one.records
                ),
            )
            for one in material.reasons
        ],
        people=people,
        warnings=tuple(redaction.text(one) for one in material.warnings),
        is_redacted=True,
    )


def _stand_in(row: Mapping[str, Any], places: dict[tuple[Any, ...], int]) -> int:
    """Tells records apart where their numbers are withheld; so [n] is the same in the whole and the redacted report."""
    return _nth(record_of(row).place, places)


def _nth(place: tuple[Any, ...], places: dict[tuple[Any, ...], int]) -> int:
    return places.setdefault(place, len(places) + 1)


def _claims(
    path: Path, dossier: Dossier, material: Material, case: api.Case, notes: list[str], *, redact: bool
) -> bytes:
    raw = RawRecords(case.manifest.active)

    def text_of(record: Record) -> str | None:
        place = {"dataset": record.dataset, "file": record.file, "byte_offset": record.byte_offset}
        return None if redact else raw.read(place)

    grades = [str(row["grade"]) for row in material.sources if row.get("grade")]
    rows = tables_of_claims.claims(
        dossier,
        people=material.people,
        worst_of_data=max(grades, default=None),
        raw=text_of,
        filled_in=_filled_in(path),
    )
    if redact:
        rows = [{**row, "record": None, "byte_offset": None} for row in rows]
    table = tables_of_claims.claims_csv(rows).encode("utf-8", "backslashreplace")
    write_atomically(path, table)
    notes += raw.notes
    gone = sum(row["still_in_report"] == "no" for row in rows)
    if gone:
        notes.append(f"{gone} sentences with marks are no longer in the report: they stand at the end of {path.name}")
    return table


def _filled_in(path: Path) -> dict[str, dict[str, str]]:
    if not path.is_file():
        return {}
    try:
        return tables_of_claims.read_filled_in(path.read_text(encoding="utf-8-sig"))
    except (ValueError, OSError) as error:
        raise InputError(
            f"{quoted(path.name)}: is there and is not a table of claims, so it is not written over: {error}",
            hint="name another file with --claims",
        ) from error

"""What a report on a run may speak of: answers, the records behind them, reasons and pictures, redacted if asked."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from finnet import api
from finnet.api._attribution import sources_of
from finnet.api._evidence import people_among, places_of, statements_about
from finnet.api._redacted import redaction_of
from finnet.api.pages import stamp_of
from finnet.errors import FinnetError
from finnet.query.run import DRAWN_BY
from finnet.query.stored import StoredRun
from finnet.query.traced_sentences import traced_sentences
from finnet.report.dossier.document import Material, Picture, Sentence, StepAnswer
from finnet.report.dossier.sentences import name_of, record_of
from finnet.report.redaction import Redaction

__all__ = ["material_of", "redaction_for", "step_names"]

_ROWS = 10  # of a step's rows, whose parties are looked up
_PARTIES = 60
_DRAWN = 200  # parties in a picture; more are reduced, and the picture says how
_EXPLAINED = 5  # of a best set, whose reasons are told


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
    notes: list[str] = []
    material = Material(
        title=stored.query.title,
        question=stored.query.question,
        steps=tuple(_drawn(step, stored, case, notes, redact=redaction is not None) for step in stored.steps),
        statements=statements,
        reasons=[*_reasons(stored, case, notes), *traced_sentences(case, stored.steps, most=_EXPLAINED)],
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
    material = replace(material, warnings=(*material.warnings, *notes))
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


def _drawn(step: StepAnswer, stored: StoredRun, case: api.Case, notes: list[str], *, redact: bool) -> StepAnswer:
    """The step with a picture of its network, if it asked for choke points; a flow is drawn from seeds to exits.

    Where it cannot be drawn, a note says why.
    """
    asked = next((one for one in stored.query.steps if one.id == step.id), None)
    if asked is None or step.answer.command != "choke" or step.answer.params.get("by", "entity") != "entity":
        return step
    if not step.answer.rows or "bite" not in step.answer.columns:
        return step
    drawing = {name: asked.options[name] for name in DRAWN_BY if name in asked.options}
    kind = "flows" if step.answer.summary.get("objective") == "flow" else "network"
    with tempfile.TemporaryDirectory(prefix="finnet-report-") as folder:
        place = Path(folder) / "picture.svg"
        try:
            made = api.view(case, choke=stored.folder / f"{step.id}.json", kind=kind, output=place, limit=_DRAWN,
                            redact=redact, **drawing)  # fmt: skip
        except FinnetError as error:
            notes.append(f"{step.id}: not drawn: {error}")
            return step
        shown = made.rows[0]
        said = (
            shown["reduced"] or f"{shown['vertices']:,} parties and {shown['edges']:,} links, the choke points ringed."
        )
        return replace(step, picture=Picture(title=said, svg=place.read_text(encoding="utf-8")))


def _reasons(stored: StoredRun, case: api.Case, notes: list[str]) -> list[Sentence]:
    """Why each of the first few of every best set is in it: sentence by sentence, with the records it rests on.

    Where that cannot be told, a note says why.
    """
    chosen = {
        str(row["id"]): str(row.get("caption") or row["id"])
        for step in stored.steps
        if step.answer.command == "choke"
        for row in step.answer.rows[:_EXPLAINED]
        if row.get("id") is not None and row.get("bite") is not None
    }
    told = []
    for label in chosen:
        try:
            told += [(label, row) for row in api.why(case, label, run=stored.folder).rows]
        except FinnetError as error:
            notes.append(f"why {label} was chosen cannot be told: {error}")
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
    names = step_names(material.steps, redaction)
    people = {}
    for label, (caption, is_dead) in material.people.items():
        people[redaction.label(label)] = (str(redaction.caption(label, caption)), is_dead)
    return replace(
        material,
        title=redaction.text(material.title),
        question=redaction.text(material.question),
        purpose=None if material.purpose is None else redaction.text(material.purpose),
        steps=tuple(
            replace(step, id=names[step.id], answer=redaction.answer(step.answer), page=None) for step in material.steps
        ),
        statements=[{**captions(row), "record": _stand_in(row, places)} for row in material.statements],
        reasons=[
            replace(
                one,
                text=redaction.text(one.text),
                computed=names.get(str(one.computed), one.computed),
                about=tuple(redaction.label(label) for label in one.about),
                records=tuple(
                    replace(record, record=_nth(record.place, places), byte_offset=None) for record in one.records
                ),
            )
            for one in material.reasons
        ],
        people=people,
        warnings=tuple(redaction.text(_renamed(one, names)) for one in material.warnings),
        is_redacted=True,
    )


def step_names(steps: Sequence[StepAnswer], redaction: Redaction) -> dict[str, str]:
    """The id to show for each step: its own, or its number where its id names somebody who is hidden."""
    shown = {}
    for place, step in enumerate(steps, start=1):
        words = step.id.replace("_", " ")
        shown[step.id] = step.id if redaction.text(words) == words else f"step_{place}"
    return shown


def _renamed(note: str, names: Mapping[str, str]) -> str:
    step, colon, rest = note.partition(":")
    return f"{names.get(step, step)}{colon}{rest}"


def _stand_in(row: Mapping[str, Any], places: dict[tuple[Any, ...], int]) -> int:
    """Tells records apart where their numbers are withheld; so [n] is the same in the whole and the redacted report."""
    return _nth(record_of(row).place, places)


def _nth(place: tuple[Any, ...], places: dict[tuple[Any, ...], int]) -> int:
    return places.setdefault(place, len(places) + 1)

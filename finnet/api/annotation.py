"""The verbs for what analysts know themselves, and for taking back what is wrong: link, note, tag, retract."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from finnet.api.identity import signature
from finnet.errors import UnknownNameError, UsageError, nearest, quoted
from finnet.model.edge_class import EDGE_CLASSES
from finnet.report.answer import Answer, Row
from finnet.store.analyst import decision_id, retracted

if TYPE_CHECKING:
    from finnet.api.open import Case

__all__ = ["link", "note", "retract", "tag"]

_COLUMNS = ("id", "what", "about", "caption", "text", "by", "on")
_GRADE = re.compile(r"[A-F][1-6]")
_TAG = re.compile(r"[\w][\w.-]{0,59}")
_LONGEST_TEXT = 10_000


def link(
    case: Case,
    source: str,
    target: str,
    *,
    class_: str = "linked",
    role: str | None = None,
    share: str | None = None,
    country: str | None = None,
    commodity: str | None = None,
    start: str | None = None,
    end: str | None = None,
    grade: str | None = None,
    create: bool = False,
    schema: str = "LegalEntity",
    reason: str | None = None,
    by: str | None = None,
    on: str | None = None,
) -> Answer:
    """State a link oneself: basis ``analyst``, signed and dated, kept apart from the data, taken back by ``retract``.

    From owner to owned, controller to controlled, director to company, agent to client. It counts in every graph like a
    link that a file states, under its grade (F6, cannot be judged, unless ``grade`` says better). With ``create`` a
    party that nobody recorded is made, of that ``schema``.

    Raises: UnknownNameError for a party that is not there, or a class; UsageError for a share or date that is none.
    """
    from finnet.store.decide import decide

    made: list[dict[str, Any]] = []
    ends = [_party(case, text, create=create, schema=schema, made=made) for text in (source, target)]
    if ends[0] == ends[1]:
        raise UsageError(f"{quoted(source)}: a link needs two parties")
    low, high = _share(share, class_)
    decision = {
        "do": "link",
        "class": class_,
        "schema": _schema_of(class_),
        "source_id": ends[0],
        "target_id": ends[1],
        "role": role,
        "share_min_ppm": low,
        "share_max_ppm": high,
        "country": _country(country),
        "commodity": commodity,
        "start_date": _date("start", start),
        "end_date": _date("end", end),
        "grade": _grade(grade),
        "create": made,
        "reason": reason,
        **signature(by, on),
    }
    decide(case.path, [decision])
    words = f"{class_}{f' ({role})' if role else ''}{f' {share}' if share else ''}"
    notes = [f"{one['name']} is recorded by you as {one['id']}" for one in made]
    return _decided(case, "link", [(ends[0], f"{words} → {ends[1]}")], decision, notes)


def note(case: Case, about: str, text: str, *, by: str | None = None, on: str | None = None) -> Answer:
    """Write something down about a party, a link or a payment; ``show`` prints it with its author and day."""
    from finnet.store.decide import decide

    if not text.strip() or len(text) > _LONGEST_TEXT:
        raise UsageError(f"a note has 1 to {_LONGEST_TEXT:,} characters")
    item = _item(case, about)
    decision = {"do": "note", "about": item, "text": text, **signature(by, on)}
    decide(case.path, [decision])
    return _decided(case, "note", [(item, text)], decision)


def tag(
    case: Case,
    tag: str,
    entities: Sequence[str],
    *,
    remove: bool = False,
    reason: str | None = None,
    by: str | None = None,
    on: str | None = None,
) -> Answer:
    """Put a tag on parties, or take it off with ``remove``; the selector ``tag:NAME`` finds them.

    Raises: UsageError for a tag with blanks or signs that selectors use.
    """
    from finnet.store.decide import decide

    if not _TAG.fullmatch(tag):
        raise UsageError(f"tag {quoted(tag)}: should be one word of letters, digits, . _ and -")
    parties = list(dict.fromkeys(_known(case, text) for text in entities))
    signed = signature(by, on)
    done = "untag" if remove else "tag"
    decisions = [{"do": done, "entity": party, "tag": tag, "reason": reason, **signed} for party in parties]
    decide(case.path, decisions)
    return _decided(case, "tag", [(party, tag) for party in parties], {"do": done, **signed})


def retract(
    case: Case,
    item: str,
    *,
    reason: str | None = None,
    restore: bool = False,
    by: str | None = None,
    on: str | None = None,
) -> Answer:
    """Leave a link, a payment or a note of one's own out from now on: it stays in its file and in the history.

    With ``restore`` it counts again. Runs made before are found out of date by ``verify``.

    Raises: UnknownNameError for what is neither; UsageError where it is retracted already, or was not.
    """
    from finnet.store.decide import decide

    gone = retracted(case.decisions)
    if restore:
        if item not in gone:
            raise UsageError(
                f"{quoted(item)} is not retracted", hint=f"retracted are: {', '.join(sorted(gone)) or 'none'}"
            )
    elif item in gone:
        raise UsageError(f"{quoted(item)} is retracted already", hint="--restore takes that back")
    elif not _is_stated(case, item):
        raise UnknownNameError(
            f"{quoted(item)}: no link, payment or note has this id",
            hint="finnet sql 'select link_id …' shows the ids; of a party, its links are retracted",
        )
    decision = {"do": "restore" if restore else "retract", "item": item, "reason": reason, **signature(by, on)}
    decide(case.path, [decision])
    return _decided(case, "retract", [(item, reason)], decision)


def _decided(
    case: Case, command: str, done: Sequence[tuple[str, str | None]], decision: Row, notes: Sequence[str] = ()
) -> Answer:
    from finnet.store.decisions import read_decisions

    first = read_decisions(case.path)[-len(done)]["record"]
    rows: list[Row] = []
    for place, (about, text) in enumerate(done):
        known = case.lookup.entity(about)
        rows.append(
            {
                "id": decision_id(first + place),
                "what": decision["do"],
                "about": about,
                "caption": known[0]["caption"] if known else None,
                "text": text,
                "by": decision["by"],
                "on": decision["on"],
            }
        )
    taken = (
        "finnet tag --remove"
        if command == "tag"
        else f"finnet retract {rows[0]['id']}"
        if command != "retract"
        else None
    )
    return Answer(
        command=command,
        columns=_COLUMNS,
        rows=rows,
        notes=(*notes, *((f"it can be taken back with {taken}",) if taken else ())),
    )


def _party(case: Case, text: str, *, create: bool, schema: str, made: list[dict[str, Any]]) -> str:
    try:
        return _known(case, text)
    except UnknownNameError:
        if not create or case.lookup.named(text):
            raise
    from finnet.model.schema import schema as schema_of

    schema_of(schema)  # raises for one that does not exist
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40]
    party = f"analyst-{slug or 'party'}-{hashlib.sha256(f'{text}|{schema}'.encode()).hexdigest()[:8]}"
    made.append({"id": party, "name": text, "schema": schema})
    return party


def _known(case: Case, text: str) -> str:
    from finnet.store.resolve import resolve

    return text if case.lookup.entity(text) else resolve(case, text)


def _item(case: Case, about: str) -> str:
    if not case.lookup.entity(about) and _is_stated(case, about):
        return about
    return _known(case, about)


_STATED = """
select 1 from v1_link where link_id = $id union all select 1 from v1_payment where payment_id = $id limit 1
"""


def _is_stated(case: Case, item: str) -> bool:
    if case.rows(_STATED, {"id": item}):
        return True
    return any(one.get("do") == "note" and decision_id(one["record"]) == item for one in case.decisions)


def _schema_of(edge_class: str) -> str | None:
    from finnet.model.mapping import CLASS_SCHEMA

    if edge_class not in EDGE_CLASSES:
        raise UnknownNameError(f"no edge class called {quoted(edge_class)}", hint=nearest(edge_class, EDGE_CLASSES))
    if edge_class == "money":
        raise UsageError("--class money: payments have amounts and dates", hint="write them into a table and ingest it")
    return CLASS_SCHEMA[edge_class]


def _share(share: str | None, edge_class: str) -> tuple[int | None, int | None]:
    from finnet.model.refusal import Refusal
    from finnet.model.shares import read_share

    if share is None:
        return None, None
    if edge_class != "ownership":
        raise UsageError(f"--share goes with --class ownership, not {edge_class}")
    try:
        return read_share(share)
    except Refusal as refusal:
        raise UsageError(f"--share: {refusal.reason}", hint="as in 50 %, 25-50 or >75") from refusal


def _country(text: str | None) -> str | None:
    from finnet.model.countries import read_country
    from finnet.model.refusal import Refusal

    if text is None:
        return None
    try:
        return str(read_country(text)[0])
    except Refusal as refusal:
        raise UsageError(f"--country: {refusal.reason}") from refusal


def _date(option: str, text: str | None) -> str | None:
    from finnet.model.dates import is_iso_date

    if text is not None and not is_iso_date(text):
        raise UsageError(f"--{option} {quoted(text)}: should be a date like 2019, 2019-03 or 2019-03-05")
    return text


def _grade(text: str | None) -> str | None:
    if text is not None and not _GRADE.fullmatch(text):
        raise UsageError(f"--grade {quoted(text)}: should be A to F and 1 to 6, as in B2")
    return text

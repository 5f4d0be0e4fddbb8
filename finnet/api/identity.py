"""The verbs on identity: which records may be the same party, and what an analyst decides about it."""

from __future__ import annotations

import datetime
import getpass
import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from finnet.errors import UsageError, quoted
from finnet.report.answer import Answer, Row

if TYPE_CHECKING:
    from finnet.analysis.identity.likeness import Likeness
    from finnet.analysis.identity.profile import Profile
    from finnet.api.open import Case

__all__ = ["LIKENESS", "likeness_cells", "match", "merge", "signature", "split"]

LIKENESS = ("score", "agrees", "disagrees", "missing")
_MATCH = (
    "left",
    "right",
    "left_caption",
    "right_caption",
    *LIKENESS,
    "name_score",
    "left_name",
    "right_name",
    "datasets",
)
_DECIDED = ("entity_id", "caption", "dataset", "record", "was", "is")
_NO_MERGE = "a likeness is a possible match, never an identity: finnet merge LEFT RIGHT --reason … decides"


def match(
    case: Case, *, threshold: float = 0.7, scope: str | None = None, within: bool = False, limit: int | None = 50
) -> Answer:
    """Pairs of parties that may be one, the most alike first, each with what agrees, disagrees and is missing.

    Pairs of two datasets only, unless ``within`` asks for those inside one too; with ``scope`` only pairs with one of
    these parties. A name alone reaches 0.7 at most, if it is the very same. Pairs judged different before
    (``split``) are left out and counted. Nothing is merged.
    """
    from finnet.analysis.identity.candidates import candidate_pairs
    from finnet.analysis.identity.likeness import may_be_one, set_side_by_side
    from finnet.api._profiles import profiles

    _check_threshold(threshold)
    known = profiles(case)
    chosen = None if scope is None else set(case.select(scope))
    different = _judged_different(case)
    pairs, too_common = candidate_pairs(known)
    found: list[tuple[Profile, Profile, Likeness]] = []
    judged = 0
    for one, other in pairs:
        left, right = known[one], known[other]
        if not within and set(left.datasets) & set(right.datasets):
            continue
        if chosen is not None and not {left.id, right.id} & chosen:
            continue
        if not may_be_one(left, right):
            continue
        if frozenset((left.id, right.id)) in different:
            judged += 1
            continue
        likeness = set_side_by_side(left, right)
        if likeness.score >= threshold:
            found.append((left, right, likeness))
    found.sort(key=lambda pair: (-pair[2].score, pair[0].id, pair[1].id))
    rows: list[Row] = [
        {
            "left": left.id,
            "right": right.id,
            "left_caption": left.caption,
            "right_caption": right.caption,
            **likeness_cells(likeness),
            "left_name": likeness.names[0],
            "right_name": likeness.names[1],
            "datasets": (*left.datasets, *right.datasets),
        }
        for left, right, likeness in found[:limit]
    ]
    notes = [_NO_MERGE] if rows else []
    if too_common:
        notes.append(f"{too_common:,} words or numbers that too many parties share were not used to find pairs")
    return Answer(
        command="match",
        columns=_MATCH,
        shown=("left", "right", "left_caption", "right_caption", "score", "agrees", "disagrees"),
        rows=rows,
        summary={
            "parties": len(known),
            "compared": len(pairs),
            "possible matches": len(found),
            "judged different before": judged,
            "threshold": threshold,
        },
        notes=tuple(notes),
        params={"threshold": threshold, "scope": scope, "within": within, "limit": limit},
        truncated=len(rows) < len(found),
        total=len(found),
    )


def merge(
    case: Case, entities: Sequence[str], *, reason: str | None = None, by: str | None = None, on: str | None = None
) -> Answer:
    """Decide that these are one party: signed, dated, reversible by ``split``, kept apart from the data.

    Everything recorded of them counts as one party from now on; the statements stay as they are. The id that stands for
    all is the smallest. What their records disagree on is said, and does not hinder: sources err.

    Raises: UsageError for fewer than two parties, or two that are one already.
    """
    from finnet.store.decide import decide

    ids = _ids(case, entities)
    if len(ids) < 2:
        raise UsageError("merge needs two different parties or more", hint="finnet merge LEFT RIGHT --reason …")
    before = {label: case.canonical.get(label, label) for label in ids}
    if len(set(before.values())) == 1:
        raise UsageError(f"{quoted(ids[0])} and {quoted(ids[1])} are one party already", hint="finnet show says more")
    compared, notes = _compared(case, ids)
    signed = signature(by, on)
    decide(
        case.path, [{"do": "merge", "left": ids[0], "right": other, "reason": reason, **signed} for other in ids[1:]]
    )
    return _decided("merge", case, ids, signed, {**compared, "reason": reason}, notes)


def split(
    case: Case, entities: Sequence[str], *, reason: str | None = None, by: str | None = None, on: str | None = None
) -> Answer:
    """Decide that two are not the same: takes a ``merge`` of the two back, or says that ``match`` need not ask again.

    Raises: UsageError where the two are one through others: it names the merges to take back.
    """
    from finnet.store.decide import decide
    from finnet.store.decisions import canonical_ids

    ids = _ids(case, entities)
    if len(ids) != 2:
        raise UsageError("split needs two different parties", hint="finnet split LEFT RIGHT --reason …")
    signed = signature(by, on)
    decision = {"do": "split", "left": ids[0], "right": ids[1], "reason": reason, **signed}
    after = canonical_ids([*case.decisions, decision])
    if after.get(ids[0], ids[0]) == after.get(ids[1], ids[1]):
        raise UsageError(
            f"{quoted(ids[0])} and {quoted(ids[1])} are one party through others",
            hint=f"take back: {'; '.join(_merges_of(case, after[ids[0]]))}",
        )
    was_one = case.canonical.get(ids[0], ids[0]) == case.canonical.get(ids[1], ids[1])
    decide(case.path, [decision])
    note = "they count as two again" if was_one else "they were two before; match will not propose them again"
    return _decided("split", case, ids, signed, {"reason": reason}, [note])


def signature(by: str | None, on: str | None) -> dict[str, str]:
    """Who decides, and when: what is given, else FINNET_ANALYST, else the user of this machine; else today."""
    from finnet.model.dates import is_iso_date

    if on is not None and not (is_iso_date(on) and len(on) == len("2019-01-01")):
        raise UsageError(f"--on {quoted(on)}: should be a date like 2019-03-05")
    who = (by if by is not None else os.environ.get("FINNET_ANALYST") or getpass.getuser()).strip()
    if not who:
        raise UsageError("--by: a decision is signed", hint="say who decides, as in --by 'A. Analyst'")
    return {"by": who, "on": on or datetime.datetime.now(datetime.UTC).date().isoformat()}


def likeness_cells(likeness: Likeness) -> Row:
    """The parts of a likeness as cells."""
    return {
        "score": likeness.score,
        "agrees": likeness.agrees,
        "disagrees": likeness.disagrees,
        "missing": likeness.missing,
        "name_score": likeness.name,
    }


def _check_threshold(threshold: float) -> None:
    if not 0 <= threshold <= 1:
        raise UsageError(f"--threshold {threshold}: should be between 0 and 1")


def _ids(case: Case, entities: Iterable[str]) -> list[str]:
    """Ids as recorded: of a merged party the one that was named, not the one that stands for all."""
    from finnet.store.resolve import resolve

    found = {text: text if case.lookup.entity(text) else resolve(case, text) for text in dict.fromkeys(entities)}
    return list(dict.fromkeys(found.values()))


def _judged_different(case: Case) -> set[frozenset[str]]:
    last: dict[frozenset[str], str] = {}
    for decision in case.decisions:
        if decision.get("do") in {"merge", "split"}:
            last[frozenset((decision["left"], decision["right"]))] = decision["do"]
    canonical = case.canonical
    return {frozenset(canonical.get(one, one) for one in pair) for pair, done in last.items() if done == "split"}


def _merges_of(case: Case, party: str) -> list[str]:
    pairs: dict[frozenset[str], str] = {}
    for decision in case.decisions:
        if decision.get("do") in {"merge", "split"}:
            pair = frozenset((decision["left"], decision["right"]))
            pairs.pop(pair, None)
            if decision["do"] == "merge" and case.canonical.get(decision["left"]) == party:
                pairs[pair] = f"finnet split {quoted(decision['left'])} {quoted(decision['right'])}"
    return sorted(pairs.values())


def _compared(case: Case, ids: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """What the first two say of each other, for the record and as a warning."""
    from finnet.analysis.identity.likeness import may_be_one, set_side_by_side
    from finnet.api._profiles import profiles

    known = {one.id: one for one in profiles(case, [case.canonical.get(label, label) for label in ids])}
    first, *others = [
        known[one] for one in dict.fromkeys(case.canonical.get(label, label) for label in ids) if one in known
    ]
    notes: list[str] = []
    said: dict[str, Any] = {}
    for other in others:
        likeness = set_side_by_side(first, other)
        said = said or {"score": likeness.score, "agrees": likeness.agrees, "disagrees": likeness.disagrees}
        if not may_be_one(first, other):
            notes.append(
                f"{first.id} is recorded as {'; '.join(first.schemata)}, {other.id} as {'; '.join(other.schemata)}"
            )
        if likeness.disagrees:
            notes.append(f"{first.id} and {other.id} disagree on: {', '.join(likeness.disagrees)}")
    notes.append("it can be taken back with finnet split")
    return said, notes


def _decided(
    command: str, case: Case, ids: Sequence[str], signed: dict[str, str], more: dict[str, Any], notes: Sequence[str]
) -> Answer:
    """The statements about the parties, with the id that stood for each before and the one that does now."""
    from finnet.store.case import Case as Stored

    with Stored.open(case.path) as after:
        canonical = after.canonical
    rows: list[Row] = []
    for label in sorted(
        {one for one in {**case.canonical, **canonical} if _is_touched(one, ids, case.canonical, canonical)} | set(ids)
    ):
        for statement in case.lookup.entity(label):
            if statement["entity_id"] == label:
                rows.append(
                    {
                        "entity_id": label,
                        "caption": statement["caption"],
                        "dataset": statement["dataset"],
                        "record": statement["record"],
                        "was": case.canonical.get(label, label),
                        "is": canonical.get(label, label),
                    }
                )
    return Answer(
        command=command,
        columns=_DECIDED,
        rows=rows,
        summary={**more, **signed},
        notes=tuple(notes),
        params={"entities": tuple(ids)},
    )


def _is_touched(label: str, ids: Sequence[str], *canonical: Any) -> bool:
    return any(known.get(label, label) == known.get(one, one) for known in canonical for one in ids)

"""Who is blocked by a regime's ownership rule though nobody listed them, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from finnet.errors import UsageError
from finnet.report.answer import Answer

if TYPE_CHECKING:
    from finnet.analysis.ownership.regime import Regime
    from finnet.api._verdict_rows import Question
    from finnet.api.open import Case

__all__ = ["blocked", "questions_of"]

_COLUMNS = (
    "id", "caption", "schema", "country", "verdict", "held_min", "held_max", "undisclosed", "round", "because",
    "tipping", "records", "holders",
)  # fmt: skip
_FIRST = ("blocked", "possibly", "listed", "not", "no_data")  # what nobody listed comes before the lists themselves
_GAIN_ROWS = 1_000


def blocked(
    case: Case,
    entity: str | None = None,
    *,
    regime: str = "ofac",
    designate: str | None = None,
    delist: str | None = None,
    as_of: str | None = None,
    verdict: str | None = None,
    gain: bool = False,
    limit: int | None = None,
) -> Answer:
    """The verdict of a regime's ownership rule on one entity, or on all that it says anything about.

    Without ``entity`` the rows are those that are blocked, possibly blocked or listed, unless ``verdict`` names
    others. With one, the rows are the entity and, below it, the proof back to the listed: ``holders`` names for each
    row the stakes that made it cross the threshold. ``gain`` asks another question: what would designating each
    single party newly capture, and which pairs capture only together (1,000 rows of each unless ``limit`` says more).

    Shares are fractions of one. *no_data* is not a clearance.

    Raises: UnknownNameError for a regime or entity nobody knows; UsageError for impossible combinations.
    """
    from finnet.analysis.ownership.regime import load_regime
    from finnet.analysis.ownership.verdict import VERDICTS

    if verdict is not None and verdict not in VERDICTS:
        raise UsageError(f"--verdict {verdict}: should be one of {', '.join(VERDICTS)}")
    if gain and (entity is not None or verdict is not None):
        raise UsageError("--gain is about all parties: it goes with neither an entity nor --verdict")
    if entity is not None and verdict is not None:
        raise UsageError("--verdict chooses among all parties: leave the entity out")
    law = load_regime(regime)
    (question,) = questions_of(case, [law], designate=designate, delist=delist, as_of=as_of)
    params: dict[str, object] = {
        "entity": entity, "regime": regime, "designate": designate, "delist": delist, "as_of": as_of,
        "verdict": verdict, "gain": gain, "limit": limit,
    }  # fmt: skip
    if gain:
        return _gain(question, law, limit=_GAIN_ROWS if limit is None else limit, params=params)
    return _verdicts(case, question, law, entity=entity, verdict=verdict, limit=limit, params=params)


def questions_of(
    case: Case,
    laws: Sequence[Regime],
    *,
    designate: str | None = None,
    delist: str | None = None,
    as_of: str | None = None,
) -> list[Question]:
    """Each regime's rule applied to the case, as if some were listed too or were not: one register for all."""
    from finnet.analysis.ownership.verdict import verdicts
    from finnet.api._register import Parties, listed_by, parties, register_of
    from finnet.api._verdict_rows import Question

    more = set(case.select(designate)) if designate is not None else set()
    less = set(case.select(delist)) if delist is not None else set()
    listed = [sorted((set(listed_by(case, law, as_of=as_of)) | more) - less) for law in laws]
    everyone, people = parties(case)
    register, statements = register_of(case, as_of=as_of, extra=[*everyone, *(one for ids in listed for one in ids)])
    known = Parties(case)
    return [
        Question(
            register=register,
            rule=law.rule_on(as_of),
            found=verdicts(register, law.rule_on(as_of), ids, joint=law.joint, people=people),
            statements=statements,
            parties=known,
            people=frozenset(people),
        )
        for law, ids in zip(laws, listed, strict=True)
    ]


def _verdicts(
    case: Case,
    question: Question,
    law: Regime,
    *,
    entity: str | None,
    verdict: str | None,
    limit: int | None,
    params: dict[str, object],
) -> Answer:
    from finnet.analysis.ownership.verdict import VERDICTS
    from finnet.api._verdict_rows import notes, proved, verdict_rows

    found, rule = question.found, question.rule
    number = None
    if entity is not None:
        from finnet.store.resolve import resolve

        number = question.number(resolve(case, entity))
        steps = proved(question, number)
        chosen = list(steps)
    else:
        steps = {}
        wanted = {verdict} if verdict else {"listed", "blocked", "possibly"}
        chosen = [i for i, word in enumerate(found.verdict) if word in wanted]
        chosen.sort(key=lambda i: (_FIRST.index(found.verdict[i]), i))
    together = "holdings of all listed together" if rule.aggregate == "all" else "each listed person alone"
    return Answer(
        command="blocked",
        columns=_COLUMNS,
        shown=("id", "caption", "country", "verdict", "held_min", "because"),
        rows=verdict_rows(question, chosen[:limit], steps),
        summary={
            "regime": law.title,
            "threshold": f"{rule.words}, {together}",
            "source": rule.source,
            "counts": {word: found.verdict.count(word) for word in VERDICTS},
            "ambiguous_loops": _ambiguous(question),
        },
        notes=(*_nobody_listed(question, law), *notes(case, question, law, number)),
        params=params,
        truncated=limit is not None and limit < len(chosen),
        total=len(chosen),
    )


def _nobody_listed(question: Question, law: Regime) -> tuple[str, ...]:
    if "listed" in question.found.verdict:
        return ()
    return (f"nobody in this case is on a list of {law.name.upper()}: say with --designate whom to treat as listed",)


def _ambiguous(question: Question) -> list[list[str]]:
    from finnet.analysis.ownership import loops as circles

    register = question.register
    seeds = np.flatnonzero(np.array(question.found.verdict) == "listed")
    found = circles.loops(register, seeds, question.rule.meet)
    return [[register.ids[i] for i in loop.members] for loop in found if loop.ambiguous]


def _gain(question: Question, law: Regime, *, limit: int, params: dict[str, object]) -> Answer:
    from finnet.analysis.ownership.gain import Captures, gains, joint_gains

    register, meet = question.register, question.rule.meet
    together = question.rule.aggregate == "all"
    # Where each listed person is taken alone, what others hold adds nothing to a new designation.
    seeds = np.flatnonzero(np.array(question.found.verdict) == "listed") if together else register.numbers([])
    count, _ = gains(register, seeds, meet)
    order = np.flatnonzero(count)
    order = order[np.lexsort((order, -count[order]))]
    pairs, cut = joint_gains(register, seeds, meet) if together else ([], False)
    captures = Captures(register, seeds, meet)
    chosen: list[tuple[Sequence[int], int]] = [((int(one),), int(count[one])) for one in order[:limit]]
    chosen += [((first, second), more) for first, second, more in pairs[:limit]]
    question.parties.fetch(register.ids[i] for who, _ in chosen for i in who)
    rows = [
        {
            **question.parties.cells(register.ids[who[0]]),
            "with": register.ids[who[1]] if len(who) > 1 else None,
            "gain": more,
            "captures": [register.ids[i] for i in captures.of(who)[:20]],
        }
        for who, more in chosen
    ]
    return Answer(
        command="blocked",
        columns=("id", "caption", "schema", "country", "with", "gain", "captures"),
        shown=("id", "caption", "country", "with", "gain", "captures"),
        rows=rows,
        summary={
            "regime": law.title,
            "threshold": question.rule.words,
            "parties that capture": len(order),
            "pairs that capture only together": len(pairs) if together else None,
        },
        notes=(
            "gain counts what is newly blocked; for a pair, what neither captures alone; captures shows up to 20",
            *(("not all pairs were tried: there are too many",) if cut else ()),
        ),
        params=params,
        truncated=len(order) > limit or len(pairs) > limit,
        total=len(order) + len(pairs),
    )

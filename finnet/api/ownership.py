"""Who is blocked by a regime's ownership rule though nobody listed them, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from finnet.errors import UsageError
from finnet.report.answer import Answer, Row

if TYPE_CHECKING:
    from finnet.analysis.ownership.regime import Regime, Rule
    from finnet.analysis.ownership.register import Register
    from finnet.analysis.ownership.verdict import Verdicts
    from finnet.api._register import Parties, Statement
    from finnet.api.open import Case

__all__ = ["blocked"]

_PPM = 1_000_000
_BLOCKED_COLUMNS = (
    "id", "caption", "schema", "country", "verdict", "held_min", "held_max", "undisclosed", "round", "because",
    "tipping", "records",
)  # fmt: skip


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

    Without ``entity`` the rows are those that are listed, blocked or possibly blocked, unless ``verdict`` names
    others. With one, the rows are the entity and, below it, the proof back to the listed. ``gain`` asks another
    question: what would designating each single party newly capture, and which pairs capture only together.

    Shares are fractions of one. *no_data* is not a clearance.

    Raises: UnknownNameError for a regime or entity nobody knows; UsageError for impossible combinations.
    """
    from finnet.analysis.ownership.regime import load_regime
    from finnet.analysis.ownership.verdict import VERDICTS, verdicts
    from finnet.api._register import listed_by, parties, register_of

    if verdict is not None and verdict not in VERDICTS:
        raise UsageError(f"--verdict {verdict}: should be one of {', '.join(VERDICTS)}")
    law = load_regime(regime)
    rule = law.rule_on(as_of)
    listed = set(listed_by(case, law, as_of=as_of))
    if designate is not None:
        listed |= set(case.select(designate))
    if delist is not None:
        listed -= set(case.select(delist))
    known = parties(case)
    register, statements = register_of(case, as_of=as_of, extra=sorted(known.by_id))
    found = verdicts(register, rule, sorted(listed), joint=law.joint)
    if gain:
        return _gain(register, rule, found, known, regime=law, limit=limit)
    if entity is not None:
        from finnet.store.resolve import resolve

        chosen = _proved(register, rule, found, resolve(case, entity))
    else:
        wanted = {verdict} if verdict else {"listed", "blocked", "possibly"}
        chosen = [i for i, word in enumerate(found.verdict) if word in wanted]
        chosen.sort(key=lambda i: (VERDICTS.index(found.verdict[i]), register.ids[i]))
    rows = [_verdict_row(register, rule, found, known, statements, i) for i in chosen]
    shown = rows[:limit]
    return Answer(
        command="blocked",
        columns=_BLOCKED_COLUMNS,
        shown=("id", "caption", "country", "verdict", "held_min", "because"),
        rows=shown,
        summary={
            "regime": law.title,
            "threshold": f"{rule.words}, {'holdings of all listed together' if rule.aggregate == 'all' else 'each listed person alone'}",  # noqa: E501
            "source": rule.source,
            "counts": {word: found.verdict.count(word) for word in VERDICTS},
            "ambiguous_loops": _ambiguous(register, rule, found),
        },
        notes=_blocked_notes(register, found, law, statements),
        params={"entity": entity, "regime": regime, "designate": designate, "delist": delist, "as_of": as_of},
        truncated=len(shown) < len(rows),
        total=len(rows),
    )


def _proved(register: Register, rule: Rule, found: Verdicts, party: str) -> list[int]:
    from finnet.analysis.ownership.verdict import proof

    number = register.number[party]
    if found.verdict[number] != "blocked":
        return [number]
    group = found.groups[found.by[number]] if found.by[number] >= 0 else found.groups[0]
    steps = proof(register, rule, group, number)
    holders = {int(register.owner[stake]) for step in steps for stake in step.stakes}
    order = [step.entity for step in steps]
    return [*order, *sorted(holders - set(order))]


def _verdict_row(
    register: Register, rule: Rule, found: Verdicts, known: Parties, statements: dict[str, Statement], number: int
) -> Row:
    from finnet.analysis.ownership.verdict import tipping_share

    word = found.verdict[number]
    stakes = [stake for stake in register.stakes_of(number) if found.round[register.owner[stake]] >= 0]
    if word == "possibly":
        stakes = [s for s in register.stakes_of(number) if found.verdict[register.owner[s]] in _MAY_HOLD]
    return {
        **known.cells(register.ids[number]),
        "verdict": word,
        "held_min": int(found.held_min[number]) / _PPM,
        "held_max": int(found.held_max[number]) / _PPM,
        "undisclosed": int(found.undisclosed[number]) / _PPM,
        "round": int(found.round[number]) if found.round[number] >= 0 else None,
        "because": _because(register, rule, found, known, number, stakes),
        "tipping": tipping_share(rule, int(found.held_min[number])) / _PPM if word == "possibly" else None,
        "records": sorted(
            {
                f"{statements[link].dataset}:{statements[link].record}"
                for stake in stakes
                for link in register.statements[stake]
                if link in statements
            }
        ),
    }


_MAY_HOLD = {"listed", "blocked", "possibly"}


def _because(
    register: Register, rule: Rule, found: Verdicts, known: Parties, number: int, stakes: Sequence[int]
) -> str:
    word = found.verdict[number]
    held = " + ".join(_stake_words(register, known, stake) for stake in stakes)
    missing = (rule.meet - int(found.held_min[number])) / 10_000
    match word:
        case "listed":
            return "appears on the list"
        case "blocked":
            return held
        case "possibly":
            return f"{held}; blocked if {missing:.4g} % more of what is undisclosed is in their hands"
        case "not" if known.by_id.get(register.ids[number], {}).get("schema") == "Person":
            return "a natural person cannot be owned"
        case "not":
            return f"{held}: too little" if held else "others certainly hold too much"
        case _:
            return "no shareholding of a listed party is recorded, and too little is disclosed to exclude one"


def _stake_words(register: Register, known: Parties, stake: int) -> str:
    name = known.cells(register.ids[register.owner[stake]])["caption"]
    low, high = int(register.low[stake]), int(register.high[stake])
    if not register.disclosed[stake]:
        return f"{name} (share not disclosed)"
    return f"{name} {low / 10_000:g} %" if low == high else f"{name} {low / 10_000:g}–{high / 10_000:g} %"


def _ambiguous(register: Register, rule: Rule, found: Verdicts) -> list[list[str]]:
    from finnet.analysis.ownership import loops as circles

    seeds = np.flatnonzero(np.array(found.verdict) == "listed")
    return [
        [register.ids[i] for i in loop.members] for loop in circles.loops(register, seeds, rule.meet) if loop.ambiguous
    ]


def _blocked_notes(
    register: Register, found: Verdicts, law: Regime, statements: dict[str, Statement]
) -> tuple[str, ...]:
    notes = []
    if not len(register.owner):
        notes.append("no shareholding is recorded in this case: no_data is not a clearance")
    for number in register.impossible[:10]:
        records = sorted(
            f"{statements[link].dataset}:{statements[link].record}"
            for stake in register.stakes_of(int(number))
            for link in register.statements[stake]
            if link in statements
        )
        notes.append(
            f"{register.ids[number]}: recorded shares add up to {register.disclosed_low[number] / 10_000:g} %"
            f" (records {', '.join(records)}); they are taken as they are"
        )
    indirect = sum(one.indirect for one in statements.values())
    if indirect:
        notes.append(f"{indirect} holdings that are stated as indirect do not count: what they rest on does")
    own = [register.ids[i] for i in sorted(register.own)]
    if own:
        notes.append(f"shares held of oneself never count: {', '.join(own[:10])}")
    if law.control_counts:
        notes.append("this regime also counts control, which finnet lists (finnet control) and does not decide")
    if law.rules[0].aggregate == "none" and len(found.groups) > 1 and not law.joint:
        notes.append(
            "each listed person is taken alone; declare joint arrangements in the regime file to count them together"
        )
    return tuple(notes)


def _gain(
    register: Register, rule: Rule, found: Verdicts, known: Parties, *, regime: Regime, limit: int | None
) -> Answer:
    from finnet.analysis.ownership.gain import captured_by, gains, joint_gains

    if rule.aggregate != "all":
        seeds = register.numbers([])
    else:
        seeds = np.flatnonzero(np.array(found.verdict) == "listed")
    count, _ = gains(register, seeds, rule.meet)
    order = sorted(np.flatnonzero(count).tolist(), key=lambda i: (-int(count[i]), register.ids[i]))
    rows: list[Row] = []
    for number in order[:limit]:
        captured = captured_by(register, seeds, np.array([number]), rule.meet)
        rows.append(
            {
                **known.cells(register.ids[number]),
                "with": None,
                "gain": int(count[number]),
                "captures": [register.ids[i] for i in captured[:20]],
            }
        )
    pairs, cut = joint_gains(register, seeds, rule.meet) if rule.aggregate == "all" else ([], False)
    for first, second, more in pairs[:limit]:
        both = captured_by(register, seeds, np.array([first, second]), rule.meet)
        rows.append(
            {
                **known.cells(register.ids[first]),
                "with": register.ids[second],
                "gain": more,
                "captures": [register.ids[i] for i in both[:20]],
            }
        )
    return Answer(
        command="blocked",
        columns=("id", "caption", "schema", "country", "with", "gain", "captures"),
        shown=("id", "caption", "country", "with", "gain", "captures"),
        rows=rows,
        summary={
            "regime": regime.title,
            "parties that capture": len(order),
            "pairs that capture only together": len(pairs),
        },
        notes=("pairs were not all tried",) if cut else (),
        params={"gain": True, "regime": regime.name},
        truncated=limit is not None and (len(order) > limit or len(pairs) > limit),
        total=len(order) + len(pairs),
    )

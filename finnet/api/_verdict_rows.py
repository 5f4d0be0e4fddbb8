"""Verdicts in words: why, by whose stakes, by which records, and what a reader has to know beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from finnet.analysis.ownership.register import WHOLE, Register
from finnet.api._register import unspecified_note
from finnet.report.answer import Row

if TYPE_CHECKING:
    from finnet.analysis.ownership.regime import Regime, Rule
    from finnet.analysis.ownership.verdict import Verdicts
    from finnet.api._register import Parties, Statements
    from finnet.api.open import Case

__all__ = ["Question", "notes", "percent", "proved", "stake_words", "verdict_rows"]

_SHOWN = 10  # of whatever a note lists
_MAY_HOLD = frozenset({"listed", "blocked", "possibly"})
_UNDECIDED = frozenset({"not", "no_data", "possibly"})
_UNCLEAR = ("unspecified interest", "unknownInterest", "unpublishedInterest")

_OTHER_TIES = """
select distinct source_id as party, target_id as entity, class, role
from v1_link
where (class = 'control' or (class = 'linked' and list_contains($unclear, role))) and end_date is null
    and list_contains($holders, source_id) and ($entity is null or target_id = $entity)
order by target_id, source_id, class, role
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A rule applied to a case's register on a date: all that its rows are made of."""

    register: Register
    rule: Rule
    found: Verdicts
    statements: Statements
    parties: Parties
    people: frozenset[str]

    def number(self, party: str) -> int:
        """The party's number.

        Raises: UsageError for what neither owns nor can be owned.
        """
        from finnet.errors import UsageError, quoted

        if party not in self.register.number:
            schema = self.parties.cells(party)["schema"]
            raise UsageError(f"{quoted(party)} is {schema or 'nothing'} that nobody can own: no rule asks about it")
        return self.register.number[party]

    def caption(self, number: int) -> str:
        """What the party is called."""
        return self.parties.caption(self.register.ids[number])


def proved(question: Question, number: int) -> Mapping[int, Sequence[int]]:
    """The entity and, if it is blocked, all on the way back to the listed, each with the stakes that blocked it."""
    from finnet.analysis.ownership.verdict import proof

    found, register = question.found, question.register
    steps: dict[int, Sequence[int]] = {number: _stakes(question, number)}
    if found.verdict[number] == "blocked":
        group = found.groups[found.by[number]] if found.by[number] >= 0 else found.groups[0]
        for step in proof(register, question.rule, group, number):
            steps[step.entity] = step.stakes
        holders = sorted({int(register.owner[stake]) for stakes in steps.values() for stake in stakes})
        steps |= {holder: () for holder in holders if holder not in steps}
    return steps


def verdict_rows(question: Question, chosen: Sequence[int], steps: Mapping[int, Sequence[int]]) -> list[Row]:
    """One row per entity; ``steps`` has the stakes to name where the proof is asked for."""
    stakes_of = {number: steps.get(number) or _stakes(question, number) for number in chosen}
    others = {number: _certain_others(question, number) for number in chosen if question.found.verdict[number] == "not"}
    register = question.register
    named = {*chosen, *(int(register.owner[s]) for stakes in (*stakes_of.values(), *others.values()) for s in stakes)}
    question.parties.fetch(register.ids[number] for number in named)
    return [_row(question, number, stakes_of[number], others.get(number, ())) for number in chosen]


def notes(case: Case, question: Question, law: Regime, number: int | None) -> tuple[str, ...]:
    """What a reader has to know: of the whole register, or where one entity is asked about, of it."""
    register, found = question.register, question.found
    asked = None if number is None else {number}
    written = []
    if not len(register.owner):
        written.append("no shareholding is recorded in this case: no_data is not a clearance")
    for entity in _some(register.impossible.tolist(), asked):
        written.append(
            f"{question.caption(entity)}: recorded shares add up to {percent(int(register.disclosed_low[entity]))}"
            f" (records {', '.join(question.statements.records(register, register.stakes_of(entity)))});"
            " they are taken as they are"
        )
    for entity in _some(sorted(register.own), asked):
        written.append(_own_words(question, entity))
    indirect = int(question.statements.indirect.sum())
    if indirect and asked is None:
        left_out = int((question.statements.indirect & question.statements.explained).sum())
        written.append(
            f"{indirect} holdings are stated as indirect: {left_out} do not count because their chain is on record,"
            f" {indirect - left_out} make a verdict possible at most, because it is not"
        )
    if asked is None:
        written += unspecified_note(case, law)
    written += _ties(case, question, None if number is None else register.ids[number])
    if law.control_counts:
        written.append("this regime also counts control, which finnet lists (finnet control) and does not decide")
    if question.rule.aggregate == "none" and len(found.groups) > 1 and not law.joint:
        written.append(
            "each listed person is taken alone; declare joint arrangements in the regime file to count them together"
        )
    return tuple(written)


def percent(ppm: int) -> str:
    """A share as a reader says it.

    >>> percent(335_000), percent(500_001)
    ('33.5 %', '50.0001 %')
    """
    return f"{ppm / 10_000:g} %" if ppm < 10 * WHOLE else f"{ppm / 10_000:,.0f} %"


def stake_words(low: int, high: int, *, disclosed: bool, indirect: bool) -> str:
    """The size of a stake in words.

    >>> stake_words(250_001, 500_000, disclosed=True, indirect=False)
    '25.0001–50 %'
    """
    if indirect:
        return "an indirect holding whose chain of shares is not on record"
    if not disclosed:
        return "share not disclosed"
    return percent(low) if low == high else f"{low / 10_000:g}–{percent(high)}"


def _stakes(question: Question, number: int) -> list[int]:
    """The stakes that count, or may count, towards the entity's verdict."""
    found, register = question.found, question.register
    if found.verdict[number] == "listed":
        return []
    counts = _MAY_HOLD if found.verdict[number] != "blocked" else _MAY_HOLD - {"possibly"}
    stakes = register.stakes_of(number)
    return [int(stake) for stake in stakes if found.verdict[register.owner[stake]] in counts and register.most[stake]]


def _certain_others(question: Question, number: int) -> list[int]:
    register, found = question.register, question.found
    others = [int(s) for s in register.stakes_of(number) if found.verdict[register.owner[s]] not in _MAY_HOLD]
    return sorted((s for s in others if register.low[s]), key=lambda s: (-int(register.low[s]), s))[:3]


def _row(question: Question, number: int, stakes: Sequence[int], others: Sequence[int]) -> Row:
    from finnet.analysis.ownership.verdict import tipping_share

    register, found = question.register, question.found
    word, held_min = found.verdict[number], int(found.held_min[number])
    return {
        **question.parties.cells(register.ids[number]),
        "verdict": word,
        "held_min": held_min / WHOLE,
        "held_max": int(found.held_max[number]) / WHOLE,
        "undisclosed": int(found.undisclosed[number]) / WHOLE,
        "round": int(found.round[number]) if found.round[number] >= 0 else None,
        "because": _because(question, number, stakes, others),
        "tipping": tipping_share(question.rule, held_min) / WHOLE if word == "possibly" else None,
        "records": question.statements.records(register, [*stakes, *others]),
        "holders": [
            {
                "id": register.ids[register.owner[stake]],
                "min": int(register.low[stake]) / WHOLE,
                "max": int(register.most[stake]) / WHOLE,
                "records": question.statements.records(register, [stake]),
            }
            for stake in stakes
        ],
    }


def _because(question: Question, number: int, stakes: Sequence[int], others: Sequence[int]) -> str:
    held = " + ".join(_held_words(question, stake) for stake in stakes)
    match question.found.verdict[number]:
        case "listed":
            return "appears on the list"
        case "blocked":
            return held
        case "possibly":
            missing = percent(question.rule.meet - int(question.found.held_min[number]))
            return f"{held}; blocked if at least {missing} more is in their hands"
        case "not" if question.register.ids[number] in question.people:
            return "a natural person is nobody's property"
        case "not":
            rest = " + ".join(_held_words(question, stake) for stake in others)
            reasons = [held and f"{held}: too little", rest and f"in other hands: {rest}", _beyond(question, others)]
            return "; ".join(reason for reason in reasons if reason)
        case _:
            return "no shareholding of a listed party is recorded, and too little is disclosed to exclude one"


def _held_words(question: Question, stake: int) -> str:
    register = question.register
    low, high = int(register.low[stake]), int(register.high[stake])
    size = stake_words(low, high, disclosed=bool(register.disclosed[stake]), indirect=bool(register.indirect[stake]))
    owner = int(register.owner[stake])
    itself = " (possibly blocked itself)" if question.found.verdict[owner] == "possibly" else ""
    name = f"{question.caption(owner)}{itself}"
    return f"{name} {size}" if size[0].isdigit() else f"{name} ({size})"


def _beyond(question: Question, others: Sequence[int]) -> str:
    """Who holds the holders is not part of the verdict: where it is not known, that has to be said."""
    register, found = question.register, question.found
    unknown = [
        question.caption(int(register.owner[s])) for s in others if found.verdict[register.owner[s]] == "no_data"
    ]
    return f"who owns {' and '.join(unknown)} is not recorded" if unknown else ""


def _own_words(question: Question, entity: int) -> str:
    register, rule = question.register, question.rule
    own, held = register.own[entity], int(question.found.held_min[entity])
    size = percent(own) if own else "a share of undisclosed size"
    said = f"{question.caption(entity)}: {size} held of itself never counts"
    if question.found.verdict[entity] not in {"listed", "blocked"} and 0 < own < WHOLE:
        of_the_rest = held * WHOLE // (WHOLE - own)
        if of_the_rest >= rule.meet:
            said += f"; of the other shares listed parties hold {percent(of_the_rest)}: the verdict turns on this"
    return said


def _ties(case: Case, question: Question, entity: str | None) -> list[str]:
    register, found = question.register, question.found
    holders = [register.ids[i] for i, word in enumerate(found.verdict) if word in {"listed", "blocked"}]
    rows = case.rows(_OTHER_TIES, {"unclear": list(_UNCLEAR), "holders": holders, "entity": entity}) if holders else []
    kept = [
        row
        for row in rows
        if row["entity"] in register.number and found.verdict[register.number[row["entity"]]] in _UNDECIDED
    ]
    written = []
    for kind, words in (
        ("control", "recorded as controlled by listed or blocked parties, which the ownership rule does not count"),
        ("linked", "recorded with an interest of a listed or blocked party whose kind is not stated"),
    ):
        named = list(dict.fromkeys(question.parties.caption(row["entity"]) for row in kept if row["class"] == kind))
        if named:
            more = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
            written.append(f"{words}: {', '.join(named[:_SHOWN])}{more} (finnet control)")
    return written


def _some(entities: Iterable[int], asked: set[int] | None) -> list[int]:
    return [entity for entity in entities if asked is None or entity in asked][:_SHOWN]

"""Control beside ownership: which limbs of which regime recorded facts meet, and who acts for whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from finnet.report.answer import Answer, Row

if TYPE_CHECKING:
    from finnet.analysis.ownership.regime import Regime
    from finnet.api._verdict_rows import Question
    from finnet.api.open import Case

__all__ = ["control"]

_COLUMNS = (
    "limb", "holder", "regime", "met", "record", "caption", "schema", "country", "status", "party", "share_min",
    "share_max", "role", "since", "until",
)  # fmt: skip
_PPM = 1_000_000

# Whoever is tied to the party at its other end in a way that could be control, or that acts for it.
_TIES = """
select link_id, class, schema, source_id, target_id, role, share_min_ppm, share_max_ppm, start_date, end_date, dataset,
    record
from v1_link
where (source_id = $party or target_id = $party) and source_id is not null and target_id is not null
    and class in ('control', 'governance', 'representation', 'consolidation', 'linked')
    and basis is distinct from 'inferred' and ({in_force})
order by class, source_id, target_id, role, dataset, record, link_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tie:
    """A link with the party at one end, and the limb it touches."""

    link: Mapping[str, Any]
    limb: str | None
    met: str


def control(
    case: Case,
    entity: str,
    *,
    regime: str | None = None,
    designate: str | None = None,
    as_of: str | None = None,
    limit: int | None = None,
) -> Answer:
    """Which limbs of control recorded facts meet or touch, for each regime that counts control (or the one named).

    One row per fact, holder and regime. ``met`` is yes, no, possibly, or not stated (the record names a right without
    its extent). ``status`` is the holder's own verdict under that regime. Ownership is never part of it: see
    ``blocked``.

    A row with the limb ``acts_for`` flags a listed person who is recorded as director of, or as representing, a
    party that is not blocked: what they sign may be prohibited although the party is not blocked (OFAC, FAQ 400). The
    entity may be either of the two.

    Raises: UnknownNameError for a regime or entity nobody knows.
    """
    from finnet.analysis.ownership.regime import load_regime
    from finnet.api.ownership import questions_of
    from finnet.shipped import shipped_names
    from finnet.store.resolve import resolve

    party = resolve(case, entity)
    laws = [load_regime(name) for name in ([regime] if regime else shipped_names("regimes"))]
    ties = _ties(case, party, as_of)
    questions = questions_of(case, laws, designate=designate, as_of=as_of)
    rows: list[Row] = []
    for law, question in zip(laws, questions, strict=True):
        rows += _limb_rows(law, question, party, ties)
        if law.acts_for:
            rows += _acting_rows(law, question, ties)
    rows.sort(
        key=lambda row: (row["regime"], _order(row["limb"]), _MET.index(row["met"]), row["holder"], row["record"])
    )
    return Answer(
        command="control",
        columns=_COLUMNS,
        shown=("limb", "caption", "regime", "met", "status", "role", "since", "record"),
        rows=rows[:limit],
        summary={
            "id": party,
            "entity": questions[0].parties.caption(party),
            **{law.name: _counted(law, rows) for law in laws},
        },
        notes=tuple(_notes(laws, rows, ties)),
        params={"entity": entity, "regime": regime, "designate": designate, "as_of": as_of, "limit": limit},
        truncated=limit is not None and len(rows) > limit,
        total=len(rows),
    )


_MET = ("yes", "possibly", "not stated", "no", "flag")


def _order(limb: str) -> int:
    from finnet.analysis.ownership.regime import LIMBS

    return LIMBS.index(limb) if limb in LIMBS else len(LIMBS)


def _ties(case: Case, party: str, as_of: str | None) -> list[_Tie]:
    from finnet.analysis.ownership.limbs import limb_of
    from finnet.api._register import IN_FORCE, dated

    links = case.rows(_TIES.format(in_force=IN_FORCE), {"party": party, **dated(as_of)})
    found = []
    for link in links:
        touch = limb_of(link["class"], link["schema"], link["role"], link["share_min_ppm"], link["share_max_ppm"])
        found.append(_Tie(link=link, limb=touch.limb if touch else None, met=touch.met if touch else ""))
    return found


def _limb_rows(law: Regime, question: Question, party: str, ties: Sequence[_Tie]) -> Iterator[Row]:
    touching = [tie for tie in ties if tie.link["target_id"] == party and tie.limb in law.limbs]
    question.parties.fetch(tie.link["source_id"] for tie in touching)
    directors = {
        tie.link["source_id"]
        for tie in ties
        if tie.link["target_id"] == party and tie.link["class"] == "governance" and tie.limb == "board_majority"
    }
    barred = {director for director in directors if _status(question, director) in {"listed", "blocked"}}
    for tie in touching:
        holder = tie.link["source_id"]
        # Who appointed a director is not recorded; that most of those recorded are listed is worth a second look.
        is_majority = holder in barred and tie.met == "not stated" and 2 * len(barred) > len(directors)
        yield _row(law, question, tie, holder, tie.limb or "", "possibly" if is_majority else tie.met)


def _acting_rows(law: Regime, question: Question, ties: Sequence[_Tie]) -> Iterator[Row]:
    acting = [tie for tie in ties if tie.link["schema"] in {"Directorship", "Representation"}]
    ends = [(tie, tie.link["source_id"], tie.link["target_id"]) for tie in acting]
    question.parties.fetch(end for _, actor, client in ends for end in (actor, client))
    for tie, actor, client in ends:
        if _status(question, actor) == "listed" and _status(question, client) not in {"listed", "blocked"}:
            yield _row(law, question, tie, actor, "acts_for", "flag")


def _row(law: Regime, question: Question, tie: _Tie, holder: str, limb: str, met: str) -> Row:
    link = tie.link
    cells = question.parties.cells(holder)
    return {
        "limb": limb,
        "holder": holder,
        "regime": law.name,
        "met": met,
        "record": f"{link['dataset']}:{link['record']}",
        **{name: cells[name] for name in ("caption", "schema", "country")},
        "status": _status(question, holder),
        "party": link["target_id"],
        "share_min": None if link["share_min_ppm"] is None else link["share_min_ppm"] / _PPM,
        "share_max": None if link["share_max_ppm"] is None else link["share_max_ppm"] / _PPM,
        "role": link["role"] or link["schema"],
        "since": link["start_date"],
        "until": link["end_date"],
    }


def _status(question: Question, party: str) -> str | None:
    number = question.register.number.get(party)
    return None if number is None else question.found.verdict[number]


def _counted(law: Regime, rows: Sequence[Row]) -> str:
    mine = [row for row in rows if row["regime"] == law.name and row["limb"] != "acts_for"]
    flags = sum(row["regime"] == law.name and row["limb"] == "acts_for" for row in rows)
    words = []
    if law.control_counts:
        met = Counter(f"{row['limb']}: {row['met']}" for row in mine if row["met"] in {"yes", "possibly"})
        words.append(
            "; ".join(f"{name} ({count})" for name, count in sorted(met.items())) or "no limb is recorded as met"
        )
    else:
        words.append("control alone does not block")
    if law.acts_for:
        words.append(f"{flags} flagged as acting for a party that is not blocked")
    return "; ".join(words)


def _notes(laws: Sequence[Regime], rows: Sequence[Row], ties: Sequence[_Tie]) -> Iterator[str]:
    if any(law.control_counts for law in laws):
        yield "finnet lists what is recorded; whether it amounts to control is for a person to decide"
    if any(row["limb"] == "acts_for" for row in rows):
        yield "acts_for: what a listed person signs may be prohibited though the party is not blocked (OFAC, FAQ 400)"
    if any(row["met"] == "not stated" for row in rows):
        yield "not stated: the record names a right and not how far it goes: one director is no majority of the board"
    if not ties:
        yield "no tie of control, governance or representation is recorded: that is no clearance"

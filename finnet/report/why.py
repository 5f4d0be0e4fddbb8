"""Why a party is in a best set, in sentences: every sentence is filled in here, and each carries its records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

__all__ = ["Explanation", "Facts", "Statement", "explanation"]

_SHOWN_RECORDS = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known about one member of a best set; amounts as the answer has them.

    ``through`` counts the recorded links that lie on some way which is asked about, and on none without this party;
    ``through_records`` are those behind them, ``own_records`` those behind the party's own links. ``sources`` says how
    many of its own links each dataset states. ``substitutes`` are names with ids;
    ``substitutes_chosen`` would take over too, but are in the set themselves. ``took_over`` counts the recorded parties
    that do so while the network is assumed to rewire.
    """

    caption: str
    objective: str
    unit: str
    members: int
    bite: Any
    before: Any
    after: Any
    optimal: bool | None
    through: int | None = None
    links: int = 0
    through_records: tuple[str, ...] = ()
    own_records: tuple[str, ...] = ()
    sources: tuple[tuple[str, int], ...] = ()
    substitutes: tuple[str, ...] = ()
    substitutes_chosen: tuple[str, ...] = ()
    captured: tuple[str, ...] = ()
    rank_volume: int | None = None
    rank_betweenness: int | None = None
    horizon: str | None = None
    lasting: Any = None
    half_recovery_days: float | None = None
    hydra: bool = False
    took_over: int = 0
    chosen_in: float | None = None
    worlds: int = 0
    rests_on_dataset: tuple[str, ...] = ()
    enforcers: str = "all"
    kind: str = "party"  # or "jurisdiction", "lever"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence and the records it rests on, each as ``dataset:record``; none where it is computed from all."""

    text: str
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The sentences about one member of one best set, and its three sums."""

    statements: tuple[Statement, ...]
    rests_on: tuple[str, ...]
    replaced_by: tuple[str, ...]
    undone_if: tuple[str, ...]


def explanation(facts: Facts) -> Explanation:
    """The facts as sentences; nothing is said that the facts do not hold.

    >>> facts = Facts(
    ...     caption="Acme", objective="flow", unit="USD", members=1, bite=20, before=34, after=14, optimal=True,
    ...     through=2, links=2, sources=(("leak", 1), ("register", 1)), substitutes=("Beta (b)",),
    ... )
    >>> for statement in explanation(facts).statements[:3]:
    ...     print(statement.text)
    Acme is in the best set of 1, proved for the recorded data: once it is acted on, 14 of 34 USD can still flow.
    Chosen because 2 recorded links on the ways that are asked about pass only through it.
    Without it in the set, 20 USD more could flow.
    """
    said = [_chosen(facts), *_through(facts), _bite(facts), *_usual_lists(facts), *_captured(facts)]
    said += [*_lasting(facts), *_replaced(facts), *_evidence(facts), *_doubt(facts)]
    undone = _undone_if(facts)
    if undone:
        said.append(Statement(text=f"This would be undone if {'; or if '.join(undone)}."))
    return Explanation(
        statements=tuple(said),
        rests_on=tuple(name for name, _ in facts.sources),
        replaced_by=facts.substitutes,
        undone_if=tuple(undone),
    )


_ACTED = {
    "party": ("is acted on", "are acted on"),
    "jurisdiction": ("enforces", "enforce"),
    "lever": ("is taken", "are taken"),
}
_LEFT = {
    "flow": "{after} of {before} {unit} can still flow",
    "reach": "{after} of {before} ({unit}) are still reached",
    "pairs": "{after} of {before} {unit}",
    "largest_component": "{after} of {before} ({unit}) are left",
}
_MORE = {
    "flow": "{bite} {unit} more could flow",
    "reach": "{bite} more would be reached",
    "pairs": "{bite} more pairs would be connected",
    "largest_component": "{bite} more would be left",
}


def _chosen(facts: Facts) -> Statement:
    proved = ", proved for the recorded data" if facts.optimal else ", as far as the search found"
    left = _LEFT.get(facts.objective, "{after} of {before} {unit} are left").format(
        after=_number(facts.after), before=_number(facts.before), unit=facts.unit
    )
    it, them = _ACTED[facts.kind]
    acted = f"it {it}" if facts.members == 1 else f"all of them {them}"
    return Statement(text=f"{facts.caption} is in the best set of {facts.members:,}{proved}: once {acted}, {left}.")


def _through(facts: Facts) -> list[Statement]:
    if facts.through is None:
        return []
    if facts.through == 0:
        text = (
            "No recorded link passes only through it: others could carry what it carries, so it matters only together "
            "with the other members."
        )
        return [Statement(text=text, records=facts.own_records[:_SHOWN_RECORDS])]
    links = "1 recorded link" if facts.through == 1 else f"{facts.through:,} recorded links"
    verb = "passes" if facts.through == 1 else "pass"
    return [
        Statement(
            text=f"Chosen because {links} on the ways that are asked about {verb} only through it.",
            records=facts.through_records[:_SHOWN_RECORDS],
        )
    ]


def _bite(facts: Facts) -> Statement:
    more = _MORE.get(facts.objective, "{bite} {unit} more would be left").format(
        bite=_number(facts.bite), unit=facts.unit
    )
    return Statement(text=f"Without it in the set, {more}.")


def _usual_lists(facts: Facts) -> list[Statement]:
    ranks = [
        f"{place:,} by {name}"
        for name, place in (("volume", facts.rank_volume), ("betweenness", facts.rank_betweenness))
        if place is not None
    ]
    return [Statement(text=f"Among those who could be chosen, it ranks {' and '.join(ranks)}.")] if ranks else []


def _captured(facts: Facts) -> list[Statement]:
    if not facts.captured:
        return []
    names = _listed(facts.captured)
    return [Statement(text=f"Once it is designated, the ownership rule also blocks {names}, and would not without it.")]


def _lasting(facts: Facts) -> list[Statement]:
    if facts.horizon is None:
        return []
    text = (
        f"Over {facts.horizon}, as the network is assumed to rewire, {_number(facts.lasting)} of that lasts on average"
    )
    said = [Statement(text=f"{text}.")]
    if facts.half_recovery_days is not None:
        said.append(
            Statement(
                text=f"Half of what the whole set takes is assumed to be back by day {facts.half_recovery_days:g}."
            )
        )
    if facts.hydra:
        said.append(
            Statement(text="On some day more is left than there was before: the network may come back stronger.")
        )
    if facts.took_over:
        # No names: whoever is nearest in the records need have nothing to do with it.
        count = "one other party" if facts.took_over == 1 else f"{facts.took_over:,} other parties"
        text = f"In the model {count} or newly formed ones take its relations over; whom it names there is no finding."
        said.append(Statement(text=text))
    return said


def _replaced(facts: Facts) -> list[Statement]:
    if facts.kind != "party":
        if not facts.substitutes:
            return [Statement(text="Nothing else that could be chosen would make up for any of it.")]
        return [Statement(text=f"The next best in its place: {_listed(facts.substitutes)}.")]
    said = []
    if facts.substitutes_chosen:
        names = _listed(facts.substitutes_chosen)
        said.append(Statement(text=f"{names}, in the set too, could take its place if it alone were acted on."))
    if facts.substitutes:
        could = "could take its place" if len(facts.substitutes) == 1 else "could each take over part of it"
        said.append(Statement(text=f"{_listed(facts.substitutes)} {could}."))
    if not said:
        said.append(Statement(text="Among the recorded parties, nobody was found who could take its place in the set."))
    return said


def _evidence(facts: Facts) -> list[Statement]:
    if not facts.sources:
        return []
    records = facts.own_records[:_SHOWN_RECORDS]
    if len(facts.sources) == 1:
        [(name, links)] = facts.sources
        count = "its only link" if links == 1 else f"all {links:,} of its links"
        return [Statement(text=f"Rests on one source: {count} in this graph come from {name}.", records=records)]
    counted = _listed([f"{name} ({links:,})" for name, links in facts.sources])
    return [Statement(text=f"Its {facts.links:,} links in this graph come from {counted}.", records=records)]


def _doubt(facts: Facts) -> list[Statement]:
    said = []
    if facts.rests_on_dataset:
        names = _listed(facts.rests_on_dataset)
        said.append(Statement(text=f"Asked again without {names}, it is no longer in the best set."))
    if facts.chosen_in is not None:
        text = (
            f"Under assumed grades it is in the best set in {facts.chosen_in:.0%} of {facts.worlds:,} worlds; that "
            "says how much the finding depends on uncertain records, nothing about the party."
        )
        said.append(Statement(text=text))
    return said


def _undone_if(facts: Facts) -> list[str]:
    found = []
    if facts.kind == "jurisdiction":
        found.append(f"{facts.caption} did not enforce")
    elif facts.kind == "lever":
        found.append("the measure were not carried out")
    elif facts.substitutes:
        found.append(f"{_listed(facts.substitutes)} took over what runs through it")
    elif facts.through:
        found.append("a way around it exists that is not recorded")
    single = facts.rests_on_dataset or (tuple(n for n, _ in facts.sources) if len(facts.sources) == 1 else ())
    if single:
        found.append(f"the records of {_listed(single)} were wrong")
    if facts.enforcers.casefold() != "all":
        found.append(f"one of those who enforce ({facts.enforcers}) stopped")
    if facts.half_recovery_days is not None:
        found.append("relations came back faster than assumed")
    return found


def _listed(names: Sequence[str]) -> str:
    names = list(names)
    if len(names) > 5:
        names = [*names[:5], f"{len(names) - 5} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _number(value: Any) -> str:
    # Amounts in JSON are text, so that no cent is lost.
    number = Decimal(value) if isinstance(value, str) else value
    whole = isinstance(number, int | Decimal)
    return f"{number:,}" if whole else f"{float(number):,.2f}".rstrip("0").rstrip(".")

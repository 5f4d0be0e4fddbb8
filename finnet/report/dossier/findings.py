"""What an answer found, in sentences: for each verb what its columns mean, and nothing that it did not compute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from finnet.report.dossier.document import Bars, Block, Sentence, StepAnswer, Words
from finnet.report.dossier.figures import figure, number, percent
from finnet.report.dossier.sentences import name_of
from finnet.report.dossier.steps import steps_found
from finnet.report.render import cell_text

__all__ = ["findings", "method"]

_CHOSEN = {
    "entity": ("Choke points", "Acted against together, they would take"),
    "jurisdiction": ("Jurisdictions to enforce", "Enforcing together, they would take"),
    "lever": ("Measures", "Taken together, they would take"),
}
_NAMED = 5  # of the first in a ranking


def findings(step: StepAnswer) -> Iterator[Block]:
    """The answer of a step in words; a step of another verb than these speaks through its table."""
    verbs = {"choke": _choke, "rank": _rank, "blocked": _blocked, "ladder": steps_found}
    if step.answer.command in verbs:
        yield from verbs[step.answer.command](step)
    if step.expected == "differs":
        yield Words(text=f"{step.id}: the answer differs from the one that was expected; see the run's notes.")


def method(step: StepAnswer) -> Words:
    """How a step was done: its verb, what it was asked with, and the definition that it states itself."""
    answer = step.answer
    asked = {name: value for name, value in answer.params.items() if value not in (None, False, "", [], {})}
    said = "; ".join(f"{name.rstrip('_')} = {cell_text(_plain(value))}" for name, value in asked.items())
    parts = [f"{step.id}: finnet {answer.command}" + (f" with {said}" if said else "") + "."]
    if "definition" in answer.summary:
        parts.append(f"{answer.summary.get('metric', 'The score')}: {answer.summary['definition']}.")
    if answer.command == "choke":
        parts.append(
            f"Objective {answer.summary.get('objective')}, counted in {answer.summary.get('unit')}; a set is searched "
            "whose removal leaves least of it; each party's bite is what would come back without that party in the set."
        )
        if answer.summary.get("method"):
            parts.append(f"Search: {answer.summary['method']}.")
    if answer.summary.get("edge_policy"):
        classes = ", ".join(str(one) for one in answer.summary["edge_policy"])
        parts.append(f"Links of these classes count: {classes}; others do not.")
    return Words(text=" ".join(parts))


def _choke(step: StepAnswer) -> Iterator[Block]:
    answer, summary = step.answer, step.answer.summary
    unit, rows = str(summary.get("unit", "")), [row for row in answer.rows if row.get("id") is not None]
    if not rows:
        yield Words(text=f"{step.id}: no set was found. {' '.join(str(one) for one in summary.get('warnings') or ())}")
        return
    before, after = number(summary.get("before")), number(summary.get("after"))
    names = "; ".join(name_of(row.get("caption"), row["id"]) for row in rows)
    called, together = _CHOSEN.get(str(answer.params.get("by") or "entity"), _CHOSEN["entity"])
    if summary.get("objective") != "largest_component" and before is not None and after is not None:
        less = f", {percent(float((before - after) / before))} less" if before else ""
        yield Sentence(
            text=f"{called}: {names}. {together} the {summary.get('objective')} in the recorded data from "
            f"{figure(before, unit)} to {figure(after, unit)}{less}",
            about=tuple(str(row["id"]) for row in rows),
            computed=step.id,
        )
        yield Sentence(text=_proof(summary, after, unit), computed=step.id)
        yield from _against_naive(step, before, after, unit)
    else:
        about = tuple(str(row["id"]) for row in rows)
        yield Sentence(text=f"{called}, in the order of removal: {names}", about=about, computed=step.id)
        yield Sentence(text=_proof(summary, after, unit), computed=step.id)
    yield from _over_time(step, unit)
    for row in rows:
        yield _chosen(step, row, unit)
    bites = [(row, number(row.get("bite"))) for row in rows]
    shown = [(_name(row), float(bite), figure(bite, unit)) for row, bite in bites if bite is not None]
    if shown:
        yield Bars(title=f"What would come back without each of them, in {unit}", items=shown)


def _name(row: Mapping[str, Any]) -> str:
    """The name of a row's party."""
    return str(row.get("caption") or row.get("id"))


def _proof(summary: Mapping[str, Any], after: Decimal | None, unit: str) -> str:
    size = summary.get("budget")
    among = f" among {summary['candidates']:,} candidates" if isinstance(summary.get("candidates"), int) else ""
    if summary.get("optimal"):
        return f"Proved: no other set of up to {size}{among} leaves less in the recorded data"
    bound = number(summary.get("bound"))
    if bound is None or after is None:
        return f"Not proved: a better set of up to {size}{among} may exist; no bound is known"
    gap = summary.get("gap")
    told = f", a gap of {percent(gap)}" if isinstance(gap, int | float) else ""
    return f"Not proved: no set of up to {size}{among} can leave less than {figure(bound, unit)}{told}"


def _against_naive(step: StepAnswer, before: Decimal, after: Decimal, unit: str) -> Iterator[Block]:
    said = step.answer.summary.get("baselines")
    naive: dict[str, Decimal] = {}
    for name, one in (said if isinstance(said, Mapping) else {}).items():
        left = number(one.get("after") if isinstance(one, Mapping) else one)
        if left is not None:
            naive[str(name).replace("_", " ")] = left
    if not naive:
        return
    best = min(naive.values())
    at_best = ", ".join(name for name, left in naive.items() if left == best)
    if best > after:
        words = f"The usual lists do worse: the best of them ({at_best}) would leave {figure(best, unit)}"
    else:
        words = f"A usual list does as well: {at_best} would leave {figure(best, unit)}"
    yield Sentence(text=words, computed=step.id)
    items = [("now", before), ("this set", after), *((f"first by {name}", left) for name, left in naive.items())]
    yield Bars(
        title=f"What is left, in {unit}", items=[(name, float(left), figure(left, unit)) for name, left in items]
    )


def _over_time(step: StepAnswer, unit: str) -> Iterator[Block]:
    """What is left of the effect over a horizon, where the run let the network rewire."""
    summary = step.answer.summary
    lasting = summary.get("lasting")
    if not isinstance(lasting, Mapping):
        return
    share = lasting.get("bite_share")
    part = f" ({percent(share)})" if isinstance(share, int | float) else ""
    half = lasting.get("half_recovery_days")
    told = f"; half of what it took at once is back after {half:g} days" if isinstance(half, int | float) else ""
    hydra = "; at the end there is more than before" if lasting.get("hydra") else ""
    yield Sentence(
        text=f"Over {summary.get('horizon')}, as the network is assumed to rewire (assumptions: "
        f"{lasting.get('assumptions')}), it takes {figure(number(lasting.get('bite')), unit)} on average"
        f"{part}{told}{hydra}",
        computed=step.id,
    )


def _chosen(step: StepAnswer, row: Mapping[str, Any], unit: str) -> Sentence:
    parts = []
    bite = number(row.get("bite"))
    if bite is not None:
        parts.append(
            f"without {name_of(row.get('caption'), row['id'])} in the set, {figure(bite, unit)} would come back"
        )
    else:
        parts.append(f"{name_of(row.get('caption'), row['id'])} is in the set")
    collateral = number(row.get("collateral"))
    if collateral and "recorded_volume" in step.answer.summary:  # of other objectives it counts links, not their unit
        parts.append(f"{figure(collateral, unit)} of other links of the party would be cut too")
    if row.get("captured"):
        parts.append(f"the ownership rule blocks {cell_text(row['captured'])} with it")
    if row.get("substitutes"):
        parts.append(f"who might take its place: {cell_text(row['substitutes'])}")
    if row.get("rank_betweenness") is not None and row.get("rank_volume") is not None:
        parts.append(f"by betweenness it ranks {row['rank_betweenness']}, by volume {row['rank_volume']}")
    text = "; ".join(parts)
    return Sentence(text=text[:1].upper() + text[1:], about=(str(row["id"]),), computed=step.id)


def _rank(step: StepAnswer) -> Iterator[Block]:
    """The first of the ranking; of each currency's where amounts are in several, never one beside another."""
    answer = step.answer
    metric = str(answer.summary.get("metric", "score")).replace("_", " ")
    tables: dict[Any, list[Mapping[str, Any]]] = {}
    for row in answer.rows:
        if row.get("id") is not None:
            tables.setdefault(row.get("currency"), []).append(row)
    for code, ranked in tables.items():
        rows = ranked[:_NAMED]
        unit = str(answer.summary.get("unit") or "")
        if len(tables) > 1 and unit == answer.summary.get("weights"):
            unit = str(code)
        among = f", amounts in {code}" if len(tables) > 1 else ""
        names = "; ".join(
            f"{name_of(row.get('caption'), row['id'])} ({figure(number(row.get('score')), unit)})" for row in rows
        )
        yield Sentence(
            text=f"First by {metric} in the recorded links{among}, a position and nothing else: {names}",
            about=tuple(str(row["id"]) for row in rows),
            computed=step.id,
        )
        scores = [(row, number(row.get("score"))) for row in rows]
        items = [(_name(row), float(score), figure(score, unit)) for row, score in scores if score is not None]
        if items:
            yield Bars(title=f"The first by {metric}{among}", items=items)


def _blocked(step: StepAnswer) -> Iterator[Block]:
    counts: dict[str, list[Mapping[str, Any]]] = {}
    for row in step.answer.rows:
        counts.setdefault(str(row.get("verdict")), []).append(row)
    regime = str(step.answer.summary.get("regime") or step.answer.params.get("regime") or "the rule")
    for verdict, rows in sorted(counts.items()):
        words = "can neither be called blocked nor cleared" if verdict in {"possibly", "no_data"} else "by this rule"
        yield Sentence(
            text=f"By the ownership rule of {regime}: {verdict}, {len(rows):,} parties {words}",
            computed=step.id,
        )


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return value.get("name", value)
    return value

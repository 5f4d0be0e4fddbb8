"""What a ladder of measures found, in sentences and as bars: what each step takes or gives away, and what is left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from finnet.report.dossier.document import Bars, Block, Sentence, StepAnswer, Words
from finnet.report.dossier.figures import figure, number, percent
from finnet.report.render import cell_text

__all__ = ["steps_found"]


def steps_found(step: StepAnswer) -> Iterator[Block]:
    """The order, then each step with what it changes, what is kept, and what to undo it would change back."""
    summary, rows = step.answer.summary, list(step.answer.rows)
    if not rows:
        yield Words(text=f"{step.id}: there is no measure to take or to lift.")
        return
    unit = str(summary.get("unit", ""))
    pressing = summary.get("direction") == "pressure"
    days = summary.get("horizon")
    over = f" on average over {days}, as the network is assumed to rewire" if days else ""
    order = "; ".join(_name(row) for row in rows)
    what = "Measures in the order of the bite added up" if pressing else "Relief in the order that gives away least"
    yield Sentence(text=f"{what}{over}: {order}", computed=step.id)
    yield Sentence(text=str(summary.get("says", ""))[:1].upper() + str(summary.get("says", ""))[1:], computed=step.id)
    beside = summary.get("best_at_once")
    if isinstance(beside, Mapping) and beside.get("order") != [row.get("measure") for row in rows]:
        yield Sentence(
            text=f"At once another order would be best, by the ids of the measures: {cell_text(beside.get('order'))}",
            computed=step.id,
        )
    for row in rows:
        yield Sentence(text=_step(row, unit, pressing=pressing, lasting=bool(days)), computed=step.id)
    first = number(summary.get("before"))
    states = [("before the first step", first), *((_name(row), number(row.get("remaining"))) for row in rows)]
    yield Bars(
        title=f"What is left after each step{f', on average over {days}' if days else ''}, in {unit}",
        items=[(name, float(left), figure(left, unit)) for name, left in states if left is not None],
    )


def _step(row: Mapping[str, Any], unit: str, *, pressing: bool, lasting: bool) -> str:
    does = "takes away" if pressing else "gives away"
    text = f"Step {row.get('step')}, {_name(row)}, {does} {figure(number(row.get('value')), unit)}"
    if lasting:
        text += f" on average, {figure(number(row.get('at_once')), unit)} at once"
    kept = row.get("leverage_kept")
    if isinstance(kept, int | float):
        text += f"; {percent(kept)} of the leverage of all measures is held then"
    undone = "if it alone lapsed after the last step, this would lose"
    if not pressing:
        undone = "to re-impose it after the last step would regain"
    return f"{text}; {undone} {figure(number(row.get('snap_back')), unit)}"


def _name(row: Mapping[str, Any]) -> str:
    """A measure as its file names it, and whether the step withdraws it."""
    name = str(row.get("name") or row.get("measure"))
    return f"{name} (withdrawn)" if row.get("how") == "withdrawn" else name

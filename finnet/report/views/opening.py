"""What a page says first: who the choke points are, what taking them out does, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from finnet.report.answer import Row
from finnet.report.render import cell_text
from finnet.report.views.content import PageContent, ranks, removal_sets
from finnet.report.views.words import shown

__all__ = ["opening_of", "over_time_of", "reasons_of"]

_RECORDS = 4  # of those a sentence rests on; `finnet why` has all
# What an objective counts, after "of" and a unit.
_COUNTED = {
    "flow": "that can pass from the seeds to the exits",
    "reach": "that can be reached from the seeds",
    "pairs": "that are connected",
    "largest_component": "in the largest connected group",
}
_MORE = {
    "flow": "more could pass",
    "reach": "more could be reached",
    "pairs": "more would stay connected",
    "largest_component": "more would hang together",
}


def opening_of(content: PageContent, number: Mapping[str, int]) -> dict[str, Any] | None:
    """Sentences for the panel that is open first; None where the page has no answer.

    ``lead`` says what the whole set does, ``sure`` how far that is proved, ``naive`` what the usual lists would leave,
    ``why`` by drawn vertex what each chosen party adds to the set. No sentence says more than the answer's figures.
    """
    answer, ranked = content.choke, ranks(content.choke)
    if answer is None or not ranked:
        return None
    said = answer.summary
    objective, unit = str(said.get("objective", "")), str(said.get("unit", ""))
    before, after = said.get("before"), said.get("after")
    count = len(ranked)
    lead = f"{'One party is' if count == 1 else f'{count} parties are'} the answer's choke points."
    if before is not None and after is not None:
        share = _share(before, after)
        lead = (
            f"Taking out {'this party' if count == 1 else f'these {count} parties'} leaves {cell_text(after)} of "
            f"{cell_text(before)} {unit} {_COUNTED.get(objective, 'that the question counts')}"
            f"{f': {share} less' if share else ''}."
        )
    naive = [
        f"{one.name} would leave {cell_text(one.left)} {unit}."
        for one in removal_sets(answer)[1:]
        if one.left is not None
    ]
    return {
        "lead": shown(lead),
        "sure": shown(str(said.get("says") or "")),
        "naive": [shown(one) for one in naive],
        "why": {
            str(number[str(row["id"])]): shown(_why(row, objective, unit))
            for row in answer.rows
            if "id" in row and str(row["id"]) in number and row.get("bite") is not None
        },
    }


def reasons_of(content: PageContent, number: Mapping[str, int]) -> dict[str, Any]:
    """By drawn vertex: each sentence with the first records it rests on, and how many more there are."""
    return {
        str(number[one]): [
            [shown(text), [shown(record) for record in records[:_RECORDS]], max(0, len(records) - _RECORDS)]
            for text, records in sentences
        ]
        for one, sentences in sorted(content.reasons.items())
        if one in number
    }


def over_time_of(content: PageContent) -> list[dict[str, float]] | None:
    """What the answer says is left on each day that something changes; None where it followed no time.

    ``low`` and ``high`` are the range of the assumptions, ``instant`` what the set leaves that is best at once.
    """
    points = content.choke.summary.get("over_time") if content.choke else None
    if not isinstance(points, list | tuple) or not points:
        return None
    try:
        return [
            {
                "day": float(str(point["day"])),
                "left": float(str(point["left"])),
                "low": float(str(point["low"])),
                "high": float(str(point["high"])),
                "instant": float(str(point["left_by_instant_set"])),
            }
            for point in points
        ]
    except (KeyError, TypeError, ValueError):
        return None


def _why(row: Row, objective: str, unit: str) -> str:
    text = f"Left in place while the others go, {cell_text(row['bite'])} {unit} {_MORE.get(objective, 'more is left')}."
    captured = row.get("captured")
    if isinstance(captured, list | tuple) and captured:
        text += f" By the rule it takes {len(captured)} more with it."
    chosen_in = row.get("chosen_in")
    if isinstance(chosen_in, int | float):
        text += f" Chosen in {100 * chosen_in:.0f} % of the worlds drawn for doubt."
    return text


def _share(before: object, after: object) -> str:
    try:
        whole, left = float(str(before)), float(str(after))
    except ValueError:
        return ""
    return f"{100 * (whole - left) / whole:.1f} %" if whole > 0 and left <= whole else ""

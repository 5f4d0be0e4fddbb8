"""Rows of the label-permutation null: per party that passed traced money on, four numbers and a chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from finnet.analysis.flows.label_null import LabelNull, label_null, strata
from finnet.api._describe import named
from finnet.graph.ledger import Ledger
from finnet.report.answer import Answer, Row

__all__ = ["null_answer"]

_COLUMNS = (
    "id", "caption", "schema", "country", "bite", "lift", "collateral", "ratio", "expected", "p", "q",
)  # fmt: skip
_MEANING = {
    "bite": "traced money that the party sent on, by haircut; what would have stopped there if nobody took its place",
    "lift": "traced share of what it sent / traced share of all that moved",
    "collateral": "all else that it sent",
    "ratio": "bite / collateral; empty without collateral",
    "expected": "mean bite with other sources of the same country, schema and size",
    "p": "share of draws with as large a bite, the recorded one counted",
    "q": "p after Benjamini and Hochberg",
}


def null_answer(
    ledger: Ledger, sources: Sequence[int], *, draws: int, seed: int, params: dict[str, Any], limit: int | None,
    notes: Sequence[str],
) -> Answer:  # fmt: skip
    """The parties by q, then the largest bite first, then by id."""
    found = label_null(ledger, sources, strata(ledger), draws=draws, seed=seed)
    order = np.lexsort((found.party, -found.bite, found.q)).tolist()
    told = list(notes)
    if found.fixed == len(set(sources)) > 0:
        told.append(
            "no source has another party of its country, schema and size: every draw has the same sources, so "
            "expected, p and q say nothing"
        )
    elif found.fixed:
        told.append(
            f"{found.fixed:,} of {len(set(sources)):,} sources have no other party of their country, schema and size: "
            "every draw has them, and the chances say less"
        )
    told.append("each figure stands for itself: no score is made of them, and a small q is no proof of knowledge")
    return Answer(
        command="trace",
        columns=_COLUMNS,
        rows=[_row(ledger, found, place) for place in order[:limit]],
        summary={"currency": ledger.currency, "sources": len(sources), "draws": draws, "columns": _MEANING},
        notes=tuple(dict.fromkeys(told)),
        params={**params, "null": draws, "seed": seed},
        truncated=limit is not None and limit < len(order),
        total=len(order),
        brief=("currency", "sources", "draws"),
    )


def _row(ledger: Ledger, found: LabelNull, place: int) -> Row:
    ratio = float(found.ratio[place])
    return {
        **named(ledger.ids, ledger.vertices, int(found.party[place])),
        **{
            name: ledger.amount(round(float(getattr(found, name)[place])))
            for name in ("bite", "collateral", "expected")
        },
        "lift": float(found.lift[place]),
        "ratio": ratio if np.isfinite(ratio) else None,
        "p": float(found.p[place]),
        "q": float(found.q[place]),
    }

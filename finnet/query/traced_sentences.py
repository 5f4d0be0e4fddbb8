"""What a step that traced money found, in sentences with the payments that carried it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from finnet import api
from finnet.api._evidence import places_of
from finnet.report.dossier.document import Sentence, StepAnswer
from finnet.report.dossier.figures import figure, number
from finnet.report.dossier.sentences import name_of, record_of

__all__ = ["traced_sentences"]


def traced_sentences(case: api.Case, steps: Sequence[StepAnswer], *, most: int) -> list[Sentence]:
    """Of each step of the verb ``trace`` its first ``most`` parties: what reached them, and the records of most of it.

    Routes (``paths``) and draws of other sources (``null``) speak through their tables.
    """
    told = [
        (step, row)
        for step in steps
        if step.answer.command == "trace"
        for row in step.answer.rows[:most]
        if row.get("tainted") is not None and row.get("records") is not None
    ]
    places = places_of(case, [str(name) for _, row in told for name in row["records"]])
    return [
        Sentence(
            text=_sentence(step, row),
            records=tuple(record_of(places[name]) for name in row["records"] if name in places),
            about=(str(row["id"]),),
            computed=step.id,
        )
        for step, row in told
    ]


def _sentence(step: StepAnswer, row: Mapping[str, Any]) -> str:
    summary = step.answer.summary
    currency, rule = str(summary.get("currency") or ""), str(summary.get("rule") or "one rule")
    did = "sent" if summary.get("direction") == "backward" else "received"
    low, high = (figure(number(row.get(name)), currency) for name in ("low", "high"))
    many = row.get("payments")
    payments = "1 payment" if many == 1 else f"{many:,} payments"
    day = f"on {row['first']}" if row.get("first") == row.get("last") else f"from {row['first']} to {row['last']}"
    return (
        f"{name_of(row.get('caption'), row['id'])} is recorded as having {did} money in {payments} {day}, of which "
        f"{rule}, a rule's choice, counts {figure(number(row['tainted']), currency)} as traced; five rules count "
        f"{low} to {high}"
    )

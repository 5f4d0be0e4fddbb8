"""The planted answers of the sample on pressure and their derivation, as they are written down beside the data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from finnet.samples._flow_theorem import FlowAnswer, Measured
from finnet.samples._pressure_design import CHANNELS, LENDERS

__all__ = ["TIP", "answers", "lasting_set", "readme"]

TIP = "ch-whisper"  # all that is known of it comes from one source
_HORIZON = 180
# Days until a relation is replaced, and how much of it comes back: assumptions/rewiring.toml.
_SHELL_DAYS, _BANK_DAYS, _COMES_BACK = 14, 240, 0.8


def answers(
    seed: int, plain: FlowAnswer, law: FlowAnswer, without_china: FlowAnswer, lasting: Sequence[str]
) -> dict[str, Any]:
    """The document ``answers.json``; amounts are text, exact to the cent."""
    words = "finnet choke --from tag:source --to tag:exit --rates sample:cold_harbour_pressure -k 3"
    return {
        "invented": "INVENTED: nobody in this case exists.",
        "sample": "cold_harbour_pressure",
        "seed": seed,
        "channels": [
            {
                "name": one.name,
                "brokers": list(one.brokers),
                "carries": _cents(one.whole),
                "largest_other_party": _cents(max(one.worth.values())),
                "note": CHANNELS[one.name].note,
            }
            for one in plain.channels
        ],
        "questions": [
            _question("plain", words, plain, "Everybody enforces, and nobody is captured."),
            _question(
                "law", f"{words} --regime ofac", law,
                "The two holders, 25 % each, block the conduit together: it falls with both of them, and with "
                "neither alone. In the formula they stand in its place, like two interchangeable brokers.",
            ),
            _question(
                "without_china", f"{words} --without CN", without_china,
                "Both ends of the yuan brokers' payments are in China, and China clears the yuan: nobody else "
                "stands there, so taking them out severs nothing. All else is in dollars, which the US clears.",
            ),
            {
                "id": "lasting",
                "command": f"{words} --horizon 180d",
                "best": list(lasting),
                "derivation": (
                    "A channel whose broker is replaced after tau days on average, by what carries 0.8 of it, is "
                    "cut by 1 - 0.8 (1 - tau/T (1 - exp(-T/tau))) of what it carries, on average over T = 180: "
                    f"{_kept(_BANK_DAYS):.3f} for a bank (240), {_kept(_SHELL_DAYS):.3f} for a shell (14)."
                ),
            },
            {
                "id": "doubt",
                "command": f"{words} --without CN --worlds 200",
                "rests_on": "cold_harbour_pressure_tip",
                "party": TIP,
                "derivation": (
                    "All payments of this broker come from one dataset graded E5, whose records are taken to be "
                    "true with 0.05, the least; all others are graded A1, with 0.99. Its channel is open "
                    "only where a payment to it and one by it are true, so it is chosen in few worlds."
                ),
            },
        ],
    }  # fmt: skip


def readme(document: dict[str, Any]) -> str:
    """The document in words, question by question."""
    lines = [
        "# cold_harbour_pressure: an invented case",
        "",
        f"**{document['invented']}** The countries exist; nothing is said about them.",
        "",
        "    finnet ingest sample:cold_harbour_pressure",
        "",
    ]
    for question in document["questions"]:
        lines += [f"## {question['id']}", "", f"    {question['command']}", ""]
        if "best" in question:
            lines += [f"The best set: {', '.join(question['best'])}.", ""]
        lines += [question["derivation"], ""]
    return "\n".join(lines)


def lasting_set(measured: Sequence[Measured], *, barred: Sequence[str], budget: int) -> tuple[str, ...]:
    """The best three by the closed form.

    Raises: ValueError if they are not the three banks.
    """
    worth = []
    for channel in measured:
        if not set(channel.brokers) & set(barred):
            days = _BANK_DAYS if channel.brokers[0] in LENDERS else _SHELL_DAYS
            worth.append((channel.whole * _kept(days) / len(channel.brokers), channel.brokers))
    best = sorted(worth, reverse=True)[:budget]
    chosen = tuple(sorted(broker for _, brokers in best for broker in brokers))
    if chosen != LENDERS:
        raise ValueError("over the horizon the three banks are not the best set")
    return chosen


def _kept(days: float) -> float:
    """The share of a channel's flow that is missing on average over the horizon."""
    there = days / _HORIZON * (1 - math.exp(-_HORIZON / days))
    return 1 - _COMES_BACK * (1 - there)


def _question(name: str, command: str, answer: FlowAnswer, why: str) -> dict[str, Any]:
    return {
        "id": name,
        "command": command,
        "unit": "USD, converted by rates.csv",
        "best": list(answer.chosen),
        "before": _cents(answer.before),
        "after": _cents(answer.after),
        "any_other_set_leaves_at_least": _cents(answer.others_leave),
        "derivation": why,
    }


def _cents(minor: int) -> str:
    return str(Decimal(minor) / 100)

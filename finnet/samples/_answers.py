"""The planted answers and their derivation, as they are written down beside the data."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from finnet.samples._channels import DESIGNS
from finnet.samples._flow_theorem import FlowAnswer
from finnet.samples._pairs_theorem import PairsAnswer
from finnet.samples._parties import STAMP

__all__ = ["answers", "readme"]

_FLOW = "finnet choke --objective flow --from tag:source --to tag:exit {money} -k 3"
_FLOW_DERIVATION = (
    "Channels share only seeds, exits and the state bank. A channel carries the smaller of what its entries take in "
    "and its outlets pay on, as long as one of its brokers is left, and nothing without any. So three parties take out "
    "at most the channels whose brokers are all among them, and for each other one the amount that passes through it."
)
_PAIRS_DERIVATION = (
    "Each of the four groups holds together when any three parties are taken out: only nominees taken out break the "
    "tree of groups, and the pairs left follow from the sizes of its pieces."
)


def answers(seed: int, flow: FlowAnswer, flow_usd: FlowAnswer, pairs: PairsAnswer) -> dict[str, Any]:
    """The document ``answers.json``; amounts are text, exact to the cent."""
    return {
        "invented": STAMP,
        "sample": "cold_harbour",
        "seed": seed,
        "selectors": {"from": "tag:source", "to": "tag:exit"},
        "questions": [
            _flow("choke_rates", _FLOW.format(money="--rates rates.csv"), "USD, converted by rates.csv", flow),
            _flow("choke_usd", _FLOW.format(money="--currency USD"), "USD", flow_usd),
            {
                "id": "choke_pairs",
                "command": "finnet choke --objective pairs --graph influence -k 3",
                "unit": "connected pairs of parties",
                "best": list(pairs.chosen),
                "before": pairs.before,
                "after": pairs.after,
                "any_other_set_leaves_at_least": pairs.others_leave,
                "derivation": _PAIRS_DERIVATION,
            },
        ],
    }


def _flow(name: str, command: str, unit: str, answer: FlowAnswer) -> dict[str, Any]:
    return {
        "id": name,
        "command": command,
        "unit": unit,
        "best": list(answer.chosen),
        "before": _cents(answer.before),
        "after": _cents(answer.after),
        "any_other_set_leaves_at_least": _cents(answer.others_leave),
        "channels": [
            {
                "name": channel.name,
                "brokers": list(channel.brokers),
                "carries": _cents(channel.whole),
                "largest_other_party": _cents(max(channel.worth.values())),
                "note": DESIGNS[channel.name].note,
            }
            for channel in answer.channels
        ],
        "derivation": _FLOW_DERIVATION,
    }


def readme(document: dict[str, Any]) -> str:
    """What a person reads first in the folder."""
    lines = [
        "# cold_harbour: an invented case",
        "",
        f"**{STAMP}**",
        "",
        "Every name, number, payment and listing is made up by a seeded generator; vessels bear IMO numbers with",
        "a wrong check digit, so that no ship can have them. The countries exist; nobody in this case does.",
        "",
        "    finnet ingest sample:cold_harbour",
        "",
    ]
    for question in document["questions"]:
        lines += [
            f"## {question['id']}",
            "",
            f"    {question['command']}",
            "",
            f"The best set, and the only one: {', '.join(question['best'])}. It leaves {question['after']} of "
            f"{question['before']} ({question['unit']}); any other set of that size leaves at least "
            f"{question['any_other_set_leaves_at_least']}.",
            "",
            question["derivation"],
            "",
        ]
        if "channels" in question:
            lines += ["| channel | brokers | carries | largest other party |", "| --- | --- | ---: | ---: |"]
            lines += [
                f"| {one['name']} | {', '.join(one['brokers'])} | {one['carries']} | {one['largest_other_party']} |"
                for one in question["channels"]
            ]
            lines.append("")
    return "\n".join(lines)


def _cents(amount: int) -> str:
    return str(Decimal(amount).scaleb(-2))

"""What states a tie: the records behind a step from one party to another, as rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from finnet.api._network import CaseLike
from finnet.graph.network import Network
from finnet.graph.ties import ties
from finnet.model.currency import money_words
from finnet.report.answer import Row

__all__ = ["RECORDS", "stated"]

RECORDS = 5  # of a tie, each way


def stated(
    subject: CaseLike | Network, network: Network, hops: Iterable[tuple[int, int]], *, either_way: bool
) -> dict[tuple[int, int], list[Row]]:
    """For each hop (from, to) the records that state a tie, at most five each way; for a network file its edges.

    ``source`` and ``target`` of a row are the tie's own; with ``either_way`` ties against the hop are there too.
    """
    label, hops = network.ids, list(hops)
    asked = hops if not either_way else [pair for one, other in hops for pair in ((one, other), (other, one))]
    found: dict[tuple[str, str], list[Row]] = {}
    if isinstance(subject, Network):
        for one, other in asked:
            found[label[one], label[other]] = _edges(network, one, other)
    else:
        told = ties(subject, network, [(label[one], label[other]) for one, other in asked], limit=RECORDS)
        sums = _sums(subject, told)
        for tie in told:
            key = (tie.get("link_id"), tie.get("dataset"), tie.get("record"))
            found.setdefault((tie["source"], tie["target"]), []).append(_tie_row({**tie, **sums.get(key, {})}))
    captions = network.vertices.get("caption")
    rows: dict[tuple[int, int], list[Row]] = {}
    for one, other in hops:
        forth = found.get((label[one], label[other]), [])
        back = found.get((label[other], label[one]), []) if either_way and one != other else []
        name = {label[end]: label[end] if captions is None else captions[end] or label[end] for end in (one, other)}
        rows[one, other] = [
            {**row, "source_caption": name[row["source"]], "target_caption": name[row["target"]]}
            for row in (*forth, *back)
        ]
    return rows


_SUMS = """
select payment_id, dataset, record, amount, currency, booked_on from v1_payment
where list_contains($ids::varchar[], payment_id)
"""


def _sums(case: CaseLike, told: Iterable[Row]) -> dict[tuple[Any, ...], Row]:
    """Amount, currency and date of payments in a graph that counts them as ties and leaves the sums to others."""
    ids = sorted({tie["link_id"] for tie in told if tie.get("class") == "money" and "amount" not in tie})
    found = case.rows(_SUMS, {"ids": ids}) if ids else []
    return {
        (row["payment_id"], row["dataset"], row["record"]): {
            name: row[name] for name in ("amount", "currency", "booked_on")
        }
        for row in found
    }


def _tie_row(tie: Row) -> Row:
    return {
        "source": tie["source"],
        "target": tie["target"],
        "class": tie.get("class", "money" if "amount" in tie else None),
        "role": tie.get("role") or _amount_words(tie),
        "dataset": tie.get("dataset"),
        "record": tie.get("record"),
    }


def _amount_words(tie: Row) -> str | None:
    if tie.get("amount") is None:
        return None
    when = f" on {tie['booked_on']}" if tie.get("booked_on") else ""
    return f"{money_words(tie['amount'], tie['currency'])} {tie['currency']}{when}"


def _edges(network: Network, one: int, other: int) -> list[Row]:
    pointers, heads, numbers = network.outgoing
    here = slice(pointers[one], pointers[one + 1])
    classes = network.edges.get("class", network.edges.get("type"))
    found = numbers[here][heads[here] == other].tolist()
    if not network.directed and one != other:
        there = slice(pointers[other], pointers[other + 1])
        found += numbers[there][heads[there] == one].tolist()
    return [
        {
            "source": network.ids[network.source[number]],
            "target": network.ids[network.target[number]],
            "class": None if classes is None else classes[number],
            "role": f"{network.weight[number]:g} {network.unit}",
            "dataset": network.title,
            "record": None,
        }
        for number in found
    ]

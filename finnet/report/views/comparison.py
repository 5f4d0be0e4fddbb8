"""An answer about choke points as the page compares it: its sets, what they leave, what can be counted again."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np

from finnet.graph.network import Network
from finnet.report.render import cell_text
from finnet.report.views.content import PageContent, RemovalSet, ranks
from finnet.report.views.words import shown

__all__ = ["EXACT", "answer_of", "check_of", "is_plain", "objective_of", "removal_set"]

# A browser counts integers exactly up to here.
EXACT = 2**53


def removal_set(one: RemovalSet, number: Mapping[str, int], content: PageContent) -> dict[str, Any]:
    """A set by vertex numbers, with what the answer says it leaves; ``missing`` members are not drawn."""
    unit = str(content.choke.summary.get("unit", "")) if content.choke else ""
    left = "" if one.left is None else f"{cell_text(one.left)} {unit}".strip()
    members = [number[member] for member in one.members if member in number]
    return {
        "name": shown(one.name),
        "members": members,
        "missing": len(one.members) - len(members),
        "left": shown(left),
    }


def answer_of(content: PageContent, number: Mapping[str, int]) -> dict[str, Any] | None:
    """The answer's further columns for each chosen party that is drawn, and the plain lines of its summary."""
    if content.choke is None:
        return None
    skipped = {"rank", "id", "caption", "schema", "country"}
    columns = [column for column in content.choke.columns if column not in skipped]
    return {
        "columns": [column.replace("_", " ") for column in columns],
        "rows": {
            str(number[str(row["id"])]): [shown(cell_text(row.get(column))) for column in columns]
            for row in content.choke.rows
            if "id" in row and str(row["id"]) in number
        },
        "summary": [
            [shown(key.replace("_", " ")), shown(cell_text(value))]
            for key, value in content.choke.summary.items()
            if value is not None and not isinstance(value, Mapping | list | tuple)
        ],
    }


def objective_of(network: Network, content: PageContent) -> str:
    """What the page counts when parties are taken out: what the answer counts where the page can, else what it can."""
    asked = str(content.choke.summary.get("objective", "")) if content.choke else ""
    if asked in ("flow", "reach", "pairs", "largest_component"):
        found = asked
    else:
        found = "flow" if content.seeds and content.exits else "reach" if content.seeds else "pairs"
    if found == "flow" and not (content.seeds and content.exits):
        return "pairs"
    if found == "flow" and network.minor is not None and 2 * int(np.abs(network.minor).sum()) >= EXACT:
        return "reach"  # more than a browser can add exactly
    return "pairs" if found == "reach" and not content.seeds else found


def is_plain(network: Network, content: PageContent) -> bool:
    """Whether to take a party out with all its links, in this network, is what the answer's own figures mean."""
    if content.choke is None:
        return True
    params, said = content.choke.params, content.choke.summary
    if params.get("by", "entity") != "entity" or said.get("in_force") or said.get("regime") not in (None, "none"):
        return False
    if any(params.get(word) for word in ("in_force", "without", "only")):
        return False
    if params.get("enforcers") not in (None, "all"):
        return False
    size = (said.get("parties", network.size), said.get("links", network.edge_count))
    return size == (network.size, network.edge_count)


def check_of(network: Network, content: PageContent) -> list[float] | None:
    """What the answer says was there before and is left after: the page shows figures of its own only if they agree."""
    if content.choke is None or not ranks(content.choke):
        return None
    scale = network.scale if network.minor is not None and objective_of(network, content) == "flow" else 1
    found = []
    for key in ("before", "after"):
        value = content.choke.summary.get(key)
        try:
            found.append(float(Decimal(str(value)) * scale))
        except ArithmeticError:
            return None
    return found if all(np.isfinite(found)) else None

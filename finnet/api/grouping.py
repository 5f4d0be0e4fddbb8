"""The verb on groups: who belongs together, and how far that can be relied on."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np

from finnet.analysis.partition import agreement, modularity, participation
from finnet.api._backbone import thinned
from finnet.api._describe import about, who
from finnet.api._network import CaseLike, as_network
from finnet.api._scope import lists_alone, scoped
from finnet.catalogue import Catalogue
from finnet.graph.caution import cautions
from finnet.graph.network import IntArray, Network
from finnet.graph.rates import RateTable
from finnet.report.answer import Answer, Row

__all__ = ["METHODS", "groups"]

METHODS = Catalogue("finnet.analysis.communities", kind="method", verbs=("group", "DEFINITION"))

_COLUMNS = ("group", "size", "id", "caption", "schema", "country", "role", "ties_inside", "participation")
_SEEDS = 10
_STABLE = 0.8
_SPREAD = 0.5
_ROLES = {
    "core": "at least half as many ties inside the group as its best tied member",
    "broker": f"ties spread over groups: participation of {_SPREAD} or more",
    "edge": "the others",
}


def groups(
    subject: CaseLike | Network,
    *,
    method: str = "leiden",
    scope: str | None = None,
    backbone: str | None = None,
    graph: str | None = None,
    edges: str | None = None,
    currency: str | None = None,
    rates: str | Path | RateTable | None = None,
    as_of: str | None = None,
    min_grade: str | None = None,
    seed: int = 0,
    limit: int | None = None,
) -> Answer:
    """Parties by group, the largest group first; inside, the core first, then by ties inside, ties by id.

    Methods are run with ten seeds from ``seed`` on. ``stability`` is the mean agreement of their results (adjusted Rand
    index over the parties that have a tie); what is shown is the run that agrees best with the others. Parties without
    a tie are in no group.
    """
    plugin = METHODS[method]
    network = as_network(
        subject, graph=graph, edges=edges, currency=currency, rates=rates, as_of=as_of, min_grade=min_grade
    )
    network = thinned(scoped(subject, network, scope), backbone)
    tied = np.flatnonzero(np.diff(network.neighbours[0]))
    runs: list[IntArray] = [plugin.group(network, seed=seed + number) for number in range(_SEEDS)]
    labels, stability = _most_agreed(runs, tied)
    spread, inside = participation(network, labels)
    size = np.bincount(labels, minlength=1)
    best_tied = np.zeros(len(size))
    np.maximum.at(best_tied, labels, inside)
    is_core = 2 * inside >= best_tied[labels]
    role = np.where(spread >= _SPREAD, "broker", np.where(is_core, "core", "edge"))
    order = sorted(tied.tolist(), key=lambda i: (labels[i], role[i] != "core", -inside[i], i))
    cut = order if limit is None else order[:limit]
    rows: list[Row] = [
        {
            "group": int(labels[number]) + 1,
            "size": int(size[labels[number]]),
            **who(network, number),
            "role": str(role[number]),
            "ties_inside": int(inside[number]),
            "participation": float(spread[number]),
        }
        for number in cut
    ]
    notes = [*network.notes, *cautions(network), *lists_alone(subject, network)]
    if stability < _STABLE:
        notes.append(
            f"these groups are not stable: ten seeds agree by {stability:.2f} only (1 is fully, 0 by chance); "
            "another seed puts many parties elsewhere"
        )
    if len(tied) < network.size:
        notes.append(f"{network.size - len(tied):,} parties without a tie are in no group")
    return Answer(
        command="groups",
        columns=_COLUMNS,
        rows=rows,
        summary={
            "method": method,
            "definition": plugin.DEFINITION,
            "groups": len(set(labels[tied].tolist())),
            "quality": modularity(network, labels),
            "quality_is": "modularity of the undirected weighted network",
            "stability": stability,
            "stability_is": f"mean adjusted Rand index of {_SEEDS} seeds",
            "roles": _ROLES,
            **about(network, scope),
        },
        notes=tuple(notes),
        params={"method": method, "scope": scope, "seed": seed, "limit": limit, **network.choices},
        truncated=len(cut) < len(order),
        total=len(order),
        shown=("group", "size", "id", "caption", "country", "role"),
    )


def _most_agreed(runs: list[IntArray], tied: IntArray) -> tuple[IntArray, float]:
    """The run that agrees best with the others, the first of several, and the mean agreement of all pairs."""
    alike = np.zeros((len(runs), len(runs)))
    for one, other in combinations(range(len(runs)), 2):
        alike[one, other] = alike[other, one] = agreement(runs[one][tied], runs[other][tied])
    pairs = len(runs) * (len(runs) - 1)
    return runs[int(alike.sum(axis=1).argmax())], float(alike.sum() / pairs)

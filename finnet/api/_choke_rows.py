"""The rows of an answer about choke points: the chosen set, member by member."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from types import ModuleType
from typing import Any

import numpy as np

from finnet.analysis.interdiction.assessment import along, collateral, in_order, replacements
from finnet.analysis.interdiction.baselines import Naive
from finnet.analysis.interdiction.cascade import Cascade
from finnet.analysis.interdiction.jurisdictions import JurisdictionSituation
from finnet.analysis.interdiction.levers import LeverSituation
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Solution, Value
from finnet.api._choke_posed import Posed
from finnet.graph.network import FloatArray
from finnet.report.answer import Row

__all__ = ["COLUMNS", "SHOWN", "Printed", "member_rows", "names_of", "printed"]

COLUMNS = (
    "rank", "id", "caption", "schema", "country", "bite", "bite_share", "cumulative", "remaining", "captured",
    "collateral", "lasting", "chosen_in", "substitutes", "rank_betweenness", "rank_volume",
)  # fmt: skip
SHOWN = ("rank", "caption", "country", "bite", "bite_share", "remaining")

_LIKELY = 40  # candidates tried as the next best, by naive rank

Printed = Callable[[Value], int | float | Decimal]


def printed(objective: ModuleType, situation: Situation) -> Printed:
    """How this objective's values are shown in this network."""
    amount = getattr(objective, "amount", None)
    return (lambda value: value) if amount is None else (lambda value: amount(situation.network, value))


def names_of(situation: Situation, chosen: Sequence[int]) -> list[str]:
    """Ids of parties or levers, or upper-case codes of countries."""
    if isinstance(situation, LeverSituation):
        return [situation.levers[one].id for one in chosen]
    if isinstance(situation, JurisdictionSituation):
        return [situation.places[one].upper() for one in chosen]
    return [situation.network.ids[one] for one in chosen]


def member_rows(posed: Posed, solution: Solution, naive: Naive, cascade: Cascade | None) -> list[Row]:
    """One row per chosen member, as ``in_order`` sorts them; in an order of removals, as they come.

    ``captured``: whom the rule captures with all the chosen, and would not without this one; None without a rule.
    """
    objective, situation = posed.objective, posed.situation
    show = printed(objective, situation)
    if posed.ordered:
        course = objective.course(situation, solution.chosen)
        start = course[0]
        members = along(solution.chosen, course)
    else:
        start = solution.before
        members = in_order(posed.value, solution.chosen)
    instead = _substitutes(posed, solution, naive)
    ranks = {name: _ranks(situation, naive.scores.get(name)) for name in ("betweenness", "volume")}
    rows: list[Row] = []
    for place, member in enumerate(members, 1):
        bite = show(member.bite)
        share = float(member.bite / start) if start else 0.0
        rows.append(
            {
                "rank": place,
                **_who(situation, member.number),
                "bite": bite,
                "bite_share": share,
                "cumulative": show(start - member.left),
                "remaining": show(member.left),
                "captured": _captured(situation, solution.chosen, member.number, cascade),
                "collateral": _collateral(objective, situation, member.number, member.bite),
                "lasting": bite,
                "chosen_in": None,
                "substitutes": names_of(situation, instead.get(member.number, ())),
                "rank_betweenness": ranks["betweenness"].get(member.number),
                "rank_volume": ranks["volume"].get(member.number),
            }
        )
    return rows


def _captured(situation: Situation, chosen: Sequence[int], member: int, cascade: Cascade | None) -> list[str] | None:
    if isinstance(situation, LeverSituation) and situation.measures.cascade is not None:
        rest = [one for one in chosen if one != member]
        return sorted({*situation.measures.captured(chosen)} - {*situation.measures.captured(rest)})
    if cascade is None or not situation.chooses_parties:
        return None
    others = cascade.ids_captured([one for one in chosen if one != member])
    here = situation.network.ids[member]
    return sorted(set(cascade.ids_captured(chosen)) - {*others, here})


def _who(situation: Situation, number: int) -> Row:
    if isinstance(situation, JurisdictionSituation):
        code = situation.places[number]
        return {"id": code.upper(), "caption": code.upper(), "schema": "Jurisdiction", "country": code}
    if isinstance(situation, LeverSituation):
        lever = situation.levers[number]
        return {"id": lever.id, "caption": lever.name, "schema": "Lever", "country": ", ".join(lever.by) or None}
    network = situation.network
    found: dict[str, Any] = {"id": network.ids[number]}
    for column in ("caption", "schema", "country"):
        values = network.vertices.get(column)
        found[column] = None if values is None else values[number]
    found["caption"] = found["caption"] or network.ids[number]
    return found


def _substitutes(posed: Posed, solution: Solution, naive: Naive) -> Mapping[int, tuple[int, ...]]:
    situation = posed.situation
    own = getattr(posed.objective, "substitutes", None)
    if own is not None and situation.is_separable and situation.chooses_parties:
        found: Mapping[int, tuple[int, ...]] = own(situation, solution.chosen)
        return found
    if posed.ordered:
        return {}
    scores = naive.scores.get("degree")
    candidates = situation.candidates
    order = candidates if scores is None else candidates[np.lexsort((candidates, -scores[candidates]))]
    likely = [one for one in order.tolist() if one not in solution.chosen][:_LIKELY]
    return {one: replacements(posed.value, situation, solution.chosen, one, likely) for one in solution.chosen}


def _collateral(objective: ModuleType, situation: Situation, number: int, bite: Value) -> int | float | Decimal | None:
    """For amounts: what else ran through it; for links: how many other parties lose a link."""
    if not situation.chooses_parties:
        return None
    volume, others = collateral(situation, number)
    if situation.network.minor is None:
        return others
    return printed(objective, situation)(max(0, volume - int(bite)))


def _ranks(situation: Situation, scores: FloatArray | None) -> dict[int, int]:
    """Rank of each candidate among the candidates, 1 the highest; ties share the better rank."""
    if scores is None or not situation.chooses_parties:
        return {}
    among = scores[situation.candidates]
    above = np.sort(-among)
    places = np.searchsorted(above, -among, side="left") + 1
    return dict(zip(situation.candidates.tolist(), places.tolist(), strict=True))

"""What the summary of an answer about choke points says: values, bound, usual lists, and how the question was read."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from finnet.analysis.interdiction.baselines import Naive
from finnet.analysis.interdiction.levers import LeverSituation
from finnet.analysis.interdiction.solution import Solution, Value
from finnet.api._choke_asked import Asked, Found
from finnet.api._choke_posed import Posed
from finnet.api._choke_rows import names_of, printed
from finnet.report.answer import Row

__all__ = ["QUIET", "nothing_to_do", "params_of", "summary_of"]

# Parts of the summary that the terminal shows with --wide only; the warnings stand on stderr as well.
QUIET = frozenset(
    {
        "method",
        "evaluations",
        "budget",
        "cost",
        "regime",
        "in_force",
        "horizon",
        "parties",
        "links",
        "warnings",
        "over_time",
        "took_over",
        "naive_lasting",
        "lasting_if",
        "ablation",
    }
)
_SHOWN_IDS = 50
_ASKED = (
    "from_", "to", "by", "candidates", "exclude", "forced", "in_force", "target_state", "cost", "enforcers", "without",
    "only", "regime", "levers", "scope", "horizon", "rewiring", "worlds", "grades", "ablate",
)  # fmt: skip


def summary_of(
    posed: Posed,
    found: Found,
    solution: Solution,
    naive: Naive,
    notes: list[str],
    rows: Sequence[Row],
    *,
    left: Callable[[Sequence[int]], Value] | None = None,
) -> dict[str, Any]:
    """The summary; what a reader has to be told besides is added to ``notes``, which it repeats as warnings.

    ``left`` is by what the best set is compared with naive ones, if not by what they leave at once.
    """
    situation, network, objective = posed.situation, posed.situation.network, posed.objective
    show = printed(objective, situation)
    idle = nothing_to_do(posed, solution)
    baselines, gain = _beside_naive(posed, solution, naive, notes, left)
    if any(row.get("schema") == "Person" for row in rows):
        notes.append("about natural persons this speaks of a position in recorded links, nothing else")
    return {
        "objective": posed.name,
        "unit": objective.unit(network),
        "before": show(solution.before),
        "after": show(solution.after),
        # Where nothing was there to choose, or to take away, there is no best set to speak of.
        "bound": show(solution.bound) if idle is None and solution.bound is not None else None,
        "gap": solution.gap if idle is None else None,
        "optimal": solution.optimal if idle is None else None,
        **(objective.beside(situation) if hasattr(objective, "beside") and solution.before else {}),
        "says": idle or _words(solution, "order" if posed.ordered else "set"),
        "method": solution.method,
        "evaluations": solution.evaluations,
        "baselines": baselines,
        "gain_over_naive": gain,
        "budget": posed.limits.budget,
        "cost": situation.total_cost(solution.chosen),
        "candidates": len(situation.candidates),
        "excluded": dict(situation.excluded),
        "target_state": found.target_state.upper() if found.target_state else None,
        "enforcers": found.enforcers,
        "regime": found.regime,
        "in_force": len(situation.in_force),
        **_captured(found, solution),
        "horizon": "0d",
        "graph": network.recipe or network.title,
        "edge_policy": list(network.edge_policy),
        "parties": network.size,
        "links": network.edge_count,
        "warnings": list(dict.fromkeys(notes)),
    }


def params_of(posed: Posed, asked: Asked, *, curve: bool) -> dict[str, Any]:
    """The question as it was put."""
    return {
        **{key.rstrip("_"): getattr(asked, key) for key in _ASKED},
        "objective": posed.name,
        "budget": posed.limits.budget,
        "until": posed.limits.until if posed.name == "largest_component" else None,
        "time": posed.limits.seconds,
        "seed": posed.limits.seed,
        "curve": curve,
        **posed.situation.network.choices,
    }


def nothing_to_do(posed: Posed, solution: Solution) -> str | None:
    """Why there can be no row: nothing to take away, nobody to choose or to afford; None where there is a question."""
    situation, budget = posed.situation, posed.limits.budget
    if not solution.before:
        return "nothing to take away: " + {
            "flow": "nothing flows from --from to --to",
            "reach": "--from reaches nobody",
        }.get(posed.name, "no two parties are connected")
    if not len(situation.candidates):
        reasons = "; ".join(f"{reason}: {count:,}" for reason, count in situation.excluded.items())
        return f"nobody may be chosen ({reasons or 'the network is empty'})"
    cheapest = int(situation.cost[situation.candidates].min())
    if cheapest > budget:
        return f"nobody may be chosen with --budget {budget} (the cheapest candidate costs {cheapest:,})"
    return None


def _captured(found: Found, solution: Solution) -> dict[str, Any]:
    """How many, and who, the rule captures: from what is in force already, and besides once the chosen are too."""
    situation, number = found.situation, found.situation.network.number
    if isinstance(situation, LeverSituation) and situation.measures.cascade is not None:
        before = situation.measures.captured(())
        besides = tuple(sorted({*situation.measures.captured(solution.chosen)} - {*before}))
    elif found.cascade is not None:
        before = found.cascade.ids_at_first
        besides = found.cascade.ids_captured(solution.chosen) if situation.chooses_parties else ()
    else:
        return {}
    return {
        "captured_before": {"parties": len(before), "in this graph": sum(1 for one in before if one in number)},
        "captured": {
            "parties": len(besides),
            "in this graph": sum(1 for one in besides if one in number),
            "ids": list(besides[:_SHOWN_IDS]),
        },
    }


def _beside_naive(
    posed: Posed,
    solution: Solution,
    naive: Naive,
    notes: list[str],
    compared_by: Callable[[Sequence[int]], Value] | None,
) -> tuple[dict[str, Any], float | None]:
    situation, show = posed.situation, printed(posed.objective, posed.situation)
    left = {title: posed.value(chosen) for title, chosen in naive.sets.items()}
    baselines = {
        title: {"chosen": names_of(situation, chosen), "after": show(left[title])}
        for title, chosen in naive.sets.items()
    }
    if not left or not solution.before:
        return baselines, None
    # An area is in removals, not in shares of what there was: there the gain is a share of the naive area.
    after = solution.after
    if compared_by is not None:
        left = {title: compared_by(chosen) for title, chosen in naive.sets.items()}
        after = compared_by(solution.chosen)
    least = min(left.values())
    gain = float((least - after) / ((least or 1) if posed.ordered else solution.before))
    if gain <= 0:
        best = ", ".join(title.replace("_", " ") for title in left if left[title] == min(left.values()))
        notes.append(f"a naive list does as well here: {best}")
    return baselines, gain


def _words(solution: Solution, what: str) -> str:
    if solution.optimal:
        return f"best {what} in the recorded data, proved"
    if solution.gap is None or not math.isfinite(solution.gap):
        return f"best {what} found; how much better another could be is not known"
    return f"best {what} found; no other leaves less than {1 - solution.gap:.2%} of what it leaves"

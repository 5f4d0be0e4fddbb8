"""The verb on choke points: which few, if acted against, would hurt the network most."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from finnet.analysis.interdiction.baselines import Naive, naive_sets
from finnet.analysis.interdiction.general_search import general_search
from finnet.analysis.interdiction.naive_countries import naive_countries
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Limits, Solution, Value
from finnet.analysis.objectives import OBJECTIVES
from finnet.api._choke_question import Asked, Found, refuse_later_options, situation_of
from finnet.api._choke_rows import COLUMNS, CURVE_COLUMNS, QUIET, SHOWN, member_rows, names_of, printed
from finnet.api._choke_warnings import old_lists, warnings_about
from finnet.api._network import CaseLike, as_network
from finnet.api._scope import lists_alone, scoped
from finnet.api._selection import selected
from finnet.errors import UsageError
from finnet.graph.network import Network
from finnet.graph.rates import RateTable
from finnet.report.answer import Answer

__all__ = ["choke"]


def choke(
    subject: CaseLike | Network,
    *,
    from_: str | None = None,
    to: str | None = None,
    scope: str | None = None,
    budget: int = 5,
    objective: str | None = None,
    by: str = "entity",
    candidates: str | None = None,
    exclude: str | None = None,
    forced: str | None = None,
    target_state: str | None = None,
    cost: str | None = None,
    enforcers: str = "all",
    without: str | None = None,
    only: str | None = None,
    regime: str = "none",
    in_force: str | None = None,
    levers: str | None = None,
    horizon: str = "0d",
    worlds: int = 0,
    ablate: bool = False,
    graph: str | None = None,
    edges: str | None = None,
    currency: str | None = None,
    rates: str | Path | RateTable | None = None,
    as_of: str | None = None,
    min_grade: str | None = None,
    until: float = 0.1,
    time: float | None = None,
    iterations: int | None = None,
    curve: bool = False,
    seed: int = 0,
) -> Answer:
    """The best set of at most ``budget`` parties (or countries), what it leaves, and how good that provably is.

    One row per member; row i's ``bite`` is what would be left more without it. The rows are ordered by giving back the
    least from the end, and ``cumulative`` and ``remaining`` run along that order. With ``curve``, one row per budget
    from 1 up. Money is exact, in the unit of the summary.

    Raises: UsageError for words that contradict each other, or that this version does not know yet.
    """
    refuse_later_options(by=by, regime=regime, horizon=horizon, worlds=worlds, ablate=ablate, levers=levers)
    if budget < 0:
        raise UsageError(f"--budget {budget}: should be 0 or more")
    name = objective or ("flow" if from_ and to else "reach" if from_ else "pairs")
    plugin = OBJECTIVES[name]
    network = as_network(
        subject,
        graph=graph,
        default=plugin.GRAPH,
        edges=edges,
        currency=currency,
        rates=rates,
        as_of=as_of,
        min_grade=min_grade,
    )
    asked = Asked(
        from_=from_, to=to, by=by, candidates=candidates, exclude=exclude, forced=forced, in_force=in_force,
        target_state=target_state, cost=cost, enforcers=enforcers, without=without, only=only, scope=scope,
    )  # fmt: skip
    whole = network
    network = scoped(subject, network, scope)
    found = situation_of(network, plugin, asked, lambda selector: selected(subject, whole, selector))
    situation = found.situation
    spent = situation.total_cost(situation.forced.tolist())
    if spent > budget:
        raise UsageError(f"--forced costs {spent}, more than --budget {budget}", hint="raise the budget")
    limits = Limits(budget=budget, seconds=time, seed=seed, iterations=iterations, until=until)
    value = _valuer(plugin, situation, limits)
    solution = _solve(plugin, situation, limits, value)
    notes = [*network.notes, *warnings_about(network, situation, by=by), *lists_alone(subject, network)]
    notes += old_lists(subject, as_of)
    notes += [*found.warnings, *solution.notes]
    if not solution.before or not len(situation.candidates):
        why = _nothing(name, situation, solution)
        return _answer(
            name, plugin, found, solution, Naive(sets={}, scores={}), [], [*notes, why], curve, asked, limits
        )
    naive = _naive(plugin, situation, limits)
    if curve:
        rows = _curve(plugin, situation, limits, value)
    else:
        rows = member_rows(plugin, situation, solution, value, naive)
    return _answer(name, plugin, found, solution, naive, rows, [*notes, *naive.notes], curve, asked, limits, value)


def _valuer(plugin: ModuleType, situation: Situation, limits: Limits) -> Callable[[Sequence[int]], Value]:
    """The objective's value, each set (or order) worked out once."""
    known: dict[tuple[int, ...], Value] = {}
    ordered = getattr(plugin, "ORDERED", False)

    def value(chosen: Sequence[int]) -> Value:
        key = tuple(chosen) if ordered else tuple(sorted(chosen))
        if key not in known:
            known[key] = plugin.value(situation, key, **({"until": limits.until} if ordered else {}))
        return known[key]

    return value


def _solve(
    plugin: ModuleType, situation: Situation, limits: Limits, value: Callable[[Sequence[int]], Value]
) -> Solution:
    search = getattr(plugin, "search", None)
    if search is None:
        return general_search(value, situation, limits)
    found: Solution = search(situation, limits)
    return found


def _nothing(name: str, situation: Situation, solution: Solution) -> str:
    if not solution.before:
        why = "nothing to take away: "
        return why + {"flow": "nothing flows from --from to --to", "reach": "--from reaches nobody"}.get(
            name, "no two parties are connected"
        )
    reasons = "; ".join(f"{reason}: {count:,}" for reason, count in situation.excluded.items())
    return f"nobody may be chosen ({reasons or 'the network is empty'})"


def _naive(plugin: ModuleType, situation: Situation, limits: Limits) -> Naive:
    own = getattr(plugin, "baselines", None)
    if not situation.chooses_parties:
        return naive_countries(situation, limits.budget)
    directed = getattr(plugin, "DIRECTED", True)
    naive = naive_sets(situation, limits.budget, directed=directed, seed=limits.seed)
    return naive if own is None else Naive(sets=own(situation, limits), scores=naive.scores, notes=naive.notes)


def _curve(
    plugin: ModuleType, situation: Situation, limits: Limits, value: Callable[[Sequence[int]], Value]
) -> list[dict[str, Any]]:
    """The best set for each budget; a larger one never leaves more, since a smaller one's set fits it too."""
    show = printed(plugin, situation)
    ordered = getattr(plugin, "ORDERED", False)
    rows: list[dict[str, Any]] = []
    best: Solution | None = None
    least = max(1, situation.total_cost(situation.forced.tolist()))
    for budget in range(least, limits.budget + 1):
        solution = _solve(plugin, situation, _with_budget(limits, budget), value)
        if ordered:
            rows.append(_course_row(plugin, situation, solution, budget))
            continue
        if best is not None and best.after < solution.after:
            solution = Solution(
                chosen=best.chosen,
                before=best.before,
                after=best.after,
                bound=solution.bound,
                optimal=solution.bound == best.after,
            )
        best = solution
        rows.append(
            {
                "budget": budget,
                "remaining": show(solution.after),
                "bite": show(solution.before - solution.after),
                "bite_share": float((solution.before - solution.after) / solution.before),
                "bound": None if solution.bound is None else show(solution.bound),
                "gap": solution.gap,
                "optimal": solution.optimal,
                "chosen": names_of(situation, solution.chosen),
            }
        )
    return rows


def _course_row(plugin: ModuleType, situation: Situation, solution: Solution, budget: int) -> dict[str, Any]:
    """What the best order for a budget leaves at its end; bounds are of its whole course, so there is none to show."""
    course = plugin.course(situation, solution.chosen)
    bite = course[0] - course[-1]
    return {
        "budget": budget,
        "remaining": course[-1],
        "bite": bite,
        "bite_share": float(bite / course[0]) if course[0] else 0.0,
        "bound": None,
        "gap": None,
        "optimal": solution.optimal,
        "chosen": names_of(situation, solution.chosen),
    }


def _with_budget(limits: Limits, budget: int) -> Limits:
    return Limits(
        budget=budget, seconds=limits.seconds, seed=limits.seed, iterations=limits.iterations, until=limits.until
    )


def _answer(
    name: str,
    plugin: ModuleType,
    found: Found,
    solution: Solution,
    naive: Naive,
    rows: list[dict[str, Any]],
    notes: list[str],
    curve: bool,
    asked: Asked,
    limits: Limits,
    value: Callable[[Sequence[int]], Value] | None = None,
) -> Answer:
    situation, network = found.situation, found.situation.network
    show = printed(plugin, situation)
    ordered = getattr(plugin, "ORDERED", False)
    baselines: dict[str, Any] = {}
    gain: float | None = None
    if value is not None:
        left = {title: value(chosen) for title, chosen in naive.sets.items()}
        baselines = {
            title: {"chosen": names_of(situation, chosen), "after": show(left[title])}
            for title, chosen in naive.sets.items()
        }
        if left and solution.before:
            # An area is in removals, not in shares of what there was: there the gain is a share of the naive area.
            least = min(left.values())
            gain = float((least - solution.after) / ((least or 1) if ordered else solution.before))
            if gain <= 0:
                best = ", ".join(title.replace("_", " ") for title in left if left[title] == min(left.values()))
                notes.append(f"a naive list does as well here: {best}")
    if any(row.get("schema") == "Person" for row in rows):
        notes.append("about natural persons this speaks of a position in recorded links, nothing else")
    summary: dict[str, Any] = {
        "objective": name,
        "unit": plugin.unit(network),
        "before": show(solution.before),
        "after": show(solution.after),
        "bound": None if solution.bound is None else show(solution.bound),
        "gap": solution.gap,
        "optimal": solution.optimal,
        **(plugin.beside(situation) if hasattr(plugin, "beside") and solution.before else {}),
        "says": _words(solution, "order" if ordered else "set")
        if solution.before and len(situation.candidates)
        else None,
        "method": solution.method,
        "evaluations": solution.evaluations,
        "baselines": baselines,
        "gain_over_naive": gain,
        "budget": limits.budget,
        "cost": situation.total_cost(solution.chosen),
        "candidates": len(situation.candidates),
        "excluded": dict(situation.excluded),
        "target_state": found.target_state.upper() if found.target_state else None,
        "enforcers": found.enforcers,
        "regime": "none",
        "in_force": len(situation.in_force),
        "horizon": "0d",
        "graph": network.recipe or network.title,
        "edge_policy": list(network.edge_policy),
        "parties": network.size,
        "links": network.edge_count,
        "warnings": list(dict.fromkeys(notes)),
    }
    params = {
        **{
            key.rstrip("_"): getattr(asked, key)
            for key in ("from_", "to", "by", "candidates", "exclude", "forced", "in_force", "target_state", "cost",
                        "enforcers", "without", "only", "scope")
        },
        "objective": name,
        "budget": limits.budget,
        "until": limits.until if name == "largest_component" else None,
        "time": limits.seconds,
        "seed": limits.seed,
        "curve": curve,
        **network.choices,
    }  # fmt: skip
    return Answer(
        command="choke",
        columns=CURVE_COLUMNS if curve else COLUMNS,
        rows=rows,
        summary=summary,
        notes=tuple(dict.fromkeys(notes)),
        params=params,
        shown=() if curve else SHOWN,
        brief=tuple(key for key in summary if key not in QUIET),
    )


def _words(solution: Solution, what: str) -> str:
    if solution.optimal:
        return f"best {what} in the recorded data, proved"
    if solution.gap is None or not math.isfinite(solution.gap):
        return f"best {what} found; how much better another could be is not known"
    return f"best {what} found; no other leaves less than {1 - solution.gap:.2%} of what it leaves"

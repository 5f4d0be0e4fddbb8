"""The best set for each budget up to the one that is asked about."""

from __future__ import annotations

from dataclasses import replace

from finnet.analysis.interdiction.solution import Solution
from finnet.api._choke_posed import Posed
from finnet.api._choke_rows import names_of, printed
from finnet.report.answer import Row

__all__ = ["CURVE_COLUMNS", "curve_rows"]

CURVE_COLUMNS = ("budget", "remaining", "bite", "bite_share", "bound", "gap", "optimal", "chosen")


def curve_rows(posed: Posed) -> list[Row]:
    """One row per budget; a larger one never leaves more, since a smaller one's set fits it too."""
    situation = posed.situation
    show = printed(posed.objective, situation)
    rows: list[Row] = []
    best: Solution | None = None
    least = max(1, situation.total_cost(situation.forced.tolist()))
    for budget in range(least, posed.limits.budget + 1):
        solution = posed.solve(budget)
        if posed.ordered:
            rows.append(_course_row(posed, solution, budget))
            continue
        if best is not None and best.after < solution.after:
            solution = replace(best, bound=solution.bound, optimal=solution.bound == best.after)
        best = solution
        bite = solution.before - solution.after
        rows.append(
            {
                "budget": budget,
                "remaining": show(solution.after),
                "bite": show(bite),
                "bite_share": float(bite / solution.before),
                "bound": None if solution.bound is None else show(solution.bound),
                "gap": solution.gap,
                "optimal": solution.optimal,
                "chosen": names_of(situation, solution.chosen),
            }
        )
    return rows


def _course_row(posed: Posed, solution: Solution, budget: int) -> Row:
    """What the best order for a budget leaves at its end; bounds are of its whole course, so there is none to show."""
    course = posed.objective.course(posed.situation, solution.chosen)
    bite = course[0] - course[-1]
    return {
        "budget": budget,
        "remaining": course[-1],
        "bite": bite,
        "bite_share": float(bite / course[0]) if course[0] else 0.0,
        "bound": None,
        "gap": None,
        "optimal": solution.optimal,
        "chosen": names_of(posed.situation, solution.chosen),
    }

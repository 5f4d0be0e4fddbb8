"""Choke points in doubt: resampled by grade, and asked again without each dataset."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from finnet.analysis.interdiction.baselines import Naive
from finnet.analysis.interdiction.doubt import resampled
from finnet.analysis.interdiction.grades import Grades
from finnet.analysis.interdiction.solution import Solution
from finnet.analysis.interdiction.worlds import Holdings
from finnet.api._choke_lasting import Horizon
from finnet.api._choke_posed import Posed
from finnet.api._choke_rows import names_of, printed
from finnet.api._doubt import likely_links
from finnet.errors import FinnetError, UsageError
from finnet.graph.evidence import Stated
from finnet.graph.network import IntArray
from finnet.progress import watched
from finnet.report.answer import Row

__all__ = ["ablation", "check_doubt", "in_worlds"]

_WATCHED = 25  # candidates besides the members whose rank is looked at in each world
_OTHERS = 10
_OFTEN = 0.1  # of the worlds: from here on another is named
_ROBUST = 0.8


def check_doubt(worlds: int, objective: str, *, curve: bool) -> None:
    """Refuse a question that cannot be asked of many worlds.

    Raises: UsageError.
    """
    if worlds and objective == "largest_component":
        raise UsageError("--worlds with an order of removals is not answered", hint="use flow, reach or pairs")
    if worlds and curve:
        raise UsageError("--curve and --worlds together are too much", hint="leave one of them away")


def in_worlds(
    posed: Posed,
    solution: Solution,
    naive: Naive,
    stated: Sequence[Stated],
    grades: Grades,
    worlds: int,
    rows: list[Row],
    notes: list[str],
    *,
    horizon: Horizon | None,
    holdings: Holdings | None,
) -> dict[str, Any]:
    """Fill in the rows' ``chosen_in``, and say what the summary says of the worlds."""
    likely = likely_links(stated, grades, notes)
    seed = posed.limits.seed
    doubt = resampled(
        posed.objective, posed.situation, likely, grades, posed.limits, solution.chosen, _watched(posed, naive),
        worlds=worlds,
        adapting=None if horizon is None else (lambda situation, key: horizon.of(posed.name, situation, seed, key)),
        holdings=holdings,
    )  # fmt: skip
    name = dict(zip(doubt.chosen_in, names_of(posed.situation, list(doubt.chosen_in)), strict=True))
    members = set(solution.chosen)
    share = {name[one]: often for one, often in doubt.chosen_in.items() if one in members}
    for row in rows:
        row["chosen_in"] = share[row["id"]]
    others = sorted(
        (one for one in doubt.chosen_in if one not in members), key=lambda one: (-doubt.chosen_in[one], one)
    )
    return {
        "worlds": {
            "worlds": worlds,
            "grades": grades.name,
            "links_kept": doubt.kept,
            "links_added": doubt.added,
            **({} if holdings is None else {"holdings_kept": doubt.held}),
            "robust": [one for one, often in share.items() if often >= _ROBUST],
            "others_chosen_in": {
                name[one]: doubt.chosen_in[one] for one in others[:_OTHERS] if doubt.chosen_in[one] >= _OFTEN
            },
            "ranks": {name[one]: list(doubt.ranks[one]) for one in sorted(members)},
            "jaccard": doubt.jaccard,
            "rank_biased": doubt.rank_biased,
            "first_same": doubt.first_same,
            "worlds_with_nothing_to_take": doubt.empty,
            "standard_error_at_most": 0.5 / math.sqrt(worlds),
            "says": "shares of worlds under assumed grades; no probability that a record is true, or that anybody did "
            "anything",
        }
    }


def _watched(posed: Posed, naive: Naive) -> IntArray:
    """Those candidates through whom most runs, or who have most links."""
    candidates = posed.situation.candidates
    scores = naive.scores.get("volume", naive.scores.get("degree"))
    if scores is None or not posed.situation.chooses_parties:
        return candidates[:_WATCHED]
    return candidates[np.lexsort((candidates, -scores[candidates]))][:_WATCHED]


def ablation(
    posed: Posed,
    solution: Solution,
    stated: Sequence[Stated],
    notes: list[str],
    *,
    again: Callable[[str], tuple[Posed, Solution]],
    horizon: Horizon | None,
) -> dict[str, Any]:
    """The question asked again without each dataset; ``again`` poses and solves it without the one it is given.

    A member rests on a dataset if without it it is not in the best set. Where the reported set is as good as any, its
    members stay, but for those that then take nothing away.
    """
    datasets = sorted({dataset for of_edge in stated for dataset, _ in of_edge})
    links = {name: sum(1 for one in stated if any(dataset == name for dataset, _ in one)) for name in datasets}
    alone = {name: sum(1 for one in stated if {dataset for dataset, _ in one} == {name}) for name in datasets}
    rows: list[dict[str, Any]] = []
    rests: dict[str, list[str]] = {}
    reported = names_of(posed.situation, solution.chosen)
    for name in watched(datasets, "datasets"):
        without, best = _asked_again(name, reported, again, horizon)
        lost = [one for one in reported if one not in best]
        for one in lost:
            rests.setdefault(one, []).append(name)
        show = printed(posed.objective, posed.situation)
        rows.append(
            {
                "dataset": name,
                "links": links[name],
                "links_it_alone_states": alone[name],
                "before": None if without is None else show(without.value(())),
                "best": best,
                "no_longer_chosen": lost,
            }
        )
    if len(datasets) == 1:
        notes.append(f"all links of this graph come from one dataset, {datasets[0]}: every finding rests on it")
    elif rests:
        words = "; ".join(f"{one} on {', '.join(names)}" for one, names in sorted(rests.items()))
        notes.append(f"findings that rest on one dataset: {words}")
    return {"ablation": rows, "rests_on_one_dataset": rests}


def _asked_again(
    dataset: str, reported: list[str], again: Callable[[str], tuple[Posed, Solution]], horizon: Horizon | None
) -> tuple[Posed | None, list[str]]:
    try:
        posed, solution = again(dataset)
    except FinnetError:
        return None, []  # without it there is no such question: a country, a currency or a column is gone
    if not solution.before:
        return posed, []
    situation = posed.situation
    number = {
        name: one
        for one, name in zip(
            situation.candidates.tolist(), names_of(situation, situation.candidates.tolist()), strict=True
        )
    }
    kept = sorted(number[one] for one in reported if one in number)
    value: Callable[[Sequence[int]], float] = posed.value if horizon is None else horizon.adapting(posed).left
    if value(solution.chosen) < value(kept):
        return posed, names_of(situation, solution.chosen)
    for one in [*reversed(kept)]:
        rest = [other for other in kept if other != one]
        if value(rest) <= value(kept):
            kept = rest
    return posed, names_of(situation, kept)

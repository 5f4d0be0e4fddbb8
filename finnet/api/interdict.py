"""The verb on choke points: which few, if acted against, would hurt the network most."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from finnet.analysis.interdiction.baselines import Naive
from finnet.analysis.interdiction.lever_file import load_levers
from finnet.analysis.interdiction.solution import Limits, Solution
from finnet.analysis.objectives import OBJECTIVES
from finnet.api._choke_asked import Asked, Found
from finnet.api._choke_curve import CURVE_COLUMNS, curve_rows
from finnet.api._choke_doubt import ablation, check_doubt, in_worlds
from finnet.api._choke_in_time import flow_in_time
from finnet.api._choke_lasting import horizon_of
from finnet.api._choke_law import law_of
from finnet.api._choke_posed import Posed
from finnet.api._choke_question import check_choice, situation_of
from finnet.api._choke_rows import COLUMNS, SHOWN, member_rows
from finnet.api._choke_side_by_side import side_by_side
from finnet.api._choke_summary import QUIET, nothing_to_do, params_of, summary_of
from finnet.api._choke_warnings import old_lists, warnings_about
from finnet.api._doubt import doubtful_holdings, grades_of, statements_of
from finnet.api._levers import by_goods
from finnet.api._network import CaseLike, as_network
from finnet.api._scope import lists_alone, scoped
from finnet.api._selection import selected
from finnet.api.open import rate_table
from finnet.errors import UsageError
from finnet.graph.network import Network
from finnet.graph.rates import RateTable
from finnet.report.answer import Answer, Row

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
    rewiring: str | Path | None = None,
    worlds: int = 0,
    grades: str | Path | None = None,
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

    With a ``horizon`` (as 180d) the network rewires as ``rewiring`` assumes, and the best set is the one whose bite
    lasts. With ``worlds`` the links are resampled by grade, as ``grades`` assumes; with ``ablate`` it is asked again
    without each dataset.

    Raises: UsageError for words that contradict each other, or that this version does not know yet.
    """
    check_choice(by=by, levers=levers)
    if budget < 0:
        raise UsageError(f"--budget {budget}: should be 0 or more")
    rates = rates if isinstance(rates, RateTable) or rates is None else rate_table(rates)
    law = law_of(subject, regime, as_of)
    file = None if levers is None else load_levers(levers)
    name = objective or ("flow" if from_ and to else "reach" if from_ else "pairs")
    plugin = OBJECTIVES[name]
    if ablate and (curve or isinstance(subject, Network)):
        reason = "--curve and --ablate together are too much" if curve else "--ablate drops datasets of a case"
        raise UsageError(reason, hint="leave one of them away" if curve else "this is a network from a file")
    later = horizon_of(horizon, rewiring, name, curve=curve)
    check_doubt(worlds, name, curve=curve)
    sureness = grades_of(worlds, grades)
    built = partial(
        as_network,
        subject,
        graph=graph,
        default=plugin.GRAPH if file is None else by_goods(file.levers, graph, plugin.GRAPH),
        edges=edges,
        currency=currency,
        rates=rates,
        as_of=as_of,
        min_grade=min_grade,
    )
    asked = Asked(
        from_=from_, to=to, by=by, candidates=candidates, exclude=exclude, forced=forced, in_force=in_force,
        target_state=target_state, cost=cost, enforcers=enforcers, without=without, only=only, regime=regime,
        levers=levers, scope=scope, horizon=horizon, rewiring=None if rewiring is None else str(rewiring),
        worlds=worlds, grades=None if grades is None else str(grades), ablate=ablate,
    )  # fmt: skip
    whole = built()
    network = scoped(subject, whole, scope)

    def read(words: Asked, of: Network = network, among: Network = whole) -> Found:
        return situation_of(
            of, plugin, words, lambda sel: selected(subject, among, sel), law=law, levers=file, budget=budget
        )

    found = read(asked)
    situation = found.situation
    spent = situation.total_cost(situation.forced.tolist())
    if spent > budget:
        raise UsageError(f"--forced costs {spent}, more than --budget {budget}", hint="raise the budget")
    limits = Limits(budget=budget, seconds=time, seed=seed, iterations=iterations, until=until)
    posed = Posed(name=name, objective=plugin, situation=situation, limits=limits)
    instant = posed.solve()
    solution = instant if later is None else later.solve(posed, instant)

    def again(dataset: str) -> tuple[Posed, Solution]:
        rest = built(leave_out=dataset)
        reread = read(asked, scoped(subject, rest, scope), rest)
        posed_again = replace(posed, situation=reread.situation, known={})
        best = posed_again.solve()
        return posed_again, best if later is None else later.solve(posed_again, best)

    notes = [*network.notes, *warnings_about(network, situation, by=by), *lists_alone(subject, network)]
    notes += [*(law.notes if law else ()), *old_lists(subject, as_of), *found.warnings, *solution.notes]
    rows: list[Row] = []
    naive = Naive(sets={}, scores={})
    idle = nothing_to_do(posed, solution)
    if idle is not None:
        notes.append(idle)
    else:
        naive = posed.naive()
        rows = curve_rows(posed) if curve else member_rows(posed, solution, naive, found.cascade)
        notes += naive.notes
    further: dict[str, Any] = {}
    if rows and not curve:
        further |= flow_in_time(subject, posed, solution, notes, rates=rates)
    if later is not None and idle is None:
        further |= later.complete(posed, instant, solution, naive.sets, rows)
        notes += later.warnings(instant, solution)
    if rows and sureness is not None:
        stated = statements_of(subject, network)
        holdings = None if law is None else doubtful_holdings(law, network, found.cascade, sureness)
        further |= in_worlds(
            posed, solution, naive, stated, sureness, worlds, rows, notes, horizon=later, holdings=holdings
        )
    if rows and ablate:
        further |= ablation(posed, solution, statements_of(subject, network), notes, again=again, horizon=later)
    left = None if later is None else later.adapting(posed).left
    summary = {**summary_of(posed, found, solution, naive, notes, rows, left=left), **further}
    if rows and (without or only):
        summary["side_by_side"] = side_by_side(asked, posed, solution, read, later)
    asked_besides = [*(["lasting"] if later else []), *(["chosen_in"] if sureness else [])]
    return Answer(
        command="choke",
        columns=CURVE_COLUMNS if curve else COLUMNS,
        rows=rows,
        summary=summary,
        notes=tuple(dict.fromkeys(notes)),
        params=params_of(posed, asked, curve=curve),
        shown=() if curve else (*SHOWN[:-1], *asked_besides, SHOWN[-1]),
        brief=tuple(key for key in summary if key not in QUIET),
    )

"""The verb on order: which step of pressure, or of relief, comes first."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np

from finnet.analysis.interdiction.ladder import best_ladder
from finnet.analysis.interdiction.lever_file import load_levers
from finnet.analysis.objectives import OBJECTIVES
from finnet.api._choke_enforcers import enforcers_of
from finnet.api._levers import by_goods
from finnet.api._network import CaseLike, as_network
from finnet.api._package import Package, ends_in, ground_of, left_by
from finnet.api._scope import scoped
from finnet.errors import UsageError, quoted
from finnet.graph.network import Network
from finnet.graph.rates import RateTable
from finnet.report.answer import Answer, Row

__all__ = ["ladder"]

_COLUMNS = ("step", "measure", "name", "by", "value", "cumulative", "leverage_kept", "remaining", "snap_back")
_SHOWN = ("step", "measure", "name", "value", "cumulative", "leverage_kept", "snap_back")


def ladder(
    subject: CaseLike | Network,
    direction: str,
    file: str,
    *,
    from_: str | None = None,
    to: str | None = None,
    steps: int | None = None,
    objective: str | None = None,
    regime: str = "none",
    in_force: str | None = None,
    enforcers: str = "all",
    without: str | None = None,
    only: str | None = None,
    scope: str | None = None,
    graph: str | None = None,
    edges: str | None = None,
    currency: str | None = None,
    rates: str | Path | RateTable | None = None,
    as_of: str | None = None,
    min_grade: str | None = None,
) -> Answer:
    """The order of steps: of pressure, that with the greatest bite added up; of relief, that which gives away least.

    *Pressure* starts with what is in force and takes one measure of the file after the other. *Relief* starts with all
    its measures taken and what is in force, and gives up one after the other: it withdraws a measure, or takes one of
    kind ``relieve``. ``value`` is what the step takes away (or gives away), ``cumulative`` the sum so far,
    ``leverage_kept`` what is held after it as a share of what the whole package holds, each against nothing in force
    at all. ``snap_back`` is what re-imposing this one measure would regain after the last step; right after its own
    step it would regain ``value``. (For pressure: what is lost if it alone lapses after the last step.)

    Exact for up to 12 measures.

    Raises: UsageError for words that contradict each other; UnknownNameError for an objective nobody knows.
    """
    if direction not in {"pressure", "relief"}:
        raise UsageError(f"{quoted(direction)} is no direction", hint="finnet ladder pressure FILE, or relief FILE")
    if steps is not None and steps < 1:
        raise UsageError(f"--steps {steps}: should be 1 or more")
    levers = load_levers(file).levers
    name = objective or ("flow" if from_ and to else "reach" if from_ else "pairs")
    plugin = OBJECTIVES[name]
    for option, given in (("from", from_), ("to", to)):
        if (option in plugin.NEEDS) != (given is not None):
            says = "needs" if option in plugin.NEEDS else "takes no"
            raise UsageError(f"--objective {name} {says} --{option}")
    network = as_network(
        subject, graph=graph, default=by_goods(levers, graph, plugin.GRAPH), edges=edges, currency=currency,
        rates=rates, as_of=as_of, min_grade=min_grade,
    )  # fmt: skip
    network = scoped(subject, network, scope)
    acting = enforcers_of(enforcers, without=without, only=only)
    ground = ground_of(subject, network, regime=regime, in_force=in_force, acting=acting, as_of=as_of)
    package = Package(ground=ground, levers=levers, from_=from_, to=to)
    measures = package.on(network)
    ends = ends_in(subject, network, from_, to)
    known: dict[frozenset[int], Decimal] = {}

    def left(taken: frozenset[int]) -> Decimal:
        if taken not in known:
            known[taken] = left_by(plugin, network, measures.severed(taken), *ends)
        return known[taken]

    pressing = direction == "pressure"
    imposed = frozenset(number for number, lever in enumerate(levers) if not lever.gives_relief)
    moves = sorted(imposed) if pressing else list(range(len(levers)))
    state = (lambda made: made) if pressing else (lambda made: imposed.symmetric_difference(made))
    found = best_ladder(lambda made: left(state(made)), moves, len(moves) if steps is None else steps)
    free = left_by(plugin, network, np.zeros(network.edge_count, bool), *ends)
    whole = free - (left(imposed) if pressing else found.left[0])
    end = frozenset(found.steps)
    exact_money = network.minor is not None

    def shown(value: Decimal) -> Decimal | int | float:
        """Money stays exact; counts are whole numbers, as far as they are."""
        return value if exact_money else int(value) if value == int(value) else float(value)

    rows: list[Row] = []
    for place, move in enumerate(found.steps, 1):
        before, after = found.left[place - 1], found.left[place]
        rows.append(
            {
                "step": place,
                "measure": levers[move].id,
                "name": levers[move].name,
                "by": list(levers[move].by),
                "value": shown(abs(before - after)),
                "cumulative": shown(abs(found.left[0] - after)),
                "leverage_kept": float((free - after) / whole) if whole else None,
                "remaining": shown(after),
                "snap_back": shown(abs(left(state(end)) - left(state(end - {move})))),
            }
        )
    idle = [levers[number].id for number in sorted(imposed - set(measures.effective(imposed)))]
    notes = [*network.notes, *dict.fromkeys(package.warnings)]
    if idle:
        notes.append(f"without effect, since nobody who enforces can take them: {', '.join(idle)}")
    if not whole:
        notes.append("the package takes nothing away here: there is no leverage to keep")
    return Answer(
        command="ladder",
        columns=_COLUMNS,
        shown=_SHOWN,
        rows=rows,
        summary={
            "direction": direction,
            "objective": name,
            "unit": plugin.unit(network),
            "with_nothing_in_force": shown(free),
            "before": shown(found.left[0]),
            "after": shown(found.left[-1]),
            "says": f"{'best' if found.exact else 'best found'} order of {len(found.steps)} steps"
            + (", proved over all sets of measures" if found.exact else "; not proved"),
            "exact": found.exact,
            "in_force": len(ground.in_force),
            "enforcers": ground.words,
            "regime": "none" if ground.law is None else ground.law.words,
            "graph": network.recipe or network.title,
            "edge_policy": list(network.edge_policy),
        },
        notes=tuple(notes),
        params={
            "direction": direction, "file": file, "from": from_, "to": to, "steps": steps, "objective": name,
            "regime": regime, "in_force": in_force, "enforcers": enforcers, "without": without, "only": only,
            "scope": scope, **network.choices,
        },
    )  # fmt: skip

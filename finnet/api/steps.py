"""The verb on order: which step of pressure, or of relief, comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from finnet.analysis.interdiction.lever_file import load_levers
from finnet.analysis.interdiction.levers import LeverSituation
from finnet.analysis.interdiction.measures import Measures
from finnet.analysis.objectives import OBJECTIVES
from finnet.api._choke_enforcers import enforcers_of
from finnet.api._choke_lasting import horizon_of
from finnet.api._ladder_lasting import Lasting
from finnet.api._ladder_order import Left, Moves, Order, order_at_once
from finnet.api._levers import by_goods
from finnet.api._network import CaseLike, as_network
from finnet.api._package import Package, ends_in, ground_of, left_by
from finnet.api._scope import lists_alone, scoped
from finnet.errors import UsageError, quoted
from finnet.graph.network import Network
from finnet.graph.rates import RateTable
from finnet.report.answer import Answer, Row

__all__ = ["ladder"]

_COLUMNS = (
    "step", "measure", "value", "at_once", "cumulative", "leverage_kept", "snap_back", "remaining", "captured",
    "name", "how", "by",
)  # fmt: skip
_SHOWN = ("step", "measure", "value", "leverage_kept", "snap_back", "cumulative")
_SHOWN_LASTING = ("step", "measure", "value", "at_once", "leverage_kept", "snap_back", "cumulative")


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
    horizon: str = "0d",
    rewiring: str | Path | None = None,
    graph: str | None = None,
    edges: str | None = None,
    currency: str | None = None,
    rates: str | Path | RateTable | None = None,
    as_of: str | None = None,
    min_grade: str | None = None,
    seed: int = 0,
) -> Answer:
    """The order of steps: of pressure, that with the greatest bite added up; of relief, that which gives away least.

    *Pressure* starts with what is in force and takes one measure of the file after the other. *Relief* starts with all
    its measures taken and what is in force, and gives up one after the other: it withdraws a measure, or takes one of
    kind ``relieve``. ``value`` is what the step takes away (or gives away), ``cumulative`` the sum so far,
    ``leverage_kept`` what is held after it as a share of what the whole package holds, each against nothing in force
    at all. ``snap_back`` is what re-imposing this one measure would regain after the last step; right after its own
    step it would regain ``value``. (For pressure: what is lost if it alone lapses after the last step.) ``captured``
    are those whom the rule takes with the step, or lets go.

    Exact for up to 12 measures. With a ``horizon`` (as 180d) all of this is the mean over that time, while the network
    rewires as ``rewiring`` assumes: every state of the ladder begins on day 0, and so does what is re-imposed.
    ``at_once`` is ``value`` on that day.

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
    later = horizon_of(horizon, rewiring, name, curve=False)
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

    def now(taken: frozenset[int]) -> Decimal:
        if taken not in known:
            known[taken] = left_by(plugin, network, measures.severed(taken), *ends)
        return known[taken]

    exact_money = network.minor is not None

    def shown(value: Decimal) -> Decimal | int | float:
        """Money stays exact; counts are whole numbers, as far as they are."""
        return value if exact_money else int(value) if value == int(value) else float(value)

    moves = Moves(levers=levers, pressing=direction == "pressure")
    count = len(moves.numbers) if steps is None else min(steps, len(moves.numbers))
    if later is None:
        order = order_at_once(moves, now, count)
    else:
        situation = LeverSituation.among(levers, measures, sources=ends[0], exits=ends[1])
        order = Lasting(
            horizon=later, objective=name, situation=situation, seed=seed, show=shown
        ).order(moves, now, count)  # fmt: skip
    free = left_by(plugin, network, np.zeros(network.edge_count, bool), *ends)
    rows = _rows(order, moves, measures, now, shown, free)
    notes = [*network.notes, *lists_alone(subject, network), *dict.fromkeys(package.warnings)]
    for option, selector, found in (("from", from_, ends[0]), ("to", to, ends[1])):
        if selector is not None and not len(found):
            notes.append(f"--{option} {selector}: nobody whom it matches is in this graph")
    idle = [levers[number].id for number in sorted(moves.imposed - set(measures.effective(moves.imposed)))]
    if idle:
        notes.append(f"without effect, since nobody who enforces can take them: {', '.join(idle)}")
    notes += _cautions(order, rows, whole=free - order.package)
    return Answer(
        command="ladder",
        columns=_COLUMNS,
        shown=(
            *(_SHOWN if later is None else _SHOWN_LASTING),
            *(["captured"] if measures.cascade is not None else []),
            "name",
            *([] if moves.pressing else ["how"]),
        ),
        rows=rows,
        summary={
            "direction": direction,
            "objective": name,
            "unit": plugin.unit(network),
            "with_nothing_in_force": shown(free),
            "before": shown(order.left[0]),
            "after": shown(order.left[-1]),
            **order.said,
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
            "scope": scope, "horizon": horizon, "rewiring": None if rewiring is None else str(rewiring), "seed": seed,
            **network.choices,
        },
    )  # fmt: skip


def _rows(
    order: Order, moves: Moves, measures: Measures, now: Left, shown: Callable[[Decimal], Any], free: Decimal
) -> list[Row]:
    """One row per step; ``free`` is what is left with nothing in force at all.

    ``captured`` are those whom the rule captures after the step and did not before (for relief: the other way round);
    None without a rule.
    """
    rows: list[Row] = []
    whole = free - order.package
    for place, move in enumerate(order.steps, 1):
        before, after = order.left[place - 1], order.left[place]
        made = frozenset(order.steps[: place - 1])
        states = moves.taken(made), moves.taken(made | {move})
        held = [set(measures.captured(state)) for state in states]
        rows.append(
            {
                "step": place,
                "measure": moves.levers[move].id,
                "value": shown(moves.gain(before, after)),
                "at_once": shown(moves.gain(now(states[0]), now(states[1]))),
                "cumulative": shown(moves.gain(order.left[0], after)),
                "leverage_kept": float((free - after) / whole) if whole > 0 else None,
                "snap_back": shown(moves.gain(order.undone[move], order.left[-1])),
                "remaining": shown(after),
                "captured": None
                if measures.cascade is None
                else sorted(held[1] - held[0] if moves.pressing else held[0] - held[1]),
                "name": moves.levers[move].name,
                "how": "taken" if move in moves.taken(frozenset([move])) else "withdrawn",
                "by": list(moves.levers[move].by),
            }
        )
    return rows


def _cautions(order: Order, rows: list[Row], *, whole: Decimal) -> Iterator[str]:
    """What a reader of the order should know before using it."""
    if not rows:
        yield "all measures of the file give relief: there is nothing to take"
    if more := [row["measure"] for row in rows if row["value"] < 0]:
        yield (
            f"with {', '.join(more)} taken more is left on average than without: who takes over carries more than was "
            "severed"
        )
    for one, other in order.said.get("within_chance", ()):
        yield f"{one} before {other} is within chance of the throws of dice: another --seed may turn them"
    if rows and whole <= 0:
        over = (
            f" over {order.said['horizon']}, as the network is assumed to rewire"
            if "horizon" in order.said
            else " here"
        )
        yield f"the package takes nothing away{over}: there is no leverage to keep"

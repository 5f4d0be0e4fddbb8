"""The verb on packages: what changes if these measures are taken and those listings end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from finnet.analysis.interdiction.lever_file import Lever, load_levers
from finnet.api._choke_enforcers import enforcers_of
from finnet.api._levers import BY_GOODS
from finnet.api._network import CaseLike, as_network, has_payments
from finnet.api._package import Package, ground_of
from finnet.api._package_rows import (
    COLUMNS,
    Captions,
    State,
    change_rows,
    counted,
    group_count,
    reachable,
    totals,
    turned,
)
from finnet.errors import UsageError
from finnet.graph.network import Network
from finnet.graph.rates import RateTable
from finnet.report.answer import Answer

__all__ = ["whatif"]


def whatif(
    subject: CaseLike | Network,
    file: str | None = None,
    *,
    designate: str | None = None,
    delist: str | None = None,
    regime: str = "none",
    in_force: str | None = None,
    enforcers: str = "all",
    without: str | None = None,
    only: str | None = None,
    from_: str | None = None,
    graph: str | None = None,
    edges: str | None = None,
    currency: str | None = None,
    rates: str | Path | RateTable | None = None,
    as_of: str | None = None,
    min_grade: str | None = None,
) -> Answer:
    """What changes if all measures of a file are taken, some are designated and others delisted, against now.

    In force now is whom ``in_force`` names, else whom the regime's authorities list, else everybody who is listed; with
    a regime, what the rule captures is blocked too. Rows say who is newly blocked or freed, what is severed or
    restored per edge class (links) and per currency (amounts), which groups fall apart or come together, and who is
    cut off (had a link, has none, and is no target). Without ``graph`` all ties count, and payments good by good in
    each currency; with it, that network alone. ``from_`` asks how many parties can still be reached.

    Raises: UsageError where there is nothing to change, or words contradict each other.
    """
    levers = [*(load_levers(file).levers if file is not None else ()), *_own(designate, delist)]
    if not levers:
        raise UsageError("nothing to change", hint="give a file of levers, --designate or --delist")
    chosen = frozenset(range(len(levers)))
    networks = _networks(
        subject, graph=graph, edges=edges, currency=currency, rates=rates, as_of=as_of, min_grade=min_grade
    )
    ties = networks[0]
    ground = ground_of(
        subject, ties, regime=regime, in_force=in_force, as_of=as_of,
        acting=enforcers_of(enforcers, without=without, only=only),
    )  # fmt: skip
    package = Package(ground=ground, levers=levers, from_=from_)
    states = []
    for network in networks:
        measures = package.on(network)
        states.append(
            State(network=network, measures=measures, before=measures.severed(()), after=measures.severed(chosen))
        )
    if len(states) > 1:
        states[0] = _with_payments(states[0], states[1:])
    main = states[0]
    blocked, freed = turned(main.measures, chosen)
    rows = change_rows(Captions(subject, networks), states, chosen)
    able = main.measures.effective(chosen)
    idle = [levers[number].id for number in sorted(chosen - set(able))]
    notes = list(dict.fromkeys([note for network in networks for note in network.notes] + package.warnings))
    if idle:
        notes.append(f"without effect, since nobody who enforces can take them: {', '.join(idle)}")
    return Answer(
        command="whatif",
        columns=COLUMNS,
        shown=("change", "id", "value", "currency", "class", "how", "caption"),
        rows=rows,
        summary={
            "measures": [levers[number].id for number in able],
            "newly_blocked": counted(blocked),
            "newly_freed": counted(freed),
            "severed": totals(rows, "severed"),
            "restored": totals(rows, "restored"),
            "groups": {
                "before": group_count(main.network, main.before),
                "after": group_count(main.network, main.after),
            },
            "collateral": sum(1 for row in rows if row["change"] == "cut off"),
            "reachable": reachable(subject, main, from_),
            "in_force": len(ground.in_force),
            "enforcers": ground.words,
            "regime": "none" if ground.law is None else ground.law.words,
            "graph": [network.recipe or network.title for network in networks],
            "edge_policy": list(ties.edge_policy),
        },
        notes=tuple(notes),
        params={
            "file": file, "designate": designate, "delist": delist, "regime": regime, "in_force": in_force,
            "enforcers": enforcers, "without": without, "only": only, "from": from_, "graph": graph, **ties.choices,
            "rates": next((network.choices["rates"] for network in networks if "rates" in network.choices), None),
        },
    )  # fmt: skip


def _own(designate: str | None, delist: str | None) -> list[Lever]:
    """The options as levers of their own; whoever is in both is delisted."""
    own = []
    if designate is not None:
        own.append(Lever(id="--designate", name=f"designate {designate}", kind="designate", who=designate))
    if delist is not None:
        own.append(Lever(id="--delist", name=f"delist {delist}", kind="relieve", who=delist))
    return own


def _networks(
    subject: CaseLike | Network, *, graph: str | None, currency: str | None, rates: Any, **rest: Any
) -> list[Network]:
    """All ties first, then the payments, one network per currency (or in one, by rates); else what was asked for."""
    if isinstance(subject, Network) or graph is not None:
        return [as_network(subject, graph=graph, currency=currency, rates=rates, **rest)]
    made = [as_network(subject, graph="everything", **rest)]
    if rest.get("edges") is None and has_payments(subject):
        codes = [currency] if currency or rates is not None else _currencies(subject)
        payments: dict[str, Any] = {"as_of": rest.get("as_of"), "min_grade": rest.get("min_grade")}
        made += [as_network(subject, graph=BY_GOODS, currency=code, rates=rates, **payments) for code in codes]
    return made


def _currencies(subject: CaseLike) -> list[str]:
    sql = "select distinct currency from v1_payment where currency is not null order by currency"
    return [row["currency"] for row in subject.rows(sql, {})]


def _with_payments(state: State, money: list[State]) -> State:
    """A tie of money is open as long as one of its payments is: they know the currency and the goods, it does not."""
    ids, classes = state.network.ids, state.network.edges["class"]
    pairs = [
        (ids[a], ids[b]) for a, b in zip(state.network.source.tolist(), state.network.target.tolist(), strict=True)
    ]
    severed = {"before": state.before.copy(), "after": state.after.copy()}
    for name, mask in severed.items():
        known: dict[tuple[str, str], bool] = {}
        for one in money:
            names, closed = one.network.ids, getattr(one, name)
            ends = zip(one.network.source.tolist(), one.network.target.tolist(), closed.tolist(), strict=True)
            for tail, head, is_closed in ends:
                pair = names[tail], names[head]
                known[pair] = known.get(pair, True) and is_closed
        for edge, pair in enumerate(pairs):
            if classes[edge] == "money" and pair in known:
                mask[edge] = known[pair]
    return replace(state, before=severed["before"], after=severed["after"])

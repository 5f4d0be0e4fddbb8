"""The verb on jurisdictions: what sits where, what crosses borders, and who acted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from finnet.analysis.borders import UNKNOWN
from finnet.analysis.interdiction.enforcement import EU
from finnet.api._choke_law import Law, law_of
from finnet.api._country_bites import BITES, bites_of, default_graph
from finnet.api._country_flows import CHAINED, Flows, file_record, flows_of
from finnet.api._currencies import about_each, apart_note, fair_cut
from finnet.api._network import CaseLike, as_network, by_currency
from finnet.api._scope import each_scoped, lists_alone
from finnet.errors import UsageError
from finnet.graph.caution import cautions
from finnet.graph.network import Network
from finnet.graph.rates import RateTable
from finnet.model.countries import alpha2
from finnet.model.schema import descendants
from finnet.report.answer import Answer, Row

__all__ = ["jurisdictions"]

_COLUMNS = (
    "country", "entities", "in", "out", "through", "currency", "sink", "conduit", *CHAINED, "listed", "captured",
    "representatives", "listed_by", "host_action", *BITES,
)  # fmt: skip

# Authorities by the names that lists and regimes use; the UN is no jurisdiction.
_AUTHORITIES: dict[str, frozenset[str]] = {
    "ofac": frozenset({"us"}),
    "office of foreign assets control": frozenset({"us"}),
    "bis": frozenset({"us"}),
    "eu": EU,
    "european union": EU,
    "council of the european union": EU,
    "european commission": EU,
    "ofsi": frozenset({"gb"}),
    "uk": frozenset({"gb"}),
    "hmt": frozenset({"gb"}),
    "hm treasury": frozenset({"gb"}),
    "fcdo": frozenset({"gb"}),
    "seco": frozenset({"ch"}),
    "un": frozenset(),
}
_NO_ACTION = "none recorded"


_NO_FLOW = {"in": 0, "out": 0, "through": 0, "currency": None, "sink": 0.0, "conduit": 0.0, **dict.fromkeys(CHAINED)}
_SHOWN = ("country", "entities", "in", "out", "through", "listed", "representatives", "listed_by", "host_action")
_SHOWN_WITH_BITES = ("country", *BITES, "entities", "in", "out", "through", "listed")


def jurisdictions(
    subject: CaseLike | Network,
    *,
    from_: str | None = None,
    to: str | None = None,
    in_force: str | None = None,
    enforcers: str = "all",
    regime: str = "none",
    size: str | Path = "none",
    revenue: str | Path | None = None,
    scope: str | None = None,
    graph: str | None = None,
    edges: str | None = None,
    currency: str | None = None,
    rates: str | Path | RateTable | None = None,
    as_of: str | None = None,
    min_grade: str | None = None,
    limit: int | None = None,
) -> Answer:
    """Countries, those with the most ties across their border first, ties by code.

    Parties, ships and other assets count under one country each. ``in`` and ``out`` are what crosses the border,
    ``through`` what the same party takes in from abroad and passes on abroad (the smaller of the two), in the network's
    unit; ``sink`` is (in - out) / all that crosses borders, ``conduit`` the country's share of all that passes through.
    Amounts in several currencies stand apart: one row per country and currency, never a sum. In a graph of holdings
    alone (``ownership``) both scores follow chains of holdings instead, along which value passes up from the owned to
    the owner, each company worth 1 or what the file ``revenue`` (CSV: id,revenue) says: ``conduit`` is then value on
    its way to a sink, ``conduit_in`` on its way from one, ``holders`` counts the parties there with holdings abroad.
    All are scores of finnet on this data; with ``size`` they are multiplied by all sizes over the country's own:
    *volume* is what crosses its border, a file (CSV: country,size) whatever it says, GDP for one. Who has no size has
    no score.
    ``representatives`` are those whose host the country is. ``host_action`` says whether an authority of the country
    itself lists any of the parties there; that no record says so does not mean that nothing was done. ``captured``
    counts those whom the rule of ``regime`` blocks though nobody lists them.
    The graph is ``everything`` unless said otherwise.

    With ``from_``, and ``to``, countries come in the order of what their enforcement takes away from what the one
    reaches, or pays to the other: ``bite_added`` to the coalition that ``enforcers`` names, ``bite_alone``. The graph
    is then that of the objective.
    """
    if from_ is None and (to is not None or in_force is not None or enforcers.casefold() != "all"):
        raise UsageError(
            "--to, --in-force and --enforcers ask what enforcement takes away", hint="say from whom: --from"
        )
    law = law_of(subject, regime, as_of)
    chosen: dict[str, Any] = {
        "graph": graph, "default": default_graph(from_, to), "edges": edges, "currency": currency, "rates": rates,
        "as_of": as_of, "min_grade": min_grade,
    }  # fmt: skip
    # What enforcement takes away is one figure, in one currency.
    networks = by_currency(subject, **chosen) if from_ is None else [as_network(subject, **chosen)]
    networks = each_scoped(subject, networks, scope)
    flows = [flows_of(network, size=size, revenue=revenue) for network in networks]
    first = networks[0]
    facts = _facts_of_network(networks) if isinstance(subject, Network) or scope else _facts_of_case(subject)
    inside = None if scope is None else {label for network in networks for label in network.ids}
    hosted = {} if isinstance(subject, Network) else _hosted(subject, inside)
    bites = None
    if from_ is not None:
        bites = bites_of(subject, first, from_=from_, to=to, in_force=in_force, enforcers=enforcers, law=law)
    bite = {} if bites is None else bites.rows
    captured = {} if law is None else _captured(subject, first, law)
    known = {*facts, *hosted, *bite}

    def row_of(code: str, flow: Row) -> Row:
        return {
            "country": code,
            "captured": None if law is None else captured.get(code, 0),
            **dict.fromkeys(BITES),
            **bite.get(code, {}),
            "representatives": len(hosted.get(code, ())) if not isinstance(subject, Network) else None,
            **flow,
            **_acted(code, facts.get(code)),
        }

    tables = [
        [row_of(code, one.rows.get(code, _NO_FLOW)) for code in _in_order(one, bite, known if len(flows) == 1 else ())]
        for one in flows
    ]
    if len(flows) > 1:
        tables.append([row_of(code, _NO_FLOW) for code in sorted(known.difference(*(one.rows for one in flows)))])
    rows = fair_cut(tables, limit)
    total = sum(map(len, tables))
    notes = [
        note if len(networks) == 1 else f"{network.unit}: {note}"
        for network in networks
        for note in (*network.notes, *cautions(network))
    ]
    notes += [*lists_alone(subject, first), *(note for one in flows for note in one.notes), *apart_note(networks)]
    if unknown := facts.get(UNKNOWN, {}).get("entities", 0):
        notes.append(f"{unknown:,} parties have no country on record and count under {UNKNOWN!r}")
    if bites is not None:
        notes += bites.notes
    return Answer(
        command="jurisdictions",
        columns=_COLUMNS,
        shown=_shown(flows, has_bites=bites is not None, apart=len(flows) > 1),
        rows=rows,
        summary={
            "countries": len({row["country"] for table in tables for row in table} - {UNKNOWN}),
            **({} if bites is None else bites.summary),
            **({} if law is None else {"regime": law.words}),
            **flows[0].summary,
            **about_each(networks, scope),
        },
        notes=tuple(dict.fromkeys(notes)),
        params={
            "from": from_,
            "to": to,
            "in_force": in_force,
            "enforcers": enforcers,
            "regime": regime,
            "size": file_record(size),
            "revenue": file_record(revenue),
            "scope": scope,
            "graph": first.recipe,
            "limit": limit,
            **{name: value for name, value in first.choices.items() if len(networks) == 1 or name != "currency"},
        },
        truncated=len(rows) < total,
        total=total,
    )


def _in_order(flows: Flows, bite: Mapping[str, Row], besides: Collection[str]) -> list[str]:
    """The most bite first, then the most that crosses the border, then by code."""
    return sorted(
        {*flows.rows, *besides},
        key=lambda code: (-(bite.get(code, {}).get("bite_added") or 0), -_crossing(flows.rows.get(code)), code),
    )


def _crossing(row: Row | None) -> Any:
    return 0 if row is None else row["in"] + row["out"]


def _shown(flows: Sequence[Flows], *, has_bites: bool, apart: bool) -> tuple[str, ...]:
    shown = _SHOWN_WITH_BITES if has_bites else _SHOWN
    if apart:
        return (shown[0], "currency", *shown[1:])
    return (*shown[:5], "sink", "conduit", *shown[5:]) if flows[0].is_chained else shown


def _captured(subject: CaseLike | Network, network: Network, law: Law) -> dict[str, int]:
    """How many the rule captures from what is listed, by country; in the network or not."""
    found = law.cascade(network, law.listed).ids_at_first
    rows = subject.rows(  # type: ignore[union-attr]  # a law comes from a case
        "select coalesce(country, $unknown) as code, count(*) as parties from v1_party"
        " where canonical_id in (select unnest($ids)) group by code order by code",
        {"unknown": UNKNOWN, "ids": list(found)},
    )
    return {row["code"]: row["parties"] for row in rows}


def _facts_of_case(case: CaseLike) -> dict[str, Row]:
    found = case.rows(
        """
        select coalesce(country, $unknown) as code, count(*) as entities,
            count(*) filter (len(authorities) > 0) as listed,
            list_sort(list_distinct(flatten(list(authorities)))) as listed_by
        from v1_party where not missing and list_contains($kinds, schema) group by code order by code
        """,
        {"unknown": UNKNOWN, "kinds": sorted(descendants("LegalEntity") | descendants("Asset"))},
    )
    return {row["code"]: {name: row[name] for name in ("entities", "listed", "listed_by")} for row in found}


def _facts_of_network(networks: Sequence[Network]) -> dict[str, Row]:
    facts: dict[str, Row] = {}
    parties: dict[str, tuple[str | None, Sequence[str]]] = {}
    for network in networks:
        countries = network.vertices.get("country", [None] * network.size)
        authorities = network.vertices.get("authorities", [()] * network.size)
        parties.update(zip(network.ids, zip(countries, authorities, strict=True), strict=True))
    for country, listing in parties.values():
        entry = facts.setdefault(country or UNKNOWN, {"entities": 0, "listed": 0, "listed_by": []})
        entry["entities"] += 1
        entry["listed"] += bool(listing)
        entry["listed_by"] = sorted({*entry["listed_by"], *listing})
    return facts


def _hosted(case: CaseLike, inside: set[str] | None) -> dict[str, set[str]]:
    """Representatives by host country: where the link says they act, else where the representative is counted."""
    found = case.rows(
        """
        select distinct v1_link.source_id as agent, coalesce(v1_link.country, v1_party.country) as host
        from v1_link left join v1_party on v1_party.canonical_id = v1_link.source_id
        where v1_link.class = 'representation' and coalesce(v1_link.country, v1_party.country) is not null
        order by host, agent
        """,
        {},
    )
    hosts: dict[str, set[str]] = {}
    for row in found:
        if inside is None or row["agent"] in inside:
            hosts.setdefault(row["host"], set()).add(row["agent"])
    return hosts


def _acted(code: str, facts: Mapping[str, Any] | None) -> Row:
    if facts is None:
        return {"entities": 0, "listed": 0, "listed_by": [], "host_action": _NO_ACTION}
    own = [name for name in facts["listed_by"] if code in _seat(name)]
    return {**facts, "host_action": f"listed by {', '.join(own)}" if own else _NO_ACTION}


def _seat(authority: str) -> frozenset[str]:
    known = _AUTHORITIES.get(authority.casefold())
    if known is not None:
        return known
    code = alpha2(authority)
    return frozenset({code}) if code else frozenset()

"""The verb on jurisdictions: what sits where, what crosses borders, and who acted."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from math import isnan
from pathlib import Path
from typing import Any

from finnet.analysis.borders import UNKNOWN, Borders, cross_border
from finnet.analysis.interdiction.enforcement import EU
from finnet.api._choke_law import Law, law_of
from finnet.api._country_bites import BITES, bites_of, default_graph
from finnet.api._describe import about
from finnet.api._network import CaseLike, as_network
from finnet.api._scope import lists_alone, scoped
from finnet.errors import UsageError, quoted
from finnet.graph.caution import cautions
from finnet.graph.network import Network
from finnet.graph.rates import RateTable
from finnet.model.countries import alpha2
from finnet.model.schema import descendants
from finnet.report.answer import Answer, Row

__all__ = ["jurisdictions"]

_COLUMNS = (
    "country", "entities", "in", "out", "through", "sink", "conduit", "listed", "captured", "representatives",
    "listed_by", "host_action", *BITES,
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
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_NO_ACTION = "none recorded"


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
    Both are scores of finnet on this data; with ``size`` they are multiplied by all sizes over the country's own:
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
    network = as_network(
        subject, graph=graph, default=default_graph(from_, to), edges=edges, currency=currency, rates=rates,
        as_of=as_of, min_grade=min_grade,
    )  # fmt: skip
    network = scoped(subject, network, scope)
    where = network.vertices.get("country", [None] * network.size)
    borders = cross_border(network, list(where))
    facts = _facts_of_network(network) if isinstance(subject, Network) or scope else _facts_of_case(subject)
    hosted = {} if isinstance(subject, Network) else _hosted(subject, None if scope is None else set(network.ids))
    sizes = _sizes(size, borders)
    flows = _flows(network, borders, sizes)
    bites = None
    if from_ is not None:
        bites = bites_of(subject, network, from_=from_, to=to, in_force=in_force, enforcers=enforcers, law=law)
    bite = {} if bites is None else bites.rows
    captured = {} if law is None else _captured(subject, network, law)
    names = sorted(
        {*flows, *facts, *hosted, *bite},
        key=lambda code: (-(bite.get(code, {}).get("bite_added") or 0), -_crossing(flows.get(code)), code),
    )
    rows = [
        {
            "country": code,
            "captured": None if law is None else captured.get(code, 0),
            **dict.fromkeys(BITES),
            **bite.get(code, {}),
            "representatives": len(hosted.get(code, ())) if not isinstance(subject, Network) else None,
            "in": 0, "out": 0, "through": 0, "sink": 0.0, "conduit": 0.0,
            **flows.get(code, {}),
            **_acted(code, facts.get(code)),
        }
        for code in names
    ]  # fmt: skip
    cut = rows if limit is None else rows[:limit]
    unknown = facts.get(UNKNOWN, {}).get("entities", 0)
    notes = [*network.notes, *cautions(network), *lists_alone(subject, network)]
    if unknown:
        notes.append(f"{unknown:,} parties have no country on record and count under {UNKNOWN!r}")
    if bites is not None:
        notes += bites.notes
    return Answer(
        command="jurisdictions",
        columns=_COLUMNS,
        shown=_SHOWN if bites is None else _SHOWN_WITH_BITES,
        rows=cut,
        summary={
            "countries": len([name for name in names if name != UNKNOWN]),
            **({} if bites is None else bites.summary),
            **({} if law is None else {"regime": law.words}),
            **({} if sizes is None else {"size": str(size) if str(size) == "volume" else Path(size).name}),
            **about(network, scope),
        },
        notes=tuple(notes),
        params={
            "from": from_,
            "to": to,
            "in_force": in_force,
            "enforcers": enforcers,
            "regime": regime,
            "size": str(size),
            "scope": scope,
            "graph": network.recipe,
            "limit": limit,
            **network.choices,
        },
        truncated=len(cut) < len(rows),
        total=len(rows),
    )


def _captured(subject: CaseLike | Network, network: Network, law: Law) -> dict[str, int]:
    """How many the rule captures from what is listed, by country; in the network or not."""
    found = law.cascade(network, law.listed).ids_at_first
    rows = subject.rows(  # type: ignore[union-attr]  # a law comes from a case
        "select coalesce(country, $unknown) as code, count(*) as parties from v1_party"
        " where canonical_id in (select unnest($ids)) group by code order by code",
        {"unknown": UNKNOWN, "ids": list(found)},
    )
    return {row["code"]: row["parties"] for row in rows}


def _flows(network: Network, borders: Borders, sizes: Mapping[str, float] | None) -> dict[str, Row]:
    exact = network.minor is not None
    columns = {"in": borders.received, "out": borders.sent, "through": borders.through}
    sink, conduit = borders.sink(sizes), borders.conduit(sizes)
    return {
        code: {
            **{
                name: network.amount(int(values[place])) if exact else _plain(float(values[place]))
                for name, values in columns.items()
            },
            "sink": None if isnan(sink[place]) else float(sink[place]),
            "conduit": None if isnan(conduit[place]) else float(conduit[place]),
        }
        for place, code in enumerate(borders.countries)
    }


def _sizes(size: str | Path, borders: Borders) -> Mapping[str, float] | None:
    """The size of each country: none, what crosses its border, or what a table says."""
    if str(size) == "none":
        return None
    if str(size) == "volume":
        return borders.volume()
    path = Path(size)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(
            f"--size {quoted(path)}: cannot be read", hint="none, volume, or a CSV: country,size"
        ) from error
    sizes: dict[str, float] = {}
    for number, row in enumerate(rows, start=1):
        if number == 1 and [cell.strip().casefold() for cell in row[:2]] == ["country", "size"]:
            continue
        code = alpha2(row[0].strip()) if len(row) == 2 else None
        if code is None or not (_NUMBER.fullmatch(row[1].strip()) and float(row[1]) > 0):
            raise UsageError(
                f"{path.name} line {number}: {quoted(','.join(row))} is not country,size", hint="as in de,4500"
            )
        if code in sizes:
            raise UsageError(f"{path.name} line {number}: {quoted(row[0])} stands there twice")
        sizes[code] = float(row[1])
    return sizes


def _plain(value: float) -> int | float:
    return int(value) if value.is_integer() else value


def _crossing(row: Row | None) -> Any:
    return 0 if row is None else row["in"] + row["out"]


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


def _facts_of_network(network: Network) -> dict[str, Row]:
    facts: dict[str, Row] = {}
    countries = network.vertices.get("country", [None] * network.size)
    authorities = network.vertices.get("authorities", [()] * network.size)
    for country, listing in zip(countries, authorities, strict=True):
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

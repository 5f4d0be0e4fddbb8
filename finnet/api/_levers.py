"""Levers in a case: what each of them aims at in this network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from finnet.analysis.interdiction.enforcement import Enforcers, coalition, standing
from finnet.analysis.interdiction.lever_file import Lever
from finnet.analysis.interdiction.measures import Effect, Measures
from finnet.analysis.interdiction.situation import BoolArray, numbers
from finnet.api._choke_law import Law
from finnet.api._network import CaseLike
from finnet.errors import UsageError
from finnet.graph.network import IntArray, Network
from finnet.model.listed import is_listed

__all__ = ["BY_GOODS", "by_goods", "effects_of", "measures_of", "programs_of"]

BY_GOODS = "payments_by_commodity"  # the recipe in which an embargo can sever a part of what two parties pay

Select = Callable[[str], Sequence[str]]

_PROGRAMS = """
select distinct p.canonical_id as party, lower(l.program) as program, l.authority, l.listed_on, l.delisted_on
from v1_listing l join (select distinct entity_id, canonical_id from v1_entity) p on p.entity_id = l.entity_id
where l.program is not null
order by party, program
"""


def by_goods(levers: Sequence[Lever], graph: str | None, default: str) -> str:
    """The recipe to take by default: payments good by good where a lever is an embargo."""
    embargo = any(lever.kind == "embargo" for lever in levers)
    return BY_GOODS if graph is None and default == "payments" and embargo else default


def effects_of(levers: Sequence[Lever], network: Network, select: Select, warnings: list[str]) -> list[Effect]:
    """What each lever does in this network; what aims at nothing is told in ``warnings``."""
    return [_effect(lever, network, select, warnings) for lever in levers]


def measures_of(
    network: Network,
    effects: Sequence[Effect],
    *,
    in_force: Sequence[str],
    programs: Mapping[str, frozenset[str]],
    enforcers: Enforcers,
    law: Law | None,
    exempt: IntArray,
) -> Measures:
    """These effects over what is in force, under a law.

    Raises: UsageError where some only enforce and no country is recorded.
    """
    where = standing(network)
    if not enforcers.are_all and not len(where.names):
        raise UsageError("this network records no countries: nobody can be told to enforce", hint="use --enforcers all")
    return Measures(
        network=network,
        effects=effects,
        in_force=frozenset(in_force),
        programs=programs,
        enforcers=enforcers,
        where=where,
        exempt=exempt,
        cascade=None if law is None else lambda ids: law.cascade(network, sorted(ids)),
    )


def programs_of(subject: CaseLike | Network, law: Law | None, as_of: str | None) -> dict[str, frozenset[str]]:
    """Under which programmes everybody is listed on that date, by the authorities of the law if there is one."""
    if isinstance(subject, Network):
        columns = subject.vertices.get("programs", [()] * subject.size)
        return {
            label: frozenset(str(one).casefold() for one in programs or ())
            for label, programs in zip(subject.ids, columns, strict=True)
        }
    wanted = None if law is None else {authority.casefold() for authority in law.regime.authorities}
    found: dict[str, set[str]] = {}
    for row in subject.rows(_PROGRAMS, {}):
        counts = wanted is None or str(row["authority"]).casefold() in wanted
        if counts and is_listed(row["listed_on"], row["delisted_on"], as_of):
            found.setdefault(row["party"], set()).add(row["program"])
    return {party: frozenset(programs) for party, programs in found.items()}


def _effect(lever: Lever, network: Network, select: Select, warnings: list[str]) -> Effect:
    takers = coalition(lever.by)

    def named(selector: str | None) -> tuple[str, ...]:
        found = () if selector is None else tuple(select(selector))
        if selector is not None and not found:
            warnings.append(f"{lever.id}: {selector} matches nobody")
        return found

    def refused_to(parties: Sequence[str], served: BoolArray | None) -> Effect:
        inside = numbers(network.number[one] for one in parties if one in network.number)
        edges = np.isin(network.source, inside) | np.isin(network.target, inside)
        if served is not None:
            edges &= served
        return Effect(withheld=np.flatnonzero(edges), refused=inside, served=served, takers=takers)

    match lever.kind:
        case "designate":
            return Effect(designated=named(lever.who), takers=takers)
        case "enforce":
            return Effect(joining=coalition(lever.where))
        case "relieve":
            patterns = tuple(one.casefold() for one in lever.program)
            return Effect(relieved=named(lever.who), programs=patterns, takers=takers)
        case "embargo":
            forbidden = np.flatnonzero(_carrying(lever, network, warnings))
            return Effect(forbidden=forbidden, takers=takers)
        case "correspondent":
            return refused_to(named(lever.bank), _in_currency(lever, network, warnings))
        case _:
            return refused_to(named(lever.vessel), None)


def _carrying(lever: Lever, network: Network, warnings: list[str]) -> BoolArray:
    goods = network.edges.get("commodity")
    if goods is None:
        warnings.append(f"{lever.id}: this graph does not say what is traded; --graph {BY_GOODS} does, or maritime")
        return np.zeros(network.edge_count, bool)
    patterns = [one.casefold() for one in lever.commodity]

    def is_under(text: object) -> bool:
        """A link for several goods is severed where all of them are."""
        parts = [part.strip().casefold() for part in str(text or "").split(";")]
        return all(any(_like(part, pattern) for pattern in patterns) for part in parts)

    mask = np.fromiter((bool(one) and is_under(one) for one in goods), bool, network.edge_count)
    if not mask.any():
        warnings.append(f"{lever.id}: no link of this graph is for {', '.join(lever.commodity)}")
    return mask


def _in_currency(lever: Lever, network: Network, warnings: list[str]) -> BoolArray | None:
    """Per edge: whether it is in a currency of the lever; None where it aims at all."""
    if not lever.currency:
        return None
    codes = {one.upper() for one in lever.currency}
    column = network.edges.get("currency")
    if column is None:
        warnings.append(f"{lever.id}: the links of this graph have no currency")
        return np.zeros(network.edge_count, bool)
    return np.fromiter((str(one).upper() in codes for one in column), bool, network.edge_count)


def _like(text: str, pattern: str) -> bool:
    return text.startswith(pattern[:-1]) if pattern.endswith("*") else text == pattern

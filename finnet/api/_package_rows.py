"""The rows of an answer about a package of measures: who is blocked or freed, links, groups, collateral, reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from finnet.analysis.interdiction.difference import cut_off, pieces, splits
from finnet.analysis.interdiction.measures import Measures
from finnet.analysis.interdiction.reach_network import reached
from finnet.analysis.interdiction.situation import BoolArray, Situation
from finnet.api._network import CaseLike
from finnet.api._package import ends_in
from finnet.graph.network import Network
from finnet.report.answer import Row

__all__ = ["COLUMNS", "Captions", "State", "change_rows", "counted", "group_count", "reachable", "totals", "turned"]

COLUMNS = ("change", "id", "caption", "country", "how", "class", "currency", "value")
_PARTS_SHOWN = 6
_IDS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A network with what is severed before and after the package."""

    network: Network
    measures: Measures
    before: BoolArray
    after: BoolArray


def change_rows(captions: Captions, states: Sequence[State], chosen: frozenset[int]) -> list[Row]:
    """All that changes; people, groups and collateral by the first network, links by each."""
    main = states[0]
    blocked, freed = turned(main.measures, chosen)
    return [
        *_people(captions, "newly blocked", blocked, main),
        *_people(captions, "newly freed", freed, main),
        *_links(states),
        *_groups(main, chosen),
        *_collateral(captions, main, chosen),
    ]


def turned(measures: Measures, chosen: frozenset[int]) -> tuple[dict[str, str], dict[str, str]]:
    """Who is blocked only after, and who only before: id -> how."""
    said = []
    for taken in (frozenset[int](), chosen):
        rule = dict.fromkeys(measures.captured(taken), "captured by rule")
        said.append(rule | dict.fromkeys(sorted(measures.listed(taken)), "designated"))
    before, after = said
    ended = {"designated": "delisted", "captured by rule": "no longer captured"}
    return (
        {one: how for one, how in sorted(after.items()) if one not in before},
        {one: ended[how] for one, how in sorted(before.items()) if one not in after},
    )


class Captions:
    """What a party is called, and where it is; also of those in no network."""

    def __init__(self, subject: CaseLike | Network, networks: Sequence[Network]) -> None:
        self._networks = networks
        self._subject = subject
        self._others: dict[str, Mapping[str, Any]] = {}

    def fetch(self, ids: Sequence[str]) -> None:
        """Look up those who are in none of the networks."""
        missing = [one for one in ids if not any(one in network.number for network in self._networks)]
        if missing and not isinstance(self._subject, Network):
            sql = (
                "select canonical_id, caption, country from v1_party where canonical_id in (select unnest($ids))"
                " order by canonical_id"
            )
            found = self._subject.rows(sql, {"ids": missing})
            self._others |= {row["canonical_id"]: row for row in found}

    def cells(self, party: str) -> Row:
        """id, caption and country."""
        for network in self._networks:
            if party in network.number:
                place = network.number[party]
                caption, country = (network.vertices.get(name) for name in ("caption", "country"))
                return {
                    "id": party,
                    "caption": (caption[place] if caption is not None else None) or party,
                    "country": None if country is None else country[place],
                }
        known = self._others.get(party, {})
        return {"id": party, "caption": known.get("caption") or party, "country": known.get("country")}


def _people(captions: Captions, change: str, parties: Mapping[str, str], state: State) -> list[Row]:
    """Each party, and how many links it loses or wins back."""
    captions.fetch(list(parties))
    changed = state.before != state.after
    rows = []
    for party, how in parties.items():
        place = state.network.number.get(party, -1)
        links = changed & ((state.network.source == place) | (state.network.target == place))
        rows.append({**_empty(change), **captions.cells(party), "how": how, "value": int(links.sum())})
    return rows


def _links(states: Sequence[State]) -> list[Row]:
    rows = []
    for change, first, second in (("severed", "before", "after"), ("restored", "after", "before")):
        for place, state in enumerate(states):
            changed = np.flatnonzero(getattr(state, second) & ~getattr(state, first))
            if state.network.minor is not None:
                if len(changed):
                    amount = state.network.amount(int(state.network.minor[changed].sum()))
                    rows.append({**_empty(change), "class": "money", "currency": state.network.unit, "value": amount})
                continue
            classes = state.network.edges.get("class")
            counts: dict[str | None, int] = {}
            for edge in changed.tolist():
                kind = None if classes is None else classes[edge]
                if place or len(states) == 1 or kind != "money":
                    counts[kind] = counts.get(kind, 0) + 1
            rows += [
                {**_empty(change), "class": kind, "value": count}
                for kind, count in sorted(counts.items(), key=lambda one: str(one[0]))
            ]
    return rows


def _groups(state: State, chosen: frozenset[int]) -> list[Row]:
    """Groups that fall apart, and groups that come together: those who are blocked on either side are not counted."""
    rows = []
    for change, first, second, taken in (
        ("group split", state.before, state.after, chosen),
        ("groups joined", state.after, state.before, frozenset[int]()),
    ):
        gone = _blocked(state, taken)
        for split in splits(state.network, first, second, gone):
            sizes = " + ".join(str(size) for size in split.parts[:_PARTS_SHOWN])
            more = " + …" if len(split.parts) > _PARTS_SHOWN else ""
            rows.append(
                {
                    **_empty(change),
                    "id": state.network.ids[split.members[0]],
                    "caption": f"{len(split.members):,} parties: {sizes}{more}",
                    "value": len(split.parts),
                }
            )
    return rows


def _collateral(captions: Captions, state: State, chosen: frozenset[int]) -> list[Row]:
    who, lost = cut_off(state.network, state.before, state.after, _blocked(state, chosen))
    return [
        {**_empty("cut off"), **captions.cells(state.network.ids[place]), "value": count}
        for place, count in zip(who.tolist(), lost.tolist(), strict=True)
    ]


def _blocked(state: State, chosen: frozenset[int]) -> BoolArray:
    mask = np.zeros(state.network.size, bool)
    mask[state.measures.vertices([*state.measures.listed(chosen), *state.measures.captured(chosen)])] = True
    return mask


def group_count(network: Network, severed: BoolArray) -> int:
    """Pieces of two parties or more."""
    return int((np.bincount(pieces(network, severed)) > 1).sum()) if network.size else 0


def reachable(subject: CaseLike | Network, state: State, from_: str | None) -> dict[str, Any] | None:
    """Whom these parties reach along the ties' direction, before and after."""
    if from_ is None:
        return None
    network, nothing = state.network, np.empty(0, np.int64)
    seeds, _ = ends_in(subject, network, from_, None)
    situation = Situation(
        network=network, sources=seeds, exits=nothing, candidates=nothing, in_force=nothing,
        cost=np.ones(network.size, np.int64), forced=nothing,
    )  # fmt: skip
    was, now = (reached(situation, severed) for severed in (state.before, state.after))
    was[seeds] = now[seeds] = False
    return {
        "before": int(was.sum()),
        "after": int(now.sum()),
        "no longer": [network.ids[one] for one in np.flatnonzero(was & ~now)[:_IDS_SHOWN].tolist()],
        "newly": [network.ids[one] for one in np.flatnonzero(now & ~was)[:_IDS_SHOWN].tolist()],
    }


def counted(parties: Mapping[str, str]) -> dict[str, int]:
    """How many by each way."""
    how = list(parties.values())
    return {one: how.count(one) for one in sorted(set(how))}


def totals(rows: Sequence[Row], change: str) -> dict[str, Any]:
    """What is severed, or restored, per class and currency."""
    return {
        f"{row['class']} {row['currency']}" if row["currency"] else str(row["class"] or "links"): row["value"]
        for row in rows
        if row["change"] == change
    }


def _empty(change: str) -> Row:
    return {**dict.fromkeys(COLUMNS), "change": change}

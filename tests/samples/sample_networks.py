"""The sample as a reader of its files sees it: nothing here comes from the generator but the files."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import networkx as nx
from python_calamine import CalamineWorkbook

__all__ = ["BruteForce", "fewest_pairs", "read_entities", "read_influence", "read_widths", "tagged"]


def read_entities(folder: Path) -> list[dict[str, Any]]:
    """All FollowTheMoney entities of the sample."""
    return [json.loads(line) for line in (folder / "entities.ftm.json").read_text(encoding="utf-8").splitlines()]


def tagged(folder: Path, tag: str) -> list[str]:
    """The ids of the entities that bear a tag."""
    return [one["id"] for one in read_entities(folder) if tag in one["properties"].get("keywords", ())]


def read_influence(folder: Path) -> set[tuple[str, str]]:
    """Pairs of parties tied by ownership, a post, representation or a link, in either direction."""
    ends = {
        "Ownership": ("owner", "asset"),
        "Directorship": ("director", "organization"),
        "UnknownLink": ("subject", "object"),
    }
    found = set()
    for one in read_entities(folder):
        if one["schema"] in ends:
            left, right = ends[one["schema"]]
            found.add((one["properties"][left][0], one["properties"][right][0]))
    sheet = CalamineWorkbook.from_path(str(folder / "register.xlsx")).get_sheet_by_name("Register").to_python()
    header, *rows = sheet[2:]
    owner, company = header.index("Owner"), header.index("Company")
    with (folder / "offices.csv").open(encoding="utf-8") as file:
        offices = [(row["representative"], row["principal"]) for row in csv.DictReader(file)]
    return found | {(str(row[owner]), str(row[company])) for row in rows} | set(offices)


def fewest_pairs(ties: set[tuple[str, str]], barred: set[str], size: int) -> tuple[int, list[tuple[str, ...]]]:
    """The fewest connected pairs that any set of that size leaves, and all sets that leave them, by trying every one.

    Sets of parties are the bits of an integer, which makes fifty thousand searches a matter of seconds.
    """
    names = sorted({name for tie in ties for name in tie})
    bit = {name: 1 << place for place, name in enumerate(names)}
    near = dict.fromkeys(bit.values(), 0)
    for one, other in ties:
        near[bit[one]] |= bit[other]
        near[bit[other]] |= bit[one]

    def pairs(left: int) -> int:
        total = 0
        while left:
            piece = front = left & -left
            while front:
                step = front & -front
                fresh = near[step] & left & ~piece
                piece |= fresh
                front = (front ^ step) | fresh
            total += piece.bit_count() * (piece.bit_count() - 1) // 2
            left &= ~piece
        return total

    everybody = (1 << len(names)) - 1
    values: dict[int, list[tuple[str, ...]]] = defaultdict(list)
    for chosen in combinations([name for name in names if name not in barred], size):
        values[pairs(everybody & ~sum(bit[name] for name in chosen))].append(chosen)
    least = min(values)
    return least, values[least]


def read_widths(folder: Path, currency: str | None) -> dict[tuple[str, str], int]:
    """Cents that moved from one party to another: in one currency, or in all by the rate of the day, in the base.

    Each payment is converted by itself at the latest rate on or before its day; per currency reversals are taken off,
    and what nets to nothing or less is no tie. An intermediary splits a payment in two.
    """
    with (folder / "rates.csv").open(encoding="utf-8") as file:
        rates = sorted((row["currency"], row["date"], Decimal(row["rate"])) for row in csv.DictReader(file))
    net: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    with (folder / "payments.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            amount, code = Decimal(row["amount"]), row["currency"]
            if currency is None and code != "USD":
                known = [rate for one, since, rate in rates if one == code and since <= row["booked"]]
                amount = (amount * known[-1]).quantize(Decimal("0.01"))  # half to even
            if currency in (None, code):
                stops = [stop for stop in (row["payer"], row["through"], row["beneficiary"]) if stop]
                for payer, beneficiary in pairwise(stops):
                    net[payer, beneficiary, code] += amount
    width: dict[tuple[str, str], int] = defaultdict(int)
    for (payer, beneficiary, _), amount in net.items():
        if amount > 0:
            width[payer, beneficiary] += int(amount * 100)
    return dict(width)


class BruteForce:
    """What is left of the maximum flow without given parties, by networkx, and the best of all sets of a size.

    Two things are used to save time, and no others: who is on no way from a seed to an exit carries no flow; and a
    party takes out at most what passes through it in some maximum flow, so that a set need not be solved if that, taken
    off what is left without the others of the set, is more than another set leaves.
    """

    def __init__(self, width: dict[tuple[str, str], int], seeds: Iterable[str], exits: Iterable[str]) -> None:
        self.seeds, self.exits = sorted(seeds), sorted(exits)
        ends = {**dict.fromkeys(self.seeds, "SEEDS"), **dict.fromkeys(self.exits, "EXITS")}  # nobody takes these out
        whole: nx.DiGraph[str] = nx.DiGraph()
        for (payer, beneficiary), amount in width.items():
            one, other = ends.get(payer, payer), ends.get(beneficiary, beneficiary)
            before = whole.edges[one, other]["capacity"] if whole.has_edge(one, other) else 0
            whole.add_edge(one, other, capacity=before + amount)
        on_the_way = (nx.descendants(whole, "SEEDS") | {"SEEDS"}) & (nx.ancestors(whole, "EXITS") | {"EXITS"})
        self.graph: nx.DiGraph[str] = nx.DiGraph(whole.subgraph(on_the_way))
        self._residual = nx.algorithms.flow.build_residual_network(self.graph, "capacity")
        self._known: dict[frozenset[str], tuple[int, dict[str, int]]] = {}

    def left(self, chosen: Iterable[str]) -> int:
        """The maximum flow without the chosen."""
        return self._solve(frozenset(self.graph.nodes & set(chosen)))[0]

    def best(self, candidates: Iterable[str], size: int) -> tuple[int, list[tuple[str, ...]]]:
        """The least that is left by any set of that size, and all sets that leave it."""
        offered = sorted(set(candidates) & self.graph.nodes)
        bounds = sorted((self._at_least(frozenset(chosen)), chosen) for chosen in combinations(offered, size))
        least, found = self.left(()), list[tuple[str, ...]]()
        for bound, chosen in bounds:
            if bound > least:
                break
            value = self.left(chosen)
            if value < least:
                least, found = value, []
            if value == least:
                found.append(chosen)
        return least, found

    def _at_least(self, chosen: frozenset[str]) -> int:
        if len(chosen) <= 1:
            return self._solve(chosen)[0]
        others = ((one, self._solve(chosen - {one})) for one in chosen)
        return max(value - through.get(one, 0) for one, (value, through) in others)

    def _solve(self, chosen: frozenset[str]) -> tuple[int, dict[str, int]]:
        if chosen not in self._known:
            for one in chosen:
                if (rest := self._known.get(chosen - {one})) and one not in rest[1]:
                    return self._known.setdefault(chosen, rest)
            shut = [
                (edge, edge["capacity"])
                for one in chosen
                for other in self._residual[one]
                for edge in (self._residual[one][other], self._residual[other][one])
            ]
            for edge, _ in shut:
                edge["capacity"] = 0
            flow = nx.algorithms.flow.dinitz(self.graph, "SEEDS", "EXITS", residual=self._residual)
            through = {
                party: amount
                for party, edges in flow.adjacency()
                if (amount := sum(edge["flow"] for edge in edges.values() if edge["flow"] > 0))
            }
            self._known[chosen] = flow.graph["flow_value"], through
            for edge, capacity in reversed(shut):
                edge["capacity"] = capacity
        return self._known[chosen]

"""The planted answers are theorems: thirty small cases against brute force by networkx, from the files alone."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from sample_networks import BruteForce, fewest_pairs, read_entities, read_influence, read_widths, tagged

from finnet.samples._flow_theorem import flow_left
from finnet.samples.cold_harbour import make

CURRENCIES = {"choke_rates": None, "choke_usd": "USD"}
FLOW = ("alpha", "beta", "gamma", "delta")

# (seed, outlets of a channel, channels): in most the brokers pay the exits themselves; in some a channel runs through a
# listed trading house, or through a bureau of the target state.
VARIANTS = [
    *((seed, 0, FLOW) for seed in range(22)),
    *((seed, 0, (*FLOW, "eta")) for seed in range(22, 25)),
    *((seed, 0, (*FLOW, "theta")) for seed in range(25, 28)),
    *((seed, 3, FLOW) for seed in range(28, 30)),
]


def question(folder: Path, name: str) -> dict[str, Any]:
    """A planted answer as it is written down beside the data."""
    document = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = next(one for one in document["questions"] if one["id"] == name)
    return found


def cents(text: str) -> int:
    return round(float(text) * 100)


def may_be_chosen(folder: Path) -> list[str]:
    """Everybody described who is neither seed nor exit, nor listed, nor of the state of more than half the seeds."""
    entities = read_entities(folder)
    listed = {
        one["properties"]["entity"][0]
        for one in entities
        if one["schema"] == "Sanction" and "endDate" not in one["properties"]
    }
    ends = {*tagged(folder, "source"), *tagged(folder, "exit")}
    return [
        one["id"]
        for one in entities
        if one["id"] not in listed | ends and one["properties"].get("jurisdiction") != ["kp"]
    ]


def naive_lists(width: dict[tuple[str, str], int], candidates: set[str], size: int) -> dict[str, list[str]]:
    """The first ``size`` candidates by degree, betweenness and volume of the whole network; ties by id."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    volume: dict[str, int] = defaultdict(int)
    for (payer, beneficiary), amount in width.items():
        graph.add_edge(payer, beneficiary, length=1 / amount)
        volume[payer] += amount
        volume[beneficiary] += amount
    scores: dict[str, Mapping[str, float]] = {
        "degree": dict(nx.Graph(graph).degree()),
        "betweenness": nx.betweenness_centrality(graph, weight="length"),
        "volume": volume,
    }
    return {
        name: sorted(candidates & score.keys(), key=lambda party: (-score[party], party))[:size]
        for name, score in scores.items()
    }


@pytest.mark.parametrize(("seed", "outlets", "channels"), VARIANTS)
def test_the_planted_sets_are_the_only_best_ones(
    tmp_path: Path, seed: int, outlets: int, channels: tuple[str, ...]
) -> None:
    make(
        seed,
        entities=160,
        payments=400,
        entries=3,
        outlets=outlets,
        rounds=1,
        channels=channels,
        companies=(8, 8, 6, 5),
    ).write(tmp_path)
    candidates = set(may_be_chosen(tmp_path))
    for name, currency in CURRENCIES.items():
        planted = question(tmp_path, name)
        width = read_widths(tmp_path, currency)
        force = BruteForce(width, tagged(tmp_path, "source"), tagged(tmp_path, "exit"))
        before, after = cents(planted["before"]), cents(planted["after"])
        assert force.left(()) == before
        assert force.best(candidates, 3) == (after, [tuple(planted["best"])])
        one, other, _ = planted["best"]
        assert [force.left([one]), force.left([other])] == [before, before]
        assert force.left([one, other]) < before
        for listed in naive_lists(width, candidates, 3).values():
            assert force.left(listed) > after


@pytest.mark.parametrize("currency", [None, "USD"])
def test_the_formula_is_what_networkx_finds_for_any_set(shipped: Path, currency: str | None) -> None:
    # The shipped case: single parties, and sets of up to eight out of all channels, brokers more often than others.
    case = make()
    answer = case.flow if currency is None else case.flow_usd
    force = BruteForce(read_widths(shipped, currency), tagged(shipped, "source"), tagged(shipped, "exit"))
    brokers = [broker for channel in case.channels for broker in channel.design.brokers]
    others = [party for channel in case.channels for party in (*channel.entries, *channel.outlets)]
    chance = random.Random(5)
    sets = [
        chance.sample(brokers, chance.randint(0, 5)) + chance.sample(others, chance.randint(0, 3)) for _ in range(60)
    ]
    assert [force.left(chosen) for chosen in sets] == [flow_left(answer.channels, chosen) for chosen in sets]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "currency"), CURRENCIES.items())
def test_the_shipped_sets_are_the_only_best_ones(shipped: Path, name: str, currency: str | None) -> None:
    planted = question(shipped, name)
    force = BruteForce(read_widths(shipped, currency), tagged(shipped, "source"), tagged(shipped, "exit"))
    assert force.best(may_be_chosen(shipped), 3) == (cents(planted["after"]), [tuple(planted["best"])])


@pytest.mark.parametrize(("name", "currency"), CURRENCIES.items())
def test_the_big_bank_is_first_on_every_list_and_changes_nothing(
    shipped: Path, name: str, currency: str | None
) -> None:
    width = read_widths(shipped, currency)
    force = BruteForce(width, tagged(shipped, "source"), tagged(shipped, "exit"))
    lists = naive_lists(width, set(may_be_chosen(shipped)), 3)
    assert {listed[0] for listed in lists.values()} == {"ch-bank-1"}
    assert "ch-bank-1" in force.graph  # it does lie on ways from seeds to exits
    assert force.left(["ch-bank-1"]) == force.left(())
    assert all(force.left(listed) > cents(question(shipped, name)["after"]) for listed in lists.values())


@pytest.mark.parametrize("currency", [None, "USD", "EUR", "CNY"])
def test_no_innocent_lies_on_a_way_from_a_seed_to_an_exit(shipped: Path, currency: str | None) -> None:
    force = BruteForce(read_widths(shipped, currency), tagged(shipped, "source"), tagged(shipped, "exit"))
    assert [party for party in force.graph if party.startswith(("ch-innocent", "ch-shipping"))] == []


def test_the_reversed_payment_to_an_exit_carries_nothing(shipped: Path) -> None:
    assert ("ch-seed-1", "ch-exit-1") not in read_widths(shipped, None)


def test_the_planted_nominees_leave_the_fewest_pairs(tmp_path: Path) -> None:
    companies = (8, 8, 6, 5)
    make(3, entities=160, payments=400, entries=3, outlets=0, rounds=1, channels=FLOW, companies=companies).write(
        tmp_path
    )
    planted = question(tmp_path, "choke_pairs")
    ties = read_influence(tmp_path)
    listed = {"ch-seed-1", "ch-seed-2", "ch-seed-3", "ch-state-bank", "ch-rep-1", "ch-rep-7"}
    assert fewest_pairs(ties, set(), 0)[0] == planted["before"]
    assert fewest_pairs(ties, listed, 3) == (planted["after"], [tuple(planted["best"])])


def test_the_nominees_are_not_the_first_by_betweenness(shipped: Path) -> None:
    graph = nx.Graph(read_influence(shipped))
    score = nx.betweenness_centrality(graph)
    first = sorted(sorted(graph, key=lambda party: (-score[party], party))[:3])
    assert first != question(shipped, "choke_pairs")["best"]
    graph.remove_nodes_from(first)
    left = sum(len(piece) * (len(piece) - 1) // 2 for piece in nx.connected_components(graph))
    assert left > question(shipped, "choke_pairs")["after"]


def test_the_documentation_derives_the_shipped_figures(shipped: Path) -> None:
    said = (Path(__file__).parents[2] / "docs" / "cold_harbour.md").read_text(encoding="utf-8")
    document = json.loads((shipped / "answers.json").read_text(encoding="utf-8"))
    figures: list[str] = []
    for one in document["questions"]:
        figures += [*one["best"], *(str(one[key]) for key in ("before", "after", "any_other_set_leaves_at_least"))]
        figures += [channel["carries"] for channel in one.get("channels", ())]
    shown = [f"{float(one):,.2f}" if "." in one else f"{int(one):,}" if one.isdigit() else one for one in figures]
    assert [one for one in shown if one not in said] == []

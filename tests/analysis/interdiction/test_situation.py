"""What a choice takes out of a network: B(C), who stands where, and who is exempt."""

from __future__ import annotations

import numpy as np
import pytest

from finnet.analysis.interdiction.situation import Situation
from finnet.graph.network import IntArray, Network


@pytest.fixture
def chain() -> Network:
    """Numbers: broker 0, exit 1, front 2, seed 3; edges in the order broker→front, front→exit, seed→broker."""
    return Network.of(("seed", "broker"), ("broker", "front"), ("front", "exit"))


def ids_of_severed(situation: Situation, chosen: list[str]) -> list[tuple[str, str]]:
    network = situation.network
    severed = situation.severed([network.number[name] for name in chosen])
    return [
        (network.ids[tail], network.ids[head])
        for tail, head, gone in zip(network.source, network.target, severed, strict=True)
        if gone
    ]


def test_everybody_but_seeds_exits_and_those_in_force_is_a_candidate(chain: Network) -> None:
    situation = Situation.of(chain, sources=["seed"], exits=["exit"], in_force=["front"])
    assert [chain.ids[one] for one in situation.candidates] == ["broker"]


def test_choosing_a_party_severs_all_its_links_and_no_others(chain: Network) -> None:
    situation = Situation.of(chain, sources=["seed"], exits=["exit"])
    assert ids_of_severed(situation, ["broker"]) == [("broker", "front"), ("seed", "broker")]


def test_what_is_in_force_is_severed_before_anything_is_chosen(chain: Network) -> None:
    situation = Situation.of(chain, sources=["seed"], exits=["exit"], in_force=["front"])
    assert ids_of_severed(situation, []) == [("broker", "front"), ("front", "exit")]


def test_a_seed_in_force_loses_a_link_only_through_its_other_end(chain: Network) -> None:
    situation = Situation.of(chain, sources=["seed"], exits=["exit"], in_force=["seed", "exit"])
    assert ids_of_severed(situation, []) == []
    assert ids_of_severed(situation, ["broker"]) == [("broker", "front"), ("seed", "broker")]


def test_a_party_in_force_that_is_no_seed_loses_its_links(chain: Network) -> None:
    situation = Situation.of(chain, sources=["broker"], exits=["exit"], in_force=["seed"])
    assert ids_of_severed(situation, []) == [("seed", "broker")]


def test_a_link_without_an_enforcer_is_not_severed(chain: Network) -> None:
    situation = Situation.of(chain, sources=["seed"], exits=["exit"], enforced=np.array([True, True, False]))
    assert ids_of_severed(situation, ["broker"]) == [("broker", "front")]
    assert not situation.is_plain


def test_what_a_rule_captures_is_removed_though_it_may_not_be_chosen(chain: Network) -> None:
    front = chain.number["front"]

    def broker_holds_front(blocked: IntArray) -> IntArray:
        return np.union1d(blocked, [front]) if chain.number["broker"] in blocked else blocked

    situation = Situation.of(chain, sources=["seed"], exits=["exit"], exclude=["front"], closure=broker_holds_front)
    assert situation.removed([chain.number["broker"]]).tolist() == [True, False, True, False]
    assert ids_of_severed(situation, ["broker"]) == [("broker", "front"), ("front", "exit"), ("seed", "broker")]
    assert not situation.is_separable


def test_cuts_say_the_same_as_severed_for_every_single_choice() -> None:
    generator = np.random.default_rng(7)
    for _ in range(20):
        ends = generator.integers(0, 9, (25, 2))
        network = Network.of(*((f"p{tail}", f"p{head}") for tail, head in ends))
        enforced = generator.random(network.edge_count) < 0.7
        situation = Situation.of(network, sources=network.ids[:1], exits=network.ids[1:2], enforced=enforced)
        edges, choices = situation.cuts
        for one in situation.candidates.tolist():
            assert np.flatnonzero(situation.severed([one])).tolist() == edges[choices == one].tolist()


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ({"sources": ["seed"], "exits": ["seed"]}, "both seed and exit"),
        ({"forced": ["seed"], "sources": ["seed"]}, "forced"),
        ({"cost": {"broker": 0}}, "cost"),
        ({"enforced": np.array([True])}, "enforced"),
    ],
)
def test_a_situation_that_contradicts_itself_is_refused(chain: Network, words: dict[str, list[str]], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        Situation.of(chain, **words)  # type: ignore[arg-type]

"""Countries that enforce: where links stand, what a coalition severs, which countries are best."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from finnet.analysis.interdiction.enforcement import clearing_table, coalition, standing
from finnet.analysis.interdiction.jurisdictions import JurisdictionSituation
from finnet.analysis.interdiction.situation import Situation, numbers
from finnet.analysis.interdiction.solution import Limits
from finnet.analysis.objectives import flow, reach
from finnet.graph.network import Network
from finnet.model.currency import CURRENCIES


@pytest.fixture
def abroad() -> Network:
    """A bank in KP with a representative in CN, one in RU with an address in AE too, and companies behind them.

    Vertices in order: bank kp, carp cn, crane ru+ae, finch cn, heron de. Edges: bank→carp, bank→crane, carp→finch,
    crane→heron.
    """
    return Network.build(
        source=["bank", "bank", "carp", "crane"],
        target=["carp", "crane", "finch", "heron"],
        weight=[1, 1, 1, 1],
        unit="links",
        vertices={
            "country": ["kp", "cn", "ru", "cn", "de"],
            "countries": [("kp",), ("cn",), ("ru", "ae"), ("cn",), ("de",)],
            "authorities": [("un",), ("un", "us"), ("un",), (), ()],
        },
    )


def places(network: Network) -> dict[tuple[str, str], set[str]]:
    where = standing(network)
    found: dict[tuple[str, str], set[str]] = {}
    for edge, place in zip(where.edge.tolist(), where.place.tolist(), strict=True):
        ends = (network.ids[network.source[edge]], network.ids[network.target[edge]])
        found.setdefault(ends, set()).add(where.names[place])
    return found


def test_a_link_stands_in_all_countries_of_both_its_ends(abroad: Network) -> None:
    assert places(abroad) == {
        ("bank", "carp"): {"kp", "cn"},
        ("bank", "crane"): {"kp", "ru", "ae"},
        ("carp", "finch"): {"cn"},
        ("crane", "heron"): {"ru", "ae", "de"},
    }


def test_whoever_clears_the_currency_stands_at_a_payment_and_the_host_at_a_representation() -> None:
    paid = Network.build(
        source=["a", "b"], target=["b", "c"], weight=[1, 1], unit="USD",
        vertices={"country": ["my", "my", None]}, edges={"currency": ["USD", "XAF"], "country": [None, "SG"]},
    )  # fmt: skip
    assert places(paid) == {("a", "b"): {"my", "us"}, ("b", "c"): {"my", "sg"}}


def test_the_clearing_table_knows_currencies_only() -> None:
    assert set(clearing_table()) <= set(CURRENCIES)


def test_the_eu_stands_for_its_member_states() -> None:
    assert coalition(["EU", "us"]) >= {"eu", "de", "fr", "us"}
    assert "de" not in coalition(["us"])


def at(network: Network, *names: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return numbers(network.number[name] for name in names)


def test_countries_sever_the_links_of_those_in_force_that_stand_there(abroad: Network) -> None:
    # The bank is seed and in force: it loses a link only through the other end, which is in force too here.
    situation = JurisdictionSituation.between(
        abroad, sources=at(abroad, "bank"), exits=at(abroad), in_force=at(abroad, "bank", "carp", "crane")
    )
    severed = {name: situation.severed([place]).tolist() for place, name in enumerate(situation.places)}
    assert severed == {
        "ae": [False, True, False, True],
        "cn": [True, False, True, False],
        "de": [False, False, False, True],
        "kp": [True, True, False, False],
        "ru": [False, True, False, True],
    }


def test_who_enforces_already_is_no_candidate_and_nor_is_the_target_state(abroad: Network) -> None:
    situation = JurisdictionSituation.between(
        abroad,
        sources=at(abroad, "bank"),
        exits=at(abroad),
        in_force=at(abroad, "carp", "crane"),
        enforcers=["CN"],
        exclude={"kp": "the target state (KP)"},
    )
    assert [situation.places[one] for one in situation.candidates] == ["ae", "de", "ru"]
    assert situation.excluded == {"enforces already": 1, "the target state (KP)": 1}
    assert situation.base.tolist() == [True, False, True, False]


def test_the_best_two_countries_leave_nobody_reached(abroad: Network) -> None:
    # Without China and Russia (or the Emirates) acting, all four are reached; with both, nobody is.
    situation = JurisdictionSituation.between(
        abroad,
        sources=at(abroad, "bank"),
        exits=at(abroad),
        in_force=at(abroad, "carp", "crane"),
        exclude={"kp": "the target state (KP)"},
    )
    solution = reach.search(situation, Limits(budget=2))
    assert [situation.places[one] for one in solution.chosen] == ["ae", "cn"]
    assert (solution.before, solution.after, solution.optimal) == (4, 0, True)


@pytest.mark.parametrize("objective", [flow, reach])
@pytest.mark.parametrize("seed", range(3))
def test_more_countries_than_can_be_tried_are_still_proved_best(objective: object, seed: int) -> None:
    generator = np.random.default_rng(seed)
    codes = [f"{chr(97 + place // 26)}{chr(97 + place % 26)}" for place in range(30)]
    named = [f"p{place:02}" for place in range(40)]
    ends = generator.integers(0, 40, (120, 2))
    network = Network.build(
        source=[named[tail] for tail in ends[:, 0]],
        target=[named[head] for head in ends[:, 1]],
        weight=generator.integers(1, 30, 120).astype(float),
        unit="EUR",
        isolated=named,
        vertices={"country": [codes[int(generator.integers(0, 30))] for _ in named]},
    )
    situation = JurisdictionSituation.between(
        network,
        sources=at(network, *named[:3]),
        exits=at(network, *named[3:6]) if objective is flow else at(network),
        in_force=numbers(range(6, 40, 2)),
    )
    # 30 choose 3 are 4,060 sets, more than the general search looks at one by one.
    best = min(
        objective.value(situation, chosen)  # type: ignore[attr-defined]
        for chosen in itertools.combinations(situation.candidates.tolist(), 3)
    )
    solution = objective.search(situation, Limits(budget=3))  # type: ignore[attr-defined]
    assert (solution.after, solution.bound, solution.optimal) == (best, best, True)
    assert objective.value(situation, solution.chosen) == best  # type: ignore[attr-defined]


def test_parties_and_countries_agree_where_each_party_is_a_country_of_its_own() -> None:
    # Links of those in force stand in the other end's country only: to choose a country is to choose that party's links
    # with those in force, so with everybody in force both questions are the same.
    network = Network.build(
        source=["s", "x", "x", "a", "b"], target=["x", "a", "b", "t", "t"], weight=[9, 9, 9, 9, 9], unit="EUR",
        vertices={"country": ["aa", "bb", None, None, "xx"]},
    )  # fmt: skip
    parties = Situation.of(network, sources=["s"], exits=["t"], exclude=["x"])
    countries = JurisdictionSituation.between(
        network, sources=at(network, "s"), exits=at(network, "t"), in_force=at(network, "a", "b", "x"),
        exclude={"xx": "excluded"},
    )  # fmt: skip
    assert network.ids == ("a", "b", "s", "t", "x")
    one, other = flow.search(parties, Limits(budget=2)), flow.search(countries, Limits(budget=2))
    assert [network.ids[party] for party in one.chosen] == ["a", "b"]
    assert [countries.places[place] for place in other.chosen] == ["aa", "bb"]
    assert (one.before, one.after) == (other.before, other.after) == (9, 0)

"""Worlds drawn by grade: probabilities by hand, certainty, a finding that one doubtful source carries, countries."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.analysis.interdiction.adaptation import Adaptation
from finnet.analysis.interdiction.cascade import Cascade
from finnet.analysis.interdiction.doubt import overlap, rank_biased_overlap, resampled
from finnet.analysis.interdiction.grades import load_grades
from finnet.analysis.interdiction.jurisdictions import JurisdictionSituation
from finnet.analysis.interdiction.lever_file import Lever
from finnet.analysis.interdiction.levers import LeverSituation
from finnet.analysis.interdiction.measures import Effect, Measures
from finnet.analysis.interdiction.rewiring import Rewiring, Role
from finnet.analysis.interdiction.situation import Situation, numbers
from finnet.analysis.interdiction.solution import Limits
from finnet.analysis.interdiction.worlds import Holdings, draw_world
from finnet.analysis.objectives import OBJECTIVES
from finnet.analysis.ownership.regime import load_regime
from finnet.analysis.ownership.register import Register
from finnet.errors import UsageError
from finnet.graph.network import Network

GRADES = load_grades()


@pytest.mark.parametrize(
    ("grade", "probability"),
    # 100/75/50/25/0 % down each ladder, F and 6 half, multiplied, kept between .05 and .99.
    [
        ("A1", 0.99),
        ("B1", 0.75),
        ("B2", 0.5625),
        ("C3", 0.25),
        ("D4", 0.0625),
        ("E1", 0.05),
        ("A5", 0.05),
        ("F6", 0.25),
    ],
)
def test_a_grade_is_taken_to_mean_the_product_of_its_two_ladders(grade, probability):
    assert GRADES.of(grade) == probability


def test_independent_datasets_are_pooled_by_their_odds():
    """B1 is 3 : 1; two of them 9 : 1, three 27 : 1. The same dataset twice is one source."""
    assert GRADES.pooled([("x", "B1"), ("y", "B1")]) == pytest.approx(9 / 10)
    assert GRADES.pooled([("x", "B1"), ("y", "B1"), ("z", "B1")]) == pytest.approx(27 / 28)
    assert GRADES.pooled([("x", "B1"), ("x", "B1")]) == 0.75
    assert GRADES.pooled([("x", "E5"), ("y", "B1")]) == 0.75


def diamond():
    """Two ways from s to t, by a (10) and by b (4), and a way by c (20) that only one doubtful link opens."""
    network = Network.of(("s", "a", 10), ("a", "t", 10), ("s", "b", 4), ("b", "t", 4), ("s", "c", 20), ("c", "t", 20))
    return Situation.of(network, sources=["s"], exits=["t"])


def asked(situation, likely, *, budget=1, worlds=200, objective="flow", missing=0.0, adapting=None, reported=None):
    plugin, limits = OBJECTIVES[objective], Limits(budget=budget)
    found = plugin.search(situation, limits).chosen if reported is None else reported
    grades = replace(GRADES, missing_per_false_link=missing)
    return found, resampled(
        plugin, situation, np.array(likely, float), grades, limits, found, situation.candidates, worlds=worlds,
        adapting=adapting,
    )  # fmt: skip


@pytest.mark.parametrize("objective", ["flow", "reach", "pairs"])
def test_where_all_is_certain_every_world_is_as_recorded(objective):
    situation = diamond()
    found, doubt = asked(situation, np.ones(6), objective=objective, budget=2, worlds=20, missing=1.0)
    assert doubt.chosen_in == dict.fromkeys(found, 1.0)
    assert (doubt.jaccard, doubt.rank_biased, doubt.first_same, doubt.kept, doubt.added) == (1, 1, 1, 1, 0)


def test_a_finding_that_rests_on_one_doubtful_link_is_chosen_as_often_as_the_link_is_there():
    """c is the best one where c -> t is there (p = 0.05), else a is: 10 against 4. 400 worlds: a standard error of
    sqrt(.05 · .95 / 400) = 0.011."""
    situation = diamond()
    network = situation.network
    likely = np.ones(6)
    [doubtful] = np.flatnonzero((network.source == network.number["c"]) & (network.target == network.number["t"]))
    likely[doubtful] = 0.05
    found, doubt = asked(situation, likely, worlds=400)
    assert found == (network.number["c"],)
    assert doubt.chosen_in[network.number["c"]] == pytest.approx(0.05, abs=0.035)
    assert doubt.chosen_in[network.number["a"]] == 1 - doubt.chosen_in[network.number["c"]]
    assert doubt.ranks[network.number["a"]][:2] == (1, 1)
    assert doubt.first_same == doubt.jaccard == doubt.chosen_in[network.number["c"]]


def test_the_same_worlds_are_drawn_whatever_is_asked_of_them():
    situation = diamond()
    again = replace(situation, candidates=situation.candidates[:1])
    likely = np.full(6, 0.5)
    one, other = (
        draw_world(which, likely, missing_per_false_link=1.0, seed=3, number=7) for which in (situation, again)
    )
    assert one.edge_key.tolist() == other.edge_key.tolist()
    assert one.situation.network.source.tolist() == other.situation.network.source.tolist()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1_000), st.floats(0.05, 0.95))
def test_a_world_has_recorded_links_and_added_ones_between_parties_of_the_same_countries(number, likely):
    names = [("a", "kp"), ("b", "cn"), ("c", "cn"), ("d", "ru"), ("e", "kp")]
    network = Network.of(("a", "b", 5), ("a", "c", 6), ("e", "b", 7), ("b", "d", 8), ("c", "d", 9))
    network = replace(network, vertices={"country": [country for _, country in names]})
    situation = Situation.of(network)
    world = draw_world(situation, np.full(5, likely), missing_per_false_link=2.0, seed=0, number=number)
    made = world.situation.network
    country = np.array([one for _, one in names])
    ways = set(zip(country[network.source].tolist(), country[network.target].tolist(), strict=True))
    for place, key in enumerate(world.edge_key.tolist()):
        if key < 5:
            assert (made.source[place], made.target[place]) == (network.source[key], network.target[key])
            assert made.weight[place] == network.weight[key]
        assert (country[made.source[place]], country[made.target[place]]) in ways
    order = list(zip(made.source.tolist(), made.target.tolist(), strict=True))
    assert order == sorted(order)
    assert world.kept + world.added == made.edge_count


def test_so_many_links_are_kept_and_added_as_are_expected():
    """600 links at p = 0.75, a quarter added per false one: 450 kept, 0.25 · 150 = 37.5 added, less self-loops."""
    random = np.random.default_rng(0)
    pairs = [(f"p{a:02}", f"q{b:02}") for a, b in random.integers(0, 60, (600, 2)).tolist()]
    situation = Situation.of(Network.of(*pairs))
    worlds = [
        draw_world(situation, np.full(600, 0.75), missing_per_false_link=0.25, seed=0, number=one) for one in range(80)
    ]
    assert np.mean([world.kept for world in worlds]) == pytest.approx(450, abs=5)
    assert np.mean([world.added for world in worlds]) == pytest.approx(37.5, abs=3)


def test_where_countries_are_chosen_each_link_is_enforced_where_the_one_it_is_like_is():
    network = Network.of(("s", "a", 10), ("a", "t", 10), ("s", "b", 4), ("b", "t", 4))
    network = replace(network, vertices={"country": ["cn", "ru", "kp", "us"]})  # a, b, s, t
    situation = JurisdictionSituation.between(
        network, sources=numbers([2]), exits=numbers([3]), in_force=numbers([0, 1])
    )
    world = draw_world(situation, np.array([1.0, 1.0, 0.0, 1.0]), missing_per_false_link=0.0, seed=0, number=0)
    where = world.situation
    china = where.places.index("cn")
    kept = [(network.ids[a], network.ids[b]) for a, b in zip(where.network.source, where.network.target, strict=True)]
    severed = dict(zip(kept, where.severed([china]).tolist(), strict=True))
    assert severed == {("a", "t"): True, ("b", "t"): False, ("s", "b"): False}


def test_measures_are_chosen_again_in_each_world():
    """To list c takes 20 where c -> t is there (p = 0.05); else to list a, 10, is best. The embargo on b takes 4."""
    plain = diamond()
    network = plain.network
    number = network.number
    b = np.flatnonzero((network.source == number["b"]) | (network.target == number["b"]))
    effects = [Effect(designated=("a",)), Effect(forbidden=b), Effect(designated=("c",))]
    kinds = ("designate", "embargo", "designate")
    situation = LeverSituation.among(
        [Lever(id=f"l{place}", name="", kind=kind) for place, kind in enumerate(kinds)],
        Measures(network=network, effects=effects), sources=plain.sources, exits=plain.exits,
    )  # fmt: skip
    likely = np.ones(6)
    likely[np.flatnonzero((network.source == number["c"]) & (network.target == number["t"]))] = 0.05
    found, doubt = asked(situation, likely, worlds=400)
    assert found == (2,)
    assert doubt.chosen_in == {0: 1 - doubt.chosen_in[2], 2: pytest.approx(0.05, abs=0.035)}
    _, sure = asked(situation, np.ones(6), worlds=5, missing=1.0)
    assert sure.chosen_in == {2: 1.0}


def held(network, register, likely, link=None, in_force=()):
    """A register that may be wrong, for a plain network under the 50 % rule."""
    rule = load_regime("ofac").rules[0]
    return Holdings(
        likely=np.array(likely, float),
        link=np.full(len(likely), -1) if link is None else np.array(link),
        rule=lambda kept: lambda ids: Cascade(network, register.part(kept), rule, sorted(ids)),
        in_force=frozenset(in_force),
    )


def two_holders():
    """Through a 10, through b 4; h and i hold 25 % each of a, who may not be chosen."""
    network = Network.of(("s", "a", 10), ("a", "t", 10), ("s", "b", 4), ("b", "t", 4), ("h", "i", 1))
    register = Register.of(("h", "a", 25), ("i", "a", 25))
    cascade = Cascade(network, register, load_regime("ofac").rules[0], [])
    situation = Situation.of(
        network, sources=["s"], exits=["t"], exclude=["a"], closure=cascade,
        together=(tuple(network.number[one] for one in "hi"),),
    )  # fmt: skip
    return network, register, situation


def test_who_captures_only_together_is_chosen_where_both_holdings_are_true():
    """Each holding is true with 0.6: the pair takes 10 in 0.36 of the worlds, else b's 4 are the most. 400 worlds: a
    standard error of 0.024."""
    network, register, situation = two_holders()
    pair = tuple(network.number[one] for one in "hi")
    grades, limits = replace(GRADES, missing_per_false_link=0.0), Limits(budget=2)
    doubt = resampled(
        OBJECTIVES["flow"], situation, np.ones(5), grades, limits, pair, situation.candidates, worlds=400,
        holdings=held(network, register, [0.6, 0.6]),
    )  # fmt: skip
    assert doubt.chosen_in[pair[0]] == doubt.chosen_in[pair[1]] == pytest.approx(0.36, abs=0.075)
    assert doubt.chosen_in[network.number["b"]] == 1 - doubt.chosen_in[pair[0]]
    assert (doubt.kept, doubt.held) == (1, pytest.approx(0.6, abs=0.06))


def test_links_are_drawn_the_same_with_and_without_a_rule():
    network, register, situation = two_holders()
    words = {"missing_per_false_link": 1.0, "seed": 3, "number": 7}
    plain = draw_world(situation, np.full(5, 0.5), **words)
    ruled = draw_world(situation, np.full(5, 0.5), **words, holdings=held(network, register, [0.0, 1.0]))
    assert plain.edge_key.tolist() == ruled.edge_key.tolist()
    assert (plain.holdings_lost, ruled.holdings_lost) == (0, 1)
    assert not ruled.is_as_recorded


def test_a_holding_that_is_a_link_of_the_network_shares_its_fate():
    network, register, situation = two_holders()
    likely = np.array([0.5, 1, 1, 1, 1])
    lost = []
    for number in range(40):
        world = draw_world(
            situation, likely, missing_per_false_link=0.0, seed=0, number=number,
            holdings=held(network, register, [0.5, 1.0], link=[0, -1]),
        )  # fmt: skip
        lost.append(world.holdings_lost)
        assert world.holdings_lost == (0 not in world.edge_key)
    assert 0 < sum(lost) < 40


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_who_is_captured_by_what_is_in_force_is_so_only_while_the_holding_is_true(chance):
    """h alone is in force and holds all of a: captured, so that 4 of 14 are left; without the holding 14 are."""
    network = Network.of(("s", "a", 10), ("a", "t", 10), ("s", "b", 4), ("b", "t", 4), ("h", "b", 1))
    register, rule = Register.of(("h", "a", 100)), load_regime("ofac").rules[0]
    cascade = Cascade(network, register, rule, ["h"])
    plain = Situation.of(network, sources=["s"], exits=["t"], in_force=["h"], captured=["a"])
    measures = Measures(
        network=network, effects=[Effect(designated=("b",))], in_force=frozenset({"h"}),
        cascade=lambda ids: Cascade(network, register, rule, sorted(ids)),
    )  # fmt: skip
    levers = LeverSituation.among(
        [Lever(id="b", name="", kind="designate")], measures, sources=plain.sources, exits=plain.exits
    )
    countries = JurisdictionSituation.between(
        replace(network, vertices={"country": ["cn", "cn", "cn", "kp", "us"]}),
        sources=plain.sources, exits=plain.exits, in_force=plain.in_force, captured=cascade.vertices_at_first,
        enforcers=["cn"],
    )  # fmt: skip
    for situation in (plain, levers, countries):
        world = draw_world(
            situation, np.ones(5), missing_per_false_link=0.0, seed=0, number=0,
            holdings=held(network, register, [chance], in_force=["h"]),
        )  # fmt: skip
        assert OBJECTIVES["flow"].value(world.situation, ()) == (4 if chance else 14)


def test_worlds_ask_for_the_set_that_lasts_where_a_horizon_is_given():
    """The way by c is the larger, but c is replaced within moments (by a), a never (c and b are no banks)."""
    situation = diamond()
    network = replace(
        situation.network,
        vertices={"topics": [("fin.bank",) if one == "a" else () for one in situation.network.ids]},
    )
    situation = replace(situation, network=network)
    roles = (
        Role(name="bank", days=1e9, source="", topics=frozenset({"fin.bank"})),
        Role(name="all", days=1e-9, source=""),
    )
    rewiring = Rewiring(roles=roles, capacity_share=1.0, new_shell_share=1.0, runs=2)

    def adapting(one, key):
        return Adaptation(situation=one, objective="flow", rewiring=rewiring, horizon=180, edge_key=key)

    a = network.number["a"]
    _, doubt = asked(situation, np.full(6, 0.99), adapting=adapting, reported=(a,), worlds=60)
    assert doubt.chosen_in[a] > 0.9


def test_overlaps_by_hand():
    """Of 1 2 3 and 1 3 4: 2 in common of 4. Orders 1 2 and 1 3: (1 · 1 + 0.9 · 1/2) / 1.9."""
    assert overlap([1, 2, 3], [1, 3, 4]) == 0.5
    assert rank_biased_overlap([1, 2], [1, 3]) == pytest.approx(1.45 / 1.9)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[reliability]\nG = 1", "unknown key 'G'"),
        ("[reliability]\nA = 2", "A '2': should be a number from 0 to 1"),
        ("[grades]\nA = 1", "unknown key 'grades'"),
        ("[reliability", "not valid TOML"),
    ],
)
def test_wrong_grades_are_refused_by_name(tmp_path, text, says):
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        load_grades(file)
    assert says in f"{refused.value} {refused.value.hint}"

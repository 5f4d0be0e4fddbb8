"""The states of a ladder over a horizon: the limits that any set of measures must keep, and what held before."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.analysis.interdiction.adaptation import Adaptation
from finnet.analysis.interdiction.lasting_steps import LastingSteps
from finnet.analysis.interdiction.lever_file import Lever
from finnet.analysis.interdiction.levers import LeverSituation
from finnet.analysis.interdiction.measures import Effect, Measures
from finnet.analysis.interdiction.rewiring import Rewiring
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.objectives import OBJECTIVES
from finnet.graph.network import Network, taken

AT_ONCE = Rewiring.of(1e-9, capacity_share=1.0, new_shell_share=1.0, runs=2)
NEVER = Rewiring.of(math.inf)


@st.composite
def ladders(draw):
    """A small network with a listed party, an objective, measures of several kinds, and which of them are taken."""
    names = ["s", *(f"p{place}" for place in range(6)), "t"]
    pairs = [(a, b) for a in names for b in names if a != b]
    edges = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=20))
    network = Network.build(
        source=[a for a, _ in edges], target=[b for _, b in edges], isolated=names, unit="EUR",
        weight=[float(one) for one in draw(st.lists(st.integers(1, 9), min_size=len(edges), max_size=len(edges)))],
    )  # fmt: skip
    effects, kinds = [Effect(relieved=("p0",))], ["relieve"]
    for _ in range(draw(st.integers(1, 4))):
        some = np.array(sorted(draw(st.sets(st.integers(0, network.edge_count - 1), max_size=4))), np.int64)
        parties = tuple(draw(st.sets(st.sampled_from(names[1:-1]), min_size=1, max_size=2)))
        kind = draw(st.sampled_from(["designate", "embargo"]))
        kinds.append(kind)
        effects.append(Effect(designated=parties) if kind == "designate" else Effect(forbidden=some))
    objective = draw(st.sampled_from(["flow", "reach", "pairs"]))
    ends = {"flow": (["s"], ["t"]), "reach": (["s"], []), "pairs": ([], [])}[objective]
    sources, exits = (np.array([network.number[one] for one in some], np.int64) for some in ends)
    situation = LeverSituation.among(
        [Lever(id=f"l{number}", name="", kind=kind) for number, kind in enumerate(kinds)],
        Measures(network=network, effects=effects, in_force=frozenset({"p0"})),
        sources=sources, exits=exits,
    )  # fmt: skip
    return situation, objective, frozenset(draw(st.sets(st.integers(0, len(effects) - 1))))


def steps(situation, objective, rewiring, horizon=180):
    return LastingSteps(
        situation=situation,
        adapting=lambda one: Adaptation(situation=one, objective=objective, rewiring=rewiring, horizon=horizon),
    )


def left_without(situation, objective, severed):
    """What the network leaves that never had these links."""
    network, kept = situation.network, np.flatnonzero(~severed)
    ids = network.ids
    rest = Network.build(
        source=[ids[one] for one in taken(network.source, kept)],
        target=[ids[one] for one in taken(network.target, kept)],
        weight=network.weight[kept], unit="EUR", isolated=ids,
    )  # fmt: skip
    ends = ([ids[one] for one in some] for some in (situation.sources, situation.exits))
    return OBJECTIVES[objective].value(Situation.of(rest, sources=next(ends), exits=next(ends)), ())


@settings(max_examples=120, deadline=None)
@given(ladders())
def test_without_replacement_or_time_a_set_leaves_what_the_network_without_its_links_does(ladder):
    situation, objective, chosen = ladder
    expected = left_without(situation, objective, situation.severed(chosen))
    assert steps(situation, objective, NEVER).left(chosen) == expected
    assert steps(situation, objective, AT_ONCE, horizon=0).left(chosen) == expected


@settings(max_examples=120, deadline=None)
@given(ladders())
def test_with_full_replacement_at_once_only_what_was_in_force_before_holds(ladder):
    """Whoever relief frees is back; whoever stays listed is not, since the network lives with that already."""
    situation, objective, chosen = ladder
    held = situation.severed(chosen & {0})
    left = steps(situation, objective, AT_ONCE).left(chosen)
    assert abs(left - left_without(situation, objective, held)) < 1e-6


@settings(max_examples=60, deadline=None)
@given(ladders())
def test_who_is_listed_again_finds_a_way_round_that_who_was_listed_all_along_does_not(ladder):
    situation, objective, chosen = ladder
    rest = chosen - {0}
    asked = steps(situation, objective, AT_ONCE)
    again = asked.left(rest, lifted=frozenset({0}))
    free = left_without(situation, objective, situation.severed({0}))
    assert abs(again - free) < 1e-6
    assert asked.left(rest) <= again + 1e-6


def test_the_listed_take_over_from_nobody_until_they_are_freed():
    """Through a 8, through the listed p 8. Once a is designated, p is the only one who could take over: a's relations
    come to p, so that with p free 8 + 8 flow, and with p listed nothing does."""
    network = Network.of(("s", "a", 8), ("a", "t", 8), ("s", "p", 8), ("p", "t", 8))
    situation = LeverSituation.among(
        [Lever(id="free", name="", kind="relieve"), Lever(id="list", name="", kind="designate")],
        Measures(
            network=network, effects=[Effect(relieved=("p",)), Effect(designated=("a",))], in_force=frozenset({"p"})
        ),
        sources=np.array([network.number["s"]]), exits=np.array([network.number["t"]]),
    )  # fmt: skip
    asked = steps(situation, "flow", Rewiring.of(1e-9, capacity_share=1.0))
    assert [round(asked.left(frozenset(one)), 6) for one in ((), (1,), (0, 1))] == [8, 0, 16]


def test_states_that_measures_without_effect_tell_apart_are_worked_out_once():
    network = Network.of(("s", "a", 8), ("a", "t", 8))
    levers = [Lever(id=f"l{number}", name="", kind="embargo") for number in range(3)]
    effects = [Effect(forbidden=np.array([0])), Effect(), Effect()]
    situation = LeverSituation.among(
        levers, Measures(network=network, effects=effects), sources=np.array([1]), exits=np.array([2])
    )
    made = []

    def adapting(one):
        made.append(Adaptation(situation=one, objective="flow", rewiring=Rewiring.of(14, runs=5), horizon=180))
        return made[0]

    asked = LastingSteps(situation=situation, adapting=adapting)
    assert asked.left(frozenset({0})) == asked.left(frozenset({0, 1, 2}))
    assert (len(made), made[0].evaluations) == (1, 5)


def test_what_leaves_less_by_chance_is_told_from_what_does_by_size():
    """Two equal ways: each waits for dice of its own, with the same mean, so which leaves less is chance. A way
    that carries ten times as much is worth more in every throw."""
    ways = {"a": 10, "b": 10, "c": 100}
    network = Network.of(*[leg for one, size in ways.items() for leg in (("s", one, size), (one, "t", size))])
    situation = LeverSituation.among(
        [Lever(id=one, name="", kind="designate") for one in ways],
        Measures(network=network, effects=[Effect(designated=(one,)) for one in ways]),
        sources=np.array([network.number["s"]]), exits=np.array([network.number["t"]]),
    )  # fmt: skip
    asked = steps(situation, "flow", Rewiring.of(90, new_shell_share=1.0, runs=16))
    a, b, c = (frozenset({number}) for number in range(3))
    assert asked.is_within_chance(a, b)
    assert not asked.is_within_chance(a, c)
    assert not asked.is_within_chance(a, a)

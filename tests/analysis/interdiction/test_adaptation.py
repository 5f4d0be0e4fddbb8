"""A network that finds its way round: limits that follow from the model, figures worked by hand, the closed form."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.analysis.interdiction.adaptation import Adaptation
from finnet.analysis.interdiction.adaptation_moves import ALIVE, WAITING, moves
from finnet.analysis.interdiction.adaptation_search import best_lasting
from finnet.analysis.interdiction.rewiring import Rewiring, Role, load_rewiring
from finnet.analysis.interdiction.situation import Situation
from finnet.analysis.interdiction.solution import Limits
from finnet.analysis.objectives import OBJECTIVES
from finnet.errors import UnknownNameError, UsageError
from finnet.graph.network import Network

HORIZON = 180
SOON = 1e-9  # days


@st.composite
def questions(draw):
    """A small network, an objective and whom to act on."""
    names = ["s", *(f"p{place}" for place in range(7)), "t"]
    pairs = [(a, b) for a in names for b in names if a != b]
    edges = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=24))
    sizes = draw(st.lists(st.integers(1, 9), min_size=len(edges), max_size=len(edges)))
    directed = draw(st.booleans())
    network = Network.build(
        source=[a for a, _ in edges], target=[b for _, b in edges], weight=[float(size) for size in sizes],
        unit="EUR", isolated=names, directed=directed,
    )  # fmt: skip
    objective = draw(st.sampled_from(["flow", "reach", "pairs"]))
    ends = {"flow": (["s"], ["t"]), "reach": (["s"], []), "pairs": ([], [])}[objective]
    situation = Situation.of(network, sources=ends[0], exits=ends[1])
    chosen = sorted(draw(st.sets(st.sampled_from(situation.candidates.tolist()), max_size=4)))
    return situation, objective, chosen


def adapting(situation, objective, rewiring, horizon=HORIZON, seed=0):
    return Adaptation(situation=situation, objective=objective, rewiring=rewiring, horizon=horizon, seed=seed)


@settings(max_examples=120, deadline=None)
@given(questions())
def test_who_is_never_replaced_is_missed_for_good(question):
    situation, objective, chosen = question
    never = adapting(situation, objective, Rewiring.of(math.inf))
    assert never.left(chosen) == OBJECTIVES[objective].value(situation, chosen)


@settings(max_examples=60, deadline=None)
@given(questions())
def test_a_horizon_of_no_days_leaves_what_is_left_at_once(question):
    situation, objective, chosen = question
    at_once = adapting(situation, objective, Rewiring.of(SOON), horizon=0)
    assert at_once.left(chosen) == at_once.at_once(chosen) == OBJECTIVES[objective].value(situation, chosen)


@settings(max_examples=120, deadline=None)
@given(questions())
def test_who_is_replaced_at_once_and_in_full_is_not_missed(question):
    """Each of the chosen has a newly formed double that takes over all its relations: the network is as it was."""
    situation, objective, chosen = question
    rewiring = Rewiring.of(SOON, capacity_share=1.0, new_shell_share=1.0, runs=3)
    course = adapting(situation, objective, rewiring).course(chosen)
    assert course.at_end == course.before
    assert course.average == pytest.approx(course.before, rel=1e-6)


@settings(max_examples=80, deadline=None)
@given(questions(), st.integers(0, 5))
def test_what_lasts_falls_with_the_capacity_that_comes_back_and_with_the_speed_of_coming_back(question, seed):
    """The same dice: a smaller share leaves every relation less, a longer delay brings every relation later."""
    situation, objective, chosen = question
    usual = Rewiring.of(30, capacity_share=0.8, new_shell_share=0.5, runs=3)
    left = adapting(situation, objective, usual, seed=seed).left(chosen)
    less = adapting(situation, objective, replace(usual, capacity_share=0.3), seed=seed).left(chosen)
    slower = adapting(situation, objective, replace(usual, roles=Rewiring.of(90).roles), seed=seed).left(chosen)
    assert less <= left + 1e-9
    assert slower <= left + 1e-9


@settings(max_examples=60, deadline=None)
@given(questions())
def test_fewer_points_agree_with_all_of_them_where_they_are_worked_out(question):
    """A flow only grows while relations come back: on the line between two points it is never outside of both."""
    situation, objective, chosen = question
    adaptation = adapting(situation, objective, Rewiring.of(30, new_shell_share=0.5, runs=2))
    assert adaptation.left(chosen, points=10_000) == adaptation.left(chosen)
    course = adaptation.course(chosen)
    assert course.at_once <= adaptation.left(chosen, points=1) <= course.at_end


@dataclass(frozen=True, kw_only=True, eq=False)
class CutAtTheSeeds(Situation):
    """To choose anybody cuts the links of the seeds, and removes nobody: each comes back between the same two."""

    def severed(self, chosen):
        return np.isin(self.network.source, self.sources) & bool(list(chosen))

    def removed(self, chosen):
        return np.zeros(self.network.size, bool)


def parallel_brokers(count):
    network = Network.of(*[("s", f"b{n:03}", 1) for n in range(count)], *[(f"b{n:03}", "t", 1) for n in range(count)])
    return Situation.of(network, sources=["s"], exits=["t"])


@pytest.mark.parametrize("days", [14, 60, 240])
def test_ways_of_one_relation_each_come_back_as_the_closed_form_says(days):
    """Of independent relations the share e^(-t/τ) is still missing on day t; its mean over T days is the closed form
    (τ/T)(1 - e^(-T/τ)). 300 ways, 16 throws: the mean's standard error is below 0.5/sqrt(4800) = 0.0072."""
    plain = parallel_brokers(300)
    situation = CutAtTheSeeds(
        network=plain.network, sources=plain.sources, exits=plain.exits, candidates=plain.candidates,
        in_force=plain.in_force, cost=plain.cost, forced=plain.forced,
    )  # fmt: skip
    adaptation = adapting(situation, "flow", Rewiring.of(days, capacity_share=1.0))
    first = int(plain.candidates[0])
    lasting = (adaptation.before - adaptation.left([first])) / adaptation.before
    expected = days / HORIZON * (1 - math.exp(-HORIZON / days))
    assert lasting == pytest.approx(expected, abs=0.03)
    assert adaptation.estimate([first]) == pytest.approx(300 * expected)


def test_ways_of_two_relations_take_longer_than_the_closed_form():
    """A way through a broker is back once both its relations are: on day t a share 1 - (1 - e^(-t/τ))² is missing,
    on average 2τ/T (1 - e^(-T/τ)) - τ/2T (1 - e^(-2T/τ)); τ = 60, T = 180: 0.6335 - 0.1663 = 0.4672."""
    situation = parallel_brokers(300)
    adaptation = adapting(situation, "flow", Rewiring.of(60, capacity_share=1.0, new_shell_share=1.0))
    lasting = (300 - adaptation.left(situation.candidates.tolist())) / 300
    assert lasting == pytest.approx(0.4672, abs=0.03)


def test_the_nearest_of_the_same_role_takes_over_both_relations_of_a_broker():
    """a carries 10, b 4, each as broker; the bank lies as near. a's two relations go to b with 8 each: 4 + 8 = 12."""
    network = Network.of(("s", "a", 10), ("a", "t", 10), ("s", "b", 4), ("b", "t", 4), ("s", "c", 3), ("c", "t", 3))
    network = replace(network, vertices={"topics": [("fin.bank",) if one == "c" else () for one in network.ids]})
    situation = Situation.of(network, sources=["s"], exits=["t"])
    roles = (
        Role(name="bank", days=240, source="", topics=frozenset({"fin.bank"})),
        Role(name="other", days=SOON, source=""),
    )
    adaptation = adapting(situation, "flow", Rewiring(roles=roles, capacity_share=0.8))
    course = adaptation.course([network.number["a"]])
    assert (course.before, course.at_once, course.at_end) == (17, 7, 15)
    assert course.took_over == {network.number["a"]: ((network.number["b"], 1.0),)}


def test_a_detour_that_carries_more_than_the_old_way_is_a_hydra():
    """Through a run 10 (it can send on no more), through b 1 (it receives no more). Once a's relations are b's, b
    receives 1 + 80 and could send on 108: 81 flow, where 11 did."""
    network = Network.of(("s", "a", 100), ("a", "t", 10), ("s", "b", 1), ("b", "t", 100))
    situation = Situation.of(network, sources=["s"], exits=["t"])
    course = adapting(situation, "flow", Rewiring.of(SOON)).course([network.number["a"]])
    assert (course.before, course.at_once, course.at_end, course.is_hydra) == (11, 1, 81, True)
    assert course.lasting == pytest.approx(11 - 81)


def test_half_of_the_bite_is_gone_when_the_larger_of_two_ways_is_back():
    """Two brokers of 10 each, both acted on: the bite of 20 is halved once one way is back, whichever."""
    situation = parallel_brokers(2)
    rewiring = Rewiring.of(30, capacity_share=1.0, new_shell_share=1.0, runs=1)
    adaptation = adapting(situation, "flow", rewiring)
    chosen = situation.candidates.tolist()
    state = np.full(4, WAITING)
    gone = np.zeros(8, bool)
    gone[chosen] = True
    moved = moves(adaptation.ground, state, gone, seed=0, run=0)
    back = {}
    for time, edge in zip(moved.time.tolist(), moved.edge.tolist(), strict=True):
        broker = situation.network.source[edge] if edge not in (2, 3) else situation.network.target[edge]
        back[int(broker)] = max(back.get(int(broker), 0.0), time)
    assert adaptation.course(chosen).half_recovery == math.ceil(min(back.values()))


def test_a_relation_waits_equally_long_whoever_else_is_acted_on():
    situation = parallel_brokers(3)
    adaptation = adapting(situation, "flow", Rewiring.of(30, capacity_share=1.0, new_shell_share=1.0))

    def back(chosen):
        gone = np.zeros(2 * situation.network.size, bool)
        gone[chosen] = True
        state = np.where(situation.severed(chosen), WAITING, ALIVE)
        moved = moves(adaptation.ground, state, gone, seed=5, run=2)
        return dict(zip(moved.edge.tolist(), moved.time.tolist(), strict=True))

    alone, together = back([0]), back([0, 1, 2])
    assert alone
    assert alone == {edge: together[edge] for edge in alone}


def test_follow_ups_undo_what_came_back():
    """Whoever takes over is designated within moments, each in turn, until nobody is left to take over."""
    situation = parallel_brokers(3)
    rewiring = Rewiring.of(1.0, capacity_share=1.0, follow_up_per_day=1.0)
    course = adapting(situation, "flow", rewiring, horizon=2_000).course([0])
    assert course.at_once == 2
    assert course.at_end == 0


@pytest.mark.parametrize("rule", ["random", "degree", "nearest", "spare"])
def test_every_rule_finds_the_only_one_who_can_take_over(rule):
    network = Network.of(("s", "a", 10), ("a", "t", 10), ("s", "b", 5), ("b", "t", 100))
    situation = Situation.of(network, sources=["s"], exits=["t"])
    rewiring = Rewiring.of(SOON, substitute=rule, capacity_share=1.0)
    assert adapting(situation, "flow", rewiring).course([network.number["a"]]).at_end == 15


@settings(max_examples=60, deadline=None)
@given(questions(), st.floats(0, 0.05))
def test_the_network_after_the_horizon_leaves_what_the_course_ends_with(question, follow_up):
    """The value of that network, whoever was formed anew being part of it, is the course's last point (one throw)."""
    situation, objective, chosen = question
    rewiring = Rewiring.of(40, capacity_share=0.7, new_shell_share=0.3, follow_up_per_day=follow_up, runs=1)
    adaptation = adapting(situation, objective, rewiring)
    after = adaptation.network_after(chosen)
    assert not {situation.network.ids[one] for one in chosen} & set(after.ids)
    seeds, exits = ([situation.network.ids[one] for one in ends] for ends in (situation.sources, situation.exits))
    if objective == "flow":  # weights stand for whole amounts that were rounded on the way
        after = replace(after, weight=np.rint(after.weight))
    left = OBJECTIVES[objective].value(Situation.of(after, sources=seeds, exits=exits), ())
    assert left == adaptation.course(chosen).at_end


def test_over_the_horizon_a_bank_is_worth_more_than_a_larger_shell():
    """The shell carries 10 and is replaced in 14 days, the bank 9 and in 240. Of the shell's bite lasts, with all of it
    coming back over two relations, 2·14/180 - 14/360 = 0.117 (1.2); of the bank's more than (240/180)(1 - e^(-0.75))
    = 0.70 (6.3)."""
    network = Network.of(
        ("s", "shell", 10), ("shell", "t", 10), ("s", "bank", 9), ("bank", "t", 9), ("s", "x", 1), ("x", "t", 1)
    )
    network = replace(network, vertices={"topics": [("fin.bank",) if one == "bank" else () for one in network.ids]})
    situation = Situation.of(network, sources=["s"], exits=["t"], exclude=["x"])
    limits = Limits(budget=1)
    instant = OBJECTIVES["flow"].search(situation, limits)
    assert [network.ids[one] for one in instant.chosen] == ["shell"]
    adaptation = adapting(situation, "flow", replace(load_rewiring(), capacity_share=1.0))
    lasting = best_lasting(adaptation, instant, limits)
    assert [network.ids[one] for one in lasting.chosen] == ["bank"]
    assert (lasting.bound, lasting.optimal, lasting.after) == (None, False, 11)


def test_every_assumption_says_where_it_is_from_and_that_it_is_one():
    rewiring = load_rewiring()
    assert all(role.source and role.assumed for role in rewiring.roles)
    assert all(rewiring.sources.values())
    delays = {role.name: role.days for role in rewiring.roles}
    assert (delays["trading shell"], delays["trading house"], delays["licensed bank"]) == (14, 60, 240)
    assert (rewiring.capacity_share, rewiring.follow_up_per_day) == (0.8, 0)


def test_roles_come_from_tags_topics_schemata_and_names():
    network = Network.of(("a", "b"), ("c", "d"), ("e", "e"))
    network = replace(
        network,
        vertices={
            "schema": ["Company", "Person", "Company", "Company", None],
            "topics": [("fin.bank",), (), (), (), ()],
            "tags": [(), (), ("Trading House",), (), ()],
            "caption": ["Acme", "Jan Beispiel", "Acme Bank", "Bank of Nowhere", "Riverbank Ltd"],
        },
    )
    rewiring = load_rewiring()
    roles = [rewiring.roles[place].name for place in rewiring.role_of(network)]
    assert roles == ["licensed bank", "natural person", "trading house", "licensed bank", "trading shell"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[parameter]]\nname = "capacity"\nvalue = 1', "unknown parameter 'capacity'"),
        ('[[parameter]]\nname = "capacity_share"\nvalue = 2', "should be a number from 0 to 1"),
        ('[[parameter]]\nname = "substitute"\nvalue = "best"', "there are: random, nearest"),
        ('[[role]]\nname = "all"\ndays = 0', "days should be a number above 0"),
        ('[[role]]\nname = "bank"\ndays = 3\ntopics = ["fin.bank"]', "the last role has to fit everybody"),
        ('[[role]]\nname = "x"\ndays = 3\nschemata = ["Firm"]', "there is no schema 'Firm'"),
        ("role = ", "not valid TOML"),
    ],
)
def test_a_wrong_file_of_assumptions_is_refused_by_name(tmp_path, text, says):
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        load_rewiring(file)
    assert says in f"{refused.value} {refused.value.hint}"
    with pytest.raises(UnknownNameError):
        load_rewiring(tmp_path / "none.toml")

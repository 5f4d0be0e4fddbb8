"""Levers: the file's closed schema, what each kind severs, and the best set against every set."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.analysis.interdiction.cascade import Cascade
from finnet.analysis.interdiction.enforcement import Enforcers, standing
from finnet.analysis.interdiction.lever_file import KINDS, Lever, load_levers
from finnet.analysis.interdiction.levers import LeverSituation
from finnet.analysis.interdiction.measures import Effect, Measures
from finnet.analysis.interdiction.solution import Limits
from finnet.analysis.objectives import flow
from finnet.analysis.ownership.regime import load_regime
from finnet.analysis.ownership.register import Register
from finnet.errors import UnknownNameError, UsageError
from finnet.graph.network import Network


def written(folder: Path, text: str) -> str:
    (folder / "levers.toml").write_text(text, encoding="utf-8")
    return str(folder / "levers.toml")


def test_the_example_that_ships_has_one_lever_of_each_kind() -> None:
    assert sorted(lever.kind for lever in load_levers("measures").levers) == sorted(KINDS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"no \[\[lever\]\]"),
        ("lever = 3", r"no \[\[lever\]\]"),
        ('titel = "x"', "unknown key 'titel'.*title"),
        ("[[lever]]\nkind = 'enforce'", "a lever has no id"),
        ("[[lever]]\nid = 'a'\nkind = 'bomb'", "kind 'bomb' is not known"),
        ("[[lever]]\nid = 'a'\nkind = 'embargo'", "a: embargo needs commodity"),
        ("[[lever]]\nid = 'a'\nkind = 'embargo'\nwho = 'x'\ncommodity = 'oil'", "unknown key 'who'"),
        ("[[lever]]\nid = 'a'\nkind = 'relieve'", "relieve needs program or who"),
        ("[[lever]]\nid = 'a'\nkind = 'enforce'\nwhere = ['CN', 3]", "where .* list of texts"),
        ("[[lever]]\nid = 'a'\nkind = 'enforce'\nwhere = 'CN'\ncost = 0", "cost '0': should be a whole number above 0"),
        ("[[lever]]\nid = 'a'\nkind = 'enforce'\nwhere = 'CN'\ncost = 1.5", "cost '1.5'"),
        ("[[lever]]\nid = 'a'\nkind = 'enforce'\nwhere = 'CN'\n" * 2, "two levers are called 'a'"),
        ("[[lever]", "not valid TOML"),
    ],
)
def test_what_a_file_may_not_say_is_named_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        load_levers(written(tmp_path, text))


def test_a_file_that_is_not_there_offers_those_that_ship() -> None:
    with pytest.raises(UnknownNameError, match=r"no file of levers called 'measure'.*measures"):
        load_levers("measure")


# s -> bank -> t pays 10 in dollars for oil and 4 in euros for grain; s -> ship -> t pays 6 in dollars for coal.
BANK = Network.build(
    source=["s", "bank", "s", "bank", "s", "ship"],
    target=["bank", "t", "bank", "t", "ship", "t"],
    weight=[10, 10, 4, 4, 6, 6],
    unit="USD",
    edges={"currency": ["USD", "USD", "EUR", "EUR", "USD", "USD"]},
    vertices={"country": ["cn", "kp", "pa", "sg"]},  # bank, s, ship, t
)
AT_BANK = (BANK.source == BANK.number["bank"]) | (BANK.target == BANK.number["bank"])
AT = np.array([BANK.number["bank"]])
USD_AT_BANK = np.flatnonzero(AT_BANK & (np.array(BANK.edges["currency"]) == "USD"))
EURO = np.flatnonzero([code == "EUR" for code in BANK.edges["currency"]])


def left(measures: Measures, chosen: tuple[int, ...]) -> int:
    """What still flows from s to t: through each middle the smaller of what comes in and what goes out."""
    carried = np.where(measures.severed(chosen), 0, BANK.weight)
    return sum(
        int(min(carried[BANK.target == BANK.number[middle]].sum(), carried[BANK.source == BANK.number[middle]].sum()))
        for middle in ("bank", "ship")
    )


def over(*effects: Effect, enforcers: Enforcers | None = None) -> Measures:
    return Measures(network=BANK, effects=effects, enforcers=enforcers or Enforcers(), where=standing(BANK))


def test_a_refused_service_severs_its_links_wherever_they_are_and_only_if_a_taker_enforces() -> None:
    dollars = Effect(withheld=USD_AT_BANK, takers=frozenset({"us"}))
    assert left(over(dollars), (0,)) == 20 - 10
    only = [Enforcers.named_as([code], only=True) for code in ("us", "sg")]
    assert [left(over(dollars, enforcers=one), (0,)) for one in only] == [10, 20]


def test_an_embargo_holds_where_an_enforcer_stands() -> None:
    embargo = Effect(forbidden=EURO)
    # The euro is cleared by the EU; the bank sits in China, s in North Korea, t in Singapore.
    stand = {
        code: left(over(embargo, enforcers=Enforcers.named_as([code], only=True)), (0,))
        for code in ("eu", "cn", "sg", "my")
    }
    assert stand == {"eu": 16, "cn": 16, "sg": 16, "my": 20}


def test_who_joins_makes_the_measures_of_others_hold() -> None:
    designate, join = Effect(designated=("bank",)), Effect(joining=frozenset({"cn"}))
    measures = over(designate, join, enforcers=Enforcers.named_as(["my"], only=True))
    assert [left(measures, chosen) for chosen in ((), (0,), (1,), (0, 1))] == [20, 20, 20, 6]


def test_relief_takes_only_those_listed_under_nothing_else() -> None:
    relief = Effect(programs=("oil*",))
    measures = Measures(
        network=BANK, effects=[relief, Effect(programs=("arms",))], in_force=frozenset({"bank", "ship"}),
        programs={"bank": frozenset({"oil-1"}), "ship": frozenset({"oil-2", "arms"})},
    )  # fmt: skip
    assert [sorted(measures.listed(chosen)) for chosen in ((), (0,), (1,), (0, 1))] == [
        ["bank", "ship"],
        ["ship"],
        ["bank", "ship"],
        [],
    ]


def test_relief_can_free_only_who_is_in_force_or_designated_by_another_measure() -> None:
    effects = [
        Effect(designated=("t",)),
        Effect(relieved=("t", "bank")),
        Effect(programs=("oil*",)),
        Effect(programs=("coal",)),
    ]
    measures = Measures(
        network=BANK, effects=effects, in_force=frozenset({"ship"}), programs={"ship": frozenset({"oil-2"})}
    )
    assert [sorted(measures.freed(number)) for number in range(4)] == [[], ["t"], ["ship"], []]


def test_designating_and_relieving_the_same_party_restores_the_same_links() -> None:
    measures = over(Effect(designated=("bank",)), Effect(relieved=("bank",)))
    assert measures.severed((0, 1)).tolist() == measures.severed(()).tolist()
    assert measures.severed((0,)).any()


def test_a_designated_holder_outside_the_network_captures_what_is_in_it() -> None:
    register, rule = Register.of(("abroad", "ship", 30), ("t", "ship", 25)), load_regime("ofac").rules[0]
    effects = [Effect(designated=("abroad",)), Effect(designated=("t",))]
    measures = Measures(network=BANK, effects=effects, cascade=lambda ids: Cascade(BANK, register, rule, ids))
    assert [measures.captured(chosen) for chosen in ((), (0,), (1,), (0, 1))] == [(), (), (), ("ship",)]


@st.composite
def questions(draw: st.DrawFn) -> tuple[list[Lever], Measures]:
    """Up to nine levers with costs over the small network; some refuse services, some join, some need takers."""
    levers, effects = [], []
    for number in range(draw(st.integers(1, 9))):
        kind = draw(st.sampled_from(["designate", "enforce", "correspondent", "embargo"]))
        takers = frozenset(draw(st.sets(st.sampled_from(["us", "cn", "sg"]), max_size=2)))
        some = np.array(sorted(draw(st.sets(st.integers(0, 5), max_size=3))), np.int64)
        effects.append(
            {
                "designate": Effect(
                    designated=tuple(draw(st.sampled_from([("bank",), ("ship",), ("t",)]))), takers=takers
                ),
                "enforce": Effect(joining=frozenset({draw(st.sampled_from(["cn", "sg", "us"]))})),
                "correspondent": Effect(withheld=some, takers=takers),
                "embargo": Effect(forbidden=some, takers=takers),
            }[kind]
        )
        levers.append(Lever(id=f"l{number}", name="", kind=kind, cost=draw(st.integers(1, 3))))
    enforcers = draw(
        st.sampled_from([Enforcers(), Enforcers.named_as(["us"], only=True), Enforcers.named_as(["cn"], only=False)])
    )
    return levers, over(*effects, enforcers=enforcers)


@given(question=questions(), budget=st.integers(0, 6))
@settings(max_examples=100, deadline=None)
def test_the_best_levers_are_those_that_trying_every_set_finds(question: tuple, budget: int) -> None:
    levers, measures = question
    ends = [np.array([BANK.number[one]]) for one in ("s", "t")]
    situation = LeverSituation.among(levers, measures, sources=ends[0], exits=ends[1])
    found = flow.search(situation, Limits(budget=budget))
    every = range(len(levers))
    sets = (one for size in range(len(levers) + 1) for one in itertools.combinations(every, size))
    best = min(left(measures, one) for one in sets if sum(levers[number].cost for number in one) <= budget)
    assert (found.after, left(measures, found.chosen)) == (best, best)
    assert found.optimal
    assert situation.total_cost(found.chosen) <= budget


@given(question=questions(), kept=st.lists(st.integers(0, 5), unique=True), chosen=st.sets(st.integers(0, 8)))
@settings(max_examples=100, deadline=None)
def test_on_a_part_of_the_links_measures_sever_what_they_sever_of_them_on_all(
    question: tuple, kept: list[int], chosen: set[int]
) -> None:
    levers, measures = question
    # What is withheld by random numbers has no bank behind it that could be asked: only real services are.
    effects = [replace(one, withheld=np.flatnonzero(AT_BANK), refused=AT) if len(one.withheld) else one
               for one in measures.effects]  # fmt: skip
    measures = replace(measures, effects=effects, _severed={})
    like = np.array(sorted(kept), np.int64)
    part = replace(BANK, source=BANK.source[like], target=BANK.target[like], weight=BANK.weight[like], edges={})
    taken = {one for one in chosen if one < len(levers)}
    assert measures.on(part, like).severed(taken).tolist() == measures.severed(taken)[like].tolist()


def test_a_link_that_nobody_recorded_is_refused_a_service_only_by_those_whose_service_it_is() -> None:
    """Like the bank's dollars, but by the ship: not refused. Like the ship's dollars, by the bank: refused; like the
    bank's euros, by the bank: not in dollars. An embargo goes by the goods, whoever trades them."""
    dollars = np.array(BANK.edges["currency"]) == "USD"
    refused = Effect(withheld=USD_AT_BANK, refused=AT, served=dollars)
    embargo = Effect(forbidden=EURO)
    s, t, bank, ship = (BANK.number[one] for one in ("s", "t", "bank", "ship"))
    usd_bank, usd_ship, eur_bank = int(USD_AT_BANK[0]), 5, int(EURO[0])
    assert (BANK.ids[BANK.source[usd_ship]], BANK.edges["currency"][usd_ship]) == ("ship", "USD")
    ends = [(s, ship), (s, bank), (bank, t), (ship, t)]
    like = np.array([usd_bank, usd_ship, eur_bank, eur_bank])
    made = replace(BANK, source=np.array([a for a, _ in ends]), target=np.array([b for _, b in ends]),
                   weight=BANK.weight[like], edges={})  # fmt: skip
    moved = over(refused, embargo).on(made, like)
    assert moved.severed((0,)).tolist() == [False, True, False, False]
    assert moved.severed((1,)).tolist() == [False, False, True, True]

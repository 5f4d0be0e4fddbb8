"""The 50 % rule: official examples, published vectors, own edge cases, and what must hold for every register."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.analysis.ownership.closure import greatest_closure, lower_closure, upper_closure
from finnet.analysis.ownership.gain import captured_by, gains, joint_gains
from finnet.analysis.ownership.loops import loops
from finnet.analysis.ownership.regime import load_regime
from finnet.analysis.ownership.register import Register
from finnet.analysis.ownership.verdict import proof, tipping_share, verdicts
from finnet.errors import UnknownNameError, UsageError

OFAC, EU, UK = (load_regime(name).rule_on("2024-07-03") for name in ("ofac", "eu", "uk"))


def blocked(register: Register, rule, listed) -> set[str]:
    found = verdicts(register, rule, listed).verdict
    return {label for label, verdict in zip(register.ids, found, strict=True) if verdict == "blocked"}


def verdict_of(register: Register, rule, listed, entity: str) -> str:
    return verdicts(register, rule, listed).verdict[register.number[entity]]


# METHODS 1.2 (OFAC FAQ 399, 401): holdings, listed, what is blocked under OFAC.
OFFICIAL = {
    "399": ([("X", "A", 25), ("Y", "A", 25)], "XY", "A"),
    "401-1": ([("X", "A", 50), ("A", "B", 50)], "X", "AB"),
    "401-2": ([("X", "A", 50), ("X", "B", 50), ("A", "C", 25), ("B", "C", 25)], "X", "ABC"),
    "401-3": ([("X", "A", 50), ("X", "B", 10), ("A", "B", 40)], "X", "AB"),
    "401-4": ([("X", "A", 50), ("X", "B", 25), ("A", "C", 25), ("B", "C", 25)], "X", "A"),
    "401-5": ([("X", "A", 25), ("X", "B", 25), ("A", "C", 50), ("B", "C", 50)], "X", ""),
    "398 control without shares": ([("P", "E", 49)], "P", ""),
    "ring 49": ([("X", "A", 49), ("A", "B", 50), ("B", "A", 50)], "X", ""),
    "ring 50": ([("X", "A", 50), ("A", "B", 50), ("B", "A", 50)], "X", "AB"),
    "chain of 50s": ([("X", "A", 50), ("A", "B", 50), ("B", "C", 50)], "X", "ABC"),
    "49 then 100": ([("X", "A", 49), ("A", "B", 100)], "X", ""),
    "three of 15": ([("X", "A", 15), ("Y", "A", 15), ("Z", "A", 15)], "XYZ", ""),
    "30 listed and 30 ordinary": ([("X", "A", 30), ("N", "A", 30)], "X", ""),
    "one holder in two sources": ([("X", "A", 30), ("X", "A", 30)], "X", ""),
    "a party that owns itself": ([("X", "X", 100), ("A", "A", 60), ("X", "A", 40)], "X", ""),
}


@pytest.mark.parametrize("name", OFFICIAL)
def test_official_examples(name):
    holdings, listed, expected = OFFICIAL[name]
    assert blocked(Register.of(*holdings), OFAC, listed) == set(expected)


@pytest.mark.parametrize("regime", ["ofac", "eu", "uk"])
def test_published_vectors(regime, shared_data):
    rule = load_regime(regime).rule_on("2024-07-03")
    vectors = json.loads((shared_data.parent / "vectors" / "ownership_rules.json").read_text())["vectors"]
    found = {
        vector["id"]: blocked(
            Register.of(
                *((h["owner"], h["owned"], h["percent"]) for h in vector["holdings"]), entities=vector["listed"]
            ),
            rule,
            vector["listed"],
        )
        for vector in vectors
    }
    assert found == {vector["id"]: set(vector["blocked"][regime]) for vector in vectors}


def test_divestment_unblocks():
    # FAQ 402: 60 % before, 40 % after a sale.
    assert blocked(Register.of(("X", "A", 60)), OFAC, "X") == {"A"}
    assert blocked(Register.of(("X", "A", 40), ("B", "A", 60)), OFAC, "X") == set()


def test_exactly_half_by_regime_and_date():
    register = Register.of(("X", "A", 50), ("N", "A", 50))
    before = load_regime("eu").rule_on("2024-07-02")
    assert [verdict_of(register, rule, "X", "A") for rule in (OFAC, EU, UK, before)] == [
        "blocked",
        "blocked",
        "not",
        "not",
    ]


def test_uk_takes_each_person_alone_and_a_joint_group_as_one():
    register = Register.of(("X", "A", 30), ("Y", "A", 30), ("N", "A", 40))
    assert verdict_of(register, UK, "XY", "A") == "not"
    together = verdicts(register, UK, "XY", joint=[("X", "Y")]).verdict[register.number["A"]]
    assert together == "blocked"


@pytest.mark.parametrize(
    ("stakes", "expected"),
    [
        ([("X", "A", (25, 50))], "possibly"),  # a band that ends exactly at 50 can be 50
        ([("X", "A", (25, 49)), ("N", "A", 51)], "not"),
        ([("X", "A", 25)], "possibly"),  # 75 undisclosed could make up the rest
        ([("X", "A", 25), ("N", "A", 51)], "not"),  # 25 + 24 undisclosed < 50
        ([("X", "A", 26), ("N", "A", 50)], "possibly"),  # 26 + 24 undisclosed = 50
        ([("N", "A", 40)], "no_data"),
        ([("N", "A", 51)], "not"),  # at most 49 can be in listed hands
        ([("X", "A", None)], "possibly"),
        ([("X", "A", None), ("N", "A", 60)], "not"),
        ([("X", "A", 70), ("N", "A", 70)], "blocked"),  # 140 % is impossible, but 70 is recorded
        ([("X", "A", (50, 75))], "blocked"),
        ([("X", "A", 0)], "no_data"),
    ],
)
def test_verdicts_over_intervals(stakes, expected):
    assert verdict_of(Register.of(*stakes, entities=["X"]), OFAC, "X", "A") == expected


def test_what_is_possibly_blocked_makes_its_holdings_possible():
    register = Register.of(("X", "A", (25, 50)), ("N", "A", 50), ("A", "B", 100))
    assert verdict_of(register, OFAC, "X", "B") == "possibly"


def test_no_float_trap_at_the_threshold():
    # 0.1 + 0.4 and 33.3333 + 16.6667 in ppm are exact.
    register = Register.of(("X", "A", 10), ("Y", "A", 40), ("X", "B", 33.3333), ("Y", "B", 16.6667))
    assert blocked(register, OFAC, "XY") == {"A", "B"}


def test_twelve_steps_of_fifty():
    chain = [("X", "n01", 50)] + [(f"n{i:02}", f"n{i + 1:02}", 50) for i in range(1, 12)]
    register = Register.of(*chain)
    found = verdicts(register, OFAC, ["X"])
    assert found.verdict == ("listed", *["blocked"] * 12)
    assert found.round[register.number["n12"]] == 12


def test_tipping_share_is_what_is_missing():
    register = Register.of(("X", "A", 38.8), ("N", "A", 30))
    held = verdicts(register, OFAC, ["X"]).held_min[register.number["A"]]
    assert tipping_share(OFAC, int(held)) == 112_000  # 50 - 38.8


def test_proof_names_the_holders_that_crossed_the_threshold():
    register = Register.of(("X", "A", 50), ("X", "B", 10), ("A", "B", 40), ("N", "B", 50))
    steps = proof(register, OFAC, register.numbers("X"), register.number["B"])
    assert [(register.ids[s.entity], s.round, s.held) for s in steps] == [("B", 2, 500_000), ("A", 1, 500_000)]
    assert [register.ids[register.owner[stake]] for stake in steps[0].stakes] == ["A", "X"]


def test_shares_over_the_whole_are_flagged():
    register = Register.of(("X", "A", 70), ("N", "A", 70))
    assert [register.ids[i] for i in register.impossible] == ["A"]


def test_orphan_ring_is_ambiguous_and_does_not_leak():
    register = Register.of(("A", "B", 100), ("B", "A", 100), entities=["X"])
    (ring,) = loops(register, register.numbers("X"), OFAC.meet)
    assert (ring.leaks, [register.ids[i] for i in ring.ambiguous]) == (False, ["A", "B"])


def test_loop_with_too_little_from_outside_is_ambiguous():
    # X 40 and B 20 in A, A 60 in B: nobody is blocked from X alone, but both would be if one assumed it.
    register = Register.of(("X", "A", 40), ("A", "B", 60), ("B", "A", 20), ("N", "A", 40), ("N", "B", 40))
    (ring,) = loops(register, register.numbers("X"), OFAC.meet)
    assert ring.leaks
    assert [register.ids[i] for i in ring.ambiguous] == ["A", "B"]


def test_gain_counts_what_one_designation_would_add():
    register = Register.of(("X", "A", 30), ("Y", "A", 25), ("A", "B", 100), ("Z", "C", 25), ("W", "C", 25))
    count, _ = gains(register, register.numbers("X"), OFAC.meet)
    assert {register.ids[i]: int(count[i]) for i in np.flatnonzero(count)} == {"A": 1, "Y": 2}


def test_two_quarter_owners_capture_only_together():
    register = Register.of(("Z", "C", 25), ("W", "C", 25), ("C", "D", 60))
    pairs, cut = joint_gains(register, register.numbers([]), OFAC.meet)
    assert ([(register.ids[a], register.ids[b], n) for a, b, n in pairs], cut) == ([("W", "Z", 2)], False)


def test_unknown_regime_and_bad_file_are_refused(tmp_path):
    with pytest.raises(UnknownNameError, match="no regime called 'ofak'; did you mean 'ofac'"):
        load_regime("ofak")
    bad = tmp_path / "mine.toml"
    bad.write_text("[[rule]]\nthreshold = 50\nagregate = 'all'\n")
    with pytest.raises(UsageError, match="unknown key 'agregate'; did you mean 'aggregate'"):
        load_regime(str(bad))


NAMES = st.sampled_from("ABCDEFGH")
SHARE = st.one_of(
    st.none(),
    st.integers(0, 100),
    st.tuples(st.integers(0, 100), st.integers(0, 100)).map(lambda pair: (min(pair), max(pair))),
)
STAKES = st.lists(st.tuples(NAMES, NAMES, SHARE), max_size=14)


@given(STAKES, st.sets(NAMES, max_size=3), st.randoms())
@settings(max_examples=150, deadline=None)
def test_neither_order_nor_repetition_matters(stakes, listed, chance: random.Random):
    again = [*stakes, *stakes[:3]]
    chance.shuffle(again)
    first, second = (Register.of(*rows, entities="ABCDEFGH") for rows in (stakes, again))
    assert verdicts(first, OFAC, sorted(listed)).verdict == verdicts(second, OFAC, sorted(listed)).verdict


@given(STAKES, st.tuples(NAMES, NAMES, st.integers(0, 100)), st.sets(NAMES, min_size=1, max_size=3))
@settings(max_examples=150, deadline=None)
def test_adding_a_holding_never_unblocks(stakes, more, listed):
    before = blocked(Register.of(*stakes, entities="ABCDEFGH"), OFAC, sorted(listed))
    assert before <= blocked(Register.of(*stakes, more, entities="ABCDEFGH"), OFAC, sorted(listed))


@given(STAKES, st.sets(NAMES, max_size=3))
@settings(max_examples=150, deadline=None)
def test_closures_are_nested(stakes, listed):
    register = Register.of(*stakes, entities="ABCDEFGH")
    seeds = register.numbers(listed)
    least = set(lower_closure(register, seeds, OFAC.meet).blocked.tolist())
    assert least <= set(upper_closure(register, seeds, OFAC.meet).blocked.tolist())
    assert least <= set(greatest_closure(register, seeds, OFAC.meet).tolist())


@given(STAKES, st.sets(NAMES, max_size=3))
@settings(max_examples=150, deadline=None)
def test_the_work_list_agrees_with_plain_iteration(stakes, listed):
    register = Register.of(*stakes, entities="ABCDEFGH")
    seeds = register.numbers(listed)
    inside = set(seeds.tolist())
    while True:  # the definition, read literally
        held = {
            e: sum(int(register.low[s]) for s in register.stakes_of(e) if int(register.owner[s]) in inside)
            for e in range(register.size)
        }
        more = {e for e, share in held.items() if share >= OFAC.meet} - inside
        if not more:
            break
        inside |= more
    assert set(lower_closure(register, seeds, OFAC.meet).blocked.tolist()) == inside


@given(STAKES, st.sets(NAMES, max_size=2))
@settings(max_examples=100, deadline=None)
def test_gains_agree_with_designating_each_party(stakes, listed):
    register = Register.of(*stakes, entities="ABCDEFGH")
    seeds = register.numbers(listed)
    already = set(lower_closure(register, seeds, OFAC.meet).blocked.tolist())
    count, _ = gains(register, seeds, OFAC.meet)
    expected = [
        0 if one in already else len(captured_by(register, seeds, np.array([one]), OFAC.meet))
        for one in range(register.size)
    ]
    assert count.tolist() == expected

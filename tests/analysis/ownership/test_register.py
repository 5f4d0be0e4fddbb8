"""The register made column by column against the same made pair by pair; closures, pairs and circles by brute force."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.analysis.ownership.closure import lower_closure, lower_closures, upper_closure, upper_closures
from finnet.analysis.ownership.control import controlled_by, controllers_of
from finnet.analysis.ownership.gain import captured_by, joint_gains
from finnet.analysis.ownership.integrated import integrated, integrated_owners
from finnet.analysis.ownership.regime import load_regime
from finnet.analysis.ownership.register import WHOLE, Register, Stake
from finnet.analysis.ownership.verdict import verdicts

NAMES = st.sampled_from("ABCDEFG")
BOUND = st.one_of(st.none(), st.integers(0, 10).map(lambda tenth: tenth * 100_000))


@st.composite
def stakes(draw):
    low, high = draw(BOUND), draw(BOUND)
    if low is not None and high is not None:
        low, high = min(low, high), max(low, high)
    return Stake(owner=draw(NAMES), owned=draw(NAMES), minimum=low, maximum=high, indirect=draw(st.integers(0, 5)) == 0)


def plain(given_stakes: list[Stake]) -> tuple[list[tuple], dict[str, int]]:
    """(owned, owner, low, high, disclosed, indirect, statements) per pair, and what each holds of itself."""
    together: dict[tuple[str, str], list[int]] = {}
    own: dict[str, int] = {}
    for number, stake in enumerate(given_stakes):
        if stake.owner == stake.owned:
            most = max(stake.minimum or 0, stake.maximum or 0)
            own[stake.owned] = max(own.get(stake.owned, 0), most)
        else:
            together.setdefault((stake.owned, stake.owner), []).append(number)
    rows = []
    for (owned, owner), numbers in sorted(together.items()):
        said = [given_stakes[number] for number in numbers]
        known = [s for s in said if s.indirect or s.minimum is not None or s.maximum is not None]
        lows = [0 if s.indirect else s.minimum or 0 for s in known]
        highs = [WHOLE if s.indirect or s.maximum is None else s.maximum for s in known]
        low = max(lows, default=0)
        high = max([*highs, low]) if known else WHOLE
        rows.append((owned, owner, low, high, bool(known), all(s.indirect for s in said), numbers))
    return rows, own


@given(st.lists(stakes(), max_size=25))
@settings(max_examples=200, deadline=None)
def test_columns_and_pairs_make_the_same_register(given_stakes):
    register = Register.build(given_stakes, entities="Z")
    rows = [
        (
            register.ids[register.owned[place]], register.ids[register.owner[place]], register.low[place],
            register.high[place], register.disclosed[place], register.indirect[place], register.statements_of(place),
        )
        for place in range(len(register.owner))
    ]  # fmt: skip
    expected, own = plain(given_stakes)
    assert rows == expected
    assert {register.ids[one]: share for one, share in register.own.items()} == own
    assert register.ids == tuple(sorted({end for s in given_stakes for end in (s.owner, s.owned)} | {"Z"}))


@given(st.lists(stakes(), max_size=20))
@settings(max_examples=100, deadline=None)
def test_both_compressed_forms_hold_every_stake_in_order(given_stakes):
    register = Register.build(given_stakes)
    for table, mine, other in (
        (register.holdings, register.owner, register.owned),
        (register.holders, register.owned, register.owner),
    ):
        order = np.lexsort((other, mine))
        assert table.stakes.tolist() == order.tolist()
        assert table.ends.tolist() == other[order].tolist()
        assert table.low.tolist() == register.low[order].tolist()
        assert np.diff(table.pointers).tolist() == np.bincount(mine, minlength=register.size).tolist()


@given(st.lists(stakes(), max_size=20), st.lists(st.sets(NAMES, min_size=1, max_size=2), min_size=1, max_size=3))
@settings(max_examples=100, deadline=None)
def test_groups_together_give_the_best_of_each_alone(given_stakes, groups):
    register = Register.build(given_stakes, entities="ABCDEFG")
    seeds = [register.numbers(group) for group in groups]
    for together, alone in ((lower_closures, lower_closure), (upper_closures, upper_closure)):
        found = together(register, seeds, 500_000)
        each = [alone(register, one, 500_000) for one in seeds]
        rounds = [[one.round[e] for one in each if one.round[e] >= 0] for e in range(register.size)]
        assert found.round.tolist() == [min(some, default=-1) for some in rounds]
        assert found.held.tolist() == np.max([one.held for one in each], axis=0).tolist()
        for entity, group in enumerate(found.by.tolist()):
            if found.round[entity] >= 0:
                assert each[group].round[entity] == found.round[entity]


@given(st.lists(st.tuples(NAMES, NAMES, st.integers(1, 60)), max_size=14), st.sets(NAMES, max_size=1))
@settings(max_examples=150, deadline=None)
def test_all_pairs_that_capture_only_together_are_found(rows, listed):
    register = Register.of(*rows, entities="ABCDEFG")
    seeds = register.numbers(listed)
    blocked = set(lower_closure(register, seeds, 500_000).blocked.tolist())
    expected = []
    for first, second in combinations(sorted(set(range(register.size)) - blocked), 2):
        alone = {first, second}
        for one in (first, second):
            alone |= set(captured_by(register, seeds, np.array([one]), 500_000).tolist())
        together = captured_by(register, seeds, np.array([first, second]), 500_000)
        if more := len(set(together.tolist()) - alone):
            expected.append((first, second, more))
    found, cut = joint_gains(register, seeds, 500_000)
    assert (found, cut) == (sorted(expected, key=lambda one: (-one[2], one[0], one[1])), False)


def test_pairs_that_were_not_all_tried_are_said_to_be_cut():
    register = Register.of(*((owner, "T", 25) for owner in "ABCDEF"))
    assert joint_gains(register, register.numbers([]), 500_000, limit=3)[1]


@given(st.lists(st.tuples(NAMES, NAMES, st.integers(1, 40)), max_size=16), NAMES)
@settings(max_examples=150, deadline=None)
def test_integrated_shares_upward_and_downward_agree_with_a_dense_solve(rows, entity):
    register = Register.of(*rows, entities="ABCDEFG")
    size = register.size
    matrix = np.zeros((size, size))
    shares = register.low / np.maximum(WHOLE, register.disclosed_low[register.owned])
    matrix[register.owner, register.owned] = shares
    centre = register.number[entity]
    upward = integrated_owners(register, centre)
    for owner in set(range(size)) - {centre}:
        # Probability of ever meeting the owner on the way up, by iterating its definition.
        reached = np.zeros(size)
        reached[owner] = 1.0
        for _ in range(4_000):
            after = reached @ matrix
            after[owner] = 1.0
            if np.abs(after - reached).max() < 1e-13:
                break
            reached = after
        assert upward.get(owner, 0.0) == pytest.approx(reached[centre], abs=1e-7)
        downward = integrated(register, np.array([owner]), precision=1e-12)
        assert downward[centre] == pytest.approx(reached[centre], abs=1e-7)


def test_a_ring_that_hardly_leaks_is_solved_directly():
    # One part in a million leaks to O per step: pushing would take millions of rounds.
    firms = [f"F{number:02}" for number in range(30)]
    ring = [(one, other, 99.9999) for one, other in zip(firms, [*firms[1:], firms[0]], strict=True)]
    register = Register.of(*ring, *(("O", firm, 0.0001) for firm in firms))
    found = integrated(register, register.numbers(["O"]))
    assert [found[register.number[firm]] for firm in firms] == pytest.approx([1.0] * 30, abs=1e-6)


def test_whoever_walks_into_a_ring_without_outsiders_meets_each_of_its_members():
    register = Register.of(("A", "B", 100), ("B", "A", 100), ("A", "C", 40), ("O", "C", 60))
    found = {register.ids[one]: share for one, share in integrated_owners(register, register.number["C"]).items()}
    assert found == pytest.approx({"A": 0.4, "B": 0.4, "O": 0.6})


@given(st.lists(st.tuples(NAMES, NAMES, st.integers(1, 100)), max_size=16), NAMES)
@settings(max_examples=100, deadline=None)
def test_controllers_of_one_are_those_whose_controlled_have_it(rows, entity):
    register = Register.of(*rows, entities="ABCDEFG")
    number = register.number[entity]
    others = [one for one in range(register.size) if one != number]
    expected = [one for one in others if number in controlled_by(register, one)]
    assert controllers_of(register, number, others).tolist() == expected


def test_an_indirect_stake_without_a_chain_makes_possible_and_no_more():
    indirect = Stake(owner="X", owned="A", minimum=600_000, maximum=600_000, indirect=True)
    others = Stake(owner="N", owned="A", minimum=WHOLE, maximum=WHOLE)
    rule = load_regime("ofac").rules[0]
    for register in (Register.build([indirect]), Register.build([indirect, others])):
        found = verdicts(register, rule, ["X"])
        place = register.number["A"]
        assert (found.verdict[place], found.held_min[place], found.held_max[place]) == ("possibly", 0, WHOLE)


def test_a_natural_person_is_nobody_s_property():
    register = Register.of(("X", "A", 10), entities="P")
    found = verdicts(register, load_regime("ofac").rules[0], ["X"], people=["P", "X"])
    assert dict(zip(register.ids, found.verdict, strict=True)) == {"A": "possibly", "P": "not", "X": "listed"}


def test_who_holds_jointly_with_a_listed_person_is_not_blocked_for_that():
    register = Register.of(("X", "A", 30), ("Y", "A", 30), ("Q", "Y", 60))
    found = verdicts(register, load_regime("uk").rules[0], ["X"], joint=[["X", "Y"]])
    assert dict(zip(register.ids, found.verdict, strict=True)) == {
        "A": "blocked",
        "Q": "no_data",
        "X": "listed",
        "Y": "not",
    }

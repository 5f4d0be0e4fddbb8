"""Integrated ownership and control against published examples and a dense solve."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.analysis.ownership.control import controlled_by, controllers
from finnet.analysis.ownership.integrated import integrated, integrated_owners
from finnet.analysis.ownership.register import Register


def share_of(register: Register, holder: str, entity: str) -> float:
    return float(integrated(register, register.numbers([holder]))[register.number[entity]])


# METHODS 2.1: structure, holder, entity, share.
PUBLISHED = {
    "consolidation": (
        [("S0", "S1", 80), ("S0", "S2", 60), ("S0", "S3", 10), ("S2", "S1", 10), ("S1", "S3", 40), ("S2", "S3", 20)],
        {("S0", "S3"): 0.564, ("S0", "S1"): 0.86, ("S0", "S2"): 0.6},
    ),
    "family": ([("F", "C", 30), ("F", "B", 30), ("B", "C", 20)], {("F", "C"): 0.36}),
    "80-50-40": ([("Z", "A", 80), ("A", "B", 50), ("B", "C", 40)], {("Z", "C"): 0.16}),
    "pyramid": ([("Z", "A", 52), ("A", "B", 51), ("B", "C", 51)], {("Z", "C"): 0.135252}),
    # a/(1 - xy) with x = .5, y = .4: .5/.8 = .625, and so on
    "cross-holding": (
        [("O", "F1", 50), ("F2", "F1", 50), ("F1", "F2", 40), ("P", "F2", 60)],
        {("O", "F1"): 0.625, ("O", "F2"): 0.25, ("P", "F1"): 0.375, ("P", "F2"): 0.75},
    ),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_examples(name):
    stakes, expected = PUBLISHED[name]
    register = Register.of(*stakes)
    assert {pair: share_of(register, *pair) for pair in expected} == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_upward_solve_agrees(name):
    stakes, expected = PUBLISHED[name]
    register = Register.of(*stakes)
    found = {
        (holder, entity): integrated_owners(register, register.number[entity])[register.number[holder]]
        for holder, entity in expected
    }
    assert found == pytest.approx(expected, abs=1e-9)


def test_one_outside_shareholder_of_a_group_with_circles_has_all_of_it():
    # Circles inside the group, everything else L's: L reaches 100 % of each firm.
    register = Register.of(
        ("A", "B", 90), ("B", "C", 95), ("C", "A", 80), ("L", "A", 20), ("L", "B", 10), ("L", "C", 5)
    )
    assert [share_of(register, "L", firm) for firm in "ABC"] == pytest.approx([1, 1, 1], abs=1e-6)


def test_an_orphan_ring_gives_outsiders_nothing():
    register = Register.of(("A", "B", 100), ("B", "A", 100), ("O", "C", 10))
    assert share_of(register, "O", "A") == 0.0


def test_a_set_of_holders_counts_nothing_twice():
    # X holds 50 % of Y and Y 100 % of A: together they have 100 % of A, not 150 %.
    register = Register.of(("X", "Y", 50), ("Y", "A", 100))
    both = integrated(register, register.numbers("XY"))
    assert both[register.number["A"]] == pytest.approx(1.0)


def test_control_by_majority_of_what_the_controlled_hold_too():
    # gringo and clingo test suite (METHODS 2.2), with owns(c2,c3,35) and owns(c2,c3,40)
    for middle in (35, 40):
        register = Register.of(("c1", "c2", 60), ("c1", "c3", 20), ("c2", "c3", middle), ("c3", "c4", 51))
        pairs, cut = controllers(register)
        named = {(register.ids[a], register.ids[b]) for a, b in pairs}
        assert (named, cut) == ({("c1", "c2"), ("c1", "c3"), ("c1", "c4"), ("c3", "c4")}, False)


def test_control_through_a_franchise():
    register = Register.of(("Yum", "Group", 70), ("Group", "Mc", 45), ("Yum", "Mc", 10))
    assert {register.ids[i] for i in controlled_by(register, register.number["Yum"])} == {"Group", "Mc"}


def test_mutual_control_in_a_ring():
    register = Register.of(("a", "b", 51), ("b", "a", 51))
    assert {(register.ids[a], register.ids[b]) for a, b in controllers(register)[0]} == {("a", "b"), ("b", "a")}


@st.composite
def registers(draw):
    # Ten entities; each firm's holders are drawn with whole percents that add up to 100; two roots hold of everybody.
    firms, roots = range(6), ("r0", "r1")
    stakes = []
    for firm in firms:
        others = draw(st.lists(st.sampled_from([f"f{i}" for i in firms if i != firm]), max_size=3, unique=True))
        cuts = sorted(draw(st.lists(st.integers(0, 95), min_size=len(others), max_size=len(others))))
        parts = np.diff([0, *cuts, 100]).tolist()
        stakes += [(holder, f"f{firm}", part) for holder, part in zip(others, parts[:-1], strict=True) if part]
        stakes.append((draw(st.sampled_from(roots)), f"f{firm}", parts[-1]))
    return Register.of(*stakes, entities=roots)


@given(registers())
@settings(max_examples=80, deadline=None)
def test_roots_share_everything_where_every_loop_leaks(register):
    total = sum(integrated(register, register.numbers([root])) for root in ("r0", "r1"))
    firms = [register.number[f"f{i}"] for i in range(6)]
    assert total[firms] == pytest.approx(np.ones(6), abs=1e-6)


@given(registers(), st.sampled_from(["r0", "r1", "f0", "f3"]))
@settings(max_examples=80, deadline=None)
def test_push_agrees_with_a_dense_solve(register, holder):
    # N = (I - A)^-1, corrected by the holder's own loop: N[i, j] / N[i, i].
    size = register.size
    matrix = np.zeros((size, size))
    matrix[register.owner, register.owned] = register.low / 1e6
    walks = np.linalg.inv(np.eye(size) - matrix)
    i = register.number[holder]
    expected = walks[i] / walks[i, i]
    expected[i] = 1.0
    found = integrated(register, register.numbers([holder]), precision=1e-13)
    assert found == pytest.approx(expected, abs=1e-9)

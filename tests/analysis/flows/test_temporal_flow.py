"""Maximum flow in the order of time: worked examples, and networkx on a network spread out payment by payment."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.analysis.flows.temporal_flow import temporal_flow
from finnet.graph.ledger import Ledger

PAYMENTS = st.lists(
    st.tuples(st.sampled_from("sabct"), st.sampled_from("sabct"), st.integers(1, 9), st.integers(1, 6)), max_size=14
)


def most(ledger: Ledger, source: str = "s", end: str = "t", **options: bool) -> float:
    if source not in ledger.number or end not in ledger.number:
        return 0
    found = temporal_flow(ledger, [ledger.number[source]], [ledger.number[end]], **options).minor
    assert found is not None
    return found / 100


def spread_out(rows: list[tuple[str, str, int, int]], *, same_time: bool) -> float:
    """The same by networkx: one node per party and half-step of time, money waiting from each to the next."""
    graph = nx.DiGraph()
    last = max((time for *_, time in rows), default=0) + 1
    for party in "sabct":
        for half in range(2 * last + 1):
            graph.add_edge((party, half), (party, half + 1), capacity=10**9)
    for place, (payer, beneficiary, amount, time) in enumerate(rows):
        # A strict payment leaves at a full step and comes half a step later; else it comes in the same instant.
        middle = ("payment", place)
        graph.add_edge((payer, 2 * time), middle, capacity=amount)
        graph.add_edge(middle, (beneficiary, 2 * time + (not same_time)), capacity=amount)
    return float(nx.maximum_flow_value(graph, ("s", 0), ("t", 2 * last + 1)))


def static(rows: list[tuple[str, str, int, int]]) -> float:
    graph = nx.DiGraph()
    graph.add_nodes_from("st")
    for payer, beneficiary, amount, _ in rows:
        if payer != beneficiary:
            before = graph.get_edge_data(payer, beneficiary, {"capacity": 0})["capacity"]
            graph.add_edge(payer, beneficiary, capacity=before + amount)
    return float(nx.maximum_flow_value(graph, "s", "t"))


def test_what_left_before_it_came_does_not_count() -> None:
    # x pays 3 before it has anything; of s's 5, 4 go round by y and 1 (of 2) later straight.
    assert (
        most(Ledger.of(("x", "t", 3, 1), ("s", "x", 5, 2), ("x", "y", 4, 3), ("y", "t", 4, 4), ("x", "t", 2, 5))) == 5
    )


def test_money_can_wait_for_the_better_payment() -> None:
    # Whoever sends on all it has at once loses it to the dead end d.
    assert most(Ledger.of(("s", "x", 5, 1), ("x", "d", 5, 2), ("x", "t", 5, 3))) == 5


def test_the_same_day_counts_only_if_asked_for() -> None:
    ledger = Ledger.of(("x", "t", 5, 1), ("s", "x", 5, 1))
    assert (most(ledger), most(ledger, same_time=True)) == (0, 5)


def test_a_payment_through_an_intermediary_goes_on_at_once() -> None:
    ledger = Ledger.of(("s", "m", 5, 1), ("m", "t", 5, 1))
    one_payment = replace(ledger, leg=np.array([0, 1]), record=np.array([1, 1]))
    assert (most(ledger), most(one_payment)) == (0, 5)


def test_what_an_intermediary_received_may_stay_with_it_and_its_own_go_on() -> None:
    # s's 4 come to m early; on day 2 m passes a payment of 6 from a on to t; a has nothing of s.
    rows = Ledger.of(("s", "m", 4, 1), ("a", "m", 6, 2), ("m", "t", 6, 2))
    assert most(replace(rows, leg=np.array([0, 0, 1]), record=np.array([1, 2, 2]))) == 4


def test_reversals_take_back_what_was_paid_before() -> None:
    ledger = Ledger.of(("s", "x", 5, 1), ("x", "t", 5, 2), ("x", "t", -3, 3), ("x", "t", 1, 4))
    assert most(ledger) == 3


def test_too_many_legs_are_said_not_computed() -> None:
    ledger = Ledger.of(("s", "x", 5, 1), ("x", "t", 5, 2), ("s", "x", 5, 3))
    found = temporal_flow(ledger, [ledger.number["s"]], [ledger.number["t"]], most_legs=1)
    assert (found.minor, found.legs) == (None, 2)  # the last payment comes too late to go anywhere


@pytest.mark.parametrize("same_time", [False, True])
@settings(max_examples=200, deadline=None)
@given(rows=PAYMENTS)
def test_it_equals_networkx_on_the_network_spread_out_in_time(
    same_time: bool, rows: list[tuple[str, str, int, int]]
) -> None:
    assert most(Ledger.of(*rows), same_time=same_time) == spread_out(rows, same_time=same_time)


@settings(max_examples=150, deadline=None)
@given(rows=PAYMENTS)
def test_strict_is_at_most_loose_is_at_most_static(rows: list[tuple[str, str, int, int]]) -> None:
    ledger = Ledger.of(*rows)
    assert most(ledger) <= most(ledger, same_time=True) <= static(rows)


def test_an_empty_ledger_carries_nothing() -> None:
    assert temporal_flow(Ledger.of(), [], []).minor == 0

"""The order among payments of one time: receipts before payments, nothing lost, times as they were."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.analysis.flows.passage import Passage
from finnet.analysis.flows.same_time import inflow_first
from finnet.analysis.flows.tracing import trace_by
from finnet.graph.ledger import Ledger

ROWS = st.lists(
    st.tuples(st.sampled_from([*"abcdef", None]), st.sampled_from("abcdef"), st.integers(1, 9), st.integers(1, 3)),
    max_size=20,
)


def test_money_goes_all_the_way_on_one_day_though_the_file_is_upside_down() -> None:
    day = "2019-03-01"
    ledger = Ledger.of(("c", "d", 5, day), ("b", "c", 5, day), ("a", "b", 5, day))
    held = {
        name: trace_by("fifo", Passage.of(made, sources=[0])).held.tolist()
        for name, made in (("file", ledger), ("inflow_first", inflow_first(ledger)))
    }
    assert held == {"file": [0, 500, 0, 0], "inflow_first": [0, 0, 0, 500]}


def test_a_circle_begins_with_the_first_of_the_file() -> None:
    ledger = Ledger.of(("b", "a", 5, 1), ("a", "b", 5, 1), ("b", "c", 5, 1))
    assert list(inflow_first(ledger).payment_ids) == ["p1", "p2", "p3"]


def test_an_earlier_day_stays_earlier() -> None:
    ledger = Ledger.of(("b", "c", 5, 1), ("a", "b", 5, 2))
    assert list(inflow_first(ledger).payment_ids) == ["p1", "p2"]


def test_two_legs_of_a_payment_stay_together() -> None:
    ledger = Ledger.of(("b", "m", 5, 1), ("m", "c", 5, 1), ("a", "b", 5, 1))
    legs = replace(ledger, leg=np.array([0, 1, 0]), record=np.array([1, 1, 2]))
    assert list(inflow_first(legs).payment_ids) == ["p3", "p1", "p2"]


@settings(max_examples=150, deadline=None)
@given(rows=ROWS)
def test_every_receipt_stands_before_the_payments_it_may_feed(rows: list[tuple[str | None, str, int, int]]) -> None:
    ledger = Ledger.of(*rows)
    ordered = inflow_first(ledger)
    assert sorted(ordered.payment_ids) == sorted(ledger.payment_ids)
    assert ordered.time.tolist() == ledger.time.tolist()
    for time in set(ledger.time.tolist()):
        inside = np.flatnonzero(ordered.time == time)
        ends = [(int(ordered.payer[k]), int(ordered.beneficiary[k])) for k in inside]
        graph = nx.DiGraph((x, y) for x, y in ends if x >= 0 and x != y)
        if not nx.is_directed_acyclic_graph(graph):
            continue
        for place, (payer, receiver) in enumerate(ends):
            assert payer == receiver or all(x != receiver or y == receiver for x, y in ends[:place])

"""How traced money came to each party: by hand, and against what must always hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.analysis.flows.carriers import fewest_payments, largest_carriers
from finnet.analysis.flows.passage import Passage
from finnet.analysis.flows.traced_links import traced_links
from finnet.analysis.flows.tracing import RULES, trace_by
from finnet.graph.ledger import Ledger

_PARTIES = st.sampled_from("abcdefg")
_PAYMENTS = st.lists(st.tuples(_PARTIES, _PARTIES, st.integers(1, 50), st.integers(0, 9)), min_size=1, max_size=25)


def test_a_later_short_way_counts_and_an_earlier_payment_cannot() -> None:
    # Thief to a to b to c by three payments; b to thief's old friend before any of it: nobody is reached by that.
    ledger = Ledger.of(
        ("b", "friend", 5, 0), ("thief", "a", 10, 1), ("a", "b", 10, 2), ("b", "c", 10, 3), ("thief", "c", 1, 4)
    )
    passage = Passage.of(ledger, sources=[ledger.number["thief"]])
    hops = fewest_payments(passage, trace_by("fifo", passage))
    assert dict(zip(ledger.ids, hops.tolist(), strict=True)) == {"a": 1, "b": 2, "c": 1, "friend": 0, "thief": 0}


def test_backwards_the_hops_count_from_the_end() -> None:
    ledger = Ledger.of(("a", "b", 10, 1), ("b", "c", 10, 2))
    passage = Passage.of(ledger, sources=[ledger.number["c"]], backward=True)
    assert fewest_payments(passage, trace_by("fifo", passage)).tolist() == [2, 1, 0]


def test_the_payments_that_brought_most_come_first_by_their_traced_part() -> None:
    # a holds 90 of its own, then 10 of the thief's: of its 95, first in first out, only 5 are traced.
    ledger = Ledger.of(
        ("pub", "a", 90, 0), ("thief", "a", 10, 1), ("a", "b", 95, 2), ("thief", "b", 7, 3), ("thief", "b", 6, 4)
    )
    passage = Passage.of(ledger, sources=[ledger.number["thief"]])
    carriers = largest_carriers(passage, trace_by("fifo", passage), [ledger.number["b"]], most=2)
    assert carriers == {ledger.number["b"]: [3, 4]}  # 7 and 6; the 95 bring 5


@pytest.mark.parametrize("rule", sorted(RULES))
@pytest.mark.parametrize("backward", [False, True])
@given(payments=_PAYMENTS)
@settings(max_examples=20, deadline=None)
def test_whoever_traced_money_reached_has_hops_and_carriers_and_links_add_up(
    rule: str, backward: bool, payments: list[tuple[str, str, int, int]]
) -> None:
    ledger = Ledger.of(*payments)
    passage = Passage.of(ledger, sources=[0], backward=backward)
    traced = trace_by(rule, passage)
    reached = np.flatnonzero((traced.received >= 0.5) & (passage.label == 0)).tolist()
    hops, carriers = fewest_payments(passage, traced), largest_carriers(passage, traced, reached, most=99)
    giver, receiver = passage.in_time(passage.sender), passage.in_time(passage.receiver)
    for party in reached:
        brought = carriers[party]
        if not brought:  # a haircut may come in parts that are each less than half a cent
            assert rule == "haircut"
            continue
        assert {receiver[place] for place in brought} == {party}
        assert sum(traced.on[brought]) == pytest.approx(traced.received[party], abs=0.5 * len(payments))
        assert 1 <= hops[party] <= len(payments)
        # Somebody who is one payment nearer, or a source, handed it over.
        assert min(hops[giver[place]] if passage.label[giver[place]] == 0 else 0 for place in brought) < hops[party]
    network = traced_links(passage, traced)
    apart = ledger.settled.payer != ledger.settled.beneficiary
    assert network.minor is not None
    assert network.minor.sum() == np.rint(traced.on[apart]).sum()

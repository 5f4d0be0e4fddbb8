"""Sinks, conduits and what crosses borders, on the maintainers' own vector."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.analysis.borders import cross_border
from finnet.graph import Network

# 100 from DE over NL to BM, 50 from FR over NL to BM, 30 from DE to FR (METHODS 3).
_CHAINS = Network.of(("de", "nl", 100), ("nl", "bm", 150), ("fr", "nl", 50), ("de", "fr", 30))


def test_sinks_of_the_worked_example() -> None:
    borders = cross_border(_CHAINS, _CHAINS.ids)
    gdp = {"de": 40.0, "fr": 30.0, "nl": 9.0, "bm": 1.0}
    got = dict(zip(borders.countries, borders.sink(gdp).tolist(), strict=True))
    # All that crosses: 100 + 150 + 50 + 30 = 330; all GDP 80. BM: 150/330 · 80/1; DE: -130/330 · 80/40; NL: in = out.
    # FR: received 30, sent 50: -20/330 · 80/30.
    assert got == pytest.approx({"bm": 150 / 330 * 80, "de": -130 / 330 * 2, "fr": -20 / 330 * 80 / 30, "nl": 0.0})
    assert borders.sink().sum() == pytest.approx(0.0, abs=1e-12)


def test_sizes_do_the_same_to_conduits_and_volume_is_what_crosses() -> None:
    chain = Network.of(("A", "B", 100), ("B", "C", 90))
    borders = cross_border(chain, ["kp", "cn", "sg"])
    # kp sends 100, cn receives 100 and sends 90, sg receives 90.
    assert borders.volume() == {"cn": 190.0, "kp": 100.0, "sg": 90.0}
    # Sizes 4, 4, 2 add up to 10: cn 1 x 10/4; nothing passes through the others.
    assert borders.conduit({"cn": 4, "kp": 4, "sg": 2}).tolist() == [2.5, 0.0, 0.0]
    assert np.isnan(borders.conduit({"cn": 4, "kp": 4})[2])


def test_what_passes_through_is_counted_party_by_party() -> None:
    # In NL one party only receives and another only sends: nothing passes through either of them.
    network = Network.of(("de1", "nl1", 100), ("nl2", "bm1", 100), ("de1", "ch1", 60), ("ch1", "bm1", 40))
    borders = cross_border(network, [label[:2] for label in network.ids])
    assert dict(zip(borders.countries, borders.through.tolist(), strict=True)) == {
        "bm": 0.0,
        "ch": 40.0,
        "de": 0.0,
        "nl": 0.0,
    }
    assert borders.conduit().tolist() == [0.0, 1.0, 0.0, 0.0]


def test_money_stays_in_minor_units() -> None:
    network = Network.build(source=["a"], target=["b"], weight=[0.1], minor=[10], scale=100, unit="EUR")
    borders = cross_border(network, ["kp", None])
    assert (borders.countries, borders.received.tolist()) == (("kp", "unknown"), [0, 10])
    assert borders.received.dtype == np.int64


_EDGES = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef"), st.integers(1, 9)), max_size=15)


@given(_EDGES, st.lists(st.sampled_from(["kp", "cn", None]), min_size=6, max_size=6))
@settings(max_examples=50, deadline=None)
def test_what_is_sent_abroad_is_received_abroad(edges: list[tuple[str, str, int]], drawn: list[str | None]) -> None:
    network = Network.of(*((s, t, float(w)) for s, t, w in edges))
    borders = cross_border(network, drawn[: network.size])
    assert borders.received.sum() == borders.sent.sum()
    assert borders.received.sum() + borders.inside.sum() == network.weight.sum()
    assert (borders.through <= np.minimum(borders.received, borders.sent)).all()

"""The label-permutation null: haircuts worked by hand, chances by counting, Benjamini and Hochberg's own rule."""

from __future__ import annotations

import numpy as np
import pytest

from finnet.analysis.flows.label_null import false_discovery, label_null, strata
from finnet.graph.ledger import Ledger

# Four twins, each with one go-between of its own; the bank handles a twin's money and 900 of others.
_PAYMENTS = [
    *((f"twin-{n}", f"go-{n}", 100, 1) for n in range(4)),
    *((f"go-{n}", "bank", 100, 2) for n in range(4)),
    ("honest", "bank", 600, 2),
    ("bank", "exit", 1000, 3),
]
_LEDGER = Ledger.of(*_PAYMENTS)


def _by_id(sources: list[str], draws: int = 400) -> dict[str, tuple[float, ...]]:
    stratum = [label[:4] for label in _LEDGER.ids]  # the twins are one stratum
    found = label_null(_LEDGER, [_LEDGER.number[label] for label in sources], stratum, draws=draws)
    values = (found.bite / 100, found.lift, found.collateral / 100, found.ratio, found.expected / 100, found.p, found.q)
    return {
        _LEDGER.ids[party]: tuple(float(column[place]) for column in values)
        for place, party in enumerate(found.party.tolist())
    }


def test_a_go_between_is_told_from_a_bank() -> None:
    found = _by_id(["twin-0"])
    # go-0 passes on 100 of 100; the bank 1,000 with 100 of it traced. Traced in all: 100 sent by the source, 100 by
    # go-0, 100 by the bank: 300 of the 400 + 400 + 600 + 1,000 = 2,400 that moved: 0.125.
    assert set(found) == {"go-0", "bank"}
    assert found["go-0"][:4] == pytest.approx((100, 1 / 0.125, 0, float("inf")))
    assert found["bank"][:4] == pytest.approx((100, 0.1 / 0.125, 900, 100 / 900))
    # Whichever twin is drawn, the bank passes on the same: expected 100, p 1. go-0 has it in one draw of four.
    assert found["bank"][4:6] == pytest.approx((100, 1))
    assert found["go-0"][4] == pytest.approx(25, abs=8)
    assert found["go-0"][5] == pytest.approx(0.25, abs=0.08)


def test_the_same_seed_gives_the_same_draws() -> None:
    assert _by_id(["twin-0"]) == _by_id(["twin-0"])


def test_a_source_alone_in_its_stratum_is_in_every_draw() -> None:
    stratum = list(range(len(_LEDGER.ids)))
    found = label_null(_LEDGER, [_LEDGER.number["twin-0"]], stratum, draws=10)
    assert found.fixed == 1
    assert found.p.tolist() == [1.0, 1.0]


def test_without_sources_nothing_is_traced() -> None:
    assert len(label_null(_LEDGER, [], strata(_LEDGER), draws=3).party) == 0


def test_adjusted_chances_are_those_of_the_rule() -> None:
    # n = 4, sorted .01 .02 .04 .8: .04, .04, .0533, .8; each at most the ones behind it.
    assert false_discovery(np.array([0.8, 0.01, 0.04, 0.02])) == pytest.approx([0.8, 0.04, 0.16 / 3, 0.04])


def test_deciles_are_of_equal_size() -> None:
    ledger = Ledger.of(*((f"a{n:02}", f"b{n:02}", n + 1, 1) for n in range(10)))
    decile = [label[-1] for label in strata(ledger)]
    assert sorted(decile) == sorted([*range(10), *range(10)])

"""Backbones, on published formulas worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet import api
from finnet.analysis.backbones import disparity, noise
from finnet.errors import UnknownNameError, UsageError
from finnet.graph.network import Network

_EDGES = st.lists(
    st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde"), st.integers(1, 50)), min_size=1, max_size=15
)


def test_nine_of_ten_over_two_edges_is_no_chance_at_a_tenth() -> None:
    # k = 2, weights 9 and 1: (1 - 0.9)^1 = 0.1 and (1 - 0.1)^1 = 0.9.
    network = Network.of(("a", "b", 9), ("a", "c", 1))
    assert disparity.alpha(network) == pytest.approx([0.1, 0.9])
    assert disparity.keep(network, 0.2).tolist() == [True, False]
    turned = Network.of(("b", "a", 9), ("c", "a", 1))
    assert disparity.alpha(turned) == pytest.approx([0.1, 0.9])
    assert disparity.alpha(Network.of(("a", "b", 9), ("a", "c", 1), directed=False)) == pytest.approx([0.1, 0.9])


def test_an_end_with_one_edge_says_nothing() -> None:
    assert disparity.alpha(Network.of(("a", "b", 5))).tolist() == [1.0]


def test_noise_corrected_scores_of_the_worked_table() -> None:
    # [[10, 2], [3, 5]] with the formulas in the authors' code.
    grid = Network.of(("a", "a", 10), ("a", "b", 2), ("b", "a", 3), ("b", "b", 5))
    score, deviation = noise.scores(grid, grid.weight)
    assert score == pytest.approx([0.1236, -0.3548, -0.2683, 0.2821], abs=5e-5)
    assert deviation == pytest.approx([0.0098, 0.2181, 0.1403, 0.0130], abs=5e-5)
    assert noise.keep(grid).tolist() == [True, False, False, True]


@given(_EDGES, st.booleans())
@settings(max_examples=40, deadline=None)
def test_a_stricter_level_never_keeps_more(edges: list[tuple[str, str, int]], directed: bool) -> None:
    network = Network.of(*((s, t, float(w)) for s, t, w in edges), directed=directed)
    assert not (disparity.keep(network, 0.01) & ~disparity.keep(network, 0.1)).any()
    assert not (noise.keep(network, 2.32) & ~noise.keep(network, 1.28)).any()


def test_rank_on_a_backbone_says_what_it_keeps() -> None:
    network = Network.of(("a", "b", 98), ("a", "c", 1), ("a", "d", 1))
    # k = 3: a → b has (1 - 0.98)^2 = 0.0004, the others 0.99^2.
    answer = api.rank(network, by="degree", backbone="disparity:0.05")
    assert [(row["id"], row["score"]) for row in answer.rows] == [("a", 1), ("b", 1), ("c", 0), ("d", 0)]
    assert any("keeps 1 of 3 edges with 98.0 % of the weight" in note for note in answer.notes)


def test_a_wrong_backbone_is_refused() -> None:
    network = Network.of(("a", "b", 1))
    with pytest.raises(UnknownNameError, match="disparity"):
        api.rank(network, backbone="disparty")
    for wrong in ("noise:x", "noise:nan", "noise:-1"):
        with pytest.raises(UsageError, match="level is not a number"):
            api.rank(network, backbone=wrong)


def test_an_empty_network_has_an_empty_backbone() -> None:
    empty = Network.build(source=[], target=[], weight=[], unit="links")
    assert disparity.keep(empty).dtype == noise.keep(empty).dtype == np.bool_
    assert api.rank(empty, backbone="noise").rows == []

"""Places on a page: deterministic, apart, reading from left to right."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_networks import invented

from finnet.graph.network import Network
from finnet.report.views.layout import communities, community_discs


def radii(network: Network) -> np.ndarray:
    return np.full(network.size, 8.0)


def test_the_same_network_and_seed_give_the_same_places() -> None:
    network = invented(400)
    first = community_discs(network, radii=radii(network), seed=3)
    again = community_discs(network, radii=radii(network), seed=3)
    assert np.array_equal(first.places, again.places)
    assert np.array_equal(first.groups, again.groups)


def test_the_global_chance_of_python_does_not_matter() -> None:
    import random

    network = invented(200)
    random.seed(1)
    first = community_discs(network, radii=radii(network)).places
    random.seed(2)
    assert np.array_equal(first, community_discs(network, radii=radii(network)).places)


@pytest.mark.parametrize("size", [30, 300, 1500])
def test_hardly_any_two_parties_overlap(size: int) -> None:
    network = invented(size)
    places = community_discs(network, radii=radii(network)).places
    apart = np.sqrt(((places[:, None] - places[None, :]) ** 2).sum(-1))
    np.fill_diagonal(apart, np.inf)
    assert (apart.min(axis=1) < 15.5).sum() <= size * 0.01


def test_seeds_stand_left_of_exits() -> None:
    chain = Network.of(*((f"n{i}", f"n{i + 1}") for i in range(9)))
    places = community_discs(chain, radii=radii(chain), left=[0], right=[9]).places
    assert places[0, 0] == places[:, 0].min()
    assert places[9, 0] == places[:, 0].max()


def test_two_cliques_with_a_bridge_are_two_communities() -> None:
    ties = [(f"{side}{i}", f"{side}{j}") for side in "ab" for i in range(6) for j in range(i)]
    network = Network.of(*ties, ("a0", "b0"))
    groups = communities(network)
    assert len(set(groups[:6])) == len(set(groups[6:])) == 1
    assert groups[0] != groups[6]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=30), st.integers(0, 5))
def test_any_network_gets_finite_places(pairs: list[tuple[int, int]], alone: int) -> None:
    network = Network.build(
        source=[f"n{a}" for a, _ in pairs],
        target=[f"n{b}" for _, b in pairs],
        weight=[1.0] * len(pairs),
        unit="links",
        isolated=[f"alone{i}" for i in range(alone)],
    )
    places = community_discs(network, radii=radii(network)).places
    assert places.shape == (network.size, 2)
    assert np.isfinite(places).all()

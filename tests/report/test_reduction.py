"""Networks too large to draw: what is left out is said, and what is kept is true."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_networks import invented

from finnet.graph.network import Network
from finnet.report.views.folding import folded
from finnet.report.views.reduction import reduced, surroundings


def test_a_network_that_fits_is_not_reduced() -> None:
    assert reduced(invented(50), [], limit=50) is None


def test_surroundings_are_the_parties_nearest_to_the_centres() -> None:
    # a star of ten around c, and a chain a-b-c: from a, the first three are a, b, c
    network = Network.of(("a", "b"), ("b", "c"), *(("c", f"leaf{i}") for i in range(10)))
    assert surroundings(network, [network.number["a"]], limit=3).network.ids == ("a", "b", "c")


def test_what_is_not_drawn_is_counted_in_words() -> None:
    network = Network.of(("a", "b"), ("b", "c"), ("c", "d"))
    said = surroundings(network, [0], limit=2).sentence
    assert "2 of 4 parties" in said
    assert "1 of 3 links" in said
    assert "2 parties are not drawn" in said


def test_without_centres_the_surroundings_are_the_strongest() -> None:
    network = Network.of(("a", "b", 1), ("c", "d", 9), ("d", "e", 9))
    assert surroundings(network, [], limit=1).network.ids == ("d",)


def test_a_large_network_without_a_question_is_folded_by_community() -> None:
    drawn = reduced(invented(500), [], limit=100)
    assert drawn is not None
    assert drawn.is_folded
    assert drawn.network.size <= 100


@pytest.mark.parametrize("by", ["community", "jurisdiction"])
def test_folding_loses_no_money(by: str) -> None:
    network = invented(300)
    drawn = folded(network, [0, 5, 9], by=by, limit=60)
    assert drawn.network.minor is not None
    crossing = drawn.inside[network.source] != drawn.inside[network.target]
    assert int(drawn.network.minor.sum()) == int(network.minor[crossing].sum())
    within = sum(drawn.network.vertices["links_inside"])
    assert int(drawn.network.edges["count"].sum()) + within == network.edge_count


def test_folding_by_jurisdiction_gives_one_vertex_per_country() -> None:
    network = Network.build(
        source=["a", "b", "c"],
        target=["c", "d", "d"],
        weight=[1.0, 2.0, 4.0],
        unit="EUR",
        minor=[100, 200, 400],
        scale=100,
        vertices={"country": ["kp", "kp", "cn", "cn"], "caption": ["A", "B", "C", "D"]},
    )
    drawn = folded(network, [], by="jurisdiction").network
    assert list(drawn.vertices["caption"]) == ["2 in CN", "2 in KP"]
    assert [drawn.amount(one) for one in drawn.minor] == [Decimal("3.00")]


def test_an_id_that_looks_like_a_group_stays_its_own() -> None:
    network = Network.of(("fold:1", "a"), ("a", "b"), ("b", "c"))
    drawn = folded(network, [network.number["fold:1"]], by="jurisdiction").network
    assert len(set(drawn.ids)) == drawn.size
    assert "fold:1" in drawn.ids


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 60), st.integers(1, 30), st.sampled_from(["community", "jurisdiction"]), st.integers(0, 5))
def test_everybody_is_inside_exactly_one_vertex(size: int, limit: int, by: str, centres: int) -> None:
    network = invented(size, money=False)
    drawn = folded(network, list(range(min(centres, size))), by=by, limit=limit)
    assert int(drawn.members.sum()) == size
    assert np.array_equal(np.bincount(drawn.inside, minlength=drawn.network.size), drawn.members)
    assert list(drawn.network.ids) == sorted(set(drawn.network.ids))


def test_the_words_on_a_fold_account_for_every_party_and_every_link() -> None:
    # Two triangles and a bridge: a, b, c in KP, d, e, f in CN. Drawn: the two places and the bridge.
    ties = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "e"), ("e", "f"), ("f", "d"), ("c", "d")]
    network = replace(Network.of(*ties), vertices={"country": ["kp"] * 3 + ["cn"] * 3})
    everybody = folded(network, [], by="jurisdiction").sentence
    assert everybody == (
        "All 6 parties are folded into 2 jurisdictions. Of 7 links: 6 inside one of these, not drawn; "
        "1 between what is drawn, added up to 1."
    )
    # With c as itself, its links to a and b run to the group of these two.
    assert folded(network, [network.number["c"]], by="jurisdiction").sentence == (
        "Drawn as themselves are 1 of 6 parties; the other 5 are folded into 2 jurisdictions. Of 7 links: 4 inside "
        "one of these, not drawn; 3 between what is drawn, added up to 3."
    )


def test_groups_that_no_link_leads_to_are_folded_into_one_but_the_largest() -> None:
    # Two cliques of twelve (66 links each) with a bridge, and a hundred pairs that nobody else is tied to: 2 + 40
    # marks, and one for 60 pairs.
    cliques = [pair for one in "ab" for pair in combinations([f"{one}{i:02}" for i in range(12)], 2)]
    network = Network.of(*cliques, ("a00", "b00"), *((f"x{i:03}", f"y{i:03}") for i in range(100)))
    drawn = folded(network, [], by="community")
    assert sorted(drawn.members.tolist(), reverse=True) == [120, 12, 12, *[2] * 40]
    assert drawn.network.edge_count == 1
    assert drawn.sentence == (
        "All 224 parties are folded into 42 communities and one mark for all smaller ones. Of 233 links: 232 inside "
        "one of these, not drawn; 1 between what is drawn, added up to 1."
    )
    # Jurisdictions are asked for by name: none of them is folded away.
    places = replace(network, vertices={"country": [f"{i % 90:02}" for i in range(network.size)]})
    assert len(folded(places, [], by="jurisdiction").members) == 90

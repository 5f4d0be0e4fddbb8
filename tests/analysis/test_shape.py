"""Three figures of shape: stars, trees, cycles and cliques by hand, and each measure against networkx."""

from __future__ import annotations

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet import api
from finnet.analysis.shape import centralized, limited, shape_figures, vulnerable
from finnet.errors import UsageError
from finnet.graph.network import Network
from finnet.report.render import to_json


def ends(graph: networkx.Graph) -> tuple[int, np.ndarray, np.ndarray]:
    edges = np.array([sorted(edge) for edge in graph.edges], np.int64).reshape(-1, 2)
    return graph.number_of_nodes(), edges[:, 0], edges[:, 1]


@pytest.mark.parametrize(
    ("graph", "measures"),
    [
        # A star of 5: its centre is on all ways; no pair has two routes; the first removal leaves single parties: the
        # largest part is 1/5 after each of the first four removals, R = 4/25.
        (networkx.star_graph(4), (1, 1, 1 - 2 * 4 / 25)),
        # A cycle of 5: all alike; every pair has two routes; after 0: a path of 4, after its inner 2: parts of 1 and 2,
        # then 1, 1, 0: R = (4 + 2 + 1 + 1)/25.
        (networkx.cycle_graph(5), (0, 0, 1 - 2 * 8 / 25)),
        # Everybody linked to everybody: R = (4 + 3 + 2 + 1)/25.
        (networkx.complete_graph(5), (0, 0, 1 - 2 * 10 / 25)),
    ],
)
def test_stars_cycles_and_cliques_by_hand(graph, measures):
    found = tuple(measure(*ends(graph)) for measure in (centralized, limited, vulnerable))
    assert found == pytest.approx(measures)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 12), st.floats(0.1, 0.7))
def test_each_measure_agrees_with_networkx(seed, size, density):
    graph = networkx.gnp_random_graph(size, density, seed=seed)
    if not graph.number_of_edges():
        return
    scores = list(networkx.betweenness_centrality(graph, normalized=True).values())
    assert centralized(*ends(graph)) == pytest.approx(sum(max(scores) - one for one in scores) / (size - 1))
    pairs = [(a, b) for a in graph for b in graph if a < b and networkx.has_path(graph, a, b)]
    alone = 0
    for a, b in pairs:
        if graph.has_edge(a, b):
            rest = graph.copy()
            rest.remove_edge(a, b)
            alone += not networkx.has_path(rest, a, b)
        else:
            alone += networkx.node_connectivity(graph, a, b) < 2
    assert limited(*ends(graph)) == pytest.approx(alone / len(pairs))
    left, total = graph.copy(), 0
    while left:
        left.remove_node(min(left, key=lambda one: (-left.degree(one), one)))
        total += max((len(part) for part in networkx.connected_components(left)), default=0)
    assert vulnerable(*ends(graph)) == pytest.approx(1 - 2 * total / size / size)


def test_a_rewired_star_is_a_star():
    """There is one network only in which one party has all the links: nothing exceeds it, and nothing falls short."""
    figures = shape_figures(Network.of(("hub", "a"), ("hub", "b"), ("hub", "c"), ("d", "hub")), draws=5)
    assert [(one.value, one.low, one.high, one.null, one.above, one.p) for one in figures][:2] == [
        (1, 1, 1, 1, 0, 1)
    ] * 2


def test_two_cliques_with_a_bridge_are_more_limited_than_chance():
    """Chance links the two halves more than once: two routes where here is one bridge."""
    names = [[f"{half}{n}" for n in range(8)] for half in "ab"]
    edges = [(x, y) for half in names for x in half for y in half if x < y]
    figures = {one.measure: one for one in shape_figures(Network.of(*edges, ("a0", "b0")), draws=50, seed=3)}
    assert figures["limited"].value > figures["limited"].high
    # None of 50 reaches it: (1 + 0)/(1 + 50).
    assert (figures["limited"].above, figures["limited"].p) == (1, pytest.approx(1 / 51))
    # 2 · C(8, 2) of C(16, 2) pairs have two routes.
    assert figures["limited"].value == pytest.approx(1 - 56 / 120)


def test_names_directions_and_repetitions_do_not_count():
    one = Network.of(("a", "b"), ("b", "c"), ("c", "d"), ("d", "a"), ("a", "e"))
    other = Network.of(("z9", "q"), ("z9", "q"), ("m", "z9"), ("w", "m"), ("w", "q"), ("q", "q"), ("k", "q"))
    values = [[figure.value for figure in shape_figures(network, draws=3)] for network in (one, other)]
    assert values[0] == pytest.approx(values[1])


def test_the_verb_says_it_in_words_and_the_same_twice():
    network = Network.of(("hub", "a"), ("hub", "b"), ("hub", "c"), ("hub", "d"))
    answer = api.shape(network, draws=5)
    assert [row["measure"] for row in answer.rows] == ["centralized", "limited", "vulnerable"]
    assert answer.summary["says"].startswith("as centralized as its number of links per party makes it")
    assert to_json(answer) == to_json(api.shape(network, draws=5))
    with pytest.raises(UsageError, match="--draws 0"):
        api.shape(network, draws=0)


def test_a_network_without_links_has_no_shape():
    network = Network.build(source=[], target=[], weight=[], unit="links", isolated=["a", "b"])
    answer = api.shape(network, draws=2)
    assert [row["value"] for row in answer.rows] == [0, 0, 0]
    assert "there are no ties: nothing to rank" in answer.notes


def grades(folder, missing=0):
    """A1 is certain, B2 as likely as not."""
    file = folder / "grades.toml"
    file.write_text(
        "[reliability]\nA=1\nB=1\nC=1\nD=1\nE=1\nF=1\n[credibility]\n1=1\n2=0.5\n3=0\n4=0\n5=0\n6=0\n"
        "[limits]\nleast=0\nmost=1\n"
        f"[missing]\nper_false_link={missing}\n", encoding="utf-8",
    )  # fmt: skip
    return file


def ring(*grade):
    return Network.build(
        source=["a", "b", "c", "d"], target=["b", "c", "d", "a"], weight=[1.0] * 4, unit="links",
        edges={"grade": list(grade)},
    )  # fmt: skip


def test_a_ring_of_which_one_link_is_doubtful_is_a_ring_in_some_worlds_and_a_way_in_others(tmp_path):
    """As a ring every pair has two routes, as a way none has: limited is 0 or 1."""
    answer = api.shape(ring("A1", "A1", "A1", "B2"), draws=2, worlds=60, grades=grades(tmp_path))
    found = {row["measure"]: (row["value"], row["value_low"], row["value_high"]) for row in answer.rows}
    assert found["limited"] == (0, 0, 1)
    # A way of 4: its inner two lie between 2 pairs each, its ends between none: 2 + 2 below the highest; a star has 9.
    assert found["centralized"] == (0, 0, pytest.approx(4 / 9))
    assert "60 in which links are there or not" in answer.summary["worlds"]
    assert {"value_low", "value_high"} <= set(answer.shown)


def test_where_all_is_certain_the_value_is_that_of_every_world(tmp_path):
    answer = api.shape(ring("A1", "A1", "A1", "A1"), draws=2, worlds=5, grades=grades(tmp_path, missing=1))
    assert all(row["value_low"] == row["value"] == row["value_high"] for row in answer.rows)


def test_without_worlds_nothing_is_said_of_them():
    answer = api.shape(ring("A1", "A1", "A1", "A1"), draws=2)
    assert {row["value_low"] for row in answer.rows} == {None}
    assert "worlds" not in answer.summary
    assert answer.summary["rewired"].startswith("2 of 2 are at least as centralized")
    with pytest.raises(UsageError, match="there are no worlds"):
        api.shape(ring("A1", "A1", "A1", "A1"), grades="mine.toml")

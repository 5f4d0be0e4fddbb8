"""`rank`: what it prints, in which order, and what it warns of."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from finnet.api.structure import METRICS, rank
from finnet.errors import UnknownNameError, UsageError
from finnet.graph import Network
from finnet.graph.files import read_network


def test_the_highest_comes_first_and_ties_go_by_id() -> None:
    # degree: b 3, c 2 (b, d), d 2 (b, c), a 1
    answer = rank(Network.of(("a", "b"), ("b", "c"), ("c", "d"), ("d", "b")), by="degree")
    assert [(row["rank"], row["id"], row["score"]) for row in answer.rows] == [
        (1, "b", 3),
        (2, "c", 2),
        (3, "d", 2),
        (4, "a", 1),
    ]


def test_scores_equal_but_for_rounding_are_ties() -> None:
    # 0.1 + 0.2 and 0.3 differ in the last bit of a float.
    answer = rank(Network.of(("z", "x", 0.1), ("z", "x", 0.2), ("y", "x", 0.3)), by="out_strength")
    assert [row["id"] for row in answer.rows] == ["y", "z", "x"]


def test_a_cut_is_announced() -> None:
    answer = rank(Network.of(("a", "b"), ("b", "c")), limit=2)
    assert (len(answer.rows), answer.truncated, answer.total) == (2, True, 3)


def test_definition_unit_and_network_stand_in_the_summary() -> None:
    summary = rank(Network.of(("a", "b", 5), unit="EUR"), by="in_strength").summary
    assert summary["definition"] == METRICS["in_strength"].DEFINITION
    assert (summary["metric"], summary["unit"]) == ("in_strength", "EUR")
    assert (summary["vertices"], summary["edges"], summary["directed"]) == (2, 1, True)


def test_amounts_are_exact_where_the_network_counts_cents() -> None:
    network = Network.build(source=["a"], target=["b"], weight=[0.3], minor=[30], scale=100, unit="EUR")
    [first, *_] = rank(network, by="in_strength").rows
    assert first["score"] == Decimal("0.30")


@pytest.mark.parametrize("name", sorted(METRICS))
def test_every_row_has_every_column_of_its_metric(name: str) -> None:
    answer = rank(Network.of(("a", "b"), ("b", "c"), ("c", "a")), by=name)
    assert answer.columns[:6] == ("rank", "id", "caption", "schema", "country", "score")
    assert all(set(row) == set(answer.columns) for row in answer.rows)


def test_an_unknown_metric_offers_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'degree'"):
        rank(Network.of(("a", "b")), by="degre")


def test_options_that_choose_from_a_case_are_refused_for_a_network() -> None:
    with pytest.raises(UsageError, match="--currency"):
        rank(Network.of(("a", "b")), currency="USD")


def test_a_star_is_called_a_star() -> None:
    notes = rank(Network.of(*(("bank", f"customer {i}") for i in range(9)))).notes
    assert any("a star by construction" in note for note in notes)


def test_few_ties_are_called_few() -> None:
    notes = rank(Network.of(*((f"a{i}", f"b{i}") for i in range(9)))).notes
    assert any("few ties per party (1.00 on average" in note for note in notes)


def test_a_ring_with_chords_needs_no_warning() -> None:
    edges = [(f"v{i}", f"v{(i + step) % 9}") for i in range(9) for step in (1, 2)]
    assert rank(Network.of(*edges)).notes == ()


def test_a_scope_is_the_parties_named_and_their_neighbours() -> None:
    answer = rank(Network.of(("a", "b"), ("b", "c"), ("c", "d"), ("x", "y")), scope="b")
    assert {row["id"] for row in answer.rows} == {"a", "b", "c"}


def test_a_scope_of_nobody_is_an_error() -> None:
    with pytest.raises(UnknownNameError, match="nobody in the network"):
        rank(Network.of(("acme", "b")), scope="acmee")


def test_stubs_are_not_ranked_among_links_and_that_is_said() -> None:
    network = Network(
        ids=("a", "b"),
        source=np.array([0]),
        target=np.array([1]),
        weight=np.ones(1),
        unit="links",
        vertices={"missing": [False, True]},
    )
    answer = rank(network)
    assert [row["id"] for row in answer.rows] == ["a"]
    assert any("1 parties that are only pointed at" in note for note in answer.notes)


def test_party_1_leads_the_wiretaps_by_degree_in_every_phase(shared_data: Path) -> None:
    for phase in range(1, 7):
        network = read_network(shared_data / "caviar" / f"phase{phase}.csv")
        assert rank(network, by="degree").rows[0]["id"] == "1"


def test_the_size_of_every_benchmark_graph_is_as_published(shared_data: Path) -> None:
    with (shared_data.parent / "vectors" / "cnp_best_known.csv").open(encoding="utf-8") as file:
        published = {row["instance"]: (int(row["n"]), int(row["m"])) for row in csv.DictReader(file)}
    read = {}
    for name in published:
        network = read_network(shared_data / "cnp" / f"{name}.txt")
        read[name] = (network.size, network.edge_count)
        assert not network.directed
    assert read == published

"""The verb why: a run's best set in sentences with records; what passes only through a party, against networkx."""

from __future__ import annotations

import json
from pathlib import Path

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet import api
from finnet.api._why_facts import links_only_through
from finnet.api.interdict import choke
from finnet.api.reasons import case_of_run, explained
from finnet.errors import UnknownNameError, UsageError
from finnet.graph.network import Network
from finnet.query import run

QUERY = """
title = "Where to cut"
question = "Who?"
inputs = ["cold.ftm.json"]
[[steps]]
id = "cut"
do = "choke"
from = "id:seed"
to = "id:exit"
currency = "USD"
budget = 1
"""
PAYMENTS = [("seed", "a", 10), ("a", "exit", 10), ("seed", "b", 4), ("b", "exit", 4)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of one step on a small case with a hostile name."""
    place = tmp_path_factory.mktemp("why")
    names = {
        "a": "<script>alert(1)</script>\x1b[31m",
        "b": "Invented B",
        "seed": "Invented Seed",
        "exit": "Invented Exit",
    }
    lines = [{"id": one, "schema": "Company", "properties": {"name": [name]}} for one, name in names.items()]
    lines += [
        {
            "id": f"p-{payer}-{payee}", "schema": "Payment",
            "properties": {"payer": [payer], "beneficiary": [payee], "amount": [str(amount)], "currency": ["USD"]},
        }
        for payer, payee, amount in PAYMENTS
    ]  # fmt: skip
    (place / "cold.ftm.json").write_text("\n".join(json.dumps(one) for one in lines), encoding="utf-8")
    (place / "cut.toml").write_text(QUERY, encoding="utf-8")
    answer = run([str(place / "cut.toml")], into=place / "runs")
    return Path(str(answer.summary["run folder"]))


def test_a_member_is_explained_with_the_records_behind_it(folder: Path) -> None:
    with api.open_case(case_of_run(folder)) as case:
        answer = api.why(case, "a", run=folder)
        dataset = case.rows("select distinct dataset from v1_payment", {})[0]["dataset"]
    said = {row["statement"].partition(" ")[0]: row for row in answer.rows}
    assert said["Chosen"]["statement"].startswith("Chosen because 2 recorded links ")
    # The payments are the file's records 5 to 8; a's are the first two.
    assert said["Chosen"]["records"] == [f"{dataset}:6", f"{dataset}:5"]
    assert {row["step"] for row in answer.rows} == {"cut"}
    assert answer.summary["rests_on"] == [dataset]
    assert answer.summary["replaced_by"] == []


def test_who_is_in_no_best_set_is_said(folder: Path) -> None:
    with api.open_case(case_of_run(folder)) as case, pytest.raises(UnknownNameError, match="in no best set"):
        api.why(case, "Invented B", run=folder)


def test_a_folder_that_is_no_run_is_said(folder: Path, tmp_path: Path) -> None:
    with api.open_case(case_of_run(folder)) as case:
        with pytest.raises(UsageError, match="not a run folder"):
            api.why(case, "a", run=tmp_path)
        (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
        with pytest.raises(UsageError, match="not the manifest of a run"):
            api.why(case, "a", run=tmp_path)


def test_a_fresh_answer_is_explained_without_a_run() -> None:
    network = Network.of(("s", "a", 10), ("a", "t", 10), ("s", "b", 4), ("b", "t", 4))
    document = choke(network, from_="s", to="t", budget=1).document()
    found = explained(network, network, document, "a")
    assert found is not None
    assert any("2 recorded links" in one.text for one in found.statements)
    assert explained(network, network, document, "b") is None


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=1, max_size=20), st.booleans())
def test_links_that_pass_only_through_a_party_are_those_that_carry_nothing_without_it(pairs, directed) -> None:
    """Against networkx: a link lies on a way if its tail is reached from 0 and its head reaches 7."""
    network = Network.build(
        source=[f"v{a}" for a, _ in pairs], target=[f"v{b}" for _, b in pairs], weight=[1.0] * len(pairs),
        unit="links", directed=directed, isolated=[f"v{one}" for one in range(8)],
    )  # fmt: skip

    def useful(without: int | None) -> set[int]:
        graph = networkx.MultiDiGraph()
        graph.add_nodes_from(range(8))
        edges = list(enumerate(zip(network.source.tolist(), network.target.tolist(), strict=True)))
        for number, (tail, head) in edges:
            graph.add_edge(tail, head, key=number)
            if not directed:
                graph.add_edge(head, tail, key=-number - 1)
        if without is not None:
            graph.remove_node(without)
        here = {0, *networkx.descendants(graph, 0)}
        there = {7, *networkx.ancestors(graph, 7)}
        return {(key if key >= 0 else -key - 1) for a, b, key in graph.edges(keys=True) if a in here and b in there}

    found = links_only_through(network, np.array([0]), np.array([7]), 3, "flow")
    assert set(found.tolist()) == useful(None) - useful(3)

"""The verb choke on a case: the sample's planted sets, and lists that are older than what is looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from finnet import api
from finnet.api.interdict import choke
from finnet.errors import UsageError


@pytest.fixture(scope="module")
def cold_harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[api.Case]:
    """The invented sample, in a case."""
    path = tmp_path_factory.mktemp("choke") / "cold.finnet"
    api.ingest(["sample:cold_harbour"], case=path)
    with api.open_case(path) as case:
        yield case


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The answers that the generator derives and writes beside the sample, by question."""
    folder = tmp_path_factory.mktemp("answers")
    api.synth("cold_harbour", folder)
    content = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    return {question["id"]: question for question in content["questions"]}


@pytest.mark.parametrize(("question", "options"), [
    ("choke_usd", {"currency": "USD"}),
    ("choke_rates", {"rates": "sample:cold_harbour"}),
])  # fmt: skip
def test_the_planted_set_is_found_and_proved_and_naive_lists_leave_more(
    cold_harbour: api.Case, planted: dict[str, Any], question: str, options: dict[str, str]
) -> None:
    expected = planted[question]
    answer = choke(cold_harbour, from_="tag:source", to="tag:exit", budget=3, **options)  # type: ignore[arg-type]
    assert sorted(row["id"] for row in answer.rows) == expected["best"]
    found = {name: answer.summary[name] for name in ("before", "after", "optimal")}
    assert found == {"before": Decimal(expected["before"]), "after": Decimal(expected["after"]), "optimal": True}
    least = Decimal(expected["any_other_set_leaves_at_least"])
    assert all(naive["after"] >= least for naive in answer.summary["baselines"].values())


def test_amounts_in_several_currencies_are_not_added_up(cold_harbour: api.Case) -> None:
    with pytest.raises(UsageError, match=r"CNY.*EUR.*USD"):
        choke(cold_harbour, from_="tag:source", to="tag:exit")


def test_the_seeds_country_is_the_target_state_and_the_listed_are_left_out(cold_harbour: api.Case) -> None:
    summary = choke(cold_harbour, from_="tag:source", to="tag:exit", currency="USD", budget=1).summary
    assert summary["target_state"] == "KP"
    assert summary["excluded"]["listed already"] > 0
    assert summary["candidates"] + sum(summary["excluded"].values()) == summary["parties"]


def test_a_list_that_is_older_than_the_date_looked_at_is_said(tmp_path: Path) -> None:
    listed = tmp_path / "listed.ftm.json"
    entities = [
        {"id": "a", "schema": "Company", "properties": {"name": ["Plainly Invented A"]}},
        {"id": "b", "schema": "Company", "properties": {"name": ["Plainly Invented B"]}},
        {"id": "o", "schema": "Ownership", "properties": {"owner": ["a"], "asset": ["b"]}},
    ]
    listed.write_text("".join(json.dumps(entity) + "\n" for entity in entities), encoding="utf-8")
    api.ingest([listed], case=tmp_path / "old.finnet", retrieved_on="2020-01-01")
    with api.open_case(tmp_path / "old.finnet") as case:
        late = choke(case, from_="id:a", as_of="2020-03-01").notes
        soon = choke(case, from_="id:a", as_of="2020-01-20").notes
    assert [any("2020-01-01" in note for note in notes) for notes in (late, soon)] == [True, False]

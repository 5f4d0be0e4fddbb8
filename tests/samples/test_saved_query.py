"""The answers that the saved query expects are derived from the files, and the tool gives them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import networkx as nx
import pytest
from sample_networks import BruteForce, read_entities, read_influence, read_widths, tagged

from finnet.query import run
from finnet.samples.cold_harbour import make

QUERIES = Path(__file__).parents[2] / "queries"

Value = Callable[[Sequence[str]], int]


def expected(step: str) -> list[dict[str, str]]:
    with (QUERIES / f"cold_harbour.{step}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def members(shipped: Path, chosen: Sequence[str], value: Value, unit: int) -> list[dict[str, str]]:
    """The rows of a choke answer by their definition: the last gives back least, then the last of those left, ties by
    id; bite is what is left more without the member; cumulative and remaining run along the order."""
    country = {
        one["id"]: next(iter(one["properties"].get("jurisdiction") or one["properties"].get("country") or [""]))
        for one in read_entities(shipped)
    }
    order: list[str] = []
    rest = sorted(chosen)
    while rest:
        least = min(value([one for one in rest if one != other]) for other in rest)
        last = max(other for other in rest if value([one for one in rest if one != other]) == least)
        order.insert(0, last)
        rest.remove(last)

    def shown(number: int) -> str:
        return str(number) if unit == 1 else f"{Decimal(number) / unit:.2f}"

    rows = []
    for place, one in enumerate(order, 1):
        left = value(order[:place])
        rows.append(
            {
                "rank": str(place),
                "id": one,
                "country": country[one],
                "bite": shown(value([other for other in order if other != one]) - value(order)),
                "cumulative": shown(value([]) - left),
                "remaining": shown(left),
            }
        )
    return rows


@pytest.mark.parametrize(("step", "currency"), [("where_to_cut", None), ("where_to_cut_us_dollars", "USD")])
def test_the_choke_points_expected_are_the_theorems(shipped: Path, step: str, currency: str | None) -> None:
    case = make()
    chosen = (case.flow if currency is None else case.flow_usd).chosen
    force = BruteForce(read_widths(shipped, currency), tagged(shipped, "source"), tagged(shipped, "exit"))
    assert expected(step) == members(shipped, chosen, force.left, 100)


def test_the_nominees_expected_are_the_theorems(shipped: Path) -> None:
    graph = nx.Graph(read_influence(shipped))

    def pairs(chosen: Sequence[str]) -> int:
        rest = nx.restricted_view(graph, chosen, [])
        return sum(len(piece) * (len(piece) - 1) // 2 for piece in nx.connected_components(rest))

    assert expected("where_the_groups_fall_apart") == members(shipped, make().pairs.chosen, pairs, 1)


def test_the_ranks_expected_are_networkxs(shipped: Path) -> None:
    width = read_widths(shipped, None)
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_weighted_edges_from(((one, other, 100 / cents) for (one, other), cents in width.items()), weight="length")
    between = nx.betweenness_centrality(graph, normalized=False, weight="length")
    volume = dict.fromkeys(graph, 0)
    for (payer, beneficiary), cents in width.items():
        volume[payer] += cents
        volume[beneficiary] += cents
    # The order only: where two ways are equally long but for one part in 10¹⁰, igraph counts both and networkx one.
    first = sorted(graph, key=lambda party: (-round(between[party], 6), party))[:10]
    assert expected("first_by_betweenness") == [{"rank": str(place), "id": one} for place, one in enumerate(first, 1)]
    largest = sorted(graph, key=lambda party: (-volume[party], party))[:10]
    wanted = [
        {"rank": str(place), "id": one, "score": f"{Decimal(volume[one]) / 100:.2f}"}
        for place, one in enumerate(largest, 1)
    ]
    assert expected("first_by_volume") == wanted


def test_the_counts_expected_are_those_of_the_files(shipped: Path) -> None:
    entities = read_entities(shipped)
    tie_schemata = {"Ownership", "Directorship", "UnknownLink", "Family"}
    links = {
        "cold_harbour": sum(one["schema"] in tie_schemata for one in entities),
        "cold_harbour_offices": (shipped / "offices.csv").read_bytes().count(b"\n") - 1,
        "cold_harbour_payments": 0,
        "cold_harbour_register": len(make().holdings),
        "cold_harbour_vessels": (shipped / "vessels.csv").read_bytes().count(b"\n") - 1,
    }
    listings = sum(one["schema"] == "Sanction" for one in entities)
    assert expected("what_is_there") == [
        {
            "dataset": dataset,
            "links": str(count),
            "payments": "20000" if dataset.endswith("payments") else "0",
            "listings": str(listings) if dataset == "cold_harbour" else "0",
        }
        for dataset, count in links.items()
    ]


def test_the_saved_query_gives_the_expected_answers(tmp_path: Path) -> None:
    answer = run(["cold_harbour"], into=tmp_path)
    verdicts = {row["output"]: row["expected"] for row in answer.rows if row["expected"]}
    assert verdicts == {
        name.removeprefix("cold_harbour."): "as expected"
        for name in (path.name for path in sorted(QUERIES.glob("cold_harbour.*.csv")))
    }
    assert answer.outcome == 0

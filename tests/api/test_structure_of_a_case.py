"""The verbs on structure over a real case of invented records, and over networks alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from finnet import api
from finnet.errors import UnknownNameError, UsageError
from finnet.graph import Network

_HOST = {"kp1": "kp", "kp2": "kp", "cn1": "cn", "cn2": "cn", "sg1": "sg", "nowhere": None}


def _records() -> Iterator[dict[str, object]]:
    def record(label: str, schema: str, **properties: str) -> dict[str, object]:
        return {"id": label, "schema": schema, "properties": {name: [value] for name, value in properties.items()}}

    for label, country in _HOST.items():
        where = {"country": country} if country else {}
        yield record(label, "Company", name=f"Plainly Invented {label.upper()}", **where)
    yield record("agent", "Person", name="Agent Plainly Invented", country="cn")
    yield record("own-1", "Ownership", owner="kp1", asset="cn1", percentage="60")
    yield record("own-2", "Ownership", owner="cn1", asset="sg1", percentage="40")
    yield record("own-3", "Ownership", owner="kp2", asset="cn2")
    yield record("dir-1", "Directorship", director="agent", organization="cn2")
    yield record("rep-1", "Representation", agent="agent", client="kp1", role="representative in Dandong")
    yield record("sanction-1", "Sanction", entity="agent", authority="UN")
    yield record("sanction-2", "Sanction", entity="cn2", authority="China")


_PAYMENTS = """id,payer,beneficiary,via,amount,ccy,booked
p1,kp1,cn1,,100.10,USD,2019-01-05
p2,kp1,cn1,,50.05,USD,2019-02-05
p3,cn1,sg1,,90.00,USD,2019-03-05
p4,cn2,sg1,cn1,10.00,USD,
"""
_MAPPING = """
kind = "payments"
dataset = "ledger"
grade = "B2"
ids = "verbatim"
[columns]
payment_id = "id"
payer = "payer"
beneficiary = "beneficiary"
intermediary = "via"
amount = "amount"
currency = "ccy"
date = "booked"
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[api.Case]:
    folder = tmp_path_factory.mktemp("structure")
    (folder / "parties.ftm.json").write_text("".join(json.dumps(one) + "\n" for one in _records()), encoding="utf-8")
    (folder / "ledger.csv").write_text(_PAYMENTS, encoding="utf-8")
    (folder / "ledger.toml").write_text(_MAPPING, encoding="utf-8")
    place = folder / "case.finnet"
    api.ingest([str(folder / "parties.ftm.json")], case=place)
    api.ingest([str(folder / "ledger.csv")], case=place, mapping=folder / "ledger.toml")
    with api.open_case(place) as opened:
        yield opened


def test_payments_of_the_case_add_up_exactly(case: api.Case) -> None:
    network = case.network("payments")
    assert network.minor is not None
    ends = zip(network.source, network.target, network.minor, strict=True)
    assert {(network.ids[s], network.ids[t]): network.amount(int(m)) for s, t, m in ends} == {
        ("kp1", "cn1"): Decimal("150.15"),
        ("cn1", "sg1"): Decimal("100.00"),  # 90 of its own and 10 that it passed on for cn2
        ("cn2", "cn1"): Decimal("10.00"),
    }


def test_rank_takes_payments_where_there_are_any(case: api.Case) -> None:
    answer = api.rank(case, by="in_strength")
    assert [(row["id"], row["caption"], row["score"]) for row in answer.rows[:2]] == [
        ("cn1", "Plainly Invented CN1", Decimal("160.15")),
        ("sg1", "Plainly Invented SG1", Decimal("100.00")),
    ]
    assert answer.summary["unit"] == "USD"


def test_rank_on_influence_runs_from_client_to_agent(case: api.Case) -> None:
    # kp1 owns cn1 and has the agent act for it: two it acts on, though the record of the second says agent -> client.
    answer = api.rank(case, by="degree", graph="influence")
    assert {row["id"]: row["targets"] for row in answer.rows}["kp1"] == 2
    assert answer.summary["edge_policy"] == ["ownership", "control", "governance", "representation", "linked"]


def test_a_scope_is_a_selector_on_a_case(case: api.Case) -> None:
    answer = api.rank(case, graph="influence", scope="country:sg")
    assert {row["id"] for row in answer.rows} == {"sg1", "cn1"}


def test_a_path_names_the_record_of_each_step(case: api.Case) -> None:
    answer = api.path(case, "Plainly Invented KP2", "sg1", graph="influence")
    assert [(row["path"], row["step"], row["source"], row["target"], row["class"]) for row in answer.rows] == [
        (1, 1, "kp2", "cn2", "ownership"),
        (1, 2, "agent", "cn2", "governance"),
        (1, 3, "kp1", "agent", "representation"),
        (1, 4, "kp1", "cn1", "ownership"),
        (1, 5, "cn1", "sg1", "ownership"),
    ]
    first = answer.rows[0]
    stated = case.rows("select dataset, record from v1_link where link_id = 'own-3'")
    assert [{"dataset": first["dataset"], "record": first["record"]}] == stated


def test_a_directed_path_follows_the_ties_one_way(case: api.Case) -> None:
    assert api.path(case, "kp1", "sg1", graph="influence", directed=True).summary["paths"] == 1
    against = api.path(case, "sg1", "kp1", graph="influence", directed=True)
    assert (against.rows, against.notes) == ([], ("no way between them in the recorded ties",))


def test_a_party_without_a_tie_has_no_path(case: api.Case) -> None:
    assert api.path(case, "kp1", "nowhere").summary == {**api.path(case, "kp1", "nowhere").summary, "paths": 0}


def test_an_unknown_party_is_an_error_that_offers_the_nearest(case: api.Case) -> None:
    with pytest.raises(UnknownNameError, match="nearest"):
        api.path(case, "Plainly Invnted KP1", "sg1")


def test_around_lists_statements_and_payments_by_depth(case: api.Case) -> None:
    answer = api.around(case, "cn2")
    assert {(row["depth"], row["source"], row["target"], row["class"]) for row in answer.rows} == {
        (1, "kp2", "cn2", "ownership"),
        (1, "agent", "cn2", "governance"),
        (1, "cn2", "sg1", "money"),
    }
    assert answer.summary["parties"] == 4
    further = api.around(case, "cn2", depth=2)
    assert {row["depth"] for row in further.rows} == {1, 2}
    assert {row["target"] for row in further.rows if row["depth"] == 2 and row["class"] == "money"} == {"sg1"}


def test_around_can_be_kept_to_some_classes_and_is_cut_aloud(case: api.Case) -> None:
    assert {row["class"] for row in api.around(case, "cn2", edges="ownership").rows} == {"ownership"}
    assert api.around(case, "cn2", limit=1).truncated


def test_around_in_a_network_of_the_case_gives_the_same_ties(case: api.Case) -> None:
    rows = api.around(case, "cn2", graph="influence").rows
    assert {(row["source"], row["target"], row["class"]) for row in rows} == {
        ("kp2", "cn2", "ownership"),
        ("agent", "cn2", "governance"),
    }


def test_jurisdictions_count_what_crosses_borders_and_who_acted(case: api.Case) -> None:
    answer = api.jurisdictions(case, graph="payments")
    rows = {row["country"]: row for row in answer.rows}
    assert (rows["cn"]["in"], rows["cn"]["out"], rows["cn"]["through"]) == (
        Decimal("150.15"),
        Decimal("100.00"),
        Decimal("100.00"),
    )
    # 250.15 crosses borders: 150.15 into cn, 100 into sg.
    assert rows["sg"]["sink"] == pytest.approx(100 / 250.15)
    assert rows["cn"]["conduit"] == 1.0
    assert (rows["cn"]["entities"], rows["cn"]["listed"], rows["cn"]["listed_by"]) == (3, 2, ["China", "UN"])
    assert rows["cn"]["representatives"] == 1
    assert rows["cn"]["host_action"] == "listed by China"
    assert rows["sg"]["host_action"] == "none recorded"
    assert all(row["captured"] is None for row in answer.rows)
    assert "1 parties have no country on record" in " ".join(answer.notes)


def test_sinks_and_conduits_can_be_measured_against_a_size(tmp_path: Path) -> None:
    (tmp_path / "edges.csv").write_text("Source,Target,Weight\na,b,100\nb,c,90\n")
    network = api.open_network(tmp_path / "edges.csv")
    network = replace(network, vertices={**network.vertices, "country": ["kp", "cn", "sg"]})
    (tmp_path / "gdp.csv").write_text("country,size\nCN,4\nkp,4\n")
    told = {row["country"]: row for row in api.jurisdictions(network, size=tmp_path / "gdp.csv").rows}
    # cn: (100 - 90) / 190 x 8/4; kp: -100/190 x 8/4; of sg no size is known.
    assert told["cn"]["sink"] == pytest.approx(10 / 190 * 2)
    assert told["kp"]["sink"] == pytest.approx(-100 / 190 * 2)
    assert told["sg"]["sink"] is None
    # Volumes 190, 100, 90 add up to 380: cn 10/190 x 380/190.
    by_volume = {row["country"]: row for row in api.jurisdictions(network, size="volume").rows}
    assert by_volume["cn"]["sink"] == pytest.approx(10 / 190 * 2)
    for text in ("cn,x\n", "cn,-1\n", "Atlantis,3\n", "cn,1\ncn,2\n", "cn\n"):
        (tmp_path / "bad.csv").write_text(text)
        with pytest.raises(UsageError, match="line"):
            api.jurisdictions(network, size=tmp_path / "bad.csv")
    with pytest.raises(UsageError, match="cannot be read"):
        api.jurisdictions(network, size=tmp_path / "none.csv")


def test_groups_state_their_stability_and_roles() -> None:
    cliques = [(f"{c}{a}", f"{c}{b}") for c in "xyz" for a in range(5) for b in range(5) if a < b]
    network = Network.of(*cliques, ("x0", "y0"), ("y1", "z1"), ("x2", "z2"), directed=False)
    answer = api.groups(network)
    assert answer.summary["groups"] == 3
    assert answer.summary["stability"] == 1.0
    assert [row["id"] for row in answer.rows if row["group"] == 1] == ["x0", "x1", "x2", "x3", "x4"]
    assert {row["role"] for row in answer.rows} == {"core"}


def test_groups_that_hang_on_the_seed_are_called_unstable() -> None:
    # A ring of sixty has no groups: where Leiden cuts it depends on where it begins.
    ring = Network.of(*((f"v{i:02}", f"v{(i + 1) % 60:02}") for i in range(60)), directed=False)
    answer = api.groups(ring)
    assert answer.summary["stability"] < 0.8
    assert any("not stable" in note for note in answer.notes)


def test_a_broker_has_its_ties_spread_over_groups() -> None:
    cliques = [(f"{c}{a}", f"{c}{b}") for c in "xyz" for a in range(6) for b in range(6) if a < b]
    network = Network.of(*cliques, ("broker", "x0"), ("broker", "y0"), ("broker", "z0"), directed=False)
    roles = {row["id"]: row["role"] for row in api.groups(network).rows}
    assert roles["broker"] == "broker"
    assert roles["x0"] == "core"


def test_groups_are_the_same_whatever_the_order_of_the_edges() -> None:
    edges = [(f"v{i}", f"v{(i * 7 + 3) % 23}") for i in range(23)] + [(f"v{i}", f"v{i + 1}") for i in range(22)]
    one, other = (api.groups(Network.of(*order)).rows for order in (edges, edges[::-1]))
    assert one == other


def test_components_are_groups_too() -> None:
    answer = api.groups(Network.of(("a", "b"), ("x", "y"), ("y", "z")), method="components")
    assert [(row["group"], row["size"], row["id"]) for row in answer.rows] == [
        (1, 3, "y"),  # two ties inside: before x and z with one
        (1, 3, "x"),
        (1, 3, "z"),
        (2, 2, "a"),
        (2, 2, "b"),
    ]


def test_a_path_in_a_network_file_shows_its_edges() -> None:
    network = Network.of(("a", "b", 2), ("c", "b", 1), unit="EUR")
    answer = api.path(network, "a", "c")
    assert [(row["step"], row["source"], row["target"], row["role"]) for row in answer.rows] == [
        (1, "a", "b", "2 EUR"),
        (2, "c", "b", "1 EUR"),
    ]


def test_impossible_numbers_are_refused() -> None:
    network = Network.of(("a", "b"))
    with pytest.raises(UsageError, match="should be 1 or more"):
        api.path(network, "a", "b", k=0)
    with pytest.raises(UsageError, match="should be 1 or more"):
        api.around(network, "a", depth=0)


def test_an_empty_network_has_no_groups_and_no_countries() -> None:
    empty = Network.of()
    assert api.groups(empty).rows == []
    assert api.jurisdictions(empty).rows == []
    assert api.rank(empty).rows == []


def test_the_shipped_sample_answers_every_verb(tmp_path: Path) -> None:
    place = tmp_path / "case.finnet"
    api.ingest(["sample:cold_harbour"], case=place)
    with api.open_case(place) as case:
        total = sum(row["payments"] for row in case.rows('select sum("count") as payments from v1_payment'))
        converted = case.network("payments", rates="sample:cold_harbour")
        assert converted.unit == "USD"
        assert sum(converted.edges["count"]) >= total  # a payment with an intermediary is in two edges
        for graph in ("influence", "ownership", "control", "maritime", "everything", "jurisdictions"):
            assert api.rank(case, graph=graph).rows

"""The verb choke on networks made by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from finnet.api.interdict import choke
from finnet.errors import SelectorError, UnknownNameError, UsageError
from finnet.graph.network import Network
from finnet.report.render import to_csv, to_json


@pytest.fixture
def scheme() -> Network:
    """Money from s to t: 10.00 over x and the interchangeable a and b, 5.00 over c; 900.00 pass a bank beside it.

    before = 15.00; {a, b} leaves 5.00, {a, b, c} nothing.
    """
    payments = [
        ("s", "x", 1000), ("x", "a", 1000), ("x", "b", 1000), ("a", "t", 1000), ("b", "t", 1000),
        ("s", "c", 500), ("c", "t", 500), ("r", "bank", 90000), ("bank", "q", 90000),
    ]  # fmt: skip
    return Network.build(
        source=[payer for payer, _, _ in payments],
        target=[payee for _, payee, _ in payments],
        weight=[cents / 100 for _, _, cents in payments],
        minor=[cents for _, _, cents in payments],
        scale=100,
        unit="USD",
    )


def ids(answer: Any) -> list[str]:
    return [row["id"] for row in answer.rows]


def test_the_best_set_is_printed_beside_what_naive_lists_would_leave(scheme: Network) -> None:
    answer = choke(scheme, from_="s", to="t", exclude="x", budget=2)
    summary = answer.summary
    assert (summary["before"], summary["after"], summary["bound"]) == (
        Decimal("15.00"),
        Decimal("5.00"),
        Decimal("5.00"),
    )
    assert (summary["gap"], summary["optimal"], summary["says"]) == (0.0, True, "best set in the recorded data, proved")
    # s sends 10.00 and 5.00; t receives 10.00 twice over and 5.00.
    assert summary["recorded_volume"] == {"sent by --from": Decimal("15.00"), "received by --to": Decimal("25.00")}
    # By volume the bank and one of its partners come first: all 15.00 still flow.
    assert summary["baselines"]["volume"] == {"chosen": ["bank", "q"], "after": Decimal("15.00")}
    # Degree names a and b (two links each, first by id), so nothing is gained over the best naive list.
    assert summary["baselines"]["degree"] == {"chosen": ["a", "b"], "after": Decimal("5.00")}
    assert summary["gain_over_naive"] == 0.0
    assert any("naive list does as well" in note for note in answer.notes)


def test_gain_over_naive_is_what_the_best_naive_list_leaves_more(scheme: Network) -> None:
    # With three allowed and x not, degree, the first by id, names a, b and bank: 5.00 are left. {a, b, c} leaves none.
    answer = choke(scheme, from_="s", to="t", exclude="x,r,q", budget=3)
    naive = {name: found["after"] for name, found in answer.summary["baselines"].items()}
    assert answer.summary["after"] == 0
    assert answer.summary["gain_over_naive"] == pytest.approx(float(min(naive.values()) / Decimal("15.00")))


def test_rows_are_ordered_by_giving_back_the_least_from_the_end(scheme: Network) -> None:
    # C = {a, b, c}, F = 0. Without a (or b): 10.00; without c: 5.00. c is given back first, so it stands last; of a and
    # b the larger id goes next: then 15.00 are left.
    answer = choke(scheme, from_="s", to="t", exclude="x", budget=3)
    columns = ("id", "bite", "bite_share", "cumulative", "remaining", "lasting")
    assert [tuple(row[column] for column in columns) for row in answer.rows] == [
        ("a", Decimal("10.00"), pytest.approx(2 / 3), Decimal("0.00"), Decimal("15.00"), Decimal("10.00")),
        ("b", Decimal("10.00"), pytest.approx(2 / 3), Decimal("10.00"), Decimal("5.00"), Decimal("10.00")),
        ("c", Decimal("5.00"), pytest.approx(1 / 3), Decimal("15.00"), Decimal("0.00"), Decimal("5.00")),
    ]


def test_rows_have_every_column_and_nothing_invented(scheme: Network) -> None:
    answer = choke(scheme, from_="s", to="t", exclude="x", budget=2)
    first = answer.rows[0]
    assert tuple(first) == answer.columns
    assert (first["captured"], first["chosen_in"], first["schema"], first["country"]) == (None, None, None, None)
    assert first["substitutes"] == ["b"]
    # a turns over 10.00, all of which is bite: nothing else is hit.
    assert first["collateral"] == Decimal("0.00")
    # bank 180,000; q and r 90,000; a, b 2,000; c 1,000 among the candidates.
    assert [row["rank_volume"] for row in answer.rows] == [4, 4]


def test_collateral_is_what_else_runs_through_a_member() -> None:
    bank = Network.build(
        source=["s", "other", "bank", "bank"], target=["bank", "bank", "t", "shop"], weight=[3, 97, 60, 40],
        minor=[300, 9700, 6000, 4000], scale=100, unit="EUR",
    )  # fmt: skip
    [row] = choke(bank, from_="s", to="t", candidates="bank", budget=1).rows
    # 100.00 received, 3.00 of them from the seed.
    assert (row["bite"], row["collateral"]) == (Decimal("3.00"), Decimal("97.00"))


def test_the_curve_has_the_best_set_of_every_budget(scheme: Network) -> None:
    answer = choke(scheme, from_="s", to="t", exclude="x", budget=4, curve=True)
    assert [(row["budget"], row["remaining"], row["chosen"], row["optimal"]) for row in answer.rows] == [
        (1, Decimal("10.00"), ["c"], True),
        (2, Decimal("5.00"), ["a", "b"], True),
        (3, Decimal("0.00"), ["a", "b", "c"], True),
        (4, Decimal("0.00"), ["a", "b", "c"], True),
    ]


def test_nothing_to_take_away_is_no_row_and_a_warning(scheme: Network) -> None:
    answer = choke(scheme, from_="t", to="s")
    assert (list(answer.rows), answer.outcome, answer.summary["before"]) == ([], 0, Decimal("0.00"))
    assert any("nothing flows" in note for note in answer.notes)


def test_nobody_to_choose_is_no_row_and_a_warning_with_the_reasons(scheme: Network) -> None:
    answer = choke(scheme, from_="s", to="t", candidates="s")
    assert (list(answer.rows), answer.outcome, answer.summary["candidates"]) == ([], 0, 0)
    assert answer.summary["excluded"] == {"seed": 1, "exit": 1, "not among --candidates": 7}
    assert answer.summary["after"] == Decimal("15.00")


def test_a_budget_of_nothing_chooses_nobody(scheme: Network) -> None:
    answer = choke(scheme, from_="s", to="t", budget=0)
    assert (list(answer.rows), answer.outcome, answer.summary["after"]) == ([], 0, Decimal("15.00"))


@pytest.mark.parametrize(
    "asked",
    [
        {"from_": "s", "to": "t"},
        {"from_": "s", "to": "t", "horizon": "30d"},
        {"objective": "pairs"},
        {"objective": "largest_component"},
    ],
)
def test_where_nobody_fits_the_budget_no_set_is_called_best(scheme: Network, asked: dict[str, Any]) -> None:
    answer = choke(scheme, **asked, budget=0)
    summary, says = answer.summary, "nobody may be chosen with --budget 0 (the cheapest candidate costs 1)"
    assert (list(answer.rows), summary["says"], says in answer.notes) == ([], says, True)
    assert (summary["optimal"], summary["bound"], summary["gap"], summary["baselines"]) == (None, None, None, {})


def test_a_budget_below_the_cheapest_candidate_names_its_cost() -> None:
    web = Network.build(
        source=["s", "a", "s", "b"], target=["a", "t", "b", "t"], weight=[1.0] * 4, unit="links",
        vertices={"effort": [3, 2, 1, 1]},
    )  # fmt: skip
    answer = choke(web, from_="s", to="t", cost="effort", budget=1)
    assert answer.summary["says"] == "nobody may be chosen with --budget 1 (the cheapest candidate costs 2)"
    assert choke(web, from_="s", to="t", cost="effort", budget=2).summary["optimal"] is True


def test_forced_members_are_in_the_set_and_cost_a_place(scheme: Network) -> None:
    answer = choke(scheme, from_="s", to="t", exclude="x", forced="bank", budget=2)
    assert (sorted(ids(answer)), answer.summary["after"]) == (["bank", "c"], Decimal("10.00"))
    with pytest.raises(UsageError, match="forced"):
        choke(scheme, from_="s", to="t", forced="bank", budget=0)
    with pytest.raises(UsageError, match="may not be chosen"):
        choke(scheme, from_="s", to="t", forced="s")


def test_reach_counts_parties_and_is_the_default_with_seeds_only() -> None:
    web = Network.of(("bank", "agent"), ("agent", "one"), ("agent", "two"), ("bank", "front"))
    answer = choke(web, from_="bank", budget=1)
    assert (answer.summary["objective"], answer.summary["unit"]) == ("reach", "parties reached")
    # Reached 4; without the agent only the front. Its other ends are one and two (the bank is the seed).
    [row] = answer.rows
    assert (row["id"], row["bite"], row["remaining"], row["collateral"]) == ("agent", 3, 1, 2)


@pytest.fixture
def case_like() -> Network:
    """What a case's influence network has in its columns: countries, listings, stubs."""
    return Network.build(
        source=["bank", "bank", "carp", "crane", "heron"],
        target=["carp", "crane", "finch", "heron", "stub"],
        weight=[1, 1, 1, 1, 1],
        unit="links",
        vertices={
            "caption": ["Invented Bank", "Carp", "Crane", "Finch", "Heron", "stub"],
            "schema": ["Company", "Person", "Company", "Company", "Company", None],
            "country": ["kp", "cn", "kp", "cn", "de", None],
            "countries": [("kp",), ("cn",), ("kp",), ("cn",), ("de",), ()],
            "authorities": [("un",), ("un",), (), (), (), ()],
            "missing": [False, False, False, False, False, True],
        },
    )


def test_the_excluded_are_counted_by_reason(case_like: Network) -> None:
    # The seed's country is KP, so that is the target state: crane is out, carp is listed, the stub is no party.
    summary = choke(case_like, from_="id:bank", budget=1).summary
    assert summary["excluded"] == {
        "seed": 1, "not described by any record": 1, "listed already": 1, "in the target state (KP)": 1,
    }  # fmt: skip
    assert (summary["target_state"], summary["candidates"]) == ("KP", 2)


def test_whoever_names_candidates_may_name_the_listed_and_the_target_state(case_like: Network) -> None:
    summary = choke(case_like, from_="id:bank", candidates="id:carp,id:crane", budget=1).summary
    assert summary["excluded"] == {"seed": 1, "not described by any record": 1, "not among --candidates": 2}
    assert summary["candidates"] == 2


def test_a_named_target_state_replaces_the_default(case_like: Network) -> None:
    summary = choke(case_like, from_="id:bank", target_state="DE", budget=1).summary
    assert summary["excluded"]["in the target state (DE)"] == 1
    assert summary["candidates"] == 2


def test_what_is_in_force_is_gone_before_anything_is_chosen(case_like: Network) -> None:
    # Without crane the bank reaches carp and finch only.
    answer = choke(case_like, from_="id:bank", in_force="id:crane", budget=1, candidates="id:carp")
    assert (answer.summary["before"], answer.summary["after"], answer.summary["in_force"]) == (2, 0, 1)


def test_only_links_where_an_enforcer_stands_are_severed(case_like: Network) -> None:
    # carp's links stand in KP and CN, and in CN alone: Germany severs neither, China both.
    assert choke(case_like, from_="id:bank", candidates="id:carp", only="DE").summary["after"] == 5
    assert choke(case_like, from_="id:bank", candidates="id:carp", only="CN").summary["after"] == 3
    # Without China, the link between bank and carp is still severed by KP; who is behind carp is no longer reached.
    answer = choke(case_like, from_="id:bank", candidates="id:carp", without="CN")
    assert (answer.summary["after"], answer.summary["enforcers"]) == (3, "all but CN")


def test_countries_are_chosen_where_the_parties_are_listed_already(case_like: Network) -> None:
    # In force: bank and carp. bank is the seed: it loses a link only through its other end. Links of carp stand in KP
    # and CN: China severs both.
    answer = choke(case_like, from_="id:bank", by="jurisdiction", budget=1)
    [row] = answer.rows
    assert (row["id"], row["schema"], row["bite"], row["remaining"]) == ("CN", "Jurisdiction", 2, 3)
    assert answer.summary["enforcers"] == "nobody but the chosen"
    assert answer.summary["excluded"] == {"the target state (KP)": 1}


def test_nearly_all_listed_is_said_with_the_question_to_ask_instead(case_like: Network) -> None:
    listed = Network.of(("bank", "a"), ("a", "b"), ("b", "bank"), ("a", "c"), ("c", "bank"))
    columns = {"authorities": [("un",)] * listed.size}
    network = Network(
        ids=listed.ids, source=listed.source, target=listed.target, weight=listed.weight, unit="links", vertices=columns
    )
    answer = choke(network, from_="id:bank")
    assert any("--by jurisdiction" in note for note in answer.notes)
    assert list(answer.rows) == []


def test_costs_come_from_a_column_and_have_to_be_whole_numbers() -> None:
    links = {"source": ["s", "s"], "target": ["a", "b"], "weight": [1, 1], "unit": "links"}
    priced = Network.build(**links, vertices={"price": [3, 1, 1]})
    assert ids(choke(priced, from_="s", cost="price", budget=2)) == ["b"]
    with pytest.raises(UsageError, match="'zero'"):
        choke(Network.build(**links, vertices={"price": ["zero", 1, 1]}), from_="s", cost="price")
    with pytest.raises(UnknownNameError, match="price"):
        choke(priced, from_="s", cost="prise")


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ({"from_": "s", "to": "s"}, "both in --from and in --to"),
        ({"from_": "s", "objective": "flow"}, "needs --to"),
        ({"from_": "s", "to": "t", "objective": "reach"}, "takes no --to"),
        ({"objective": "flwo", "from_": "s"}, "flow"),
        ({"from_": "s", "to": "t", "regime": "ofac"}, "--regime looks into a case"),
        ({"from_": "s", "to": "t", "ablate": True}, "ablate"),
        ({"from_": "s", "to": "t", "by": "lever"}, "go together"),
        ({"from_": "s", "to": "t", "levers": "x.toml"}, "go together"),
        ({"from_": "s", "to": "t", "by": "town"}, "entity, jurisdiction, lever"),
        ({"from_": "s", "to": "t", "only": "US"}, "no countries"),
        ({"from_": "s", "to": "t", "only": "US", "without": "CN"}, "exclude each other"),
        ({"from_": "s", "to": "t", "by": "jurisdiction"}, "countries"),
        ({"from_": "s", "to": "t", "budget": -1}, "budget"),
        ({"from_": "s", "to": "t", "currency": "USD"}, "currency"),
        ({"from_": "hue:s", "to": "t"}, "hue"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_the_way_out(scheme: Network, words: dict[str, Any], what: str) -> None:
    with pytest.raises(UsageError, match=what):
        choke(scheme, **words)


def test_a_selector_that_matches_nobody_is_said(scheme: Network) -> None:
    answer = choke(scheme, from_="nobody", to="t")
    assert "--from nobody: it matches nobody" in answer.notes
    assert issubclass(SelectorError, UsageError)


def test_scope_looks_at_some_parties_and_their_neighbours(scheme: Network) -> None:
    # c and its neighbours are s and t: only the 5.00 are looked at.
    assert choke(scheme, from_="s", to="t", scope="c", budget=1).summary["before"] == Decimal("5.00")


def test_the_same_question_gives_the_same_bytes(scheme: Network) -> None:
    one, other = (choke(scheme, from_="s", to="t", budget=3) for _ in range(2))
    assert (to_json(one), to_csv(one)) == (to_json(other), to_csv(other))

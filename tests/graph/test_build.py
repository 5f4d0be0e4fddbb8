"""Networks from a case: exact sums, one currency or dated rates, what counts once, what is left out and said."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet.errors import FinnetError, UnknownNameError, UsageError
from finnet.graph.build import build
from finnet.graph.network import Network
from finnet.graph.rates import RateTable
from finnet.graph.recipe import read_recipe
from finnet.graph.ties import ties


def _edges(network: Network) -> dict[tuple[str, str], object]:
    values = network.weight if network.minor is None else [network.amount(int(minor)) for minor in network.minor]
    ends = zip(network.source, network.target, values, strict=True)
    return {(network.ids[s], network.ids[t]): value for s, t, value in ends}


def _rates(tmp_path: Path, *rows: str) -> RateTable:
    path = tmp_path / "rates.csv"
    path.write_text("date,currency,base,rate\n" + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return RateTable.read(path)


def test_payments_add_up_to_the_cent(memory_case: Any) -> None:
    for _ in range(10):
        memory_case.pay("acme", "mule", "0.10")
    memory_case.pay("mule", "shell", "90071992547409.93")  # 2**53 + 1 cents: no float holds it
    network = build(memory_case, "payments")
    assert _edges(network) == {("acme", "mule"): Decimal("1.00"), ("mule", "shell"): Decimal("90071992547409.93")}
    assert network.unit == "USD"


@pytest.mark.parametrize("times", [8, 9, 10, 93])
def test_a_sum_is_exact_on_both_sides_of_what_64_bits_hold_in_ten_thousandths(memory_case: Any, times: int) -> None:
    # The bound is 9 · 10**14 units; 2**63 ten-thousandths are 9.22 · 10**14.
    for _ in range(times):
        memory_case.pay("a", "b", "99999999999999.99")
    memory_case.pay("b", "a", "0.01")
    network = build(memory_case, "payments")
    assert _edges(network) == {("a", "b"): times * Decimal("99999999999999.99"), ("b", "a"): Decimal("0.01")}


@pytest.mark.parametrize("units", ["199999999999", "200000000000", "200000000001", "-199999999999"])
@pytest.mark.parametrize("rest", ["0.0000", "0.0001", "0.4999", "0.5001", "0.9999"])
def test_a_sum_is_exact_on_both_sides_of_what_a_binary_fraction_holds(memory_case: Any, units: str, rest: str) -> None:
    sign = "-" if units.startswith("-") else ""
    memory_case.pay("a", "b", units).pay("a", "b", sign + rest).pay("b", "a", "0.0001")
    total = Decimal(units) + Decimal(sign + rest)
    expected = {("b", "a"): Decimal("0.0001")} | ({("a", "b"): total} if total > 0 else {})
    assert _edges(build(memory_case, "payments")) == expected


@pytest.mark.parametrize("times", [600, 1_200])
def test_a_sum_that_no_integer_holds_is_refused_not_wrapped(memory_case: Any, times: int) -> None:
    # 600 · 10**14 USD are 6 · 10**18 cents: in 64 bits, but not with room for a second such sum; 1,200 are beyond.
    for _ in range(5):
        memory_case.pay("a", "b", "99999999999999.99")
    row = "select v1_payment.* from v1_payment cross join range($n)"
    memory_case.filled().execute(f"insert into v1_payment {row}", {"n": times // 5 - 1})
    with pytest.raises(FinnetError, match="more than can be counted exactly") as caught:
        build(memory_case, "payments")
    assert caught.value.code == "E2000"


def test_an_intermediary_makes_two_edges(memory_case: Any) -> None:
    memory_case.pay("acme", "shell", "7", intermediary_id="bank")
    assert _edges(build(memory_case, "payments")) == {("acme", "bank"): 7, ("bank", "shell"): 7}


@pytest.mark.parametrize("intermediary", ["acme", "shell"])
def test_an_intermediary_that_is_an_end_itself_makes_one_edge(memory_case: Any, intermediary: str) -> None:
    memory_case.pay("acme", "shell", "7", intermediary_id=intermediary)
    assert _edges(build(memory_case, "payments")) == {("acme", "shell"): 7}


def test_an_account_stands_for_a_party_that_is_not_named(memory_case: Any) -> None:
    memory_case.pay(None, "shell", "7", payer_account="KP-1").pay("acme", None, "2", beneficiary_account="KP-1")
    assert _edges(build(memory_case, "payments")) == {("KP-1", "shell"): 7, ("acme", "KP-1"): 2}


def test_a_payment_with_one_end_only_is_said_not_drawn(memory_case: Any) -> None:
    memory_case.pay("acme", None, "7").pay("acme", "mule", "1")
    network = build(memory_case, "payments")
    assert _edges(network) == {("acme", "mule"): 1}
    assert network.notes == ("1 amounts have one end only on record and are in no edge",)


def test_reversals_reduce_and_what_nets_to_nothing_is_left_out_and_said(memory_case: Any) -> None:
    memory_case.pay("acme", "mule", "7").pay("acme", "mule", "-2").pay("mule", "shell", "3").pay("mule", "shell", "-3")
    network = build(memory_case, "payments")
    assert _edges(network) == {("acme", "mule"): 5}
    assert network.ids == ("acme", "mule", "shell")
    assert network.notes == ("edges left out, as they net to nothing or less after reversals: 1",)


def test_dates_and_counts_stand_beside_the_amount_and_may_be_missing(memory_case: Any) -> None:
    memory_case.pay("acme", "mule", "1", booked_on="2019-03-05", count=4).pay("acme", "mule", "1")
    memory_case.pay("acme", "mule", "1", booked_on="2018").pay("mule", "shell", "1")
    network = build(memory_case, "payments")
    columns = {name: list(column) for name, column in network.edges.items()}
    assert columns == {
        "currency": ["USD", "USD"],
        "count": [6, 1],
        "first": ["2018", None],
        "last": ["2019-03-05", None],
    }


def test_several_currencies_and_neither_choice_nor_rates_exit_2_naming_them(memory_case: Any) -> None:
    memory_case.pay("a", "b", "1").pay("a", "b", "1", currency="EUR").pay("a", "b", "2", currency="EUR")
    with pytest.raises(UsageError, match=r"EUR \(2 payments\), USD \(1 payment\)") as caught:
        build(memory_case, "payments")
    assert (caught.value.code, caught.value.exit_code) == ("E2001", 2)


def test_one_currency_can_be_chosen(memory_case: Any) -> None:
    memory_case.pay("a", "b", "1").pay("a", "c", "500", currency="JPY")
    network = build(memory_case, "payments", currency="JPY")
    assert (network.unit, network.scale, _edges(network)) == ("JPY", 1, {("a", "c"): 500})


def test_a_currency_that_is_not_there_is_said(memory_case: Any) -> None:
    with pytest.raises(UsageError, match="no amounts in 'CHF'"):
        build(memory_case.pay("a", "b", "1"), "payments", currency="CHF")


def test_a_case_without_payments_has_an_empty_network(memory_case: Any) -> None:
    assert build(memory_case, "payments").size == 0


def test_a_missing_rate_names_currency_and_date(memory_case: Any, tmp_path: Path) -> None:
    memory_case.pay("a", "b", "1", currency="EUR", booked_on="2018-05-01")
    with pytest.raises(FinnetError, match=r"'EUR' to USD on or before 2018-05-01") as caught:
        build(memory_case, "payments", rates=_rates(tmp_path, "2019-01-01,EUR,USD,1.1"))
    assert caught.value.code == "E2002"


_AMOUNTS = st.decimals(min_value=-999, max_value=99999, places=2)
_PAYMENTS = st.lists(
    st.tuples(
        st.sampled_from("ab"),
        st.sampled_from("bc"),
        _AMOUNTS,
        st.sampled_from(["EUR", "JPY", "USD"]),
        st.sampled_from(["2019-01-15", "2019-02", "2019-03-31"]),
    ),
    min_size=1,
    max_size=12,
)
_RATES = st.decimals(min_value=Decimal("0.0001"), max_value=150, places=4)


@given(_PAYMENTS, _RATES, _RATES, _RATES)
@settings(max_examples=25, deadline=None)
def test_conversion_by_the_engine_equals_conversion_payment_by_payment(
    new_case: Any,
    tmp_path_factory: pytest.TempPathFactory,
    payments: list[tuple[str, str, Decimal, str, str]],
    early: Decimal,
    late: Decimal,
    yen: Decimal,
) -> None:
    table = _rates(
        tmp_path_factory.mktemp("rates"),
        f"2019-01-01,EUR,USD,{early}",
        f"2019-02-28,EUR,USD,{late}",
        f"2019-01-01,JPY,USD,{yen}",
    )
    case = new_case()
    expected: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for payer, beneficiary, amount, currency, booked_on in payments:
        case.pay(payer, beneficiary, str(amount), currency=currency, booked_on=booked_on)
        expected[payer, beneficiary, currency] += table.convert(amount, currency, booked_on)
    network = build(case, "payments", rates=table)
    assert network.minor is not None
    got = {
        (network.ids[s], network.ids[t], currency): network.amount(int(minor))
        for s, t, currency, minor in zip(
            network.source, network.target, network.edges["currency"], network.minor, strict=True
        )
    }
    assert got == {ends: amount for ends, amount in expected.items() if amount > 0}


def test_what_several_datasets_repeat_counts_once_and_keeps_its_records(memory_case: Any) -> None:
    memory_case.link("ownership", "acme", "mule", share_min_ppm=250_000, share_max_ppm=500_000, role="holder")
    memory_case.link("ownership", "acme", "mule", share_min_ppm=300_000, share_max_ppm=300_000, dataset="register")
    network = build(memory_case, "ownership")
    assert network.weight.tolist() == [1.0]
    # Two records of one holding: the larger lower and upper bound, never their sum.
    assert (network.edges["share_min_ppm"], network.edges["share_max_ppm"]) == ([300_000], [500_000])
    assert network.edges["links"] == [("l1", "l2")]
    assert network.edges["records"] == [("leak:1", "register:2")]


def test_an_undisclosed_share_is_none_not_nothing(memory_case: Any) -> None:
    network = build(memory_case.link("ownership", "acme", "mule"), "ownership")
    assert network.edges["share_min_ppm"] == [None]


def test_influence_runs_from_owner_controller_director_client_and_principal(memory_case: Any) -> None:
    for edge_class in ("ownership", "control", "governance", "representation", "linked", "money", "co_location"):
        memory_case.link(edge_class, f"{edge_class}_1", f"{edge_class}_2", role="linked to")
    network = build(memory_case, "influence")
    assert set(_edges(network)) == {
        ("ownership_1", "ownership_2"),
        ("control_1", "control_2"),
        ("governance_1", "governance_2"),
        ("representation_2", "representation_1"),  # stated agent -> client; influence runs from the client
        ("linked_2", "linked_1"),  # stated "linked to X" by the listed party; X is the principal
    }
    assert network.edge_policy == ("ownership", "control", "governance", "representation", "linked")


@pytest.mark.parametrize(
    ("role", "is_principal"),
    [
        ("linked to", "target"),
        ("Subsidiary of", "target"),
        ("owned or controlled by", "target"),
        ("works for", "target"),
        ("affiliated with", "target"),
        ("parent", "target"),  # "its parent is X"
        ("parent company", "source"),
        ("rightsToProfitOrIncome", "source"),
        ("right-to-share-surplus-assets-25-to-50-percent", "source"),
        (None, "source"),
    ],
)
def test_the_words_of_a_link_say_who_its_principal_is(memory_case: Any, role: str | None, is_principal: str) -> None:
    memory_case.link("linked", "source", "target", role=role)
    for recipe in ("influence", "everything"):
        [(principal, _)] = _edges(build(memory_case, recipe))
        assert principal == is_principal


def test_coincidences_count_only_when_asked_for(memory_case: Any) -> None:
    memory_case.link("co_location", "a", "b").link("ownership", "a", "c")
    assert set(_edges(build(memory_case, "influence", edges="co_location"))) == {("a", "b")}
    assert build(memory_case, "influence", edges=["co_location"]).edge_policy == ("co_location",)


def test_inferred_links_count_only_when_asked_for(memory_case: Any) -> None:
    memory_case.link("control", "a", "b", basis="inferred").link("control", "a", "c")
    assert set(_edges(build(memory_case, "influence"))) == {("a", "c")}
    assert set(_edges(build(memory_case, "influence", params={"inferred": True}))) == {("a", "b"), ("a", "c")}


@pytest.mark.parametrize(
    ("as_of", "counts"),
    [("2018", False), ("2019-02", False), ("2019", True), ("2019-03-01", True), ("2020-12-31", True), ("2021", False)],
)
def test_a_link_counts_unless_it_surely_began_later_or_ended_before(memory_case: Any, as_of: str, counts: bool) -> None:
    memory_case.link("control", "a", "b", start_date="2019-03", end_date="2020").link("control", "x", "y")
    assert (("a", "b") in _edges(build(memory_case, "influence", as_of=as_of))) is counts


def test_payments_after_the_date_do_not_count_and_undated_ones_do(memory_case: Any) -> None:
    memory_case.pay("a", "b", "1", booked_on="2019-03-05").pay("a", "b", "2", booked_on="2019").pay("a", "b", "4")
    assert _edges(build(memory_case, "payments", as_of="2019-02")) == {("a", "b"): 6}  # 2 some time in 2019, 4 undated


def test_only_statements_graded_as_well_count(memory_case: Any) -> None:
    memory_case.link("control", "a", "b", reliability="C", credibility="3")
    memory_case.link("control", "a", "c", reliability="A", credibility="4")
    memory_case.link("control", "a", "d", reliability=None, credibility=None)
    assert set(_edges(build(memory_case, "influence", min_grade="C3"))) == {("a", "b")}


def test_parties_bring_what_is_known_of_them_and_stubs_are_marked(memory_case: Any) -> None:
    memory_case.party("acme", country="de", tags=["source"]).party("mule", missing=True).pay("acme", "mule", "1")
    memory_case.pay("mule", "nobody", "1")
    vertices = build(memory_case, "payments").vertices
    assert vertices["caption"] == ["Acme", "Mule", "nobody"]
    assert vertices["country"] == ["de", None, None]
    assert vertices["tags"] == [("source",), (), ()]
    assert vertices["missing"] == [False, True, True]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"recipe": "payments", "edges": "ownership"}, "no edge classes"),
        ({"recipe": "influence", "currency": "USD"}, "selects no currency"),
        ({"recipe": "influence", "min_grade": "G1"}, "grade 'G1'"),
        ({"recipe": "influence", "params": {"infered": True}}, "no parameter 'infered'; it has: inferred"),
        ({"recipe": "influence", "params": {"inferred": 1}}, "parameter inferred is like False"),
    ],
)
def test_a_choice_that_means_nothing_here_is_refused(memory_case: Any, options: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError) as caught:
        build(memory_case, **options)
    assert says in str(caught.value)


def test_an_unknown_edge_class_offers_the_nearest(memory_case: Any) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'ownership'"):
        build(memory_case, "influence", edges="ownrship")


def test_a_recipe_of_ones_own_needs_no_more_than_source_and_target(memory_case: Any) -> None:
    text = '''
title = "Tips"
question = "Who was paid at least so much?"
unit = "tips"
params = { least = 2 }
edges = """
select payer_id as source, beneficiary_id as target, 1 as weight from v1_payment where amount >= $least order by 1, 2
"""
'''
    memory_case.pay("a", "b", "1").pay("a", "b", "2").pay("a", "b", "3").pay("a", "c", "9")
    recipe = read_recipe(text, name="tips", place="tips.toml")
    assert _edges(build(memory_case, recipe)) == {("a", "b"): 2.0, ("a", "c"): 1.0}
    assert _edges(build(memory_case, recipe, params={"least": 5})) == {("a", "c"): 1.0}


def test_hostile_names_change_nothing(memory_case: Any) -> None:
    name = "'; drop table v1_payment; --"
    memory_case.pay(name, "b", "1")
    assert _edges(build(memory_case, "payments", currency="USD")) == {(name, "b"): 1}
    with pytest.raises(UsageError):
        build(memory_case, "payments", currency=name)


def _fincen(path: Path) -> dict[tuple[str, str], Decimal]:
    legs: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))):
        ends = [row["originator_bank_id"], row["filer_org_name_id"], row["beneficiary_bank_id"]]
        if ends[1] in (ends[0], ends[2]):
            ends.pop(1)
        for source, target in pairwise(ends):
            legs[source, target] += Decimal(row["amount_transactions"])
    return legs


def test_the_fincen_files_give_the_same_edges_as_adding_row_by_row(memory_case: Any, shared_data: Path) -> None:
    path = shared_data / "fincen" / "download_transactions_map.csv"
    # The filler binds every value: 4,507 rows at once would be 60,000 of them.
    for place, row in enumerate(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))):
        memory_case.pay(
            row["originator_bank_id"],
            row["beneficiary_bank_id"],
            str(Decimal(row["amount_transactions"])),
            intermediary_id=row["filer_org_name_id"],
        )
        if place % 500 == 0:
            memory_case.filled()
    assert _edges(build(memory_case, "payments")) == _fincen(path)


def test_everything_has_each_pair_of_payer_and_beneficiary_once(memory_case: Any) -> None:
    memory_case.pay("a", "b", "1").pay("a", "b", "2").pay("a", "c", "3", currency="EUR", intermediary_id="bank")
    memory_case.link("kin", "a", "b").link("co_mention", "a", "z")
    network = build(memory_case, "everything")
    got = {
        (network.ids[s], network.ids[t], edge_class, weight)
        for s, t, edge_class, weight in zip(
            network.source, network.target, network.edges["class"], network.weight, strict=True
        )
    }
    assert got == {
        ("a", "b", "kin", 1.0),
        ("a", "b", "money", 1.0),
        ("a", "bank", "money", 1.0),
        ("bank", "c", "money", 1.0),
    }


def test_jurisdictions_count_pairs_of_parties_per_class(memory_case: Any) -> None:
    memory_case.party("a1", country="kp").party("a2", country="kp").party("b1", country="cn")
    memory_case.pay("a1", "b1", "1").pay("a1", "b1", "2").pay("a2", "b1", "9").pay("a1", "a2", "5").pay("a1", "?", "1")
    memory_case.link("ownership", "a1", "b1").link("ownership", "a1", "b1", dataset="register")
    network = build(memory_case, "jurisdictions")
    got = {
        (network.ids[s], network.ids[t], edge_class): weight
        for s, t, edge_class, weight in zip(
            network.source, network.target, network.edges["class"], network.weight, strict=True
        )
    }
    assert got == {
        ("kp", "cn", "money"): 2.0,  # a1-b1 twice is one pair, a2-b1 another
        ("kp", "kp", "money"): 1.0,
        ("kp", "unknown", "money"): 1.0,
        ("kp", "cn", "ownership"): 1.0,
    }
    assert network.vertices["country"] == ["cn", "kp", None]


def test_the_records_behind_an_edge_are_found_under_the_same_choices(memory_case: Any) -> None:
    memory_case.pay("a", "b", "1.50", booked_on="2019-01-02").pay("a", "b", "2", currency="EUR")
    memory_case.pay("a", "b", "3", booked_on="2018").pay("b", "a", "4")
    network = build(memory_case, "payments", currency="USD")
    rows = ties(memory_case, network, [("a", "b")])
    assert [(row["amount"], row["dataset"], row["record"]) for row in rows] == [
        (Decimal("3.0000"), "leak", 3),
        (Decimal("1.5000"), "leak", 1),
    ]
    assert len(ties(memory_case, network, [("a", "b"), ("b", "a")], limit=1)) == 2


@given(st.permutations(range(8)))
@settings(max_examples=15, deadline=None)
def test_the_order_of_the_rows_changes_nothing(new_case: Any, order: list[int]) -> None:
    payments = [
        {"payer": "ab"[i % 2], "beneficiary": "bcd"[i % 3], "amount": f"{i}.10", "booked_on": f"2019-0{1 + i}"}
        for i in range(8)
    ]
    case = new_case()
    for i in order:
        said = payments[i]
        case.pay(said["payer"], said["beneficiary"], said["amount"], booked_on=said["booked_on"], record=i + 1)
        case.link("ownership", "ab"[i % 2], "bcd"[i % 3], link_id=f"l{i}", record=i + 1, role=f"role {i}")
    for recipe, columns in (("payments", ("count", "first", "last")), ("ownership", ("links", "records", "role"))):
        network = build(case, recipe)
        # Of a → b are 0 and 6, of a → c 4, of a → d 2, of b → b 3, of b → c 1 and 7, of b → d 5.
        ends = zip(network.source.tolist(), network.target.tolist(), strict=True)
        assert [network.ids[s] + network.ids[t] for s, t in ends] == ["ab", "ac", "ad", "bb", "bc", "bd"]
        rows = list(zip(*(network.edges[name] for name in columns), strict=True))
        if recipe == "payments":
            assert rows[0] == (2, "2019-01", "2019-07")
        else:
            assert rows[0] == (("l0", "l6"), ("leak:1", "leak:7"), "role 0; role 6")

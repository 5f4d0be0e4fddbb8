"""The verb choke under a regime's ownership rule, on a case whose answers are worked out by hand."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest

from finnet import api
from finnet.api.interdict import choke
from finnet.errors import UnknownNameError, UsageError
from finnet.graph.network import Network


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make_case = _load("small_case").make_case


# seed -> conduit -> exit carries 50, through c 20, through d 15, through e and f 1 each. e and f hold 25 % of the
# conduit each. "held" carries 9 and is wholly owned by the listed "old", who is in no payment.
PAYMENTS = [
    (payer, beneficiary, amount, "USD")
    for middle, amount in (("conduit", 50), ("c", 20), ("d", 15), ("e", 1), ("f", 1), ("held", 9))
    for payer, beneficiary in (("seed", middle), (middle, "exit"))
]
PARTIES = {
    "seed": "kp", "exit": "sg", "conduit": "cn", "c": "cn", "d": "sg", "e": "sg", "f": "my", "held": "my", "old": "ae",
}  # fmt: skip


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[api.Case]:
    path = make_case(
        tmp_path_factory.mktemp("law"),
        parties=PARTIES,
        payments=PAYMENTS,
        holdings=[("e", "conduit", "25"), ("f", "conduit", "25"), ("old", "held", "100")],
        listed={"old": ("OFAC", "INVENTED-1")},
    )
    with api.open_case(path) as opened:
        yield opened


WORDS = {"from_": "id:seed", "to": "id:exit", "target_state": "kp"}


def test_the_two_who_capture_together_replace_the_two_who_carry_most(case: api.Case) -> None:
    plain = choke(case, **WORDS, budget=2, exclude="id:conduit")  # type: ignore[arg-type]
    assert [row["id"] for row in plain.rows] == ["c", "d"]
    law = choke(case, **WORDS, budget=2, exclude="id:conduit", regime="ofac")  # type: ignore[arg-type]
    # 96 less the 9 that what is in force captures is 87; e, f and the conduit carry 52.
    assert {row["id"]: row["captured"] for row in law.rows} == {"e": ["conduit"], "f": ["conduit"]}
    kept = ("before", "after", "bound", "optimal")
    assert [law.summary[name] for name in kept] == [Decimal("87.00"), Decimal("35.00"), Decimal("35.00"), True]
    assert law.summary["captured"] == {"parties": 1, "in this graph": 1, "ids": ["conduit"]}
    assert law.summary["captured_before"] == {"parties": 1, "in this graph": 1}
    assert law.summary["regime"] == "ofac: ≥ 50 %, holdings of all together"
    assert law.summary["excluded"]["blocked by rule already"] == 1


def test_under_a_rule_that_takes_each_alone_nothing_is_captured_and_the_plain_answer_is_proved(case: api.Case) -> None:
    law = choke(case, **WORDS, budget=2, exclude="id:conduit", regime="uk")  # type: ignore[arg-type]
    assert [row["id"] for row in law.rows] == ["c", "d"]
    assert (law.summary["before"], law.summary["optimal"]) == (Decimal("96.00"), True)  # OFAC's list is not the UK's


def test_in_force_may_name_a_holder_who_is_in_no_payment(case: api.Case) -> None:
    law = choke(case, **WORDS, budget=1, exclude="id:conduit", regime="eu", in_force="id:old,id:e")  # type: ignore[arg-type]
    # With e in force already, f alone tips the conduit: 96 - 9 - 1 = 86, less f's 1 and the conduit's 50.
    assert [(row["id"], row["captured"]) for row in law.rows] == [("f", ["conduit"])]
    assert (law.summary["before"], law.summary["after"]) == (Decimal("86.00"), Decimal("35.00"))


def test_the_captured_are_acted_against_where_countries_are_chosen(case: api.Case) -> None:
    words = {**WORDS, "by": "jurisdiction", "in_force": "id:old"}
    assert choke(case, **words, budget=1).rows == []  # type: ignore[arg-type]
    law = choke(case, **words, budget=1, regime="ofac")  # type: ignore[arg-type]
    # Malaysia, Singapore and whoever clears dollars all stand at the 9 of the captured party; ties by code.
    assert law.summary["before"] - law.summary["after"] == Decimal("9.00")


def test_a_regime_needs_a_case_and_a_name_that_is_known(case: api.Case) -> None:
    with pytest.raises(UsageError, match="--regime looks into a case"):
        choke(Network.of(("a", "b")), regime="ofac")
    with pytest.raises(UnknownNameError, match="no regime called 'ofak'"):
        choke(case, regime="ofak")


def test_no_regime_and_all_enforcing_is_the_plain_question(case: api.Case) -> None:
    plain = choke(case, **WORDS, budget=3)  # type: ignore[arg-type]
    said = choke(case, **WORDS, budget=3, enforcers="all", regime="none", horizon="0d", worlds=0)  # type: ignore[arg-type]
    assert said.document() == plain.document()


def test_with_nobody_to_choose_no_set_is_called_best(case: api.Case) -> None:
    nobody = choke(case, **WORDS, budget=3, candidates="id:seed")  # type: ignore[arg-type]
    assert (nobody.rows, nobody.summary["optimal"], nobody.summary["gap"]) == ([], None, None)
    assert nobody.summary["says"].startswith("nobody may be chosen (")


def test_blocked_says_what_to_do_where_nobody_is_listed(case: api.Case) -> None:
    hint = "nobody in this case is on a list of UK: say with --designate whom to treat as listed"
    assert hint in api.blocked(case, regime="uk").notes
    assert hint not in api.blocked(case, regime="uk", designate="id:old").notes


LEVERS = """
[[lever]]
id = "oil"
kind = "embargo"
commodity = "Oil"
by = ["UN"]
cost = 2

[[lever]]
id = "dollars"
name = "Close the dollar accounts of b"
kind = "correspondent"
bank = "id:b"
currency = "usd"
by = ["US"]

[[lever]]
id = "both"
kind = "designate"
who = "id:b,id:c"
cost = 3

[[lever]]
id = "relief"
kind = "relieve"
program = "INVENTED*"
"""


@pytest.fixture(scope="module")
def trade(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[api.Case, str]]:
    """seed pays exit through b 9 for oil and 7 for machines, through c 5 for oil and 4 without a word."""
    folder = tmp_path_factory.mktemp("levers")
    payments = [
        (payer, beneficiary, amount, "USD", good)
        for middle, amount, good in (("b", 9, "oil"), ("b", 7, "machines"), ("c", 5, "OIL"), ("c", 4, ""))
        for payer, beneficiary in (("seed", middle), (middle, "exit"))
    ]
    path = make_case(folder, parties={"seed": "kp", "exit": "sg", "b": "cn", "c": "my"}, payments=payments)
    (folder / "levers.toml").write_text(LEVERS, encoding="utf-8")
    with api.open_case(path) as opened:
        yield opened, str(folder / "levers.toml")


def test_an_embargo_and_a_correspondent_account_compete_for_one_budget(trade: tuple[api.Case, str]) -> None:
    case, file = trade
    words = {**WORDS, "by": "lever", "levers": file}
    answer = {budget: choke(case, **words, budget=budget) for budget in (1, 2, 3)}  # type: ignore[arg-type]
    # The account takes 16 of 25; the embargo 14; both 21; designating b and c takes all.
    assert {budget: [row["id"] for row in one.rows] for budget, one in answer.items()} == {
        1: ["dollars"],
        2: ["dollars"],
        3: ["both"],
    }
    assert [one.summary["after"] for one in answer.values()] == [Decimal("9.00"), Decimal("9.00"), Decimal("0.00")]
    assert all(one.summary["optimal"] for one in answer.values())
    assert answer[1].summary["graph"] == "payments_by_commodity"
    assert answer[1].summary["excluded"] == {"gives relief": 1}


def test_without_the_country_that_clears_a_currency_nobody_closes_accounts_in_it(trade: tuple[api.Case, str]) -> None:
    case, file = trade
    answer = choke(case, **WORDS, by="lever", levers=file, budget=2, without="US")  # type: ignore[arg-type]
    # Every link has another country at its ends, so the embargo of the UN's other members holds: 25 - 14.
    assert ([row["id"] for row in answer.rows], answer.summary["after"]) == (["oil"], Decimal("11.00"))
    assert answer.summary["excluded"] == {"gives relief": 1, "nobody who enforces can take it": 1}
    beside = answer.summary["side_by_side"]
    assert {label: (one["chosen"], one["after"]) for label, one in beside.items()} == {
        "all": (["dollars"], Decimal("9.00")),
        "without US": (["oil"], Decimal("11.00")),
        "only US": (["dollars"], Decimal("9.00")),
    }


def test_levers_are_named_by_id_in_candidates_and_forced(trade: tuple[api.Case, str]) -> None:
    case, file = trade
    words = {**WORDS, "by": "lever", "levers": file, "budget": 3}
    forced = choke(case, **words, forced="oil")  # type: ignore[arg-type]
    assert [row["id"] for row in forced.rows] == ["dollars", "oil"]
    only = choke(case, **words, candidates="oil")  # type: ignore[arg-type]
    assert [row["id"] for row in only.rows] == ["oil"]
    with pytest.raises(UnknownNameError, match="no lever called 'oli'"):
        choke(case, **words, candidates="oli")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="'relief' may not be chosen"):
        choke(case, **words, forced="relief")  # type: ignore[arg-type]


def test_countries_are_ranked_by_what_their_enforcement_takes_away(case: api.Case) -> None:
    words = {"from_": "id:seed", "to": "id:exit", "in_force": "id:c,id:e"}
    answer = api.jurisdictions(case, **words, enforcers="MY")
    bites = {row["country"]: (row["bite_alone"], row["bite_added"]) for row in answer.rows}
    # c sits in China, e in Singapore, exit too, and the United States clear dollars: 20 + 1 flow through c and e.
    # Malaysia stands at neither; North Korea, where seed sits, is the target state.
    assert bites["us"] == bites["sg"] == (Decimal("21.00"), Decimal("21.00"))
    assert bites["cn"] == (Decimal("20.00"), Decimal("20.00"))
    assert bites["my"] == bites["kp"] == (None, None)
    assert [row["country"] for row in answer.rows][:3] == ["sg", "us", "cn"]
    joined = api.jurisdictions(case, **words, enforcers="CN")
    added = {row["country"]: (row["bite_alone"], row["bite_added"]) for row in joined.rows}
    assert (added["us"], added["cn"]) == ((Decimal("21.00"), Decimal("1.00")), (Decimal("20.00"), None))
    assert (answer.summary["objective"], joined.summary["before"]) == ("flow", Decimal("76.00"))


def test_jurisdictions_count_whom_the_rule_captures(case: api.Case) -> None:
    captured = {row["country"]: row["captured"] for row in api.jurisdictions(case, regime="ofac").rows}
    assert captured == {"ae": 0, "cn": 0, "kp": 0, "my": 1, "sg": 0}
    assert all(row["captured"] is None for row in api.jurisdictions(case).rows)
    with pytest.raises(UsageError, match="from whom: --from"):
        api.jurisdictions(case, to="id:exit")

"""The verb whatif: every kind of change, worked out by hand, and what must always hold."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finnet import api
from finnet.analysis.interdiction.difference import cut_off, splits
from finnet.api.packages import whatif
from finnet.errors import UsageError
from finnet.graph.network import Network


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make_case = _load("small_case").make_case

# boss holds 60 % of hub and is held by also; hub pays three suppliers, one of them in euros; old, listed, pays kept.
PARTIES = {
    "boss": "kp",
    "hub": "cn",
    "oil": "sg",
    "grain": "my",
    "euro": "de",
    "old": "ae",
    "kept": "ae",
    "also": "cn",
}
PAYMENTS = [
    ("hub", "oil", 40, "USD", "oil"), ("hub", "grain", 7, "USD", "grain"), ("hub", "euro", 5, "EUR"),
    ("grain", "oil", 2, "USD"), ("old", "kept", 3, "USD"),
]  # fmt: skip


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[api.Case]:
    path = make_case(
        tmp_path_factory.mktemp("whatif"), parties=PARTIES, payments=PAYMENTS,
        holdings=[("boss", "hub", "60"), ("also", "boss", "10")],
        listed={"old": ("OFAC", "INVENTED-1")},
    )  # fmt: skip
    with api.open_case(path) as opened:
        yield opened


def changes(answer: api.Case) -> list[tuple[object, ...]]:
    return [(row["change"], row["id"], row["how"], row["class"], row["currency"], row["value"]) for row in answer.rows]  # type: ignore[attr-defined]


def test_a_designation_blocks_what_it_owns_severs_by_class_and_currency_and_cuts_off_bystanders(case: api.Case) -> None:
    answer = whatif(case, designate="id:boss", regime="ofac", from_="id:boss")
    assert changes(answer) == [
        ("newly blocked", "boss", "designated", None, None, 2),
        ("newly blocked", "hub", "captured by rule", None, None, 4),
        ("severed", None, None, "ownership", None, 2),
        ("severed", None, None, "money", "EUR", Decimal("5.00")),
        ("severed", None, None, "money", "USD", Decimal("47.00")),
        # Of boss, hub, also, oil, grain and euro the blocked two do not count: oil + grain, and two alone.
        ("group split", "also", None, None, None, 3),
        ("cut off", "also", None, None, None, 1),
        ("cut off", "euro", None, None, None, 1),
    ]
    assert answer.summary["newly_blocked"] == {"captured by rule": 1, "designated": 1}
    assert answer.summary["severed"] == {"ownership": 2, "money EUR": Decimal("5.00"), "money USD": Decimal("47.00")}
    assert answer.summary["collateral"] == 2
    assert answer.summary["reachable"] == {
        "before": 4,
        "after": 0,
        "no longer": ["euro", "grain", "hub", "oil"],
        "newly": [],
    }
    assert answer.summary["in_force"] == 1


def test_delisting_frees_and_restores(case: api.Case) -> None:
    assert changes(whatif(case, delist="id:old")) == [
        ("newly freed", "old", "delisted", None, None, 1),
        ("restored", None, None, "money", "USD", Decimal("3.00")),
    ]


def test_only_where_somebody_enforces(case: api.Case) -> None:
    answer = whatif(case, designate="id:hub", only="MY")
    assert [row[3:] for row in changes(answer) if row[0] == "severed"] == [("money", "USD", Decimal("7.00"))]


def test_who_is_designated_and_delisted_at_once_is_as_before(case: api.Case) -> None:
    assert whatif(case, designate="id:hub", delist="id:hub", regime="ofac").rows == []


def test_an_embargo_severs_its_part_of_what_two_parties_pay(case: api.Case, tmp_path: Path) -> None:
    file = tmp_path / "l.toml"
    file.write_text("[[lever]]\nid = 'x'\nkind = 'embargo'\ncommodity = 'oil'\nby = 'UN'\n", encoding="utf-8")
    answer = whatif(case, str(file))
    assert changes(answer) == [("severed", None, None, "money", "USD", Decimal("40.00"))]
    # The tie between hub and oil was for oil alone: it is gone, and oil is still paid by grain.
    assert answer.summary["groups"] == {"before": 1, "after": 1}
    assert answer.summary["measures"] == ["x"]
    without = whatif(case, str(file), only="KP")
    assert without.summary["measures"] == ["x"]
    assert without.rows == []


def test_there_must_be_something_to_change(case: api.Case) -> None:
    with pytest.raises(UsageError, match="nothing to change"):
        whatif(case)


def test_a_network_file_is_enough(case: api.Case) -> None:
    chain = Network.of(("a", "b"), ("b", "c"), ("c", "d"))
    answer = whatif(chain, designate="id:b", from_="id:a")
    assert [(row["change"], row["id"], row["value"]) for row in answer.rows] == [
        ("newly blocked", "b", 2), ("severed", None, 2), ("group split", "a", 2), ("cut off", "a", 1),
    ]  # fmt: skip


edges = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda two: two[0] != two[1]), min_size=1, max_size=14
)


@given(pairs=edges, who=st.sets(st.integers(0, 7), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_designating_then_delisting_the_same_restores_the_same_network(
    pairs: list[tuple[int, int]], who: set[int]
) -> None:
    network = Network.of(*((f"v{a}", f"v{b}") for a, b in pairs))
    selector = ",".join(f"id:v{one}" for one in sorted(who))
    there = whatif(network, designate=selector)
    back = whatif(network, delist=selector, in_force=selector)
    assert whatif(network, designate=selector, delist=selector).rows == []
    mirrored = {"newly blocked": "newly freed", "severed": "restored", "group split": "groups joined"}
    assert [(mirrored[row["change"]], row["id"], row["value"]) for row in there.rows if row["change"] in mirrored] == [
        (row["change"], row["id"], row["value"]) for row in back.rows
    ]


def test_splits_and_bystanders_of_a_star_without_its_hub() -> None:
    star = Network.of(("hub", "a"), ("hub", "b"), ("b", "c"))
    nothing, after = np.zeros(3, bool), (star.source == star.number["hub"])
    gone = np.array([label == "hub" for label in star.ids])
    assert [one.parts for one in splits(star, nothing, after, gone)] == [(2, 1)]
    who, lost = cut_off(star, nothing, after, gone)
    assert [(star.ids[one], count) for one, count in zip(who, lost, strict=True)] == [("a", 1)]

"""The verb ladder on a case whose orders are worked out by hand."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from finnet import api
from finnet.api.steps import ladder
from finnet.errors import UsageError


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make_case = _load("small_case").make_case

# Through a and b, who stand in for each other, 10; through c 6; through the listed d 3.
LEVERS = """
[[lever]]
id = "a"
kind = "designate"
who = "id:a"

[[lever]]
id = "b"
kind = "designate"
who = "id:b"
by = ["US"]

[[lever]]
id = "c"
kind = "designate"
who = "id:c"

[[lever]]
id = "lift_d"
kind = "relieve"
program = "invented-1"
"""


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[api.Case, str]]:
    folder = tmp_path_factory.mktemp("ladder")
    payments = [("seed", "in", 10, "USD"), ("out", "exit", 10, "USD")]
    payments += [leg for one in ("a", "b") for leg in (("in", one, 10, "USD"), (one, "out", 10, "USD"))]
    payments += [
        leg
        for one, amount in (("c", 6), ("d", 3))
        for leg in (("seed", one, amount, "USD"), (one, "exit", amount, "USD"))
    ]
    parties = dict.fromkeys(("seed", "exit", "in", "out", "a", "b", "c", "d"), "cn")
    path = make_case(folder, parties=parties, payments=payments, listed={"d": ("OFAC", "INVENTED-1")})
    (folder / "levers.toml").write_text(LEVERS, encoding="utf-8")
    with api.open_case(path) as case:
        yield case, str(folder / "levers.toml")


ENDS: dict[str, Any] = {"from_": "id:seed", "to": "id:exit"}


def shown(answer: Any) -> list[tuple[str, Decimal, Decimal, Decimal]]:
    return [(row["measure"], row["value"], row["cumulative"], row["snap_back"]) for row in answer.rows]


def test_pressure_takes_the_one_that_bites_alone_first_and_two_that_bite_together_last(
    asked: tuple[api.Case, str],
) -> None:
    case, file = asked
    answer = ladder(case, "pressure", file, **ENDS)
    # 16 flow while d is listed. c, a, b leaves 10 + 10 + 0 = 20; a, b, c leaves 16 + 6 + 0 = 22.
    assert shown(answer) == [
        ("c", Decimal(6), Decimal(6), Decimal(6)),
        ("a", Decimal(0), Decimal(6), Decimal(10)),
        ("b", Decimal(10), Decimal(16), Decimal(10)),
    ]
    # With nothing in force 19 flow: 3 are held before the first step, 9 after it, 19 at the end.
    assert [row["leverage_kept"] for row in answer.rows] == pytest.approx([9 / 19, 9 / 19, 1.0])
    assert (answer.summary["before"], answer.summary["after"], answer.summary["exact"]) == (
        Decimal(16),
        Decimal(0),
        True,
    )


def test_relief_gives_up_first_what_costs_least(asked: tuple[api.Case, str]) -> None:
    case, file = asked
    answer = ladder(case, "relief", file, **ENDS)
    # Nothing flows while all are taken. d, a, b, c lets through 3, 13, 13, 19: 48 in all; d, c, a, b 3, 9, 19, 19: 50.
    assert [(row["measure"], row["value"]) for row in answer.rows] == [
        ("lift_d", Decimal(3)), ("a", Decimal(10)), ("b", Decimal(0)), ("c", Decimal(6)),
    ]  # fmt: skip
    # At the end all is lifted: re-imposing a alone regains nothing, for b carries it all.
    assert [row["snap_back"] for row in answer.rows] == [Decimal(3), Decimal(0), Decimal(0), Decimal(6)]
    assert [row["leverage_kept"] for row in answer.rows] == pytest.approx([16 / 19, 6 / 19, 6 / 19, 0])


def test_a_measure_that_nobody_who_enforces_can_take_is_named(asked: tuple[api.Case, str]) -> None:
    case, file = asked
    answer = ladder(case, "pressure", file, steps=1, without="US", **ENDS)
    assert any(note == "without effect, since nobody who enforces can take them: b" for note in answer.notes)
    assert [row["measure"] for row in answer.rows] == ["c"]


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ({"direction": "sideways"}, "no direction"),
        ({"steps": 0}, "1 or more"),
        ({"to": None, "objective": "flow"}, "needs --to"),
        ({"objective": "pairs"}, "takes no --from"),
    ],
)
def test_what_cannot_be_answered_is_refused(asked: tuple[api.Case, str], words: dict[str, Any], what: str) -> None:
    case, file = asked
    options = {**ENDS, **words}
    with pytest.raises(UsageError, match=what):
        ladder(case, options.pop("direction", "relief"), file, **options)

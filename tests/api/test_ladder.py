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
from finnet.cli._steps import steps_drawn
from finnet.errors import UsageError
from finnet.report.answer import Answer
from finnet.report.render import to_json


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
    assert [row["how"] for row in answer.rows] == ["taken", "withdrawn", "withdrawn", "withdrawn"]
    # At the end all is lifted: re-imposing a alone regains nothing, for b carries it all.
    assert [row["snap_back"] for row in answer.rows] == [Decimal(3), Decimal(0), Decimal(0), Decimal(6)]
    assert [row["leverage_kept"] for row in answer.rows] == pytest.approx([16 / 19, 6 / 19, 6 / 19, 0])


def test_a_measure_that_nobody_who_enforces_can_take_is_named(asked: tuple[api.Case, str]) -> None:
    case, file = asked
    answer = ladder(case, "pressure", file, steps=1, without="US", **ENDS)
    assert any(note == "without effect, since nobody who enforces can take them: b" for note in answer.notes)
    assert [row["measure"] for row in answer.rows] == ["c"]


def assumed(folder: Path, **days: float) -> Path:
    """A file of assumptions: half of what is severed comes back through a new shell, after so many days by role."""
    file = folder / "rewiring.toml"
    share = days.pop("share", 0.5)
    said = [f'[[parameter]]\nname = "{name}"\nvalue = {value}' for name, value in (
        ("capacity_share", share), ("new_shell_share", 1.0), ("runs", 2),
    )]  # fmt: skip
    said += [f'[[role]]\nname = "{word}"\nwords = ["{word}"]\ndays = {time}' for word, time in days.items()]
    file.write_text("\n".join([*said, '[[role]]\nname = "all"\ndays = 1e-9']), encoding="utf-8")
    return file


@pytest.mark.parametrize("direction", ["pressure", "relief"])
def test_a_horizon_of_no_days_is_the_ladder_of_the_moment(asked: tuple[api.Case, str], direction: str) -> None:
    case, file = asked
    plain, zero = ladder(case, direction, file, **ENDS), ladder(case, direction, file, horizon="0d", **ENDS)
    assert to_json(plain) == to_json(zero)
    assert [row["at_once"] for row in plain.rows] == [row["value"] for row in plain.rows]
    assert "horizon" not in plain.summary


@pytest.mark.parametrize("words", [{}, {"without": "US"}, {"steps": 2}])
@pytest.mark.parametrize("direction", ["pressure", "relief"])
def test_who_is_never_replaced_makes_the_ladder_of_the_moment(
    asked: tuple[api.Case, str], tmp_path: Path, direction: str, words: dict[str, Any]
) -> None:
    case, file = asked
    never = assumed(tmp_path, invented=1e15)
    plain = ladder(case, direction, file, **ENDS, **words)
    lasting = ladder(case, direction, file, horizon="180d", rewiring=never, **ENDS, **words)
    assert lasting.rows == plain.rows


def test_who_is_replaced_at_once_and_in_full_gives_no_lasting_leverage(
    asked: tuple[api.Case, str], tmp_path: Path
) -> None:
    """Only what is in force already holds: it has been adapted to, and lifting it gives all of it away."""
    case, file = asked
    words: dict[str, Any] = {"horizon": "180d", "rewiring": assumed(tmp_path, share=1.0), **ENDS}
    pressure, relief = ladder(case, "pressure", file, **words), ladder(case, "relief", file, **words)
    assert {row["value"] for row in pressure.rows} == {0}
    assert [row["at_once"] for row in pressure.rows if row["measure"] == "c"] == [Decimal(6)]
    assert {row["measure"]: row["value"] for row in relief.rows} == {"a": 0, "b": 0, "c": 0, "lift_d": 3}
    assert {row["snap_back"] for row in relief.rows} == {0}
    assert pressure.summary["exact"] is relief.summary["exact"] is False
    assert "nothing is proved" in pressure.summary["says"]


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[api.Case, str, Path]]:
    """Through the bank 10, through the shell 16, through a listed house 6."""
    folder = tmp_path_factory.mktemp("lasting")
    ways = {"bank": 10, "shell": 16, "house": 6}
    payments = [
        leg for one, amount in ways.items() for leg in (("seed", one, amount, "USD"), (one, "exit", amount, "USD"))
    ]
    path = make_case(
        folder, parties=dict.fromkeys(("seed", "exit", *ways), "cn"), payments=payments,
        listed={"house": ("OFAC", "INVENTED-1")},
    )  # fmt: skip
    levers = [f'[[lever]]\nid = "{one}"\nkind = "designate"\nwho = "id:{one}"' for one in ("bank", "shell")]
    levers.append('[[lever]]\nid = "lift"\nkind = "relieve"\nprogram = "invented-1"')
    (folder / "levers.toml").write_text("\n".join(levers), encoding="utf-8")
    with api.open_case(path) as case:
        yield case, str(folder / "levers.toml"), assumed(folder, bank=1e15)


def test_over_a_horizon_the_bank_that_nobody_replaces_comes_before_the_larger_shell(
    lasting: tuple[api.Case, str, Path],
) -> None:
    """Half of the shell's 16 is back within moments, by a new shell; nobody takes over from the bank. The house was
    listed before and does not come back: 26 of 32 flow at first, 16 without the bank, 8 without both."""
    case, file, rewiring = lasting
    plain = ladder(case, "pressure", file, **ENDS)
    assert shown(plain) == [("shell", 16, 16, 16), ("bank", 10, 26, 10)]
    answer = ladder(case, "pressure", file, horizon="180d", rewiring=rewiring, **ENDS)
    assert shown(answer) == [("bank", 10, 10, 10), ("shell", 8, 18, 8)]
    assert [(row["at_once"], row["remaining"]) for row in answer.rows] == [(10, 16), (16, 8)]
    # 32 - 26 are held by what is in force, 32 - 8 with the whole package: 16 of 24 after the first step.
    assert [row["leverage_kept"] for row in answer.rows] == pytest.approx([16 / 24, 1])
    # On the way 16 and 8 are left, in the order that is best at once 18 and 8.
    summary = answer.summary
    assert (summary["left_on_the_way"], summary["best_at_once"]) == (
        Decimal(12), {"order": ["shell", "bank"], "left_on_the_way": Decimal(13)},
    )  # fmt: skip
    # With all of the capacity the shell counts for nothing: 16 and 16 are left, or 26 and 16.
    assert summary["on_the_way_if"]["all the capacity"] == {"this_order": Decimal(16), "best_at_once": Decimal(21)}


def test_relief_frees_at_once_and_snap_back_regains_what_lasts(lasting: tuple[api.Case, str, Path]) -> None:
    """The listed house is freed with all of its 6; listed again it finds a new shell for half of them, as the shell
    does for half of its 16. So 8 are left while all is in force, then 14, 22, 32."""
    case, file, rewiring = lasting
    answer = ladder(case, "relief", file, horizon="180d", rewiring=rewiring, **ENDS)
    assert shown(answer) == [("lift", 6, 6, 3), ("shell", 8, 14, 8), ("bank", 10, 24, 10)]
    assert [row["at_once"] for row in answer.rows] == [6, 16, 10]
    assert [row["leverage_kept"] for row in answer.rows] == pytest.approx([18 / 24, 10 / 24, 0])
    # Already after one step: what is listed again is acted on while the rest of the package holds.
    assert shown(ladder(case, "relief", file, steps=1, horizon="180d", rewiring=rewiring, **ENDS)) == [
        ("lift", 6, 6, 3)
    ]


def test_the_steps_are_drawn_with_what_comes_back(lasting: tuple[api.Case, str, Path]) -> None:
    case, file, rewiring = lasting
    drawn = steps_drawn(ladder(case, "pressure", file, horizon="180d", rewiring=rewiring, **ENDS))
    assert drawn is not None
    # 36 blocks stand for 32: 26 are 29; 16, all of it at once, 18; 8, all of it come back, 9.
    assert drawn.plain.splitlines() == [
        "what is left, on average over 180d (█ at once, ░ what comes back)",
        f"before the first step  {'█' * 29} 26.00",
        f"1 bank                 {'█' * 18} 16.00",
        f"2 shell                {'░' * 9} 8.00",
        "full length 32.00 USD",
    ]
    plain = steps_drawn(ladder(case, "relief", file, **ENDS))
    assert plain is not None
    assert [line.count("█") for line in plain.plain.splitlines()[1:-1]] == [0, 7, 18, 36]


def test_names_of_measures_are_drawn_as_text_and_nothing_is_drawn_without_steps() -> None:
    said = {"direction": "relief", "before": 1, "with_nothing_in_force": 2, "unit": "pairs"}
    row = {"step": 1, "measure": "\x1b[31m" + "x" * 40, "remaining": 2, "at_once": 1}
    drawn = steps_drawn(Answer(command="ladder", columns=(), rows=[row], summary=said))
    assert drawn is not None
    assert "\x1b" not in drawn.plain
    assert max(len(line) for line in drawn.plain.splitlines()) <= 80
    assert steps_drawn(Answer(command="ladder", columns=(), rows=[], summary=said)) is None


def test_who_takes_over_may_carry_more_than_was_severed(tmp_path: Path) -> None:
    """Through a run 10 (it can send on no more), through b 1 (it receives no more). Once a's relations are b's, b
    receives 1 + 50 and could send on 100 + 5: 51 flow, where 11 did."""
    payments = [("seed", "a", 100, "USD"), ("a", "exit", 10, "USD"), ("seed", "b", 1, "USD"), ("b", "exit", 100, "USD")]
    path = make_case(tmp_path, parties=dict.fromkeys(("seed", "exit", "a", "b"), "cn"), payments=payments)
    (tmp_path / "levers.toml").write_text('[[lever]]\nid = "a"\nkind = "designate"\nwho = "id:a"', encoding="utf-8")
    rewiring = tmp_path / "rewiring.toml"
    rewiring.write_text(
        '[[parameter]]\nname = "capacity_share"\nvalue = 0.5\n[[parameter]]\nname = "new_shell_share"\nvalue = 0.0\n'
        '[[role]]\nname = "all"\ndays = 1e-9', encoding="utf-8",
    )  # fmt: skip
    with api.open_case(path) as case:
        words: dict[str, Any] = {"horizon": "180d", "rewiring": rewiring, **ENDS}
        [row] = (answer := ladder(case, "pressure", str(tmp_path / "levers.toml"), **words)).rows
        assert (row["value"], row["at_once"], row["leverage_kept"]) == (11 - 51, 10, None)
        assert any(note.startswith("with a taken more is left on average than without") for note in answer.notes)
        [row] = ladder(case, "relief", str(tmp_path / "levers.toml"), **words).rows
        assert (row["value"], row["at_once"]) == (11 - 51, 10)


def test_a_file_of_relief_alone_leaves_nothing_to_take_and_ends_that_match_nobody_are_named(
    lasting: tuple[api.Case, str, Path], tmp_path: Path
) -> None:
    case, _, _ = lasting
    file = tmp_path / "relief.toml"
    file.write_text('[[lever]]\nid = "lift"\nkind = "relieve"\nprogram = "invented-1"', encoding="utf-8")
    answer = ladder(case, "pressure", str(file), horizon="180d", **ENDS)
    assert (list(answer.rows), answer.summary["left_on_the_way"]) == ([], None)
    assert "all measures of the file give relief: there is nothing to take" in answer.notes
    file.write_text('[[lever]]\nid = "other"\nkind = "relieve"\nprogram = "invented-2"', encoding="utf-8")
    nobody = ladder(case, "relief", str(file), from_="id:nobody", to="id:exit")
    assert "other: nobody in force is listed under this and nothing else, so it frees nobody" in nobody.notes
    assert "--from id:nobody: nobody whom it matches is in this graph" in nobody.notes


def test_the_same_steps_over_time_give_the_same_bytes(asked: tuple[api.Case, str]) -> None:
    case, file = asked
    one, other = (ladder(case, "relief", file, horizon="26w", seed=3, **ENDS) for _ in range(2))
    assert to_json(one) == to_json(other)


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ({"direction": "sideways"}, "no direction"),
        ({"steps": 0}, "1 or more"),
        ({"to": "id:seed,id:exit"}, "'seed' is both in --from and in --to"),
        ({"to": None, "objective": "flow"}, "needs --to"),
        ({"objective": "pairs"}, "takes no --from"),
        ({"horizon": "soon"}, "number of days"),
        ({"rewiring": "mine.toml"}, "there is no horizon"),
        ({"objective": "largest_component", "from_": None, "to": None, "horizon": "90d"}, "order of removals"),
    ],
)
def test_what_cannot_be_answered_is_refused(asked: tuple[api.Case, str], words: dict[str, Any], what: str) -> None:
    case, file = asked
    options = {**ENDS, **words}
    with pytest.raises(UsageError, match=what):
        ladder(case, options.pop("direction", "relief"), file, **options)

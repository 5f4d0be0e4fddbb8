"""The verb choke over a horizon, in many worlds, and without each dataset: what each says, and what none."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from finnet import api
from finnet.api.interdict import choke
from finnet.cli._course import course_over_time
from finnet.cli._progress import progress_shown
from finnet.errors import UnknownNameError, UsageError
from finnet.graph.evidence import stated_by
from finnet.graph.network import Network
from finnet.progress import watched
from finnet.report.answer import Answer
from finnet.report.render import to_csv, to_json

# Ways from seed to exit by a (10) and b (4) that a good register states; of the way by c (20) an E-graded leak has the
# last leg.
REGISTER = [("seed", "a", 10), ("a", "exit", 10), ("seed", "b", 4), ("b", "exit", 4), ("seed", "c", 20)]
LEAK = [("c", "exit", 20)]
REMOVALS = {"objective": "largest_component", "from_": None, "to": None, "currency": None}
HOSTILE = "<script>alert(1)</script>\x1b[31m=HYPERLINK(1)"


def statements(payments: list[tuple[str, str, int]]) -> str:
    """FtM JSON lines."""
    names = sorted({name for payment in payments for name in payment[:2]})
    things = [
        {"id": name, "schema": "Company", "properties": {"name": [HOSTILE if name == "c" else f"Invented {name}"]}}
        for name in names
    ]
    paid = [
        {
            "id": f"{payer}-{payee}", "schema": "Payment",
            "properties": {"payer": [payer], "beneficiary": [payee], "amount": [str(amount)], "currency": ["USD"]},
        }
        for payer, payee, amount in payments
    ]  # fmt: skip
    return "\n".join(json.dumps(one) for one in [*things, *paid])


@pytest.fixture(scope="module")
def doubtful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[api.Case]:
    """A case of two datasets."""
    folder = tmp_path_factory.mktemp("doubtful")
    for dataset, grade, payments in (("register", "A1", REGISTER), ("leak", "E1", LEAK)):
        file = folder / f"{dataset}.ftm.json"
        file.write_text(statements(payments), encoding="utf-8")
        api.ingest([str(file)], case=folder / "case.finnet", as_="ftm", dataset=dataset, grade=grade)
    with api.open_case(folder / "case.finnet") as case:
        yield case


def question(case: api.Case, **more: Any) -> Answer:
    return choke(case, **{"from_": "id:seed", "to": "id:exit", "currency": "USD", "budget": 1, **more})


def test_each_edge_has_the_datasets_that_state_it_with_their_grades(doubtful: api.Case) -> None:
    network = doubtful.network("payments")
    said = stated_by(doubtful, network)
    stated = {
        (network.ids[tail], network.ids[head]): one
        for tail, head, one in zip(network.source, network.target, said, strict=True)
    }
    assert stated.pop(("c", "exit")) == (("leak", "E1"),)
    assert set(stated.values()) == {(("register", "A1"),)}


def test_without_horizon_and_worlds_nothing_is_said_of_either(doubtful: api.Case) -> None:
    plain, zero = question(doubtful), question(doubtful, horizon="0d", worlds=0)
    assert (to_json(plain), to_csv(plain)) == (to_json(zero), to_csv(zero))
    [row] = plain.rows
    assert (row["id"], row["lasting"], row["chosen_in"]) == ("c", row["bite"], None)
    assert not {"lasting", "worlds", "ablation"} & set(plain.summary)


def test_a_finding_that_rests_on_one_doubtful_source_is_chosen_in_few_worlds(doubtful: api.Case) -> None:
    """The link of the leak is there in 5 % of the worlds (E is 0, kept at least at .05), the other leg in 99 %: 0.0495.
    400 worlds: a standard error of 0.011. Elsewhere a is the best one."""
    answer = question(doubtful, worlds=400)
    [row] = answer.rows
    assert row["id"] == "c"
    assert row["chosen_in"] == pytest.approx(0.0495, abs=0.035)
    assert answer.summary["worlds"]["robust"] == []
    assert list(answer.summary["worlds"]["others_chosen_in"]) == ["a"]
    assert "under assumed grades" in answer.summary["worlds"]["says"]


def test_where_grades_are_certain_what_is_chosen_is_chosen_everywhere(doubtful: api.Case, tmp_path: Path) -> None:
    certain = tmp_path / "certain.toml"
    ladder = (
        "[reliability]\nA=1\nB=1\nC=1\nD=1\nE=1\nF=1\n[credibility]\n1=1\n2=1\n3=1\n4=1\n5=1\n6=1\n"
        "[limits]\nleast=0\nmost=1\n[missing]\nper_false_link=1\n"
    )
    certain.write_text(ladder, encoding="utf-8")
    answer = question(doubtful, worlds=10, grades=certain)
    assert [row["chosen_in"] for row in answer.rows] == [1.0]
    assert answer.summary["worlds"]["jaccard"] == 1


def test_leaving_out_a_dataset_names_what_rests_on_it(doubtful: api.Case) -> None:
    """Without the leak c leads nowhere and a is the best one; without the register nothing flows at all."""
    answer = question(doubtful, ablate=True)
    assert answer.summary["rests_on_one_dataset"] == {"c": ["leak", "register"]}
    found = {row["dataset"]: (row["links"], row["before"], row["best"]) for row in answer.summary["ablation"]}
    assert found == {"leak": (1, 14, ["a"]), "register": (5, 0, [])}
    assert "findings that rest on one dataset: c on leak, register" in answer.notes


def test_over_a_horizon_what_lasts_stands_beside_what_bites_at_once(doubtful: api.Case) -> None:
    answer = question(doubtful, horizon="180d")
    summary = answer.summary
    assert (summary["horizon"], summary["bound"], summary["gap"], summary["optimal"]) == ("180d", None, None, False)
    assert summary["instant"]["chosen"] == ["c"]
    assert summary["lasting"]["bite"] == answer.rows[0]["lasting"] < answer.rows[0]["bite"]
    varied = summary["lasting_if"]
    assert varied["delays halved"]["bite"] <= summary["lasting"]["bite"] <= varied["delays doubled"]["bite"]
    assert varied["all the capacity"]["bite"] <= summary["lasting"]["bite"] <= varied["half the capacity"]["bite"]
    points = summary["over_time"]
    assert (points[0]["day"], points[-1]["day"], len(points)) == (0, 180, 61)
    assert points[0]["left"] == summary["after"]
    assert all(point["low"] <= point["high"] for point in points)
    assert course_over_time(question(doubtful)) is None
    drawn = course_over_time(answer)
    assert drawn is not None
    assert "\x1b" not in drawn.plain


def test_over_a_horizon_of_certain_replacement_never_is_as_at_once(doubtful: api.Case, tmp_path: Path) -> None:
    """A delay of a billion days is no replacement within 180."""
    never = tmp_path / "never.toml"
    never.write_text('[[role]]\nname = "all"\ndays = 1e12', encoding="utf-8")
    [row] = question(doubtful, horizon="180d", rewiring=never).rows
    assert row["lasting"] == row["bite"] == 20


def test_where_the_network_comes_back_stronger_no_set_is_best() -> None:
    """Through a run 10 though it receives 100; once b has its relations, 81 run where 11 did (see test_adaptation)."""
    network = Network.of(("s", "a", 100), ("a", "t", 10), ("s", "b", 1), ("b", "t", 100), unit="EUR")
    answer = choke(network, from_="s", to="t", candidates="a", budget=1, horizon="180d")
    assert list(answer.rows) == []
    assert answer.summary["instant"]["chosen"] == ["a"]
    assert float(answer.summary["instant"]["lasting"]) < 0
    assert any(note.startswith("no set bites over 180 days") for note in answer.notes)


def test_the_same_question_gives_the_same_bytes(doubtful: api.Case) -> None:
    one, other = (question(doubtful, horizon="26w", worlds=20, ablate=True) for _ in range(2))
    assert to_json(one) == to_json(other)


@pytest.mark.parametrize(("words", "what"), [
    ({"horizon": "soon"}, "number of days"),
    ({"horizon": "-3d"}, "number of days"),
    ({"horizon": "200y"}, "hundred years"),
    ({"rewiring": "mine.toml"}, "there is no horizon"),
    ({"grades": "mine.toml"}, "there are no worlds"),
    ({"worlds": -1}, "from 0 to"),
    ({"horizon": "180d", "curve": True}, "too much"),
    ({"worlds": 5, "curve": True}, "too much"),
    ({"ablate": True, "curve": True}, "too much"),
    ({"horizon": "180d", **REMOVALS}, "order of removals"),
    ({"worlds": 5, **REMOVALS}, "order of removals"),
])  # fmt: skip
def test_what_cannot_be_followed_is_refused(doubtful: api.Case, words: dict[str, Any], what: str) -> None:
    with pytest.raises(UsageError, match=what):
        question(doubtful, **words)


def test_a_file_of_assumptions_that_is_not_there_is_named(doubtful: api.Case, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match=r"none\.toml"):
        question(doubtful, horizon="180d", rewiring=tmp_path / "none.toml")


def test_a_network_from_a_file_has_its_grades_in_a_column() -> None:
    network = Network.build(
        source=["s", "a", "s", "b"], target=["a", "t", "b", "t"], weight=[9.0, 9.0, 5.0, 5.0], unit="EUR",
        edges={"Grade": ["A1", "E5", "A1", "A1"]},
    )  # fmt: skip
    strange = replace(network, edges={"Grade": ["A1", "Z9", "", "A1"]})
    notes = choke(strange, from_="s", to="t", budget=1, worlds=2).notes
    assert "1 links have a grade that is none ('Z9'): they count as F6" in notes
    [row] = choke(network, from_="s", to="t", budget=1, worlds=300).rows
    assert (row["id"], row["chosen_in"] < 0.15) == ("a", True)
    with pytest.raises(UsageError, match="--ablate drops datasets of a case"):
        choke(network, from_="s", to="t", ablate=True)


def test_countries_that_enforce_are_asked_over_time_and_in_doubt_too() -> None:
    """a and b are in force; the US stand at the larger way. Both ways come back by c, which nobody acts against."""
    network = Network.build(
        source=["s", "a", "s", "b", "s", "c"], target=["a", "t", "b", "t", "c", "t"], weight=[9.0, 9, 5, 5, 1, 1],
        unit="EUR",
        vertices={"country": ["us", "cn", "sg", "kp", "kp"], "schema": ["Company"] * 5},
        edges={"grade": ["B2"] * 6},
    )  # fmt: skip
    answer = choke(
        network, from_="s", to="t", by="jurisdiction", in_force="id:a,id:b", budget=1, horizon="180d", worlds=20
    )
    [row] = answer.rows
    assert row["id"] == "US"
    assert row["lasting"] < row["bite"]
    assert 0 < row["chosen_in"] < 1
    assert answer.summary["lasting"]["closed_form"] is None
    assert answer.summary["took_over"] == {}


def test_measures_are_asked_in_doubt_and_over_time_too(doubtful: api.Case, tmp_path: Path) -> None:
    """The way by c hangs on a leg graded E1, there in 5 % of the worlds: to list c is chosen as rarely."""
    file = tmp_path / "levers.toml"
    file.write_text(
        "\n".join(f'[[lever]]\nid = "list_{one}"\nkind = "designate"\nwho = "id:{one}"' for one in "abc"),
        encoding="utf-8",
    )
    words = {"by": "lever", "levers": str(file)}
    [row] = question(doubtful, worlds=400, **words).rows
    assert (row["id"], row["chosen_in"]) == ("list_c", pytest.approx(0.0495, abs=0.035))
    both = question(doubtful, worlds=40, horizon="180d", **words)
    assert both.rows[0]["lasting"] < both.rows[0]["bite"]
    assert 0 <= both.rows[0]["chosen_in"] < 0.2
    assert to_json(both) == to_json(question(doubtful, worlds=40, horizon="180d", **words))


def test_who_holds_what_is_in_doubt_as_its_grade_says(tmp_path: Path) -> None:
    """A register graded B2 says twice that 25 % of a are held: each is true with 0.5625, both with 0.316. The payments
    are graded A1 (0.99); 400 worlds, a standard error of 0.023. The pair takes 10, else b's 4 are the most."""
    payments = [("seed", "a", 10), ("a", "exit", 10), ("seed", "b", 4), ("b", "exit", 4), ("h", "i", 1)]
    held = [
        {
            "id": f"own-{owner}", "schema": "Ownership",
            "properties": {"owner": [owner], "asset": ["a"], "percentage": ["25"]},
        }
        for owner in "hi"
    ]  # fmt: skip
    files = {"bank": ("A1", statements(payments)), "register": ("B2", "\n".join(json.dumps(one) for one in held))}
    for dataset, (grade, text) in files.items():
        file = tmp_path / f"{dataset}.ftm.json"
        file.write_text(text, encoding="utf-8")
        api.ingest([str(file)], case=tmp_path / "case.finnet", as_="ftm", dataset=dataset, grade=grade)
    with api.open_case(tmp_path / "case.finnet") as case:
        answer = question(case, regime="ofac", budget=2, exclude="id:a", worlds=400)
        chosen_in = {row["id"]: row["chosen_in"] for row in answer.rows}
        assert chosen_in == {"h": pytest.approx(0.316, abs=0.07), "i": chosen_in["h"]}
        assert answer.summary["worlds"]["holdings_kept"] == pytest.approx(0.5625, abs=0.06)
        assert "holdings_kept" not in question(case, worlds=2).summary["worlds"]


class Watching(io.StringIO):
    """A stream that says whether somebody watches."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize(("terminal", "lines"), [(True, 0), (False, 3)])
def test_progress_says_how_long_it_may_still_take(*, terminal: bool, lines: int) -> None:
    """100 steps of one second: on a terminal a line that moves, elsewhere a line each half minute."""
    stream, seconds = Watching(terminal=terminal), iter(range(1_000))
    with progress_shown(quiet=False, stream=stream, clock=lambda: float(next(seconds))):
        assert list(watched(range(100), "worlds")) == list(range(100))
    said = stream.getvalue()
    assert said.count("\n") == lines
    assert "31 of 100 worlds, about 69 s left" in said
    assert said.endswith("\r") is terminal


def test_progress_is_silent_for_what_is_over_soon_and_when_asked_to() -> None:
    for quiet in (False, True):
        stream = Watching(terminal=True)
        with progress_shown(quiet=quiet, stream=stream, clock=lambda: 0.0):
            list(watched(range(100), "worlds"))
        assert stream.getvalue() == ""


def test_what_is_asked_for_besides_is_shown(doubtful: api.Case) -> None:
    shown = question(doubtful, horizon="180d", worlds=2).shown
    assert shown == ("rank", "caption", "country", "bite", "bite_share", "lasting", "chosen_in", "remaining")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are told otherwise there")
def test_an_interrupt_leaves_no_half_answer(tmp_path: Path) -> None:
    """Ctrl-C within a hundred thousand worlds: exit 130 and nothing on stdout."""
    lines = [f"s{n % 5},a{n % 40},{n + 1}" for n in range(200)] + [f"a{n % 40},t{n % 5},{n + 1}" for n in range(200)]
    (tmp_path / "edges.csv").write_text("\n".join(["Source,Target,Weight", *lines]), encoding="utf-8")
    words = ["choke", "--network", str(tmp_path / "edges.csv"), "--from", "s0", "--to", "t0", "--worlds", "100000"]
    running = subprocess.Popen(
        [sys.executable, "-m", "finnet", *words, "-k", "2", "-o", str(tmp_path / "answer.json")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path,
    )  # fmt: skip
    with pytest.raises(subprocess.TimeoutExpired):
        running.wait(timeout=4)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert (running.returncode, out) == (130, b"")
    assert b"interrupted" in err
    assert not (tmp_path / "answer.json").exists()

"""A dataset that is there already: newer and older lists, parts of a table, the same again."""

from __future__ import annotations

import pytest
from invented_lists import FILE, entity, incoming, small_list, store

from finnet.errors import UsageError
from finnet.model.statement import Counted
from finnet.store.case import Case
from finnet.store.ingest import ingest


@pytest.fixture
def case(tmp_path):
    return tmp_path / "c.finnet"


def one(number: int) -> list:
    return [entity(1, f"Invented {number}"), Counted(file=FILE, records=1)]


def captions(case) -> list[str]:
    with Case.open(case) as opened:
        return [row["caption"] for row in opened.rows("select caption from v1_entity order by caption")]


def test_an_older_list_stands_beside_the_newer_and_does_not_count(case, tmp_path):
    store(case, tmp_path, one(2020), text="2020", list_date="2020-05-01")
    older = store(case, tmp_path, one(2019), text="2019", list_date="2019-12")
    assert (older.status, older.ingest.status) == ("older", "active")
    assert captions(case) == ["Invented 2020"]
    with Case.open(case) as opened:
        assert [(entry.list_date, entry.status) for entry in opened.manifest.ingests] == [
            ("2020-05-01", "active"),
            ("2019-12", "replaced"),
        ]
    assert store(case, tmp_path, one(2019), text="2019", list_date="2019-12").status == "unchanged"
    assert store(case, tmp_path, one(2021), text="2021", list_date="2021").status == "replaced"
    assert captions(case) == ["Invented 2021"]


@pytest.mark.parametrize("dates", [("2020-05-01", "2020"), (None, "2019"), ("2019", None)])
def test_a_list_that_is_not_surely_older_replaces(case, tmp_path, dates):
    store(case, tmp_path, one(1), text="first", list_date=dates[0])
    assert store(case, tmp_path, one(2), text="second", list_date=dates[1]).status == "replaced"
    assert captions(case) == ["Invented 2"]


def test_an_older_list_replaces_if_asked_to(case, tmp_path):
    store(case, tmp_path, one(2020), text="2020", list_date="2020")
    assert store(case, tmp_path, one(2019), text="2019", list_date="2019", replace_=True).status == "replaced"
    assert captions(case) == ["Invented 2019"]


def test_a_list_that_was_replaced_can_come_back(case, tmp_path):
    store(case, tmp_path, one(1), text="first")
    store(case, tmp_path, one(2), text="second")
    assert store(case, tmp_path, one(1), text="first").status == "replaced"
    assert captions(case) == ["Invented 1"]


def test_the_same_bytes_under_another_name_are_the_same_list(case, tmp_path):
    store(case, tmp_path, one(1), text="same")
    assert store(case, tmp_path, one(1), text="same", name="list (1).txt").status == "unchanged"


def test_another_grade_is_another_reading(case, tmp_path):
    from dataclasses import replace

    made = incoming(tmp_path, one(1), text="same")
    ingest(case, [made])
    (again,) = ingest(case, [replace(incoming(tmp_path, one(1), text="same"), grade="C3")])
    assert again.status == "replaced"
    with Case.open(case) as opened:
        assert opened.rows("select reliability, credibility from v1_entity") == [
            {"reliability": "C", "credibility": "3"}
        ]


def parts(tmp_path, *numbers: int) -> list:
    return [
        incoming(tmp_path, one(n), text=f"part {n}", name=f"{n}.txt", is_list=False, dataset="table") for n in numbers
    ]


def test_parts_of_a_table_in_one_call_stand_together(case, tmp_path):
    assert [outcome.status for outcome in ingest(case, parts(tmp_path, 1, 2, 3))] == ["loaded"] * 3
    assert captions(case) == ["Invented 1", "Invented 2", "Invented 3"]
    with Case.open(case) as opened:  # e1 three times over is one party
        assert opened.select("dataset:table") == ("e1",)


def test_replacing_a_table_keeps_the_parts_that_are_named_again(case, tmp_path):
    ingest(case, parts(tmp_path, 1, 2))
    with pytest.raises(UsageError, match="--append or --replace"):
        ingest(case, parts(tmp_path, 2, 3))
    outcomes = ingest(case, parts(tmp_path, 2, 3), replace_=True)
    assert [outcome.status for outcome in outcomes] == ["unchanged", "replaced"]
    assert captions(case) == ["Invented 2", "Invented 3"]


def test_if_one_of_several_fails_none_is_stored(case, tmp_path):
    store(case, tmp_path, small_list())
    before = (case / "case.json").read_bytes()
    bad = incoming(tmp_path, [entity(1), Counted(file=FILE, records=2)], text="bad", name="bad.txt", dataset="bad")
    with pytest.raises(Exception, match="did not account for each"):
        ingest(case, [*parts(tmp_path, 1), bad])
    assert (case / "case.json").read_bytes() == before
    assert sorted({path.name.split("-")[0] for path in (case / "data").iterdir()}) == ["small"]

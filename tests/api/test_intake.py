"""ingest, info, rejects, sniff: folders, samples, several files of one dataset, options that exclude each other."""

from __future__ import annotations

import json

import pytest

import finnet
from finnet.errors import UnknownNameError, UsageError

MAPPING = """
kind = "payments"
dataset = "statements"
[columns]
payer = "from"
beneficiary = "to"
amount = "value"
date = "booked"
[defaults]
currency = "EUR"
[formats]
date = "%Y-%m-%d"
"""


@pytest.fixture
def case(tmp_path):
    return tmp_path / "c.finnet"


@pytest.fixture
def mapping(tmp_path):
    path = tmp_path / "statements.toml"
    path.write_text(MAPPING)
    return path


@pytest.fixture
def months(tmp_path):
    folder = tmp_path / "months"
    folder.mkdir()
    for month in ("02", "01"):
        (folder / f"2019-{month}.csv").write_text(f"from,to,value,booked\na,b,1.00,2019-{month}-05\n")
    (folder / ".hidden").write_text("not read")
    return folder


def test_a_folder_is_its_files_in_order_and_parts_of_one_dataset(case, months, mapping):
    answer = finnet.ingest([months], case=case, mapping=mapping)
    assert [(row["file"], row["status"], row["payments"]) for row in answer.rows] == [
        ("2019-01.csv", "loaded", 1),
        ("2019-02.csv", "loaded", 1),
    ]
    with finnet.open_case(case) as opened:
        (row,) = finnet.info(opened).rows
    assert {name: row[name] for name in ("dataset", "payments", "first", "last")} == {
        "dataset": "statements",
        "payments": 2,
        "first": "2019-01-05",
        "last": "2019-02-05",
    }
    assert [row["status"] for row in finnet.ingest([months], case=case, mapping=mapping).rows] == ["unchanged"] * 2


def test_a_new_month_is_appended_and_the_old_ones_are_unchanged(case, months, mapping):
    finnet.ingest([months], case=case, mapping=mapping)
    (months / "2019-03.csv").write_text("from,to,value,booked\na,b,1.00,2019-03-05\n")
    with pytest.raises(UsageError, match="--append or --replace"):
        finnet.ingest([months], case=case, mapping=mapping)
    answer = finnet.ingest([months], case=case, mapping=mapping, append=True)
    assert [row["status"] for row in answer.rows] == ["unchanged", "unchanged", "appended"]


def test_a_part_that_changed_replaces_the_whole_it_was_read_with(case, months, mapping):
    finnet.ingest([months], case=case, mapping=mapping)
    (months / "2019-02.csv").write_text("from,to,value,booked\na,b,9.00,2019-02-05\n")
    answer = finnet.ingest([months], case=case, mapping=mapping, replace=True)
    assert [row["status"] for row in answer.rows] == ["replaced", "replaced"]
    with finnet.open_case(case) as opened:
        (total,) = opened.rows("select sum(amount)::varchar as total from v1_payment")
    assert total == {"total": "10.0000"}  # 1.00 of January and the new 9.00


def test_a_copy_of_a_statement_is_counted_once(case, months, mapping):
    (months / "2019-01 (1).csv").write_bytes((months / "2019-01.csv").read_bytes())
    answer = finnet.ingest([months], case=case, mapping=mapping)
    assert answer.summary["payments"] == 2
    assert "2019-01.csv: the same bytes as 2019-01 (1).csv, counted once" in answer.notes


def test_rejects_of_an_unchanged_file_ask_for_the_same_exit_code(case, tmp_path, mapping):
    path = tmp_path / "bad.csv"
    path.write_text("from,to,value,booked\na,b,1.00,2019-01-05\na,b,many,2019-01-05\n")
    first = finnet.ingest([path], case=case, mapping=mapping)
    again = finnet.ingest([path], case=case, mapping=mapping)
    assert (first.outcome, again.outcome, again.rows[0]["status"]) == (3, 3, "unchanged")
    assert first.summary["rejected"] == again.summary["rejected"] == 1


def test_a_dry_run_makes_no_case(case, months, mapping):
    answer = finnet.ingest([months], case=case, mapping=mapping, dry_run=True)
    assert {row["status"] for row in answer.rows} == {"dry_run"}
    assert answer.summary["loaded"] == 2
    assert not case.exists()


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"append": True, "replace": True}, "exclude each other"),
        ({"grade": "G7"}, "should be a letter A to F"),
        ({"mapping": "no_such_mapping"}, "there is no such file; these ship"),
        ({"as_": "tabel"}, "did you mean 'table'"),
    ],
)
def test_options_that_make_no_sense(case, months, mapping, options, complaint):
    with pytest.raises((UsageError, UnknownNameError), match=complaint):
        finnet.ingest([months], case=case, **{"mapping": mapping, **options})
    assert not case.exists()


@pytest.mark.parametrize("place", ["-", "/dev/stdin"])
def test_a_pipe_is_refused_with_what_to_do_since_its_records_could_not_be_cited(case, mapping, place):
    with pytest.raises(UsageError, match="write what comes through a pipe to a file first"):
        finnet.ingest([place], case=case, mapping=mapping)


def test_a_folder_is_told_from_a_file_that_is_not_there(tmp_path):
    with pytest.raises(UsageError, match="is a folder; name one of its files"):
        finnet.sniff(tmp_path)
    with pytest.raises(UsageError, match="there is no such file"):
        finnet.sniff(tmp_path / "none.csv")


def test_the_grade_said_goes_before_the_mapping(case, months, mapping):
    finnet.ingest([months], case=case, mapping=mapping, grade="e5")
    with finnet.open_case(case) as opened:
        rows = opened.rows("select distinct reliability, credibility from v1_payment")
        assert rows == [{"reliability": "E", "credibility": "5"}]
        assert finnet.info(opened).rows[0]["grade"] == "E5"


def test_an_older_list_is_told(case, tmp_path):
    def listed(day: str) -> str:
        return json.dumps({"id": "a", "schema": "Person", "properties": {"name": [f"Invented {day}"]}}) + "\n"

    for day in ("2020-01-01", "2019-01-01"):
        (tmp_path / f"{day}.ftm.json").write_text(listed(day))
    options = {"case": case, "as_": "ftm", "dataset": "register"}
    finnet.ingest([tmp_path / "2020-01-01.ftm.json"], retrieved_on="2020-01-01", **options)
    from finnet.api._inputs import SOURCES

    if not SOURCES["ftm"].IS_LIST:  # then a newer file needs a word
        with pytest.raises(UsageError, match="--append or --replace"):
            finnet.ingest([tmp_path / "2019-01-01.ftm.json"], retrieved_on="2019-01-01", **options)
        return
    answer = finnet.ingest([tmp_path / "2019-01-01.ftm.json"], retrieved_on="2019-01-01", **options)
    assert answer.rows[0]["status"] == "older"
    assert "register: the case has a newer list; this one is kept beside it and does not count" in answer.notes


def test_a_small_case_is_indexed_by_the_ingest(case, months, mapping):
    answer = finnet.ingest([months], case=case, mapping=mapping)
    assert (case / "index.sqlite").is_file()
    assert not any("the first look-up will make the index" in note for note in answer.notes)


def test_a_sample_is_a_source_like_any_other(case):
    first = finnet.ingest(["sample:cold_harbour"], case=case)
    assert {row["status"] for row in first.rows} == {"loaded"}
    assert first.summary["payments"] == 20_000
    assert {row["status"] for row in finnet.ingest(["sample:cold_harbour"], case=case).rows} == {"unchanged"}
    with finnet.open_case(case) as opened:
        (payment,) = opened.rows("select payment_id from v1_payment order by dataset, record limit 1")
        (row,) = finnet.source(opened, payment["payment_id"]).rows
    assert row["record"] == 1
    assert row["raw"]  # made anew from the sample, at the byte that the case names


def test_an_unknown_sample_is_told_with_those_there_are(case):
    with pytest.raises(UnknownNameError, match="cold_harbour"):
        finnet.ingest(["sample:cold_harbor"], case=case)


def test_payments_of_several_files_are_stored_by_file_and_record_in_one_data_file(tmp_path, months, mapping):
    # The brackets in the case's name are no pattern for files.
    case = tmp_path / "a[1].finnet"
    (months / "2019-01.csv").write_text("from,to,value,booked\nz,b,1.00,2019-01-09\nbad row\na,b,2.00,2019-01-05\n")
    finnet.ingest([months], case=case, mapping=mapping)
    [held] = case.glob("data/*-payments.parquet")
    assert held.name == "statements-0001-payments.parquet"
    with finnet.open_case(case) as opened:
        rows = opened.rows("select file, record, payer_id, dataset, reliability, credibility, basis from v1_payment")
    assert [tuple(row.values()) for row in rows] == [
        ("2019-01.csv", 1, "statements-z", "statements", "F", "6", "stated"),
        ("2019-01.csv", 3, "statements-a", "statements", "F", "6", "stated"),
        ("2019-02.csv", 1, "statements-a", "statements", "F", "6", "stated"),
    ]

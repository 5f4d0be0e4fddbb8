"""find, show, source, sql on an invented case with payments, aliases and a merge."""

from __future__ import annotations

import json

import pytest

import finnet
from finnet.errors import UnknownNameError, UsageError

FTM = [
    {"id": "x", "schema": "Company", "properties": {"name": ["Plainly Invented Trading"], "alias": ["PIT Ltd"]}},
    {"id": "y", "schema": "Person", "properties": {"name": ["이름 없음"], "alias": ["无名氏"]}},
    {"id": "z", "schema": "Company", "properties": {"name": ["Plainly Invented Holdings"], "jurisdiction": ["kp"]}},
    {"id": "o", "schema": "Ownership", "properties": {"owner": ["y"], "asset": ["x"], "percentage": ["100"]}},
    {"id": "d", "schema": "Directorship", "properties": {"director": ["y"], "organization": ["z"]}},
]
PAYMENTS = 'from,to,value,booked\n"x",z,"1,000.50",2019-01-05\nx,w,200.00,2019-02-05\nw,x,50.00,2019-03-05\n'
MAPPING = """
kind = "payments"
dataset = "money"
ids = "verbatim"
[columns]
payer = "from"
beneficiary = "to"
amount = "value"
date = "booked"
[defaults]
currency = "USD"
[formats]
date = "%Y-%m-%d"
thousands = ","
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("look")
    (folder / "register.ftm.json").write_text("".join(json.dumps(entity) + "\n" for entity in FTM))
    (folder / "money.csv").write_text(PAYMENTS)
    (folder / "money.toml").write_text(MAPPING)
    finnet.ingest([folder / "register.ftm.json"], case=folder / "c.finnet", dataset="register")
    finnet.ingest([folder / "money.csv"], mapping=folder / "money.toml", case=folder / "c.finnet")
    return folder


@pytest.fixture
def case(folder):
    with finnet.open_case(folder / "c.finnet") as opened:
        yield opened


def ids(answer) -> list[str]:
    return [row["id"] for row in answer.rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plainly invented", ["z", "x"]),
        ("pit", ["x"]),
        ("PLAINLY INVENTED TRADING", ["x"]),
        ("Planly Invnted Tradng", ["x"]),  # near spellings
        ("이름", ["y"]),
        ("名氏", ["y"]),  # inside a name without blanks
        ("x", ["x"]),
    ],
)
def test_find(case, text, expected):
    answer = finnet.find(case, text)
    assert set(ids(answer)) == set(expected)
    scores = [row["score"] for row in answer.rows]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


def test_find_says_when_it_was_cut_and_when_nobody_is_there(case):
    answer = finnet.find(case, "plainly invented", limit=1)
    assert (len(answer.rows), answer.truncated) == (1, True)
    nobody = finnet.find(case, "qqqqqqqq")
    assert (nobody.rows, nobody.truncated) == ([], False)
    assert nobody.notes == ("nobody is recorded under a name like 'qqqqqqqq'",)


def test_a_comma_in_a_name_makes_it_no_less_alike(tmp_path):
    path = tmp_path / "x.ftm.json"
    names = {"p": "KIM KYU", "q": "KIM, Kyu", "r": "KIMBERLEY, Kyu"}
    rows = [{"id": label, "schema": "Person", "properties": {"name": [name]}} for label, name in names.items()]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    finnet.ingest([path], case=tmp_path / "x.finnet")
    with finnet.open_case(tmp_path / "x.finnet") as opened:
        found = [(row["id"], row["score"]) for row in finnet.find(opened, "kim").rows]
    # One of one word stands in it; of 3 and 7 letters 3 agree: 2 * 3 / 10. Half of 1 and 0.6 is 0.8.
    assert found[:2] == [("p", 0.8), ("q", 0.8)]
    assert found[2][0] == "r"


def test_find_is_the_same_twice(case):
    assert finnet.find(case, "invented").rows == finnet.find(case, "invented").rows


def test_show_sums_payments_and_counts_everybody_on_the_other_end(case):
    answer = finnet.show(case, "x")
    told = {row["property"]: (row["value"], row["dataset"], row["record"]) for row in answer.rows}
    # 1,000.50 to z and 200.00 to w; the first of the two is record 1.
    assert told["payments out"] == (
        "USD 1,200.50 in 2 payments, 2 other parties, 2019-01-05 to 2019-02-05",
        "money",
        1,
    )
    assert told["payments in"][0] == "USD 50.00 in 1 payment, 1 other party, 2019-03-05 to 2019-03-05"
    assert told["link: ownership"] == ("← 이름 없음 [y] 100 %", "register", 4)
    assert answer.summary["degree"] == 3  # y owns it; z and w are paid
    assert answer.summary["caption"] == "Plainly Invented Trading"


def test_show_says_when_links_were_cut(case):
    answer = finnet.show(case, "y", limit=1)
    assert sum(row["property"].startswith("link: ") for row in answer.rows) == 1
    assert answer.truncated
    assert answer.notes == ("1 of 2 links are shown",)
    assert answer.summary["degree"] == 2  # counted in full all the same


@pytest.mark.parametrize(
    ("item", "record", "raw"),
    [
        ("o", 4, json.dumps(FTM[3])),
        ("z", 3, json.dumps(FTM[2])),
        ("PIT Ltd", 1, json.dumps(FTM[0])),
    ],
)
def test_source_reads_the_record_again(case, item, record, raw):
    found = {(row["record"], row["raw"]) for row in finnet.source(case, item).rows if row["dataset"] == "register"}
    assert found == {(record, raw)}


def test_source_of_a_payment_is_its_line(case):
    (payment,) = case.rows("select payment_id from v1_payment where record = 1")
    (row,) = finnet.source(case, payment["payment_id"]).rows
    assert (row["dataset"], row["file"], row["record"]) == ("money", "money.csv", 1)
    assert row["byte_offset"] == len("from,to,value,booked\n")
    assert row["raw"] == '"x",z,"1,000.50",2019-01-05'


def test_source_from_another_working_folder(case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert finnet.source(case, "o").rows[0]["raw"] == json.dumps(FTM[3])


def test_source_of_a_file_that_is_gone_says_so(tmp_path):
    path = tmp_path / "gone.ftm.json"
    path.write_text(json.dumps(FTM[0]) + "\n")
    finnet.ingest([path], case=tmp_path / "c.finnet")
    path.unlink()
    with finnet.open_case(tmp_path / "c.finnet") as case:
        answer = finnet.source(case, "x")
    assert answer.rows[0]["raw"] is None
    assert answer.notes == (f"{path}: the file is not where it was when it was read",)


def test_a_file_written_anew_with_the_same_bytes_is_the_same_file(tmp_path):
    path = tmp_path / "again.ftm.json"
    path.write_text(json.dumps(FTM[0]) + "\n")
    finnet.ingest([path], case=tmp_path / "c.finnet")
    path.unlink()
    path.write_text(json.dumps(FTM[0]) + "\n")
    with finnet.open_case(tmp_path / "c.finnet") as case:
        assert finnet.source(case, "x").rows[0]["raw"] == json.dumps(FTM[0])


def test_an_unknown_name_lists_the_nearest_with_their_ids(case):
    with pytest.raises(UnknownNameError, match=r"'Plainly Invented Trading' \(x\)"):
        finnet.show(case, "Plainly Inventd Trading")


def test_a_merge_is_one_party_in_every_look_up(folder, tmp_path):
    import shutil

    shutil.copytree(folder / "c.finnet", tmp_path / "m.finnet")
    (tmp_path / "m.finnet" / "decisions.jsonl").write_text(
        json.dumps({"do": "merge", "left": "z", "right": "x", "by": "analyst", "at": "2020-01-01"}) + "\n"
    )
    with finnet.open_case(tmp_path / "m.finnet") as case:
        assert ids(finnet.find(case, "plainly invented")) == ["x"]
        answer = finnet.show(case, "z")
        assert answer.summary["id"] == "x"
        assert {"PIT Ltd", "Plainly Invented Holdings", "z"} <= {row["value"] for row in answer.rows}
        assert finnet.show(case, "Plainly Invented Holdings").summary["id"] == "x"
        assert case.select("id:z") == ("x",)


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("select count(*) as n from v1_link", [{"n": 2}]),
        ("with v as (select 1 as one) select * from v", [{"one": 1}]),
        ("from v1_source select dataset order by 1", [{"dataset": "money"}, {"dataset": "register"}]),
        ("select 1 as a, 2 as a", [{"a": 1, "a_1": 2}]),
        ("select ';' as mark", [{"mark": ";"}]),
        ("select unnest([1, 2]) as n order by n desc;", [{"n": 2}, {"n": 1}]),
    ],
)
def test_sql(case, query, rows):
    assert list(finnet.sql(case, query).rows) == rows


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("select * from stored_entities", "no view called 'stored_entities'"),
        ("select * from main.v1_link", "no view called 'v1_link'"),
        ("select * from v1_lnk", "did you mean 'v1_link'"),
        ("select * from duckdb_settings()", "'duckdb_settings' is not available here"),
        ("select * from 'data/x.parquet'", "no view called"),
        ("select (select count(*) from read_text('case.json'))", "'read_text' is not available"),
        ("create table t as select 1", "only a SELECT can be run"),
        ("show tables", "only a SELECT can be run"),
        ("select 1; select 2", "2 statements"),
        ("", "0 statements"),
        ("selec 1", "syntax error"),
        ("select nothing from v1_link", "SQL"),
        ("select cast('x' as integer)", "SQL"),
    ],
)
def test_sql_that_is_refused(case, query, complaint):
    with pytest.raises(UsageError, match=complaint):
        finnet.sql(case, query)


def test_sql_describes_a_view(case):
    names = [row["column_name"] for row in finnet.sql(case, "describe v1_link").rows]
    assert {"link_id", "class", "source_id", "target_id", "share_min_ppm"} <= set(names)

"""The verbs that take files in and look into a case, on small invented files."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

import finnet
from finnet.errors import InputError, MappingError, TooManyRejectsError, UnknownNameError, UsageError

MAPPING = """
kind = "payments"
dataset = "leak"
grade = "C3"
[columns]
payer = "from"
payer_name = "from name"
beneficiary = "to"
amount = "value"
date = "booked"
[defaults]
currency = "USD"
[formats]
date = "%Y-%m-%d"
decimal = "."
thousands = ","
"""
HEADER = "from,from name,to,value,booked\n"
ROWS = 'a,Invented Alpha,b,"1,234.56",2019-03-05\nb,Invented Beta,c,100.00,2019-03-06\n'

FTM = [
    {
        "id": "x",
        "schema": "Company",
        "properties": {"name": ["Invented X"], "jurisdiction": ["kp"], "keywords": ["source"]},
    },
    {"id": "y", "schema": "Person", "properties": {"name": ["Invented Y"], "alias": ["Ypsilon"], "country": ["cn"]}},
    {"id": "o", "schema": "Ownership", "properties": {"owner": ["y"], "asset": ["x"], "percentage": ["25-50"]}},
    {"id": "p", "schema": "Ownership", "properties": {"owner": ["nobody"], "asset": ["x"]}},
]


@pytest.fixture
def leak(tmp_path):
    (tmp_path / "leak.toml").write_text(MAPPING)
    (tmp_path / "leak.csv").write_text(HEADER + ROWS)
    return tmp_path / "leak.csv"


@pytest.fixture
def case_path(tmp_path):
    return tmp_path / "c.finnet"


def ingest(path, case_path, **options):
    return finnet.ingest([path], case=case_path, mapping=path.with_suffix(".toml"), **options)


@pytest.fixture
def ftm_case(tmp_path, case_path):
    path = tmp_path / "register.ftm.json"
    path.write_text("".join(json.dumps(entity) + "\n" for entity in FTM))
    answer = finnet.ingest([path], case=case_path)
    assert "read as ftm" in answer.notes[0]
    with finnet.open_case(case_path) as case:
        yield case


def test_a_table_is_read_and_counted(leak, case_path):
    answer = ingest(leak, case_path)
    row = {name: answer.rows[0][name] for name in ("status", "records", "loaded", "rejected", "skipped", "payments")}
    assert row == {"status": "loaded", "records": 2, "loaded": 2, "rejected": 0, "skipped": 0, "payments": 2}
    with finnet.open_case(case_path) as case:
        (total,) = case.rows("select sum(amount)::decimal(18, 2) as amount, currency from v1_payment group by currency")
    assert total == {"amount": Decimal("1334.56"), "currency": "USD"}


def test_the_same_again_is_unchanged_and_another_needs_a_word(leak, case_path):
    ingest(leak, case_path)
    assert ingest(leak, case_path).rows[0]["status"] == "unchanged"
    leak.write_text(HEADER + ROWS + "c,Invented Gamma,a,5.00,2019-03-07\n")
    with pytest.raises(UsageError, match="--append or --replace"):
        ingest(leak, case_path)
    assert ingest(leak, case_path, replace=True).rows[0]["status"] == "replaced"


BAD = {
    "ragged": ("a,Invented,b,1.00\n", "E1200"),
    "amount in another format": ('a,Invented,b,"1.234,56",2019-03-05\n', "E1203"),
    "not a number": ("a,Invented,b,NaN,2019-03-05\n", "E1203"),
    "exponent": ("a,Invented,b,1e5,2019-03-05\n", "E1203"),
    "30 February": ("a,Invented,b,1.00,2019-02-30\n", "E1204"),
    "too many decimals": ("a,Invented,b,1.005,2019-03-05\n", "E1207"),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_row_is_rejected_with_its_place_and_the_others_are_kept(leak, case_path, fault):
    line, code = BAD[fault]
    leak.write_text(HEADER + ROWS + line)
    answer = ingest(leak, case_path)
    assert (answer.outcome, answer.summary["loaded"], answer.summary["rejected"]) == (3, 2, 1)
    with finnet.open_case(case_path) as case:
        (reject,) = finnet.rejects(case, show_values=True).rows
    assert (reject["file"], reject["record"], reject["code"]) == ("leak.csv", 3, code)
    assert reject["byte_offset"] == len(HEADER + ROWS)
    assert reject["raw"] == line.rstrip("\n")


def test_an_empty_file_and_a_header_alone_hold_no_records(leak, case_path):
    leak.write_text(HEADER)
    answer = ingest(leak, case_path)
    assert (answer.outcome, answer.summary["records"]) == (0, 0)
    assert any("no records" in note for note in answer.notes)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        ("a,A,b,1.00,2019-01-01\n" * 3 + "x\n" * 30, TooManyRejectsError),
        ("from,From,to,value,booked\n", InputError),  # two columns of one name
        ("von,an,betrag\n1,2,3\n", MappingError),
    ],
)
def test_what_cannot_be_read_leaves_the_case_as_it_was(leak, case_path, content, refusal):
    ingest(leak, case_path)
    before = finnet.open_case(case_path).logical_sha256
    header = "" if content.startswith(("from", "von")) else HEADER
    leak.write_text(header + content)
    with pytest.raises(refusal):
        ingest(leak, case_path, replace=True)
    assert finnet.open_case(case_path).logical_sha256 == before


def test_a_file_nobody_recognises_is_told_with_the_formats(tmp_path, case_path):
    path = tmp_path / "picture.bin"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\0")
    with pytest.raises(InputError, match="--as"):
        finnet.ingest([path], case=case_path)
    assert not case_path.exists()


@pytest.mark.parametrize("name", ["nowhere.csv", "https://example.invalid/x.csv"])
def test_files_that_are_not_there(case_path, name):
    with pytest.raises(UsageError):
        finnet.ingest([name], case=case_path)


def test_a_file_with_a_hostile_name_is_the_one_that_is_read(tmp_path, case_path):
    for name in ("a[1].json", "a1.json"):
        entity = {"id": name, "schema": "Company", "properties": {"name": [name]}}
        (tmp_path / name).write_text(json.dumps(entity) + "\n")
    finnet.ingest([tmp_path / "a[1].json"], case=case_path, as_="ftm")
    with finnet.open_case(case_path) as case:
        assert [row["entity_id"] for row in case.rows("select entity_id from v1_entity")] == ["a[1].json"]


def test_info_counts_what_each_dataset_says(ftm_case):
    answer = finnet.info(ftm_case)
    assert {name: answer.rows[0][name] for name in ("dataset", "entities", "links", "payments", "stubs")} == {
        "dataset": "register",
        "entities": 2,
        "links": 2,
        "payments": 0,
        "stubs": 1,
    }


def test_find_knows_aliases_and_says_how_alike(ftm_case):
    (row,) = finnet.find(ftm_case, "ypsilon").rows
    assert (row["id"], row["score"], row["matched"]) == ("y", 1.0, "Ypsilon")


def test_show_gives_each_value_with_its_record(ftm_case):
    answer = finnet.show(ftm_case, "Invented X")
    assert {(row["property"], row["value"], row["record"]) for row in answer.rows} >= {
        ("name", "Invented X", 1),
        ("jurisdiction", "kp", 1),
        ("link: ownership", "← Invented Y [y] 25–50 %", 3),
    }
    assert (answer.summary["id"], answer.summary["degree"]) == ("x", 2)


def test_source_shows_the_record_as_it_stands(ftm_case):
    (row,) = finnet.source(ftm_case, "o").rows
    assert json.loads(row["raw"]) == FTM[2]
    assert row["record"] == 3


def test_source_says_when_the_file_has_changed(ftm_case, tmp_path):
    (tmp_path / "register.ftm.json").write_text("{}\n")
    answer = finnet.source(ftm_case, "o")
    assert answer.rows[0]["raw"] is None
    assert "has changed" in answer.notes[0]


def test_an_unknown_entity_is_a_usage_error(ftm_case):
    with pytest.raises(UnknownNameError):
        finnet.show(ftm_case, "Nobody Of That Name")


@pytest.mark.parametrize(
    "query",
    [
        "drop view v1_entity",
        "select 1; select 2",
        "select * from read_csv('/etc/passwd')",
        "copy v1_entity to '/tmp/x.csv'",
        "select * from v1_nothing",
    ],
)
def test_sql_reads_the_views_and_nothing_else(ftm_case, query):
    with pytest.raises(UsageError):
        finnet.sql(ftm_case, query)


def test_sql_says_when_it_was_cut(ftm_case):
    answer = finnet.sql(ftm_case, "select entity_id from v1_entity order by 1", limit=2)
    assert ([row["entity_id"] for row in answer.rows], answer.truncated) == (["nobody", "x"], True)


def test_check_finds_what_is_wrong_or_contradictory(tmp_path, case_path):
    one = [
        {
            "id": "a",
            "schema": "Person",
            "properties": {"name": ["Same Invented"], "birthDate": ["1970-01-01"], "country": ["kp"]},
        },
        {"id": "b", "schema": "Person", "properties": {"name": ["Same Invented"]}},
        {"id": "c", "schema": "Company", "properties": {"name": ["Owned\u202eInvented"]}},
        {"id": "s1", "schema": "Ownership", "properties": {"owner": ["a"], "asset": ["c"], "percentage": ["70%"]}},
        {"id": "s2", "schema": "Ownership", "properties": {"owner": ["b"], "asset": ["c"], "percentage": ["70%"]}},
        {"id": "s3", "schema": "Ownership", "properties": {"owner": ["c"], "asset": ["c"]}},
        {
            "id": "d1",
            "schema": "Directorship",
            "properties": {"director": ["a"], "organization": ["gone"], "startDate": ["2019"], "endDate": ["2018-12"]},
        },
    ]
    two = [{"id": "a", "schema": "Person", "properties": {"name": ["Same"], "birthDate": ["1971"], "country": ["cn"]}}]
    for name, entities in (("one", one), ("two", two)):
        (tmp_path / f"{name}.json").write_text("".join(json.dumps(entity) + "\n" for entity in entities))
        finnet.ingest([tmp_path / f"{name}.json"], case=case_path, as_="ftm", dataset=name)
    with finnet.open_case(case_path) as case:
        found = {(row["problem"], row["id"]) for row in finnet.check(case).rows}
    assert found == {
        ("share over the whole", "c"),  # 70 + 70
        ("ends before it begins", "d1"),
        ("holds itself", "s3"),
        ("stub", "gone"),
        ("conflict: country", "a"),
        ("conflict: birthDate", "a"),
        ("same name", "a"),
        ("suspicious text", "c"),
    }


def test_check_finds_payments_that_are_counted_more_than_once(tmp_path, case_path):
    mapping = tmp_path / "m.toml"
    words = "payer='from'\nbeneficiary='to'\namount='amount'\ncurrency='currency'\ndate='date'\npayment_id='id'\n"
    mapping.write_text(f"kind = 'payments'\nnamespace = 'x'\n[columns]\n{words}")
    rows = {
        # p1 twice the same; p2 with two contents; p3 is on both statements, under another id each.
        "one": "a,b,1,USD,2019-01-01,p1\na,b,1,USD,2019-01-01,p1\na,c,2,USD,2019-01-02,p2\na,d,3,USD,2019-01-02,p2\n"
        "a,e,4,USD,2019-01-03,p3\na,e,9,USD,2019-01-03,p4\na,e,4,USD,,p5\n",
        "two": "a,e,4,USD,2019-01-03,q1\na,e,4,EUR,2019-01-03,q2\na,e,4,USD,,q3\n",
    }
    for name, text in rows.items():
        (tmp_path / f"{name}.csv").write_text(f"from,to,amount,currency,date,id\n{text}")
        finnet.ingest([tmp_path / f"{name}.csv"], case=case_path, mapping=mapping, dataset=name)
    with finnet.open_case(case_path) as case:
        found = {
            (row["problem"], row["id"], row["record"]) for row in finnet.check(case).rows if "payment" in row["problem"]
        }
    assert found == {
        ("payment recorded twice", "x-p1", 1),
        ("conflict: payment id", "x-p2", 3),
        ("payment on two statements", "x-p3", 5),
    }


def test_check_against_a_fresh_list_says_who_is_gone_or_renamed(tmp_path, case_path):
    def listed(*rows: tuple[int, str, str]) -> str:
        nothing = ",".join(["-0- "] * 7)
        return "".join(f'{n},"{name}",-0- ,"{program}",{nothing},-0- \r\n' for n, name, program in rows)

    old = tmp_path / "old" / "sdn.csv"
    fresh = tmp_path / "fresh" / "sdn.csv"
    old.parent.mkdir()
    fresh.parent.mkdir()
    old.write_text(
        listed((1, "INVENTED ONE", "DPRK"), (2, "INVENTED TWO", "DPRK] [NPWMD"), (3, "INVENTED, Three", "DPRK"))
    )
    fresh.write_text(listed((1, "ANOTHER NAME", "DPRK"), (2, "INVENTED TWO", "DPRK")))
    finnet.ingest([old], case=case_path)
    with finnet.open_case(case_path) as case:
        answer = finnet.check(case, against=fresh)
    assert {(row["problem"], row["id"]) for row in answer.rows} == {
        ("another name", "ofac-1"),
        ("another programme", "ofac-2"),
        ("not on the fresh list", "ofac-3"),
    }
    assert answer.summary["compared"] == 3

"""Tables through a mapping: what each kind states, and every fault with its file, record and code."""
# ruff: noqa: E501  # queries beside the rows that they give

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from finnet.errors import InputError, MappingError, UsageError
from finnet.model.reading import Head, Reading, ReadOptions, SourceFile
from finnet.shipped import shipped
from finnet.sources import table
from finnet.sources._tables import proposal as proposing
from finnet.sources._tables.opened import open_table
from finnet.store import batches
from finnet.store.bulk import Staged, preview, stage, unstage

PAYMENTS = """
kind = "payments"
dataset = "invented"
[columns]
payer = "from"
beneficiary = "to"
amount = "value"
currency = "ccy"
date = "booked"
"""
HEADER = b"from,to,value,ccy,booked\n"


class Case:
    """A file and a mapping staged into an engine of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.connection = duckdb.connect(":memory:")
        self.staged: list[Staged] = []
        self.reading: Reading | None = None

    def stage(
        self, raw: bytes, mapping: str = PAYMENTS, name: str = "leak.csv", *, lean: bool = False, floats: bool = False
    ) -> Staged:
        path, written = self.folder / name, self.folder / "mapping.toml"
        path.write_bytes(raw)
        written.write_text(mapping, encoding="utf-8")
        return self.read([path], written, lean=lean, floats=floats)

    def read(self, paths: list[Path], mapping: Path, *, lean: bool = False, floats: bool = False) -> Staged:
        files = [SourceFile(path=path, name=path.name) for path in paths]
        self.reading = table.read(files, ReadOptions(mapping=mapping, accept_float_money=floats))
        self.staged = [stage(self.connection, scan, lean=lean) for scan in self.reading.scans]
        return self.staged[0]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def rejects(self) -> list[tuple[Any, ...]]:
        return self.rows('select record, byte_offset, "column", code from stage_rejects order by record')


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    made = Case(tmp_path)
    yield made
    made.connection.close()


@pytest.fixture(params=["plain", "compiled"])
def either_reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both readers must give the same: small files are usually left to the plain one."""
    chosen: str = request.param
    if chosen == "compiled":
        monkeypatch.setattr(batches, "COMPILED_FROM", 0)
    return chosen


# What a table states


def test_the_account_that_all_rows_share_is_the_statements_own(tmp_path: Path) -> None:
    path = tmp_path / "st.csv"
    rows = "05.03.2021;DE-OWN-1;Acme;DE-1;1,00;EUR\n06.03.2021;DE-OWN-1;Mule;DE-2;-2,00;EUR\n"
    path.write_text("Buchungstag;Konto;Auftraggeber/Empfänger;IBAN;Betrag;Währung\n" + rows, encoding="utf-8")
    proposal = proposing.propose(SourceFile(path=path, name=path.name))
    for line in ('own_account         = "Konto"', 'payer_account       = "IBAN"', 'beneficiary_account = "IBAN"'):
        assert line in proposal.toml
    # Where only the other side's account is there, nobody can tell: it is said.
    rows = "".join(f"0{day}.03.2021;Acme;DE-{day // 3};1,00;EUR\n" for day in range(1, 9))
    path.write_text("Buchungstag;Auftraggeber/Empfänger;IBAN;Betrag;Währung\n" + rows, encoding="utf-8")
    assert any(
        "3 different accounts" in note for note in proposing.propose(SourceFile(path=path, name=path.name)).notes
    )


def test_payments_have_parties_amounts_and_their_place_in_the_file(case: Case, either_reader: str) -> None:
    staged = case.stage(HEADER + b"a1,b2,1000.50,USD,2019-03-05\nb2,c3,-7,JPY,2019-03\n")
    assert (staged.records, staged.loaded, staged.rejected, staged.skipped) == (2, 2, 0, 0)
    assert case.rows(
        "select payment_id, payer_id, beneficiary_id, amount, currency, count, booked_on, file, record, byte_offset, basis "
        "from stage_payments order by record"
    ) == [
        (
            "invented-leak-1",
            "invented-a1",
            "invented-b2",
            Decimal("1000.5"),
            "USD",
            1,
            "2019-03-05",
            "leak.csv",
            1,
            25,
            "stated",
        ),
        (
            "invented-leak-2",
            "invented-b2",
            "invented-c3",
            Decimal(-7),
            "JPY",
            1,
            "2019-03",
            "leak.csv",
            2,
            54,
            "stated",
        ),
    ]
    assert case.rows(
        "select entity_id, schema, caption, missing, properties, record from stage_entities order by entity_id"
    ) == [
        ("invented-a1", "LegalEntity", "a1", False, "{}", 1),
        ("invented-b2", "LegalEntity", "b2", False, "{}", 1),
        ("invented-c3", "LegalEntity", "c3", False, "{}", 2),
    ]


def test_lean_views_and_tables_hold_the_same_rows(tmp_path: Path) -> None:
    raw = HEADER + b"a1,b2,1000.50,USD,2019-03-05\nb2,c3,-7,JPY,2019-03\n"
    found = []
    for lean in (False, True):
        one = Case(tmp_path)
        one.stage(raw, lean=lean)
        one.stage(raw + b"c3,a1,5,USD,\n", name="second.csv", lean=lean)
        found.append(
            [
                one.rows(f"select * from stage_{t} order by all")
                for t in ("entities", "links", "payments", "listings", "details")
            ]
        )
        unstage(one.connection)
        assert one.rows(
            "select count(*) from duckdb_tables() union all select count(*) from duckdb_views() where not internal"
        ) == [(0,), (0,)]
        one.connection.close()
    assert found[0] == found[1]
    assert len(found[0][2]) == 5


def test_all_names_of_a_party_are_kept_and_the_first_is_its_caption(case: Case) -> None:
    mapping = PAYMENTS + 'payer_name = "name"\npayer_country = "land"\nbeneficiary_name = "other"\n'
    case.stage(
        b"from,to,value,ccy,booked,name,land,other\n"
        b"p,q,1,USD,2019,Plainly Invented Ltd,KP,Quite Invented\n"
        b"p,p,1,USD,2019,,,Plainly Invented Limited\n"
        b'p,q,1,USD,2019,Plainly Invented Ltd,"Korea, North",Quite Invented\n',
        mapping,
    )
    assert case.rows(
        "select entity_id, caption, country, countries, properties from stage_entities order by entity_id"
    ) == [
        (
            "invented-p",
            "Plainly Invented Ltd",
            "kp",
            ["kp"],
            '{"country":["kp"],"name":["Plainly Invented Ltd","Plainly Invented Limited"]}',
        ),
        ("invented-q", "Quite Invented", None, [], '{"name":["Quite Invented"]}'),
    ]


def test_a_party_is_called_by_its_id_else_its_account_else_its_name(case: Case) -> None:
    mapping = PAYMENTS + 'payer_account = "iban"\npayer_name = "name"\n'
    raw = (
        b"from,to,value,ccy,booked,iban,name\np,q,1,USD,,X1,N\n,q,1,USD,,X2,N\n,q,1,USD,,,N\n,,1,USD,,,N\n,,1,USD,,,\n"
    )
    case.stage(raw, mapping)
    assert case.rows("select payer_id, payer_account from stage_payments order by record") == [
        ("invented-p", "X1"),
        ("invented-X2", "X2"),
        ("invented-N", None),
        ("invented-N", None),
    ]
    assert case.rejects() == [(5, raw.index(b",,1,USD,,,\n"), None, "E1205")]


def test_ids_may_be_taken_verbatim_or_under_another_name(case: Case) -> None:
    case.stage(HEADER + b"a,b,1,USD,\n", 'ids = "verbatim"\n' + PAYMENTS)
    case.stage(HEADER + b"a,b,1,USD,\n", 'namespace = "case"\n' + PAYMENTS, name="two.csv")
    assert case.rows("select payer_id from stage_payments order by file") == [("a",), ("case-a",)]


def test_a_bank_statement_has_debits_and_credits_and_its_balance_is_checked(case: Case) -> None:
    mapping = """
kind = "payments"
dataset = "bank"
[columns]
payer_name = "other"
beneficiary_name = "other"
debit = "out"
credit = "in"
balance = "balance"
date = "day"
purpose = "text"
[defaults]
own_account = "ACC-1"
own_name = "Plainly Invented Trading"
currency = "EUR"
"""
    staged = case.stage(
        b"day,other,out,in,balance,text\n"
        b"2019-01-01,Invented Supplier,100.00,,900.00,rent\n"
        b"2019-01-02,Invented Client,,250.00,1150.00,goods\n"
        b"2019-01-04,Invented Client,,10.00,1200.00,a row before this one is missing\n"
        b"2019-01-05,Nobody,1,1,1200.00,both\n"
        b"2019-01-05,Nobody,,,1200.00,neither\n",
        mapping,
    )
    assert case.rows("select payer_id, beneficiary_id, amount, payer_account from stage_payments order by record") == [
        ("bank-ACC-1", "bank-Invented Supplier", Decimal(100), "ACC-1"),
        ("bank-Invented Client", "bank-ACC-1", Decimal(250), None),
        ("bank-Invented Client", "bank-ACC-1", Decimal(10), None),
    ]
    assert [row[3] for row in case.rejects()] == ["E1212", "E1205"]
    assert [note for note in staged.notes if "balance" in note] == [
        # 1150.00 + 10.00 = 1160.00
        "leak.csv: the balance does not follow from the row before in 1 records, first in record 3, where it is "
        "1200.00 instead of 1160.00: rows may be missing"
    ]


def test_a_bank_statement_may_have_one_amount_whose_sign_says_which_way(case: Case, either_reader: str) -> None:
    mapping = """
kind = "payments"
dataset = "bank"
[columns]
own_account = "account"
payer_name = "other"
beneficiary_name = "other"
amount = "amount"
balance = "balance"
purpose = "text"
[defaults]
currency = "EUR"
[formats]
decimal = ","
thousands = "."
"""
    staged = case.stage(
        b"account;other;amount;balance;text\n"
        b"A;Invented Supplier;-1.100,00;900,00;RENT March, 4th floor / INV 7\n"
        b"A;Invented Client;250,00;1.150,00;goods\n"
        b"A;Nobody;;1.150,00;neither\n",
        mapping,
    )
    assert case.rows(
        "select payer_id, beneficiary_id, payer_account, beneficiary_account, amount, purpose from stage_payments "
        "order by record"
    ) == [
        ("bank-A", "bank-Invented Supplier", "A", None, Decimal(1100), "RENT March, 4th floor / INV 7"),
        ("bank-Invented Client", "bank-A", None, "A", Decimal(250), "goods"),
    ]
    assert [row[3] for row in case.rejects()] == ["E1205"]
    assert not [note for note in staged.notes if "balance" in note]


def test_a_negative_debit_takes_a_payment_back(case: Case) -> None:
    mapping = 'kind = "payments"\n[columns]\nbeneficiary = "o"\ndebit = "d"\nbalance = "b"\n[defaults]\nown_account = "A"\ncurrency = "USD"\n'
    staged = case.stage(b"o,d,b\nx,5,5\nx,-5,10\n", mapping)
    assert case.rows("select payer_id, beneficiary_id, amount from stage_payments order by record") == [
        ("leak-A", "leak-x", Decimal(5)),
        ("leak-A", "leak-x", Decimal(-5)),
    ]
    assert staged.notes == ()


def test_a_statement_that_runs_backwards_balances_too(case: Case) -> None:
    mapping = 'kind = "payments"\n[columns]\nbeneficiary = "o"\ndebit = "d"\nbalance = "b"\n[defaults]\nown_account = "A"\ncurrency = "USD"\n'
    staged = case.stage(b"o,d,b\nx,1,7\ny,2,8\nz,3,10\n", mapping)
    assert staged.notes == ()


def test_links_have_classes_shares_and_what_is_said_about_their_ends(case: Case) -> None:
    mapping = """
kind = "links"
dataset = "reg"
[columns]
id = "no"
source = "owner"
source_name = "owner_name"
target = "company"
target_country = "land"
share = "share"
start = "since"
schema = "what"
"""
    staged = case.stage(
        b"no,owner,owner_name,company,land,share,since,what\n"
        b"1,o1,Invented Owner,c1,HKG,25-50,2015,Ownership\n"
        b"2,o1,Invented Owner,c2,,,2016-05,Directorship\n"
        b"3,o2,,c2,,0.5,,Ownership\n"
        b"4,o2,,c2,,,,Ownrship\n"
        b"5,,,c2,,,,Ownership\n",
        mapping,
    )
    assert (staged.loaded, staged.rejected) == (2, 3)
    assert case.rows(
        "select link_id, class, schema, source_id, target_id, share_min_ppm, share_max_ppm, start_date from stage_links order by record"
    ) == [
        ("reg-1", "ownership", "Ownership", "reg-o1", "reg-c1", 250_000, 500_000, "2015"),
        ("reg-2", "governance", "Directorship", "reg-o1", "reg-c2", None, None, "2016-05"),
    ]
    assert case.rows("select entity_id, caption, country from stage_entities order by entity_id") == [
        ("reg-c1", "c1", "hk"),
        ("reg-o1", "Invented Owner", None),
    ]
    assert [(row[0], row[2], row[3]) for row in case.rejects()] == [
        (3, "share", "E1208"),
        (4, "what", "E1209"),
        (5, "owner", "E1205"),
    ]


def test_entities_have_any_property_and_several_values_in_a_cell(case: Case) -> None:
    mapping = """
kind = "entities"
dataset = "reg"
[columns]
id = "no"
name = "name"
alias = "aka"
schema = "what"
country = "land"
birthDate = "born"
topics = "topics"
tags = "tags"
[formats]
separator = ";"
date = "%d.%m.%Y"
"""
    case.stage(
        b"no,name,aka,what,land,born,topics,tags\n"
        b"1,Invented Person,I. Person; Per Son,Person,kp;Russia,05.03.1960,sanction;poi,source\n"
        b"2,Invented Ship,,Vessel,,,,\n"
        b"3,Invented Person,,Person,Atlantis,,,\n"
        b"4,Invented Person,,Person,,31.02.1960,,\n"
        b"5,Invented Link,,Ownership,,,,\n",
        mapping,
    )
    assert case.rows(
        "select entity_id, schema, caption, country, countries, topics, tags, properties from stage_entities order by record"
    ) == [
        (
            "reg-1", "Person", "Invented Person", "kp", ["kp", "ru"], ["sanction", "poi"], ["source"],
            '{"alias":["I. Person","Per Son"],"birthDate":["1960-03-05"],"country":["kp","ru"],"name":["Invented Person"],'
            '"topics":["sanction","poi"]}',
        ),
        ("reg-2", "Vessel", "Invented Ship", None, [], [], [], '{"name":["Invented Ship"]}'),
    ]  # fmt: skip
    assert [(row[0], row[2], row[3]) for row in case.rejects()] == [
        (3, "land", "E1212"),
        (4, "born", "E1204"),
        (5, "what", "E1212"),
    ]


def test_a_property_that_the_schema_does_not_have_is_told_before_anything_is_read(case: Case) -> None:
    mapping = 'kind = "entities"\n[columns]\nname = "n"\nimoNumber = "i"\n[defaults]\nschema = "Person"\n'
    with pytest.raises(MappingError, match="imoNumber"):
        case.stage(b"n,i\nx,1\n", mapping)


# Workbooks and Parquet


def test_a_workbook_is_read_by_sheet_with_its_own_dates_and_numbers(case: Case, tmp_path: Path) -> None:
    import datetime

    import xlsxwriter

    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "dd.mm.yyyy"}) as book:
        book.add_worksheet("Other").write_row(0, 0, ["nothing"])
        sheet = book.add_worksheet("Payments")
        sheet.write_row(0, 0, ["a title above the table"])
        sheet.write_row(2, 0, ["from", "to", "value", "ccy", "booked"])
        for row, values in enumerate(
            [
                ["a", "b", 0.1 + 0.2, "USD", datetime.date(2019, 3, 5)],
                [12.0, "b", 1234.5, "EUR", "05.03.2019"],
                [],
                ["a", "b", "n/a", "USD", "x"],
            ],
            start=3,
        ):
            sheet.write_row(row, 0, values)
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        'sheet = "Payments"\nheader = 3\n' + PAYMENTS + '[formats]\ndate = "%d.%m.%Y"\n', encoding="utf-8"
    )
    staged = case.read([path], mapping)
    assert (staged.records, staged.loaded, staged.rejected, staged.skipped) == (4, 2, 1, 1)
    assert case.rows("select payer_id, amount, booked_on, record, byte_offset from stage_payments order by record") == [
        ("invented-a", Decimal("0.3"), "2019-03-05", 1, None),
        ("invented-12", Decimal("1234.5"), "2019-03-05", 2, None),
    ]
    assert case.rejects() == [(4, None, "value", "E1203")]
    assert case.reading is not None
    assert any("floating point" in note for note in case.reading.notes)


def test_a_sheet_that_is_not_there_offers_the_nearest(case: Case, tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "book.xlsx") as book:
        book.add_worksheet("Payments")
    mapping = tmp_path / "m.toml"
    mapping.write_text('sheet = "Payment"\n' + PAYMENTS, encoding="utf-8")
    with pytest.raises(MappingError, match="Payments"):
        case.read([tmp_path / "book.xlsx"], mapping)


def test_parquet_keeps_decimals_and_refuses_floating_point_money(case: Case, tmp_path: Path) -> None:
    path, mapping = tmp_path / "pay[1].parquet", tmp_path / "m.toml"
    mapping.write_text(PAYMENTS, encoding="utf-8")
    (tmp_path / "pay1.parquet").write_bytes(b"not this one")
    case.connection.execute(
        "copy (select 'a' as \"from\", 'b' as \"to\", 1234.56::decimal(18,2) as value, 'USD' as ccy, date '2019-03-05' as booked "
        f"union all select 'a', 'b', null, 'USD', null) to '{path}' (format parquet)"
    )
    staged = case.read([path], mapping)
    assert (staged.records, staged.loaded, staged.rejected) == (2, 1, 1)
    assert case.rows("select amount, booked_on, record, byte_offset from stage_payments") == [
        (Decimal("1234.56"), "2019-03-05", 1, None)
    ]
    case.connection.execute(
        "copy (select 'a' as \"from\", 'b' as \"to\", 0.1::double + 0.2 as value, 'USD' as ccy, null as booked) "
        f"to '{tmp_path / 'float.parquet'}' (format parquet)"
    )
    with pytest.raises(MappingError, match="DOUBLE"):
        case.read([tmp_path / "float.parquet"], mapping)
    case.read([tmp_path / "float.parquet"], mapping, floats=True)
    assert case.rows("select amount from stage_payments where file = 'float.parquet'") == [(Decimal("0.3"),)]


def test_nested_and_missing_parquet_columns_are_told(case: Case, tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text(PAYMENTS, encoding="utf-8")
    case.connection.execute(
        f"copy (select ['a'] as \"from\", 'b' as \"to\", 1 as value, 'USD' as ccy, 'x' as booked) to '{tmp_path / 'n.parquet'}' (format parquet)"
    )
    with pytest.raises(MappingError, match="nested"):
        case.read([tmp_path / "n.parquet"], mapping)
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 and then nothing of the kind")
    with pytest.raises(InputError, match="not a Parquet file"):
        case.read([tmp_path / "bad.parquet"], mapping)


# Faults: each with its record and its code, and nothing lost


GOOD = b"a,b,1,USD,2019-03-05\n"
FAULTS: list[tuple[str, bytes, list[tuple[int, str | None, str]]]] = [
    ("short row", b"a,b,1,USD\n", [(2, None, "E1200")]),
    ("long row", b"a,b,1,USD,2019,x\n", [(2, None, "E1200")]),
    ("unclosed quote", b'a,"b,1,USD,2019\n', [(2, None, "E1202")]),
    ("broken quote", b'"a"x,b,1,USD,2019\n', [(2, None, "E1202")]),
    ("Latin-1 byte", b"Jos\xe9,b,1,USD,2019\n", [(2, "from", "E1211")]),
    ("UTF-8 surrogate", b"\xed\xa0\x80,b,1,USD,2019\n", [(2, "from", "E1211")]),
    ("German amount", b'a,b,"1.234,56",USD,2019\n', [(2, "value", "E1203")]),
    ("words for a number", b"a,b,NaN,USD,2019\n", [(2, "value", "E1203")]),
    ("exponent", b"a,b,1e5,USD,2019\n", [(2, "value", "E1203")]),
    ("no amount", b"a,b,,USD,2019\n", [(2, "value", "E1205")]),
    ("three decimals", b"a,b,1.005,USD,2019\n", [(2, "value", "E1207")]),
    ("decimals of a yen", b"a,b,1.5,JPY,2019\n", [(2, "value", "E1207")]),
    ("25 digits", b"a,b,1234567890123456789012345,USD,2019\n", [(2, "value", "E1207")]),
    ("no currency", b"a,b,1,,2019\n", [(2, "ccy", "E1205")]),
    ("unknown currency", b"a,b,1,usd,2019\n", [(2, "ccy", "E1206")]),
    ("day that is none", b"a,b,1,USD,2019-02-30\n", [(2, "booked", "E1204")]),
    ("other date format", b"a,b,1,USD,03/04/2024\n", [(2, "booked", "E1204")]),
    ("nobody", b",,1,USD,2019\n", [(2, None, "E1205")]),
    ("10 MB field", b"a," + b"x" * 10_000_000 + b",1,USD,2019\n", [(2, "to", "E1210")]),
    ("20 MB line", b"a," + b"x" * 20_000_000 + b",1,USD,2019\n", [(2, None, "E1210")]),
]


@pytest.mark.parametrize(("fault", "raw", "rejects"), FAULTS, ids=[fault for fault, *_ in FAULTS])
def test_a_fault_costs_its_own_record_only(
    case: Case, either_reader: str, fault: str, raw: bytes, rejects: list[tuple[int, str | None, str]]
) -> None:
    staged = case.stage(HEADER + GOOD + raw + GOOD)
    assert (staged.records, staged.loaded, staged.rejected) == (3, 2, 1)
    assert [(record, column, code) for record, _, column, code in case.rejects()] == rejects
    offset, kept = case.rows("select byte_offset, from_base64(raw_b64) from stage_rejects")[0]
    assert offset == len(HEADER + GOOD)
    assert raw.startswith(kept)
    assert kept == raw.rstrip(b"\n") or len(kept) == 1 << 16
    assert case.rows("select record, byte_offset from stage_payments order by record") == [
        (1, len(HEADER)),
        (3, len(HEADER + GOOD + raw)),
    ]


def test_what_is_odd_but_clear_is_kept_as_it_is(case: Case, either_reader: str) -> None:
    names = [
        "=HYPERLINK(1)",
        "nul\x00l",
        "NULL",
        "NA",
        "None",
        "0012",
        "e\u0301",
        "\u202ename",
        "two\nlines",
        "</script>",
    ]
    raw = io.StringIO(newline="")
    csv.writer(raw, lineterminator="\r\n").writerows([[name, "b", "1", "USD", ""] for name in names])
    staged = case.stage(HEADER + raw.getvalue().encode())
    assert staged.loaded == len(names)
    assert [row[0] for row in case.rows("select payer_id from stage_payments order by record")] == [
        f"invented-{n}" for n in names
    ]
    whole = HEADER + raw.getvalue().encode()
    for record, offset in case.rows("select record, byte_offset from stage_payments"):
        first = next(csv.reader(io.StringIO(whole[offset:].decode(), newline="")))
        assert first[0] == names[record - 1]


def test_mixed_line_ends_blank_lines_and_the_end_mark_are_accounted_for(case: Case, either_reader: str) -> None:
    staged = case.stage(HEADER + b"a,b,1,USD,\r\nb,c,1,USD,\n\n,,,,\rc,d,1,USD,\n\x1a")
    assert (staged.records, staged.loaded, staged.skipped) == (6, 3, 3)
    assert case.rows("select record, reason from stage_skips order by record") == [
        (3, "blank line"),
        (4, "no value in any column"),
        (6, "end-of-file mark"),
    ]


@pytest.mark.parametrize("raw", [b"", b"\xef\xbb\xbf", HEADER, b"\xef\xbb\xbf" + HEADER, HEADER.rstrip(), b"\n"])
def test_a_file_without_records_loads_none_and_says_so(case: Case, raw: bytes) -> None:
    staged = case.stage(raw)
    assert (staged.records, staged.loaded, staged.rejected) == (0, 0, 0)
    assert case.reading is not None
    assert any("empty" in note or "no records" in note for note in case.reading.notes)


@pytest.mark.parametrize(
    "header", [b"from,to,value,ccy,from\n", b"from,to,value,ccy,FROM\n", b"from,to,value,ccy, from \n"]
)
def test_two_columns_of_one_name_are_refused(case: Case, header: bytes) -> None:
    with pytest.raises(InputError) as caught:
        case.stage(header + GOOD)
    assert caught.value.code == "E1107"


def test_a_byte_order_mark_is_no_part_of_the_first_name(case: Case, either_reader: str) -> None:
    case.stage(b"\xef\xbb\xbf" + HEADER + GOOD)
    assert case.rows("select payer_id, byte_offset from stage_payments") == [("invented-a", 3 + len(HEADER))]


def test_a_file_name_with_wildcards_names_that_file_only(case: Case) -> None:
    (case.folder / "a1.csv").write_bytes(HEADER + b"wrong,b,1,USD,\n")
    case.stage(HEADER + b"right,b,1,USD,\n", name="a[1].csv")
    assert case.rows("select payer_id, file from stage_payments") == [("invented-right", "a[1].csv")]


@pytest.mark.parametrize(
    "encoding", ["cp1252", "euc-kr", "gb18030", "shift_jis", "utf-16", "utf-16-le", "utf-32", "cp500"]
)
def test_other_encodings_are_read_where_they_are_declared(case: Case, encoding: str) -> None:
    name = {"cp1252": "Société", "cp500": "Societe", "shift_jis": "会社", "gb18030": "公司"}.get(encoding, "회사")
    raw = (HEADER.decode() + f"{name},b,1,USD,2019\nx,b,1,USD,2019\n").encode(encoding)
    staged = case.stage(raw, PAYMENTS + f'[formats]\nencoding = "{encoding}"\ndelimiter = ","\n')
    assert staged.loaded == 2
    offsets = [None, None] if encoding.startswith("utf") or encoding == "cp500" else [len(HEADER), raw.index(b"x,b")]
    assert case.rows("select payer_id, byte_offset from stage_payments order by record") == [
        (f"invented-{name}", offsets[0]),
        ("invented-x", offsets[1]),
    ]


@pytest.mark.parametrize(("encoding", "payer"), [("cp1251", "Плательщик"), ("gb18030", "付款人"), ("cp1252", "Größe")])
def test_titles_are_in_the_declared_encoding_too(case: Case, encoding: str, payer: str) -> None:
    raw = HEADER.replace(b"from", payer.encode(encoding), 1) + GOOD
    mapping = PAYMENTS.replace('"from"', f'"{payer}"')
    assert case.stage(raw, mapping + f'[formats]\nencoding = "{encoding}"\n').loaded == GOOD.count(b"\n")
    with pytest.raises(InputError, match="the header is not valid utf-8; set encoding") as caught:
        case.stage(raw, mapping, name="undeclared.csv")
    assert caught.value.code == "E1103"


def test_a_byte_that_the_declared_encoding_does_not_have_is_told(case: Case) -> None:
    case.stage(HEADER + b"a\x81,b,1,USD,2019\n" + GOOD, PAYMENTS + '[formats]\nencoding = "cp1252"\n')
    assert case.rejects() == [(1, len(HEADER), "from", "E1211")]
    with pytest.raises(InputError) as caught:
        case.stage(HEADER.decode().encode("utf-16") + b"\x00\xd8\x00", PAYMENTS, name="cut.csv")
    assert caught.value.code == "E1103"


def test_utf_16_without_a_mark_is_not_taken_for_text(case: Case) -> None:
    with pytest.raises(InputError, match="UTF-16"):
        case.stage((HEADER + GOOD).decode().encode("utf-16-le"))


def test_a_packed_file_is_not_taken_for_text(case: Case) -> None:
    import gzip

    with pytest.raises(InputError, match="packed"):
        case.stage(gzip.compress(HEADER + GOOD))


def test_formats_blanks_and_words_for_nothing_are_as_declared(case: Case, either_reader: str) -> None:
    mapping = (
        PAYMENTS
        + '[formats]\ndelimiter = ";"\ndecimal = ","\nthousands = "."\ndate = "%d.%m.%Y"\ntrim = true\nnull = ["NULL"]\n'
    )
    staged = case.stage(b"from;to;value;ccy;booked\n a ;b;1.234,56;USD;5.3.2019\nc;NULL;7;USD;NULL\n", mapping)
    assert case.rows("select payer_id, beneficiary_id, amount, booked_on from stage_payments order by record") == [
        ("invented-a", "invented-b", Decimal("1234.56"), "2019-03-05"),
        ("invented-c", None, Decimal(7), None),
    ]
    assert staged.notes == ("blanks around 1 values were cut off",)


def test_a_header_may_stand_lower_or_be_missing(case: Case) -> None:
    case.stage(b"a title\n\n" + HEADER + GOOD, "header = 3\n" + PAYMENTS)
    case.stage(
        GOOD + GOOD,
        'header = 0\nkind = "payments"\n[columns]\npayer = 1\nbeneficiary = "2"\namount = 3\ncurrency = 4\n',
        name="bare.csv",
    )
    assert case.rows("select file, record, byte_offset, payer_id from stage_payments order by all") == [
        ("bare.csv", 1, 0, "bare-a"),
        ("bare.csv", 2, len(GOOD), "bare-a"),
        ("leak.csv", 1, len(b"a title\n\n" + HEADER), "invented-a"),
    ]


def test_messages_never_repeat_a_long_value(case: Case) -> None:
    case.stage(HEADER + b"a,b," + b"9" * 5000 + b"x,USD,2019\n")
    assert len(case.rows("select reason from stage_rejects")[0][0]) < 200


# The mapping


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ('kind = "payment"', "payments"),
        (PAYMENTS.replace("payer =", "payr ="), "payer"),
        (PAYMENTS.replace('"from"', '"form"'), "from"),
        (PAYMENTS.replace("dataset", "datset"), "dataset"),
        (PAYMENTS + "[formats]\ndecmal = ','\n", "decimal"),
        ("kind = 'entities'\n[columns]\nname = 'name'\nbirthDate = 'born'\n[formats]\ndate = '%d.%m.%y'\n", "century"),
        (PAYMENTS.replace('amount = "value"\n', ""), "amount"),
        (PAYMENTS.replace('currency = "ccy"\n', ""), "currency"),
        (PAYMENTS + "[defaults]\ncurrency = 'USDT'\n", "ISO 4217"),
        ('grade = "G7"\n' + PAYMENTS, "grade"),
        ('ids = "raw"\n' + PAYMENTS, "verbatim"),
        (PAYMENTS + "[formats]\noutgoing = 'D'\nincoming = 'C'\n", "direction"),
        (PAYMENTS.replace("date =", "own_account = 'x'\ndirection ="), "outgoing"),
        (PAYMENTS + "[formats]\nencoding = 'klingon'\n", "encoding"),
        ("kind = ", "TOML"),
    ],
)
def test_a_wrong_mapping_is_told_with_the_way_out(case: Case, mapping: str, words: str) -> None:
    with pytest.raises(MappingError, match=words) as caught:
        case.stage(HEADER + GOOD, mapping)
    assert caught.value.exit_code == 2


def test_a_table_needs_a_mapping(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="finnet sniff"):
        table.read([SourceFile(path=tmp_path / "x.csv", name="x.csv")], ReadOptions())


@pytest.mark.parametrize("name", ["fincen", "fincen_connections", "amlsim"])
def test_the_mappings_that_ship_can_be_read(name: str) -> None:
    from finnet.model.mapping import load_mapping

    assert load_mapping(shipped("mappings") / f"{name}.toml").dataset == name


# Proposals


def test_a_proposal_names_columns_by_name_and_content(tmp_path: Path) -> None:
    path = tmp_path / "statement.csv"
    path.write_text(
        "Sender;Receiver;Amount;Currency;Booking date\nA;B;1.234,56;EUR;31.12.2019\nB;C;7,00;EUR;05.01.2020\n",
        encoding="utf-8",
    )
    proposal = table.propose(path)
    assert proposal.rows[0] == {
        "record": 1, "payer": "A", "beneficiary": "B", "amount": "1234.56", "currency": "EUR", "date": "2019-12-31",
    }  # fmt: skip
    written = tmp_path / "m.toml"
    written.write_text(proposal.toml, encoding="utf-8")
    assert table.preview(path, written) == proposal.rows


def test_a_bank_statement_is_proposed_with_the_other_side_both_ways(tmp_path: Path) -> None:
    path = tmp_path / "statement.csv"
    path.write_text(
        "Booked;Counterparty;Withdrawal;Deposit;Balance\n"
        "31.12.2019;Invented Mule;;100,00;100,00\n05.01.2020;Invented Shop;40,00;;60,00\n",
        encoding="utf-8",
    )
    proposal = table.propose(path)
    assert [row["beneficiary_name"] for row in proposal.rows] == ["Invented Mule", "Invented Shop"]
    for word in ("own_account", "currency"):
        assert f"\n# {word} = " in proposal.toml
        assert any(word.replace("_", " ") in note or "own account" in note for note in proposal.notes)
    written = tmp_path / "m.toml"
    filled = proposal.toml.replace("# own_account =", "own_account =").replace('# currency = "USD"', 'currency = "EUR"')
    written.write_text(filled, encoding="utf-8")
    assert [row["payer_name"] for row in table.preview(path, written)] == ["Invented Mule", "Invented Shop"]


# As banks write them out: with lines above the titles, amounts with a sign, debit and credit, or D and K beside them.
# All names and numbers are invented.
EXPORTS = {
    "German, one amount with a sign": (
        "cp1252",
        """"Auftragskonto";"Buchungstag";"Verwendungszweck";"Beguenstigter/Zahlungspflichtiger";"Kontonummer/IBAN";"Betrag";"Waehrung"
"DE89370400440532013000";"28.02.19";"Rechnung für 1";"Müller Erfunden GmbH";"DE02120300000000202051";"1.234,56";"EUR"
"DE89370400440532013000";"01.03.19";"Miete März";"Vermieter Erfunden";"DE02500105170137075030";"-850,00";"EUR"
""",
        ("DE02120300000000202051", "DE02500105170137075030"),
    ),
    "German, below other lines": (
        "utf-8-sig",
        """Umsätze Girokonto;;;Kundennummer: 123

Buchungstag;Begünstigter / Auftraggeber;Verwendungszweck;IBAN;Betrag;Soll;Haben;Währung
28.02.2019;Erfunden AG;Rechnung 5;DE02120300000000202051;;;1.234,56;EUR
01.03.2019;Erdacht KG;Honorar;DE02500105170137075030;;-850,00;;EUR
""",
        ("DE02120300000000202051", "DE02500105170137075030"),
    ),
    "Russian": (
        "cp1251",
        """Дата операции;Плательщик;Счет плательщика;Получатель;Счет получателя;Сумма;Валюта;Назначение платежа
28.02.2019;ЗАО Выдумка;40702810000000000001;ЗАО Пример;40702810000000000002;1 234,56;RUB;Оплата
01.03.2019;ЗАО Пример;40702810000000000002;ИП Придуманный;40802810000000000003;850,00;RUB;Возврат
""",
        ("40702810000000000001", "40802810000000000003"),
    ),
    "Latvian, D and K": (
        "utf-8-sig",
        """Datums;Saņēmējs / Maksātājs;Informācija saņēmējam;Summa;Valūta;D/K;Konts
28.02.2019;SIA Izdoma;Rēķins;1234,56;EUR;K;LV80BANK0000435195001
01.03.2019;AS Piemērs;Noma;850,00;EUR;D;LV97HABA0012345678910
""",
        ("LV80BANK0000435195001", "LV97HABA0012345678910"),
    ),
    "Chinese, debit and credit": (
        "gb18030",
        """交易日期,借方发生额,贷方发生额,余额,对方户名,对方账号,摘要,币种
20190228,,1234.56,1234.56,虚构贸易有限公司,6222000000000001,货款,CNY
20190301,850.00,,384.56,某某个人,6222000000000003,工资,CNY
""",
        ("6222000000000001", "6222000000000003"),
    ),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_the_exports_of_banks_are_proposed_as_what_they_are(tmp_path: Path, name: str) -> None:
    encoding, text, (first_payer, second_beneficiary) = EXPORTS[name]
    path = tmp_path / "export.csv"
    path.write_text(text, encoding=encoding)
    proposal = table.propose(path)
    assert [row["date"] for row in proposal.rows] == ["2019-02-28", "2019-03-01"]
    assert proposal.rows[0]["payer_account"] == first_payer
    assert proposal.rows[1]["beneficiary_account"] == second_beneficiary
    written = tmp_path / "m.toml"
    written.write_text(proposal.toml.replace("# own_account =", "own_account ="), encoding="utf-8")
    case = Case(tmp_path)
    assert case.stage(text.encode(encoding), written.read_text(encoding="utf-8")).loaded == 2
    assert [str(amount) for (amount,) in case.rows("select amount from stage_payments order by record")] == [
        "1234.5600", "850.0000",
    ]  # fmt: skip


def test_titles_below_other_lines_are_found_and_said(tmp_path: Path) -> None:
    encoding, text, _ = EXPORTS["German, below other lines"]
    path = tmp_path / "export.csv"
    path.write_text(text, encoding=encoding)
    proposal = table.propose(path)
    assert "\nheader  = 3\n" in proposal.toml
    assert any("line 3" in note for note in proposal.notes)
    assert "negative_debits = true        # 1 of 1 debits have a minus" in proposal.toml


def test_the_titles_of_a_workbook_are_found_in_one_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import xlsxwriter

    rows = [["Выписка по счету"], [], ["Дата", "Дебет", "Кредит", "Контрагент"], ["2019-03-05", 1.5, None, "Выдумка"]]
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    opened: list[int] = []
    monkeypatch.setattr(proposing, "open_table", lambda file, mapping: opened.append(1) or open_table(file, mapping))
    proposal = table.propose(path)
    assert "\nheader  = 3\n" in proposal.toml
    assert [row["beneficiary_name"] for row in proposal.rows] == ["Выдумка"]
    assert len(opened) == 3  # to look for the titles, to read the sample, to preview


def test_amounts_that_all_arrive_are_doubted(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("date,counterparty,account,amount,currency\n2019-03-05,A,1,5.00,EUR\n2019-03-06,B,1,6.00,EUR\n")
    assert any("direction" in note for note in table.propose(path).notes)


def test_amounts_with_an_exponent_are_proposed_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("from,to,amount,currency\nA,B,1.23457E+12,EUR\nA,B,5.10,EUR\n")
    proposal = table.propose(path)
    assert "exponent = true" in proposal.toml
    assert any("has rounded" in note for note in proposal.notes)


DIRECTED = """
kind = "payments"
dataset = "invented"
[columns]
payer = "other"
beneficiary = "other"
amount = "value"
direction = "sign"
balance = "balance"
[defaults]
own_account = "own"
currency = "EUR"
[formats]
outgoing = ["D"]
incoming = ["C", "CR"]
"""


def test_a_column_beside_the_amount_says_which_way_the_money_went(case: Case, either_reader: str) -> None:
    rows = "other,value,sign,balance\na,100,C,100\nb,30,D,70\nb,-30,D,100\nc,5,CR,105\nd,5,x,110\ne,5,,115\n"
    staged = case.stage(rows.encode(), DIRECTED)
    assert case.rows("select payer_id, beneficiary_id, amount::int from stage_payments order by record") == [
        ("invented-a", "invented-own", 100), ("invented-own", "invented-b", 30), ("invented-own", "invented-b", -30),
        ("invented-c", "invented-own", 5),
    ]  # fmt: skip
    assert [(record, column, code) for record, _, column, code in case.rejects()] == [
        (5, "sign", "E1212"), (6, "sign", "E1212"),
    ]  # fmt: skip
    assert not any("balance" in note for note in staged.notes)


def test_an_ambiguous_date_is_a_comment_not_a_choice(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("from,to,amount,currency,date\nA,B,1.5,EUR,03/04/2019\n", encoding="utf-8")
    proposal = table.propose(path)
    assert '# date = "%d/%m/%Y" or "%m/%d/%Y"' in proposal.toml
    assert any("choose" in note for note in proposal.notes)


def test_an_ambiguous_amount_is_a_comment_not_a_choice(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("from;to;amount;currency\nA;B;1.234;EUR\nA;B;2.500;EUR\n", encoding="utf-8")
    proposal = table.propose(path)
    assert "# decimal" in proposal.toml
    assert "the amounts can be read as 1.234,56 or 1234.56: choose in [formats]" in proposal.notes


def test_a_hostile_header_stays_inside_its_string(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes(b'from,to,amount,currency,"x""\n[defaults]\nkind = ""entities""",note\nA,B,1,EUR,x,y\n')
    proposal = table.propose(path)
    written = tmp_path / "m.toml"
    written.write_text(proposal.toml, encoding="utf-8")
    assert table.preview(path, written)[0]["payer"] == "A"


def test_the_preview_shows_what_the_engine_reads(tmp_path: Path, case: Case) -> None:
    case.stage(HEADER + GOOD + b"a,b,x,USD,\n")
    shown = table.preview(tmp_path / "leak.csv", tmp_path / "mapping.toml")
    assert case.reading is not None
    read, staged = preview(case.reading.scans[0])
    assert staged.records == 2
    assert [row.get("code") for row in shown] == [row.get("code") for row in read] == [None, "E1203"]


@pytest.mark.parametrize(
    ("name", "start", "is_table"),
    [
        ("x.csv", b"", True),
        ("x.dat", b"a;b;c\n1;2;3\n", True),
        ("x.json", b'{"a": [1, 2]}', False),
        ("x.xml", b"<a, b>", False),
        ("x.xlsx", b"PK\x03\x04", True),
        ("x", b"PAR1", True),
        ("x.gz", b"\x1f\x8b,", False),
    ],
)
def test_tables_are_recognised(tmp_path: Path, name: str, start: bytes, is_table: bool) -> None:
    (tmp_path / name).write_bytes(start)
    assert table.sniff(Head(tmp_path / name)) == is_table


# Real inputs


def test_the_fincen_files_add_up_to_the_cent(case: Case, shared_data: Path) -> None:
    path = shared_data / "fincen" / "download_transactions_map.csv"
    staged = case.read([path], shipped("mappings") / "fincen.toml")
    assert (staged.records, staged.loaded, staged.rejected, staged.skipped) == (4507, 4507, 0, 0)
    assert case.rows(
        "select count(*), sum(amount), count(*) filter (booked_on is null), count(distinct currency) from stage_payments"
    ) == [(4507, Decimal("35682247985.01"), 6, 1)]
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sum("E" in row["amount_transactions"] for row in rows) == 164
    # Every bank id is there with every name that the file gives it, and no other.
    names: dict[str, set[str]] = {}
    for row in rows:
        for bank, name in (
            ("originator_bank_id", "originator_bank"),
            ("beneficiary_bank_id", "beneficiary_bank"),
            ("filer_org_name_id", "filer_org_name"),
        ):
            names.setdefault(f"fincen-{row[bank]}", set()).update([row[name]] if row[name] else [])
    found = {
        bank: set(held)
        for bank, held in case.rows(
            "select entity_id, from_json(properties->'name', '[\"VARCHAR\"]') from stage_entities"
        )
    }
    assert found == names
    assert sum(len(one) > 1 for one in names.values()) >= 160
    # By the names that the payments themselves use, as the data's README counts.
    for side, tops in (
        ("payer", [("Amsterdam Trade Bank NV", 3.16), ("AS Expobank", 2.67)]),
        ("beneficiary", [("Rosbank", 3.56)]),
    ):
        by_name = case.rows(
            f"select properties ->> '$.{side}_name[0]' as name, round(sum(amount) / 1e9, 2) from stage_payments "
            f"group by name order by sum(amount) desc limit {len(tops)}"
        )
        assert by_name == tops
    raw = path.read_bytes()
    for offset, number in case.rows("select byte_offset, payment_id from stage_payments using sample 200"):
        assert raw[offset:].startswith(number.removeprefix("fincen-").encode() + b",")


def test_the_banks_of_both_fincen_files_are_the_same_entities(case: Case, shared_data: Path) -> None:
    folder = shared_data / "fincen"
    staged = case.read([folder / "download_bank_connections.csv"], shipped("mappings") / "fincen_connections.toml")
    case.read([folder / "download_transactions_map.csv"], shipped("mappings") / "fincen.toml")
    assert staged.loaded == 5498
    assert case.rows("select distinct class from stage_links") == [("linked",)]
    assert case.rows(
        "select count(*) > 100 from (select entity_id from stage_entities where file = 'download_bank_connections.csv' "
        "intersect select entity_id from stage_entities where file = 'download_transactions_map.csv')"
    ) == [(True,)]


def test_amlsim_has_a_clock_instead_of_dates(case: Case, shared_data: Path) -> None:
    staged = case.read([shared_data / "amlsim" / "transactions.csv"], shipped("mappings") / "amlsim.toml")
    assert (staged.records, staged.loaded) == (117_805, 117_805)
    assert case.rows("select min(step) >= 0, count(booked_on) from stage_payments") == [(True, 0)]


def test_raw_bytes_of_rejects_are_those_of_the_file(case: Case) -> None:
    case.stage(HEADER + b'"x\ny",b,bad,USD,2019\r\n')
    assert [base64.b64decode(raw) for (raw,) in case.rows("select raw_b64 from stage_rejects")] == [
        b'"x\ny",b,bad,USD,2019'
    ]

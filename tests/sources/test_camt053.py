"""camt.053: invented statements of the published shape, in old and new versions, and files that are refused."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import finnet
from finnet.errors import InputError
from finnet.model.reading import Head, Reading, ReadOptions, SourceFile
from finnet.model.statement import Counted, Entity, Payment, Reject, Skip
from finnet.sources import camt053

OWN = "<Acct><Id><IBAN>DE89 3704 0044 0532 0130 00</IBAN></Id><Ccy>EUR</Ccy><Ownr><Nm>Invented Trading GmbH</Nm></Ownr>"
OLD_BANK = "<Svcr><FinInstnId><BIC>INVTDEFFXXX</BIC></FinInstnId></Svcr></Acct>"
NEW_BANK = "<Svcr><FinInstnId><BICFI>INVTDEFF</BICFI></FinInstnId></Svcr></Acct>"


def balance(kind: str, amount: str, mark: str = "CRDT") -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount}</Amt>'
        f"<CdtDbtInd>{mark}</CdtDbtInd><Dt><Dt>2019-03-05</Dt></Dt></Bal>"
    )


def entry(amount: str, mark: str, details: str = "", *, status: str = "<Cd>BOOK</Cd>", more: str = "") -> str:
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{mark}</CdtDbtInd>{more}<Sts>{status}</Sts>'
        f"<BookgDt><Dt>2019-03-05</Dt></BookgDt><ValDt><Dt>2019-03-06</Dt></ValDt>"
        f"<NtryDtls>{details}</NtryDtls><AddtlNtryInf>booked text</AddtlNtryInf></Ntry>"
    )


CREDIT = (
    "<TxDtls><Refs><EndToEndId>E2E-1</EndToEndId></Refs><RltdPties><Dbtr><Pty><Nm>Mule Ltd</Nm><PstlAdr><Ctry>CY</Ctry>"
    "</PstlAdr></Pty></Dbtr><DbtrAcct><Id><IBAN>CY17002001280000001200527600</IBAN></Id></DbtrAcct></RltdPties>"
    "<RltdAgts><DbtrAgt><FinInstnId><BICFI>MULECY2N</BICFI></FinInstnId></DbtrAgt></RltdAgts>"
    "<RmtInf><Ustrd>invoice 7</Ustrd><Ustrd>second line</Ustrd></RmtInf></TxDtls>"
)
DEBIT = (
    "<TxDtls><RltdPties><Cdtr><Nm>Shell SA</Nm></Cdtr><CdtrAcct><Id><Othr><Id>12-345</Id></Othr></Id></CdtrAcct>"
    "</RltdPties><RltdAgts><IntrmyAgt1><FinInstnId><BIC>CORRUS33XXX</BIC></FinInstnId></IntrmyAgt1></RltdAgts></TxDtls>"
)


def statement(*parts: str, version: str = "08", bank: str = NEW_BANK) -> str:
    return (
        f'<?xml version="1.0"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">'
        f"<BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr><Stmt><Id>S-1</Id>{OWN}{bank}{''.join(parts)}</Stmt>"
        "</BkToCstmrStmt></Document>"
    )


def read(folder: Path, text: str) -> Reading:
    path = folder / "march.xml"
    path.write_text(text, encoding="utf-8")
    assert camt053.sniff(Head(path))
    return camt053.read([SourceFile(path=path, name=path.name)], ReadOptions())


WHOLE = (balance("OPBD", "100.00"), entry("250.50", "CRDT", CREDIT), entry("50.00", "DBIT", DEBIT))


def test_a_credit_comes_from_the_debtor_and_a_debit_goes_to_the_creditor(tmp_path: Path) -> None:
    # 100.00 + 250.50 - 50.00 = 300.50
    reading = read(tmp_path, statement(*WHOLE, balance("CLBD", "300.50")))
    assert reading.notes == ()
    payments = [one for one in reading.statements if isinstance(one, Payment)]
    shown = [
        (one.id, one.payer, one.payer_account, one.beneficiary, one.beneficiary_account, one.amount, one.currency)
        for one in payments
    ]
    own = ("iban-DE89370400440532013000", "DE89370400440532013000")
    mule = ("iban-CY17002001280000001200527600", "CY17002001280000001200527600")
    assert shown == [
        ("camt053-march-1", *mule, *own, Decimal("250.50"), "EUR"),
        ("camt053-march-2", *own, "camt053-12-345", "12-345", Decimal("50.00"), "EUR"),
    ]
    assert [one.purpose for one in payments] == ["invoice 7 second line", "booked text"]
    assert [one.booked_on for one in payments] == ["2019-03-05", "2019-03-05"]
    assert [one.intermediary for one in payments] == [None, "bic-CORRUS33"]
    assert payments[0].properties["endToEndId"] == ("E2E-1",)
    assert payments[0].properties["otherBank"] == ("bic-MULECY2N",)


def test_parties_accounts_and_banks_are_entities_of_their_own(tmp_path: Path) -> None:
    reading = read(tmp_path, statement(*WHOLE, balance("CLBD", "300.50")))
    entities = {one.id: (one.schema, one.caption, one.country) for one in reading.statements if isinstance(one, Entity)}
    assert entities == {
        "12-345": ("BankAccount", "12-345", None),
        "CY17002001280000001200527600": ("BankAccount", "CY17002001280000001200527600", "cy"),
        "DE89370400440532013000": ("BankAccount", "DE89370400440532013000", "de"),
        "bic-CORRUS33": ("LegalEntity", "CORRUS33", "us"),
        "bic-INVTDEFF": ("LegalEntity", "INVTDEFF", "de"),
        "bic-MULECY2N": ("LegalEntity", "MULECY2N", "cy"),
        "camt053-12-345": ("LegalEntity", "Shell SA", None),
        "iban-CY17002001280000001200527600": ("LegalEntity", "Mule Ltd", "cy"),
        # The account lies in Germany; where its holder sits is not said.
        "iban-DE89370400440532013000": ("LegalEntity", "Invented Trading GmbH", None),
    }


@pytest.mark.parametrize(("version", "bank", "status"), [("02", OLD_BANK, "BOOK"), ("13", NEW_BANK, "<Cd>BOOK</Cd>")])
def test_old_and_new_versions_say_the_same(tmp_path: Path, version: str, bank: str, status: str) -> None:
    text = statement(balance("PRCD", "0.00"), entry("1.00", "CRDT", CREDIT, status=status), balance("CLBD", "1.00"),
                     version=version, bank=bank)  # fmt: skip
    reading = read(tmp_path, text)
    assert reading.notes == ()
    [payment] = [one for one in reading.statements if isinstance(one, Payment)]
    assert (payment.amount, payment.properties["ownBank"]) == (Decimal("1.00"), ("bic-INVTDEFF",))


def test_a_prefix_and_an_envelope_change_nothing(tmp_path: Path) -> None:
    inner = statement(*WHOLE, balance("CLBD", "300.50")).partition("?>\n")[2]
    prefixed = inner.replace("<", "<d:").replace("<d:/", "</d:").replace("xmlns=", "xmlns:d=")
    reading = read(tmp_path, f"<Envelope><AppHdr/>{prefixed}</Envelope>")
    assert sum(isinstance(one, Payment) for one in reading.statements) == 2


def test_who_pays_in_the_end_is_kept(tmp_path: Path) -> None:
    credit = CREDIT.replace("<DbtrAcct>", "<UltmtDbtr><Pty><Nm>Behind Ltd</Nm></Pty></UltmtDbtr><DbtrAcct>")
    reading = read(
        tmp_path, statement(balance("OPBD", "0"), entry("250.50", "CRDT", credit), balance("CLBD", "250.50"))
    )
    [payment] = [one for one in reading.statements if isinstance(one, Payment)]
    assert payment.properties["ultimatePayer"] == ("camt053-Behind Ltd",)


def test_utf_16_is_recognised_by_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "march.xml"
    path.write_text(statement(*WHOLE, balance("CLBD", "300.50")), encoding="utf-16")
    assert camt053.sniff(Head(path))
    reading = camt053.read([SourceFile(path=path, name=path.name)], ReadOptions())
    assert sum(isinstance(one, Payment) for one in reading.statements) == 2


def test_a_balance_that_does_not_follow_is_told_with_both_figures(tmp_path: Path) -> None:
    reading = read(tmp_path, statement(*WHOLE, balance("CLBD", "20.00", "DBIT")))
    assert reading.notes == (
        "march.xml: statement 'S-1': closing balance EUR -20.00, but opening balance and entries make 300.50: "
        "entries may be missing",
    )
    assert sum(isinstance(one, Payment) for one in reading.statements) == 2


def test_a_missing_balance_is_told(tmp_path: Path) -> None:
    reading = read(tmp_path, statement(*WHOLE))
    assert reading.notes == (
        "march.xml: statement 'S-1': no closing balance; whether entries are missing cannot be told",
    )


def test_a_reversal_takes_back_the_payment_with_its_sign(tmp_path: Path) -> None:
    # A debit of 50 and its reversal, booked as a credit: both go from the account to Shell SA, 50 and -50.
    parts = (
        entry("50.00", "DBIT", DEBIT),
        entry("50.00", "CRDT", DEBIT, more="<RvslInd>true</RvslInd>"),
    )
    reading = read(tmp_path, statement(balance("OPBD", "60.00"), *parts, balance("CLBD", "60.00")))
    assert reading.notes == ()
    payments = [one for one in reading.statements if isinstance(one, Payment)]
    assert [(one.beneficiary, one.amount) for one in payments] == [
        ("camt053-12-345", Decimal("50.00")),
        ("camt053-12-345", Decimal("-50.00")),
    ]
    assert payments[1].properties["kind"] == ("reversal",)


def test_a_batch_is_its_transactions_where_their_amounts_add_up(tmp_path: Path) -> None:
    def part(amount: str) -> str:
        return CREDIT.replace("<RltdPties>", f'<Amt Ccy="EUR">{amount}</Amt><RltdPties>')

    whole = entry("3.00", "CRDT", part("1.25") + part("1.75"))
    torn = entry("3.00", "CRDT", part("1.25") + part("1.70"))
    reading = read(tmp_path, statement(balance("OPBD", "0.00"), whole, torn, balance("CLBD", "6.00")))
    payments = [one for one in reading.statements if isinstance(one, Payment)]
    assert [(one.id, one.amount, one.count, one.payer is None) for one in payments] == [
        ("camt053-march-1.1", Decimal("1.25"), 1, False),
        ("camt053-march-1.2", Decimal("1.75"), 1, False),
        ("camt053-march-2", Decimal("3.00"), 2, True),
    ]


def test_what_is_not_booked_is_skipped_and_what_is_wrong_rejected(tmp_path: Path) -> None:
    bad = [
        entry("NaN", "CRDT", CREDIT),
        entry("1.005", "CRDT", CREDIT),
        entry("-1.00", "CRDT", CREDIT),
        entry("1.00", "UPWARDS", CREDIT),
        entry("1.00", "CRDT", CREDIT).replace("2019-03-05", "2019-02-30"),
        entry("1.00", "CRDT", CREDIT).replace('Ccy="EUR"', 'Ccy="EURO"'),
    ]
    reading = read(tmp_path, statement(*bad, entry("1.00", "CRDT", CREDIT, status="PDNG")))
    statements = list(reading.statements)
    rejects = [one for one in statements if isinstance(one, Reject)]
    assert [one.code for one in rejects] == ["E1203", "E1207", "E1203", "E1212", "E1204", "E1206"]
    assert [one.reason for one in statements if isinstance(one, Skip)] == ["not booked: its status is 'PDNG'"]
    assert [one.records for one in statements if isinstance(one, Counted)] == [7]
    assert rejects[0].raw.decode() == bad[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<!DOCTYPE x [<!ENTITY a "b">]>' + statement().partition("\n")[2], "DTD"),
        (statement(*WHOLE)[:-40], "ends too early"),
        (statement(*WHOLE).replace("camt.053", "camt.052"), "camt.053 has Document"),
        ("<CONSOLIDATED_LIST/>", "the root is 'CONSOLIDATED_LIST'"),
        (statement(*WHOLE).replace("BkToCstmrStmt", "BkToCstmrAcctRpt"), "the Document has no BkToCstmrStmt"),
        (statement("<a>" * 300 + "</a>" * 300), "nested deeper than 256"),
        ("", "the file is empty"),
    ],
)
def test_other_files_are_refused_whole(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "march.xml"
    path.write_text(text)
    with pytest.raises(InputError, match=words):
        camt053.read([SourceFile(path=path, name=path.name)], ReadOptions())


def test_a_statement_becomes_a_case_and_a_network(tmp_path: Path) -> None:
    path = tmp_path / "march.xml"
    path.write_text(statement(*WHOLE, entry("1e5", "CRDT", CREDIT), balance("CLBD", "300.50")))
    answer = finnet.ingest([path], case=tmp_path / "c.finnet")
    [row] = answer.rows
    assert {name: row[name] for name in ("format", "records", "loaded", "rejected", "payments", "entities")} == {
        "format": "camt053",
        "records": 3,
        "loaded": 2,
        "rejected": 1,
        "payments": 2,
        "entities": 9,
    }
    with finnet.open_case(tmp_path / "c.finnet") as case:
        network = case.network("payments")
        [raw] = case.rows("select byte_offset from v1_payment where record = 1")
    # Mule to the account's holder; the holder to the correspondent, and on to Shell SA.
    assert network.edge_count == 3
    assert path.read_bytes()[raw["byte_offset"] :].startswith(b"<Ntry>")


def test_the_time_of_booking_is_kept_with_its_offset(tmp_path: Path) -> None:
    at = "<BookgDt><DtTm>2019-03-05T23:30:00+01:00</DtTm></BookgDt>"
    text = statement(entry("1.00", "CRDT", CREDIT).replace("<BookgDt><Dt>2019-03-05</Dt></BookgDt>", at), *WHOLE)
    payments = [one for one in read(tmp_path, text).statements if isinstance(one, Payment)]
    assert [(one.booked_on, one.booked_at) for one in payments] == [
        ("2019-03-05", "2019-03-05T23:30:00+01:00"),
        ("2019-03-05", None),
        ("2019-03-05", None),
    ]

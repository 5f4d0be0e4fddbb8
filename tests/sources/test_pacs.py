"""pacs.008 and pacs.009: invented transfers of the published shape, with all banks on the way."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import finnet
from finnet.errors import InputError
from finnet.model.reading import Head, Reading, ReadOptions, SourceFile
from finnet.model.statement import Counted, Entity, Payment, Reject
from finnet.sources import pacs008, pacs009


def agent(name: str, bic: str, tag: str = "BICFI") -> str:
    return f"<{name}><FinInstnId><{tag}>{bic}</{tag}></FinInstnId></{name}>"


def customer(*, amount: str = "1000.00", currency: str = "USD", more: str = "", settled: str = "2019-03-05") -> str:
    return (
        f"<CdtTrfTxInf><PmtId><EndToEndId>E1</EndToEndId><UETR>u-1</UETR></PmtId>"
        f'<IntrBkSttlmAmt Ccy="{currency}">{amount}</IntrBkSttlmAmt><IntrBkSttlmDt>{settled}</IntrBkSttlmDt>{more}'
        "<Dbtr><Nm>Front One Ltd</Nm><PstlAdr><TwnNm>Nowhere</TwnNm><Ctry>CN</Ctry></PstlAdr>"
        "<Id><OrgId><LEI>5299000INVENTED00042</LEI></OrgId></Id></Dbtr>"
        "<DbtrAcct><Id><Othr><Id>777</Id></Othr></Id></DbtrAcct>"
        f"{agent('DbtrAgt', 'AAAACNSHXXX')}{agent('CdtrAgt', 'BBBBAEAD')}"
        "<Cdtr><Nm>Front Two FZE</Nm></Cdtr><CdtrAcct><Id><IBAN>AE070331234567890123456</IBAN></Id></CdtrAcct>"
        "<Purp><Cd>TRAD</Cd></Purp><RmtInf><Ustrd>coal</Ustrd></RmtInf></CdtTrfTxInf>"
    )


def message(body: str, *transactions: str, kind: str = "pacs.008", version: str = "08") -> str:
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{kind}.001.{version}"><{body}><GrpHdr><MsgId>M</MsgId>'
        f"<CreDtTm>2019-03-04T23:30:00+09:00</CreDtTm>{agent('InstgAgt', 'AAAACNSH')}{agent('InstdAgt', 'CCCCUS33')}"
        f"</GrpHdr>{''.join(transactions)}</{body}></Document>"
    )


def read(folder: Path, text: str, source=pacs008) -> Reading:
    path = folder / "transfers.xml"
    path.write_text(text, encoding="utf-8")
    assert source.sniff(Head(path))
    assert not (pacs009 if source is pacs008 else pacs008).sniff(Head(path))
    return source.read([SourceFile(path=path, name=path.name)], ReadOptions())


BETWEEN = agent("IntrmyAgt1", "CCCCUS33XXX") + agent("IntrmyAgt2", "DDDDGB2L")


def test_a_customer_transfer_has_parties_accounts_and_every_bank(tmp_path: Path) -> None:
    reading = read(tmp_path, message("FIToFICstmrCdtTrf", customer(more=BETWEEN)))
    statements = list(reading.statements)
    [payment] = [one for one in statements if isinstance(one, Payment)]
    assert (payment.payer, payment.payer_account) == ("lei-5299000INVENTED00042", "777")
    assert (payment.beneficiary, payment.beneficiary_account) == (
        "iban-AE070331234567890123456",
        "AE070331234567890123456",
    )
    assert (payment.amount, payment.currency, payment.booked_on) == (Decimal("1000.00"), "USD", "2019-03-05")
    assert (payment.intermediary, payment.purpose) == ("bic-CCCCUS33", "coal TRAD")
    assert dict(payment.properties) == {
        "beneficiaryBank": ("bic-BBBBAEAD",),
        "beneficiaryName": ("Front Two FZE",),
        "endToEndId": ("E1",),
        "instructedAgent": ("bic-CCCCUS33",),
        "instructingAgent": ("bic-AAAACNSH",),
        "intermediaryAgents": ("bic-CCCCUS33", "bic-DDDDGB2L"),
        "payerBank": ("bic-AAAACNSH",),
        "payerName": ("Front One Ltd",),
        "uetr": ("u-1",),
    }
    assert reading.notes == (
        "1 payments pass more than one intermediary agent: the first is the intermediary, all are kept",
    )
    countries = {one.id: one.country for one in statements if isinstance(one, Entity) and one.id.startswith("bic-")}
    assert countries == {"bic-AAAACNSH": "cn", "bic-BBBBAEAD": "ae", "bic-CCCCUS33": "us", "bic-DDDDGB2L": "gb"}


def test_old_versions_have_the_old_tags(tmp_path: Path) -> None:
    text = message("FIToFICstmrCdtTrf", customer(), version="02").replace("BICFI", "BIC")
    [payment] = [one for one in read(tmp_path, text).statements if isinstance(one, Payment)]
    assert payment.properties["payerBank"] == ("bic-AAAACNSH",)


def test_without_a_settlement_date_the_day_is_the_messages_own_as_written(tmp_path: Path) -> None:
    text = message("FIToFICstmrCdtTrf", customer().replace("<IntrBkSttlmDt>2019-03-05</IntrBkSttlmDt>", ""))
    [payment] = [one for one in read(tmp_path, text).statements if isinstance(one, Payment)]
    assert payment.booked_on == "2019-03-04"


def test_banks_pay_each_other_and_the_customers_below_are_kept_apart(tmp_path: Path) -> None:
    cover = (
        '<CdtTrfTxInf><PmtId><EndToEndId>E9</EndToEndId></PmtId><IntrBkSttlmAmt Ccy="JPY">5000000</IntrBkSttlmAmt>'
        "<IntrBkSttlmDt>2019-03-05</IntrBkSttlmDt>"
        f"{agent('Dbtr', 'AAAACNSH')}{agent('Cdtr', 'BBBBAEAD')}"
        "<UndrlygCstmrCdtTrf><Dbtr><Nm>Front One Ltd</Nm></Dbtr><Cdtr><Nm>Front Two FZE</Nm></Cdtr>"
        "<RmtInf><Ustrd>coal</Ustrd></RmtInf></UndrlygCstmrCdtTrf></CdtTrfTxInf>"
    )
    reading = read(tmp_path, message("FICdtTrf", cover, kind="pacs.009"), pacs009)
    [payment] = [one for one in reading.statements if isinstance(one, Payment)]
    assert (payment.payer, payment.beneficiary, payment.amount) == ("bic-AAAACNSH", "bic-BBBBAEAD", Decimal(5_000_000))
    assert payment.properties["underlyingPayer"] == ("pacs009-Front One Ltd",)
    assert payment.properties["underlyingBeneficiary"] == ("pacs009-Front Two FZE",)


def test_a_wrong_transaction_costs_itself_only(tmp_path: Path) -> None:
    wrong = [
        customer(amount="1e5"),
        customer(amount="10.5", currency="JPY"),
        customer(settled="2019-02-30"),
        customer().replace("Ccy=", "Currency="),
    ]
    reading = read(tmp_path, message("FIToFICstmrCdtTrf", *wrong, customer()))
    statements = list(reading.statements)
    assert [one.code for one in statements if isinstance(one, Reject)] == ["E1203", "E1207", "E1204", "E1206"]
    assert [one.records for one in statements if isinstance(one, Counted)] == [5]
    assert {one.origin.record for one in statements if isinstance(one, Entity | Payment)} == {5}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (message("FIToFICstmrCdtTrf", customer())[:-30], "ends too early"),
        (message("FICdtTrf", kind="pacs.009"), "pacs.008 has Document"),
        ("<!DOCTYPE Document><Document/>", "DTD"),
    ],
)
def test_other_files_are_refused_whole(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "t.xml"
    path.write_text(text)
    with pytest.raises(InputError, match=words):
        pacs008.read([SourceFile(path=path, name=path.name)], ReadOptions())


def test_a_payment_to_oneself_and_hostile_names_are_stored_as_they_are(tmp_path: Path) -> None:
    name = '<script>alert(1)</script>=HYPERLINK("x")'
    escaped = name.replace("<", "&lt;").replace(">", "&gt;")
    itself = customer().replace("Front One Ltd", escaped).replace("Front Two FZE", escaped)
    itself = itself.replace("<Id><OrgId><LEI>5299000INVENTED00042</LEI></OrgId></Id>", "")
    itself = itself.replace("<Othr><Id>777</Id></Othr>", "<IBAN>AE070331234567890123456</IBAN>")
    path = tmp_path / "t.xml"
    path.write_text(message("FIToFICstmrCdtTrf", itself))
    finnet.ingest([path], case=tmp_path / "c.finnet")
    with finnet.open_case(tmp_path / "c.finnet") as case:
        [row] = case.rows("select payer_id, beneficiary_id, amount from v1_payment")
        [held] = case.rows("select caption from v1_entity where entity_id = $id", {"id": row["payer_id"]})
    assert row["payer_id"] == row["beneficiary_id"]
    assert held["caption"] == name


def test_who_pays_and_is_paid_in_the_end_is_somebody_to_be_found(tmp_path: Path) -> None:
    more = (
        '<InstdAmt Ccy="EUR">900.00</InstdAmt><ChrgBr>SHAR</ChrgBr><UltmtDbtr><Nm>Behind One</Nm></UltmtDbtr>'
        "<UltmtCdtr><Nm>Behind Two</Nm></UltmtCdtr>"
    )
    statements = read(tmp_path, message("FIToFICstmrCdtTrf", customer(more=more))).statements
    [payment] = [one for one in statements if isinstance(one, Payment)]
    said = {
        name: payment.properties[name] for name in ("ultimatePayer", "ultimateBeneficiary", "instructed", "charges")
    }
    assert said == {
        "ultimatePayer": ("pacs008-Behind One",),
        "ultimateBeneficiary": ("pacs008-Behind Two",),
        "instructed": ("EUR900.00",),
        "charges": ("SHAR",),
    }
    names = {one.caption for one in statements if isinstance(one, Entity)}
    assert names >= {"Behind One", "Behind Two"}


def test_a_header_that_counts_otherwise_is_told_with_both_figures(tmp_path: Path) -> None:
    def counted(number: str, total: str) -> tuple[str, ...]:
        text = message("FIToFICstmrCdtTrf", customer(), customer(amount="5.50"))
        header = f'<NbOfTxs>{number}</NbOfTxs><TtlIntrBkSttlmAmt Ccy="USD">{total}</TtlIntrBkSttlmAmt></GrpHdr>'
        return read(tmp_path, text.replace("</GrpHdr>", header)).notes

    assert counted("2", "1005.50") == ()  # 1000.00 + 5.50
    assert counted("3", "1005.51") == (
        "transfers.xml: message 'M': its header counts '3' transactions, read were 2: some may be missing",
        "transfers.xml: message 'M': its header's total is USD 1005.51, those read make 1005.50: some may be missing",
    )
    [note] = counted("2", "NaN")
    assert "its total cannot be checked" in note


def test_what_was_not_provided_is_no_bank_of_romania_and_no_party(tmp_path: Path) -> None:
    text = (
        message("FIToFICstmrCdtTrf", customer())
        .replace("Front Two FZE", "NOTPROVIDED")
        .replace("BBBBAEAD", "NOTPROVIDED")
    )
    text = text.replace("<IBAN>AE070331234567890123456</IBAN>", "<Othr><Id>NOTPROVIDED</Id></Othr>")
    statements = read(tmp_path, text).statements
    [payment] = [one for one in statements if isinstance(one, Payment)]
    assert (payment.beneficiary, payment.beneficiary_account) == (None, None)
    assert not any("NOTPROVIDED" in one.id for one in statements if isinstance(one, Entity))

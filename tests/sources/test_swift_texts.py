"""MT103, MT202 COV and MT940: invented messages of the published shape, and files that are refused."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import finnet
from finnet.errors import InputError
from finnet.model.reading import Head, Reading, ReadOptions, SourceFile
from finnet.model.statement import Counted, Entity, Payment, Reject
from finnet.sources import mt103, mt202cov, mt940

TRANSFER = """{1:F01AAAACNSHAXXX0000000000}{2:I103BBBBAEADXXXXN}{3:{108:REF}{121:u-1}}{4:
:20:REF-1
:23B:CRED
:32A:190305USD1234,5
:50K:/777
FRONT ONE LTD
1 MADE-UP ROAD
NOWHERE
:52A:AAAACNSH
:53A:CCCCUS33XXX
:56A:DDDDGB2L
:57A:BBBBAEAD
:59:/AE070331234567890123456
FRONT TWO FZE
DUBAI
:70:COAL
INVOICE 7
:71A:SHA
-}{5:{CHK:123456789ABC}}
"""
COVER = """{1:F01AAAACNSHAXXX0000000000}{2:O2021200190305CCCCUS33AXXX00000000001903051201N}{3:{119:COV}}{4:
:20:REF-2
:21:REF-1
:32A:190305USD1234,50
:52A:AAAACNSH
:58A:BBBBAEAD
:50F:/777
1/FRONT ONE LTD
2/1 MADE-UP ROAD
3/CN/NOWHERE
:52A:EEEEKPPY
:59F:/AE070331234567890123456
1/FRONT TWO FZE
3/AE/DUBAI
:70:COAL
-}
"""
STATEMENT = """{1:F01AAAADEFFAXXX0000000000}{2:I940BBBBDEFFXXXXN}{4:
:20:STARTUMS
:25:AAAADEFF/DE89370400440532013000
:28C:3/1
:60F:C190304EUR1000,00
:61:1903050305D100,25NTRFNONREF//B1
:86:177?00TRANSFER?20INVOICE 7?21SECOND?30MULECY2N?31CY17002001280000001200527600?32MULE
LTD?33 CYPRUS
:61:1903050306C50,NTRFREF2
:86:/EREF/E2/NAME/Shell SA/IBAN/FR1420041010050500013M02606/REMI/rent
:61:1812310102RD100,25NTRFNONREF
:86:177?32MULE LTD?31CY17002001280000001200527600
:61:190306RC50,NTRFREF2
free words of the bank
:62F:C190306EUR1000,00
-}
"""


def read(folder: Path, text: str | bytes, source) -> Reading:
    path = folder / "messages.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert [one for one in (mt103, mt202cov, mt940) if one.sniff(Head(path))] == [source]
    return source.read([SourceFile(path=path, name=path.name)], ReadOptions())


def payments(reading: Reading) -> list[Payment]:
    return [one for one in reading.statements if isinstance(one, Payment)]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_customer_transfer_has_parties_accounts_and_every_bank(tmp_path: Path, line_end: str) -> None:
    reading = read(tmp_path, TRANSFER.replace("\n", line_end), mt103)
    statements = list(reading.statements)
    [payment] = [one for one in statements if isinstance(one, Payment)]
    assert (payment.payer, payment.payer_account) == ("mt103-777", "777")
    assert (payment.beneficiary, payment.beneficiary_account) == (
        "iban-AE070331234567890123456",
        "AE070331234567890123456",
    )
    assert (payment.amount, payment.currency, payment.booked_on) == (Decimal("1234.5"), "USD", "2019-03-05")
    assert (payment.intermediary, payment.purpose) == ("bic-DDDDGB2L", "COAL INVOICE 7")
    told = {name: payment.properties[name] for name in ("sender", "receiver", "sendersCorrespondent", "reference")}
    assert told == {
        "sender": ("bic-AAAACNSH",),
        "receiver": ("bic-BBBBAEAD",),
        "sendersCorrespondent": ("bic-CCCCUS33",),
        "reference": ("REF-1",),
    }
    entities = {one.id: (one.caption, one.country) for one in statements if isinstance(one, Entity)}
    assert entities["mt103-777"] == ("FRONT ONE LTD", None)
    assert entities["bic-CCCCUS33"] == ("CCCCUS33", "us")
    assert entities["AE070331234567890123456"] == ("AE070331234567890123456", "ae")


def test_a_cover_payment_moves_money_between_banks_for_customers_that_it_names(tmp_path: Path) -> None:
    [payment] = payments(read(tmp_path, COVER, mt202cov))
    assert (payment.payer, payment.beneficiary, payment.amount) == ("bic-AAAACNSH", "bic-BBBBAEAD", Decimal("1234.50"))
    assert payment.intermediary is None
    # An output message: block 2 has the sender, block 1 the receiver. The customers' own bank is no bank of the cover.
    assert (payment.properties["sender"], payment.properties["receiver"]) == (("bic-CCCCUS33",), ("bic-AAAACNSH",))
    assert payment.properties["orderingInstitution"] == ("bic-AAAACNSH",)
    assert payment.properties["underlyingPayer"] == ("mt202-777",)
    assert payment.properties["kind"] == ("cover",)


def test_a_numbered_party_has_its_country(tmp_path: Path) -> None:
    reading = read(
        tmp_path, TRANSFER.replace(":50K:/777\nFRONT ONE LTD", ":50F:/777\n1/FRONT ONE\n1/LTD\n3/CN/X"), mt103
    )
    [party] = [one for one in reading.statements if isinstance(one, Entity) and one.id == "mt103-777"]
    assert (party.caption, party.country) == ("FRONT ONE LTD", "cn")


def test_a_statement_has_entries_reversals_and_a_balance_that_adds_up(tmp_path: Path) -> None:
    # 1000.00 - 100.25 + 50 + 100.25 (a debit taken back) - 50 (a credit taken back) = 1000.00
    reading = read(tmp_path, STATEMENT, mt940)
    assert reading.notes == ()
    own = ("iban-DE89370400440532013000", "DE89370400440532013000")
    mule = ("iban-CY17002001280000001200527600", "CY17002001280000001200527600")
    shell = ("iban-FR1420041010050500013M02606", "FR1420041010050500013M02606")
    statements = list(reading.statements)
    found = [one for one in statements if isinstance(one, Payment)]
    assert [
        (one.payer, one.payer_account, one.beneficiary, one.beneficiary_account, str(one.amount), one.booked_on)
        for one in found
    ] == [
        (*own, *mule, "100.25", "2019-03-05"),
        (*shell, *own, "50", "2019-03-06"),
        # Value on the last day of 2018, booked on 2 January: of the next year.
        (*own, *mule, "-100.25", "2019-01-02"),
        (None, None, *own, "-50", "2019-03-06"),
    ]
    assert found[0].purpose.startswith("177?00TRANSFER?20INVOICE 7?21SECOND")
    assert found[3].purpose == "free words of the bank"
    names = {one.id: one.caption for one in statements if isinstance(one, Entity)}
    assert (names[mule[0]], names[shell[0]]) == ("MULELTD CYPRUS", "Shell SA")


def test_a_statement_without_header_blocks_is_read_too(tmp_path: Path) -> None:
    bare = STATEMENT.partition("{4:\n")[2].replace("-}\n", "-\n")
    assert len(payments(read(tmp_path, bare + bare.replace(":28C:3/1", ":28C:4/1"), mt940))) == 8


# What three banks' exports look like: a Polish one with ~ before its codes, ING's /CNTP/ and currency behind the
# account, Rabobank's :940: in the first line and the other account below field 61. The account numbers are invented.
DIALECTS = {
    "pl": """:20:1
:25:/PL25106000760000888888888888
:28C:1
:60F:C190301PLN100,00
:61:1903020302C1234,56FTRFNONREF
:86:020~00BE02
~20invoice 1
~32Invented
~33 Sp. z o.o.
~38PL83101010230000261395100000
:62F:C190302PLN1334,56
-
""",
    "cntp": """{1:F01AAAANL2AXXX0000000000}{2:I940AAAANL2AXXXN}{4:
:20:P1
:25:NL32RABO0123456789EUR
:28C:0
:60F:C190301EUR100,00
:61:1903020302C1234,56NTRFEREF
/TRCD/00100/
:86:/CNTP/PL83101010230000261395100000/AAAAPLP2/Invented
 Sp. z o.o.///REMI/USTD//invoice 1/
:62F:C190302EUR1334,56
-}
""",
    "940": """:940:
:20:940S190302
:25:NL32RABO0123456789 EUR
:28C:1
:60F:C190301EUR000000100,00
:61:190302C000001234,56N541EREF
PL83101010230000261395100000
:86:/EREF/E1/NAME/Invented Sp. z o.o./REMI/invoice 1
:62F:C190302EUR000001334,56
:940:
:20:940S190303
:25:NL32RABO0123456789 EUR
:28C:2
:60F:C190302EUR000001334,56
:62F:C190302EUR000001334,56
""",
}


@pytest.mark.parametrize(("dialect", "own"), [("pl", "PL25106000760000888888888888"), ("cntp", ""), ("940", "")])
def test_the_other_side_is_found_in_what_banks_of_three_countries_write(tmp_path: Path, dialect: str, own: str) -> None:
    reading = read(tmp_path, DIALECTS[dialect], mt940)
    assert reading.notes == ()
    [payment] = payments(reading)
    assert payment.payer_account == "PL83101010230000261395100000"
    assert payment.beneficiary_account == (own or "NL32RABO0123456789")
    [name] = [one.caption for one in reading.statements if isinstance(one, Entity) and one.id == payment.payer]
    assert name == "Invented Sp. z o.o."


def test_a_number_that_two_banks_may_have_given_keeps_its_bank(tmp_path: Path) -> None:
    text = STATEMENT.replace(":25:AAAADEFF/DE89370400440532013000", ":25:10010010/1234567890")
    text = text.replace("?30MULECY2N?31CY17002001280000001200527600", "?3020020020?311234567890")
    first = payments(read(tmp_path, text, mt940))[0]
    assert (first.payer_account, first.beneficiary_account) == ("10010010/1234567890", "20020020/1234567890")


def test_a_balance_that_does_not_follow_is_told_with_both_figures(tmp_path: Path) -> None:
    reading = read(tmp_path, STATEMENT.replace(":62F:C190306EUR1000,00", ":62F:D190306EUR1,00"), mt940)
    assert reading.notes == (
        "messages.txt: statement '3/1' of 'AAAADEFF/DE89370400440532013000': closing balance EUR -1.00, but opening "
        "balance and entries make 1000.00: entries may be missing",
    )
    assert len(payments(reading)) == 4


def test_wrong_values_are_rejected_with_their_bytes(tmp_path: Path) -> None:
    wrong = [
        TRANSFER.replace("190305USD1234,5", "190230USD1234,5"),
        TRANSFER.replace("190305USD1234,5", "190305USD1234.5"),
        TRANSFER.replace("190305USD1234,5", "190305USDNaN,"),
        TRANSFER.replace("190305USD1234,5", "190305USD-5,00"),
        TRANSFER.replace("190305USD1234,5", "190305JPY5,5"),
        TRANSFER.replace("190305USD1234,5", "190305XXZ5,5"),
        TRANSFER.replace(":32A:190305USD1234,5\n", ""),
    ]
    bytes_ = "".join(wrong).encode() + TRANSFER.replace("LTD", "LT\xdc").encode("latin-1")
    statements = list(read(tmp_path, bytes_, mt103).statements)
    rejects = [one for one in statements if isinstance(one, Reject)]
    assert [one.code for one in rejects] == [
        "E1204", "E1203", "E1203", "E1203", "E1207", "E1206", "E1205", "E1211",
    ]  # fmt: skip
    assert rejects[1].raw.decode() == wrong[1].strip()
    assert [one.records for one in statements if isinstance(one, Counted)] == [8]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty"),
        ("no message at all\n", "no SWIFT message"),
        (TRANSFER[:200], "the message ends too early"),
        (TRANSFER + TRANSFER[:40], "it has no block 4"),
        (TRANSFER + COVER, "an MT202 stands where MT103 is read"),
    ],
)
def test_other_files_are_refused_whole(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "messages.txt"
    path.write_text(text)
    with pytest.raises(InputError, match=words):
        mt103.read([SourceFile(path=path, name=path.name)], ReadOptions())


@pytest.mark.parametrize(("text", "kind"), [(TRANSFER, "mt103"), (COVER, "mt202cov"), (STATEMENT, "mt940")])
def test_each_is_recognised_and_stored(tmp_path: Path, text: str, kind: str) -> None:
    path = tmp_path / "messages.txt"
    path.write_text(text)
    [row] = finnet.ingest([path], case=tmp_path / "c.finnet").rows
    assert (row["format"], row["rejected"], row["loaded"]) == (kind, 0, row["records"])
    [again] = finnet.ingest([path], case=tmp_path / "c.finnet").rows
    assert again["status"] == "unchanged"


def test_the_source_of_a_message_and_of_an_entry_is_shown_whole(tmp_path: Path) -> None:
    for name, text in (("transfer.txt", TRANSFER), ("statement.txt", STATEMENT)):
        (tmp_path / name).write_text(text)
        finnet.ingest([tmp_path / name], case=tmp_path / "c.finnet")
    with finnet.open_case(tmp_path / "c.finnet") as case:
        [transfer] = finnet.source(case, "mt103-777").rows
        [entry] = finnet.source(case, "iban-FR1420041010050500013M02606").rows
    assert transfer["raw"] == TRANSFER.strip()
    assert (
        entry["raw"]
        == ":61:1903050306C50,NTRFREF2\n:86:/EREF/E2/NAME/Shell SA/IBAN/FR1420041010050500013M02606/REMI/rent"
    )


@pytest.mark.parametrize("field", [b":25:", b":28C:", b":60F:", b":62F:"])
def test_a_statement_with_a_byte_that_is_no_utf_8_costs_its_entries_and_no_trace(tmp_path: Path, field: bytes) -> None:
    path = tmp_path / "s.sta"
    path.write_bytes(STATEMENT.encode().replace(field, field + b"\xe4", 1))
    answer = finnet.ingest([path], case=tmp_path / "c.finnet", max_rejects=99)
    row = answer.rows[0]
    assert (row["records"], row["loaded"] + row["rejected"]) == (4, 4)
    assert row["rejected"] == (4 if field != b":62F:" else 0)

"""SWIFT MT940 bank statements, text: booked entries with their free text kept whole, balances checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from finnet.errors import quoted
from finnet.model.money import check_currency
from finnet.model.reading import Head, Reading, ReadOptions, SourceFile
from finnet.model.refusal import Refusal
from finnet.model.statement import Counted, Origin, Payment, Reject, Statement
from finnet.sources._messages.balance import Balance, check_balances
from finnet.sources._messages.book import Bank, Book, Party, account_number, bic_in, is_iban, name_in
from finnet.sources._messages.said import stated
from finnet.sources._messages.swift import Field, Message, amount_in, day_in, is_message, messages

__all__ = ["GRADE", "IS_LIST", "TITLE", "TOGETHER", "read", "sniff"]

TITLE = "SWIFT MT940 bank statement, text"
GRADE = "B2"  # a bank's own books, as handed on by somebody
IS_LIST = False
TOGETHER = True

_BALANCE = re.compile(r"([CD])([0-9]{6})([A-Z]{3})([0-9]+,[0-9]*)")
_ENTRY = re.compile(
    r"(?P<value>[0-9]{6})(?P<entry>[0-9]{4})?(?P<mark>R?[CD])(?P<funds>[A-Z])?(?P<amount>[0-9]+,[0-9]*)"
    r"(?P<kind>[A-Z][A-Z0-9]{3})?(?P<reference>[^\n]*)(?:\n(?P<more>.*))?",
    re.DOTALL,
)
# How banks name the other side within field 86: by two-digit codes behind a sign of their own (? in Germany, ~ or < in
# Poland), which the code of the transaction goes before; or by words between slashes.
_SIGN = re.compile(r"[0-9]{3}([^0-9A-Za-z\s/])[0-9]{2}")
_NAME_CODES, _BANK_CODE, _ACCOUNT_CODES = ("32", "33"), "30", ("31", "38")
_WORDS = {"name": re.compile(r"/NAME/([^/]+)"), "account": re.compile(r"/IBAN/([^/]+)")}
_COUNTERPARTY = re.compile(r"/CNTP/(?P<account>[^/]*)/(?P<bic>[^/]*)/(?P<name>[^/]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A field 61 and the 86 that follows it."""

    line: Field
    text: str


def sniff(head: Head) -> bool:
    """Whether the first message is a 940, or fields 20, 25 and 60 begin a file without header blocks."""
    start = head.start[:4096]
    return is_message(head, "940") or bool(
        re.match(rb"\s*(?:\{4:\s*)?(?::940:\s*)?:20:[^\n]*\n(?s:.*?)^:60[FM]:", start, re.MULTILINE)
    )


def read(files: Sequence[SourceFile], options: ReadOptions) -> Reading:
    """Each field 61 as a payment between the account (25) and whom field 86 names, if it names anybody.

    Raises: InputError for what is no MT940, or is cut off.
    """
    book = Book(options.dataset or "mt940")
    read = [(file, messages(file, "940")) for file in files]
    statements: list[Statement] = []
    notes: list[str] = []
    for file, found in read:
        records = 0
        for message in found:
            moved: list[Balance] = []
            currency = _currency(message)
            for entry in _entries(message):
                records += 1
                origin = Origin(file.name, records, entry.line.byte_offset)
                label = f"{book.dataset}-{file.name.rpartition('.')[0] or file.name}-{records}"
                try:
                    payment, change = _payment(message, entry, currency, book, origin, label)
                except Refusal as refusal:
                    statements.append(
                        Reject(origin=origin, code=refusal.code, reason=refusal.reason, raw=_raw(file, entry.line))
                    )
                else:
                    statements.append(payment)
                    moved.append(change)
            notes += _check(file, message, moved)
        statements.append(Counted(file=file.name, records=records))
    return Reading(dataset=book.dataset, title=TITLE, statements=(*book.entities(), *statements), notes=tuple(notes))


def _entries(message: Message) -> Iterator[_Entry]:
    for place, field in enumerate(message.fields):
        if field.tag == "61":
            following = message.fields[place + 1] if place + 1 < len(message.fields) else None
            text = following.text if following is not None and following.tag == "86" else ""
            yield _Entry(line=field, text=text)


def _currency(message: Message) -> str:
    """The statement's currency stands with its balances."""
    found = _BALANCE.match(message.text("60F", "60M", "62F", "62M"))
    return "" if found is None else found[3]


def _payment(
    message: Message, entry: _Entry, currency: str, book: Book, origin: Origin, label: str
) -> tuple[Payment, Balance]:
    try:
        f"{entry.line.text}{entry.text}{message.text('25', '25P')}{message.text('28C', '28')}".encode()
    except UnicodeEncodeError:
        raise Refusal("E1211", "the entry or its statement is not valid UTF-8; convert the file first") from None
    said = _ENTRY.fullmatch(entry.line.text)
    if said is None:
        raise Refusal("E1203", f"field 61 {quoted(entry.line.text)} is not a date, a mark C or D and an amount")
    if not currency:
        raise Refusal("E1205", "the statement gives no balance, and so no currency")
    check_currency(currency)
    amount = amount_in(said["amount"], currency)
    value_date = day_in(said["value"])
    booked_on = _booked_on(value_date, said["entry"])
    is_reversal, is_debit = said["mark"].startswith("R"), said["mark"].endswith("D")
    # A reversal takes back a payment that went the way of its mark: RC, the reversal of a credit, leaves the account.
    own_number, bank = _own(message, currency)
    other, other_bank = _other(entry.text, (said["more"] or "").strip())
    accounts = (
        book.account(own_number, origin, bank=bank, currency=currency),
        book.account(other.account, origin, bank=other_bank),
    )
    ids = book.party(Party(account=own_number), origin), book.party(other, origin)
    (payer, beneficiary), (from_account, to_account) = (ids, accounts) if is_debit else (ids[::-1], accounts[::-1])
    payment = Payment(
        id=label,
        origin=origin,
        amount=-amount if is_reversal else amount,
        currency=currency,
        payer=payer,
        beneficiary=beneficiary,
        payer_account=from_account,
        beneficiary_account=to_account,
        booked_on=booked_on,
        purpose=" ".join(entry.text.split()) or " ".join((said["more"] or "").split()) or None,
        properties=stated(
            statement=[message.text("28C", "28")],
            reference=[said["reference"].strip()],
            supplement=[(said["more"] or "").strip()],
            valueDate=[value_date],
            otherName=[other.name],
            text=[entry.text if "\n" in entry.text else None],
            kind=["reversal" if is_reversal else None],
        ),
    )
    change = amount if is_debit is is_reversal else -amount
    return payment, Balance(currency=currency, amount=change)


def _booked_on(value_date: str, entry: str | None) -> str:
    """The entry date has no year: the one that brings it nearest to the value date. Raises: Refusal E1204."""
    if entry is None:
        return value_date
    year = int(value_date[:4])
    distance = int(entry[:2]) - int(value_date[5:7])
    year += (distance < -6) - (distance > 6)
    return day_in(f"{year % 100:02}{entry}")


def _own(message: Message, currency: str) -> tuple[str, Bank]:
    """The account of field 25: behind its bank and a slash, before its currency, on the first of two lines.

    A bank that is not told by its BIC stays with the number, which another bank may have given too.
    """
    said = message.text("25", "25P").split("\n")[0].strip()
    number = said.removesuffix(currency).strip() or said
    bank, _, behind = number.rpartition("/")
    is_told = bool(bic_in(bank))
    return account_number(behind if is_told or not bank else number), Bank(bic=bank) if is_told else Bank()


def _other(text: str, supplement: str) -> tuple[Party, Bank]:
    """Whom field 86 names, by codes or by words; nobody if it has neither. An IBAN below field 61 is the account."""
    joined = text.replace("\n", "")
    sign = _SIGN.match(joined)
    parts = re.split(rf"{re.escape('?' if sign is None else sign[1])}([0-9]{{2}})", joined)
    coded = dict(zip(parts[1::2], parts[2::2], strict=True))
    worded = {word: found[1].strip() for word, pattern in _WORDS.items() if (found := pattern.search(joined))}
    if found := _COUNTERPARTY.search(joined):
        worded |= {word: value.strip() for word, value in found.groupdict().items() if value.strip()}
    name = " ".join("".join(coded.get(code, "") for code in _NAME_CODES).split())
    bank = coded.get(_BANK_CODE, "").strip()
    numbers = [account_number(coded.get(code, "")) for code in _ACCOUNT_CODES]
    account = next((number for number in numbers if is_iban(number)), numbers[0])
    if account and bank and not is_iban(account) and not bic_in(bank):
        account = f"{bank}/{account}"  # as field 25 writes it: the number alone another bank may have given too
    account = account or account_number(worded.get("account", ""))
    if not account and is_iban(supplement):
        account = account_number(supplement)
    return Party(name=name_in(name or worded.get("name", "")), account=account), Bank(
        bic=bic_in(bank or worded.get("bic", ""))
    )


def _check(file: SourceFile, message: Message, moved: Sequence[Balance]) -> list[str]:
    name = f"{file.name}: statement {quoted(message.text('28C', '28'))} of {quoted(message.text('25', '25P'))}"
    try:
        opening, closing = (_balance(message, *tags) for tags in (("60F", "60M"), ("62F", "62M")))
    except Refusal as refusal:
        return [f"{name}: its balances cannot be checked: {refusal.reason}"]
    return check_balances(name, opening, moved, closing)


def _balance(message: Message, *tags: str) -> Balance | None:
    text = message.text(*tags)
    found = _BALANCE.fullmatch(text)
    if found is None:
        if text:
            raise Refusal("E1203", f"{quoted(text)} is not a balance")
        return None
    amount = amount_in(found[4], found[3])
    return Balance(currency=found[3], amount=amount if found[1] == "C" else -amount)


def _raw(file: SourceFile, field: Field) -> bytes:
    with file.path.open("rb") as stream:
        stream.seek(field.byte_offset)
        return stream.read(field.end - field.byte_offset).rstrip(b"\r\n")

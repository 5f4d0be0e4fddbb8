"""What MT103 and MT202 share: one payment a message, and the banks on its way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from finnet.errors import quoted
from finnet.model.money import check_currency
from finnet.model.reading import Reading, ReadOptions, SourceFile
from finnet.model.refusal import Refusal
from finnet.model.statement import Counted, Origin, Payment, Reject, Statement
from finnet.sources._messages.book import Bank, Book
from finnet.sources._messages.swift import Message, amount_in, bank_in, day_in, messages

__all__ = ["Settled", "banks_of", "read_messages", "settled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Field 32A: when, how much, in what."""

    day: str
    currency: str
    amount: Decimal


def settled(message: Message) -> Settled:
    """What is settled. Raises: Refusal."""
    text = message.text("32A")
    if not text:
        raise Refusal("E1205", "field 32A is missing")
    if len(text) < 10:
        raise Refusal("E1203", f"32A {quoted(text)} is not a date, a currency and an amount, as in 190305EUR1234,56")
    currency = check_currency(text[6:9])
    return Settled(day=day_in(text[:6]), currency=currency, amount=amount_in(text[9:].strip(), currency))


def banks_of(message: Message, book: Book, origin: Origin) -> dict[str, str | None]:
    """The banks' ids: those that sent and received the message, and what fields 52 to 57 name."""
    said = {
        "sender": Bank(bic=message.sender),
        "receiver": Bank(bic=message.receiver),
        "orderingInstitution": bank_in(message.first("52A", "52D")),
        "sendersCorrespondent": bank_in(message.first("53A", "53B", "53D")),
        "receiversCorrespondent": bank_in(message.first("54A", "54B", "54D")),
        "thirdReimbursement": bank_in(message.first("55A", "55B", "55D")),
        "intermediaryAgents": bank_in(message.first("56A", "56C", "56D")),
        "accountWithInstitution": bank_in(message.first("57A", "57B", "57C", "57D")),
    }
    return {role: book.bank(bank, origin) for role, bank in said.items()}


def read_messages(
    kind: str,
    title: str,
    files: Sequence[SourceFile],
    options: ReadOptions,
    payment_of: Callable[[Message, Book, Origin, str], Payment],
) -> Reading:
    """Each message as one payment, made by ``payment_of``, which raises Refusal before it names anybody.

    Raises: InputError for what is no such message, or is cut off.
    """
    book = Book(options.dataset or f"mt{kind}")
    read = [(file, messages(file, kind)) for file in files]
    statements: list[Statement] = []
    for file, found in read:
        for number, message in enumerate(found, start=1):
            origin = Origin(file.name, number, message.byte_offset)
            label = f"{book.dataset}-{file.name.rpartition('.')[0] or file.name}-{number}"
            try:
                _check_text(message)
                statements.append(payment_of(message, book, origin, label))
            except Refusal as refusal:
                with file.path.open("rb") as stream:
                    stream.seek(message.byte_offset)
                    raw = stream.read(message.end - message.byte_offset)
                statements.append(Reject(origin=origin, code=refusal.code, reason=refusal.reason, raw=raw))
        statements.append(Counted(file=file.name, records=len(found)))
    return Reading(dataset=book.dataset, title=title, statements=(*book.entities(), *statements))


def _check_text(message: Message) -> None:
    for field in message.fields:
        try:
            field.text.encode()
        except UnicodeEncodeError:
            raise Refusal("E1211", f"field {field.tag} is not valid UTF-8; convert the file first") from None

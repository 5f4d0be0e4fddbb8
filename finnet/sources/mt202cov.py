"""SWIFT MT202 and MT202 COV transfers between banks, text: cover payments with the customers underneath."""

from __future__ import annotations

from collections.abc import Sequence

from finnet.model.reading import Head, Reading, ReadOptions, SourceFile
from finnet.model.refusal import Refusal
from finnet.model.statement import Origin, Payment
from finnet.sources._messages.book import Bank, Book, Party
from finnet.sources._messages.mt import banks_of, read_messages, settled
from finnet.sources._messages.said import stated
from finnet.sources._messages.swift import Message, bank_in, is_message, party_in

__all__ = ["GRADE", "IS_LIST", "TITLE", "TOGETHER", "read", "sniff"]

TITLE = "SWIFT MT202 and MT202 COV transfers between banks, text"
GRADE = "B2"  # a bank's own messages, as handed on by somebody
IS_LIST = False
TOGETHER = True


def sniff(head: Head) -> bool:
    """Whether the first message's block 2 says 202."""
    return is_message(head, "202")


def read(files: Sequence[SourceFile], options: ReadOptions) -> Reading:
    """Each message as a payment from the ordering institution (52, else the sender) to the beneficiary's (58).

    A cover payment moves the money of an MT103 once more: its customers are in the properties, not its parties.

    Raises: InputError for what is no MT202, or is cut off.
    """
    return read_messages("202", TITLE, files, options, _payment)


def _payment(message: Message, book: Book, origin: Origin, label: str) -> Payment:
    money = settled(message)
    whole, message = message, message.before("50A", "50F", "50K")  # the customers' part has banks of its own
    beneficiary = bank_in(message.first("58A", "58D"))
    payer = bank_in(message.first("52A", "52D"))
    payer = payer if payer.is_known else Bank(bic=message.sender)
    if not beneficiary.is_known:
        raise Refusal("E1205", "the beneficiary institution (58) is missing")
    customers = [_customer(whole, "50A", "50F", "50K"), _customer(whole, "59", "59A", "59F")]
    banks = banks_of(message, book, origin)
    return Payment(
        id=label,
        origin=origin,
        amount=money.amount,
        currency=money.currency,
        payer=book.bank(payer, origin),
        beneficiary=book.bank(beneficiary, origin),
        intermediary=banks["intermediaryAgents"],
        booked_on=money.day,
        purpose=" ".join(message.text("72").split()) or None,
        properties=stated(
            reference=[message.text("20")],
            related=[message.text("21")],
            kind=["cover" if message.variant == "COV" or any(one.is_known for one in customers) else None],
            underlyingPayer=[book.party(customers[0], origin)],
            underlyingBeneficiary=[book.party(customers[1], origin)],
            underlyingPurpose=[" ".join(whole.text("70").split())],
            **{role: [label] for role, label in banks.items()},
        ),
    )


def _customer(message: Message, *tags: str) -> Party:
    return party_in(message.first(*tags))

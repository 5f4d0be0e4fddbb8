"""SWIFT MT103 customer transfers, text: what customers pay, with the banks on the way."""

from __future__ import annotations

from collections.abc import Sequence

from finnet.model.reading import Head, Reading, ReadOptions, SourceFile
from finnet.model.refusal import Refusal
from finnet.model.statement import Origin, Payment
from finnet.sources._messages.book import Book
from finnet.sources._messages.mt import banks_of, read_messages, settled
from finnet.sources._messages.said import stated
from finnet.sources._messages.swift import Message, bank_in, is_message, party_in

__all__ = ["GRADE", "IS_LIST", "TITLE", "TOGETHER", "read", "sniff"]

TITLE = "SWIFT MT103 customer transfers, text"
GRADE = "B2"  # a bank's own messages, as handed on by somebody
IS_LIST = False
TOGETHER = True


def sniff(head: Head) -> bool:
    """Whether the first message's block 2 says 103."""
    return is_message(head, "103")


def read(files: Sequence[SourceFile], options: ReadOptions) -> Reading:
    """Each message as a payment from the ordering customer (50) to the beneficiary (59), at the amount of field 32A.

    Raises: InputError for what is no MT103, or is cut off.
    """
    return read_messages("103", TITLE, files, options, _payment)


def _payment(message: Message, book: Book, origin: Origin, label: str) -> Payment:
    money = settled(message)
    payer = party_in(message.first("50A", "50F", "50K"))
    beneficiary = party_in(message.first("59", "59A", "59F"))
    if not payer.is_known and not beneficiary.is_known:
        raise Refusal("E1205", "neither ordering customer (50) nor beneficiary (59) is given")
    banks = banks_of(message, book, origin)
    payers = bank_in(message.first("52A", "52D"))
    return Payment(
        id=label,
        origin=origin,
        amount=money.amount,
        currency=money.currency,
        payer=book.party(payer, origin),
        beneficiary=book.party(beneficiary, origin),
        payer_account=book.account(payer.account, origin, bank=payers),
        beneficiary_account=book.account(beneficiary.account, origin),
        intermediary=banks["intermediaryAgents"],
        booked_on=money.day,
        purpose=" ".join(message.text("70").split()) or None,
        properties=stated(
            reference=[message.text("20")],
            instructed=[message.text("33B")],
            charges=[message.text("71A")],
            senderToReceiver=[message.text("72")],
            payerText=[message.text("50A", "50F", "50K")],
            beneficiaryText=[message.text("59", "59A", "59F")],
            **{role: [label] for role, label in banks.items()},
        ),
    )

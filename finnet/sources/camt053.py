"""ISO 20022 camt.053 bank statements, XML: booked entries with their counterparties, balances checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from finnet.errors import quoted
from finnet.model.reading import Head, Reading, ReadOptions, SourceFile
from finnet.model.refusal import Refusal
from finnet.model.statement import Counted, Origin, Payment, Reject, Skip, Statement
from finnet.model.xml_tree import Node
from finnet.sources._messages.balance import Balance, check_balances
from finnet.sources._messages.book import Bank, Book, Party
from finnet.sources._messages.iso20022 import (
    account_of,
    agent_of,
    amount_of,
    day_of,
    documents,
    intermediaries,
    is_message,
    origin_of,
    party_of,
    raw_of,
    require,
    time_of,
    words_of,
)
from finnet.sources._messages.said import stated

__all__ = ["GRADE", "IS_LIST", "TITLE", "TOGETHER", "read", "sniff"]

TITLE = "ISO 20022 camt.053 bank statement, XML"
GRADE = "B2"  # a bank's own books, as handed on by somebody
IS_LIST = False
TOGETHER = True

_MESSAGE, _BODY = "camt.053", "BkToCstmrStmt"
_ULTIMATE = {"ultimatePayer": "UltmtDbtr", "ultimateBeneficiary": "UltmtCdtr"}
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_PURPOSE = (
    ("RmtInf", "Ustrd"),
    ("RmtInf", "Strd", "CdtrRefInf", "Ref"),
    ("RmtInf", "Strd", "AddtlRmtInf"),
    ("Purp", "Cd"),
    ("Purp", "Prtry"),
    ("AddtlTxInf",),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Own:
    """Whose statement it is."""

    account: str
    party: Party
    bank: Bank
    name: str  # of the statement


_NOTHING = Node("")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A booked entry, as far as all its transactions share it."""

    node: Node
    own: _Own
    origin: Origin
    amount: Decimal
    currency: str
    is_credit: bool
    booked_on: str | None
    booked_at: str | None
    value_date: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One transaction of an entry, or the entry as a whole."""

    detail: Node
    amount: Decimal
    count: int


def sniff(head: Head) -> bool:
    """Whether the file has the namespace of camt.053."""
    return is_message(head, _MESSAGE)


def read(files: Sequence[SourceFile], options: ReadOptions) -> Reading:
    """Each booked entry as a payment between the account's owner and the counterparty.

    Raises: InputError for what is no camt.053, or holds what none needs.
    """
    dataset = options.dataset or "camt053"
    read = [(file, documents(file, _MESSAGE, _BODY)) for file in files]
    statements: list[Statement] = []
    notes: list[str] = []
    book = Book(dataset)
    for file, bodies in read:
        records = 0
        for statement in (node for body in bodies for node in body.all("Stmt")):
            own = _own(statement)
            moved: list[Balance] = []
            for entry in statement.all("Ntry"):
                records += 1
                statements += _entry(file, records, entry, own, book, moved)
            notes += _check(file, statement, own, moved)
        statements.append(Counted(file=file.name, records=records))
    return Reading(dataset=dataset, title=TITLE, statements=(*book.entities(), *statements), notes=tuple(notes))


def _own(statement: Node) -> _Own:
    account = statement.one("Acct")
    owner = party_of(None if account is None else account.one("Ownr"), account)
    bank = agent_of(None if account is None else account.one("Svcr"))
    return _Own(account=account_of(account), party=owner, bank=bank, name=statement.value("Id"))


def _entry(
    file: SourceFile, number: int, node: Node, own: _Own, book: Book, moved: list[Balance]
) -> Iterator[Statement]:
    origin = origin_of(file, number, node)
    status = node.value("Sts", "Cd") or node.value("Sts", "Prtry") or node.value("Sts")
    try:
        amount, currency = amount_of(node.one("Amt"), "Amt")
        entry = _Entry(
            node=node, own=own, origin=origin, amount=amount, currency=currency, is_credit=_is_credit(node),
            booked_on=day_of(node.one("BookgDt")), booked_at=time_of(node.one("BookgDt")),
            value_date=day_of(node.one("ValDt")),
        )  # fmt: skip
        parts = _parts(entry)
    except Refusal as refusal:
        yield Reject(origin=origin, code=refusal.code, reason=refusal.reason, raw=raw_of(file, node))
        return
    if status not in {"", "BOOK"}:
        yield Skip(origin=origin, reason=f"not booked: its status is {quoted(status)}")
        return
    moved.append(Balance(currency=currency, amount=amount if entry.is_credit else -amount))
    label = f"{book.dataset}-{file.name.rpartition('.')[0] or file.name}-{number}"
    for place, part in enumerate(parts, start=1):
        yield _payment(entry, part, label if len(parts) == 1 else f"{label}.{place}", book)


def _is_credit(node: Node) -> bool:
    said = require(node, "CdtDbtInd")
    if said not in {"CRDT", "DBIT"}:
        raise Refusal("E1212", f"CdtDbtInd {quoted(said)} is neither CRDT nor DBIT")
    return said == "CRDT"


def _parts(entry: _Entry) -> list[_Part]:
    """The transactions of an entry where their amounts add up to it; else the entry as a whole."""
    details = entry.node.all("NtryDtls", "TxDtls")
    parts = []
    for detail in details:
        said = detail.one("Amt") or detail.one("AmtDtls", "TxAmt", "Amt")
        if said is not None and said.attributes.get("Ccy") == entry.currency:
            parts.append(_Part(detail=detail, amount=amount_of(said, "TxDtls/Amt")[0], count=1))
    if len(parts) == len(details) > 1 and sum(part.amount for part in parts) == entry.amount:
        return parts
    number = entry.node.value("NtryDtls", "Btch", "NbOfTxs")
    count = int(number) if re.fullmatch("[1-9][0-9]{0,8}", number) else max(len(details), 1)
    return [_Part(detail=details[0] if len(details) == 1 else _NOTHING, amount=entry.amount, count=count)]


def _payment(entry: _Entry, part: _Part, label: str, book: Book) -> Payment:
    # A reversal is booked on the other side; it takes back a payment that went the way of its parties.
    node, own, detail, origin = entry.node, entry.own, part.detail, entry.origin
    is_reversal = node.value("RvslInd") in {"true", "1"}
    arrives = entry.is_credit is not is_reversal
    related = detail.one("RltdPties") or _NOTHING
    agents = detail.one("RltdAgts") or _NOTHING
    side = "Dbtr" if arrives else "Cdtr"
    other = party_of(related.one(side), related.one(f"{side}Acct"))
    bank = agent_of(agents.one(f"{side}Agt"))
    passed = intermediaries(agents, book, origin)
    ultimate = {end: party_of(related.one(side), None) for end, side in _ULTIMATE.items()}
    own_account = book.account(own.account, origin, bank=own.bank, currency=entry.currency)
    other_account = book.account(other.account, origin, bank=bank)
    own_id, other_id = book.party(own.party, origin), book.party(other, origin)
    return Payment(
        id=label,
        origin=origin,
        amount=-part.amount if is_reversal else part.amount,
        currency=entry.currency,
        payer=other_id if arrives else own_id,
        beneficiary=own_id if arrives else other_id,
        payer_account=other_account if arrives else own_account,
        beneficiary_account=own_account if arrives else other_account,
        intermediary=next(iter(passed), None),
        count=part.count,
        booked_on=entry.booked_on or entry.value_date,
        booked_at=entry.booked_at,
        purpose=words_of(detail, *_PURPOSE) or words_of(node, ("AddtlNtryInf",)),
        properties=stated(
            statement=[own.name],
            reference=[node.value("NtryRef") or node.value("AcctSvcrRef")],
            endToEndId=[detail.value("Refs", "EndToEndId")],
            valueDate=[entry.value_date],
            ownBank=[book.bank(own.bank, origin)],
            otherBank=[book.bank(bank, origin)],
            otherName=[other.name],
            **{end: [book.party(party, origin)] for end, party in ultimate.items()},
            intermediaryAgents=passed,
            kind=["reversal" if is_reversal else None],
        ),
    )


def _check(file: SourceFile, statement: Node, own: _Own, moved: Sequence[Balance]) -> list[str]:
    try:
        opening, closing = _balance(statement, _OPENING), _balance(statement, _CLOSING)
    except Refusal as refusal:
        return [f"{file.name}: statement {quoted(own.name)}: its balances cannot be checked: {refusal.reason}"]
    return check_balances(f"{file.name}: statement {quoted(own.name)}", opening, moved, closing)


def _balance(statement: Node, kinds: Sequence[str]) -> Balance | None:
    for kind in kinds:
        for one in statement.all("Bal"):
            if (one.value("Tp", "CdOrPrtry", "Cd") or one.value("Tp", "Cd")) == kind:
                amount, currency = amount_of(one.one("Amt"), "Bal/Amt")
                return Balance(currency=currency, amount=amount if _is_credit(one) else -amount)
    return None

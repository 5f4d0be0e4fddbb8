"""What pacs.008 and pacs.009 share: transfers between banks, with every agent on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from finnet.errors import quoted
from finnet.model.reading import Reading, ReadOptions, SourceFile
from finnet.model.refusal import Refusal
from finnet.model.statement import Counted, Origin, Payment, Reject, Statement
from finnet.model.xml_tree import Node
from finnet.sources._messages.book import Book, Party
from finnet.sources._messages.iso20022 import (
    agent_of,
    amount_of,
    day_of,
    documents,
    intermediaries,
    origin_of,
    party_of,
    raw_of,
    words_of,
)
from finnet.sources._messages.said import stated

__all__ = ["Transfers", "bank_party", "read_transfers"]

_NOTHING = Node("")
_SEVERAL = "{:,} payments pass more than one intermediary agent: the first is the intermediary, all are kept"
_PURPOSE = (
    ("RmtInf", "Ustrd"),
    ("RmtInf", "Strd", "CdtrRefInf", "Ref"),
    ("RmtInf", "Strd", "AddtlRmtInf"),
    ("Purp", "Cd"),
    ("Purp", "Prtry"),
    ("InstrForNxtAgt", "InstrInf"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfers:
    """One kind of message: its name, its body, and who its debtors and creditors are."""

    message: str
    body: str
    title: str
    party: Callable[[Node | None, Node | None], Party]  # of a debtor or creditor and its account


def bank_party(node: Node | None, account: Node | None) -> Party:
    """A debtor or creditor that is a bank."""
    bank = agent_of(node)
    return Party(
        name=bank.name, bic=bank.bic, lei=bank.lei, country=bank.country, account=party_of(None, account).account
    )


def read_transfers(kind: Transfers, files: Sequence[SourceFile], options: ReadOptions) -> Reading:
    """Each CdtTrfTxInf as a payment from debtor to creditor, at the amount settled between the banks.

    Raises: InputError for another message, or what none needs.
    """
    book = Book(options.dataset or kind.message.replace(".", ""))
    read = [(file, documents(file, kind.message, kind.body)) for file in files]
    statements: list[Statement] = []
    notes: list[str] = []
    several = 0
    for file, bodies in read:
        records = 0
        for body in bodies:
            group = body.one("GrpHdr") or _NOTHING
            first = len(statements)
            for node in body.all("CdtTrfTxInf"):
                records += 1
                origin = origin_of(file, records, node)
                label = f"{book.dataset}-{file.name.rpartition('.')[0] or file.name}-{records}"
                try:
                    payment = _payment(kind, node, group, book, origin, label)
                except Refusal as refusal:
                    raw = raw_of(file, node)
                    statements.append(Reject(origin=origin, code=refusal.code, reason=refusal.reason, raw=raw))
                else:
                    statements.append(payment)
                    several += len(payment.properties.get("intermediaryAgents", ())) > 1
            made = [one for one in statements[first:] if isinstance(one, Payment)]
            notes += [f"{file.name}: message {quoted(group.value('MsgId'))}: {said}" for said in _unlike(group, made)]
        statements.append(Counted(file=file.name, records=records))
    if several:
        notes.append(_SEVERAL.format(several))
    return Reading(
        dataset=book.dataset,
        title=kind.title,
        statements=(*book.entities(), *statements),
        notes=tuple(notes),
    )


def _unlike(group: Node, made: Sequence[Payment]) -> list[str]:
    """What the group header counts otherwise than the transactions that were read: how many, and what together."""
    said = []
    number = group.value("NbOfTxs")
    if number and number != str(len(made)):
        said.append(f"its header counts {quoted(number)} transactions, read were {len(made):,}: some may be missing")
    total = group.one("TtlIntrBkSttlmAmt")
    try:
        amount, currency = amount_of(total, "TtlIntrBkSttlmAmt") if total is not None else (None, "")
    except Refusal as refusal:
        return [*said, f"its total cannot be checked: {refusal.reason}"]
    if amount is not None and {one.currency for one in made} <= {currency}:
        together = sum(one.amount for one in made)
        if together != amount:
            said.append(f"its header's total is {currency} {amount}, those read make {together}: some may be missing")
    return said


def _payment(kind: Transfers, node: Node, group: Node, book: Book, origin: Origin, label: str) -> Payment:
    amount, currency = amount_of(node.one("IntrBkSttlmAmt"), "IntrBkSttlmAmt")
    settled_on = day_of(node.one("IntrBkSttlmDt") or group.one("IntrBkSttlmDt") or group.one("CreDtTm"))
    payer = kind.party(node.one("Dbtr"), node.one("DbtrAcct"))
    beneficiary = kind.party(node.one("Cdtr"), node.one("CdtrAcct"))
    if not payer.is_known and not beneficiary.is_known:
        raise Refusal("E1205", "neither debtor nor creditor is given")
    banks = {name: agent_of(node.one(name)) for name in ("DbtrAgt", "CdtrAgt", "InstgAgt", "InstdAgt")}
    for name in ("InstgAgt", "InstdAgt"):
        if not banks[name].is_known:
            banks[name] = agent_of(group.one(name))
    ids = {name: book.bank(bank, origin) for name, bank in banks.items()}
    passed = intermediaries(node, book, origin)
    under = node.one("UndrlygCstmrCdtTrf") or _NOTHING
    ends = [party_of(under.one(side), under.one(f"{side}Acct")) for side in ("Dbtr", "Cdtr")]
    ultimate = [kind.party(node.one(side), None) for side in ("UltmtDbtr", "UltmtCdtr")]
    return Payment(
        id=label,
        origin=origin,
        amount=amount,
        currency=currency,
        payer=book.party(payer, origin),
        beneficiary=book.party(beneficiary, origin),
        payer_account=book.account(payer.account, origin, bank=banks["DbtrAgt"]),
        beneficiary_account=book.account(beneficiary.account, origin, bank=banks["CdtrAgt"]),
        intermediary=next(iter(passed), None),
        booked_on=settled_on,
        purpose=words_of(node, *_PURPOSE) or words_of(under, *_PURPOSE),
        properties=stated(
            endToEndId=[node.value("PmtId", "EndToEndId")],
            uetr=[node.value("PmtId", "UETR")],
            payerName=[payer.name],
            beneficiaryName=[beneficiary.name],
            payerBank=[ids["DbtrAgt"]],
            beneficiaryBank=[ids["CdtrAgt"]],
            instructingAgent=[ids["InstgAgt"]],
            instructedAgent=[ids["InstdAgt"]],
            intermediaryAgents=passed,
            underlyingPayer=[book.party(ends[0], origin)],
            underlyingBeneficiary=[book.party(ends[1], origin)],
            ultimatePayer=[book.party(ultimate[0], origin)],
            ultimateBeneficiary=[book.party(ultimate[1], origin)],
            instructed=[f"{one.attributes.get('Ccy', '')}{one.text.strip()}" for one in node.all("InstdAmt")],
            charges=[node.value("ChrgBr")],
        ),
    )

"""ISO 20022 messages of any version: the documents of a file, and the parts that payments and statements share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from finnet.errors import quoted
from finnet.model.dates import DateFormat
from finnet.model.money import AmountFormat, check_currency
from finnet.model.reading import Head, SourceFile
from finnet.model.refusal import Refusal
from finnet.model.statement import Origin
from finnet.model.xml_tree import Node, read_tree, refusal
from finnet.sources._messages.book import Bank, Book, Party, account_number, name_in

__all__ = [
    "account_of",
    "agent_of",
    "amount_of",
    "day_of",
    "documents",
    "intermediaries",
    "is_message",
    "origin_of",
    "party_of",
    "raw_of",
    "require",
    "time_of",
    "words_of",
]

# What messages travel in; the message itself is a Document inside.
_WRAPPERS = ("BizMsgEnvlp", "BizMsg", "DataPDU", "Envelope", "Message", "RequestPayload", "Saa")
_AMOUNTS = AmountFormat()
_DAYS = DateFormat()


def is_message(head: Head, message: str) -> bool:
    """Whether the file's beginning has the message's namespace, as in ``camt.053``."""
    encoding = "utf-16" if head.start.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return _space(message).search(head.start.decode(encoding, "replace")) is not None


def documents(file: SourceFile, message: str, body: str) -> list[Node]:
    """The message's body in each Document of the file.

    Raises: InputError for what ``read_tree`` refuses, for another message, and for a file without one.
    """

    def unlike(root: Node) -> str | None:
        if root.name in _WRAPPERS or (root.name == "Document" and _space(message).search(root.space)):
            return None
        shown = f"{quoted(root.name)} in {quoted(root.space)}" if root.space else quoted(root.name)
        return f"the root is {shown}; {message} has Document in urn:iso:std:iso:20022:tech:xsd:{message}.001.NN"

    root = read_tree(file.path, file.name, unlike)
    found = []
    for document in root.everywhere("Document"):
        wrong = unlike(document)
        inner = document.one(body)
        if wrong or inner is None:
            raise refusal(file.name, document.line, wrong or f"the Document has no {body}, which {message} has")
        found.append(inner)
    if not found:
        raise refusal(file.name, root.line, f"there is no Document of {message} in {quoted(root.name)}")
    return found


def _space(message: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?:^|[:\"'])(?:urn:iso:std:iso:20022:tech:xsd:|urn:swift:xsd:)?{re.escape(message)}\.\d{{3}}\.\d\d"
    )


def origin_of(file: SourceFile, number: int, node: Node) -> Origin:
    """The record that an element is."""
    return Origin(file.name, number, node.byte_offset)


def raw_of(file: SourceFile, node: Node) -> bytes:
    """The element's bytes as they stand in the file, its closing tag too."""
    with file.path.open("rb") as stream:
        stream.seek(node.byte_offset)
        held = stream.read(node.end - node.byte_offset)
        return held + stream.read(512).partition(b">")[0] + b">"


def require(node: Node, *path: str) -> str:
    """A text that must be there. Raises: Refusal E1205."""
    if value := node.value(*path):
        return value
    raise Refusal("E1205", f"{'/'.join(path)} is missing")


def amount_of(node: Node | None, what: str) -> tuple[Decimal, str]:
    """An amount and its currency; the sign is said elsewhere. Raises: Refusal."""
    if node is None or not node.text.strip():
        raise Refusal("E1205", f"{what} is missing")
    currency = check_currency(node.attributes.get("Ccy", ""))
    amount = _AMOUNTS.read(node.text.strip(), currency)
    if amount < 0:
        raise Refusal("E1203", f"{what} {quoted(node.text.strip())} is negative; a message says the direction in words")
    return amount, currency


def day_of(node: Node | None) -> str | None:
    """The day of a date that is given as Dt, as DtTm, or as text. Raises: Refusal E1204."""
    if node is None:
        return None
    text = node.value("Dt") or node.value("DtTm") or " ".join(node.text.split())
    # A date may carry a zone, 2019-03-05Z, which changes nothing about the day as written.
    return _DAYS.read(text[:10] if re.fullmatch(r".{10}(?:T.*|Z|[+-]\d\d:\d\d)", text) else text) if text else None


def time_of(node: Node | None) -> str | None:
    """Date and time of a date that is given as DtTm, as written; None for a day alone. Raises: Refusal E1204."""
    text = "" if node is None else node.value("DtTm")
    return _DAYS.read_time(text) if text else None


def party_of(node: Node | None, account: Node | None = None) -> Party:
    """A debtor, creditor or owner: a party, or (since version 8 of statements) a choice of party and agent."""
    number = account_of(account)
    if node is None:
        return Party(account=number)
    if (agent := node.one("Agt", "FinInstnId")) is not None:
        bank = _institution(agent)
        return Party(name=bank.name, account=number, lei=bank.lei, bic=bank.bic, country=bank.country)
    node = node.one("Pty") or node
    organisation = node.one("Id", "OrgId") or Node("OrgId")
    bic = next((text for name in ("AnyBIC", "BICOrBEI", "BIC") if (text := organisation.value(name))), "")
    place = node.one("PstlAdr") or Node("PstlAdr")
    return Party(
        name=name_in(node.value("Nm")),
        account=number,
        lei=organisation.value("LEI").upper(),
        bic=bic,
        country=place.value("Ctry") or node.value("CtryOfRes"),
        address=_address(place),
    )


def _address(place: Node) -> str:
    free = place.values("AdrLine")
    street = " ".join([*place.values("StrtNm"), *place.values("BldgNb")])
    town = " ".join([*place.values("PstCd"), *place.values("TwnNm")])
    parts = [*free, street, town, *place.values("CtrySubDvsn")]
    return ", ".join(part for part in parts if part)


def agent_of(node: Node | None) -> Bank:
    """A bank on the way of a payment; one that nothing is said of where there is none."""
    found = None if node is None else node.one("FinInstnId")
    return Bank() if found is None else _institution(found)


def _institution(node: Node) -> Bank:
    clearing = node.value("ClrSysMmbId", "MmbId") or node.value("Othr", "Id") or node.value("PrtryId", "Id")
    return Bank(
        bic=name_in(node.value("BICFI") or node.value("BIC")),
        name=name_in(node.value("Nm")) or name_in(clearing),
        lei=node.value("LEI").upper(),
        country=node.value("PstlAdr", "Ctry"),
    )


def intermediaries(node: Node, book: Book, origin: Origin) -> list[str]:
    """The ids of the intermediary agents, in the order of the payment."""
    between = [agent_of(one) for name in ("IntrmyAgt1", "IntrmyAgt2", "IntrmyAgt3") for one in node.all(name)]
    return [label for bank in between if (label := book.bank(bank, origin))]


def account_of(node: Node | None) -> str:
    """An account's number: IBAN, else another; nothing where there is none."""
    if node is None:
        return ""
    found = node.value("Id", "IBAN") or node.value("Id", "Othr", "Id") or node.value("Id", "PrtryAcct", "Id")
    return account_number(found)


def words_of(node: Node, *paths: Sequence[str]) -> str | None:
    """The free text at these paths, in order, each once; None if there is none."""
    return " ".join(dict.fromkeys(text for path in paths for text in node.values(*path))) or None

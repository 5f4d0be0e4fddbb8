"""SWIFT's own text form (FIN): a file cut into messages and fields, each with its place, and what fields hold.

    {1:F01…}{2:I103…}{3:{108:…}}{4:
    :20:REFERENCE
    :32A:190305EUR1234,56
    -}{5:{CHK:…}}

Source: SWIFT, Standards MT, General Information: message structure, character sets, party and amount fields.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from finnet.errors import InputError, quoted
from finnet.model.dates import DateFormat
from finnet.model.money import AmountFormat, check_currency
from finnet.model.reading import Head, SourceFile
from finnet.model.refusal import Refusal
from finnet.sources._messages.book import Bank, Party, account_number, bic_in

__all__ = ["Field", "Message", "amount_in", "bank_in", "day_in", "is_message", "messages", "party_in"]

_AMOUNTS = AmountFormat(decimal=",")
_DAYS = DateFormat()
_BLOCK = re.compile(rb"\{([1-5S]):")
_FIELD = re.compile(rb"(?:^|(?<=\n)):([0-9]{2,3}[A-Z]?):")  # some banks write the message's kind, :940:, as a field
_LONGEST = 1 << 20  # bytes of one message: FIN allows ten thousand


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of block 4: its tag, its lines, and where its text begins and ends in the file."""

    tag: str
    lines: tuple[str, ...]
    byte_offset: int
    end: int

    @property
    def text(self) -> str:
        """The lines, as they stand."""
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message: who sent it to whom (BIC, empty if not said), its fields, and its bytes' place."""

    kind: str  # "103"; empty where the file has no header blocks
    sender: str
    receiver: str
    variant: str  # of block 3's field 119: "COV"
    fields: tuple[Field, ...]
    byte_offset: int
    end: int

    def first(self, *tags: str) -> Field | None:
        """The first field with one of the tags."""
        return next((one for one in self.fields if one.tag in tags), None)

    def before(self, *tags: str) -> Message:
        """The message without the fields from the first with one of the tags on."""
        place = next((number for number, one in enumerate(self.fields) if one.tag in tags), len(self.fields))
        return replace(self, fields=self.fields[:place])

    def text(self, *tags: str) -> str:
        """The text of the first field with one of the tags; nothing where there is none."""
        found = self.first(*tags)
        return "" if found is None else found.text.strip()


def is_message(head: Head, kind: str) -> bool:
    """Whether the file's first message is of the kind, as its block 2 says."""
    found = re.search(rb"\{2:[IO]([0-9]{3})", head.start[:4096])
    return found is not None and found[1].decode() == kind


def messages(file: SourceFile, kind: str) -> list[Message]:
    """The messages of a file, which all have to be of the kind; one without header blocks is taken at its word.

    Raises: InputError for a file that holds no message, another kind, or ends within a message.
    """
    held = file.path.read_bytes()
    if not held.strip():
        raise InputError(f"{quoted(file.name)}: the file is empty", code="E1108")
    found = [_message(file, held, begin, end) for begin, end in _places(file, held)]
    for one in found:
        if one.kind not in {"", kind}:
            raise InputError(
                f"{quoted(file.name)} byte {one.byte_offset}: an MT{one.kind} stands where MT{kind} is read",
                hint="sort messages into files of one kind",
            )
    return found


def _places(file: SourceFile, held: bytes) -> list[tuple[int, int]]:
    """Where messages begin and end: from one block 1 (or block 4, or first field) to the next."""
    starts = [found.start() for found in re.finditer(rb"\{1:", held)]
    if not starts:
        starts = [found.start() for found in re.finditer(rb"\{4:|(?:^|(?<=\n)):20:", held)]
        starts = [place for place in starts if not held[:place].rstrip().endswith(b"{4:")]
    if not starts:
        raise InputError(f"{quoted(file.name)}: no SWIFT message: there is neither a block {{1: nor a field :20:")
    return list(zip(starts, [*starts[1:], len(held)], strict=True))


def _message(file: SourceFile, held: bytes, begin: int, end: int) -> Message:
    if end - begin > _LONGEST:
        raise InputError(f"{quoted(file.name)} byte {begin}: a message is longer than {_LONGEST:,} bytes", code="E1210")
    whole = held[begin:end]
    blocks = {found[1].decode(): found.end() for found in _BLOCK.finditer(whole)}
    start = blocks.get("4", 0)
    if blocks and "4" not in blocks:
        raise _cut(file, begin, "it has no block 4, or the file ends before it")
    stop = _end_of_text(whole, start)
    if stop < 0 and blocks:
        raise _cut(file, begin, "its block 4 is not closed by -}")
    stop = len(whole) if stop < 0 else stop
    tags = list(_FIELD.finditer(whole, start, stop))
    ends = [*(tag.start() for tag in tags[1:]), stop]
    application = whole[blocks["2"] : blocks["2"] + 64].decode("ascii", "replace") if "2" in blocks else ""
    kind = re.match(r"([IO])([0-9]{3})", application)
    basic = whole[blocks["1"] : blocks["1"] + 15].decode("ascii", "replace") if "1" in blocks else ""
    own, other = _terminal(basic[3:15]), ""
    if kind is not None:
        other = _terminal(application[4:16] if kind[1] == "I" else application[14:26])
    variant = re.search(rb"\{119:([A-Z]+)\}", whole[: start or len(whole)])
    return Message(
        kind="" if kind is None else kind[2],
        sender=own if kind is None or kind[1] == "I" else other,
        receiver=other if kind is None or kind[1] == "I" else own,
        variant="" if variant is None else variant[1].decode(),
        fields=tuple(_field(whole, tag, stop_at, begin) for tag, stop_at in zip(tags, ends, strict=True)),
        byte_offset=begin,
        end=begin + len(whole.rstrip()),
    )


def _end_of_text(whole: bytes, start: int) -> int:
    found = re.compile(rb"(?:^|\n)-\}?\s*(?=$|\{|\r?\n)").search(whole, start)
    return -1 if found is None else found.start()


def _cut(file: SourceFile, begin: int, what: str) -> InputError:
    return InputError(
        f"{quoted(file.name)} byte {begin}: the message ends too early: {what}", code="E1102", hint="get the whole file"
    )


def _field(whole: bytes, tag: re.Match[bytes], end: int, begin: int) -> Field:
    text = whole[tag.end() : end].decode("utf-8", "surrogateescape").replace("\r\n", "\n").strip("\n")
    return Field(tag=tag[1].decode(), lines=tuple(text.split("\n")), byte_offset=begin + tag.start(), end=begin + end)


def _terminal(address: str) -> str:
    """The BIC of a logical terminal's address, which has the terminal's letter in the ninth place."""
    return bic_in(address[:8] + address[9:12]) if len(address) == 12 else ""


# What fields hold


def day_in(text: str) -> str:
    """A day written YYMMDD: years 80 to 99 are of the twentieth century. Raises: Refusal E1204.

    >>> day_in("190305"), day_in("991231")
    ('2019-03-05', '1999-12-31')

    Source: SWIFT Standards MT, General Information, "Date": the century of a two-digit year.
    """
    if not re.fullmatch("[0-9]{6}", text):
        raise Refusal("E1204", f"{quoted(text)} is not a date of the form YYMMDD")
    century = "19" if text[:2] >= "80" else "20"
    return _DAYS.read(f"{century}{text[:2]}-{text[2:4]}-{text[4:]}")


def amount_in(text: str, currency: str) -> Decimal:
    """An amount with its decimal comma, which also stands where no decimals follow. Raises: Refusal.

    >>> amount_in("1234,5", "EUR"), amount_in("7,", "JPY")
    (Decimal('1234.5'), Decimal('7'))
    """
    if "," not in text or text.startswith((",", "-")):
        raise Refusal("E1203", f"amount {quoted(text)} is not a number in the format 1234,56")
    return _AMOUNTS.read(text.removesuffix(","), check_currency(currency))


def party_in(field: Field | None) -> Party:
    """Who stands in a party field of a customer: option A (account and BIC), F (numbered lines), K or none (free).

    Everything is kept: lines that are neither account nor name are the address.
    """
    if field is None:
        return Party()
    lines = [line.strip() for line in field.lines if line.strip()]
    account = ""
    if lines and lines[0].startswith("/"):
        account = _account(lines.pop(0))
    elif field.tag.endswith("F") and lines and re.match(r"[A-Z]{4}/", lines[0]):
        lines.pop(0)  # a document's number: kept with the message, no account
    if field.tag.endswith(("A", "G")):
        return Party(account=account, bic=lines[0] if lines else "")
    if field.tag.endswith("F") and any(re.match("[1-8]/", line) for line in lines):
        told = {number: [line[2:] for line in lines if line[:2] == f"{number}/"] for number in "123"}
        country = told["3"][0][:2] if told["3"] else ""
        return Party(
            name=" ".join(told["1"]), account=account, country=country, address=", ".join(told["2"] + told["3"])
        )
    return Party(name=lines[0] if lines else "", account=account, address=", ".join(lines[1:]))


def bank_in(field: Field | None) -> Bank:
    """The bank in a party field: option A (BIC), B or D (name, or only a clearing code)."""
    if field is None:
        return Bank()
    lines = [line.strip() for line in field.lines if line.strip()]
    code = lines.pop(0) if lines and lines[0].startswith("/") else ""
    if not lines:
        return Bank(name=code.strip("/"))
    if field.tag.endswith("A"):
        return Bank(bic=lines[0]) if bic_in(lines[0]) else Bank(name=lines[0])
    return Bank(name=lines[0])


def _account(line: str) -> str:
    # /C/ and /D/ before the number say which side it is on; //CH and the like are clearing systems.
    return account_number(re.sub(r"^/(?:[CD]/)?", "", line).lstrip("/"))

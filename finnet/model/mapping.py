"""A table mapping: which column of a file is what, and how it is written. Small and closed: unknown keys are errors."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from finnet.errors import MappingError, quoted
from finnet.model.dates import DateFormat
from finnet.model.encoding import canonical_encoding
from finnet.model.mapping_checks import check_whole
from finnet.model.mapping_values import (
    column_of,
    constant_of,
    flag_of,
    grade_of,
    header_of,
    refuse_unknown,
    sheet_of,
    table_of,
    takes_verbatim,
    text_of,
)
from finnet.model.money import AmountFormat
from finnet.model.schema import all_schemata
from finnet.model.shares import ShareUnit

__all__ = ["CLASS_SCHEMA", "Formats", "Kind", "TableMapping", "load_mapping", "read_mapping", "words_of"]

Kind = Literal["payments", "links", "entities"]

_PARTY = ("", "_name", "_country", "_account", "_schema")
_PAYMENT_WORDS = (
    *(party + part for party in ("payer", "beneficiary", "intermediary") for part in _PARTY),
    *("amount", "currency", "count", "date", "date_to", "booked_at", "step", "purpose", "commodity", "payment_id"),
    *("own_account", "own_name", "own_country", "own_schema", "debit", "credit", "balance", "direction"),
)
_LINK_WORDS = (
    *("id", "class", "schema", "source", "target", "role", "share", "start", "end"),
    *("country", "amount", "currency", "commodity"),
    *(end + part for end in ("source", "target") for part in ("_name", "_country", "_schema")),
)
_ENTITY_WORDS = ("id", "schema", "name", "country", "tags")
_KEYS = ("kind", "dataset", "namespace", "ids", "grade", "licence", "sheet", "header", "columns", "defaults", "formats")
_FORMAT_KEYS = (
    *("date", "date_to", "booked_at", "start", "end", "decimal", "thousands", "exponent", "share", "separator"),
    *("encoding", "delimiter", "quote", "trim", "null", "outgoing", "incoming", "negative_debits"),
)

# The schema of a link where only its class is known.
CLASS_SCHEMA: dict[str, str] = {
    "ownership": "Ownership",
    "control": "Control",
    "consolidation": "UnknownLink",
    "governance": "Directorship",
    "representation": "Representation",
    "money": "UnknownLink",
    "trade": "UnknownLink",
    "maritime": "UnknownLink",
    "kin": "Family",
    "linked": "UnknownLink",
    "co_location": "UnknownLink",
    "co_mention": "UnknownLink",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Formats:
    """How the file writes things: declared, never guessed."""

    amount: AmountFormat = field(default_factory=AmountFormat)
    dates: Mapping[str, DateFormat] = field(default_factory=dict)
    share: ShareUnit | None = None
    separator: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quote: str = '"'
    trim: bool = False
    null: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()  # what the column direction says of a debit, and of a credit
    incoming: tuple[str, ...] = ()
    negative_debits: bool = False  # the column debit has a minus before what is debited

    def date(self, word: str) -> DateFormat:
        """The format of a date column: its own, else that of all dates, else ISO."""
        return self.dates.get(word) or self.dates.get("date") or DateFormat()


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMapping:
    """A mapping as its file says it; ``columns`` and ``defaults`` go from finnet's word to column or constant.

    ``header`` is the line or row that holds the column names, from 1; 0: there is none, and columns are called by
    their number from 1. ``namespace`` is what ids begin with (the dataset unless said otherwise); ``verbatim`` takes
    ids as they stand in the file.
    """

    kind: Kind
    columns: Mapping[str, str]
    defaults: Mapping[str, str] = field(default_factory=dict)
    formats: Formats = field(default_factory=Formats)
    dataset: str | None = None
    namespace: str | None = None
    verbatim: bool = False
    grade: str | None = None
    licence: str | None = None
    sheet: str | int | None = None
    header: int = 1
    sha256: str | None = None
    name: str = "mapping"


def words_of(kind: Kind) -> tuple[str, ...]:
    """The words that ``[columns]`` and ``[defaults]`` may use."""
    if kind == "entities":
        properties = {name for one in all_schemata().values() if not one.edge for name in one.properties}
        return (*_ENTITY_WORDS, *sorted(properties - set(_ENTITY_WORDS)))
    return _PAYMENT_WORDS if kind == "payments" else _LINK_WORDS


def load_mapping(path: Path) -> TableMapping:
    """The mapping in a file. Raises: MappingError with the file, the key and the nearest key there is."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise MappingError(f"{quoted(path.name)}: the mapping cannot be read: {error.strerror}") from error
    return read_mapping(text, path.name)


def read_mapping(text: bytes, name: str = "mapping") -> TableMapping:
    """The mapping in TOML text. Raises: MappingError."""
    try:
        document = tomllib.loads(text.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"{quoted(name)}: not TOML: {error}") from error
    try:
        return _mapping(document, name, hashlib.sha256(text).hexdigest())
    except MappingError as error:
        if str(error).startswith(quoted(name)):
            raise
        raise MappingError(f"{quoted(name)}: {error}") from error


def _mapping(document: dict[str, object], name: str, sha256: str) -> TableMapping:
    refuse_unknown(document, _KEYS, "the mapping")
    kind = _kind(document)
    words = words_of(kind)
    columns = {word: column_of(word, value) for word, value in table_of(document, "columns").items()}
    defaults = {word: constant_of(word, value) for word, value in table_of(document, "defaults").items()}
    refuse_unknown(columns, words, "[columns]")
    refuse_unknown(defaults, words, "[defaults]")
    mapping = TableMapping(
        kind=kind,
        columns=columns,
        defaults=defaults,
        formats=_formats(table_of(document, "formats")),
        dataset=text_of(document, "dataset"),
        namespace=text_of(document, "namespace"),
        verbatim=takes_verbatim(document),
        grade=grade_of(document),
        licence=text_of(document, "licence"),
        sheet=sheet_of(document),
        header=header_of(document),
        sha256=sha256,
        name=name,
    )
    check_whole(mapping)
    return mapping


def _formats(table: dict[str, object]) -> Formats:
    refuse_unknown(table, _FORMAT_KEYS, "[formats]")
    encoding, delimiter, quote = (
        text_of(table, "encoding"),
        text_of(table, "delimiter"),
        text_of(table, "quote", empty=True),
    )
    delimiter = "\t" if delimiter in {"tab", "\\t"} else delimiter
    for key, value in (("delimiter", delimiter), ("quote", quote)):
        if value and (len(value) != 1 or not value.isascii() or value in "\r\n"):
            raise MappingError(f"[formats] {key} is {quoted(value)}", hint="one ASCII character")
    if delimiter and delimiter == (quote or '"'):
        raise MappingError("[formats] delimiter and quote are the same")
    share = text_of(table, "share")
    if share is not None and share not in get_args(ShareUnit):
        raise MappingError(f"[formats] share is {quoted(share)}", hint='"percent" or "fraction"')
    return Formats(
        amount=AmountFormat(
            decimal=text_of(table, "decimal") or ".",
            thousands=text_of(table, "thousands", empty=True) or "",
            exponent=flag_of(table, "exponent"),
        ),
        dates={
            word: DateFormat(text)
            for word in ("date", "date_to", "booked_at", "start", "end")
            if (text := text_of(table, word)) is not None
        },
        share=share,  # type: ignore[arg-type]  # one of ShareUnit, checked above
        separator=text_of(table, "separator"),
        encoding=canonical_encoding(encoding) if encoding else None,
        delimiter=delimiter,
        quote='"' if quote is None else quote,
        trim=flag_of(table, "trim"),
        null=_texts(table, "null", '["NULL", "n/a"]'),
        outgoing=_texts(table, "outgoing", '["D", "DR"]'),
        incoming=_texts(table, "incoming", '["C", "CR"]'),
        negative_debits=flag_of(table, "negative_debits"),
    )


def _texts(table: dict[str, object], key: str, example: str) -> tuple[str, ...]:
    said = table.get(key, [])
    words = [said] if isinstance(said, str) else said
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise MappingError(f"[formats] {key} is a text or a list of texts", hint=f"for example {key} = {example}")
    return tuple(words)


def _kind(document: dict[str, object]) -> Kind:
    kind = document.get("kind")
    kinds = get_args(Kind)
    if kind not in kinds:
        shown = "is missing" if kind is None else f"is {quoted(kind)}"
        raise MappingError(f"kind {shown}", hint=f"it is one of {', '.join(kinds)}")
    return kind  # type: ignore[return-value]  # one of Kind, checked above

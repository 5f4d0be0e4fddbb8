"""A table mapping: which column of a file is what, and how it is written. Small and closed: unknown keys are errors."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from finnet.errors import MappingError, nearest, quoted
from finnet.model.dates import DateFormat
from finnet.model.edge_class import BY_SCHEMA, EDGE_CLASSES
from finnet.model.encoding import canonical_encoding
from finnet.model.money import AmountFormat
from finnet.model.schema import all_schemata
from finnet.model.shares import ShareUnit

__all__ = ["CLASS_SCHEMA", "Formats", "Kind", "TableMapping", "load_mapping", "read_mapping", "words_of"]

Kind = Literal["payments", "links", "entities"]

_PARTY = ("", "_name", "_country", "_account", "_schema")
_PAYMENT_WORDS = (
    *(party + part for party in ("payer", "beneficiary", "intermediary") for part in _PARTY),
    *("amount", "currency", "count", "date", "date_to", "booked_at", "step", "purpose", "commodity", "payment_id"),
    *("own_account", "own_name", "own_country", "own_schema", "debit", "credit", "balance"),
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
    *("encoding", "delimiter", "quote", "trim", "null"),
)
_GRADE = re.compile(r"[A-F][1-6]")

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
    _closed(document, _KEYS, "the mapping")
    kind = _kind(document)
    words = words_of(kind)
    columns = {word: _column(word, value) for word, value in _table(document, "columns").items()}
    defaults = {word: _constant(word, value) for word, value in _table(document, "defaults").items()}
    _closed(columns, words, "[columns]")
    _closed(defaults, words, "[defaults]")
    mapping = TableMapping(
        kind=kind,
        columns=columns,
        defaults=defaults,
        formats=_formats(_table(document, "formats")),
        dataset=_text(document, "dataset"),
        namespace=_text(document, "namespace"),
        verbatim=_ids(document),
        grade=_grade(document),
        licence=_text(document, "licence"),
        sheet=_sheet(document),
        header=_header(document),
        sha256=sha256,
        name=name,
    )
    _check_whole(mapping)
    return mapping


def _check_whole(mapping: TableMapping) -> None:
    said = {*mapping.columns, *mapping.defaults}
    if mapping.kind == "payments":
        is_statement = bool({"debit", "credit", "own_account", "balance"} & said)
        if is_statement and ("own_account" not in said or not {"debit", "credit"} & said):
            raise MappingError("a bank statement needs own_account, and debit or credit or both")
        if is_statement and "amount" in said:
            raise MappingError("[columns] has amount and debit or credit", hint="a bank statement has debit and credit")
        if not is_statement:
            _needs(mapping, "amount")
            if not any(
                party + part in said for party in ("payer", "beneficiary") for part in ("", "_account", "_name")
            ):
                raise MappingError("payments need a payer or a beneficiary: an id, an account or a name")
        if "currency" not in said:
            raise MappingError("payments need a currency", hint='a column, or currency = "USD" in [defaults]')
    elif mapping.kind == "links":
        for end in ("source", "target"):
            if not {end, f"{end}_name"} & said:
                raise MappingError(f"links need a {end}: an id or a name")
        if not {"class", "schema"} & said:
            raise MappingError("links need a class or a schema", hint='for example class = "ownership" in [defaults]')
        if "amount" in said and "currency" not in said:
            raise MappingError("an amount needs a currency", hint='a column, or currency = "USD" in [defaults]')
    elif not {"id", "name"} & set(mapping.columns):
        raise MappingError("entities need an id or a name in [columns]")
    _check_defaults(mapping)


def _check_defaults(mapping: TableMapping) -> None:
    from finnet.model.countries import alpha2
    from finnet.model.currency import CURRENCIES

    for word, value in mapping.defaults.items():
        if word == "currency" and value not in CURRENCIES:
            raise MappingError(
                f"[defaults] currency {quoted(value)} is not a code of ISO 4217", hint=nearest(value, CURRENCIES)
            )
        if word == "class" and value not in EDGE_CLASSES:
            raise MappingError(f"[defaults] class {quoted(value)} is no edge class", hint=nearest(value, EDGE_CLASSES))
        if word == "schema" or word.endswith("_schema"):
            known = [
                n
                for n, one in all_schemata().items()
                if bool(one.edge) == (word == "schema" and mapping.kind == "links")
            ]
            if value not in known:
                raise MappingError(f"[defaults] {word} {quoted(value)} is no such schema", hint=nearest(value, known))
        if (word == "country" or word.endswith("_country")) and alpha2(value) is None:
            raise MappingError(
                f"[defaults] {word} {quoted(value)} is not a country", hint="an ISO code or an English name"
            )
        if word in {"amount", "debit", "credit", "balance", "payment_id", "id"}:
            raise MappingError(f"[defaults] {word} cannot be the same for all records", hint="give its column")
    if mapping.kind == "links" and {"class", "schema"} <= set(mapping.defaults):
        if (
            BY_SCHEMA[mapping.defaults["schema"]] != mapping.defaults["class"]
            and mapping.defaults["schema"] != "UnknownLink"
        ):
            raise MappingError(
                f"[defaults] schema {mapping.defaults['schema']} is of class {BY_SCHEMA[mapping.defaults['schema']]}, "
                f"not {mapping.defaults['class']}"
            )


def _needs(mapping: TableMapping, word: str) -> None:
    if word not in mapping.columns:
        raise MappingError(f"{mapping.kind} need the column {word} in [columns]")


def _formats(table: dict[str, object]) -> Formats:
    _closed(table, _FORMAT_KEYS, "[formats]")
    encoding, delimiter, quote = _text(table, "encoding"), _text(table, "delimiter"), _text(table, "quote", empty=True)
    delimiter = "\t" if delimiter in {"tab", "\\t"} else delimiter
    for key, value in (("delimiter", delimiter), ("quote", quote)):
        if value and (len(value) != 1 or not value.isascii() or value in "\r\n"):
            raise MappingError(f"[formats] {key} is {quoted(value)}", hint="one ASCII character")
    if delimiter and delimiter == (quote or '"'):
        raise MappingError("[formats] delimiter and quote are the same")
    share = _text(table, "share")
    if share is not None and share not in get_args(ShareUnit):
        raise MappingError(f"[formats] share is {quoted(share)}", hint='"percent" or "fraction"')
    null = table.get("null", [])
    words = [null] if isinstance(null, str) else null
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise MappingError("[formats] null is a text or a list of texts", hint='for example null = ["NULL", "n/a"]')
    return Formats(
        amount=AmountFormat(
            decimal=_text(table, "decimal") or ".",
            thousands=_text(table, "thousands", empty=True) or "",
            exponent=_flag(table, "exponent"),
        ),
        dates={
            word: DateFormat(text)
            for word in ("date", "date_to", "booked_at", "start", "end")
            if (text := _text(table, word)) is not None
        },
        share=share,  # type: ignore[arg-type]  # one of ShareUnit, checked above
        separator=_text(table, "separator"),
        encoding=canonical_encoding(encoding) if encoding else None,
        delimiter=delimiter,
        quote='"' if quote is None else quote,
        trim=_flag(table, "trim"),
        null=tuple(words),
    )


def _kind(document: dict[str, object]) -> Kind:
    kind = document.get("kind")
    kinds = get_args(Kind)
    if kind not in kinds:
        shown = "is missing" if kind is None else f"is {quoted(kind)}"
        raise MappingError(f"kind {shown}", hint=f"it is one of {', '.join(kinds)}")
    return kind  # type: ignore[return-value]  # one of Kind, checked above


def _ids(document: dict[str, object]) -> bool:
    ids = document.get("ids", "prefixed")
    if ids not in {"prefixed", "verbatim"}:
        raise MappingError(f"ids is {quoted(ids)}", hint='"prefixed" (the default) or "verbatim"')
    if ids == "verbatim" and "namespace" in document:
        raise MappingError('namespace and ids = "verbatim" exclude each other')
    return ids == "verbatim"


def _grade(document: dict[str, object]) -> str | None:
    grade = _text(document, "grade")
    if grade is not None and not _GRADE.fullmatch(grade):
        raise MappingError(f"grade is {quoted(grade)}", hint="a letter A to F and a number 1 to 6, like B2")
    return grade


def _sheet(document: dict[str, object]) -> str | int | None:
    sheet = document.get("sheet")
    if (
        sheet is None
        or isinstance(sheet, str)
        or (isinstance(sheet, int) and not isinstance(sheet, bool) and sheet > 0)
    ):
        return sheet
    raise MappingError(f"sheet is {quoted(sheet)}", hint="the sheet's name, or its number from 1")


def _header(document: dict[str, object]) -> int:
    header = document.get("header", 1)
    if isinstance(header, bool) or not isinstance(header, int) or not 0 <= header <= 10_000:
        raise MappingError(
            f"header is {quoted(header)}", hint="the number of the line with the column names, 0 for none"
        )
    return header


def _column(word: str, value: object) -> str:
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return str(value)
    raise MappingError(
        f"[columns] {word} is {quoted(value)}", hint="the name of a column, or its number without a header"
    )


def _constant(word: str, value: object) -> str:
    if isinstance(value, str) and value:
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise MappingError(f"[defaults] {word} is {quoted(value)}", hint="a text or a whole number")


def _table(document: dict[str, object], key: str) -> dict[str, object]:
    table = document.get(key, {})
    if not isinstance(table, dict):
        raise MappingError(f"{key} is not a table", hint=f"write [{key}] on a line of its own")
    return table


def _text(table: Mapping[str, object], key: str, *, empty: bool = False) -> str | None:
    value = table.get(key)
    if value is None or (isinstance(value, str) and (value or empty)):
        return value
    raise MappingError(f"{key} is {quoted(value)}", hint="it is a text")


def _flag(table: Mapping[str, object], key: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise MappingError(f"[formats] {key} is {quoted(value)}", hint="true or false")
    return value


def _closed(table: Mapping[str, object], known: tuple[str, ...], where: str) -> None:
    for key in table:
        if key not in known:
            raise MappingError(f"{where}: unknown key {quoted(key)}", hint=nearest(key, known))

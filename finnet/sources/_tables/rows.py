"""Records as they would be read, one by one in Python: what `sniff` shows before anything is stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from finnet.errors import InputError, quoted
from finnet.model.countries import read_country
from finnet.model.currency import minor_digits
from finnet.model.dates import DateFormat
from finnet.model.mapping import TableMapping
from finnet.model.money import check_currency
from finnet.model.refusal import Refusal
from finnet.model.shares import read_share
from finnet.sources._tables.columns import node_schema
from finnet.sources._tables.entities import kind_of_property, read_cell
from finnet.sources._tables.opened import OpenedTable, first_records

__all__ = ["preview_rows"]

_MONEY = ("amount", "debit", "credit", "balance")


def preview_rows(table: OpenedTable, mapping: TableMapping, limit: int) -> list[dict[str, object]]:
    """The first records by finnet's words; a refused one has ``code`` and ``reason``, a skipped one only a reason.

    Raises: MappingError for a column that is not there; InputError for Parquet, which only the engine reads.
    """
    if table.layout == "parquet":
        raise InputError(
            f"{quoted(table.file.name)}: a Parquet file has no preview", hint="finnet ingest --dry-run tells"
        )
    if not table.titles:
        return []
    places = {word: table.place(title, mapping) for word, title in mapping.columns.items()}
    found: list[dict[str, object]] = []
    for record, fields in first_records(table, limit):
        if fields is None or not any(fields):
            found.append({"record": record, "reason": "not a row: it would be refused, or skipped if it is blank"})
            continue
        said = {word: _plain(fields[place], mapping) for word, place in places.items()}
        texts = {**mapping.defaults, **{word: text for word, text in said.items() if text is not None}}
        found.append({"record": record, **_read(texts, table, mapping)})
    return found


def _plain(text: str | None, mapping: TableMapping) -> str | None:
    if text is not None and mapping.formats.trim:
        text = text.strip(" ")
    return None if not text or text in mapping.formats.null else text


def _read(texts: dict[str, str], table: OpenedTable, mapping: TableMapping) -> dict[str, object]:
    row: dict[str, object] = {}
    for word in (*mapping.columns, *(word for word in mapping.defaults if word not in mapping.columns)):
        text = texts.get(word)
        try:
            row[word] = None if text is None else _reader(word, texts, table, mapping)(text)
        except Refusal as refusal:
            return {**texts, "code": refusal.code, "reason": refusal.reason}
    return row


def _reader(word: str, texts: dict[str, str], table: OpenedTable, mapping: TableMapping) -> Callable[[str], object]:
    formats = mapping.formats
    if word in _MONEY:
        amounts = replace(formats.amount, rounds=True) if table.layout == "rows" else formats.amount
        currency = texts.get("currency", "USD")
        return lambda text: f"{amounts.read(text, currency):.{minor_digits(currency)}f}"
    if word == "currency":
        return check_currency
    if word in {"date", "date_to", "booked_at", "start", "end"} and mapping.kind != "entities":
        return lambda text: _date(formats.date(word), text, table, has_time=word == "booked_at")
    if word.endswith("_country") or (word == "country" and mapping.kind != "entities"):
        return lambda text: read_country(text)[0]
    if word.endswith("_schema") or (word == "schema" and mapping.kind == "entities"):
        return lambda text: node_schema(text)[0]
    if word == "share" and mapping.kind == "links":
        return lambda text: "{}–{} ppm".format(*read_share(text, formats.share))
    if mapping.kind == "entities" and kind_of_property(word) in {"country", "date"}:
        reader = read_cell(kind_of_property(word), formats.separator, formats.date("date"))
        return lambda text: reader(text)[0]
    return lambda text: text


def _date(declared: DateFormat, text: str, table: OpenedTable, *, has_time: bool) -> str:
    def read(one: DateFormat) -> str:
        return one.read_time(text) if has_time else one.read(text)

    if table.layout == "rows" and not declared.is_iso:
        try:
            return read(DateFormat())
        except Refusal:
            pass
    return read(declared)

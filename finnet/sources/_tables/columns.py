"""A mapping's words as SQL expressions over the raw rows, and the checks that every kind of table shares."""
# ruff: noqa: S608  # what is pasted into SQL is ours; values are bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from finnet.model.countries import read_country
from finnet.model.currency import minor_digits
from finnet.model.dates import DateFormat
from finnet.model.mapping import TableMapping
from finnet.model.money import AmountFormat, digits_of, unknown_currency, unknown_currency_reason
from finnet.model.refusal import Refusal
from finnet.model.scan import Check, Lookup, PlainAmount, PlainDay, RawColumn
from finnet.model.schema import all_schemata
from finnet.sources._tables.opened import OpenedTable

__all__ = ["Columns", "node_schema"]

_MONEY = ("amount", "debit", "credit", "balance")
_DATES = ("date", "date_to", "booked_at", "start", "end")


class Columns:
    """The columns that a mapping uses, and how to say them in SQL."""

    def __init__(self, mapping: TableMapping, table: OpenedTable, *, floats: bool) -> None:
        self.mapping, self.table = mapping, table
        self._floats = floats
        self._raw: dict[str, RawColumn] = {}
        for word, title in mapping.columns.items():
            if table.layout == "parquet":
                field, shown = len(self._raw), title
            else:
                field = table.place(title, mapping)
                shown = table.titles[field]
            key = shown if table.layout == "parquet" else str(field)
            known = self._raw.get(key)
            name = f"c{len(self._raw)}" if known is None else known.name
            is_exact = word in _MONEY or (known is not None and known.exact)
            plain = self._written(word) if known is None or known.plain is None else known.plain
            self._raw[key] = RawColumn(
                name=name, field=field if known is None else known.field, title=shown, exact=is_exact, plain=plain
            )
        self.values: dict[str, object] = {f"d_{word}": value for word, value in mapping.defaults.items()}
        self.checks: list[Check] = []
        self.lookups: list[Lookup] = []
        self.days: dict[str, str] = {}
        self.facts: dict[str, str] = {}
        self.counts: dict[str, str] = {}  # as in BulkScan

    @property
    def raw(self) -> tuple[RawColumn, ...]:
        """The columns to read."""
        return tuple(self._raw.values())

    @cached_property
    def unused(self) -> tuple[str, ...]:
        """The file's columns that the mapping does not name."""
        used = {column.field for column in self._raw.values()}
        return tuple(title for place, title in enumerate(self.table.titles) if place not in used and title)

    def has(self, word: str) -> bool:
        """Whether the mapping says anything about the word."""
        return word in self.mapping.columns or word in self.mapping.defaults

    def in_file(self, word: str) -> bool:
        """Whether the file has a column for the word."""
        return word in self.mapping.columns

    def title(self, word: str) -> str | None:
        """What the file calls the word's column."""
        return self._column(word).title if self.in_file(word) else None

    def _column(self, word: str) -> RawColumn:
        title = self.mapping.columns[word]
        return self._raw[title if self.table.layout == "parquet" else str(self.table.place(title, self.mapping))]

    def text(self, word: str) -> str:
        """SQL: the word's text in this row, else its constant, else null."""
        column = f'"{self._column(word).name}"' if self.in_file(word) else None
        constant = f"cast($d_{word} as varchar)" if word in self.mapping.defaults else None
        if column and constant:
            return f"coalesce({column}, {constant})"
        return column or constant or "cast(null as varchar)"

    def _written(self, word: str) -> PlainAmount | PlainDay | None:
        """What a fast reader may make of the word's column by itself."""
        if word in _MONEY and self.mapping.kind != "entities":
            return self.amounts.plain
        layout = self.date_format(word).layout if word in _DATES and self.mapping.kind != "entities" else None
        return PlainDay(layout) if layout else None

    def plain(self, word: str) -> str | None:
        """SQL: what a fast reader made of the word's text, null where it made nothing; None if none may."""
        column = self._column(word) if self.in_file(word) else None
        if column is None or column.plain is None or column.plain != self._written(word):
            return None
        return f'"{column.name}_plain"'

    def _fact(self, word: str, sql: str) -> str:
        """SQL that rests on one column: a fast reader asks it once for each different text."""
        if word not in self.mapping.defaults:
            self.facts[sql] = self._column(word).name
        return sql

    def refuse(self, word: str | None, bad: str, code: str, reason: str) -> None:
        """A check on a word's column."""
        self.checks.append(Check(bad=bad, code=code, reason=reason, column=self.title(word) if word else None))

    def require(self, word: str) -> None:
        """The word must have a value in each row."""
        self.refuse(word, f"{self.text(word)} is null", "E1205", f"'{word} is missing'")

    # Amounts

    @cached_property
    def amounts(self) -> AmountFormat:
        """How amounts are written: a spreadsheet's are floating point whatever the mapping says."""
        declared = self.mapping.formats.amount
        return replace(declared, rounds=True) if self._floats else declared

    @cached_property
    def digits(self) -> str:
        """SQL: how many decimals the row's currency has."""
        if not self.in_file("currency"):
            return str(minor_digits(self.mapping.defaults.get("currency", "USD")))
        return self._fact("currency", digits_of(self.text("currency")))

    def check_amount(self, word: str, *, is_required: bool = True) -> None:
        """Refuse amounts that are missing, not in the format, or finer than their currency."""
        text, amounts = self.text(word), self.amounts
        present = "" if is_required else f"{text} is not null and "
        if is_required:
            self.require(word)
        unread = f"{self._not_plain(word)}{present}{amounts.unread(text)}"
        self.refuse(word, unread, "E1203", amounts.unread_reason(text))

    def check_digits(self, word: str) -> None:
        """After the currency is known: no more decimals than it has."""
        text, plain = self.text(word), self.plain(word)
        finer = f"{text} is not null and {self.amounts.too_fine(text, self.digits)}"
        self.refuse(
            word,
            finer
            if plain is None
            else f"case when {plain} is null then {finer} else {self.amounts.finer(plain, self.digits)} end",
            "E1207",
            f"'amount ''' || left({text}, 80) || "
            "''' has more decimals than its currency, or more than 14 digits before the point'",
        )

    def amount(self, word: str) -> str:
        """SQL: the amount, null where there is none."""
        value = self.amounts.value(self.text(word), self.digits)
        plain = self.plain(word)
        return value if plain is None else f"coalesce({plain}, {value})"

    def _not_plain(self, word: str) -> str:
        plain = self.plain(word)
        return f"{plain} is null and " if plain else ""

    def check_currency(self) -> None:
        """Refuse currencies that are missing or unknown."""
        if not self.in_file("currency"):
            return
        text = self.text("currency")
        self.require("currency")
        unknown = self._fact("currency", unknown_currency(text))
        self.refuse("currency", unknown, "E1206", unknown_currency_reason(text))

    # Dates

    def date_format(self, word: str) -> DateFormat:
        """How a date column is written."""
        return self.mapping.formats.date(word)

    def _typed(self, word: str) -> bool:
        # Spreadsheets and Parquet have dates of their own, which arrive in ISO form whatever the text cells look like.
        return self.table.layout != "delimited" and not self.date_format(word).is_iso

    def check_date(self, word: str) -> None:
        """Refuse what is no date in the declared format; a missing date is none."""
        text, declared = self.text(word), self.date_format(word)
        unread = declared.unread(text)
        if self._typed(word):
            unread = f"({unread} and {DateFormat().unread(text)})"
        self.refuse(
            word, f"{self._not_plain(word)}{text} is not null and {unread}", "E1204", declared.unread_reason(text)
        )

    def day(self, word: str) -> str:
        """SQL: the day in ISO form."""
        day, plain = self._in_format(word, "day"), self.plain(word)
        if plain is None:
            return day
        read = f"coalesce({plain}, {day})"
        self.days[read] = self._column(word).name
        return read

    def time(self, word: str) -> str:
        """SQL: date and time in ISO form; null where the column has no time."""
        return self._in_format(word, "time")

    def _in_format(self, word: str, part: str) -> str:
        text, declared = self.text(word), self.date_format(word)
        said: str = getattr(declared, part)(text)
        if self._typed(word):
            iso = DateFormat()
            typed: str = getattr(iso, part)(text)
            return f"case when {iso.unread(text)} then {said} else {typed} end"
        return said

    # Words that a Python function reads

    def look_up_countries(self, words: Sequence[str]) -> None:
        """Read the country columns; refuse what is no country."""
        said = [word for word in words if self.has(word)]
        if not said:
            return
        selects = " union all ".join(f"select {self.text(word)} from raw" for word in said)
        self.lookups.append(Lookup(name="country", words=selects, outputs={"alpha2": "varchar"}, read=read_country))
        for word in said:
            if self.in_file(word):
                self.refuse_unread(word, "country", self.text(word))

    def refuse_unread(self, word: str, lookup: str, text: str) -> None:
        """Refuse the rows whose text the lookup's function refused."""
        failed = f"(select l.word from lookup_{lookup} as l where l.code is not null)"
        codes = {"share": ("E1208",), "edge": ("E1209",), "schema": ("E1209", "E1212")}.get(lookup, ("E1212",))
        for code in codes:
            chosen = failed.replace("is not null", f"= '{code}'")
            self.refuse(
                word, f"{text} in {chosen}", code, f"(select l.reason from lookup_{lookup} as l where l.word = {text})"
            )

    def look_up_schemata(self, words: Sequence[str]) -> None:
        """Check the columns that name a node schema."""
        said = [word for word in words if self.in_file(word)]
        if not said:
            return
        selects = " union all ".join(f"select {self.text(word)} from raw" for word in said)
        self.lookups.append(Lookup(name="schema", words=selects, outputs={"name": "varchar"}, read=node_schema))
        for word in said:
            self.refuse_unread(word, "schema", self.text(word))

    def whole_number(self, word: str) -> None:
        """Refuse what is not a whole number."""
        text = self.text(word)
        self.refuse(
            word,
            f"{text} is not null and not regexp_full_match({text}, '-?[0-9]{{1,18}}')",
            "E1212",
            f"'{word} ''' || left({text}, 80) || ''' is not a whole number'",
        )


def node_schema(text: str) -> tuple[str]:
    """The schema of an entity that is not an edge. Raises: Refusal E1209 if unknown, E1212 for an edge."""
    from finnet.errors import nearest, quoted

    found = all_schemata().get(text)
    if found is None:
        raise Refusal("E1209", f"no schema called {quoted(text)}; {nearest(text, all_schemata())}")
    if found.edge is not None:
        raise Refusal("E1212", f"{text} is a link, not an entity")
    return (text,)

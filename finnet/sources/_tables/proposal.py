"""A mapping proposed for a table: what its columns seem to be, by name and by content, with the counts it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from finnet.errors import InputError, MappingError, quoted
from finnet.model.encoding import stated_by_mark
from finnet.model.mapping import TableMapping, read_mapping
from finnet.model.reading import SourceFile
from finnet.model.schema import schema
from finnet.sources._tables.column_names import NEEDED
from finnet.sources._tables.entities import NOT_PROPERTIES
from finnet.sources._tables.guesses import (
    Draft,
    guess_columns,
    guess_currency,
    guess_formats,
    recognised,
    toml_string,
    weigh_content,
)
from finnet.sources._tables.opened import OpenedTable, first_records, layout_of, open_table
from finnet.sources._tables.rows import preview_rows
from finnet.text import visible

__all__ = ["Proposal", "propose"]

_SAMPLE = 5_000
_PREVIEW = 10
_ENOUGH = 2  # known titles: the first line is what it seems
_PREAMBLE = 20  # lines that may stand above the titles
_FILLED_IN = ("currency", "own_account")
_KINDS = ("Person", "Vessel", "Company", "Organization")
# Tried in this order when the file is not UTF-8; never taken, only named.
_SUGGESTED = ("cp1252", "cp1251", "euc-kr", "gb18030", "shift_jis")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The mapping as TOML text to look at and correct, ten rows as it would read them, and what was noticed."""

    toml: str
    rows: list[dict[str, object]]
    notes: tuple[str, ...] = ()


def propose(file: SourceFile) -> Proposal:
    """Look at the file's name, header and first records. What is ambiguous is a comment, never a choice.

    Raises: InputError for what is no table or, like Parquet, holds columns that only the engine reads.
    """
    encodings, notes = _encodings(file)
    table, encoding, header = _opened(file, encodings)
    if encoding is not None and len(encodings) > 1:
        notes.append(f"{encoding} is taken: in it most titles are names that finnet knows, else it comes first")
    if header > 1:
        notes.append(f"the names of the columns are taken to be in line {header}: what stands above it is not read")
    if table.layout == "parquet":
        raise InputError(
            f"{quoted(file.name)}: a Parquet file is not looked into",
            hint="write the mapping by hand; docs/mappings.md has one",
        )
    if not table.titles:
        return Proposal(toml="", rows=[], notes=(*notes, *table.notes, "there is nothing to propose a mapping for"))
    records = [row for _, row in first_records(table, _SAMPLE) if row is not None and any(row)]
    columns = {
        title: [text for row in records if (text := row[place])] for place, title in enumerate(table.titles) if title
    }
    draft = _draft(columns, len(records))
    draft.notes = [*notes, *table.notes, *draft.notes]
    text = _toml(file, table, draft, encoding, header, len(records))
    rows = _preview(file, text, draft)
    return Proposal(toml=text, rows=rows, notes=tuple(draft.notes))


def _preview(file: SourceFile, text: str, draft: Draft) -> list[dict[str, object]]:
    # A currency, or whose statement it is, still to be filled in, changes nothing about what the other columns are.
    shown = text
    for word in _FILLED_IN:
        if word not in draft.columns:
            shown = shown.replace(f"# {word} =", f"{word} =", 1)
    try:
        mapping = read_mapping(shown.encode(), "the proposal")
        rows = preview_rows(open_table(file, mapping), mapping, _PREVIEW)
    except MappingError as error:
        draft.notes.append(f"the proposal is not complete yet: {error}")
        return []
    return [{word: v for word, v in row.items() if shown == text or word not in _FILLED_IN} for row in rows]


def _opened(file: SourceFile, encodings: Sequence[str]) -> tuple[OpenedTable, str | None, int]:
    """The table in the encoding, and from the line, of which most titles are known; as it stands where none are."""
    with file.path.open("rb") as stream:
        is_workbook = layout_of(stream.read(8)) == "rows"
    if is_workbook:
        return _opened_workbook(file)
    first = encodings[0] if encodings else None
    best, found = 0, None
    for encoding in encodings or (None,):
        for header in range(1, _PREAMBLE + 1):
            try:
                table = open_table(file, _bare(encoding, header))
            except (InputError, MappingError):
                continue
            if (known := recognised(table.titles)) > best:
                best, found = known, (table, encoding, header)
            if header == 1 and known >= _ENOUGH:
                break
    return found or (open_table(file, _bare(first, 1)), first, 1)


def _opened_workbook(file: SourceFile) -> tuple[OpenedTable, None, int]:
    """A workbook is read whole each time it is opened: its first rows are looked at in one go."""
    whole = open_table(file, _bare(None, 0))
    rows = islice(() if whole.read_rows is None else whole.read_rows(), _PREAMBLE)
    known = [recognised([text or "" for text in row]) for row in rows]
    best = max(known, default=0)
    header = 1 if best == 0 or known[0] >= _ENOUGH else known.index(best) + 1
    return open_table(file, _bare(None, header)), None, header


def _bare(encoding: str | None, header: int) -> TableMapping | None:
    if encoding is None and header == 1:
        return None
    formats = f'[formats]\nencoding = "{encoding}"\n' if encoding else ""
    return read_mapping(f'kind = "entities"\nheader = {header}\n[columns]\nname = "name"\n{formats}'.encode())


def _encodings(file: SourceFile) -> tuple[list[str], list[str]]:
    """The encodings it can be in, none where UTF-8 or a mark says it; and a note where the file is not UTF-8."""
    with file.path.open("rb") as stream:
        start = stream.read(1 << 22)
    if stated_by_mark(start) or start[:4] in (b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        return [], []
    try:
        start.decode()
    except UnicodeDecodeError as error:
        if error.start >= len(start) - 3 and len(start) == 1 << 22:
            return [], []
        possible = [name for name in _SUGGESTED if _decodes(start, name)]
        if not possible:
            return [], ["the file is not in UTF-8, and no common encoding fits"]
        said = (
            f"the file is not in UTF-8 (byte {error.start:,}); {', '.join(possible)} can read it: check which is right"
        )
        return possible, [said]
    return [], []


def _decodes(text: bytes, encoding: str) -> bool:
    try:
        text.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start >= len(text) - 4
    return True


def _draft(columns: dict[str, list[str]], records: int) -> Draft:
    drafts = [guess_columns(kind, columns) for kind in ("payments", "links", "entities")]
    complete = [
        draft for draft in drafts if all(any(w in draft.columns for w in words) for words in NEEDED[draft.kind])
    ]
    chosen = max(complete or drafts, key=lambda draft: (len(draft.columns), -drafts.index(draft)))
    is_statement = chosen.kind == "payments" and _is_statement(chosen.columns)
    if chosen.kind == "payments" and not is_statement:
        for word in ("own_account", "balance"):
            chosen.columns.pop(word, None)
    if not complete:
        chosen.notes.append("the columns' names do not say what this table is: correct [columns] by hand")
    weigh_content(chosen, columns)
    if is_statement and "own_account" not in chosen.columns:
        chosen.defaults.append('# own_account = "own"     # the file does not say whose statement this is: fill it in')
        chosen.notes.append("no column holds the statement's own account: give it in [defaults]")
    own = set(columns.get(chosen.columns.get("own_account", ""), []))
    if is_statement and len(own) > 1:
        chosen.notes.append(
            f"own_account: {len(own):,} different accounts; check that the column is whose statement it is, not the "
            "other side's"
        )
    amounts = columns.get(chosen.columns.get("amount", ""), [])
    if is_statement and amounts and "direction" not in chosen.columns and not any(one[:1] == "-" for one in amounts):
        chosen.notes.append(
            "no amount is negative, so all would arrive: map to direction what says which way the money went, if any "
            "column does"
        )
    guess_currency(chosen, columns)
    guess_formats(chosen, columns, records)
    if chosen.kind == "links" and not {"class", "schema"} & set(chosen.columns):
        chosen.defaults.append('class = "linked"      # ownership, control, governance, … : see docs/mappings.md')
    if chosen.kind == "entities" and "schema" not in chosen.columns:
        chosen.defaults += _schema_for(chosen.columns)
    return chosen


def _is_statement(columns: Mapping[str, str]) -> bool:
    """One amount with a sign has the same column for either side, which debit and credit may have."""
    sides = [columns.get(f"payer_{part}") for part in ("name", "account")]
    return bool({"debit", "credit"} & set(columns)) or any(
        side is not None and side == columns.get(f"beneficiary_{part}")
        for part, side in zip(("name", "account"), sides, strict=True)
    )


def _schema_for(columns: Iterable[str]) -> list[str]:
    """A default schema where the usual one lacks a property that the columns need; nothing where it does not."""
    needed = [word for word in columns if word not in NOT_PROPERTIES]
    lacking = [word for word in needed if schema("LegalEntity").property_type(word) is None]
    fitting = [name for name in _KINDS if all(schema(name).property_type(word) for word in needed)]
    if not lacking or not fitting:
        return []
    return [f'schema = "{fitting[0]}"      # a LegalEntity has no {", ".join(lacking)}; check that all rows are one']


def _toml(file: SourceFile, table: OpenedTable, draft: Draft, encoding: str | None, header: int, records: int) -> str:
    used = set(draft.columns.values())
    lines = [
        f"# Proposed for {visible(file.name)} from its first {records:,} records: check it before you rely on it.",
        f'kind    = "{draft.kind}"',
        f"dataset = {toml_string(re.sub(r'[^A-Za-z0-9_]+', '_', Path(file.name).stem).strip('_').lower() or 'table')}",
        '# grade = "B2"          # how far the source is trusted: A to F, 1 to 6',
        *([f"header  = {header}"] if header > 1 else []),
        "",
        "[columns]",
    ]
    width = max((len(word) for word in draft.columns), default=0)
    for word, title in draft.columns.items():
        comment = f"   # {draft.comments[word]}" if word in draft.comments else ""
        lines.append(f"{word:{width}} = {toml_string(title)}{comment}")
    lines += [f"# not used: {visible(title)}" for title in table.titles if title and title not in used]
    lines += ["", "[defaults]", *draft.defaults, "", "[formats]", *draft.formats]
    if table.layout == "delimited":
        lines.append(f"delimiter = {toml_string(table.delimiter)}")
        lines.append(f'encoding = "{encoding or table.encoding}"')
    return "\n".join(lines) + "\n"

"""A table of payments, links or entities (CSV, TSV, Parquet, XLSX) through a mapping."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from finnet.errors import UsageError, quoted
from finnet.model.mapping import TableMapping, load_mapping
from finnet.model.reading import Head, Reading, ReadOptions, SourceFile
from finnet.model.scan import BulkScan, State
from finnet.sources._tables.columns import Columns
from finnet.sources._tables.entities import entity_states
from finnet.sources._tables.links import link_states
from finnet.sources._tables.opened import OpenedTable, layout_of, open_table
from finnet.sources._tables.payments import payment_states
from finnet.sources._tables.proposal import Proposal
from finnet.sources._tables.proposal import propose as _propose
from finnet.sources._tables.rows import preview_rows
from finnet.text import visible

__all__ = ["GRADE", "IS_LIST", "TITLE", "TOGETHER", "Proposal", "preview", "propose", "read", "sniff"]

TITLE = "Table (CSV, TSV, Parquet, XLSX) through a mapping"
GRADE = "F6"  # whoever knows better says so in the mapping
IS_LIST = False
TOGETHER = True

_ENDINGS = (".csv", ".tsv", ".tab", ".psv", ".txt", ".parquet", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


def sniff(head: Head) -> bool:
    """Whether the file may be a table: by its name's ending, or its first bytes, or a delimiter in its first line."""
    if head.name.endswith(_ENDINGS):
        return True
    layout = layout_of(head.start)
    if layout != "delimited":
        return layout == "parquet"
    line = head.start.splitlines()[0] if head.start.strip() else b""
    return line[:1] not in (b"{", b"[", b"<") and any(mark in line for mark in b",;\t|")


def read(files: Sequence[SourceFile], options: ReadOptions) -> Reading:
    """The files as scans, all through the one mapping.

    Raises: UsageError without a mapping; MappingError for a column that is not there; InputError for what is no table.
    """
    if options.mapping is None:
        raise UsageError(
            f"{quoted(files[0].name)}: a table needs a mapping",
            hint=f"finnet sniff {visible(files[0].name)} --write mapping.toml",
        )
    mapping = load_mapping(options.mapping)
    dataset = options.dataset or mapping.dataset or Path(files[0].name).stem
    scans: list[BulkScan] = []
    notes: list[str] = []
    for file in files:
        table = open_table(file, mapping)
        notes += table.notes
        scan, more = _scan(file, mapping, table, dataset, options)
        scans.append(scan)
        notes += more
    return Reading(
        dataset=dataset,
        title=TITLE,
        licence=mapping.licence,
        grade=mapping.grade,
        mapping_sha256=mapping.sha256,
        scans=tuple(scans),
        notes=tuple(notes),
    )


def preview(path: Path, mapping: Path, limit: int = 10) -> list[dict[str, object]]:
    """The first records as they would be read, one row each; what would be refused has its code and reason.

    Raises: as ``read``; a Parquet file cannot be previewed.
    """
    file = SourceFile(path=path, name=path.name)
    loaded = load_mapping(mapping)
    return preview_rows(open_table(file, loaded), loaded, limit)


def propose(path: Path) -> Proposal:
    """A mapping for the file, with what it rests on, and ten rows as it would read them.

    Raises: InputError for what is no table.
    """
    return _propose(SourceFile(path=path, name=path.name))


def _scan(
    file: SourceFile, mapping: TableMapping, table: OpenedTable, dataset: str, options: ReadOptions
) -> tuple[BulkScan, list[str]]:
    if not table.titles and table.layout != "parquet":
        nothing = BulkScan(
            path=file.path, name=file.name, layout="rows", columns=(), states=(), read_rows=lambda: iter(())
        )
        return nothing, []
    floats = table.layout == "rows" or (table.layout == "parquet" and options.accept_float_money)
    columns = Columns(mapping, table, floats=floats)
    prefix = "" if mapping.verbatim else f"{mapping.namespace or dataset}-"
    stem = Path(file.name).stem
    numbered = f"{dataset}-" if stem == dataset else f"{dataset}-{stem}-"
    states: tuple[State, ...]
    if mapping.kind == "payments":
        states = payment_states(columns, prefix=prefix, numbered=numbered)
    elif mapping.kind == "links":
        states = link_states(columns, prefix=prefix, numbered=numbered)
    else:
        states = entity_states(columns, prefix=prefix)
    notes = []
    if columns.unused:
        shown = ", ".join(quoted(title, 40) for title in columns.unused[:12])
        notes.append(f"{file.name}: columns that the mapping does not use: {shown}{' …' * (len(columns.unused) > 12)}")
    if floats and any(column.exact for column in columns.raw):
        notes.append(
            f"{file.name}: amounts are floating point in this file and were rounded to the currency's smallest unit"
        )
    scan = BulkScan(
        path=file.path,
        name=file.name,
        layout=table.layout,
        columns=columns.raw,
        states=states,
        checks=tuple(columns.checks),
        lookups=tuple(columns.lookups),
        values=columns.values,
        width=max(len(table.titles), 1),
        encoding=table.encoding,
        delimiter=table.delimiter,
        quote=table.quote,
        begins_at=table.begins_at,
        trim=mapping.formats.trim,
        null_words=mapping.formats.null,
        accept_floats=options.accept_float_money,
        read_rows=table.read_rows,
        days=columns.days,
        facts=columns.facts,
        counts=columns.counts,
    )
    return scan, notes

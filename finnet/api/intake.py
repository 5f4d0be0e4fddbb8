"""Files in, and what became of them: ingest, info, rejects, sniff."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from finnet.errors import UsageError, quoted
from finnet.report.answer import Answer, Row

if TYPE_CHECKING:
    from finnet.api.open import Case
    from finnet.store.ingest import Outcome

__all__ = ["info", "ingest", "rejects", "sniff"]

_GRADE = re.compile(r"[A-F][1-6]")
_COUNTED = ("entities", "links", "payments", "listings")


def ingest(
    files: Sequence[str | Path],
    *,
    case: Path | str | None = None,
    as_: str | None = None,
    mapping: Path | str | None = None,
    dataset: str | None = None,
    grade: str | None = None,
    append: bool = False,
    replace: bool = False,
    max_rejects: int | None = None,
    retrieved_on: str | None = None,
    accept_float_money: bool = False,
    dry_run: bool = False,
    wait: float = 0.0,
) -> Answer:
    """Read files, folders or ``sample:NAME`` into a case: all of it or nothing.

    One row per file, with what its records state. ``entities`` counts those that are described; in the summary, stubs
    are the parties of the whole case that somebody points at and nobody describes. The outcome is 3 if a record was
    rejected. The same files with the same mapping change nothing.

    Raises: whatever reading and storing raise; then the case is as it was.
    """
    from finnet.api._inputs import incoming
    from finnet.api.open import case_path
    from finnet.store import ingest as store

    if not files:
        raise UsageError("no file is named")
    if append and replace:
        raise UsageError("--append and --replace exclude each other")
    if grade is not None and not _GRADE.fullmatch(grade.upper()):
        raise UsageError(f"--grade {quoted(grade)}: should be a letter A to F and a digit 1 to 6, as in B2")
    with incoming(
        [str(one) for one in files],
        as_=as_,
        mapping=None if mapping is None else str(mapping),
        dataset=dataset,
        grade=None if grade is None else grade.upper(),
        retrieved_on=retrieved_on,
        accept_float_money=accept_float_money,
    ) as (datasets, told):
        outcomes = store.ingest(
            case_path(case),
            datasets,
            append=append,
            replace_=replace,
            max_rejects=max_rejects,
            dry_run=dry_run,
            wait=wait,
        )
    rows = [row for outcome in outcomes for row in _file_rows(outcome)]
    stubs, to_come = (None, []) if dry_run else _afterwards(case_path(case))
    totals = {
        name: sum(row[name] or 0 for row in rows) for name in ("records", "loaded", "rejected", "skipped", *_COUNTED)
    }
    return Answer(
        command="ingest",
        columns=(
            "file", "format", "status", "records", "loaded", "rejected", "skipped", "entities", "links", "payments",
            "listings", "dataset",
        ),
        shown=("file", "status", "records", "loaded", "rejected", "skipped", *_COUNTED),
        rows=rows,
        summary={
            "case": str(case_path(case)),
            **totals,
            "stubs": stubs,
        },
        notes=(*told, *_ingest_notes(outcomes, totals, dry_run=dry_run), *to_come),
        params={"files": [str(one) for one in files], "as": as_, "mapping": None if mapping is None else str(mapping)},
        outcome=3 if totals["rejected"] else 0,
    )  # fmt: skip


def info(case: Case) -> Answer:
    """What the case holds, dataset by dataset; first and last are the earliest and latest dates in it."""
    dates = {row["dataset"]: row for row in case.rows(_SPANS)}
    rows: list[Row] = []
    for dataset in sorted({one.dataset for one in case.manifest.active}):
        parts = [one for one in case.manifest.active if one.dataset == dataset]
        span = dates.get(dataset, {})
        rows.append(
            {
                "dataset": dataset,
                "list_date": max((one.list_date for one in parts if one.list_date), default=None),
                **{name: sum(one.counts.get(name, 0) for one in parts) for name in _COUNTED},
                "first": span.get("first"),
                "last": span.get("last"),
                "grade": "; ".join(dict.fromkeys(one.grade or "not graded" for one in parts)),
                "format": parts[0].format,
                "title": parts[0].title,
                "licence": next((one.licence for one in parts if one.licence), None),
                "stubs": sum(one.counts.get("stubs", 0) for one in parts),
            }
        )
    rejected = sum(file.rejected for one in case.manifest.active for file in one.files)
    return Answer(
        command="info",
        columns=(
            "dataset", "list_date", *_COUNTED, "first", "last", "grade", "format", "title", "licence", "stubs",
        ),
        shown=("dataset", "list_date", *_COUNTED, "first", "last", "grade"),
        rows=rows,
        summary={
            "countries": _tally(case, "country", "v1_party"),
            "schemata": _tally(case, "schema", "v1_party"),
            "currencies": _tally(case, "currency", "v1_payment"),
            "rejects": rejected,
        },
        notes=tuple(dict.fromkeys(note for one in case.manifest.active for note in one.notes)),
    )  # fmt: skip


_SPANS = """
with dated as (
    select dataset, booked_on as day from v1_payment
    union all select dataset, start_date from v1_link
    union all select dataset, listed_on from v1_listing
)
select dataset, min(day) as first, max(day) as last from dated where day is not null group by dataset order by dataset
"""


def rejects(case: Case, *, dataset: str | None = None, show_values: bool = False, limit: int | None = None) -> Answer:
    """The records that were refused, in the order of their files. ``raw`` is there only with ``show_values``."""
    entries: list[Row] = []
    for one in case.manifest.active:
        path = case.path / "rejects" / one.rejects_name
        if (dataset is not None and one.dataset != dataset) or not path.is_file():
            continue
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line:
                entries.append({**json.loads(line), "dataset": one.dataset})
    rows = [
        {
            **{
                name: entry.get(name)
                for name in ("file", "record", "byte_offset", "column", "code", "reason", "dataset")
            },
            "raw": _raw(entry) if show_values else None,
        }
        for entry in entries[:limit]
    ]
    by_code: dict[str, int] = {}
    for entry in entries:
        by_code[entry["code"]] = by_code.get(entry["code"], 0) + 1
    shown = ("file", "record", "byte_offset", "column", "code", "reason")
    return Answer(
        command="rejects",
        columns=(*shown, "dataset", "raw"),
        shown=(*shown, "raw") if show_values else shown,
        rows=rows,
        summary={"by_code": dict(sorted(by_code.items())), "rejects": len(entries)},
        params={"dataset": dataset},
        truncated=len(rows) < len(entries),
        total=len(entries),
    )


def sniff(file: Path | str, *, mapping: Path | str | None = None, write: Path | None = None) -> Answer:
    """What a file is. For a table: a proposed mapping (written to ``write``) and ten rows as they would be read.

    Raises: InputError if no format recognises the file; UsageError if the mapping to write is there already.
    """
    from finnet.api._inputs import SOURCES, format_of, mapping_path

    path = Path(file)
    if path.is_dir():
        raise UsageError(f"{quoted(file)}: is a folder", hint="name one of its files; finnet ingest takes them all")
    if not path.is_file():
        raise UsageError(f"{quoted(file)}: there is no such file")
    name = "table" if mapping is not None else format_of(path)
    title = SOURCES[name].TITLE
    if name != "table":
        return Answer(
            command="sniff",
            columns=("file", "format", "title"),
            rows=[{"file": path.name, "format": name, "title": title}],
            summary={"format": name, "needs a mapping": False},
        )
    from finnet.sources.table import preview, propose

    if mapping is not None:
        rows = preview(path, mapping_path(mapping))
        return _preview(path, title, rows, toml=None, notes=())
    proposal = propose(path)
    if write is not None:
        if write.exists():
            raise UsageError(f"--write {quoted(write)}: exists already", hint="name a new file")
        from finnet.report.files import write_atomically

        write_atomically(write, proposal.toml.encode())
    notes = (
        *proposal.notes,
        f"the mapping was written to {write}" if write else "write the mapping with --write M.toml",
    )
    return _preview(path, title, proposal.rows, toml=proposal.toml, notes=notes)


def _preview(path: Path, title: str, rows: Sequence[Row], *, toml: str | None, notes: Sequence[str]) -> Answer:
    columns = tuple(dict.fromkeys(name for row in rows for name in row)) or ("record",)
    return Answer(
        command="sniff",
        columns=columns,
        rows=list(rows),
        summary={"file": path.name, "format": "table", "title": title, "mapping": toml},
        notes=tuple(notes),
    )


def _file_rows(outcome: Outcome) -> list[Row]:
    rows: list[Row] = []
    for file in outcome.ingest.files:
        rows.append(
            {
                "file": file.name,
                "format": outcome.ingest.format,
                "status": outcome.status,
                "records": file.records,
                "loaded": file.loaded,
                "rejected": file.rejected,
                "skipped": file.skipped,
                **{name: file.counts.get(name, 0) for name in _COUNTED},
                "dataset": outcome.ingest.dataset,
            }
        )
    return rows


def _ingest_notes(outcomes: Sequence[Outcome], totals: dict[str, int], *, dry_run: bool) -> list[str]:
    notes = [note for outcome in outcomes for note in (*outcome.ingest.notes, *outcome.notes)]
    empty = [file.name for outcome in outcomes for file in outcome.ingest.files if not file.records]
    notes += [f"{name}: no records in it" for name in empty]
    notes += [
        f"{outcome.ingest.dataset}: the case has a newer list; this one is kept beside it and does not count"
        for outcome in outcomes
        if outcome.status == "older"
    ]
    if totals["rejected"]:
        notes.append(f"{totals['rejected']} records were rejected: finnet rejects shows which and why")
    if dry_run:
        notes.append("nothing was stored (--dry-run)")
    return list(dict.fromkeys(notes))


def _afterwards(path: Path) -> tuple[int, list[str]]:
    """How many parties of the whole case somebody points at and nobody describes; and what the next look-up costs."""
    from finnet.api.open import open_case
    from finnet.store.index import is_made

    with open_case(path) as opened:
        stubs = int(opened.rows("select count(*) as n from v1_party where missing")[0]["n"])
        made = is_made(opened)
    return stubs, [] if made else ["the first look-up will make the index: about 5 s per million entities and links"]


def _tally(case: Case, column: str, view: str) -> dict[str, int]:
    rows = case.rows(
        f"select {column} as value, count(*) as n from {view} where {column} is not null "  # noqa: S608
        f"group by {column} order by n desc, {column} limit 12"
    )
    return {row["value"]: row["n"] for row in rows}


def _raw(entry: Row) -> str | None:
    encoded = entry.get("raw_b64")
    return base64.b64decode(encoded).decode("utf-8", "backslashreplace") if encoded else None

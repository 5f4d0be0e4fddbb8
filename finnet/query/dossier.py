"""The verb on reports: a run, or a query run first, written as a document that cites a record for each statement."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from finnet import api
from finnet.api._raw_record import RawRecords
from finnet.errors import InputError, UsageError, quoted
from finnet.query.material import material_of, redaction_for
from finnet.query.run import run
from finnet.query.stored import is_run, load_run
from finnet.report.answer import Answer, Row
from finnet.report.dossier import claims as tables_of_claims
from finnet.report.dossier.compose import compose
from finnet.report.dossier.document import Dossier, Material, Record
from finnet.report.dossier.markdown import to_markdown
from finnet.report.dossier.page import to_html
from finnet.report.files import write_atomically

__all__ = ["report"]

_COLUMNS = ("output", "sentences", "records", "bytes", "sha256")


def report(
    query_or_run: str,
    *,
    output: Path | str = Path("report.html"),
    claims: Path | str | None = None,
    redact: bool = False,
    purpose: str | None = None,
    case: Path | str | None = None,
    inputs: Sequence[str] = (),
    into: Path | str = "runs",
) -> Answer:
    """Write a report on a run, or run a query first and report on that: ``.md`` or ``.html`` by the file's ending.

    ``claims`` writes each sentence as a row of a CSV file with its raw record, its weakest link and columns to fill in
    (``reply_sought``, ``reply_received``, ``cleared_by``, ``comment``); if the file is there already, what was filled
    in is kept by sentence. ``redact`` hides people, accounts, addresses and numbers. ``case`` says where the case is,
    for runs that used one of the user's.

    One row per file. Raises: UsageError for another ending, or a folder that is no run; FinnetError if the run or its
    case is not what it was.
    """
    place = Path(output)
    writers = {".md": to_markdown, ".html": to_html, ".htm": to_html}
    if place.suffix.lower() not in writers:
        raise UsageError(f"-o {quoted(place.name)}: a report is Markdown or HTML", hint="end its name in .md or .html")
    notes: list[str] = []
    filled_in = _filled_in(Path(claims)) if claims is not None else {}  # before anything is written
    if not is_run(query_or_run):
        made = run([query_or_run], case=case, inputs=inputs, into=into)
        notes += [*made.notes, f"the run is in {made.summary['run folder']}"]
        query_or_run = str(made.summary["run folder"])
    stored = load_run(query_or_run)
    with api.open_case(case if stored.case is None else stored.case) as opened:
        redaction = redaction_for(opened, stored, redact=redact)
        material = material_of(stored, opened, purpose=purpose, redaction=redaction)
        dossier = compose(material)
        written = writers[place.suffix.lower()](dossier).encode("utf-8", "backslashreplace")
        write_atomically(place, written)
        rows = [_row(place, written, sentences=len(dossier.sentences), records=len(dossier.records))]
        if claims is not None:
            table = _claims(Path(claims), dossier, material, opened, notes, filled_in, redact=redact)
            rows.append(_row(Path(claims), table, sentences=len(dossier.sentences), records=len(dossier.records)))
    return Answer(
        command="report",
        columns=_COLUMNS,
        rows=rows,
        summary={
            "result_sha256": material.result_sha256,
            "stamp": material.stamp,
            "people named": len(material.people),
            "licences": sorted({str(row["licence"] or "not stated") for row in material.sources}),
        },
        notes=tuple(notes),
        params={"query_or_run": query_or_run, "redact": redact, "purpose": purpose},
    )


def _row(path: Path, written: bytes, *, sentences: int, records: int) -> Row:
    sha256 = hashlib.sha256(written).hexdigest()
    return {"output": str(path), "sentences": sentences, "records": records, "bytes": len(written), "sha256": sha256}


def _claims(
    path: Path,
    dossier: Dossier,
    material: Material,
    case: api.Case,
    notes: list[str],
    filled_in: Mapping[str, Mapping[str, str]],
    *,
    redact: bool,
) -> bytes:
    raw = RawRecords(case.manifest.active)

    def text_of(record: Record) -> str | None:
        place = {"dataset": record.dataset, "file": record.file, "byte_offset": record.byte_offset}
        return None if redact else raw.read(place)

    grades = [str(row["grade"]) for row in material.sources if row.get("grade")]
    rows = tables_of_claims.claims(
        dossier,
        people=material.people,
        worst_of_data=max(grades, default=None),
        raw=text_of,
        filled_in=filled_in,
    )
    if redact:
        rows = [{**row, "record": None, "byte_offset": None} for row in rows]
    table = tables_of_claims.claims_csv(rows).encode("utf-8", "backslashreplace")
    write_atomically(path, table)
    notes += raw.notes
    gone = sum(row["still_in_report"] == "no" for row in rows)
    if gone:
        notes.append(f"{gone} sentences with marks are no longer in the report: they stand at the end of {path.name}")
    return table


def _filled_in(path: Path) -> dict[str, dict[str, str]]:
    if not path.is_file():
        return {}
    try:
        return tables_of_claims.read_filled_in(path.read_text(encoding="utf-8-sig"))
    except (ValueError, OSError) as error:
        raise InputError(
            f"{quoted(path.name)}: is there and is not a table of claims, so it is not written over: {error}",
            hint="name another file with --claims",
        ) from error

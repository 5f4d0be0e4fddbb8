"""Each sentence of a report as a row for the lawyer and the editor, with its raw record and room for their marks."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence

from finnet.report.answer import Row
from finnet.report.dossier.document import Dossier, Record
from finnet.report.dossier.sentences import LONGEST_NAME, weakest
from finnet.text import csv_safe, one_line, visible

__all__ = ["COLUMNS", "FILLED_IN", "claims", "claims_csv", "read_filled_in"]

FILLED_IN = ("reply_sought", "reply_received", "cleared_by", "comment")
COLUMNS = (
    "sentence_id", "still_in_report", "section", "sentence", "about", "person", "living_person", "grade",
    "weakest_link", "computed_in", "dataset", "file", "record", "byte_offset", "raw_record", *FILLED_IN,
)  # fmt: skip

_RAW = 4_000  # characters of a raw record; `finnet source` shows all of it


def claims(
    dossier: Dossier,
    *,
    people: Mapping[str, tuple[str, bool]],
    worst_of_data: str | None,
    raw: Callable[[Record], str | None],
    filled_in: Mapping[str, Mapping[str, str]],
) -> list[Row]:
    """One row per sentence: those about living persons first, the weakest evidence first among them.

    ``weakest_link`` is the worst grade the sentence rests on: of its records, or, where it was computed, of all data
    that the run read. What was ``filled_in`` before, by sentence id, is kept where words and records are the same; a
    sentence that is gone keeps its marks at the end.
    """
    rows: list[Row] = []
    for section, sentence in dossier.sentences:
        named = [people[label] for label in sentence.about if label in people]
        living = [caption for caption, is_dead in named if not is_dead]
        grade = weakest(sentence.records)
        records = sentence.records
        rows.append(
            {
                "sentence_id": sentence.id,
                "still_in_report": "yes",
                "section": section,
                "sentence": sentence.text,
                "about": "; ".join(sentence.about),
                "person": "; ".join(one_line(caption, LONGEST_NAME) for caption, _ in named),
                "living_person": "yes" if living else "no",
                "grade": grade,
                "weakest_link": grade if sentence.computed is None else worst_of_data,
                "computed_in": None if sentence.computed is None else f"{sentence.computed}.csv",
                "dataset": "; ".join(one.dataset for one in records),
                "file": "; ".join(one.file for one in records),
                "record": "; ".join(str(one.record) for one in records if one.record is not None),
                "byte_offset": "; ".join(str(one.byte_offset) for one in records if one.byte_offset is not None),
                "raw_record": " | ".join(said[:_RAW] for one in records if (said := raw(one)) is not None),
                **{name: filled_in.get(sentence.id, {}).get(name, "") for name in FILLED_IN},
            }
        )
    rows = list({row["sentence_id"]: row for row in rows}.values())
    order = {row["sentence_id"]: place for place, row in enumerate(rows)}
    rows.sort(key=lambda row: (row["living_person"] != "yes", _strength(row), order[row["sentence_id"]]))
    for label, marks in filled_in.items():
        if label not in order and any(marks.get(name) for name in FILLED_IN):
            rows.append({**marks, "still_in_report": "no"})
    return rows


def claims_csv(rows: Sequence[Row]) -> str:
    """The rows as CSV that a spreadsheet opens without running anything in it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([csv_safe(visible(str(row.get(name) or ""))) for name in COLUMNS])
    return buffer.getvalue()


def read_filled_in(text: str) -> dict[str, dict[str, str]]:
    """What somebody filled in, by sentence id, with the rest of the row; whatever a spreadsheet did to the order.

    Raises: ValueError if it is not a table of claims.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    missing = [name for name in ("sentence_id", *FILLED_IN) if name not in (reader.fieldnames or ())]
    if missing:
        raise ValueError(f"it has no column {missing[0]}")
    found: dict[str, dict[str, str]] = {}
    for row in reader:
        # An apostrophe that finnet put before a formula is not a part of the text.
        kept = {name: (row.get(name) or "") for name in COLUMNS}
        found[kept["sentence_id"]] = {
            name: text[1:] if text[:1] == "'" and csv_safe(text[1:]) == text else text for name, text in kept.items()
        }
    return found


def _strength(row: Row) -> tuple[object, ...]:
    worst = row["weakest_link"]
    return (worst is not None, tuple(-ord(letter) for letter in worst or ""))

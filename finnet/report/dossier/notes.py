"""The numbered records under a report, and what stands over it."""

from __future__ import annotations

from collections.abc import Iterator

from finnet.report.dossier.document import Dossier, Record
from finnet.text import one_line

__all__ = ["note_lines", "stamp_line"]


def note_lines(dossier: Dossier) -> Iterator[tuple[int, str]]:
    """(number, dataset, file, record and byte offset in words) for each record that is cited."""
    numbers = dossier.records
    cited = {record.place: record for _, sentence in dossier.sentences for record in sentence.records}
    for place, number in numbers.items():
        yield number, _place(cited[place], is_redacted=dossier.is_redacted)


def stamp_line(dossier: Dossier) -> str | None:
    """What stands over the whole report: that it is invented, or that names are hidden in it."""
    said = []
    if dossier.stamp is not None:
        said.append(f"{dossier.stamp}: no such party exists")
    if dossier.is_redacted:
        said.append("REDACTED for sharing: people, accounts, addresses and numbers are hidden")
    return ". ".join(said) or None


def _place(record: Record, *, is_redacted: bool) -> str:
    grade = f", graded {record.grade}" if record.grade else ", not graded"
    if is_redacted:
        return f"{one_line(record.dataset, 80)}: record withheld{grade}"
    offset = f", byte {record.byte_offset}" if record.byte_offset is not None else ""
    return f"{one_line(record.dataset, 80)}: {one_line(record.file, 200)}, record {record.record}{offset}{grade}"

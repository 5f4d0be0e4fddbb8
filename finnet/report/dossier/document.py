"""What a report is made of, before it is written as Markdown or as a page: sections of sentences, tables and bars."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from finnet.report.answer import Answer, Row

__all__ = [
    "Bars",
    "Block",
    "Dossier",
    "Material",
    "Picture",
    "Record",
    "Section",
    "Sentence",
    "StepAnswer",
    "Table",
    "Words",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Where something is stated. ``record`` is None where it is withheld."""

    dataset: str
    file: str
    record: int | None
    byte_offset: int | None = None
    grade: str | None = None
    basis: str | None = None

    @property
    def place(self) -> tuple[str, str, int, int]:
        """What makes it one record, and its order among others."""
        return self.dataset, self.file, self.record or 0, self.byte_offset or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One statement of the report. ``about`` are ids; ``computed`` names the output that a computed one stands in.

    Whatever a record says is cited: a sentence has records, or says where it was computed.
    """

    text: str
    records: tuple[Record, ...] = ()
    about: tuple[str, ...] = ()
    computed: str | None = None

    @property
    def id(self) -> str:
        """The same as long as the words and the records are: what was cleared stays cleared, and nothing else does."""
        told = "\0".join([self.text, self.computed or "", *(repr(one.place) for one in self.records)])
        return hashlib.sha256(told.encode("utf-8", "backslashreplace")).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A sentence of the report about itself: no claim about anybody."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under their columns; ``cut`` is how many rows the file has, where not all are shown."""

    columns: tuple[str, ...]
    rows: Sequence[Row]
    title: str = ""
    cut: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Amounts of one unit side by side: (label, length, what is written)."""

    title: str
    items: Sequence[tuple[str, float, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawing as SVG, with what it shows in words."""

    title: str
    svg: str


Block = Sentence | Words | Table | Bars | Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what stands under it."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """The whole report. ``stamp`` (``INVENTED``) stands over all of it."""

    title: str
    question: str
    sections: Sequence[Section]
    stamp: str | None = None
    is_redacted: bool = False

    @property
    def sentences(self) -> list[tuple[str, Sentence]]:
        """(section, sentence), in their order."""
        return [(one.title, block) for one in self.sections for block in one.blocks if isinstance(block, Sentence)]

    @property
    def records(self) -> dict[tuple[str, str, int, int], int]:
        """The number [n] of each record that is cited, by its place, in the order of first mention."""
        numbers: dict[tuple[str, str, int, int], int] = {}
        for _, sentence in self.sentences:
            for record in sentence.records:
                numbers.setdefault(record.place, len(numbers) + 1)
        return numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAnswer:
    """A step of the run and its answer. ``expected``: as expected, differs, or None where nothing was."""

    id: str
    answer: Answer
    expected: str | None = None
    page: str | None = None
    picture: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything a report may speak of, read from the run folder and its case; the report adds nothing.

    ``statements`` are rows of what is recorded about the parties in the answers (see ``sentences``), ``reasons`` the
    sentences of the verb ``why``, ``sources`` rows of ``v1_source``, ``people`` the parties that are or may be natural
    persons, by id: their caption and whether a date of death is recorded.
    """

    title: str
    question: str
    steps: Sequence[StepAnswer]
    statements: Sequence[Mapping[str, Any]] = ()
    reasons: Sequence[Sentence] = ()
    sources: Sequence[Row] = ()
    people: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    purpose: str | None = None
    stamp: str | None = None
    seed: int = 0
    result_sha256: str = ""
    case_sha256: str = ""
    version: str = ""
    warnings: Sequence[str] = ()
    is_redacted: bool = False

"""Invented cases with planted answers, made by seeded generators."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from finnet.catalogue import Catalogue

__all__ = ["SAMPLES", "Role", "SampleFile"]

Role = Literal["data", "rates", "answers", "readme"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFile:
    """A file of a sample: where it was written, its name in the sample, and, of data, what reads it."""

    path: Path
    name: str
    as_: str
    role: Role
    mapping: Path | None = None
    dataset: str | None = None


# A sample is one file: ``write(folder)`` makes its files anew, always the same bytes, and says what each of them is.
SAMPLES = Catalogue("finnet.samples", kind="sample", verbs=("write",))

"""case.json: which data files make up the case now, and every ingest that led to them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from finnet.errors import CaseDamagedError, CaseError, quoted

__all__ = ["FORMAT", "NAME", "SPILL", "DataFile", "Ingest", "IngestedFile", "Manifest", "load", "refuse_other", "save"]

FORMAT = 1
NAME = "case.json"
SPILL = ".spill-"

# What a folder may hold that is to become a case: the remains of a first ingest that died, and an analyst's words.
_REMAINS = frozenset({"lock", "data", "rejects", "decisions.jsonl", "checked.json"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """One immutable Parquet file below ``data/``; columns of its table that it ``lacks`` hold nothing."""

    name: str
    table: str
    rows: int
    sha256: str
    bytes: int
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestedFile:
    """One input file with its counts: records = loaded + rejected + skipped; ``counts`` of what its records state.

    ``path`` is where it lay, ``mtime_ns`` when it was last changed: for ``finnet source``, no result depends on them.
    """

    name: str
    path: str
    sha256: str
    bytes: int
    records: int
    loaded: int
    rejected: int
    skipped: int
    mtime_ns: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingest:
    """One dataset read in one go. ``status`` is ``active`` or ``replaced`` (kept for ``--known-at`` and ``diff``)."""

    number: int
    dataset: str
    format: str
    title: str
    status: str
    is_list: bool
    grade: str | None
    list_date: str | None
    licence: str | None
    mapping_sha256: str | None
    ingested_at: str
    files: tuple[IngestedFile, ...]
    data: tuple[DataFile, ...]
    counts: Mapping[str, int]
    notes: tuple[str, ...] = ()

    @property
    def rejects_name(self) -> str:
        """The file below ``rejects/`` with what was refused."""
        return f"{self.number:04}.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The case as a whole."""

    format: int = FORMAT
    finnet: str = ""
    ingests: tuple[Ingest, ...] = field(default=())

    @property
    def active(self) -> tuple[Ingest, ...]:
        """The ingests whose data count now, by dataset and number."""
        return tuple(
            sorted((one for one in self.ingests if one.status == "active"), key=lambda one: (one.dataset, one.number))
        )

    def files_of(self, table: str) -> list[DataFile]:
        """The active data files of a table, in a fixed order."""
        return [data for one in self.active for data in one.data if data.table == table]


def load(case: Path) -> Manifest:
    """Read the manifest.

    Raises: CaseError if the folder is no case or was made by a newer finnet; CaseDamagedError if it cannot be read.
    """
    path = case / NAME
    if not case.exists():
        raise CaseError(f"{case}: there is no case", hint="finnet ingest FILE makes one")
    if not path.is_file():
        raise CaseError(f"{case}: not a case: it has no {NAME}", hint="finnet ingest FILE -c NEW_FOLDER makes one")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        version = int(document["format"])
    except PermissionError as error:
        raise CaseError(f"{path}: you may not read it") from error
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise CaseDamagedError(f"{path}: cannot be read: {type(error).__name__}") from error
    if version > FORMAT:
        raise CaseError(
            f"{case}: made by finnet {quoted(document.get('finnet', '?'))}, which is newer than this one",
            hint="install that version or a later one",
            code="E3003",
        )
    try:
        return Manifest(
            format=version,
            finnet=document["finnet"],
            ingests=tuple(_ingest(entry) for entry in document["ingests"]),
        )
    except (KeyError, TypeError) as error:
        raise CaseDamagedError(f"{path}: a key is missing or of the wrong kind: {quoted(error)}") from error


def refuse_other(folder: Path) -> None:
    """Refuse to make a case of a folder that holds something else.

    Raises: CaseError.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise CaseError(f"{folder}: exists and is not a case but a file", hint="name a new folder with --case")
    others = sorted(entry.name for entry in folder.iterdir() if entry.name not in _REMAINS and entry.name[0] != ".")
    if others:
        raise CaseError(
            f"{folder}: exists and is not a case: it holds {quoted(others[0])}", hint="name a new folder with --case"
        )


def save(case: Path, manifest: Manifest) -> None:
    """Write the manifest beside the old one, flush it to disk, then switch by renaming."""
    temporary = case / f".{NAME}.new"
    with temporary.open("w", encoding="utf-8", newline="\n") as file:
        json.dump(asdict(manifest), file, indent=1, ensure_ascii=False, sort_keys=True)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(case / NAME)
    folder = os.open(case, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _ingest(entry: dict[str, Any]) -> Ingest:
    return Ingest(
        **{
            **entry,
            "files": tuple(IngestedFile(**one) for one in entry["files"]),
            "data": tuple(DataFile(**{**one, "lacks": tuple(one.get("lacks", ()))}) for one in entry["data"]),
            "notes": tuple(entry["notes"]),
        }
    )

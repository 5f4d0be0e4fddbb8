"""Whether the data files are those that the manifest names: their size and hash."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

from finnet.errors import CaseDamagedError
from finnet.store.manifest import DataFile

__all__ = ["check_files", "hashed", "trust_files"]

# Which files were found to be right, by time of change: hashing gigabytes for each look-up would not be instant.
_SEEN = "checked.json"


def check_files(case: Path, files: Iterable[DataFile]) -> None:
    """Compare the files with the manifest; a file is hashed when it has changed since it was last found right.

    Rot that leaves the time of change as it was is not seen here: that takes reading everything.

    Raises: CaseDamagedError naming the first file that is missing or not as it was written.
    """
    before = _seen(case)
    seen: dict[str, int] = {}
    for one in files:
        path = case / "data" / one.name
        try:
            found = path.stat()
        except OSError as error:
            raise _damaged(case, one, "is missing") from error
        if found.st_size != one.bytes:
            raise _damaged(case, one, f"has {found.st_size:,} bytes instead of {one.bytes:,}")
        if before.get(one.name) != found.st_mtime_ns and hashed(path)[0] != one.sha256:
            raise _damaged(case, one, "is not as it was written")
        seen[one.name] = found.st_mtime_ns
    if seen.items() - before.items():
        _remember(case, seen)


def hashed(path: Path) -> tuple[str, int]:
    """The SHA-256 of a file and its size, of the same bytes."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
        return digest.hexdigest(), stream.tell()


def _damaged(case: Path, file: DataFile, what: str) -> CaseDamagedError:
    return CaseDamagedError(
        f"{case.name}: data/{file.name} {what}", hint="restore it from a copy, or ingest the sources into a new case"
    )


def _seen(case: Path) -> dict[str, int]:
    try:
        said = json.loads((case / _SEEN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def trust_files(case: Path, files: Iterable[DataFile]) -> None:
    """Note that the files, just written and hashed, are right."""
    seen = {one.name: (case / "data" / one.name).stat().st_mtime_ns for one in files}
    _remember(case, _seen(case) | seen)


def _remember(case: Path, seen: dict[str, int]) -> None:
    temporary = case / f".{_SEEN}.{os.getpid()}"
    with contextlib.suppress(OSError):  # a case that cannot be written to is checked each time
        temporary.write_text(json.dumps(seen, indent=0, sort_keys=True), encoding="utf-8")
        temporary.replace(case / _SEEN)

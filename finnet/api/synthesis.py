"""Samples as files on disk, for who wants to look at them or feed them to something else."""

from __future__ import annotations

import hashlib
from pathlib import Path

from finnet.errors import UsageError, quoted
from finnet.report.answer import Answer

__all__ = ["synth"]


def synth(sample: str, folder: Path | str) -> Answer:
    """Write an invented sample's files into a folder, which must be new or empty. Always the same bytes.

    Raises: UnknownNameError for a sample that does not exist; UsageError if the folder holds anything.
    """
    from finnet.samples import SAMPLES

    place = Path(folder)
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise UsageError(f"{quoted(place)}: should be a new or an empty folder")
    module = SAMPLES[sample]
    place.mkdir(parents=True, exist_ok=True)
    module.write(place)
    files = sorted(path for path in place.rglob("*") if path.is_file())
    rows = [
        {
            "file": str(path.relative_to(place)),
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in files
    ]
    return Answer(command="synth", columns=("file", "bytes", "sha256"), rows=rows, params={"sample": sample})

"""The bytes of one record, as they stand in the file that a case was made from."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import weakref
from collections.abc import Iterable
from pathlib import Path

from finnet.report.answer import Row
from finnet.store.analyst import ANALYST
from finnet.store.decisions import DECISIONS
from finnet.store.manifest import Ingest, IngestedFile

__all__ = ["RawRecords"]

_LONGEST = 65_536


class RawRecords:
    """Records read again from where they were; each file is checked once, and of a sample made once.

    ``notes`` says of which files nothing could be read, and why.
    """

    def __init__(self, ingests: Iterable[Ingest], case: Path | None = None) -> None:
        self._decisions = None if case is None else case / DECISIONS
        self._files = {(one.dataset, file.name): file for one in ingests for file in one.files}
        self._checked: dict[str, str | None] = {}
        self._samples: dict[str, dict[str, Path]] = {}
        self.notes: list[str] = []

    def read(self, place: Row) -> str | None:
        """The record at a place (dataset, file, byte_offset) as text; None if it cannot be read, with a note."""
        if place["dataset"] == ANALYST and self._decisions is not None:
            return _record(self._decisions, place["byte_offset"])
        file = self._files.get((place["dataset"], place["file"]))
        if file is None:
            return self._nothing(f"{place['file']}: no ingest that counts now has read it")
        if place["byte_offset"] is None:
            return self._nothing(f"{file.path}: this format has no byte offsets; go by the record number")
        if file.path.startswith("sample:"):
            sample, _, name = file.path.removeprefix("sample:").partition("/")
            return _record(self._sample(sample)[name], place["byte_offset"])
        if file.path not in self._checked:
            self._checked[file.path] = _change(file)
        change = self._checked[file.path]
        return self._nothing(change) if change else _record(Path(file.path), place["byte_offset"])

    def _sample(self, sample: str) -> dict[str, Path]:
        """The files of a sample by name, made the first time; they go when this does."""
        if sample not in self._samples:
            from finnet.samples import SAMPLES

            folder = Path(tempfile.mkdtemp(prefix="finnet-sample-"))
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
            self._samples[sample] = {file.name: file.path for file in SAMPLES[sample].write(folder)}
        return self._samples[sample]

    def _nothing(self, why: str) -> str | None:
        if why not in self.notes:
            self.notes.append(why)
        return None


def _change(file: IngestedFile) -> str | None:
    """What happened to the file since it was read, in words; None if nothing did."""
    path = Path(file.path)
    try:
        found = path.stat()
        if found.st_size == file.bytes and found.st_mtime_ns == file.mtime_ns:
            return None  # as it was: hashing gigabytes again for one record would not be instant
        with path.open("rb") as stream:
            if found.st_size == file.bytes and hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256:
                return None
    except OSError:
        return f"{path}: the file is not where it was when it was read"
    return f"{path}: the file has changed since it was read"


def _record(file: Path, offset: int) -> str:
    """The record at an offset: of XML or JSON its element, else to the end of its line, outside quotes."""
    with file.open("rb") as stream:
        stream.seek(offset)
        block = stream.read(_LONGEST)
    if block[:1] == b"<":
        found = _element(block)
    elif re.match(rb"\{[1-5]:|:61:", block):
        found = _swift(block)
    elif block[:1] == b"{":
        found = _object(block)
    else:
        found = _line(block)
    return found.decode("utf-8", "backslashreplace")


def _element(block: bytes) -> bytes:
    name = re.match(rb"<([\w:.-]+)", block)
    end = re.search(rb"</" + re.escape(name[1]) + rb"\s*>", block) if name else None
    return block[: end.end()] if end else block


def _swift(block: bytes) -> bytes:
    """A message to the end of its last block, or a statement's entry with the field 86 that follows it."""
    end = re.search(rb"\r?\n(?=:(?!86:)[0-9]{2}[A-Z]?:|-)" if block[:1] == b":" else rb"\n-\}[^\r\n]*", block)
    if end is None:
        return block
    return block[: end.start()] if block[:1] == b":" else block[: end.end()]


def _object(block: bytes) -> bytes:
    import json

    text = block.decode("utf-8", "ignore")
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return block.split(b"\n", 1)[0]
    return text[:end].encode()


def _line(block: bytes) -> bytes:
    inside = False
    for place, byte in enumerate(block):
        if byte == 0x22:
            inside = not inside
        elif byte in b"\r\n" and not inside:
            return block[:place]
    return block.split(b"\n", 1)[0] if inside else block

"""The hashes of an ingest's files, worked out in a thread of their own while the files are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

from finnet.errors import InputError, quoted
from finnet.model.reading import SourceFile
from finnet.store.integrity import hashed

__all__ = ["FileHashes"]


class FileHashes(Mapping[str, tuple[str, int]]):
    """SHA-256 and size of each file by its name; asking for one waits until it is there. A context manager.

    Raises: InputError, when asked, for a file that cannot be read.
    """

    def __init__(self, files: Sequence[SourceFile]) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._coming = {file.name: self._pool.submit(_hashed, file) for file in files}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def __getitem__(self, name: str) -> tuple[str, int]:
        return self._coming[name].result()

    def __iter__(self) -> Iterator[str]:
        return iter(self._coming)

    def __len__(self) -> int:
        return len(self._coming)


def _hashed(file: SourceFile) -> tuple[str, int]:
    try:
        return hashed(file.path)
    except OSError as error:
        raise InputError(f"{quoted(file.name)}: cannot be read: {error.strerror}") from error

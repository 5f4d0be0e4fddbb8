"""The file of a bulk scan as batches of rows, read as often as the engine asks, and what was counted on the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import BinaryIO

from finnet.model.encoding import open_text
from finnet.model.scan import BulkScan, PlainAmount, PlainDay
from finnet.store.arrow_stream import ArrowStream, Batch
from finnet.store.batches import COMPILED_FROM, NUMBERS, RecordCount, batches_of, reads_plain

__all__ = ["BulkFile"]


class BulkFile:
    """Any file but Parquet. ``count`` is that of the last pass to the end; ``is_plain``: a fast reader takes it.

    ``relation`` is what the engine can register.
    """

    def __init__(self, scan: BulkScan, closing: ExitStack) -> None:
        self.stream: BinaryIO | None = None
        self.count = RecordCount()
        encoding, exact, size = "utf-8", False, 0
        if scan.layout != "rows":
            opened = open_text(scan.path, scan.encoding, delimiter=scan.delimiter, name=scan.name)
            closing.callback(opened.stream.close)
            self.stream, encoding, exact = opened.stream, opened.encoding, opened.exact
            size = scan.path.stat().st_size
        self.is_plain = reads_plain(scan, encoding, size)
        self._make = batches_of(scan, self.stream, encoding, exact, size)
        # A small file is read once, not once for each question.
        self._keeps = size < COMPILED_FROM and scan.layout != "lines" and not self.is_plain
        self._kept: list[Batch] | None = None
        plain = [column for column in scan.columns if self.is_plain and column.plain is not None]
        self.relation = ArrowStream(
            numbers=NUMBERS,
            texts=[
                *(column.name for column in scan.columns),
                *(f"{column.name}_plain" for column in plain if isinstance(column.plain, PlainDay)),
            ],
            decimals=[f"{column.name}_plain" for column in plain if isinstance(column.plain, PlainAmount)],
            batches=self.batches,
        )

    def batches(self, *, passing: bool = False) -> Iterator[Batch]:
        """All rows once more; ``passing`` as in ``batches_of``."""
        if self._kept is not None:
            yield from self._kept
            return
        count, kept = RecordCount(), []
        for batch in self._make(count, passing):
            if self._keeps:
                kept.append(batch)
            yield batch
        self.count = count
        if self._keeps:
            self._kept = kept

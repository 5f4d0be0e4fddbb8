"""Taking a dataset out of a case for good: its data, its refused records, every version of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from finnet.errors import UsageError, quoted
from finnet.store import manifest as manifests
from finnet.store.data_files import clear_remains
from finnet.store.faults import engine_errors
from finnet.store.lock import writing
from finnet.store.manifest import Ingest

__all__ = ["purge_dataset"]

_DERIVED = ("index.sqlite", "checked.json")


def purge_dataset(case: Path, dataset: str) -> list[Ingest]:
    """Delete every version of a dataset, and what was derived from it; the ingests that are gone.

    First the manifest stops naming it, then its files go: a crash between the two leaves files that the next writer
    clears. Decisions are left: they may be about others too.

    Raises: UsageError for a dataset that is not there; CaseBusyError.
    """
    with engine_errors(case), writing(case):
        found = manifests.load(case)
        gone = [one for one in found.ingests if one.dataset == dataset]
        if not gone:
            there = ", ".join(sorted({one.dataset for one in found.ingests})) or "none"
            raise UsageError(f"{quoted(dataset)}: no dataset of that name in this case", hint=f"there are: {there}")
        left = replace(found, ingests=tuple(one for one in found.ingests if one.dataset != dataset))
        manifests.save(case, left)
        for name in _DERIVED:
            (case / name).unlink(missing_ok=True)
        clear_remains(case, left)
    return gone

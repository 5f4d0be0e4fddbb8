"""Opening a case or a network file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finnet.errors import UsageError, quoted
from finnet.store import case as store

if TYPE_CHECKING:
    from finnet.graph import Network

__all__ = ["Case", "case_path", "knowing", "open_case", "open_network"]

DEFAULT = "case.finnet"
_KNOWN_AT: ContextVar[str | None] = ContextVar("known_at", default=None)


class Case(store.Case):
    """A case, and the networks that can be made of it."""

    def network(self, recipe: str = "influence", **options: Any) -> Network:
        """The network that a recipe makes of this case; options as in ``finnet.graph.build.build``.

        ``rates`` may be a file, or ``sample:NAME``.
        """
        from finnet.graph.build import build

        if isinstance(options.get("rates"), (str, Path)):
            options["rates"] = rate_table(options["rates"])
        return build(self, recipe, **options)


def case_path(path: Path | str | None = None) -> Path:
    """The case that is meant: the one named, else FINNET_CASE, else ./case.finnet."""
    return Path(path or os.environ.get("FINNET_CASE") or DEFAULT)


def open_case(path: Path | str | None = None, *, known_at: str | None = None) -> Case:
    """Open a case for reading; with ``known_at`` as it was known on that date.

    Of each list then counts the last version until then (by its own date, or ``--retrieved-on``), and of what analysts
    decided whatever they decided until then.

    Raises: CaseError if there is none, CaseDamagedError if its files are not what its manifest says; UsageError for a
    date that is none.
    """
    from finnet.model.dates import is_iso_date

    date = known_at if known_at is not None else _KNOWN_AT.get()
    if date is not None and not is_iso_date(date):
        raise UsageError(f"--known-at {quoted(date)}: should be a date like 2019, 2019-03 or 2019-03-05")
    return Case.open(case_path(path), date)


@contextmanager
def knowing(date: str | None) -> Iterator[None]:
    """Whatever case is opened inside is opened as it was known on the date, unless it says otherwise itself."""
    token = _KNOWN_AT.set(date)
    try:
        yield
    finally:
        _KNOWN_AT.reset(token)


def open_network(path: Path | str, *, directed: bool | None = None) -> Network:
    """Read a network file: CSV, edge list, adjacency, matrix, GraphML or GEXF. ``directed`` overrules the file."""
    from finnet.graph.files import read_network

    return read_network(Path(path), directed=directed)


def rate_table(rates: Path | str) -> Any:
    """A dated rate table from a file, or the one of a sample (``sample:NAME``)."""
    from finnet.graph.rates import RateTable

    text = str(rates)
    if not text.startswith("sample:"):
        return RateTable.read(Path(text))
    from finnet.api._inputs import sample_file

    with sample_file(text.removeprefix("sample:"), role="rates") as path:
        return RateTable.read(path)

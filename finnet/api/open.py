"""Opening a case or a network file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finnet.store import case as store

if TYPE_CHECKING:
    from finnet.graph import Network

__all__ = ["Case", "case_path", "open_case", "open_network"]

DEFAULT = "case.finnet"


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


def open_case(path: Path | str | None = None) -> Case:
    """Open a case for reading.

    Raises: CaseError if there is none, CaseDamagedError if its files are not what its manifest says.
    """
    return Case.open(case_path(path))


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

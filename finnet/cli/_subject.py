"""What a command on structure or choke points works on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from finnet.errors import UsageError

if TYPE_CHECKING:
    from finnet.api import Case
    from finnet.graph import Network

__all__ = ["subject"]


def subject(case: Path | None, network: Path | None, *, undirected: bool) -> Case | Network:
    """The case, or the network file that stands in for one."""
    from finnet import api

    if network is None:
        if undirected:
            raise UsageError("--undirected is about a network file", hint="give --network FILE")
        return api.open_case(case)
    return api.open_network(network, directed=False if undirected else None)

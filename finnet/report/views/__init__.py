"""HTML pages that open offline, and the same drawing for notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from finnet.graph.network import Network

__all__ = ["pyvis_network"]


def pyvis_network(network: Network, *, seed: int = 0) -> Any:
    """The network as a ``pyvis.network.Network`` with finnet's places, shapes and colours, physics off, for notebooks.

    Names are plain text in labels and titles. pyvis' own pages ask a CDN for files: for a page to hand on use ``view``.

    Raises: NotProvidedError if pyvis is missing.
    """
    from finnet.report.views.notebook import as_pyvis

    return as_pyvis(network, seed=seed)

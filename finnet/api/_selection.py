"""Selectors, on a case and on a network alike."""

from __future__ import annotations

from finnet.api._network import CaseLike
from finnet.graph.network import Network

__all__ = ["selected"]


def selected(subject: CaseLike | Network, network: Network, selector: str) -> tuple[str, ...]:
    """The ids that a selector stands for: from the case, or from what the network's columns say."""
    if not isinstance(subject, Network):
        return tuple(subject.select(selector))
    wanted = [part.strip() for part in selector.split(",")]
    return tuple(name for name in network.ids if name in wanted)

"""Selectors, on a case and on a network alike."""

from __future__ import annotations

from typing import Any

from finnet.api._network import CaseLike
from finnet.graph.network import Network
from finnet.model.selector import matches, parse

__all__ = ["selected"]


def selected(subject: CaseLike | Network, network: Network, selector: str) -> tuple[str, ...]:
    """The ids that a selector stands for: from the case, or from what the network's columns say."""
    if not isinstance(subject, Network):
        return tuple(subject.select(selector))
    columns: dict[str, Any] = {"id": network.ids, **network.vertices}
    inside = matches(parse(selector), columns, network.size)
    return tuple(name for name, is_inside in zip(network.ids, inside, strict=True) if is_inside)

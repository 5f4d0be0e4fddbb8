"""Where the data cannot carry an answer about choke points, in sentences beside it."""

from __future__ import annotations

from finnet.analysis.interdiction.situation import Situation
from finnet.graph.caution import cautions
from finnet.graph.network import Network

__all__ = ["warnings_about"]

_NEARLY_ALL = 0.8


def warnings_about(network: Network, situation: Situation, *, by: str) -> list[str]:
    """Few links, one statement, nearly all listed already: nothing where there is nothing to say."""
    said = list(cautions(network))
    listed = sum(1 for names in network.vertices.get("authorities", ()) if names)
    if by == "entity" and network.size and listed >= _NEARLY_ALL * network.size:
        said.append(
            f"{listed:,} of {network.size:,} parties are on a list already: ask whose enforcement would matter "
            "(--by jurisdiction), not whom to list"
        )
    if not situation.chooses_parties and not len(situation.in_force):
        said.append("nobody is in force: there is nothing that countries could enforce")
    return said

"""A selector applied to a network, and what the case says about how far its links carry."""

from __future__ import annotations

from finnet.api._network import CaseLike
from finnet.api._selection import selected
from finnet.errors import UnknownNameError, nearest, quoted
from finnet.graph.network import Network
from finnet.graph.scope import with_neighbours

__all__ = ["each_scoped", "lists_alone", "scoped"]


def scoped(subject: CaseLike | Network, network: Network, scope: str | None) -> Network:
    """The parties that the selector names and their neighbours; the whole network without a selector.

    Raises: UnknownNameError if none of them is in the network.
    """
    if scope is None:
        return network
    found = [label for label in selected(subject, network, scope) if label in network.number]
    if not found:
        raise UnknownNameError(
            f"nobody in the network is in the scope {quoted(scope)}", hint=nearest(scope, network.ids[:10_000])
        )
    return with_neighbours(network, found)


def each_scoped(subject: CaseLike | Network, networks: list[Network], scope: str | None) -> list[Network]:
    """The scope in each of these networks; those where nobody of it is are left out, unless that is all of them."""
    found = []
    for network in networks:
        try:
            found.append(scoped(subject, network, scope))
        except UnknownNameError:
            if network is networks[-1] and not found:
                raise
    return found


def lists_alone(subject: CaseLike | Network, network: Network) -> tuple[str, ...]:
    """A warning where every link comes from a dataset that lists parties: sanctions lists state few links."""
    if isinstance(subject, Network) or "datasets" not in network.edges:
        return ()
    linking = {name for names in network.edges["datasets"] for name in names}
    listing = {row["dataset"] for row in subject.rows("select distinct dataset from v1_listing order by dataset", {})}
    if not linking or not linking <= listing:
        return ()
    return (
        f"all ties come from lists ({', '.join(sorted(linking))}): a rank among them is one of the lists' wording, "
        "not of a network",
    )

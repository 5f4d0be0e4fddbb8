"""A party as the user names it, in a case or in a network file."""

from __future__ import annotations

from finnet.api._network import CaseLike
from finnet.errors import UnknownNameError, nearest, quoted
from finnet.graph.network import Network
from finnet.store.case import Case
from finnet.store.resolve import resolve
from finnet.text import folded

__all__ = ["party_id", "party_number"]

_SEARCHED = 20_000


def party_id(subject: CaseLike, text: str) -> str:
    """The canonical id of the party with this id or this name.

    Raises: UnknownNameError if nobody or several have it.
    """
    return resolve(subject, text) if isinstance(subject, Case) else text


def party_number(subject: CaseLike | Network, network: Network, text: str) -> int | None:
    """The vertex number of the party with this id or name; None where the case knows it and the network does not.

    Raises: UnknownNameError if nobody or several have it.
    """
    if not isinstance(subject, Network):
        return network.number.get(party_id(subject, text))
    if text in network.number:
        return network.number[text]
    wanted = folded(text)
    captions = network.vertices.get("caption", network.ids)
    found = [number for number, caption in enumerate(captions) if caption is not None and folded(caption) == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(network.ids[number] for number in found[:5])
        raise UnknownNameError(f"{quoted(text)}: {len(found)} parties have this name", hint=f"give an id: {listed}")
    raise UnknownNameError(f"{quoted(text)}: not in the network", hint=nearest(text, network.ids[:_SEARCHED]))

"""An entity as the user names it: an id, or a name that exactly one party has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from finnet.errors import UnknownNameError, quoted

if TYPE_CHECKING:
    from finnet.store.case import Case

__all__ = ["resolve"]

_OFFERED = 5


def resolve(case: Case, text: str) -> str:
    """The canonical id of the entity with this id or this name.

    Raises: UnknownNameError if nobody or several have it; it lists the nearest with their ids.
    """
    statements = case.lookup.entity(text)
    if statements:
        return str(statements[0]["canonical_id"])
    named = case.lookup.named(text)
    if len(named) == 1:
        return named[0]
    if named:
        raise UnknownNameError(
            f"{quoted(text)}: {len(named)} parties have this name", hint=f"give an id: {', '.join(named[:_OFFERED])}"
        )
    near = case.lookup.search(text, _OFFERED)[:_OFFERED]
    offered = ", ".join(f"{quoted(shown, 60)} ({label})" for label, shown, _ in near)
    raise UnknownNameError(
        f"{quoted(text)}: no entity with this id or name", hint=f"the nearest: {offered}" if near else None
    )

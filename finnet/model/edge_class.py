"""Edge classes: what kind of tie a link is, and which kinds count unless asked for otherwise."""

from __future__ import annotations

from finnet.errors import UnknownNameError, nearest

__all__ = ["BY_SCHEMA", "DEFAULT", "EDGE_CLASSES", "edge_classes"]

EDGE_CLASSES: tuple[str, ...] = (
    "ownership",
    "control",
    "consolidation",
    "governance",
    "representation",
    "money",
    "trade",
    "maritime",
    "kin",
    "linked",
    "co_location",
    "co_mention",
)

# Consolidation is what group accounts say: a parent takes a subsidiary's figures into its own. It says who belongs to
# whom and nothing of shares: it is a tie like others, and no rule about ownership ever counts it.

# A shared address or a document that names both is a coincidence until somebody says otherwise.
DEFAULT: tuple[str, ...] = tuple(name for name in EDGE_CLASSES if name not in {"co_location", "co_mention"})

# FollowTheMoney's edge schemata, all of them. UnknownLink is what lists mean by "linked to". Payment rows become
# payments.
BY_SCHEMA: dict[str, str] = {
    "Ownership": "ownership",
    "Control": "control",
    "Directorship": "governance",
    "Employment": "governance",
    "Membership": "governance",
    "Occupancy": "governance",
    "Representation": "representation",
    "Payment": "money",
    "Debt": "money",
    "ContractAward": "trade",
    "ProjectParticipant": "trade",
    "Family": "kin",
    "Associate": "kin",
    "Succession": "linked",
    "UnknownLink": "linked",
    "CourtCaseParty": "linked",
    "Documentation": "co_mention",
}


def edge_classes(text: str | None) -> tuple[str, ...]:
    """The classes named in ``--edges A,B``; all default classes for None.

    >>> edge_classes("ownership, control")
    ('ownership', 'control')

    Raises: UnknownNameError for a class that does not exist.
    """
    if text is None:
        return DEFAULT
    names = tuple(part.strip() for part in text.split(",") if part.strip())
    for name in names:
        if name not in EDGE_CLASSES:
            raise UnknownNameError(f"no edge class called {name!r}", hint=nearest(name, EDGE_CLASSES))
    return names

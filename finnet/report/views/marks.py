"""Which shape and colour a party has on a page, and which colour a link: never by colour alone."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FAMILIES", "LINK_COLOURS", "PALETTE", "Family", "family_of"]


@dataclass(frozen=True, slots=True)
class Family:
    """Schemata that look alike: the name in the legend, a shape of vis-network's, a colour."""

    name: str
    shape: str
    colour: str
    schemata: tuple[str, ...] = ()


# Colours that people with any kind of colour vision tell apart: Okabe and Ito, Color Universal Design (2008). Vermilion
# and orange are left to the rings of listed parties and choke points.
FAMILIES: tuple[Family, ...] = (
    Family("Company", "dot", "#0072b2", ("Company",)),
    Family("Organization", "hexagon", "#56b4e9", ("Organization", "PublicBody", "LegalEntity")),
    Family("Person", "triangle", "#009e73", ("Person",)),
    Family("Account", "square", "#e3cf3a", ("BankAccount", "CryptoWallet", "Security")),
    Family("Vessel or craft", "diamond", "#cc79a7", ("Vessel", "Airplane", "Vehicle")),
    Family("Address", "star", "#8d99a6", ("Address",)),
    Family("Folded", "hexagon", "#b4bcc5", ("Folded",)),
    Family("Other", "triangleDown", "#8d99a6"),
)
_BY_SCHEMA = {schema: place for place, family in enumerate(FAMILIES) for schema in family.schemata}

# For jurisdictions and groups, the most frequent first; whoever comes after them is grey. The same source.
PALETTE: tuple[str, ...] = ("#0072b2", "#009e73", "#56b4e9", "#cc79a7", "#e3cf3a", "#7a5195", "#5b4a3a", "#a3c1ad")

LINK_COLOURS: dict[str, str] = {
    "ownership": "#0072b2",
    "control": "#cc79a7",
    "governance": "#009e73",
    "representation": "#b8860b",
    "money": "#7d8a97",
    "trade": "#56b4e9",
    "maritime": "#2f8fb3",
    "kin": "#a06a50",
    "linked": "#5c7a99",
}


def family_of(schema: str | None) -> int:
    """The number in ``FAMILIES`` of a FollowTheMoney schema; the last one for what is not known.

    >>> FAMILIES[family_of("Person")].name, FAMILIES[family_of(None)].name
    ('Person', 'Other')
    """
    return _BY_SCHEMA.get(schema or "", len(FAMILIES) - 1)

"""Labels and relationship types of property graphs, from schemata and edge classes."""

from __future__ import annotations

import re

__all__ = ["label_of", "relationship_type"]

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")


def label_of(schema: str) -> str:
    """The label of a node: its schema, ``Party`` where it has none or one that is no plain word.

    >>> label_of("Company"), label_of("x`) DETACH DELETE n //")
    ('Company', 'Party')
    """
    return schema if _PLAIN.fullmatch(schema) else "Party"


def relationship_type(edge_class: str, *, money: bool) -> str:
    """The type of a relationship: the edge's class in capitals, else PAID or LINKED.

    >>> [relationship_type(said, money=False) for said in ("ownership", "a b")], relationship_type("", money=True)
    (['OWNERSHIP', 'LINKED'], 'PAID')
    """
    if _PLAIN.fullmatch(edge_class):
        return edge_class.upper()
    return "PAID" if money else "LINKED"

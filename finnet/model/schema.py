"""FollowTheMoney's schemata: which there are, what they inherit, which of them are edges and between what."""

from __future__ import annotations

import importlib.resources
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from finnet.errors import UnknownNameError, nearest, quoted

__all__ = ["EdgeEnds", "Schema", "all_schemata", "caption", "descendants", "edge_schemata", "is_schema", "schema"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeEnds:
    """The properties that hold an edge's two ends: ``source`` acts on ``target``."""

    source: str
    target: str
    directed: bool


@dataclass(frozen=True, kw_only=True)
class Schema:
    """One schema. ``own`` are the properties that it adds to those it inherits: name -> type.

    A property of type ``entity:Thing`` points at an entity of that schema.
    """

    name: str
    extends: tuple[str, ...]
    own: Mapping[str, str]
    captions: tuple[str, ...]
    featured: tuple[str, ...]
    is_abstract: bool
    edge: EdgeEnds | None

    @cached_property
    def ancestors(self) -> tuple[str, ...]:
        """Itself and all it inherits from, nearest first."""
        found = [self.name]
        for parent in self.extends:
            found += [name for name in schema(parent).ancestors if name not in found]
        return tuple(found)

    @cached_property
    def properties(self) -> Mapping[str, str]:
        """All properties with their types, inherited ones too."""
        return {name: kind for one in reversed(self.ancestors) for name, kind in schema(one).own.items()}

    def is_a(self, name: str) -> bool:
        """Whether the schema is ``name`` or inherits from it.

        >>> schema("Company").is_a("LegalEntity"), schema("Person").is_a("Company")
        (True, False)
        """
        return name in self.ancestors

    def property_type(self, name: str) -> str | None:
        """The type of a property: name, country, date, entity:Thing …; None if the schema has no such property.

        >>> schema("Vessel").property_type("flag"), schema("Vessel").property_type("wings")
        ('country', None)
        """
        return self.properties.get(name)

    @cached_property
    def caption_properties(self) -> tuple[str, ...]:
        """The properties that a caption is taken from, in order of preference: its own, else the nearest parent's."""
        for one in self.ancestors:
            if schema(one).captions:
                return schema(one).captions
        return ()


def schema(name: str) -> Schema:
    """A schema by name.

    >>> schema("Ownership").edge
    EdgeEnds(source='owner', target='asset', directed=True)

    Raises: UnknownNameError with the nearest name.
    """
    found = all_schemata().get(name)
    if found is None:
        raise UnknownNameError(f"no schema called {quoted(name)} in FollowTheMoney", hint=nearest(name, all_schemata()))
    return found


def is_schema(name: str) -> bool:
    """Whether FollowTheMoney has a schema of that name."""
    return name in all_schemata()


def edge_schemata() -> tuple[str, ...]:
    """The names of the schemata that are edges, sorted."""
    return tuple(name for name, one in all_schemata().items() if one.edge)


def caption(name: str, properties: Mapping[str, Sequence[str]]) -> str | None:
    """What an entity is called: the first value of the first caption property that it has.

    >>> caption("Address", {"full": ["1 Invented Road"]})
    '1 Invented Road'
    """
    for one in (*schema(name).caption_properties, "name"):
        if properties.get(one):
            return properties[one][0]
    return None


@cache
def all_schemata() -> Mapping[str, Schema]:
    """Every schema by name, in the order of names; read when first asked for."""
    import orjson

    text = importlib.resources.files("finnet.model").joinpath("ftm_schema.json").read_bytes()
    return {
        name: Schema(
            name=name,
            extends=tuple(facts["extends"]),
            own=facts["properties"],
            captions=tuple(facts["caption"]),
            featured=tuple(facts["featured"]),
            is_abstract=facts.get("abstract", False),
            edge=EdgeEnds(
                source=facts["edge"]["source"], target=facts["edge"]["target"], directed=facts["edge"]["directed"]
            )
            if "edge" in facts
            else None,
        )
        for name, facts in sorted(orjson.loads(text)["schemata"].items())
    }


@cache
def descendants(name: str) -> frozenset[str]:
    """The schemata that are a ``name``, itself included; the name in any case. Empty if there is none of that name.

    >>> sorted(descendants("company"))
    ['Company']
    >>> "Vessel" in descendants("asset")
    True
    """
    known = {one.lower(): one for one in all_schemata()}
    found = known.get(name.lower())
    return frozenset(n for n, one in all_schemata().items() if found is not None and one.is_a(found))

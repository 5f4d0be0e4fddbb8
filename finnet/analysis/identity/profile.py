"""What is known of a party that can be compared with another: names, identifiers, dates, places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from finnet.analysis.identity.name_key import one_spelling, words_of
from finnet.model.schema import is_schema, schema

__all__ = ["Name", "Profile", "profile_of"]

_NAMES = ("name", "alias", "previousName")
_COUNTRIES = ("country", "nationality", "citizenship", "jurisdiction", "flag", "mainCountry")
_SEPARATORS = re.compile(r"[\W_]+")
_SHORTEST = 5  # characters of an identifier: shorter ones are running numbers that many registers share


@dataclass(frozen=True, slots=True)
class Name:
    """A name as recorded, and what it is compared by: its words sorted, with spellings read as one, and without blanks.

    Without blanks its words stand in their order: Ga-sang is Gasang.
    """

    shown: str
    key: str
    spelled: str
    joined: str

    @classmethod
    def of(cls, shown: str, *, is_person: bool) -> Name:
        """The forms of a name.

        >>> Name.of("Lee, Ga-sang", is_person=True)
        Name(shown='Lee, Ga-sang', key='ga lee sang', spelled='ga ri sang', joined='leegasang')
        """
        words = words_of(shown, is_person=is_person)
        key = " ".join(sorted(words))
        return cls(shown, key, one_spelling(key), "".join(words))


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One party. ``identifiers`` are (property, value without punctuation); ``born`` are ISO dates of any precision."""

    id: str
    caption: str
    schemata: tuple[str, ...]
    datasets: tuple[str, ...]
    names: tuple[Name, ...]
    identifiers: frozenset[tuple[str, str]]
    born: frozenset[str]
    countries: frozenset[str]
    genders: frozenset[str]
    birth_places: tuple[str, ...]

    @cached_property
    def is_person(self) -> bool:
        """Whether any record says that this is a natural person."""
        return "Person" in self.schemata

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Each schema with all it inherits from."""
        return frozenset(kind for name in self.schemata if is_schema(name) for kind in schema(name).ancestors)


def profile_of(
    party: str,
    caption: str,
    statements: Sequence[tuple[str, str, Mapping[str, Sequence[str]]]],
    countries: Iterable[str] = (),
) -> Profile:
    """The profile that these statements (schema, dataset, FtM properties) make of a party.

    Weak aliases (FtM ``weakAlias``: nicknames, parts of names) are left out: half a list is called so.

    >>> profile_of("a", "Acme", [("Company", "d", {"name": ["Acme Ltd"], "leiCode": ["5299-00X"]})]).identifiers
    frozenset({('leiCode', '529900X')})
    """
    kinds = {kind for kind, _, _ in statements}
    # Where nobody says whether it is a person, its name may be read either way: Se is a name, SE a legal form.
    readings = (True,) if "Person" in kinds else (False, True) if kinds <= {"LegalEntity", "Thing"} else (False,)
    stated = (text for _, _, facts in statements for name in _NAMES for text in facts.get(name, ()))
    shown = dict.fromkeys([caption, *stated])
    names: dict[str, Name] = {}
    for text in shown:
        for is_person in readings:
            name = Name.of(text, is_person=is_person)
            if name.key:
                names.setdefault(name.key, name)
    return Profile(
        id=party,
        caption=caption,
        schemata=tuple(sorted(kinds)),
        datasets=tuple(sorted({dataset for _, dataset, _ in statements})),
        names=tuple(names.values()),
        identifiers=frozenset(
            (name, value)
            for kind, _, facts in statements
            for name, values in facts.items()
            if is_schema(kind) and schema(kind).property_type(name) == "identifier"
            for value in (_SEPARATORS.sub("", text).upper() for text in values)
            if len(value) >= _SHORTEST and any(character.isdigit() for character in value)
        ),
        born=frozenset(_values(statements, "birthDate")),
        countries=frozenset([*countries, *(one for name in _COUNTRIES for one in _values(statements, name))]),
        genders=frozenset(_values(statements, "gender")),
        birth_places=tuple(sorted(set(_values(statements, "birthPlace")))),
    )


def _values(statements: Sequence[tuple[str, str, Mapping[str, Sequence[str]]]], name: str) -> list[str]:
    return [value for _, _, facts in statements for value in facts.get(name, ())]

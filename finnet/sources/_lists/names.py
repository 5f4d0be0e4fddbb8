"""Who a list means when it names a party: the list's own names and aliases, compared exactly after folding.

Nothing is guessed. A text that no entry bears gives a stub; a text that several entries bear gives a stub too, with all
of them as candidates.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from types import MappingProxyType

from finnet.model.statement import Entity, Origin
from finnet.text import folded

__all__ = ["ALIAS", "OWN_WORDS", "PRIMARY", "WEAK", "NameIndex", "Party", "Stubs", "key_of"]

# A list points at others by their primary names, so those are looked at first. OWN_WORDS is what an entry's own text
# calls its party.
PRIMARY, ALIAS, WEAK, OWN_WORDS = 0, 1, 2, 3
_HOW: dict[int, tuple[str, ...]] = {
    PRIMARY: (),
    ALIAS: ("by_alias",),
    WEAK: ("by_weak_alias",),
    OWN_WORDS: ("by_own_words",),
}
_APOSTROPHES = re.compile("['’‘`´]")
_NO_WORD = re.compile(r"[\W_]+")
_BRACKETS = re.compile(r"^(?P<name>.+?)\s*\((?P<short>[^()]+)\)$")
_MOST_WORDS, _LONGEST_NAME = 14, 300  # of a name looked for in running text


def key_of(name: str) -> str:
    """What two spellings of one name share: no case, accents, apostrophes or punctuation.

    >>> key_of("Invented-Bank Co., Ltd."), key_of("INVENTED BANK CO LTD")
    ('invented bank co ltd', 'invented bank co ltd')
    """
    return _NO_WORD.sub(" ", _APOSTROPHES.sub("", folded(name))).strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """What a text stands for: an entity of the list, or none, with the candidates if there are several."""

    entity: str | None
    candidates: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


class NameIndex:
    """The names of a list's entries, by how strongly they stand for the entry."""

    def __init__(self) -> None:
        self._ids: dict[str, dict[int, set[str]]] = {}
        self._by_word: dict[str, list[str]] = {}  # made when the names are complete and one is not found

    def add(self, name: str, entity: str, strength: int = PRIMARY) -> None:
        """Let the name stand for the entity; ``Invented Bank (IB)`` stands with and without its short form."""
        match = _BRACKETS.match(name)
        shorter = ((match["name"], strength), (match["short"], max(strength, ALIAS))) if match else ()
        for text, weight in ((name, strength), *shorter):
            if key := key_of(text):
                self._ids.setdefault(key, {}).setdefault(weight, set()).add(entity)

    def party(
        self, name: str, *, weakest: int = OWN_WORDS, besides: str | None = None, with_short_form: bool = True
    ) -> Party:
        """Whom the name stands for; ``besides`` (the entry that names it) only if nobody else bears the name.

        A name with a short form in brackets is tried whole, then without it, then by the short form alone.
        """
        match = _BRACKETS.match(name.strip()) if with_short_form else None
        for text in (name, match["name"], match["short"]) if match else (name,):
            how = ("by_short_form",) if match and text == match["short"] else ()
            by_strength = self._ids.get(key_of(text), {})
            for strength in sorted(strength for strength in by_strength if strength <= weakest):
                found = by_strength[strength]
                others = found - {besides} or found
                if len(others) == 1:
                    return Party(entity=next(iter(others)), flags=_HOW[strength] + how)
                return Party(entity=None, candidates=tuple(sorted(others)), flags=("ambiguous",))
        return Party(entity=None, flags=("unresolved",))

    def similar(self, name: str, *, most: int = 3) -> tuple[str, ...]:
        """The entities whose names hold this one as whole words, if they are few: for a person to look at."""
        key = key_of(name)
        if len(key) < 6:
            return ()
        if not self._by_word:
            for known in self._ids:
                for word in set(known.split()):
                    self._by_word.setdefault(word, []).append(known)
        rarest = min((self._by_word.get(word, []) for word in key.split()), key=len)
        holding = (known for known in rarest if f" {key} " in f" {known} ")
        found = {entity for known in holding for entities in self._ids[known].values() for entity in entities}
        return tuple(sorted(found)) if len(found) <= most else ()

    def longest(self, text: str, *, besides: str | None = None) -> tuple[Party, int] | None:
        """The party whose name the text begins with, the longest such name, and where that name ends.

        Weak aliases are words of everyday language too often to be looked for in running text.
        """
        ends = [match.end() for match in re.finditer(r"\S+", text[:_LONGEST_NAME])][:_MOST_WORDS]
        for end in reversed(ends):
            name = re.sub(r"['’]s$", "", text[:end].rstrip(".,;:"))
            if len(key_of(name)) < 3:
                continue
            party = self.party(name, weakest=ALIAS, besides=besides, with_short_form=False)
            if party.entity is not None or party.candidates:
                return party, end
        return None


@dataclass(slots=True)
class Stubs:
    """The parties that a list names and does not describe: one for each folded name."""

    prefix: str
    made: dict[str, Entity] = field(default_factory=dict)

    def stub(self, name: str, origin: Origin, party: Party) -> str:
        """The id of the stub for the name; its origin is the first record that names it."""
        key = key_of(name)
        slug = re.sub(r"[^a-z0-9]+", "-", key).strip("-")[:40].strip("-")
        digest = hashlib.sha256(key.encode("utf-8")).hexdigest()[:8]
        entity = f"{self.prefix}-stub-{slug}-{digest}" if slug else f"{self.prefix}-stub-{digest}"
        if entity not in self.made:
            properties: dict[str, tuple[str, ...]] = {"name": (name,)}
            if party.candidates:
                properties["notes"] = tuple(f"may stand for {candidate}" for candidate in party.candidates)
            self.made[entity] = Entity(
                id=entity,
                schema="LegalEntity",
                caption=name,
                origin=origin,
                missing=True,
                flags=("stub", *party.flags),
                properties=MappingProxyType(properties),
            )
        return entity

"""How alike two profiles are: what agrees, what disagrees, what is missing; a name alone is never enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from finnet.analysis.identity.profile import Name, Profile

__all__ = ["Likeness", "may_be_one", "name_likeness", "set_side_by_side"]

# What the parts weigh. They order what to look at first; they are no probabilities. A name alone reaches 0.7.
# Source: our own definition; docs/identity.md.
_NAME = 0.7
_SAME_IDENTIFIER = 0.3
_WITH_IDENTIFIER = 0.9  # at least, if one identifier agrees
_BORN_ON, _BORN_IN_YEAR, _BORN_OTHERWISE = 0.2, 0.1, -0.3
_COUNTRY, _OTHER_COUNTRY = 0.05, -0.1
_BIRTH_PLACE = 0.05
_OTHER_GENDER = -0.3
_OTHER_IDENTIFIER = -0.3
_JOINED_ALIKE = 0.98  # names that are one only if written in one word
_SPELLED_ALIKE = 0.95  # names that are one only once known spellings are read as one
_Part = Callable[[str, bool, float], None]  # what is compared, whether both record it, what it weighs
_UNIQUE = frozenset({"imoNumber", "leiCode"})  # a party has one: two different ones are two parties


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """``score`` and ``name`` run from 0 to 1; ``names`` are the two names that are most alike, as recorded."""

    score: float
    name: float
    names: tuple[str, str]
    agrees: tuple[str, ...]
    disagrees: tuple[str, ...]
    missing: tuple[str, ...]


def may_be_one(left: Profile, right: Profile) -> bool:
    """Whether the kinds allow it: a ship is no company, a natural person no organisation.

    A LegalEntity may turn out to be either.
    """
    if "Vessel" in left.kinds or "Vessel" in right.kinds:
        return "Vessel" in left.kinds and "Vessel" in right.kinds
    if left.is_person != right.is_person:
        other = right if left.is_person else left
        return set(other.schemata) <= {"LegalEntity", "Thing"}
    return ("LegalEntity" in left.kinds and "LegalEntity" in right.kinds) or bool(
        set(left.schemata) & set(right.schemata)
    )


def name_likeness(left: Name, right: Name) -> float:
    """The share of letters that agree once the words are sorted.

    0.98 of it where they agree better written in one word, 0.95 where only known spellings make them alike.

    >>> one, other = (Name.of(name, is_person=True) for name in ("Lee Jung Chul", "Ri Jong Chol"))
    >>> name_likeness(one, other)
    0.95
    """
    plain = fuzz.ratio(left.key, right.key)
    joined = _JOINED_ALIKE * fuzz.ratio(left.joined, right.joined)
    return max(plain, joined, _SPELLED_ALIKE * fuzz.ratio(left.spelled, right.spelled)) / 100


def set_side_by_side(left: Profile, right: Profile) -> Likeness:
    """The parts of the score of two profiles; the order of the two does not matter to it."""
    name, names = _best_names(left, right)
    weights = [_NAME * name]
    agrees: list[str] = []
    disagrees: list[str] = []
    missing: list[str] = []

    def part(what: str, both: bool, weight: float) -> None:
        if not both:
            missing.append(what)
            return
        (agrees if weight >= 0 else disagrees).append(what)
        weights.append(weight)

    same = _same_identifiers(left, right)
    if same:
        part(f"identifier {same[0]}", True, _SAME_IDENTIFIER)
    elif other := _other_identifiers(left, right):
        part(other, True, _OTHER_IDENTIFIER)
    else:
        part("identifier", False, 0)
    if left.is_person or right.is_person:
        _compare_persons(left, right, part)
    both = bool(left.countries and right.countries)
    part("country", both, _COUNTRY if left.countries & right.countries else _OTHER_COUNTRY)
    score = sum(weights)
    if same and not disagrees:
        score = max(score, _WITH_IDENTIFIER)
    return Likeness(
        score=round(min(1.0, max(0.0, score)), 4),
        name=round(name, 4),
        names=names,
        agrees=tuple(agrees),
        disagrees=tuple(disagrees),
        missing=tuple(missing),
    )


def _compare_persons(left: Profile, right: Profile, part: _Part) -> None:
    born, what = _births(left, right)
    part(what, bool(left.born and right.born), born)
    if left.genders and right.genders and not left.genders & right.genders:
        part("gender", True, _OTHER_GENDER)
    if left.birth_places and right.birth_places:
        alike = process.cdist(left.birth_places, right.birth_places, scorer=fuzz.token_set_ratio).max() >= 90
        if alike:
            part("birth place", True, _BIRTH_PLACE)


def _births(left: Profile, right: Profile) -> tuple[float, str]:
    pairs = [(one, other) for one in left.born for other in right.born]
    near = [min(len(one), len(other)) for one, other in pairs if one.startswith(other) or other.startswith(one)]
    if not near:
        return _BORN_OTHERWISE, "birth date"
    return (_BORN_ON, "birth date") if max(near) >= len("1970-01-01") else (_BORN_IN_YEAR, "birth year")


def _best_names(left: Profile, right: Profile) -> tuple[float, tuple[str, str]]:
    pairs = [(name_likeness(one, other), one.shown, other.shown) for one in left.names for other in right.names]
    if not pairs:
        return 0.0, (left.caption, right.caption)
    best = max(pairs, key=lambda pair: (pair[0], pair[1], pair[2]))
    return best[0], (best[1], best[2])


def _same_identifiers(left: Profile, right: Profile) -> list[str]:
    # Lists file the same number under passport, id or register number: the value counts, the words name both.
    mine = {value: name for name, value in sorted(left.identifiers)}
    shared = sorted((value, mine[value], name) for name, value in right.identifiers if value in mine)
    return [f"{value} ({one})" if one == other else f"{value} ({one} = {other})" for value, one, other in shared]


def _other_identifiers(left: Profile, right: Profile) -> str | None:
    for name in sorted(_UNIQUE):
        mine = {value for kind, value in left.identifiers if kind == name}
        theirs = {value for kind, value in right.identifiers if kind == name}
        if mine and theirs and not mine & theirs:
            return name
    return None

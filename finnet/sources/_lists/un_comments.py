"""The parties that the comments of a UN entry tie it to, as far as they are on the list themselves.

A closed table of phrases, each directly followed by a name or a permanent reference number of the list. What does not
resolve is not tied: the comment stays in the notes. Negated phrases ("not affiliated with") are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from finnet.sources._lists.names import NameIndex

__all__ = ["Tie", "offices_in", "ties_in"]

_BEHALF = (
    r"(?:,?\s+or\s+(?:acts?|acting)(?:\s+or\s+purport(?:s|ing)\s+to\s+act)?(?:\s+for\s+or)?\s+on\s+behalf\s+of,?"
    r"|,?\s+or\s+acting\s+or\s+purporting\s+to\s+act\s+for\s+or\s+on\s+behalf\s+of,?)?"
)
_PHRASES: tuple[tuple[str, str], ...] = (
    (rf"owned\s+(?:or|and)\s+controlled\s+by,?{_BEHALF}(?:\s+directly\s+or\s+indirectly,)?", "owned or controlled by"),
    (r"owned\s+by", "owned by"),
    (r"controlled\s+by", "controlled by"),
    (r"subsidiary\s+of", "subsidiary of"),
    (r"subordinate\s+(?:entity\s+)?(?:to|of)", "subordinate to"),
    (r"front\s+company\s+for", "front company for"),
    (r"parent\s+is", "parent"),
    (r"affiliated\s+with", "affiliated with"),
    (r"associated\s+with", "associated with"),
    (r"linked\s+to", "linked to"),
    (r"works?\s+for", "works for"),
    (r"on\s+behalf\s+of", "on behalf of"),
)
_PHRASE = re.compile("|".join(f"(?P<p{number}>{form})" for number, (form, _) in enumerate(_PHRASES)), re.IGNORECASE)
_PARENT = re.compile(r"(?:^|[.;]\s+)(?:The\s+)?(?P<name>[^.;]{3,100}?)\s+is\s+the\s+parent\s+company\s+of\b")
_NEGATED = re.compile(r"\b(?:not|never|no\s+longer|neither|nor|denie[sd])\b[^.;]{0,20}$", re.IGNORECASE)
# "X, a subordinate entity of Y" and "X, which is affiliated with Y" speak of X, who is not the entry.
_OF_ANOTHER = re.compile(r",\s+(?:an?|the|which|who|whose|itself)\b[^,.;]{0,60}$", re.IGNORECASE)
_LEAD = re.compile(r"^\s*(?:(?:the|both|DPRK['’]s|its|entity)\s+)*", re.IGNORECASE)
_REFERENCE = r"[A-Za-z]{2}[ie]\.\d{3}"
_NAMED_BY_REFERENCE = re.compile(  # "Invented Group (IG) (KPe.901)"
    rf"^[^.,;()]{{0,90}}(?:\((?!{_REFERENCE})[^()]{{1,40}}\)[^.,;()]{{0,60}})?\((?P<reference>{_REFERENCE})\b[^()]{{0,60}}\)"
)
_LONGEST_SENTENCE = 2000  # characters after a phrase in which parties are looked for
_BRACKET = re.compile(r"^\s*\([^()]*\)")
_NEXT = re.compile(r"^\s*,?\s*(?:and|or|as well as|,)\s+", re.IGNORECASE)
_SENTENCE_END = re.compile(r";|\.\s+(?=[A-Z“\"])|\.$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """The comment says ``role`` about ``entity``; ``role`` is empty where only its reference number stands there."""

    entity: str
    role: str
    text: str


def ties_in(comment: str, names: NameIndex, references: Mapping[str, str], besides: str) -> Iterator[Tie]:
    """The ties that the comment words, each party once, in the order of the text; bare references come last."""
    text = " ".join(comment.split())
    found: dict[str, Tie] = {}
    for match in _PARENT.finditer(text):
        party = names.party(match["name"], besides=besides)
        if party.entity is not None:
            found.setdefault(party.entity, Tie(entity=party.entity, role="parent", text=match[0].strip(" .;")))
    for match in _PHRASE.finditer(text):
        before = text[max(0, match.start() - 80) : match.start()]
        if _NEGATED.search(before) or _OF_ANOTHER.search(before):
            continue
        role = next(role for number, (_, role) in enumerate(_PHRASES) if match[f"p{number}"])
        furthest = match.end() + _LONGEST_SENTENCE
        end = _SENTENCE_END.search(text, match.end(), furthest)
        sentence = text[match.end() : end.start() if end else furthest]
        for entity, length in _parties(sentence, names, references, besides):
            found.setdefault(
                entity, Tie(entity=entity, role=role, text=text[match.start() : match.end() + length].strip())
            )
    for match in re.finditer(rf"\b{_REFERENCE}\b", text):
        named = references.get(match[0].lower())
        if named is not None:
            around = text[max(0, match.start() - 60) : match.end() + 1]
            found.setdefault(named, Tie(entity=named, role="", text=around.strip()))
    yield from (tie for entity, tie in found.items() if entity != besides)


def _parties(sentence: str, names: NameIndex, references: Mapping[str, str], besides: str) -> Iterator[tuple[str, int]]:
    """The parties enumerated at the start of the text, with where each ends."""
    place = 0
    while True:
        lead = _LEAD.match(sentence[place:])
        place += lead.end() if lead else 0
        rest = sentence[place:]
        by_reference = _NAMED_BY_REFERENCE.match(rest)
        if by_reference and (entity := references.get(by_reference["reference"].lower())):
            place += by_reference.end()
        elif (by_name := names.longest(rest, besides=besides)) is not None and by_name[0].entity is not None:
            entity = by_name[0].entity
            place += len(rest[: by_name[1]].rstrip(".,;:"))
        else:
            return
        yield entity, place
        while bracket := _BRACKET.match(sentence[place:]):
            place += bracket.end()
        joint = _NEXT.match(sentence[place:])
        if joint is None:
            return
        place += joint.end()


_OFFICE = re.compile(
    r"(?:^|(?<=[.;]\s))"
    r"(?P<title>Served as [^.;]*representative[^.;]*|(?:(?:Deputy|Chief|Former)\s+)*Representative\s+(?:of|for)\s[^.;]+"
    r"|[^.;]{3,60}? is an? [^.;]{0,80}?representative\s[^.;]+)"
    r"|\bas an?\s+(?P<inner>representative\s+(?:of|for)\s[^.;,(]+)"
)


def offices_in(comment: str) -> tuple[str, ...]:
    """The parts of a comment that say whom somebody represents, worded like titles.

    >>> offices_in("Gender: male. Served as Invented Bank representative in Cuba.")
    ('Served as Invented Bank representative in Cuba',)
    """
    text = " ".join(comment.split())
    return tuple((match["title"] or match["inner"]).strip() for match in _OFFICE.finditer(text))

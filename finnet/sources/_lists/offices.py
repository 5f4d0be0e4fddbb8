"""What a title says about the party it is held for: who is represented, and where; who is directed or employed by whom.

Only closed forms are read; every other title stays what it is, a position.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from finnet.sources._lists.places import country_of

__all__ = ["Office", "Post", "first_known", "post_readings", "representation_readings"]

_ROLE = r"(?P<role>(?:(?:deputy|chief|vice|general|acting|senior|regional|resident|sales|business)\s+)*representative)"
_OF_PRINCIPAL = re.compile(rf"^{_ROLE}(?:,|\s+(?:of|for))\s+(?:the\s+)?(?P<rest>.+)$", re.IGNORECASE)
_IN_PLACE_FOR = re.compile(
    rf"^{_ROLE}\s+(?:in|to)\s+(?P<place>.+?)\s+(?:of|for)\s+(?:the\s+)?(?P<principal>.+)$", re.IGNORECASE
)
_PLACE_FIRST = re.compile(rf"^(?P<place>\S.*?)\s+{_ROLE}\s+(?:of|for)\s+(?:the\s+)?(?P<principal>.+)$", re.IGNORECASE)
_PRINCIPAL_FIRST = re.compile(
    rf"^(?P<principal>.+?)(?:['’]s)?\s+{_ROLE}(?:\s+(?P<joint>in|to|for|at)\s+(?P<place>.+))?$", re.IGNORECASE
)
_JOINT = re.compile(r",?\s+(?:based\s+)?(?:in|to)\s+")
_LONGEST_TITLE = 500  # characters
_SMALL_WORDS = frozenset({"of", "the", "and", "for", "de", "in", "&"})

# What lists put around a title: labels, "X is a …", and clauses that explain the principal.
_LABEL = re.compile(r"^(?:alt\.\s+)?(?:position|title):\s*", re.IGNORECASE)
_IS_A = re.compile(r"^[^,.;]{2,60}?\s+is\s+(?:an?|the)\s+")
_SERVED = re.compile(r"^(?:has\s+)?served\s+as\s+(?:an?\s+|the\s+)?", re.IGNORECASE)
_FORMER = re.compile(r"^(?:the\s+)?former\s+", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|an?)\s+(?=\S+\s)", re.IGNORECASE)
_OVERSEAS = re.compile(r"(?:^overseas(?:-based)?\s+|\s+overseas$)", re.IGNORECASE)
_CLAUSE = re.compile(r"(?:,?\s+(?:which|who|that)\s|,\s+also known as\s|,\s+an?\s).*$", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Somebody represents ``principal``; ``place`` is where, as the list words it, ``host`` that place's country.

    ``tense`` is ``former`` or ``served_as`` where the list speaks of the past, else empty.
    """

    role: str
    principal: str
    place: str | None = None
    host: str | None = None
    tense: str = ""

    @property
    def is_named(self) -> bool:
        """Whether the principal reads like a name: every word but the joining ones begins with a capital."""
        words = self.principal.split()
        return all(word in _SMALL_WORDS or not word[:1].islower() for word in words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Somebody holds ``role`` at ``body``; ``schema`` is Directorship or Employment."""

    role: str
    body: str
    schema: str


def representation_readings(title: str) -> Iterator[Office]:
    """The ways to read a title as a representation, the likeliest first; none if it is no such title.

    Which reading holds depends on whether its principal is known: the caller takes the first that is, else the first.

    >>> next(representation_readings("Invented Bank Deputy Representative to Beijing, China")).host
    'cn'
    >>> office = next(representation_readings("Former overseas representative of the Invented Bank in Tehran"))
    >>> office.principal, office.host, office.tense
    ('Invented Bank', 'ir', 'former')
    >>> list(representation_readings("Special Presidential Representative for Cooperation"))
    []
    """
    text, tense = _plain(title)
    if (match := _OF_PRINCIPAL.match(text)) is not None:
        yield from _of_principal(match["role"], match["rest"], tense)
    elif (match := _IN_PLACE_FOR.match(text) or _PLACE_FIRST.match(text)) and (host := country_of(match["place"])):
        yield Office(role=match["role"], principal=match["principal"], place=match["place"], host=host, tense=tense)
    elif (match := _PRINCIPAL_FIRST.match(text)) is not None:
        place = match["place"]
        where = country_of(place) if place else None
        # "for" and "at" lead to a place only if it is one: "Representative for Cooperation" is an errand.
        if place is None or where is not None or (match["joint"].lower() in {"in", "to"} and _is_place_like(place)):
            yield Office(role=match["role"], principal=match["principal"], place=place, host=where, tense=tense)


def _of_principal(role: str, rest: str, tense: str) -> Iterator[Office]:
    splits = [(rest[: joint.start()].strip(), rest[joint.end() :].strip()) for joint in _JOINT.finditer(rest)]
    head, comma, tail = rest.partition(",")
    if comma:
        splits.append((head.strip(), tail.strip()))
    for principal, place in splits:
        if host := country_of(place):
            yield Office(role=role, principal=principal, place=place, host=host, tense=tense)
    yield Office(role=role, principal=rest, tense=tense)
    for principal, place in splits:
        yield Office(role=role, principal=principal, place=place if _is_place_like(place) else None, tense=tense)


def _is_place_like(text: str) -> bool:
    """Whether a place that is in no table could be one: up to four words, all with capitals.

    >>> _is_place_like("Nowhere City, Inventia"), _is_place_like("talks under the regime")
    (True, False)
    """
    words = text.replace(",", " ").split()
    return 0 < len(words) <= 4 and all(word[0].isupper() and "(" not in word for word in words)


def first_known(readings: Iterable[Office], is_known: Callable[[str], bool]) -> Office | None:
    """The first reading whose principal is known, else the first that names somebody, else None."""
    tried = list(readings)
    known = (reading for reading in tried if is_known(reading.principal))
    return next(known, next((reading for reading in tried if reading.is_named), None))


_DIRECTORS = (
    "chairman & director", "chairman and chief executive officer", "chairman of the board", "chairman", "chairwoman",
    "vice chairman", "deputy chairman", "president and chief executive officer", "president", "vice president",
    "chief executive officer", "chief financial officer", "chief operating officer", "ceo", "director",
    "deputy director", "vice director", "first vice director", "first deputy director", "managing director",
    "deputy managing director", "general director", "deputy general director", "director general", "finance director",
    "executive director", "general manager", "deputy general manager", "board member", "supervisory board member",
    "member of the board", "member of the board of directors", "director-general",
)  # fmt: skip
_EMPLOYEES = ("official", "employee", "counselor", "treasurer", "manager", "financial manager", "accountant", "officer")
_SCHEMA = {**dict.fromkeys(_DIRECTORS, "Directorship"), **dict.fromkeys(_EMPLOYEES, "Employment")}
_OFFICE = "|".join(sorted((re.escape(name) for name in _SCHEMA), key=len, reverse=True))
_OFFICE_FIRST = re.compile(rf"^(?P<role>{_OFFICE})(?:,|\s+(?:of|at|for))\s+(?:the\s+)?(?P<body>.+)$", re.IGNORECASE)
_BODY_FIRST = re.compile(rf"^(?P<body>.+?),?\s+(?P<role>{_OFFICE})$", re.IGNORECASE)


def post_readings(title: str) -> Iterator[Post]:
    """The ways to read a title as a company's office from a closed table (director, chairman, official, …).

    A post counts only if its body is known. Former posts, ministers and commanders are not in the table.

    >>> next(post_readings("General Manager, Invented Trading Ltd"))
    Post(role='General Manager', body='Invented Trading Ltd', schema='Directorship')
    >>> list(post_readings("Minister of Inventions")), list(post_readings("Former Director of Invented Bank"))
    ([], [])
    """
    text, tense = _plain(title)
    if tense:
        return
    for form in (_OFFICE_FIRST, _BODY_FIRST):
        if (match := form.match(text)) is not None:
            yield Post(role=match["role"], body=match["body"], schema=_SCHEMA[match["role"].lower()])


def _plain(title: str) -> tuple[str, str]:
    """The title alone, and its tense; nothing of a text that is too long to be a title."""
    if len(title) > _LONGEST_TITLE:
        return "", ""
    text = _LABEL.sub("", " ".join(title.split()).rstrip(". "))
    text = _CLAUSE.sub("", _IS_A.sub("", text))
    tense = ""
    for name, form in (("served_as", _SERVED), ("former", _FORMER)):
        if form.match(text):
            text, tense = form.sub("", text), name
    return _OVERSEAS.sub("", _ARTICLE.sub("", text)).strip(), tense

"""Selectors: sets of entities in one line, as in ``country:kp+schema:Company,program:DPRK*+!schema:Vessel``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finnet.errors import SelectorError, nearest, quoted

__all__ = ["KEYS", "Selector", "Term", "matches", "parse"]

# key -> the vertex column it looks at
KEYS: dict[str, str] = {
    "id": "id",
    "name": "caption",
    "schema": "schema",
    "topic": "topics",
    "country": "countries",
    "program": "programs",
    "dataset": "datasets",
    "list": "authorities",
    "group": "groups",
    "tag": "tags",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One condition. ``key`` is one of ``KEYS``, ``listed`` or ``ids`` (``values`` from a file).

    ``value`` is folded to lower case; ``prefix`` says that it is the beginning of what is looked for.
    """

    key: str
    value: str = ""
    prefix: bool = False
    negated: bool = False
    values: frozenset[str] = frozenset()


# Any of the groups, each of which asks for all of its terms.
Selector = tuple[tuple[Term, ...], ...]


def parse(text: str) -> Selector:
    """Read a selector. ``!`` binds tighter than ``+`` (and), ``+`` tighter than ``,`` (or); there are no parentheses.

    Values are compared without case, exactly, or as a beginning with ``*`` at the end; quotes hold ``, + !`` and ``:``.
    ``listed`` alone is everybody an authority lists now; ``@FILE`` reads ids, one per line; no key is an exact name.

    >>> [[(term.key, term.value, term.negated) for term in group] for group in parse("country:KP+!tag:x,DPRK*")]
    [[('country', 'kp', False), ('tag', 'x', True)], [('name', 'dprk', False)]]

    Raises: SelectorError with the position of what cannot be read.
    """
    if not text.strip():
        raise SelectorError("the selector is empty", hint="say for example country:kp or tag:source")
    return tuple(
        tuple(_term(part, place) for part, place in _split(group, "+", start)) for group, start in _split(text, ",", 0)
    )


def matches(selector: Selector, columns: Mapping[str, Sequence[Any]], size: int) -> list[bool]:
    """For each of ``size`` vertices whether the selector holds, by vertex columns (id, caption, countries …).

    A column that is not there matches nothing: a network file knows ids only.
    """
    wanted = [False] * size
    for group in selector:
        inside = [True] * size
        for term in group:
            found = _holds(term, columns, size)
            inside = [so_far and (one != term.negated) for so_far, one in zip(inside, found, strict=True)]
        wanted = [one or other for one, other in zip(wanted, inside, strict=True)]
    return wanted


def _holds(term: Term, columns: Mapping[str, Sequence[Any]], size: int) -> list[bool]:
    if term.key == "ids":
        return [str(label) in term.values for label in columns["id"]]
    if term.key == "listed":
        return [bool(value) for value in columns.get("authorities", [()] * size)]
    column = columns.get(KEYS[term.key])
    if column is None and term.key == "name":
        column = columns["id"]  # in a network without names the label is the name
    if column is None:
        return [False] * size
    if term.key == "schema":
        return [_is_a(value, term) for value in column]
    if term.key == "country" and "country" in columns:
        return [_any(values, term) or _any(main, term) for values, main in zip(column, columns["country"], strict=True)]
    return [_any(value, term) for value in column]


def _is_a(value: Any, term: Term) -> bool:
    if _any(value, term):
        return True
    from finnet.model.schema import descendants

    return not term.prefix and value is not None and str(value) in descendants(term.value)


def _any(value: Any, term: Term) -> bool:
    if value is None:
        return False
    values = [value] if isinstance(value, str) else value
    return any(
        str(one).casefold().startswith(term.value) if term.prefix else str(one).casefold() == term.value
        for one in values
    )


def _split(text: str, mark: str, start: int) -> list[tuple[str, int]]:
    parts, current, quote, begin = [], "", False, 0
    for place, character in enumerate(text):
        if character == '"':
            quote = not quote
        if character == mark and not quote:
            parts.append((current, start + begin))
            current, begin = "", place + 1
        else:
            current += character
    if quote:
        raise SelectorError(f"{quoted(text)}: a quote is opened and not closed")
    return [*parts, (current, start + begin)]


def _term(part: str, place: int) -> Term:
    text = part.strip()
    negated = text.startswith("!")
    text = text[1:].strip() if negated else text
    if not text:
        raise SelectorError(f"position {place + 1}: a term is missing", hint="two marks follow each other")
    if "(" in text and '"' not in text:
        raise SelectorError(
            f"position {place + 1}: parentheses are not known", hint="write each alternative out, with a comma"
        )
    if text.startswith("@"):
        return Term(key="ids", values=_ids(text[1:]), negated=negated)
    if text.casefold() == "listed":
        return Term(key="listed", negated=negated)
    key, colon, value = text.partition(":")
    if not colon or text.startswith('"'):
        key, value = "name", text
    elif key.casefold() not in KEYS:
        raise SelectorError(f"position {place + 1}: no key {quoted(key)}", hint=nearest(key.casefold(), KEYS))
    value = value.strip()
    prefix = value.endswith("*") and not value.endswith('"')
    value = (value[:-1] if prefix else value).replace('"', "")
    if not value and not prefix:
        raise SelectorError(f"position {place + 1}: {key}: has no value")
    return Term(key=key.casefold(), value=value.casefold(), prefix=prefix, negated=negated)


def _ids(name: str) -> frozenset[str]:
    try:
        lines = Path(name).read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SelectorError(f"@{name}: the file of ids cannot be read: {error}") from error
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))

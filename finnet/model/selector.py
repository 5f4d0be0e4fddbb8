"""Selectors: sets of entities in one line, as in ``country:kp+schema:Company,program:DPRK*+!schema:Vessel``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finnet.errors import SelectorError, nearest, quoted
from finnet.model.listed import UNSPECIFIED

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
_EXAMPLES = {
    "id": "ofac-7203",
    "name": "invented*",
    "schema": "Company",
    "topic": "sanction",
    "country": "kp",
    "program": "DPRK*",
    "dataset": "ofac_sdn",
    "list": "OFAC",
    "group": "3",
    "tag": "source",
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
    ``listed`` alone is everybody an authority lists now and ``list:`` whom this one lists (finnet/model/listed.py);
    ``@FILE`` reads ids, one per line; no key is an exact name.

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
    if term.key == "country" and "country" in columns:
        others = column if column is not None else [()] * size
        return [_any(one, term) or _any(main, term) for one, main in zip(others, columns["country"], strict=True)]
    if column is None:
        return [False] * size
    if term.key == "schema":
        return [_is_a(value, term) for value in column]
    if term.key == "list":
        return [_any(value, term) or UNSPECIFIED in (value or ()) for value in column]
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
        str(one).lower().startswith(term.value) if term.prefix else str(one).lower() == term.value for one in values
    )


def _split(text: str, mark: str, start: int) -> list[tuple[str, int]]:
    parts, begin, opened = [], 0, None
    for place, character in enumerate(text):
        if character == '"':
            opened = place if opened is None else None
        if character == mark and opened is None:
            parts.append((text[begin:place], start + begin))
            begin = place + 1
    if opened is not None:
        raise SelectorError(f"position {start + opened + 1}: a quote is opened and not closed")
    return [*parts, (text[begin:], start + begin)]


def _term(part: str, start: int) -> Term:
    text = part.strip()
    place = f"position {start + len(part) - len(part.lstrip()) + 1}"
    negated = text.startswith("!")
    text = text[1:].strip() if negated else text
    if not text:
        raise SelectorError(f"{place}: a term is missing", hint="two marks follow each other, or one stands at an end")
    if text.startswith("(") or (text.endswith(")") and "(" not in text):
        raise SelectorError(
            f"{place}: parentheses are not known",
            hint="write each alternative out, with a comma; a name that has some goes in quotes",
        )
    if text.startswith("@"):
        return Term(key="ids", values=_ids(text[1:], place), negated=negated)
    if text.lower() == "listed":
        return Term(key="listed", negated=negated)
    key, colon, value = text.partition(":")
    key = key.strip().lower()
    if not colon or text.startswith('"'):
        key, value = "name", text
    elif key not in KEYS:
        raise SelectorError(
            f"{place}: no key {quoted(key)}", hint=f"{nearest(key, KEYS)}; a name with a colon goes in quotes"
        )
    value = value.strip()
    prefix = value.endswith("*")
    value = (value[:-1] if prefix else value).replace('"', "")
    if not value and not prefix:
        raise SelectorError(f"{place}: {key}: has no value", hint=f"say for example {key}:{_EXAMPLES[key]}")
    return Term(key=key, value=value.lower(), prefix=prefix, negated=negated)


def _ids(name: str, place: str) -> frozenset[str]:
    try:
        lines = Path(name).read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SelectorError(
            f"{place}: the file of ids {quoted(name)} cannot be read: {error}", hint="one id per line, in UTF-8"
        ) from error
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))

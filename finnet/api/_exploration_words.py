"""How a line of a session is read, and written again so that it says the same: words, numbers, ids."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from finnet.api._exploration_state import Session
from finnet.errors import UsageError, quoted
from finnet.report.answer import Row

if TYPE_CHECKING:
    from finnet.api.open import Case

__all__ = ["as_word", "id_word", "many", "one", "party", "row_of", "words_of"]

_RANGE = re.compile(r"(\d+)-(\d+)")
_MOST = 1_000  # that a range may name at once


def words_of(text: str) -> list[str]:
    r"""The words of a line; double quotes hold blanks, a backslash holds a quote. Apostrophes belong to names.

    >>> words_of('mark 1-3 "Plainly Invented" O\'Nobody')
    ['mark', '1-3', 'Plainly Invented', "O'Nobody"]

    Raises: UsageError for a quote that does not end.
    """
    lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
    lexer.quotes = lexer.escapedquotes = '"'
    lexer.commenters = ""
    lexer.whitespace_split = True
    try:
        return list(lexer)
    except ValueError as error:
        raise UsageError(f"{quoted(text)}: a quote does not end", hint='a quote in a name is written \\"') from error


def as_word(text: str) -> str:
    r"""One word that ``words_of`` reads as this text.

    >>> as_word("ofac-7"), as_word('Plainly "Invented"')
    ('ofac-7', '"Plainly \\"Invented\\""')
    """
    if text and not re.search(r'[\s"\\]', text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def one(rest: str) -> str:
    """What a command about one thing is about: all of the line, so that names need no quotes.

    >>> one('"Plainly Invented" '), one("Plainly Invented")
    ('Plainly Invented', 'Plainly Invented')
    """
    words = words_of(rest)
    return words[0] if len(words) == 1 else rest.strip()


def id_word(label: str) -> str:
    """An id as a session reads it without mistaking it for a number."""
    return as_word(f"id:{label}" if label.isdecimal() or label.startswith("id:") or _RANGE.fullmatch(label) else label)


def row_of(session: Session, number: int) -> Row:
    """The row of the last list with this number.

    Raises: UsageError if there is none.
    """
    listing = session.listing
    for row in listing.rows:
        if row.get("number") == number:
            return row
    if not listing.rows:
        raise UsageError(f"{number}: there is no list to take a number from", hint="links shows the ties, find a name")
    first, last = listing.rows[0]["number"], listing.rows[-1]["number"]
    raise UsageError(
        f"{number}: not in the last list, which has {first:,} to {last:,}", hint=f"id:{number} is the party of that id"
    )


def party(case: Case, session: Session, text: str) -> tuple[str, Row | None]:
    """The canonical id that a number, ``id:ID``, id or name stands for; and the row that the number named.

    Raises: UsageError for a number that names nobody; UnknownNameError for a name that nobody or several have.
    """
    from finnet.store.resolve import resolve

    if text.isdecimal():
        row = row_of(session, int(text))
        if row.get("id") is None:
            raise UsageError(f"{text}: no party is recorded there", hint="source shows the record")
        return resolve(case, row["id"]), row
    return resolve(case, text.removeprefix("id:")), None


def many(case: Case, session: Session, words: list[str]) -> tuple[str, ...]:
    """The parties that words stand for: numbers, ranges of numbers like 2-5, ids, names; here, if there is no word."""
    if not words:
        return (session.here.id,)
    found = []
    for word in words:
        span = _RANGE.fullmatch(word)
        if span is None:
            found.append(party(case, session, word)[0])
            continue
        first, last = int(span[1]), int(span[2])
        if not 0 <= last - first < _MOST:
            raise UsageError(f"{quoted(word)}: should go up, over at most {_MOST:,} numbers")
        found += [party(case, session, str(number))[0] for number in range(first, last + 1)]
    return tuple(dict.fromkeys(found))

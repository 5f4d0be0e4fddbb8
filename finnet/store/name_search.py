"""Finding parties by name: words and beginnings of words first, near spellings where nobody has those."""

from __future__ import annotations

import re
import sqlite3

from finnet.text import folded

__all__ = ["search_names", "searchable"]

# Scripts that put no blanks between words are searched character by character.
_UNSPACED = re.compile(r"([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")
_WORD = re.compile(r"\w+")
_CANDIDATES = 2_000
_SPELLINGS = 12
_ALIKE = 70  # of 100: three of ten letters may differ


def searchable(text: str) -> str:
    """A folded name as words: characters of scripts without blanks stand alone.

    >>> searchable("北京 trading")
    '北 京 trading'
    """
    return " ".join(_UNSPACED.sub(r" \1 ", text).split())


def search_names(database: sqlite3.Connection, text: str) -> list[tuple[str, str, float]]:
    """(canonical id, its name most like the text, score 0 to 1), best first, ties by id.

    Half of the score is the share of the words searched for that stand in the name whole, half the share of letters
    that agree once the words are sorted: who searches for a surname wants those who bear it before a longer word that
    begins so. 1 is the name itself. At most 2,000 names are compared, the exact ones and then the shortest.
    """
    wanted = folded(text)
    words = _WORD.findall(searchable(wanted))
    if not words:
        return []
    found = _exact(database, wanted) + _having(database, " ".join(f'"{word}"*' for word in words))
    if not found:
        found = _near(database, words)
    best: dict[str, tuple[str, float]] = {}
    for party, name, shown in found:
        score = 1.0 if name == wanted else _likeness(words, _WORD.findall(searchable(name)))
        if score > best.get(party, ("", -1.0))[1]:
            best[party] = (shown, score)
    ordered = sorted(best.items(), key=lambda item: (-item[1][1], item[0]))
    return [(party, shown, round(score, 4)) for party, (shown, score) in ordered]


_Found = list[tuple[str, str, str]]


def _likeness(words: list[str], standing: list[str]) -> float:
    """Words are compared, not what stands between them: `KIM, Kyu` is as near to `kim` as `KIM KYU` is."""
    from rapidfuzz import fuzz

    letters = fuzz.token_sort_ratio(" ".join(words), " ".join(standing)) / 100
    whole = len(set(words) & set(standing)) / len(set(words))
    return min((whole + letters) / 2, 0.9999)


def _exact(database: sqlite3.Connection, wanted: str) -> _Found:
    return database.execute(
        "select canonical_id, folded, shown from name where folded = ? limit ?", (wanted, _CANDIDATES)
    ).fetchall()


def _having(database: sqlite3.Connection, query: str) -> _Found:
    # Row numbers follow the length of the names: the first are the nearest to a short text.
    return database.execute(
        "select canonical_id, folded, shown from name where rowid in "
        "(select rowid from name_word where name_word match ? order by rowid limit ?)",
        (query, _CANDIDATES),
    ).fetchall()


def _near(database: sqlite3.Connection, words: list[str]) -> _Found:
    """Names with words spelled like these: all of them, else any of them, if they are alike as a whole."""
    from rapidfuzz import fuzz, process

    known = [word for (word,) in database.execute("select term from vocabulary")]
    spelled = []
    for word in words:
        alike = process.extract(word, known, scorer=fuzz.ratio, limit=_SPELLINGS, score_cutoff=_ALIKE)
        if alike:
            spelled.append("(" + " OR ".join(f'"{other}"' for other, _, _ in alike) + ")")
    found: _Found = []
    if len(spelled) == len(words):
        found = _having(database, " AND ".join(spelled))
    if not found and spelled:
        found = _having(database, " OR ".join(spelled))
    whole = " ".join(words)
    return [row for row in found if fuzz.token_sort_ratio(whole, searchable(row[1])) >= _ALIKE]

"""Names made comparable: one script, no case, no legal forms, words sorted, known spellings read as one."""

from __future__ import annotations

import importlib.resources
import re
import tomllib
from functools import cache
from typing import Any

from anyascii import anyascii

from finnet.text import folded

__all__ = ["compared", "one_spelling", "skeleton", "words_of"]

# Scripts without blanks between words: each character is a word of its own, as in a romanized name.
_UNSPACED = re.compile(r"([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff])")
_WORD = re.compile(r"[a-z0-9]+")
_SINGLE_LETTERS = re.compile(r"\b([a-z])(?: |\.)(?=[a-z]\b)")
_SOUNDS = (
    ("ph", "f"), ("kh", "h"), ("gh", "g"), ("ck", "k"), ("x", "ks"), ("q", "k"), ("c", "k"), ("w", "v"), ("f", "v"),
    ("z", "s"),
)  # fmt: skip
_VOWELS = re.compile(r"(?<!^)[aeiouyj']")
_DOUBLED = re.compile(r"(.)\1+")


def compared(name: str, *, is_person: bool) -> str:
    """The words of a name, sorted: what two names are compared by.

    >>> compared("Invented Trading Co., Ltd.", is_person=False), compared("KIM, Jong-Gasang", is_person=True)
    ('invented trading', 'gasang jong kim')
    """
    return " ".join(sorted(words_of(name, is_person=is_person)))


def words_of(name: str, *, is_person: bool) -> list[str]:
    """The words of a name in Latin letters, in its order.

    Of companies legal forms are left out, of persons titles, unless nothing would be left.

    >>> words_of("김가상", is_person=True)
    ['gim', 'ga', 'sang']
    """
    spaced = name if name.isascii() else _UNSPACED.sub(r" \1 ", name)
    plain = folded(spaced if spaced.isascii() else anyascii(folded(spaced))).replace("'", "").replace("`", "")
    words = _WORD.findall(_SINGLE_LETTERS.sub(r"\1", plain))
    empty = _titles() if is_person else _legal_forms()
    return [word for word in words if word not in empty] or words


def one_spelling(key: str) -> str:
    """The compared form with known spellings of one name read as the first of them, sorted again.

    >>> one_spelling("chul jung lee") == one_spelling("chol jong ri")
    True
    """
    known = _spellings()
    return " ".join(sorted(known.get(word, word) for word in key.split()))


def skeleton(word: str) -> str:
    """What is left of a word where lists differ in vowels and sounds: for finding candidates, never for a score.

    >>> skeleton("petroff"), skeleton("petrov"), skeleton("mohammed"), skeleton("muhammad")
    ('ptrv', 'ptrv', 'mhmd', 'mhmd')
    """
    word = _spellings().get(word, word)
    for sound, simple in _SOUNDS:
        word = word.replace(sound, simple)
    return _DOUBLED.sub(r"\1", _VOWELS.sub("", word)) or word


@cache
def _spellings() -> dict[str, str]:
    return {spelling: row[0] for rows in _facts("spellings.toml").values() for row in rows for spelling in row}


@cache
def _legal_forms() -> frozenset[str]:
    return frozenset(_facts("legal_forms.toml")["forms"])


@cache
def _titles() -> frozenset[str]:
    return frozenset(_facts("legal_forms.toml")["titles"])


def _facts(name: str) -> dict[str, Any]:
    text = importlib.resources.files("finnet.analysis.identity").joinpath(name).read_text(encoding="utf-8")
    return tomllib.loads(text)
